//! What the viewer and the page around it tell each other.

use serde::{Deserialize, Serialize};

use crate::geometry::{PageRect, Rotation};
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
