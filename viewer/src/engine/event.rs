//! What the engine hears, and what it wants done.

use std::ops::Range;
use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::geometry::ViewPoint;
use evolume_model::guide::Guide;
use evolume_model::text::PageText;
use evolume_model::viewing::{Fit, Followed, MarkPaint, Selection, Status, Tool, View};
use evolume_model::volume::{Blob, Manifest, Substitute};

use super::find;
use super::scene::Scene;
use super::select::Selecting;
use super::tiles::Piece;

/// What can happen. Lengths are CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The viewport has this size now.
    Resize {
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// Device pixels per CSS pixel.
        dpr: f64,
    },
    /// The content moves under the viewport; positive values show what is right and below.
    Scroll {
        /// To the right.
        dx: f64,
        /// Down.
        dy: f64,
    },
    /// The scrollbar is at this share of its way, 0 to 1.
    ScrollTo {
        /// 0 to 1.
        fraction: f64,
    },
    /// A zoom gesture.
    Zoom {
        /// Multiplies the scale.
        factor: f64,
        /// What stays in place; the middle when absent.
        at: Option<ViewPoint>,
    },
    /// A zoom in percent is chosen.
    ZoomTo {
        /// 100 shows a point as 96/72 CSS pixels.
        percent: f64,
    },
    /// The zoom is to follow the window.
    Fit(Fit),
    /// A page is chosen.
    GoTo {
        /// Volume page number, from 1; what lies outside is brought inside.
        page: u32,
        /// How far down the page, in page heights.
        offset: f64,
    },
    /// The main button goes down.
    Press {
        /// Where.
        at: ViewPoint,
        /// 1, 2 for a word, 3 for a line.
        clicks: u32,
        /// Shift is held: the selection is extended.
        extend: bool,
    },
    /// The pointer moves, whether the button is down or not.
    Move {
        /// To where.
        at: ViewPoint,
    },
    /// The main button goes up.
    Lift {
        /// Where.
        at: ViewPoint,
    },
    /// Something else than the button selects.
    Selecting(Selecting),
    /// The next link or citation in view is pointed at, or the one before.
    StepLink {
        /// The next.
        forward: bool,
    },
    /// The link or citation that is pointed at is followed.
    FollowLink,
    /// Nothing is to be selected.
    Deselect,
    /// These marks are to be painted, the last one on top.
    Marks(Vec<MarkPaint>),
    /// These hits are to be shown too: page of the volume, from 0, and characters of its text.
    AddHits(Vec<(u32, find::Hits)>),
    /// No hits are to be shown.
    ClearHits,
    /// A hit is chosen.
    ShowHit {
        /// Volume page number, from 1; what lies outside is brought inside.
        page: u32,
        /// Which of the page's hits, from 0.
        nth: u32,
    },
    /// An answer to [`Effect::FetchText`].
    Text {
        /// Page of the volume, from 0.
        page: u32,
        /// Its text, or why there is none.
        text: Result<Rc<PageText>, Code>,
    },
    /// An answer to [`Effect::FetchGuide`].
    Guide {
        /// Position of the material in the manifest.
        material: u32,
        /// Its guide, or why there is none.
        guide: Result<Rc<Guide>, Code>,
    },
    /// The pages are to be arranged and turned so.
    View(View),
    /// The main button is to do this.
    Tool(Tool),
    /// Time has passed.
    Tick,
    /// A job's bitmap is there.
    Ready {
        /// The job.
        job: u32,
        /// Size of the bitmap in memory.
        bytes: u64,
    },
    /// A job has failed.
    Failed {
        /// The job.
        job: u32,
        /// Why.
        code: Code,
    },
    /// Whatever failed may work now.
    Online,
    /// More is known of the same pages.
    Revise(Box<Manifest>),
}

impl Event {
    pub(super) fn moves_the_view(&self) -> bool {
        use Event::{Fit, GoTo, Online, Resize, Scroll, ScrollTo, ShowHit, View, Zoom, ZoomTo};
        matches!(
            self,
            Resize { .. }
                | Scroll { .. }
                | ScrollTo { .. }
                | Zoom { .. }
                | ZoomTo { .. }
                | Fit(_)
                | View(_)
                | GoTo { .. }
                | ShowHit { .. }
                | Online
        )
    }
}

/// What is to happen outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Make a bitmap and keep it under the job's number.
    Start(Job),
    /// The job's answer is not wanted any more.
    Cancel(u32),
    /// The job's bitmap is not wanted any more.
    Release(u32),
    /// The view has changed.
    Paint(Scene),
    /// The status has changed.
    Report(Status),
    /// Fetch a page's text and answer with [`Event::Text`].
    FetchText {
        /// Page of the volume, from 0.
        page: u32,
        /// The pack.
        blob: Blob,
        /// Its bytes in the pack.
        range: Range<u32>,
        /// Past the browser's cache.
        fresh: bool,
    },
    /// Fetch a material's guide and answer with [`Event::Guide`].
    FetchGuide {
        /// Position of the material in the manifest.
        material: u32,
        /// The guide.
        blob: Blob,
    },
    /// These are the texts of the pages in view, by page of the volume, from 0.
    Read(Vec<(u32, Rc<PageText>)>),
    /// A link or a citation was clicked.
    Follow(Followed),
    /// A key has come to a link or a citation.
    Pointed(evolume_model::viewing::PointedLink),
    /// The selection, or where it lies on the screen, has changed.
    Selected(Option<Selection>),
    /// A click, on this mark or on none.
    Mark(Option<String>),
    /// The pointer is to look so.
    Cursor(Cursor),
    /// Something is to be told to the reader.
    Problem {
        /// What.
        code: Code,
        /// On which page of the volume, from 1.
        page: u32,
    },
    /// Send [`Event::Tick`] after so many milliseconds.
    Wake {
        /// Milliseconds.
        after: f64,
    },
}

/// How the pointer looks over the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cursor {
    /// Over nothing.
    #[default]
    Plain,
    /// Over text.
    Text,
    /// Over a mark.
    Mark,
    /// Over a link or a citation.
    Link,
    /// A hand that could push the pages.
    Hand,
    /// A hand that pushes them.
    Grabbing,
    /// For drawing a frame.
    Cross,
}

/// A bitmap to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its number, and the bitmap's.
    pub id: u32,
    /// Past every cache, because the bytes were bad.
    pub fresh: bool,
    /// From what.
    pub source: Source,
}

/// From what a bitmap is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// An encoded image inside a pack.
    Preview {
        /// The pack.
        blob: Blob,
        /// Its bytes in the pack.
        range: Range<u32>,
    },
    /// A sheet of thumbnails.
    Thumbs {
        /// The encoded image.
        blob: Blob,
    },
    /// The page's own image, by the browser's decoder.
    Image {
        /// The encoded image.
        blob: Blob,
        /// MIME type.
        media_type: String,
        /// The size asked for, when it is not the image's own.
        size: Option<Resize>,
    },
    /// A piece of a PDF page, by a render worker.
    Render {
        /// The part.
        blob: Blob,
        /// Page inside the part's PDF.
        page: u32,
        /// Device pixels of the whole page.
        page_width: u32,
        /// Device pixels of the whole page.
        page_height: u32,
        /// The piece of it.
        piece: Piece,
        /// Render this many times larger and scale down.
        oversample: u32,
        /// What stands in for fonts that the part does not embed.
        fonts: Vec<Substitute>,
    },
}

/// To what an image is scaled as it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resize {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// So small that neighbouring pixels have to be averaged, not only interpolated.
    pub fine: bool,
}

impl Source {
    pub(super) fn renders(&self) -> bool {
        matches!(self, Source::Render { .. })
    }
}
