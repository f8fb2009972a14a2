//! The texts of the pages in view and near it, for selection, search hits and the screen reader.

use std::ops::Range;
use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::page::PageRef;
use evolume_model::text::PageText;

use super::fetched::Fetched;
use super::pages::{Moves, Pages, TextSource};
use super::{Effect, Engine};

/// Texts of a long selection that are on their way at the same time.
const SELECTED_AT_ONCE: usize = 6;
/// Texts of pages farther away from the view than this many pages are let go.
const NEAR_PAGES: usize = 8;

/// The texts that are there or on their way, by page.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pages: Fetched<u32, Rc<PageText>>,
}

impl Texts {
    /// A page's text, if it is there.
    pub fn get(&self, page: u32) -> Option<&Rc<PageText>> {
        self.pages.get(page)
    }

    /// Whatever failed may be asked for again.
    pub fn forgive(&mut self) {
        self.pages.forgive();
    }

    pub fn next_retry(&self, now: f64) -> Option<f64> {
        self.pages.next_retry(now)
    }

    /// What each text was when it was asked for, so that [`Texts::revise`] can tell which are others now.
    pub fn sources(&self, pages: &Pages) -> Vec<(u32, Option<TextSource>)> {
        self.pages.keys().map(|page| (page, pages.text_source(page as usize))).collect()
    }

    /// More is known of the volume: pages have other numbers, and some have a text now, or more of it.
    pub fn revise(&mut self, moves: &Moves, before: Vec<(u32, Option<TextSource>)>, pages: &Pages) {
        if !moves.is_nothing() {
            self.pages.rename(|page| moves.page(page as usize).map(|page| page as u32));
        }
        for (page, source) in before {
            if let Some(page) = moves.page(page as usize)
                && pages.text_source(page) != source
            {
                self.pages.forget(page as u32);
            }
        }
    }
}

impl Engine {
    /// Takes an answer to [`Effect::FetchText`] in; one of a page that is gone is of no use.
    pub(super) fn take_text(
        &mut self,
        now: f64,
        page: &PageRef,
        text: Result<Rc<PageText>, Code>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(page) = self.pages.find(page) else { return };
        match text {
            Ok(text) => self.texts.pages.put(page as u32, text),
            Err(code) => {
                if self.texts.pages.fail(now, page as u32, code) {
                    effects.push(self.problem(code, page));
                }
            }
        }
        self.text_for_gesture(page as u32);
        self.text_for_caret(now, page as u32);
        self.text_for_find(now, page as u32);
    }

    /// Asks for the texts of the pages in view when all is at rest, of the one under the pointer and of
    /// those with hits at once.
    pub(super) fn want_texts(
        &mut self,
        now: f64,
        visible: &Range<usize>,
        at_rest: bool,
        effects: &mut Vec<Effect>,
    ) {
        let near = visible.start.saturating_sub(NEAR_PAGES)..visible.end + NEAR_PAGES;
        let selected = self.selection.pages();
        self.texts.pages.keep(|page| near.contains(&(page as usize)) || selected.contains(&page));
        let readable = self.is_readable();
        let pointed = self.pointed().filter(|_| readable);
        let in_view = visible.clone().filter(|_| at_rest).map(|page| page as u32);
        let awaited = self.find.awaited();
        let found = visible.clone().map(|page| page as u32).filter(|page| self.find.has(*page));
        let found: Vec<u32> = awaited.into_iter().chain(found).filter(|_| readable).collect();
        let missing = selected.filter(|page| self.texts.pages.wanted(*page, now));
        let room = SELECTED_AT_ONCE.saturating_sub(self.texts.pages.asked());
        let missing: Vec<u32> = missing.take(room).collect();
        for page in found.into_iter().chain(pointed).chain(missing).chain(in_view) {
            if !self.texts.pages.wanted(page, now) || !self.pages.knows(page as usize) {
                continue;
            }
            let Some(identity) = self.pages.identity(page as usize) else { continue };
            let place = self.pages.place(page as usize);
            let source = place.and_then(|(material, index)| self.pages.material(material)?.text_of(index));
            match source {
                Some((blob, range)) => {
                    let fresh = self.texts.pages.ask(page);
                    effects.push(Effect::FetchText { page: identity, blob: blob.clone(), range, fresh });
                }
                None => self.texts.pages.put(page, Rc::default()),
            }
        }
    }
}
