//! What text is selected, from one place of the volume to another. The keyboard's part is in `caret`, what the
//! shell hears of it in `report`; pointers select in `gesture::select`.

mod caret;
mod report;

use std::ops::{Range, RangeInclusive};

use evolume_model::code::Code;
use evolume_model::geometry::{PageFrame, PagePoint, ViewPoint};
use evolume_model::viewing::Selection;

use super::pages::Moves;
use super::{Cursor, Effect, Engine};

/// Pages a selection may reach over.
pub(super) const PAGE_LIMIT: u32 = 200;
/// Behind the last character of a page whose text may not be there yet.
const END: usize = usize::MAX;

/// A place between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    page: u32,
    at: usize,
}

/// From one place to another, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
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

    /// On the same pages under their new numbers: as many of them, from the first that is still there, as still
    /// follow each other.
    fn renumbered(self, moves: &Moves) -> Option<Self> {
        let moved = |page: u32| Some((page, moves.page(page as usize)? as u32));
        let mut pages =
            (self.start.page..=self.end.page).skip_while(|page| moved(*page).is_none()).map_while(moved);
        let first = pages.next()?;
        let mut last = first;
        for (old, new) in pages {
            if new != last.1 + 1 {
                break;
            }
            last = (old, new);
        }
        let start = if first.0 == self.start.page { self.start.at } else { 0 };
        let end = if last.0 == self.end.page { self.end.at } else { END };
        Some(Self { start: Place { page: first.1, at: start }, end: Place { page: last.1, at: end } })
    }
}

/// Where the selection stands.
#[derive(Debug, Default)]
pub(super) struct TextSelection {
    /// What was pressed first: it stays selected while the other end moves.
    anchor: Option<Reach>,
    /// The end that moves.
    focus: Option<Reach>,
    /// The caret shows, and the keys move it.
    caret: bool,
    /// How far along its line the caret was before it went up and down.
    along: Option<f32>,
    /// The caret is to be brought into view when its page's text is there.
    reveal: bool,
    /// What the shell and the host know of it.
    reported: Option<Selection>,
    cursor: Cursor,
}

impl TextSelection {
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

    pub fn anchor(&self) -> Option<Reach> {
        self.anchor
    }

    pub fn set(&mut self, anchor: Option<Reach>, focus: Option<Reach>) {
        (self.anchor, self.focus) = (anchor, focus);
    }

    pub fn forget_along(&mut self) {
        self.along = None;
    }

    /// An end is to move, the last or the first, and the other one stays; false when nothing is selected.
    pub fn grab(&mut self, end: bool) -> bool {
        let Some(reach) = self.reach() else { return false };
        let (kept, moved) = if end { (reach.start, reach.end) } else { (reach.end, reach.start) };
        self.set(Some(Reach::empty(kept)), Some(Reach::empty(moved)));
        true
    }

    /// The pages from its beginning to its end, unless it is nothing.
    pub fn pages_reached(&self) -> Option<RangeInclusive<u32>> {
        self.reach().map(|reach| reach.start.page..=reach.end.page)
    }

    /// The pages whose texts the selection needs.
    pub fn pages(&self) -> Range<u32> {
        match (self.reach(), self.anchor) {
            (Some(reach), _) => reach.start.page..reach.end.page + 1,
            (None, Some(anchor)) => anchor.start.page..anchor.end.page + 1,
            (None, None) => 0..0,
        }
    }

    /// Pages have other numbers: it stays on its own. Where pages came between them it is cut short.
    pub fn renumber(&mut self, moves: &Moves) {
        let whole = self.reach().map(|reach| reach.renumbered(moves));
        let [anchor, focus] = [self.anchor, self.focus].map(|end| end.and_then(|end| end.renumbered(moves)));
        match whole {
            // What the two ends enclose may be more than what is left of the pages between.
            Some(Some(reach)) if anchor.zip(focus).is_none_or(|(a, f)| a.union(f) != reach) => {
                self.set(Some(Reach::empty(reach.start)), Some(Reach::empty(reach.end)));
            }
            Some(None) => self.set(None, None),
            _ => self.set(anchor, focus),
        }
    }
}

impl Engine {
    /// What a press there selects; `None` where there is no text, or none yet.
    pub(super) fn unit_at(&self, page: u32, point: PagePoint, clicks: u32) -> Option<Reach> {
        let text = self.texts.get(page)?;
        let hit = text.hit(point)?;
        let range = match clicks {
            0 | 1 => hit.place..hit.place,
            2 => text.word(hit.index),
            _ => text.line(hit.index),
        };
        Some(Reach::of(page, range))
    }

    /// The end that moves goes to a point of the viewport.
    pub(super) fn extend_to(&mut self, at: ViewPoint, clicks: u32) {
        let Some(anchor) = self.selection.anchor else { return };
        let Some((page, point)) = self.page_near(at) else { return };
        let focus = match self.texts.get(page) {
            None => return,
            // A page without text is passed over as a whole.
            Some(text) if text.is_empty() => Some(Reach::empty(Place { page, at: 0 })),
            Some(_) => self.unit_at(page, point, clicks),
        };
        self.selection.focus = focus.map(|focus| within_limit(anchor, focus)).or(self.selection.focus);
    }

    /// A text has arrived that the caret waits for.
    pub(super) fn text_for_caret(&mut self, now: f64, page: u32) {
        if self.selection.reveal && self.selection.tip().is_some_and(|tip| tip.page == page) {
            self.reveal_caret(now);
        }
    }

    /// Selects the material one is in.
    pub(super) fn select_all(&mut self, effects: &mut Vec<Effect>) {
        let page = self.selection.tip().map_or(self.current() as u32, |tip| tip.page);
        let reach = self.material_around(page);
        let first = Reach::empty(reach.start);
        let focus = within_limit(first, Reach::empty(reach.end));
        if focus.end != reach.end {
            effects.push(self.problem(Code::SelectionLimit, focus.end.page as usize));
        }
        self.selection.set(Some(first), Some(focus));
    }

    fn material_around(&self, page: u32) -> Reach {
        let own = self.pages.place(page as usize).map(|(material, _)| self.pages.of_material(material));
        let (first, last) = own.map_or((page, page), |own| (own.start as u32, own.end as u32 - 1));
        Reach { start: Place { page: first, at: 0 }, end: Place { page: last, at: END } }
    }

    pub(super) fn deselect(&mut self) {
        self.links.point_at_nothing();
        let tip = self.selection.tip().filter(|_| self.selection.caret).map(Reach::empty);
        self.selection.set(tip, tip);
    }

    /// The selected characters of a page whose text is there.
    pub(super) fn selected_on(&self, page: u32) -> Option<Range<usize>> {
        let reach = self.selection.reach()?;
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
        let at = self.pointers.at()?;
        let found = if self.pointers.is_selecting() { self.page_near(at) } else { self.page_under(at) };
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
        let frames = self.camera.visible(self.pages.layout()).filter_map(|page| {
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

    pub(super) fn mark_under(&self, at: ViewPoint) -> Option<String> {
        let (page, point) = self.page_under(at)?;
        let (material, index) = self.pages.place(page as usize)?;
        self.marks.at(&self.pages.material(material)?.id, index, point).map(|mark| mark.id.clone())
    }

    /// A page as it lies in the viewport, in CSS pixels.
    pub(super) fn frame(&self, page: u32) -> Option<PageFrame> {
        let slot = self.pages.layout().slot(page as usize)?;
        let entry = self.pages.page(page as usize)?;
        let scale = self.camera.scale;
        let origin = ViewPoint { x: (slot.x - self.camera.x) * scale, y: (slot.y - self.camera.y) * scale };
        Some(PageFrame { size: entry.size(), rotation: self.pages.rotation(page as usize), origin, scale })
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
