//! Where the reader is, and the ways to a page.

use evolume_model::geometry::ViewPoint;
use evolume_model::page::PageRef;
use evolume_model::viewing::View;

use super::Engine;
use super::layout::GAP;
use super::motion::SETTLE_MS;

impl Engine {
    /// The page the reader is on and how far down it the view begins, in page heights.
    pub(super) fn place(&self) -> (usize, f64) {
        let page = self.current();
        let Some(slot) = self.pages.layout().slot(page) else { return (0, 0.) };
        let above = self.camera.y - (slot.y - GAP);
        (page, if above.abs() < 0.5 { 0. } else { above / slot.height })
    }

    pub(super) fn current(&self) -> usize {
        match self.motion.pinned() {
            Some(page)
                if self.camera.height <= 0. || self.camera.visible(self.pages.layout()).contains(&page) =>
            {
                page
            }
            _ => self.camera.current(self.pages.layout()),
        }
    }

    /// The page with a number that may lie outside of the volume.
    pub(super) fn page_of(&self, number: u32) -> usize {
        (number.max(1) as usize - 1).min(self.pages.layout().len().saturating_sub(1))
    }

    /// The reader moves the view: what they waited for elsewhere is given up.
    pub(super) fn begin_move(&mut self, now: f64) {
        self.shift(now);
        self.awaited = None;
    }

    /// The view moves, by the reader's will or not.
    fn shift(&mut self, now: f64) {
        self.motion.moved(now);
        self.find.give_up();
    }

    /// The viewport has another size, in CSS pixels, or another density.
    pub(super) fn resize(&mut self, now: f64, (width, height): (f64, f64), dpr: f64) {
        self.shift(now);
        let first = self.camera.width <= 0.;
        let (page, offset) = self.place();
        (self.camera.width, self.camera.height) = (width.max(0.), height.max(0.));
        self.camera.dpr = if dpr.is_finite() { dpr.clamp(0.25, 8.) } else { 1. };
        self.apply_fit(page);
        self.go_to(page, if first { offset.max(-1.) } else { offset });
    }

    pub(super) fn scroll_by(&mut self, now: f64, dx: f64, dy: f64) {
        self.begin_move(now);
        self.motion.pin(None);
        self.scroll(now, dx, dy);
        self.motion.scrolled(now);
        // A leap is a fling or a dragged bar, not reading; one screen at a time is reading.
        if dy.abs() > 2. * self.camera.height {
            self.motion.settle_at(now + SETTLE_MS);
        }
    }

    /// Goes to a share of the whole way, 0 to 1.
    pub(super) fn scroll_to(&mut self, now: f64, fraction: f64) {
        self.begin_move(now);
        self.motion.pin(None);
        let layout = self.pages.layout();
        let way = (layout.height() - self.camera.span()).max(0.);
        let y = way * if fraction.is_finite() { fraction.clamp(0., 1.) } else { 0. };
        self.camera.alone = self.camera.alone.map(|_| layout.page_at(y + self.camera.span() / 3.));
        self.camera.y = y;
        self.motion.settle_at(now + SETTLE_MS);
    }

    /// Multiplies the scale; `at` stays in place, the middle when absent.
    pub(super) fn zoom_by(&mut self, now: f64, factor: f64, at: Option<ViewPoint>) {
        self.begin_move(now);
        self.motion.pin(None);
        self.fit = None;
        let at = at.unwrap_or_else(|| self.camera.center());
        self.camera.zoom_to(self.camera.scale * factor, at);
        self.motion.settle_at(now + SETTLE_MS);
    }

    /// The reader chooses a page.
    pub(super) fn choose(&mut self, now: f64, page: usize, offset: f64) {
        self.begin_move(now);
        self.jump(now, page, if offset.is_finite() { offset.clamp(-1., 1.) } else { 0. });
    }

    /// The reader chooses a page that is not known: they go there when it is.
    pub(super) fn wait_for(&mut self, now: f64, page: PageRef, offset: f64) {
        self.begin_move(now);
        self.awaited = Some((page, offset)).filter(|_| !self.pages.knows_all());
    }

    /// Whatever failed may work now.
    pub(super) fn retry(&mut self, now: f64) {
        self.shift(now);
        self.surfaces.forgive();
        self.texts.forgive();
        self.links.forgive();
    }

    /// Goes to a page by choice: it is the current one as long as it shows.
    pub(super) fn jump(&mut self, now: f64, page: usize, offset: f64) {
        self.go_to(page, offset);
        self.motion.pin(Some(page));
        self.motion.settle_at(now);
        // Before the first page there is nothing to keep on the screen.
        if self.is_readable() && self.surfaces.is_quick() {
            self.motion.grant_grace(now);
        }
    }

    pub(super) fn go_to(&mut self, page: usize, offset: f64) {
        if let Some(slot) = self.pages.layout().slot(page) {
            self.camera.alone = self.camera.alone.map(|_| page);
            self.camera.y = slot.y - GAP + offset * slot.height;
            if offset == 0. || self.fit.is_some() {
                let across = self.camera.width / self.camera.scale;
                let fits = |width: f64| width + 2. * GAP <= across;
                self.camera.x = if self.pages.layout().row(page).is_none_or(|row| fits(row.width)) {
                    -across / 2.
                } else if fits(slot.width) {
                    slot.x + (slot.width - across) / 2.
                } else {
                    slot.x - GAP
                };
            }
            self.camera.clamp(self.pages.layout());
        }
    }

    pub(super) fn apply_fit(&mut self, page: usize) {
        if let (Some(fit), Some(row)) = (self.fit, self.pages.layout().row(page)) {
            self.camera.scale = self.camera.fit_scale(&row, fit);
        }
    }

    /// Takes a view; the page one is on stays.
    pub(super) fn set_view(&mut self, now: f64, view: View) {
        let (page, offset) = self.place();
        self.pages.set_view(view);
        self.camera.alone = self.pages.shows_one().then_some(page);
        self.apply_fit(page);
        self.go_to(page, offset);
        self.motion.settle_at(now);
        self.motion.pin(Some(page));
    }

    /// Moves the content by CSS pixels. Where one page shows alone, going on past its end turns to the next.
    pub(super) fn scroll(&mut self, now: f64, dx: f64, dy: f64) {
        let before = self.camera.y;
        self.camera.x += dx / self.camera.scale;
        self.camera.y += dy / self.camera.scale;
        let Some(page) = self.camera.alone else { return };
        self.camera.clamp(self.pages.layout());
        let stuck = dy != 0. && (self.camera.y - before).abs() < 1e-6;
        if !stuck || !self.motion.may_flip(now) {
            return;
        }
        let next = if dy > 0. { page.checked_add(1) } else { page.checked_sub(1) };
        if let Some(next) = next.filter(|next| *next < self.pages.count()) {
            self.motion.flipped(now, next);
            self.go_to(next, 0.);
            if dy < 0. {
                self.camera.y = f64::MAX;
                self.camera.clamp(self.pages.layout());
            }
        }
    }
}
