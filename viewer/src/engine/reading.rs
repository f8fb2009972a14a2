//! What a screen reader is given: the lines of the pages in view.

use std::ops::Range;
use std::rc::Rc;

use evolume_model::text::PageText;

use super::{Effect, Engine};

/// Of so many pages at most.
const PAGES: usize = 8;

/// Texts that have been reported, by page.
pub(super) type Reported = Vec<(u32, Rc<PageText>)>;

impl Engine {
    /// Reports the texts of the pages in view when they have changed and the view rests.
    pub(super) fn report_texts(&mut self, visible: &Range<usize>, at_rest: bool, effects: &mut Vec<Effect>) {
        if !at_rest {
            return;
        }
        let pages = visible.clone().take(PAGES).map(|page| page as u32);
        let texts: Reported =
            pages.filter_map(|page| Some((page, Rc::clone(self.texts.get(page)?)))).collect();
        let same = texts.len() == self.read.len()
            && texts.iter().zip(&self.read).all(|(a, b)| a.0 == b.0 && Rc::ptr_eq(&a.1, &b.1));
        if !same {
            let named = texts
                .iter()
                .filter_map(|(page, text)| Some((self.pages.identity(*page as usize)?, Rc::clone(text))));
            effects.push(Effect::Read(named.collect()));
            self.read = texts;
        }
    }
}
