//! The texts of the pages in view and near it, for selection, search hits and the screen reader.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::text::PageText;

use super::{Effect, Engine, RETRY_MS};

/// Texts of a long selection that are on their way at the same time.
const SELECTED_AT_ONCE: usize = 6;
/// Texts of pages farther away from the view than this many pages are let go.
const NEAR_PAGES: usize = 8;

#[derive(Debug)]
enum State {
    Asked { fresh: bool },
    There(Rc<PageText>),
    Failed { retry: f64 },
}

/// The texts that are there or on their way, by page.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pages: HashMap<u32, State>,
}

impl Texts {
    /// A page's text, if it is there.
    pub fn get(&self, page: u32) -> Option<&Rc<PageText>> {
        match self.pages.get(&page) {
            Some(State::There(text)) => Some(text),
            _ => None,
        }
    }

    /// Whatever failed may be asked for again.
    pub fn forgive(&mut self) {
        self.pages.retain(|_, state| !matches!(state, State::Failed { .. }));
    }

    /// Pages without a text may have one now.
    pub fn doubt(&mut self) {
        self.pages.retain(|_, state| !matches!(state, State::There(text) if text.is_empty()));
    }

    pub fn next_retry(&self, now: f64) -> Option<f64> {
        let retries = self.pages.values().filter_map(|state| match state {
            State::Failed { retry } => Some(*retry).filter(|retry| retry.is_finite() && *retry > now),
            _ => None,
        });
        retries.min_by(f64::total_cmp)
    }

    fn wanted(&self, page: u32, now: f64) -> bool {
        match self.pages.get(&page) {
            None => true,
            Some(State::Failed { retry }) => now >= *retry,
            Some(_) => false,
        }
    }
}

impl Engine {
    /// Takes an answer to [`Effect::FetchText`] in.
    pub(super) fn take_text(
        &mut self,
        now: f64,
        page: u32,
        text: Result<Rc<PageText>, Code>,
        effects: &mut Vec<Effect>,
    ) {
        let fresh = matches!(self.texts.pages.get(&page), Some(State::Asked { fresh: true }));
        let state = match text {
            Ok(text) => State::There(text),
            // The cache may be what is broken.
            Err(Code::BlobCorrupt) if !fresh => State::Failed { retry: now },
            Err(code) => {
                effects.push(Effect::Problem { code, page: page + 1 });
                let after = if code == Code::BlobCorrupt { f64::INFINITY } else { RETRY_MS };
                State::Failed { retry: now + after }
            }
        };
        self.texts.pages.insert(page, state);
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
        let selected = self.select.pages();
        self.texts.pages.retain(|page, state| {
            matches!(state, State::Asked { .. })
                || near.contains(&(*page as usize))
                || selected.contains(page)
        });
        let pointed = self.pointed().filter(|_| self.was_readable);
        let in_view = visible.clone().filter(|_| at_rest).map(|page| page as u32);
        let awaited = self.find.awaited();
        let found = visible.clone().map(|page| page as u32).filter(|page| self.find.has(*page));
        let found: Vec<u32> = awaited.into_iter().chain(found).filter(|_| self.was_readable).collect();
        let asked = self.texts.pages.values().filter(|state| matches!(state, State::Asked { .. })).count();
        let missing = selected.filter(|page| self.texts.wanted(*page, now));
        let missing: Vec<u32> = missing.take(SELECTED_AT_ONCE.saturating_sub(asked)).collect();
        for page in found.into_iter().chain(pointed).chain(missing).chain(in_view) {
            if !self.texts.wanted(page, now) || !self.knows(page as usize) {
                continue;
            }
            let fresh = matches!(self.texts.pages.get(&page), Some(State::Failed { .. }));
            let source = self.numbering.place(page as usize);
            let source = source.and_then(|(material, index)| self.material(material)?.text_of(index));
            let state = match source {
                Some((blob, range)) => {
                    effects.push(Effect::FetchText { page, blob: blob.clone(), range, fresh });
                    State::Asked { fresh }
                }
                None => State::There(Rc::default()),
            };
            self.texts.pages.insert(page, state);
        }
    }
}
