//! How the pages are arranged and turned by the reader.

use evolume_model::geometry::Rotation;
use evolume_model::viewing::{Arrangement, View};

use super::Engine;
use crate::engine::layout::Layout;
use crate::engine::tiles::{Piece, Placed};

/// After a page was turned by scrolling on past its end, in milliseconds, the next one waits: one flick of a
/// wheel is many events.
const FLIP_MS: f64 = 250.;

impl Engine {
    /// Takes a view; the page one is on stays.
    pub(super) fn set_view(&mut self, now: f64, view: &View) {
        let (page, offset) = self.place();
        self.turn = view.turn;
        let turns = view.turns.iter().filter(|(page, turn)| *page > 0 && *turn != Rotation::None);
        self.turns = turns.map(|(page, turn)| (*page as usize - 1, *turn)).collect();
        self.arrangement = view.arrangement;
        self.layout = Layout::new(self.sizes(), view.arrangement);
        self.camera.alone = (view.arrangement == Arrangement::Single).then_some(page);
        self.apply_fit(page);
        self.go_to(page, offset);
        (self.moved_at, self.settled_at) = (now, now);
        self.pinned = Some(page);
    }

    /// How far the reader has turned a page.
    pub(super) fn turned(&self, page: usize) -> Rotation {
        self.turns.get(&page).map_or(self.turn, |turn| self.turn.plus(*turn))
    }

    /// How a page is turned for display, by its PDF and by the reader.
    pub(super) fn rotation(&self, page: usize) -> Rotation {
        let own = self.page(page).map_or(Rotation::None, |entry| entry.rotation);
        own.plus(self.turned(page))
    }

    /// A page's place before the reader turned it: its bitmaps are made for this one, and turned when they
    /// are painted.
    pub(super) fn unturned(&self, page: usize, placed: &Placed) -> Placed {
        let Placed { x, y, width, height } = *placed;
        if self.turned(page).swaps_axes() { Placed { x, y, width: height, height: width } } else { *placed }
    }

    /// The part of it that shows, in its own device pixels.
    pub(super) fn unturned_window(&self, page: usize, placed: &Placed, window: &Piece) -> Piece {
        let part = [window.x, window.y, window.width, window.height];
        let [x, y, width, height] = self.turned(page).unturned(part, (placed.width, placed.height));
        Piece { x, y, width, height }
    }

    /// Moves the content by CSS pixels. Where one page shows alone, going on past its end turns to the next.
    pub(super) fn scroll(&mut self, now: f64, dx: f64, dy: f64) {
        let before = self.camera.y;
        self.camera.x += dx / self.camera.scale;
        self.camera.y += dy / self.camera.scale;
        let Some(page) = self.camera.alone else { return };
        self.camera.clamp(&self.layout);
        let stuck = dy != 0. && (self.camera.y - before).abs() < 1e-6;
        if !stuck || now < self.flipped_at + FLIP_MS {
            return;
        }
        let next = if dy > 0. { page.checked_add(1) } else { page.checked_sub(1) };
        if let Some(next) = next.filter(|next| *next < self.layout.len()) {
            self.flipped_at = now;
            self.go_to(next, 0.);
            if dy < 0. {
                self.camera.y = f64::MAX;
                self.camera.clamp(&self.layout);
            }
            self.pinned = Some(next);
        }
    }
}
