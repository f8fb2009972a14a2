//! Messages between server, shell, viewer and its workers.

use serde::{Deserialize, Serialize};

use crate::access::Principal;
use crate::annotation::{Anchor, Colour, Kind};
use crate::code::Code;
use crate::fonts::Face;
use crate::geometry::{PageRect, Rotation};
use crate::text::PageText;
use crate::volume::VolumeClass;

/// An error as the server answers it (RFC 9457 problem document).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code; the interface translates it.
    pub code: Code,
    /// One short English sentence.
    pub title: String,
}

/// A case in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseSummary {
    /// Opaque id.
    pub id: String,
    /// 案号.
    pub number: String,
    /// 案由.
    pub title: String,
    /// 法院.
    pub court: String,
    /// In order.
    pub volumes: Vec<VolumeSummary>,
}

/// A volume in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VolumeSummary {
    /// Opaque id.
    pub id: String,
    /// E.g. 正卷.
    pub title: String,
    /// Confidentiality class.
    pub class: VolumeClass,
    /// Number of pages at this revision.
    pub pages: u32,
    /// Number of materials at this revision.
    pub materials: u32,
    /// Counts up with every change.
    pub revision: u32,
}

/// Who one is to the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The principal; its id is empty when nobody is known.
    pub principal: Principal,
    /// Whether one may choose a name oneself.
    pub provisional: bool,
}

/// Asks for a provisional name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionRequest {
    /// As others are to see it.
    pub name: String,
}

/// Whose annotations a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// One's own.
    Private,
    /// The panel's.
    Panel,
    /// A committee meeting's.
    Meeting,
    /// Everybody's who may read the volume.
    Everybody,
}

/// A layer that one may open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LayerSummary {
    /// The room's name.
    pub id: String,
    /// Whose it is.
    pub kind: LayerKind,
    /// Whether one may make marks in it.
    pub write: bool,
}

/// A mark to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewMark {
    /// Its id.
    pub id: String,
    /// What kind.
    pub kind: Kind,
    /// On what.
    pub anchor: Anchor,
}

/// What the reader does to a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LayerCommand {
    /// Makes marks, in one step: what is selected over several pages has one on each.
    Add {
        /// In the order of their making.
        marks: Vec<NewMark>,
        /// In which colour.
        colour: Colour,
    },
    /// Says something about one's own mark.
    Note {
        /// Which.
        id: String,
        /// The whole note.
        note: String,
    },
    /// Gives one's own mark another colour.
    Colour {
        /// Which.
        id: String,
        /// In which colour.
        colour: Colour,
    },
    /// Removes one's own mark.
    Remove {
        /// Which.
        id: String,
    },
    /// Takes the last command back.
    Undo,
    /// Does again what was taken back.
    Redo,
}

/// Somebody who is here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Person {
    /// Principal id.
    pub id: String,
    /// Name, by the server.
    pub name: String,
    /// The page they are on, when they tell.
    pub page: Option<u32>,
}

/// How the zoom follows the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// The page's width fills the window.
    Width,
    /// The whole page fits.
    Page,
}

/// How pages lie beside and below each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Arrangement {
    /// One below the other.
    #[default]
    Continuous,
    /// One alone at a time.
    Single,
    /// Two side by side.
    Two,
    /// Two side by side, as in a book: the first page alone on the right.
    Book,
}

/// What the main button does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// Selects text and follows links.
    #[default]
    Select,
    /// Pushes the pages.
    Hand,
    /// Draws a frame that is then enlarged, once.
    Marquee,
}

/// How the reader has the pages arranged and turned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct View {
    /// Beside and below each other.
    pub arrangement: Arrangement,
    /// Degrees clockwise by which all pages are turned: 0, 90, 180 or 270.
    #[cfg_attr(feature = "ts", ts(type = "0 | 90 | 180 | 270"))]
    pub turn: Rotation,
    /// And single pages further: volume page number, from 1, and degrees.
    #[cfg_attr(feature = "ts", ts(type = "Array<[page: number, turn: 0 | 90 | 180 | 270]>"))]
    pub turns: Vec<(u32, Rotation)>,
}

/// What the viewer tells its shell after every change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Status {
    /// Volume page number, from 1; 0 in an empty volume.
    pub page: u32,
    /// Pages of the volume.
    pub pages: u32,
    /// Position of the page's material in the manifest.
    pub material: u32,
    /// Page number inside the material, from 1.
    pub page_in_material: u32,
    /// Percent; 100 shows a point as 96/72 CSS pixels.
    pub zoom: f64,
    /// Set while the zoom follows the window.
    pub fit: Option<Fit>,
    /// How far the view is scrolled down the current page: 0 at its upper edge, in page heights.
    pub offset: f64,
    /// Every visible page shows at least its preview.
    pub readable: bool,
    /// Every visible pixel is at full sharpness.
    pub sharp: bool,
    /// Visible pages that could not be shown.
    pub failed: u32,
    /// Pages in view that have nothing to show yet, not even a thumbnail.
    pub blank: u32,
    /// Scroll position for a scrollbar: 0 to 1.
    pub scroll: f64,
    /// Share of the volume's height in view: 0 to 1.
    pub extent: f64,
    /// What the main button does.
    pub tool: Tool,
}

/// The text of a page, for those who hear it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageLines {
    /// Volume page number, from 1.
    pub page: u32,
    /// In reading order; without the empty ones.
    pub lines: Vec<String>,
}

impl PageLines {
    /// Of a page of the volume, from 0.
    pub fn of(page: u32, text: &PageText) -> Self {
        let lines = text.as_str().lines().map(str::trim).filter(|line| !line.is_empty());
        Self { page: page + 1, lines: lines.map(str::to_owned).collect() }
    }
}

/// Where the reader wants to go who clicked on a link or a citation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Followed {
    /// To a page of the volume, from 1.
    Page {
        /// Volume page number.
        page: u32,
    },
    /// To a page of another volume of the case.
    Volume {
        /// Its title, as cited.
        volume: String,
        /// Volume page number, from 1.
        page: u32,
    },
    /// Out of the case; an address as [`crate::guide::is_address`] allows it.
    Uri {
        /// The address.
        uri: String,
    },
}

/// A link or a citation that the reader has come to by key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PointedLink {
    /// What is written there; empty for a picture.
    pub text: String,
    /// Where it leads.
    pub goal: Followed,
}

/// A place between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TextPlace {
    /// Volume page number, from 1.
    pub page: u32,
    /// Characters before it, as [`crate::text::PageText`] counts; the largest number while the page's text is
    /// not there and its end is meant.
    pub at: u32,
}

/// What is selected, in short; what of each page is asked for when it is needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Selection {
    /// Its beginning.
    pub start: TextPlace,
    /// Its end.
    pub end: TextPlace,
    /// Its first characters on its first page, line ends included.
    pub quote: String,
    /// All of its texts are there.
    pub whole: bool,
    /// What encloses what is in view: left, upper edge, width, height in CSS pixels of the canvas; it may lie
    /// outside.
    pub view: [f64; 4],
    /// The edges of the first and of the last character, as `view`, without width or height; null out of view.
    pub ends: [Option<[f64; 4]>; 2],
}

/// Selected text of one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Passage {
    /// Volume page number, from 1.
    pub page: u32,
    /// Id of the page's material.
    pub material: String,
    /// Index of the page in its material.
    pub index: u32,
    /// First character, as [`crate::text::PageText`] counts.
    pub start: u32,
    /// Behind the last character.
    pub end: u32,
    /// The characters, line ends included.
    pub quote: String,
    /// Page space, one a line.
    pub rects: Vec<PageRect>,
}

/// A mark as the viewer paints it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MarkPaint {
    /// Comes back when it is clicked.
    pub id: String,
    /// Volume page number, from 1.
    pub page: u32,
    /// Page space.
    pub rects: Vec<PageRect>,
    /// Red, green, blue; painted as with a marker pen.
    pub colour: [u8; 3],
    /// Drawn with a frame: the chosen one.
    #[serde(default)]
    pub active: bool,
}

/// Asks a render worker for a piece of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RenderRequest {
    /// Comes back in the reply.
    pub job: u32,
    /// Absolute URL of the part.
    pub url: String,
    /// Expected SHA-256 of the part.
    pub sha256: String,
    /// Index of the page in the part's PDF.
    pub page: u32,
    /// Width of the whole page at the asked scale, in device pixels, as displayed (rotated).
    pub page_width: u32,
    /// Height of the whole page at the asked scale.
    pub page_height: u32,
    /// The wanted piece in those pixels: left, upper edge, width, height.
    pub piece: [u32; 4],
    /// Render this many times larger in both directions and scale down (1 for none).
    pub oversample: u32,
    /// Fetch the part past the browser's cache: the cached bytes were bad.
    pub fresh: bool,
    /// Opens the part, when it is a reader's own file and locked.
    pub password: Option<String>,
    /// What stands in for fonts that the part does not embed.
    pub fonts: Vec<FontRequest>,
}

/// A font for a render worker to fetch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FontRequest {
    /// What it stands in for.
    pub face: Face,
    /// Absolute URL.
    pub url: String,
    /// Expected SHA-256.
    pub sha256: String,
}

/// A render worker's answer; the pixels travel beside it, RGBA in rows from above.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum RenderReply {
    /// The worker is up.
    Ready,
    /// The part is there: from here on the time counts.
    Drawing {
        /// The request's job.
        job: u32,
    },
    /// The piece is there.
    Done {
        /// The request's job.
        job: u32,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// It could not be made.
    Failed {
        /// The request's job.
        job: u32,
        /// Why.
        code: Code,
    },
}
