//! Where the reader is, and the ways to a page.

use super::{Engine, GRACE_MS};
use crate::engine::layout::GAP;

impl Engine {
    /// The page the reader is on and how far down it the view begins, in page heights.
    pub(super) fn place(&self) -> (usize, f64) {
        let page = self.current();
        let Some(slot) = self.layout.slot(page) else { return (0, 0.) };
        let above = self.camera.y - (slot.y - GAP);
        (page, if above.abs() < 0.5 { 0. } else { above / slot.height })
    }

    pub(super) fn current(&self) -> usize {
        match self.pinned {
            Some(page) if self.camera.height <= 0. || self.camera.visible(&self.layout).contains(&page) => {
                page
            }
            _ => self.camera.current(&self.layout),
        }
    }

    /// The page with a number that may lie outside of the volume.
    pub(super) fn page_of(&self, number: u32) -> usize {
        (number.max(1) as usize - 1).min(self.layout.len().saturating_sub(1))
    }

    /// Goes to a page by choice: it is the current one as long as it shows.
    pub(super) fn jump(&mut self, now: f64, page: usize, offset: f64) {
        self.go_to(page, offset);
        self.pinned = Some(page);
        self.settled_at = now;
        // Before the first page there is nothing to keep on the screen.
        if self.was_readable && self.pace < GRACE_MS {
            self.grace_until = now + GRACE_MS;
        }
    }

    pub(super) fn go_to(&mut self, page: usize, offset: f64) {
        if let Some(slot) = self.layout.slot(page) {
            self.camera.alone = self.camera.alone.map(|_| page);
            self.camera.y = slot.y - GAP + offset * slot.height;
            if offset == 0. || self.fit.is_some() {
                let across = self.camera.width / self.camera.scale;
                let fits = |width: f64| width + 2. * GAP <= across;
                self.camera.x = if self.layout.row(page).is_none_or(|row| fits(row.width)) {
                    -across / 2.
                } else if fits(slot.width) {
                    slot.x + (slot.width - across) / 2.
                } else {
                    slot.x - GAP
                };
            }
            self.camera.clamp(&self.layout);
        }
    }

    pub(super) fn apply_fit(&mut self, page: usize) {
        if let (Some(fit), Some(row)) = (self.fit, self.layout.row(page)) {
            self.camera.scale = self.camera.fit_scale(&row, fit);
        }
    }
}
