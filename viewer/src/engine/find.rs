//! Hits of a search on the pages, and the way to one of them. The search worker has found them; here they
//! get their boxes.

use std::collections::HashMap;
use std::ops::Range;

use evolume_model::geometry::{PageFrame, PageRect, ViewPoint};

use super::Engine;
use super::pages::Moves;
use crate::engine::scene::Ink;

/// How long the hit that was jumped to stays framed, in milliseconds.
const FLASH_MS: f64 = 1_500.;
/// A hit nearer to an edge of the viewport than this share of its size is brought further in.
const MARGIN: f64 = 0.08;
/// Where on the viewport a hit is put, from above.
const READING_HEIGHT: f64 = 0.35;

/// The hits of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Characters of each; the exact ones come first.
    pub ranges: Vec<Range<usize>>,
    /// How many of them are exact.
    pub exact: usize,
}

/// Reads pages with hits as they come from the shell: number from 1, count, how many are exact, then start
/// and end of each; what does not fit that is left out.
pub fn unpack(flat: &[u32]) -> Vec<(u32, Hits)> {
    let mut pages = Vec::new();
    let mut rest = flat;
    while let [number, count, exact, hits @ ..] = rest {
        let Some((hits, behind)) = hits.split_at_checked((*count as usize).saturating_mul(2)) else { break };
        let ranges = hits.chunks_exact(2).map(|ends| ends[0] as usize..ends[1].max(ends[0]) as usize);
        pages.push((number.saturating_sub(1), Hits { ranges: ranges.collect(), exact: *exact as usize }));
        rest = behind;
    }
    pages
}

/// One hit of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Goal {
    page: u32,
    /// From 0.
    nth: usize,
}

/// What is looked for on the pages.
#[derive(Debug, Default)]
pub(super) struct Find {
    hits: HashMap<u32, Hits>,
    current: Option<Goal>,
    /// The current hit's page has been jumped to; its place on it is not yet known.
    pending: bool,
    flash_until: f64,
    flashing: bool,
}

impl Find {
    /// The page whose text is waited for.
    pub fn awaited(&self) -> Option<u32> {
        self.current.filter(|_| self.pending).map(|goal| goal.page)
    }

    /// The reader has moved on.
    pub fn give_up(&mut self) {
        self.pending = false;
    }

    /// More pages with hits.
    pub fn add(&mut self, pages: Vec<(u32, Hits)>) {
        self.hits.extend(pages);
    }

    /// Pages have other numbers.
    pub fn renumber(&mut self, moves: &Moves) {
        let page = |page: u32| moves.page(page as usize).map(|page| page as u32);
        let hits = std::mem::take(&mut self.hits);
        self.hits = hits.into_iter().filter_map(|(old, hits)| Some((page(old)?, hits))).collect();
        self.current = self.current.and_then(|goal| Some(Goal { page: page(goal.page)?, ..goal }));
        self.pending &= self.current.is_some();
    }

    /// Whether a page has hits.
    pub fn has(&self, page: u32) -> bool {
        self.hits.contains_key(&page)
    }

    /// Notes the time.
    pub fn tick(&mut self, now: f64) {
        self.flashing = now < self.flash_until;
    }

    /// When the frame around a hit is to go.
    pub fn next_wake(&self) -> f64 {
        self.flash_until
    }

    /// A page's hits, with the ink of each.
    pub fn on(&self, page: u32) -> impl Iterator<Item = (&Range<usize>, Ink)> {
        let current = self.current.filter(|goal| goal.page == page).map(|goal| goal.nth);
        self.hits.get(&page).into_iter().flat_map(move |hits| {
            hits.ranges.iter().enumerate().map(move |(nth, range)| {
                let current = current == Some(nth);
                let (framed, approximate) = (current && self.flashing, nth >= hits.exact);
                (range, Ink::Hit { current, framed, approximate })
            })
        })
    }
}

impl Engine {
    /// Goes to a hit of a page; `nth` counts from 0.
    pub(super) fn show_hit(&mut self, now: f64, page: u32, nth: usize) {
        self.find.current = Some(Goal { page, nth });
        self.find.pending = true;
        if self.texts.get(page).is_some() {
            self.reveal(now);
        } else if !self.camera.visible(self.pages.layout()).contains(&(page as usize)) {
            self.jump(now, page as usize, 0.);
        }
    }

    /// Brings the current hit into view if its place is known, and frames it.
    pub(super) fn reveal(&mut self, now: f64) {
        let Some(Goal { page, nth }) = self.find.current.filter(|_| self.find.pending) else { return };
        let Some(text) = self.texts.get(page) else { return };
        self.find.pending = false;
        let range = self.find.hits.get(&page).and_then(|hits| hits.ranges.get(nth));
        let place = range.and_then(|range| self.in_content(page, &text.rects(range.clone())));
        let Some([x, y, width, height]) = place else { return self.jump(now, page as usize, 0.) };
        self.find.flash_until = now + FLASH_MS;
        let (across, span) = (self.camera.width / self.camera.scale, self.camera.span());
        let inside = |at: f64, length: f64, from: f64, span: f64| {
            at >= from + MARGIN * span && at + length <= from + (1. - MARGIN) * span
        };
        let shown = self.camera.visible(self.pages.layout()).contains(&(page as usize));
        if !shown || !inside(y, height, self.camera.y, span) {
            self.jump(now, page as usize, 0.);
            self.camera.y = y + height / 2. - READING_HEIGHT * span;
        }
        if !inside(x, width, self.camera.x, across) {
            self.camera.x = x + width / 2. - across / 2.;
        }
        self.camera.clamp(self.pages.layout());
        let shows = self.camera.visible(self.pages.layout()).contains(&(page as usize));
        self.motion.pin(shows.then_some(page as usize));
    }

    /// A text that was asked for has come, or cannot be had.
    pub(super) fn text_for_find(&mut self, now: f64, page: u32) {
        if self.find.awaited() == Some(page) {
            self.reveal(now);
            self.find.give_up();
        }
    }

    /// What encloses rectangles of a page, in content space.
    pub(super) fn in_content(&self, page: u32, rects: &[PageRect]) -> Option<[f64; 4]> {
        let (slot, entry) = (self.pages.layout().slot(page as usize)?, self.pages.page(page as usize)?);
        let origin = ViewPoint { x: slot.x, y: slot.y };
        let rotation = self.pages.rotation(page as usize);
        let frame = PageFrame { size: entry.size(), rotation, origin, scale: 1. };
        let around = rects.iter().copied().reduce(|a, b| a.union(&b))?;
        Some(frame.rect_to_view(&around))
    }
}
