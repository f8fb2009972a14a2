//! Selecting text with the pointer, and clicking on marks: a small state machine.

use std::ops::Range;

use evolume_model::geometry::{PageFrame, PagePoint, ViewPoint};
use evolume_model::wire::Selection;

use super::{Cursor, Effect, Engine};

/// A pointer that moves less far between press and release, in CSS pixels, has clicked.
const CLICK: f64 = 4.;

/// Characters of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub page: u32,
    pub range: Range<usize>,
}

/// A button that is down.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Press {
    at: ViewPoint,
    clicks: u32,
    extend: bool,
}

/// Where the selection stands.
#[derive(Debug, Default)]
pub(super) struct Select {
    /// What was pressed first: it stays selected while the other end moves.
    anchor: Option<Span>,
    span: Option<Span>,
    press: Option<Press>,
    told: Option<Selection>,
    cursor: Cursor,
}

impl Select {
    /// The page whose text the selection needs.
    pub fn page(&self) -> Option<u32> {
        self.anchor.as_ref().map(|span| span.page)
    }

    /// What is selected, unless it is nothing.
    pub fn span(&self) -> Option<&Span> {
        self.span.as_ref().filter(|span| !span.range.is_empty())
    }
}

impl Engine {
    pub(super) fn press(&mut self, at: ViewPoint, clicks: u32, extend: bool) {
        self.select.press = Some(Press { at, clicks, extend });
        self.pointer = Some(at);
        self.begin();
    }

    /// Begins a selection under the pressed button, if the text there is known.
    fn begin(&mut self) {
        let Some(Press { at, clicks, extend }) = self.select.press else { return };
        if extend && self.select.anchor.is_some() {
            return self.drag_to(at);
        }
        self.select.anchor = self.page_under(at).and_then(|(page, point)| {
            let text = self.texts.get(page)?;
            let hit = text.hit(point)?;
            let range = match clicks {
                0 | 1 => hit.place..hit.place,
                2 => text.word(hit.index),
                _ => text.line(hit.index),
            };
            Some(Span { page, range })
        });
        self.select.span = self.select.anchor.clone();
    }

    /// A text has arrived: what was pressed before it can begin now.
    pub(super) fn text_arrived(&mut self, page: u32) {
        let pressed = self.select.press.and_then(|press| self.page_under(press.at));
        if self.select.anchor.is_none() && pressed.is_some_and(|(under, _)| under == page) {
            self.begin();
        }
    }

    pub(super) fn point(&mut self, at: ViewPoint) {
        self.pointer = Some(at);
        if self.select.press.is_some() {
            self.drag_to(at);
        }
        self.point_at_link(at);
    }

    fn drag_to(&mut self, at: ViewPoint) {
        let Some(Span { page, range: anchor }) = self.select.anchor.clone() else { return };
        let (Some(frame), Some(text)) = (self.frame(page), self.texts.get(page)) else { return };
        let Some(hit) = text.hit(frame.to_page(at)) else { return };
        let whole = match self.select.press.map_or(1, |press| press.clicks) {
            0 | 1 => hit.place..hit.place,
            2 => text.word(hit.index),
            _ => text.line(hit.index),
        };
        let range = anchor.start.min(whole.start)..anchor.end.max(whole.end);
        self.select.span = Some(Span { page, range });
    }

    /// The button is up; a click that selected nothing may have met a mark or a link.
    pub(super) fn lift(&mut self, at: ViewPoint, effects: &mut Vec<Effect>) {
        let press = self.select.press.take();
        if let Some(press) = press.filter(|_| self.select.span().is_none()) {
            let mark = self.mark_under(at);
            let click = (press.at.x - at.x).hypot(press.at.y - at.y) <= CLICK;
            if mark.is_none()
                && click
                && !press.extend
                && let Some(link) = self.link_under(at)
            {
                effects.push(Effect::Follow(link.goal));
            }
            effects.push(Effect::Mark(mark));
        }
    }

    pub(super) fn deselect(&mut self) {
        (self.select.anchor, self.select.span) = (None, None);
    }

    /// Tells the shell what is selected and the host which cursor fits, when either has changed.
    pub(super) fn tell_selection(&mut self, effects: &mut Vec<Effect>) {
        let selection = self.selection();
        if selection != self.select.told {
            self.select.told.clone_from(&selection);
            effects.push(Effect::Selected(selection));
        }
        let cursor = self.cursor();
        if cursor != self.select.cursor {
            self.select.cursor = cursor;
            effects.push(Effect::Cursor(cursor));
        }
    }

    fn cursor(&self) -> Cursor {
        if let Some(cursor) = self.hold.cursor() {
            return cursor;
        }
        let Some(at) = self.pointer else { return Cursor::Plain };
        if self.select.press.is_none() && self.mark_under(at).is_some() {
            return Cursor::Mark;
        }
        if self.select.press.is_none() && self.links.pointed.is_some() {
            return Cursor::Link;
        }
        let on_text = self.page_under(at).is_some_and(|(page, point)| {
            self.texts.get(page).and_then(|text| text.hit(point)).is_some_and(|hit| hit.on)
        });
        if on_text || self.select.press.is_some() && self.select.anchor.is_some() {
            Cursor::Text
        } else {
            Cursor::Plain
        }
    }

    fn selection(&self) -> Option<Selection> {
        let span = self.select.span()?;
        let text = self.texts.get(span.page)?;
        let rects = text.rects(span.range.clone());
        let frame = self.frame(span.page)?;
        let around = rects.iter().copied().reduce(|a, b| a.union(&b))?;
        let (material, index) = *self.places.get(span.page as usize)?;
        Some(Selection {
            page: span.page + 1,
            material: self.manifest.materials.get(material as usize)?.id.clone(),
            index,
            start: span.range.start as u32,
            end: span.range.end as u32,
            quote: text.slice(span.range.clone()),
            text: text.prose(span.range.clone()),
            view: frame.rect_to_view(&around).map(f64::round),
            rects,
        })
    }

    /// The page under the pointer.
    pub(super) fn pointed(&self) -> Option<u32> {
        self.page_under(self.pointer?).map(|(page, _)| page)
    }

    /// The page under a point of the viewport, and the point on it.
    pub(super) fn page_under(&self, at: ViewPoint) -> Option<(u32, PagePoint)> {
        let page = self.layout.page_at_point(
            self.camera.x + at.x / self.camera.scale,
            self.camera.y + at.y / self.camera.scale,
        );
        let frame = self.frame(page as u32)?;
        if !self.camera.visible(&self.layout).contains(&page) {
            return None;
        }
        let size = frame.size.rotated(frame.rotation);
        let inside = |v: f64, start: f64, length: f32| {
            (0. ..=f64::from(length) * self.camera.scale).contains(&(v - start))
        };
        let on = inside(at.x, frame.origin.x, size.width) && inside(at.y, frame.origin.y, size.height);
        on.then(|| (page as u32, frame.to_page(at)))
    }

    fn mark_under(&self, at: ViewPoint) -> Option<String> {
        let (page, point) = self.page_under(at)?;
        let on_page = self.marks.iter().rev().filter(|mark| mark.page == page + 1);
        let hit = on_page.into_iter().find(|mark| mark.rects.iter().any(|rect| rect.contains(point)));
        hit.map(|mark| mark.id.clone())
    }

    /// A page as it lies in the viewport, in CSS pixels.
    fn frame(&self, page: u32) -> Option<PageFrame> {
        let slot = self.layout.slot(page as usize)?;
        let entry = self.page(page as usize)?;
        let scale = self.camera.scale;
        let origin = ViewPoint { x: (slot.x - self.camera.x) * scale, y: (slot.y - self.camera.y) * scale };
        Some(PageFrame { size: entry.size(), rotation: self.rotation(page as usize), origin, scale })
    }
}
