//! Thumbnails in the pages' places while the volume flies past: a sheet of them covers sixteen pages.

use std::ops::Range;

use evolume_model::volume::{SHEET_PAGES, THUMB_COLUMNS, THUMB_HEIGHT, THUMB_WIDTH};

use super::Engine;
use crate::engine::cache::Surface;
use crate::engine::tiles::{Key, Kind};

/// So many sheets are fetched before the flight comes to them.
const SHEETS_AHEAD: usize = 3;
/// Cells are cut this many pixels inside the thumbnail, so that its neighbours do not bleed in.
const INSIDE: f64 = 0.5;

impl Engine {
    /// The sheet of a page, under its first page.
    fn sheet(&self, page: usize) -> Option<Key> {
        let (_, index) = self.pages.place(page)?;
        let first = (page as u32).checked_sub(index % SHEET_PAGES)?;
        Some(Key { page: first, kind: Kind::Thumbs })
    }

    /// The sheets of the pages in view and of those that come next.
    pub(super) fn sheets_wanted(&self, visible: &Range<usize>) -> Vec<Key> {
        let step = SHEET_PAGES as usize;
        let ahead = (1..=SHEETS_AHEAD).map_while(|sheets| match self.motion.scrolling_up() {
            true => visible.start.checked_sub(sheets * step),
            false => Some(visible.end.saturating_sub(1) + sheets * step),
        });
        let mut wanted: Vec<Key> = Vec::new();
        for key in visible.clone().chain(ahead).filter_map(|page| self.sheet(page)) {
            if !wanted.contains(&key) {
                wanted.push(key);
            }
        }
        wanted
    }

    /// The bitmap that a page's thumbnail is in, and where: left, upper edge, width, height in pixels.
    pub(super) fn thumb(&self, page: usize) -> Option<(Key, u32, [f64; 4])> {
        let key = self.sheet(page)?;
        let Some(Surface::Ready { job, .. }) = self.surfaces.get(&key) else { return None };
        let cell = page as u32 - key.page;
        let size = self.pages.page(page)?;
        let size = size.size().rotated(size.rotation);
        let (cell_width, cell_height) = (f64::from(THUMB_WIDTH), f64::from(THUMB_HEIGHT));
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let scale = (cell_width / width).min(cell_height / height);
        if !scale.is_finite() || scale <= 0. {
            return None;
        }
        let inside = |length: f64| (length * scale).floor() - 2. * INSIDE;
        let (x, y) = (cell % THUMB_COLUMNS * THUMB_WIDTH, cell / THUMB_COLUMNS * THUMB_HEIGHT);
        let from = [f64::from(x) + INSIDE, f64::from(y) + INSIDE, inside(width), inside(height)];
        (from[2] > 0. && from[3] > 0.).then_some((key, *job, from))
    }
}
