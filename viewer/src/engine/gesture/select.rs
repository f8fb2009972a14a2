//! Selecting text by a pointer, or clicking on a mark or a link where nothing was selected.

use evolume_model::code::Code;
use evolume_model::geometry::ViewPoint;

use super::{Gesture, Pointer, PointerKind};
use crate::engine::selection::PAGE_LIMIT;
use crate::engine::{Effect, Engine};

/// A pointer that drags so near to the upper or lower edge scrolls, in CSS pixels.
const EDGE: f64 = 16.;
/// How fast for each CSS pixel into the edge, and at most, in CSS pixels a second.
const SPEED: f64 = 12.;
const TOP_SPEED: f64 = 2_400.;
/// Between two steps of that, in milliseconds.
const FRAME_MS: f64 = 16.;
/// A pointer that moves less far between press and release, in CSS pixels, has clicked.
const CLICK: f64 = 4.;

/// A pointer that is down and selects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Select {
    /// None when the shell moves an end of the selection by a handle of its own.
    id: Option<i32>,
    by_finger: bool,
    from: ViewPoint,
    to: ViewPoint,
    clicks: u32,
    extend: bool,
    /// The pointer has left the place where it was pressed.
    moved: bool,
    /// When a drag at an edge has scrolled last.
    scrolled_at: f64,
}

impl Select {
    fn new(now: f64, pointer: &Pointer) -> Self {
        Self {
            id: Some(pointer.id),
            by_finger: pointer.kind == PointerKind::Finger,
            from: pointer.sample.at,
            to: pointer.sample.at,
            clicks: pointer.clicks,
            extend: pointer.modifiers.shift,
            moved: false,
            scrolled_at: now,
        }
    }

    pub fn is_by(&self, id: i32) -> bool {
        self.id == Some(id)
    }

    pub fn is_by_finger(&self) -> bool {
        self.by_finger
    }

    /// How far a drag is into an edge of the view, in CSS pixels: upwards below zero, downwards above.
    fn over_edge(&self, height: f64) -> f64 {
        if !self.moved {
            return 0.;
        }
        (self.to.y - (height - EDGE)).max(0.) - (EDGE - self.to.y).max(0.)
    }
}

impl Engine {
    fn selecting(&self) -> Option<Select> {
        match &self.pointers.gesture {
            Gesture::Select(select) => Some(*select),
            _ => None,
        }
    }

    pub(super) fn begin_select(&mut self, now: f64, pointer: &Pointer) {
        self.pointers.at = Some(pointer.sample.at);
        self.start_select(Select::new(now, pointer));
    }

    fn start_select(&mut self, select: Select) {
        self.pointers.gesture = Gesture::Select(select);
        self.select_pressed(&select);
    }

    /// Begins a selection where the pointer was pressed, if the text there is known.
    fn select_pressed(&mut self, select: &Select) {
        self.selection.forget_along();
        if select.extend && self.selection.anchor().is_some() {
            return self.extend_to(select.from, select.clicks);
        }
        let under = self.page_under(select.from);
        let unit = under.and_then(|(page, point)| self.unit_at(page, point, select.clicks));
        self.selection.set(unit, unit);
    }

    /// A finger has rested on a word: it is selected, and the finger drags on from there.
    pub(super) fn rest_on(&mut self, now: f64, id: i32, at: ViewPoint) {
        let on_text = self.page_under(at).is_some_and(|(page, point)| self.unit_at(page, point, 2).is_some());
        if on_text {
            self.pointers.at = Some(at);
            let (from, to, scrolled_at) = (at, at, now);
            let (id, by_finger, clicks, extend, moved) = (Some(id), true, 2, false, false);
            self.start_select(Select { id, by_finger, from, to, clicks, extend, moved, scrolled_at });
        }
    }

    /// The shell takes hold of an end of the selection.
    pub(in crate::engine) fn grab(&mut self, now: f64, end: bool) {
        if !self.selection.grab(end) {
            return;
        }
        let at = self.pointers.at.unwrap_or_default();
        self.pointers.gesture = Gesture::Select(Select {
            id: None,
            by_finger: false,
            from: at,
            to: at,
            clicks: 1,
            extend: true,
            moved: true,
            scrolled_at: now,
        });
    }

    /// What is held goes on to here.
    pub(in crate::engine) fn drag(&mut self, at: ViewPoint) {
        if self.pointers.is_selecting() {
            self.pointers.at = Some(at);
            self.select_to(at);
        }
    }

    /// What is held is let go here.
    pub(in crate::engine) fn drop_held(&mut self, at: ViewPoint, effects: &mut Vec<Effect>) {
        if self.pointers.is_selecting() {
            self.end_select(at, effects);
        }
    }

    pub(super) fn select_to(&mut self, at: ViewPoint) {
        if let Gesture::Select(select) = &mut self.pointers.gesture {
            select.moved |= select.from != at;
            select.to = at;
        }
        self.drag_on();
        self.point_at_link(at);
    }

    /// The view has moved under a pointer that is down, or the pointer over the view.
    pub(in crate::engine) fn drag_on(&mut self) {
        if let Some(select) = self.selecting().filter(|select| select.moved) {
            self.extend_to(select.to, select.clicks);
        }
    }

    /// A text has arrived: what was pressed before it can begin or go on now.
    pub(in crate::engine) fn text_for_gesture(&mut self, page: u32) {
        let Some(select) = self.selecting() else { return };
        let under = self.page_under(select.from).is_some_and(|(under, _)| under == page);
        if self.selection.anchor().is_none() && under {
            self.select_pressed(&select);
        }
        self.drag_on();
    }

    /// The pointer is up; a click that selected nothing may have met a mark or a link.
    pub(super) fn end_select(&mut self, at: ViewPoint, effects: &mut Vec<Effect>) {
        let Some(select) = self.selecting() else { return };
        self.pointers.gesture = Gesture::Idle;
        match self.selection.pages_reached() {
            None => {
                let mark = self.mark_under(at);
                let click = (select.from.x - at.x).hypot(select.from.y - at.y) <= CLICK;
                if mark.is_none()
                    && click
                    && !select.extend
                    && let Some(link) = self.link_under(at)
                {
                    effects.push(Effect::Follow(link.goal));
                }
                effects.push(Effect::Mark(mark));
            }
            Some(pages) if pages.end() - pages.start() >= PAGE_LIMIT - 1 && select.moved => {
                effects.push(self.problem(Code::SelectionLimit, *pages.end() as usize));
            }
            Some(_) => {}
        }
    }

    /// When a drag at an edge goes on.
    pub(in crate::engine) fn next_edge_step(&self) -> Option<f64> {
        let select = self.selecting().filter(|select| select.over_edge(self.camera.height) != 0.)?;
        self.selection.anchor().map(|_| select.scrolled_at + FRAME_MS)
    }

    /// Scrolls while a drag is at an edge of the view.
    pub(super) fn scroll_at_edge(&mut self, now: f64) {
        let height = self.camera.height;
        let Gesture::Select(select) = &mut self.pointers.gesture else { return };
        let over = select.over_edge(height);
        let passed = (now - select.scrolled_at).clamp(0., 3. * FRAME_MS);
        select.scrolled_at = now;
        if over == 0. || self.selection.anchor().is_none() {
            return;
        }
        let speed = (over * SPEED).clamp(-TOP_SPEED, TOP_SPEED);
        self.scroll(now, 0., speed * passed / 1_000.);
        self.camera.clamp(self.pages.layout());
        self.motion.pushed(now);
        self.drag_on();
    }
}
