//! A hand that lies on the screen beside a pen is no finger.

use std::collections::HashSet;

use super::{Phase, Pointer, PointerKind};

/// So long after the pen was last seen a finger that comes down belongs to its hand, in milliseconds.
const GUARD_MS: f64 = 500.;

#[derive(Debug)]
pub(super) struct Palm {
    pen_seen_at: f64,
    pen_is_down: bool,
    /// Fingers that came down beside the pen, or were down before it: nothing they do counts until they are up.
    ignored: HashSet<i32>,
    down: HashSet<i32>,
}

impl Default for Palm {
    fn default() -> Self {
        let (ignored, down) = Default::default();
        Self { pen_seen_at: f64::NEG_INFINITY, pen_is_down: false, ignored, down }
    }
}

impl Palm {
    /// Whether what a pointer does is the palm's doing.
    pub fn rejects(&mut self, now: f64, phase: Phase, pointer: &Pointer) -> bool {
        let over = matches!(phase, Phase::Up | Phase::Cancel);
        match pointer.kind {
            PointerKind::Mouse => false,
            PointerKind::Pen => {
                self.pen_seen_at = now;
                self.pen_is_down = phase == Phase::Down || self.pen_is_down && !over;
                self.ignored.extend(&self.down);
                false
            }
            PointerKind::Finger if phase == Phase::Down => {
                self.down.insert(pointer.id);
                if self.pen_is_down || now < self.pen_seen_at + GUARD_MS {
                    self.ignored.insert(pointer.id);
                }
                self.ignored.contains(&pointer.id)
            }
            PointerKind::Finger => {
                let ignored = self.ignored.contains(&pointer.id);
                if over {
                    self.ignored.remove(&pointer.id);
                    self.down.remove(&pointer.id);
                }
                ignored
            }
        }
    }
}
