//! The keyboard's part of selecting: a caret that goes by characters, words and lines, over pages too.

use evolume_model::geometry::{PageRect, ViewPoint};
use evolume_model::viewing::Step;

use super::{END, Place, Reach, within_limit};
use crate::engine::Engine;

/// The caret stays so far inside the view, in CSS pixels.
const MARGIN: f64 = 32.;

impl Engine {
    /// Shows a caret, at first where the selection ends or the view begins, or shows none any more.
    pub(in crate::engine) fn set_caret(&mut self, now: f64, on: bool) {
        self.selection.caret = on;
        if on {
            let seen = |tip: &Place| self.camera.visible(self.pages.layout()).contains(&(tip.page as usize));
            if self.selection.tip().filter(seen).is_none() {
                let place = Reach::empty(self.first_in_view());
                self.selection.set(Some(place), Some(place));
            }
            self.reveal_caret(now);
        } else if self.selection.reach().is_none() {
            self.selection.set(None, None);
        }
    }

    /// The first place of the page one is on that is not above the view.
    fn first_in_view(&self) -> Place {
        let page = self.current() as u32;
        let Some((text, frame)) = self.texts.get(page).zip(self.frame(page)) else {
            return Place { page, at: 0 };
        };
        let corner = ViewPoint { x: frame.origin.x, y: frame.origin.y.max(MARGIN) };
        Place { page, at: text.hit(frame.to_page(corner)).map_or(0, |hit| hit.place) }
    }

    /// Moves the caret; the selection goes with it when it is extended.
    pub(in crate::engine) fn step(&mut self, now: f64, step: Step, extend: bool) {
        let Some(tip) = self.selection.tip() else { return };
        let to = match self.selection.reach().filter(|_| !extend) {
            Some(reach) if step == Step::Back => Some(reach.start),
            Some(reach) if step == Step::Forward => Some(reach.end),
            _ => self.target(tip, step),
        };
        let Some(to) = to else { return };
        if !matches!(step, Step::Up | Step::Down) {
            self.selection.along = None;
        }
        let to = Reach::empty(to);
        let anchor = if extend { self.selection.anchor.unwrap_or(to) } else { to };
        self.selection.anchor = Some(anchor);
        self.selection.focus = Some(within_limit(anchor, to));
        self.reveal_caret(now);
    }

    /// Where a step leads; `None` when it leads nowhere, or the text is not there yet.
    fn target(&mut self, from: Place, step: Step) -> Option<Place> {
        let Place { page, at } = from;
        let text = self.texts.get(page)?.clone();
        let at = at.min(text.len());
        let here = |at: usize| Some(Place { page, at });
        let last = self.pages.last_known() as u32;
        let before = || page.checked_sub(1).map(|page| Place { page, at: END });
        let behind = || (page < last).then_some(Place { page: page + 1, at: 0 });
        match step {
            Step::Back if at == 0 => before(),
            Step::Back => here(at - 1),
            Step::Forward if at == text.len() => behind(),
            Step::Forward => here(at + 1),
            Step::WordBack if at == 0 => before(),
            Step::WordBack => here(text.word_step(at, false)),
            Step::WordForward if at == text.len() => behind(),
            Step::WordForward => here(text.word_step(at, true)),
            Step::LineStart => here(text.line(at).start),
            Step::LineEnd => here(text.line(at).end),
            Step::PageStart if at == 0 => page.checked_sub(1).map(|page| Place { page, at: 0 }),
            Step::PageStart => here(0),
            Step::PageEnd if at == text.len() => (page < last).then_some(Place { page: page + 1, at: END }),
            Step::PageEnd => here(text.len()),
            Step::Up | Step::Down => {
                let down = step == Step::Down;
                let (to, along) = text.beside(at, down, self.selection.along);
                self.selection.along = along;
                to.and_then(here).or_else(|| if down { behind() } else { before() })
            }
        }
    }

    /// Brings the caret into view, at once or when its page's text is there.
    pub(super) fn reveal_caret(&mut self, now: f64) {
        let Some(tip) = self.selection.tip() else { return };
        let place = self.texts.get(tip.page).map(|text| text.caret(tip.at.min(text.len())));
        self.selection.reveal = place.is_none();
        let rects: Vec<PageRect> = place.flatten().into_iter().collect();
        let whole = || {
            let slot = self.pages.layout().slot(tip.page as usize)?;
            let y = if tip.at == END { slot.y + slot.height } else { slot.y };
            Some([slot.x, y, 0., 0.])
        };
        let Some([x, y, width, height]) = self.in_content(tip.page, &rects).or_else(whole) else { return };
        let margin = MARGIN / self.camera.scale;
        let fit = |at: f64, length: f64, from: f64, span: f64| {
            let margin = margin.min((span - length).max(0.) / 2.);
            from.min(at - margin).max(at + length + margin - span)
        };
        let across = self.camera.width / self.camera.scale;
        let (left, top) = (self.camera.x, self.camera.y);
        self.camera.x = fit(x, width, left, across);
        self.camera.y = fit(y, height, top, self.camera.span());
        self.camera.clamp(self.pages.layout());
        if (self.camera.x, self.camera.y) != (left, top) {
            self.motion.pushed(now);
        }
    }

    /// Where the caret stands on a page; `None` when it shows on another, or on none.
    pub(in crate::engine) fn caret_on(&self, page: u32) -> Option<PageRect> {
        let tip = self.selection.tip().filter(|tip| self.selection.caret && tip.page == page)?;
        let text = self.texts.get(page)?;
        text.caret(tip.at.min(text.len()))
    }
}
