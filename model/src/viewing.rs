//! What the viewer and the page around it tell each other.

use serde::{Deserialize, Serialize};

use crate::geometry::{PageRect, Rotation};
use crate::page::PageRef;
use crate::text::PageText;

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
    /// And single pages further, in degrees.
    #[cfg_attr(feature = "ts", ts(type = "Array<[page: PageRef, turn: 0 | 90 | 180 | 270]>"))]
    pub turns: Vec<(PageRef, Rotation)>,
}

/// How far the first view has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nothing can be read yet.
    #[default]
    Opening,
    /// Every visible page shows at least its preview.
    Readable,
    /// Every visible pixel is sharp.
    Sharp,
}

/// What the viewer reports to its shell after every change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Status {
    /// Volume page number, from 1; 0 in an empty volume.
    pub page: u32,
    /// The same page for ever; null while its material is not known.
    pub at: Option<PageRef>,
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
    /// Whose they are.
    pub page: PageRef,
    /// In reading order; without the empty ones.
    pub lines: Vec<String>,
}

impl PageLines {
    /// The lines of a page with this text.
    pub fn of(page: PageRef, text: &PageText) -> Self {
        let lines = text.as_str().lines().map(str::trim).filter(|line| !line.is_empty());
        Self { page, lines: lines.map(str::to_owned).collect() }
    }
}

/// Where the reader wants to go who clicked on a link or a citation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkDestination {
    /// To a page of the volume.
    Page {
        /// Which.
        page: PageRef,
    },
    /// To a page of another volume of the case.
    Volume {
        /// Its title, as cited.
        volume: String,
        /// Volume page number, from 1.
        page: u32,
    },
    /// Out of the case; an address as [`crate::navigation::is_address`] allows it.
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
    pub goal: LinkDestination,
}

/// A place between two characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TextPlace {
    /// On which page.
    pub page: PageRef,
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
    /// On which page.
    pub page: PageRef,
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
    /// On which page.
    pub page: PageRef,
    /// Page space.
    pub rects: Vec<PageRect>,
    /// Red, green, blue; painted as with a marker pen.
    pub colour: [u8; 3],
    /// Drawn with a frame: the chosen one.
    #[serde(default)]
    pub active: bool,
    /// A click goes through it.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub passive: bool,
}

/// How the caret goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Back,
    Forward,
    WordBack,
    WordForward,
    Up,
    Down,
    LineStart,
    LineEnd,
    PageStart,
    PageEnd,
}

/// What the shell wants of the viewer. Lengths are CSS pixels. Tagged outside: a tag inside makes the code that reads
/// it, which the first page waits for, three times as large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ViewerCommand {
    /// Goes to a page, so many page heights below its upper edge; once it is known, when its material is not yet.
    GoTo { page: PageRef, offset: f64 },
    /// The same by volume page number, from 1, as people write it; what lies outside is brought inside.
    GoToNumber { number: u32, offset: f64 },
    /// Percent; 100 shows a point as 96/72 CSS pixels.
    ZoomTo { percent: f64 },
    /// Around the middle of the viewport.
    ZoomBy { factor: f64 },
    /// The zoom follows the window.
    Fit { fit: Fit },
    /// To the right and down.
    ScrollBy { dx: f64, dy: f64 },
    /// To a share of the whole way, 0 to 1.
    ScrollTo { fraction: f64 },
    /// Arranges and turns the pages; the one in view stays.
    SetView { view: View },
    /// What the main button does.
    SetTool { tool: Tool },
    /// Paints these marks, each in the place of the one with its id or on top of the others.
    PutMarks { marks: Vec<MarkPaint> },
    /// Paints these marks no more.
    DropMarks { ids: Vec<String> },
    /// Nothing is to be selected, and the tool is put down.
    Deselect,
    /// Selects the material one is in.
    SelectAll,
    /// Shows a caret that goes by steps, or none any more.
    SetCaret { on: bool },
    /// Moves the caret, or the end of the selection that moves.
    Step { step: Step, extend: bool },
    /// Takes hold of the selection's last end, or of its first.
    Grab { end: bool },
    /// What is held goes on to here.
    Drag { x: f64, y: f64 },
    /// What is held is let go here.
    Drop { x: f64, y: f64 },
    /// Points at the next link or citation in view, or at the one before.
    StepLink { forward: bool },
    /// Follows the link or citation that is pointed at.
    FollowLink,
    /// Shows no hits any more.
    ClearHits,
    /// Goes to a hit of a page, from 0.
    ShowHit { page: PageRef, nth: u32 },
    /// What failed may work now.
    Retry,
}
