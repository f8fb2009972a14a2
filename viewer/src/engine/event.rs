//! What the engine hears, and what it wants done.

use std::ops::Range;
use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::geometry::ViewPoint;
use evolume_model::navigation::Navigation;
use evolume_model::page::PageRef;
use evolume_model::text::PageText;
use evolume_model::viewing::{LinkDestination, PointedLink, Selection, Status, ViewerCommand};
use evolume_model::volume::{Blob, Manifest, Substitute};

use super::find;
use super::gesture::{Phase, Pointer};
use super::scene::Scene;
use super::tiles::Piece;

/// What can happen. Lengths are CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The shell wants something.
    Command(ViewerCommand),
    /// Hits to be shown too, by page, from 0. Not a command, because they come packed: there may be many.
    AddHits(Vec<(u32, find::Hits)>),
    /// The viewport has this size now; `dpr` is device pixels per CSS pixel.
    Resize { width: f64, height: f64, dpr: f64 },
    /// A wheel moves the content under the viewport; positive values show what is right and below.
    Scroll { dx: f64, dy: f64 },
    /// A wheel or a touchpad multiplies the scale around a point.
    Zoom { factor: f64, at: ViewPoint },
    /// A mouse, pen or finger does something.
    Pointer { phase: Phase, pointer: Pointer },
    /// An answer to [`Effect::FetchText`]: the text, or why there is none.
    Text { page: PageRef, text: Result<Rc<PageText>, Code> },
    /// An answer to [`Effect::FetchNavigation`]: the navigation data, or why there is none.
    Navigation { material: String, navigation: Result<Rc<Navigation>, Code> },
    /// Time has passed.
    Tick,
    /// A job's bitmap is there, and takes so many bytes.
    Ready { job: u32, bytes: u64 },
    /// A job has failed.
    Failed { job: u32, code: Code },
    /// Another manifest of the same volume.
    Revise(Box<Manifest>),
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
    /// Fetch a page's text, which lies at these bytes of a pack, and answer with [`Event::Text`]. `fresh`: past the
    /// browser's cache.
    FetchText { page: PageRef, blob: Blob, range: Range<u32>, fresh: bool },
    /// Fetch a material's navigation data and answer with [`Event::Navigation`].
    FetchNavigation { material: String, blob: Blob, fresh: bool },
    /// These are the texts of the pages in view.
    Read(Vec<(PageRef, Rc<PageText>)>),
    /// A link or a citation was clicked.
    Follow(LinkDestination),
    /// A key has come to a link or a citation.
    Pointed(PointedLink),
    /// The selection, or where it lies on the screen, has changed.
    Selected(Option<Selection>),
    /// A click, on this mark or on none.
    Mark(Option<String>),
    /// The pointer is to look so.
    Cursor(Cursor),
    /// The reader is to know that something went wrong, and on which page.
    Problem { code: Code, page: Option<PageRef> },
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
