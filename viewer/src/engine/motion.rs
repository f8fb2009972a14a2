//! When the view has moved, which way, and what therefore waits.

/// After a zoom gesture or a drag of the scrollbar, sharp pixels wait this long, in milliseconds.
pub(super) const SETTLE_MS: f64 = 120.;
/// The neighbours are prepared when nothing has happened for this long, in milliseconds.
pub(super) const IDLE_MS: f64 = 250.;
/// A chosen page may stay blank this long, in milliseconds, where its preview would but delay its pixels.
pub(super) const GRACE_MS: f64 = 120.;
/// After a page was turned by scrolling on past its end, in milliseconds, the next one waits: one flick of a
/// wheel is many events.
const FLIP_MS: f64 = 250.;

/// Times are milliseconds of the engine's clock.
#[derive(Debug)]
pub(super) struct Motion {
    /// The page that was chosen, as long as the reader has not moved on.
    pinned: Option<usize>,
    settled_at: f64,
    moved_at: f64,
    scrolled_at: f64,
    /// When a page was last turned by scrolling past its end.
    flipped_at: f64,
    /// Until when a page that was jumped to may wait for its sharp pixels.
    grace_until: f64,
    /// The last movement went towards the first page.
    scrolling_up: bool,
}

impl Default for Motion {
    fn default() -> Self {
        Self {
            pinned: Some(0),
            settled_at: 0.,
            moved_at: 0.,
            scrolled_at: f64::NEG_INFINITY,
            flipped_at: f64::NEG_INFINITY,
            grace_until: 0.,
            scrolling_up: false,
        }
    }
}

impl Motion {
    /// The view moves: whatever waited for a jump's pixels waits no longer.
    pub fn moved(&mut self, now: f64) {
        self.moved_at = now;
        self.grace_until = 0.;
    }

    /// The reader moves the view away from the page that was chosen.
    pub fn pushed(&mut self, now: f64) {
        self.moved_at = now;
        self.pinned = None;
    }

    /// The view was scrolled, as one does to read on.
    pub fn scrolled(&mut self, now: f64) {
        self.scrolled_at = now;
    }

    /// Whether the view has just been moved.
    pub fn moved_at(&self, now: f64) -> bool {
        self.moved_at == now
    }

    /// Sharp pixels are wanted from then on.
    pub fn settle_at(&mut self, at: f64) {
        self.settled_at = at;
    }

    pub fn is_settled(&self, now: f64) -> bool {
        now >= self.settled_at
    }

    /// Nothing has moved for a while.
    pub fn is_idle(&self, now: f64) -> bool {
        now >= self.moved_at + IDLE_MS
    }

    /// The last movement was scrolling, not a jump.
    pub fn reads_on(&self) -> bool {
        self.scrolled_at >= self.moved_at
    }

    pub fn pin(&mut self, page: Option<usize>) {
        self.pinned = page;
    }

    pub fn pinned(&self) -> Option<usize> {
        self.pinned
    }

    pub fn grant_grace(&mut self, now: f64) {
        self.grace_until = now + GRACE_MS;
    }

    pub fn deny_grace(&mut self) {
        self.grace_until = 0.;
    }

    pub fn has_grace(&self, now: f64) -> bool {
        now < self.grace_until
    }

    pub fn may_flip(&self, now: f64) -> bool {
        now >= self.flipped_at + FLIP_MS
    }

    pub fn flipped(&mut self, now: f64, to: usize) {
        self.flipped_at = now;
        self.pinned = Some(to);
    }

    /// Notes which way the view went, if it did.
    pub fn note_heading(&mut self, before: f64, after: f64) {
        if after != before {
            self.scrolling_up = after < before;
        }
    }

    pub fn scrolling_up(&self) -> bool {
        self.scrolling_up
    }

    /// When something waits for the view to rest.
    pub fn wakes(&self) -> [f64; 2] {
        [self.settled_at, self.moved_at + IDLE_MS]
    }
}
