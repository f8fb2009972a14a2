//! Pushing the pages: by fingers, two of which zoom as well, or by a mouse's button.

use evolume_model::geometry::ViewPoint;

use crate::engine::Engine;

/// A finger that stays so long where it is selects the word under it, in milliseconds.
const REST_MS: f64 = 450.;
/// A finger that has moved less far, in CSS pixels, has not moved.
const SLOP: f64 = 8.;

#[derive(Debug)]
struct Down {
    id: i32,
    at: ViewPoint,
}

#[derive(Debug)]
pub(super) struct Pan {
    downs: Vec<Down>,
    by_finger: bool,
    /// The pages are pushed or zoomed: no longer a tap, nor a finger at rest.
    moved: bool,
    /// When the finger has rested, unless it has or may not.
    rests_at: Option<f64>,
}

/// How the pages go with the pointers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Push {
    dx: f64,
    dy: f64,
    zoom: Option<(f64, ViewPoint)>,
}

impl Pan {
    pub fn button(id: i32, at: ViewPoint) -> Self {
        Self { downs: vec![Down { id, at }], by_finger: false, moved: true, rests_at: None }
    }

    /// `since`: from when on it may rest.
    pub fn finger(id: i32, at: ViewPoint, since: Option<f64>) -> Self {
        let rests_at = since.map(|since| since + REST_MS);
        Self { downs: vec![Down { id, at }], by_finger: true, moved: false, rests_at }
    }

    /// Another finger comes down.
    pub fn join(&mut self, id: i32, at: ViewPoint) {
        self.downs.retain(|down| down.id != id);
        self.downs.push(Down { id, at });
        self.start_moving();
    }

    fn start_moving(&mut self) {
        self.moved = true;
        self.rests_at = None;
    }

    pub fn is_by_finger(&self) -> bool {
        self.by_finger
    }

    pub fn is_over(&self) -> bool {
        self.downs.is_empty()
    }

    pub fn rests_at(&self) -> Option<f64> {
        self.rests_at
    }

    /// The finger that has rested by now, once.
    pub fn take_rested(&mut self, now: f64) -> Option<(i32, ViewPoint)> {
        self.rests_at.filter(|at| now >= *at)?;
        self.rests_at = None;
        self.downs.first().map(|down| (down.id, down.at))
    }

    /// One pointer pushes; two zoom around their middle and push with it.
    pub fn moved(&mut self, id: i32, to: ViewPoint) -> Option<Push> {
        let at = self.downs.iter().position(|down| down.id == id)?;
        let from = self.downs[at].at;
        if !self.moved {
            if (from.x - to.x).hypot(from.y - to.y) <= SLOP {
                return None;
            }
            self.start_moving();
        }
        self.downs[at].at = to;
        let share = self.downs.len() as f64;
        let others = self.downs.iter().enumerate().filter(|(other, _)| *other != at);
        let zoom = others.map(|(_, down)| down.at).next().map(|other| {
            let distance = |p: ViewPoint| (p.x - other.x).hypot(p.y - other.y).max(1.);
            let middle = ViewPoint { x: (to.x + other.x) / 2., y: (to.y + other.y) / 2. };
            (distance(to) / distance(from), middle)
        });
        Some(Push { dx: (from.x - to.x) / share, dy: (from.y - to.y) / share, zoom })
    }

    /// A pointer is up; whether that was a tap.
    pub fn up(&mut self, id: i32) -> bool {
        let before = self.downs.len();
        self.downs.retain(|down| down.id != id);
        // One that has rested and met no text is no tap either.
        let tapped = before == 1 && self.downs.is_empty() && !self.moved && self.rests_at.is_some();
        self.rests_at = None;
        tapped
    }
}

impl Engine {
    pub(super) fn push(&mut self, now: f64, push: Option<Push>) {
        let Some(Push { dx, dy, zoom }) = push else { return };
        self.scroll_by(now, dx, dy);
        if let Some((factor, at)) = zoom {
            self.zoom_by(now, factor, Some(at));
        }
    }
}
