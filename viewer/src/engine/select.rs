//! What is selected, from one place of the volume to another, and the pointer that selects it, or clicks on a mark
//! or a link: a small state machine. The keyboard's part is in `caret`, what the shell is told in `told`.

mod caret;
mod told;

use std::ops::Range;

use evolume_model::code::Code;
use evolume_model::geometry::{PageFrame, PagePoint, ViewPoint};
use evolume_model::viewing::Selection;

pub use self::caret::Step;
use super::{Cursor, Effect, Engine};

/// Pages a selection may reach over.
const PAGE_LIMIT: u32 = 200;
/// Behind the last character of a page whose text may not be there yet.
const END: usize = usize::MAX;
/// A pointer that drags so near to the upper or lower edge scrolls, in CSS pixels.
const EDGE: f64 = 16.;
/// How fast for each CSS pixel into the edge, and at most, in CSS pixels a second.
const SPEED: f64 = 12.;
const TOP_SPEED: f64 = 2_400.;
/// Between two steps of that, in milliseconds.
const FRAME_MS: f64 = 16.;

/// A pointer that moves less far between press and release, in CSS pixels, has clicked.
const CLICK: f64 = 4.;

/// What selects besides the pointer's button.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Selecting {
    /// A finger has rested here for a moment.
    Hold {
        /// Where.
        at: ViewPoint,
    },
    /// An end of the selection is taken hold of; moves and the lift follow.
    Grab {
        /// The last end, not the first.
        end: bool,
    },
    /// The material one is in.
    All,
    /// The caret shows, and moves by steps; or does not any more.
    Caret(bool),
    /// The end of the selection that moves goes on.
    Step {
        /// How far.
        step: Step,
        /// The rest stays selected.
        extend: bool,
    },
}

/// A place between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    page: u32,
    at: usize,
}

/// From one place to another, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reach {
    start: Place,
    end: Place,
}

impl Reach {
    fn of(page: u32, range: Range<usize>) -> Self {
        Self { start: Place { page, at: range.start }, end: Place { page, at: range.end } }
    }

    fn empty(place: Place) -> Self {
        Self { start: place, end: place }
    }

    fn union(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

/// A button that is down.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Press {
    at: ViewPoint,
    clicks: u32,
    extend: bool,
    /// The pointer has left the place where it was pressed.
    moved: bool,
}

/// Where the selection stands.
#[derive(Debug, Default)]
pub(super) struct Select {
    /// What was pressed first: it stays selected while the other end moves.
    anchor: Option<Reach>,
    /// The end that moves.
    focus: Option<Reach>,
    press: Option<Press>,
    /// The caret shows, and the keys move it.
    caret: bool,
    /// How far along its line the caret was before it went up and down.
    along: Option<f32>,
    /// The caret is to be brought into view when its page's text is there.
    reveal: bool,
    /// When a drag at an edge has scrolled last.
    scrolled_at: f64,
    told: Option<Selection>,
    cursor: Cursor,
}

impl Select {
    /// From where to where, unless it is nothing.
    fn reach(&self) -> Option<Reach> {
        let reach = self.anchor?.union(self.focus?);
        (!reach.is_empty()).then_some(reach)
    }

    /// The place that moves.
    fn tip(&self) -> Option<Place> {
        let (anchor, focus) = (self.anchor?, self.focus?);
        Some(if focus.start < anchor.start { focus.start } else { focus.end })
    }

    /// The pages whose texts the selection needs.
    pub fn pages(&self) -> Range<u32> {
        match (self.reach(), self.anchor) {
            (Some(reach), _) => reach.start.page..reach.end.page + 1,
            (None, Some(anchor)) => anchor.start.page..anchor.end.page + 1,
            (None, None) => 0..0,
        }
    }
}

impl Engine {
    /// Takes what selects besides the pointer's button.
    pub(super) fn take_selecting(&mut self, now: f64, event: Selecting, effects: &mut Vec<Effect>) {
        match event {
            Selecting::Hold { at } => self.rest_on(now, at),
            Selecting::Grab { end } => self.grab(now, end),
            Selecting::All => self.select_all(effects),
            Selecting::Caret(on) => self.set_caret(now, on),
            Selecting::Step { step, extend } => self.step(now, step, extend),
        }
    }

    pub(super) fn press(&mut self, now: f64, at: ViewPoint, clicks: u32, extend: bool) {
        self.select.press = Some(Press { at, clicks, extend, moved: false });
        self.select.scrolled_at = now;
        self.pointer = Some(at);
        self.begin();
    }

    /// Begins a selection under the pressed button, if the text there is known.
    fn begin(&mut self) {
        let Some(Press { at, clicks, extend, .. }) = self.select.press else { return };
        self.select.along = None;
        if extend && self.select.anchor.is_some() {
            self.drag_to(at);
            return;
        }
        let under = self.page_under(at);
        self.select.anchor = under.and_then(|(page, point)| self.unit_at(page, point, clicks));
        self.select.focus = self.select.anchor;
    }

    /// A finger has rested on a word: it is selected, and the finger drags on from there.
    fn rest_on(&mut self, now: f64, at: ViewPoint) {
        let on_text = self.page_under(at).is_some_and(|(page, point)| self.unit_at(page, point, 2).is_some());
        if on_text {
            self.press(now, at, 2, false);
        }
    }

    /// Takes hold of an end of the selection.
    fn grab(&mut self, now: f64, end: bool) {
        let Some(reach) = self.select.reach() else { return };
        let (kept, moved) = if end { (reach.start, reach.end) } else { (reach.end, reach.start) };
        (self.select.anchor, self.select.focus) = (Some(Reach::empty(kept)), Some(Reach::empty(moved)));
        let at = self.pointer.unwrap_or_default();
        self.select.press = Some(Press { at, clicks: 1, extend: true, moved: true });
        self.select.scrolled_at = now;
    }

    /// Whether a pointer is selecting.
    pub fn is_selecting(&self) -> bool {
        self.select.press.is_some()
    }

    /// What a press there selects; `None` where there is no text, or none yet.
    fn unit_at(&self, page: u32, point: PagePoint, clicks: u32) -> Option<Reach> {
        let text = self.texts.get(page)?;
        let hit = text.hit(point)?;
        let range = match clicks {
            0 | 1 => hit.place..hit.place,
            2 => text.word(hit.index),
            _ => text.line(hit.index),
        };
        Some(Reach::of(page, range))
    }

    /// A text has arrived: what was pressed before it can begin or go on now.
    pub(super) fn text_for_selection(&mut self, now: f64, page: u32) {
        if let Some(press) = self.select.press {
            let under = self.page_under(press.at).is_some_and(|(under, _)| under == page);
            if self.select.anchor.is_none() && under {
                self.begin();
            }
            self.drag_on();
        }
        if self.select.reveal && self.select.tip().is_some_and(|tip| tip.page == page) {
            self.reveal_caret(now);
        }
    }

    pub(super) fn point(&mut self, at: ViewPoint) {
        if let Some(press) = &mut self.select.press {
            press.moved |= press.at != at;
        }
        self.pointer = Some(at);
        self.drag_on();
        self.point_at_link(at);
    }

    /// The view has moved under a pointer that is down, or the pointer over the view.
    pub(super) fn drag_on(&mut self) {
        if let (Some(at), Some(Press { moved: true, .. })) = (self.pointer, self.select.press) {
            self.drag_to(at);
        }
    }

    fn drag_to(&mut self, at: ViewPoint) {
        let Some(anchor) = self.select.anchor else { return };
        let Some((page, point)) = self.page_near(at) else { return };
        let clicks = self.select.press.map_or(1, |press| press.clicks);
        let focus = match self.texts.get(page) {
            None => return,
            // A page without text is passed over as a whole.
            Some(text) if text.is_empty() => Some(Reach::empty(Place { page, at: 0 })),
            Some(_) => self.unit_at(page, point, clicks),
        };
        self.select.focus = focus.map(|focus| within_limit(anchor, focus)).or(self.select.focus);
    }

    /// How far a drag is into an edge of the view, in CSS pixels: upwards below zero, downwards above.
    fn over_edge(&self) -> f64 {
        let (Some(at), Some(Press { moved: true, .. })) = (self.pointer, self.select.press) else {
            return 0.;
        };
        (at.y - (self.camera.height - EDGE)).max(0.) - (EDGE - at.y).max(0.)
    }

    /// When a drag at an edge goes on.
    pub(super) fn next_edge_step(&self) -> Option<f64> {
        (self.over_edge() != 0. && self.select.anchor.is_some()).then_some(self.select.scrolled_at + FRAME_MS)
    }

    /// Scrolls while a drag is at an edge of the view.
    pub(super) fn scroll_at_edge(&mut self, now: f64) {
        let over = self.over_edge();
        let passed = (now - self.select.scrolled_at).clamp(0., 3. * FRAME_MS);
        self.select.scrolled_at = now;
        if over == 0. || self.select.anchor.is_none() {
            return;
        }
        let speed = (over * SPEED).clamp(-TOP_SPEED, TOP_SPEED);
        self.scroll(now, 0., speed * passed / 1_000.);
        self.camera.clamp(&self.layout);
        (self.moved_at, self.pinned) = (now, None);
        self.drag_on();
    }

    /// The button is up; a click that selected nothing may have met a mark or a link.
    pub(super) fn lift(&mut self, at: ViewPoint, effects: &mut Vec<Effect>) {
        let Some(press) = self.select.press.take() else { return };
        match self.select.reach() {
            None => {
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
            Some(reach) if reach.end.page - reach.start.page >= PAGE_LIMIT - 1 && press.moved => {
                effects.push(Effect::Problem { code: Code::SelectionLimit, page: reach.end.page + 1 });
            }
            Some(_) => {}
        }
    }

    /// Selects the material one is in.
    fn select_all(&mut self, effects: &mut Vec<Effect>) {
        let page = self.select.tip().map_or(self.current() as u32, |tip| tip.page);
        let reach = self.material_around(page);
        let first = Reach::empty(reach.start);
        let focus = within_limit(first, Reach::empty(reach.end));
        if focus.end != reach.end {
            effects.push(Effect::Problem { code: Code::SelectionLimit, page: focus.end.page + 1 });
        }
        (self.select.anchor, self.select.focus) = (Some(first), Some(focus));
    }

    fn material_around(&self, page: u32) -> Reach {
        let own = self.numbering.place(page as usize).map(|(material, _)| self.numbering.pages_of(material));
        let (first, last) = own.map_or((page, page), |own| (own.start as u32, own.end as u32 - 1));
        Reach { start: Place { page: first, at: 0 }, end: Place { page: last, at: END } }
    }

    pub(super) fn deselect(&mut self) {
        self.links.pointed = None;
        let tip = self.select.tip().filter(|_| self.select.caret).map(Reach::empty);
        (self.select.anchor, self.select.focus) = (tip, tip);
    }

    /// The selected characters of a page whose text is there.
    pub(super) fn selected_on(&self, page: u32) -> Option<Range<usize>> {
        let reach = self.select.reach()?;
        let length = self.texts.get(page)?.len();
        if !(reach.start.page..=reach.end.page).contains(&page) {
            return None;
        }
        let start = if reach.start.page == page { reach.start.at.min(length) } else { 0 };
        let end = if reach.end.page == page { reach.end.at.min(length) } else { length };
        (start < end).then_some(start..end)
    }

    /// The page under the pointer, or near it while it selects.
    pub(super) fn pointed(&self) -> Option<u32> {
        let at = self.pointer?;
        let found = if self.is_selecting() { self.page_near(at) } else { self.page_under(at) };
        found.map(|(page, _)| page)
    }

    /// The page under a point of the viewport, and the point on it.
    pub(super) fn page_under(&self, at: ViewPoint) -> Option<(u32, PagePoint)> {
        let (page, point, away) = self.nearest_page(at)?;
        (away == 0.).then_some((page, point))
    }

    /// The page in view that is nearest to a point of the viewport, and the point seen from it.
    fn page_near(&self, at: ViewPoint) -> Option<(u32, PagePoint)> {
        self.nearest_page(at).map(|(page, point, _)| (page, point))
    }

    fn nearest_page(&self, at: ViewPoint) -> Option<(u32, PagePoint, f64)> {
        let frames = self.camera.visible(&self.layout).filter_map(|page| {
            let frame = self.frame(page as u32)?;
            let size = frame.size.rotated(frame.rotation);
            let away = |v: f64, from: f64, length: f32| {
                (from - v).max(v - from - f64::from(length) * self.camera.scale).max(0.)
            };
            let (dx, dy) = (away(at.x, frame.origin.x, size.width), away(at.y, frame.origin.y, size.height));
            Some((page as u32, frame, dx.hypot(dy)))
        });
        let (page, frame, away) = frames.min_by(|a, b| a.2.total_cmp(&b.2))?;
        Some((page, frame.to_page(at), away))
    }

    fn mark_under(&self, at: ViewPoint) -> Option<String> {
        let (page, point) = self.page_under(at)?;
        let on_page = self.marks.iter().rev().filter(|mark| mark.page == page + 1);
        let hit = on_page.into_iter().find(|mark| mark.rects.iter().any(|rect| rect.contains(point)));
        hit.map(|mark| mark.id.clone())
    }

    /// A page as it lies in the viewport, in CSS pixels.
    pub(super) fn frame(&self, page: u32) -> Option<PageFrame> {
        let slot = self.layout.slot(page as usize)?;
        let entry = self.page(page as usize)?;
        let scale = self.camera.scale;
        let origin = ViewPoint { x: (slot.x - self.camera.x) * scale, y: (slot.y - self.camera.y) * scale };
        Some(PageFrame { size: entry.size(), rotation: self.rotation(page as usize), origin, scale })
    }
}

/// The end that moves, no farther from the anchor than a selection may reach.
fn within_limit(anchor: Reach, focus: Reach) -> Reach {
    let (first, last) = (anchor.start.page, anchor.end.page);
    if focus.end.page >= first.saturating_add(PAGE_LIMIT) {
        Reach::empty(Place { page: first + PAGE_LIMIT - 1, at: END })
    } else if focus.start.page.saturating_add(PAGE_LIMIT) <= last {
        Reach::empty(Place { page: last + 1 - PAGE_LIMIT, at: 0 })
    } else {
        focus
    }
}
