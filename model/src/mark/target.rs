//! What a mark lies on.

use serde::{Deserialize, Serialize};

use super::{Invalid, Shape, check};
use crate::access::is_id;
use crate::geometry::{PagePoint, PageRect};
use crate::ink::{InkPoint, encode};
use crate::page::PageRef;

/// Characters of a quote.
pub const MAX_QUOTE: usize = 4_000;
/// Rectangles on text: lines of one page.
pub const MAX_RECTS: usize = 500;
/// Strokes of one mark.
pub const MAX_STROKES: usize = 500;
/// Points of all strokes of one mark.
pub const MAX_INK: usize = 60_000;
/// Pages of one material, and points of a page's side, are fewer.
const MAX_PAGE: u32 = 100_000;
const MAX_POINTS: f32 = 100_000.;
/// Characters of a page are fewer.
const MAX_CHARS: u32 = 1_000_000;
/// Milliseconds of a recording: eleven days.
const MAX_RECORDING: u32 = 1_000_000_000;

/// What is marked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkTarget"))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Target {
    /// Characters of a page's text.
    Text {
        /// Where.
        page: PageRef,
        /// First character.
        start: u32,
        /// The character after the last.
        end: u32,
        /// One rectangle a line, in page space.
        rects: Vec<PageRect>,
        /// The characters, shortened to [`MAX_QUOTE`].
        quote: String,
    },
    /// A rectangle of a page.
    Area {
        /// Where.
        page: PageRef,
        /// In page space.
        rect: PageRect,
    },
    /// What a pen drew on a page.
    Strokes {
        /// Where.
        page: PageRef,
        /// Each with an id, so that two windows can add and erase in one mark.
        strokes: Vec<Stroke>,
    },
    /// A point of a page.
    Point {
        /// Where.
        page: PageRef,
        /// In page space.
        at: PagePoint,
    },
    /// A whole page.
    Page {
        /// Which.
        page: PageRef,
    },
    /// A span of a recording; a moment when it starts where it ends.
    Time {
        /// The recording.
        material: String,
        /// Milliseconds from its beginning.
        start: u32,
        /// Milliseconds from its beginning.
        end: u32,
    },
    /// Something that only a newer version knows, with as much of its place as can be read.
    Unknown {
        /// Where, if on a page.
        page: Option<PageRef>,
        /// In page space; may be empty.
        rects: Vec<PageRect>,
    },
}

impl Target {
    /// The page that it is on.
    pub fn page(&self) -> Option<&PageRef> {
        match self {
            Self::Text { page, .. }
            | Self::Area { page, .. }
            | Self::Strokes { page, .. }
            | Self::Point { page, .. }
            | Self::Page { page } => Some(page),
            Self::Unknown { page, .. } => page.as_ref(),
            Self::Time { .. } => None,
        }
    }

    /// Its shape; `None` for what only a newer version knows.
    pub fn shape(&self) -> Option<Shape> {
        match self {
            Self::Text { .. } => Some(Shape::Text),
            Self::Area { .. } => Some(Shape::Area),
            Self::Strokes { .. } => Some(Shape::Strokes),
            Self::Point { .. } => Some(Shape::Point),
            Self::Page { .. } => Some(Shape::Page),
            Self::Time { .. } => Some(Shape::Time),
            Self::Unknown { .. } => None,
        }
    }

    pub(super) fn validate(&self) -> Result<(), Invalid> {
        if let Some(page) = self.page() {
            check("material", is_id(&page.material))?;
            check("page", page.index < MAX_PAGE)?;
        }
        match self {
            Self::Text { start, end, rects, quote, .. } => {
                check("range", start < end && *end <= MAX_CHARS)?;
                check("rects", !rects.is_empty())?;
                check("quote", quote.chars().count() <= MAX_QUOTE)?;
                check_rects(rects)
            }
            Self::Area { rect, .. } => check_rects(std::slice::from_ref(rect)),
            Self::Strokes { strokes, .. } => {
                check("strokes", !strokes.is_empty() && strokes.len() <= MAX_STROKES)?;
                check("strokes", strokes.is_sorted_by(|a, b| a.id < b.id))?;
                check("strokes", strokes.iter().all(|stroke| is_id(&stroke.id)))?;
                check("strokes", strokes.iter().map(|stroke| stroke.points.len()).sum::<usize>() <= MAX_INK)?;
                check("strokes", strokes.iter().all(|stroke| encode(&stroke.points).is_ok()))
            }
            Self::Point { at, .. } => check("at", [at.x, at.y].into_iter().all(is_inside)),
            Self::Time { material, start, end } => {
                check("material", is_id(material))?;
                check("range", start <= end && *end <= MAX_RECORDING)
            }
            Self::Unknown { rects, .. } => check_rects(rects),
            Self::Page { .. } => Ok(()),
        }
    }
}

/// One stroke of a pen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Stroke {
    /// Unique in its mark; strokes are in the order of their ids.
    pub id: String,
    /// In the order of drawing.
    pub points: Vec<InkPoint>,
}

fn check_rects(rects: &[PageRect]) -> Result<(), Invalid> {
    check("rects", rects.len() <= MAX_RECTS && rects.iter().all(is_sound))
}

fn is_inside(value: f32) -> bool {
    value.abs() <= MAX_POINTS
}

fn is_sound(rect: &PageRect) -> bool {
    [rect.x0, rect.y0, rect.x1, rect.y1].into_iter().all(is_inside)
        && rect.x0 <= rect.x1
        && rect.y0 <= rect.y1
}
