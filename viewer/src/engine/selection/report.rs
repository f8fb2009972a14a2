//! What the shell hears of the selection, and what it may ask about it.

use std::ops::Range;

use evolume_model::citation;
use evolume_model::text::PageText;
use evolume_model::viewing::{Passage, Selection, TextPlace};

use super::Place;
use crate::engine::{Cursor, Effect, Engine};

/// Characters of a selection that are reported with it.
const QUOTE: usize = 300;

impl Engine {
    /// Reports to the shell what is selected and the host which cursor fits, when either has changed.
    pub(in crate::engine) fn report_selection(&mut self, effects: &mut Vec<Effect>) {
        let selection = self.selection();
        if selection != self.selection.reported {
            self.selection.reported.clone_from(&selection);
            effects.push(Effect::Selected(selection));
        }
        let cursor = self.cursor();
        if cursor != self.selection.cursor {
            self.selection.cursor = cursor;
            effects.push(Effect::Cursor(cursor));
        }
    }

    fn cursor(&self) -> Cursor {
        if let Some(cursor) = self.pointers.cursor() {
            return cursor;
        }
        let Some(at) = self.pointers.at() else { return Cursor::Plain };
        if !self.pointers.is_selecting() && self.mark_under(at).is_some() {
            return Cursor::Mark;
        }
        if !self.pointers.is_selecting() && self.links.is_pointed() {
            return Cursor::Link;
        }
        let on_text = self.page_under(at).is_some_and(|(page, point)| {
            self.texts.get(page).and_then(|text| text.hit(point)).is_some_and(|hit| hit.on)
        });
        if on_text || self.pointers.is_selecting() && self.selection.anchor.is_some() {
            Cursor::Text
        } else {
            Cursor::Plain
        }
    }

    fn selection(&self) -> Option<Selection> {
        let reach = self.selection.reach()?;
        let pages = reach.start.page..=reach.end.page;
        let whole = pages.clone().all(|page| self.texts.get(page).is_some());
        let mut ranges = pages.filter_map(|page| Some((page, self.selected_on(page)?)));
        let first = ranges.next();
        if whole && first.is_none() {
            return None;
        }
        let quote = first.and_then(|(page, range)| {
            let end = range.end.min(range.start + QUOTE);
            Some(self.texts.get(page)?.slice(range.start..end))
        });
        let place = |place: Place| -> Option<TextPlace> {
            let length = self.texts.get(place.page).map_or(usize::MAX, |text| text.len());
            let at = u32::try_from(place.at.min(length)).unwrap_or(u32::MAX);
            Some(TextPlace { page: self.pages.identity(place.page as usize)?, at })
        };
        let ends = [reach.start, reach.end].map(|place| self.end_in_view(place));
        Some(Selection {
            start: place(reach.start)?,
            end: place(reach.end)?,
            quote: quote.unwrap_or_default(),
            whole,
            view: self.selection_in_view(),
            ends,
        })
    }

    /// What encloses the selected text in view; without any, a place above the view.
    fn selection_in_view(&self) -> [f64; 4] {
        let seen = self.camera.visible(self.pages.layout()).filter_map(|page| {
            let page = page as u32;
            let rects = self.texts.get(page)?.rects(self.selected_on(page)?);
            let around = rects.iter().copied().reduce(|a, b| a.union(&b))?;
            Some(self.frame(page)?.rect_to_view(&around))
        });
        let around = seen.reduce(|a, b| {
            let (x, y) = (a[0].min(b[0]), a[1].min(b[1]));
            let (right, bottom) = ((a[0] + a[2]).max(b[0] + b[2]), (a[1] + a[3]).max(b[1] + b[3]));
            [x, y, right - x, bottom - y]
        });
        around.map_or([0., -1., 0., 0.], |around| around.map(f64::round))
    }

    /// An end of the selection, if its page is in view: a line without thickness at the character's edge.
    fn end_in_view(&self, place: Place) -> Option<[f64; 4]> {
        if !self.camera.visible(self.pages.layout()).contains(&(place.page as usize)) {
            return None;
        }
        let text = self.texts.get(place.page)?;
        let caret = text.caret(place.at.min(text.len()))?;
        Some(self.frame(place.page)?.rect_to_view(&caret).map(f64::round))
    }

    /// What is selected, page by page; pages whose text is not there yet are left out.
    pub fn passages(&self) -> Vec<Passage> {
        let passage = |page: u32| {
            let range = self.selected_on(page)?;
            let text = self.texts.get(page)?;
            Some(Passage {
                page: self.pages.identity(page as usize)?,
                start: range.start as u32,
                end: range.end as u32,
                quote: text.slice(range.clone()),
                rects: text.rects(range),
            })
        };
        self.selection.pages().filter_map(passage).collect()
    }

    /// The selected text as it is to be copied; `None` while some of it is on its way.
    pub fn selected_text(&self) -> Option<String> {
        let reach = self.selection.reach()?;
        let texts: Option<Vec<_>> =
            (reach.start.page..=reach.end.page).map(|page| Some((page, self.texts.get(page)?))).collect();
        let parts: Vec<(&PageText, Range<usize>)> = texts?
            .into_iter()
            .filter_map(|(page, text)| Some((text.as_ref(), self.selected_on(page)?)))
            .collect();
        Some(PageText::prose_over(&parts))
    }

    /// The same as a quotation with where it stands.
    pub fn quotation(&self) -> Option<String> {
        // The numbers of the pages before have to be known.
        if !self.pages.knows_all() {
            return None;
        }
        let reach = self.selection.reach()?;
        let selected = |page: &u32| self.selected_on(*page).is_some();
        let pages = reach.start.page..=reach.end.page;
        let (first, last) = (pages.clone().find(selected)?, pages.rev().find(selected)?);
        citation::quote(self.pages.manifest(), first, last, self.selected_text()?.trim())
    }
}
