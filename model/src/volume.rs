//! The manifest: everything a reader needs to lay out a volume before any page is loaded.
//!
//! Everything it names is immutable and addressed by SHA-256; the manifest itself is written last, with
//! a revision (invariant 4).

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::code::Code;
use crate::fonts::Face;
use crate::geometry::{PageRect, PageSize, Rotation};
use crate::search::SCHEMA_VERSION;

/// The manifest format this code reads and writes.
pub const MANIFEST_FORMAT: u32 = 1;

/// How many pages share one sheet of previews, texts and thumbnails.
pub const SHEET_PAGES: u32 = 16;

/// Columns of a thumbnail sprite.
pub const THUMB_COLUMNS: u32 = 4;
/// Width of a thumbnail cell in pixels; the page is fitted into it, at the upper left.
pub const THUMB_WIDTH: u32 = 160;
/// Height of a thumbnail cell in pixels.
pub const THUMB_HEIGHT: u32 = 226;

/// Who may read a volume at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VolumeClass {
    /// 正卷: may be lent to parties and lawyers.
    Main,
    /// 副卷: never leaves the court.
    Internal,
    /// 证据卷: a main volume that holds evidence.
    Evidence,
    /// What the public may see.
    Public,
}

/// Immutable bytes in the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Blob {
    /// SHA-256 of the bytes, 64 lower-case hex digits.
    pub sha256: String,
    /// Length.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: u64,
}

/// A volume as a reader sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Manifest {
    /// [`MANIFEST_FORMAT`].
    pub format: u32,
    /// Opaque id of the volume.
    pub volume: String,
    /// Counts up with every change.
    pub revision: u32,
    /// The case's number (案号).
    pub case_number: String,
    /// The case's title (案由).
    pub case_title: String,
    /// The volume's title, e.g. 正卷.
    pub title: String,
    /// Confidentiality class.
    pub class: VolumeClass,
    /// In reading order; the volume's page numbers follow from it.
    pub materials: Vec<Material>,
    /// Why nobody reads its scans now, when some are not read yet and the server cannot.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Code>,
    /// The indexes of its small materials one after the other, where there are many: one request for all.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Blob>,
}

impl Manifest {
    pub fn page_count(&self) -> usize {
        self.materials.iter().map(|m| m.pages.len()).sum()
    }

    /// All pages in reading order, each with its material's position and its index in the material.
    pub fn pages(&self) -> impl Iterator<Item = (usize, usize, &Page)> {
        self.materials.iter().enumerate().flat_map(|(m, material)| {
            material.pages.iter().enumerate().map(move |(index, page)| (m, index, page))
        })
    }

    /// Every blob that was derived from the originals.
    pub fn derived(&self) -> impl Iterator<Item = &Blob> {
        self.materials.iter().flat_map(Material::derived).chain(&self.bundle)
    }

    /// Every file as received: the materials' own, and the containers that some were taken from.
    pub fn received(&self) -> impl Iterator<Item = &Blob> {
        self.materials.iter().flat_map(|material| {
            std::iter::once(&material.original)
                .chain(material.origin.as_ref().map(|origin| &origin.container))
        })
    }

    /// Number of pages that wait for OCR.
    pub fn pending(&self) -> usize {
        self.pages().filter(|(.., page)| page.is_pending()).count()
    }

    /// The material of a volume page number (from 1), and the page's index in it.
    pub fn locate(&self, number: usize) -> Option<(&Material, usize)> {
        let mut rest = number.checked_sub(1)?;
        for material in &self.materials {
            if rest < material.pages.len() {
                return Some((material, rest));
            }
            rest -= material.pages.len();
        }
        None
    }
}

/// One source file as received, and what was derived from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Material {
    /// Opaque id, stable for ever.
    pub id: String,
    /// Shown in the catalogue.
    pub title: String,
    /// Its place in the catalogue.
    pub category: Category,
    /// The file as received.
    pub original: Blob,
    /// MIME type of the original.
    pub media_type: String,
    /// Name of the file as received.
    pub file_name: String,
    /// Where it was found, when it came inside of another file.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What a reader of its pages cannot see in them.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Unseen>"))]
    #[serde(default, skip_serializing_if = "Unseen::is_nothing")]
    pub unseen: Unseen,
    /// The PDF that was made of it and is shown in its place; absent where the file itself is shown.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub converted: Option<Blob>,
    /// The file is a damaged PDF, and `converted` is what a program mended of it.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repaired: bool,
    /// Set when it is a recording; its one page stands for it.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
    /// In order.
    pub pages: Vec<Page>,
    /// Runs of pages as small PDFs; together they cover all pages that are not broken.
    pub parts: Vec<Part>,
    /// Previews, texts and thumbnails, [`SHEET_PAGES`] pages each.
    pub sheets: Vec<Sheet>,
    /// The PDF's own outline where it was taken in before it became part of the navigation data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<OutlineItem>>"))]
    pub outline: Vec<OutlineItem>,
    /// Outline and links; absent where there are none.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(rename = "guide", default, skip_serializing_if = "Option::is_none")]
    pub navigation: Option<NavigationBlob>,
    /// The index of its texts; absent where it was taken in before there were any.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<SearchIndex>,
    /// What stands in for the fonts that its PDF does not embed; a wanted face may be missing.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<Substitute>>"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fonts: Vec<Substitute>,
}

/// The container that a material was taken from: an archive, a letter, a PDF with files attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Origin {
    /// The outermost container, as received.
    pub container: Blob,
    /// Its name.
    pub file_name: String,
    /// Where in it: folders and inner containers, joined by `/`.
    pub path: String,
}

/// What belongs to a material and is on none of its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unseen {
    /// Sheets that the workbook hides.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<u32>"))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hidden_sheets: u32,
    /// Files attached to it; they are materials after it.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<u32>"))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attachments: u32,
}

impl Unseen {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A font with the characters of one material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Substitute {
    /// What it looks like.
    pub face: Face,
    /// An OpenType font.
    pub blob: Blob,
}

/// Sound, or sound and pictures, to be played from the original.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recording {
    /// Whether there are pictures.
    pub video: bool,
    /// How long it is, when it says so or could be read through.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f32>,
    /// How loud it is: a JSON array of equal steps, 0 to 255.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waveform: Option<Blob>,
    /// A [`crate::transcript::Transcript`] as JSON.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Blob>,
    /// A copy in a form that browsers play; absent where the original is played itself, or nothing can be.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playable: Option<Playable>,
}

/// A recording in a form that browsers play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Playable {
    /// The copy.
    pub blob: Blob,
    /// MIME type.
    pub media_type: String,
}

/// The texts of a material's pages, ready to be searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchIndex {
    /// [`crate::search::SCHEMA_VERSION`] of the program that made it; another one cannot be searched.
    pub schema: u32,
    /// The packed index files.
    pub blob: Blob,
    /// Where they begin in the volume's [`Manifest::bundle`], in bytes; absent where they are not in it.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u32>,
}

/// Where a material's [`crate::navigation::Navigation`] lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NavigationBlob {
    /// JSON.
    pub blob: Blob,
    /// How many outline entries it has.
    pub outline: u32,
}

impl Material {
    /// The part that holds a page, and the page's index inside the part's PDF.
    pub fn part_of(&self, index: u32) -> Option<(&Part, u32)> {
        let at = self.parts.partition_point(|part| part.first + part.count <= index);
        let part = self.parts.get(at).filter(|part| part.first <= index)?;
        Some((part, part.offset + index - part.first))
    }

    /// Where in its sheet's pack a page's preview lies: the blob and the byte range.
    pub fn preview_of(&self, index: u32) -> Option<(&Blob, std::ops::Range<u32>)> {
        let sheet = self.sheets.get((index / SHEET_PAGES) as usize)?;
        Some((&sheet.previews, range(&sheet.preview_ends, index % SHEET_PAGES)?))
    }

    /// Where in its sheet's pack a page's text lies: the blob and the byte range.
    pub fn text_of(&self, index: u32) -> Option<(&Blob, std::ops::Range<u32>)> {
        let sheet = self.sheets.get((index / SHEET_PAGES) as usize)?;
        Some((&sheet.texts, range(&sheet.text_ends, index % SHEET_PAGES)?))
    }

    /// The substitute fonts that a part needs.
    pub fn fonts_of(&self, part: &Part) -> impl Iterator<Item = &Substitute> {
        self.fonts.iter().filter(|font| part.fonts.contains(&font.face))
    }

    /// Whether text stays blank because its font has no substitute.
    pub fn lacks_fonts(&self) -> bool {
        let there = |face: &Face| self.fonts.iter().any(|font| font.face == *face);
        self.parts.iter().flat_map(|part| &part.fonts).any(|face| !there(face))
    }

    /// The index, if this program can search it.
    pub fn searchable(&self) -> Option<&Blob> {
        self.index.as_ref().filter(|index| index.schema == SCHEMA_VERSION).map(|index| &index.blob)
    }

    /// Every blob that was derived from the original.
    pub fn derived(&self) -> impl Iterator<Item = &Blob> {
        let parts = self.parts.iter().map(|part| &part.blob);
        let sheets = self.sheets.iter().flat_map(|s| [&s.previews, &s.texts, &s.thumbs]);
        let images = self.pages.iter().filter_map(|page| page.image.as_ref().map(|image| &image.blob));
        let index = self.index.iter().map(|index| &index.blob);
        let navigation = self.navigation.iter().map(|navigation| &navigation.blob);
        let recording = self.recording.iter().flat_map(|r| {
            let playable = r.playable.as_ref().map(|playable| &playable.blob);
            r.waveform.iter().chain(&r.transcript).chain(playable)
        });
        let fonts = self.fonts.iter().map(|font| &font.blob);
        let more = self.converted.iter().chain(recording).chain(fonts);
        parts.chain(sheets).chain(images).chain(index).chain(navigation).chain(more)
    }
}

/// `None` where there is no such entry or it is empty.
fn range(ends: &[u32], at: u32) -> Option<std::ops::Range<u32>> {
    let at = at as usize;
    let start = if at == 0 { 0 } else { *ends.get(at - 1)? };
    let end = *ends.get(at)?;
    (start < end).then_some(start..end)
}

/// A page; its identity is (material, index).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// Points, unrotated crop box.
    pub width: f32,
    /// Points, unrotated crop box.
    pub height: f32,
    /// Degrees clockwise to show it upright: 0, 90, 180 or 270.
    #[cfg_attr(feature = "ts", ts(type = "0 | 90 | 180 | 270"))]
    #[cfg_attr(feature = "openapi", schema(value_type = u16))]
    #[serde(default, skip_serializing_if = "is_upright")]
    pub rotation: Rotation,
    /// The label printed in the PDF, when it has one.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Set when the page is one image that the browser's own decoder may show instead of PDFium.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Box<PageImage>>,
    /// Set when the page could not be read; it keeps its place and its number.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Code>,
    /// Set when its own text is not all that the page says: how far it has been read by OCR.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<Scan>,
    /// Where its text comes from; absent where `scan` tells it, see [`Page::text_origin`].
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextOrigin>,
}

/// Where a page's text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TextOrigin {
    /// The PDF has it.
    Pdf,
    /// It was read from the page's pixels.
    Ocr,
    /// The PDF has some, such as a stamp over a scan; the rest was read.
    Both,
}

/// What OCR has made of a page without text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scan {
    /// How far it is.
    pub state: ScanState,
    /// By how much the page, as displayed, is to be turned clockwise for its text to stand upright.
    #[cfg_attr(feature = "ts", ts(type = "0 | 90 | 180 | 270"))]
    #[cfg_attr(feature = "openapi", schema(value_type = u16))]
    #[serde(default, skip_serializing_if = "is_upright")]
    pub turn: Rotation,
    /// Degrees clockwise by which its lines then lean, within a few degrees of 0.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<f32>"))]
    #[serde(default, skip_serializing_if = "is_straight")]
    pub skew: f32,
}

/// How far the reading of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScanState {
    /// To be read.
    Pending,
    /// It has been read, though there may be no text on it.
    Read,
    /// It cannot be read.
    Failed,
}

impl Scan {
    /// Straight and upright until OCR finds otherwise.
    pub fn new(state: ScanState) -> Self {
        Self { state, turn: Rotation::None, skew: 0. }
    }
}

fn is_straight(skew: &f32) -> bool {
    *skew == 0.
}

fn is_upright(rotation: &Rotation) -> bool {
    *rotation == Rotation::None
}

impl Page {
    /// Whether it waits for OCR.
    pub fn is_pending(&self) -> bool {
        self.scan.is_some_and(|scan| scan.state == ScanState::Pending)
    }

    /// Where its text comes from; `None` where there is none yet. Before this was noted, a page was read by OCR
    /// only when it had no text of its own.
    pub fn text_origin(&self) -> Option<TextOrigin> {
        self.text.or_else(|| match self.scan.map(|scan| scan.state) {
            None => self.problem.is_none().then_some(TextOrigin::Pdf),
            Some(ScanState::Read) => Some(TextOrigin::Ocr),
            Some(ScanState::Pending | ScanState::Failed) => None,
        })
    }

    /// Unrotated size.
    pub fn size(&self) -> PageSize {
        PageSize { width: self.width, height: self.height }
    }
}

/// An image that makes up a whole page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageImage {
    /// The encoded image.
    pub blob: Blob,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// Pixels.
    pub width_px: u32,
    /// Pixels.
    pub height_px: u32,
    /// Where on the unrotated page it lies; outside it the page is white.
    pub rect: PageRect,
    /// The page itself has more pixels than this image of it: they are drawn from its part.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub reduced: bool,
}

/// A small self-contained PDF with a run of pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// Index in the material of its first page.
    pub first: u32,
    /// Number of pages.
    pub count: u32,
    /// Index in the part's PDF of that first page: 0, but where the original file serves as the part.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<u32>"))]
    pub offset: u32,
    /// The PDF.
    pub blob: Blob,
    /// The faces that stand in for fonts which it does not embed.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<Face>>"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fonts: Vec<Face>,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// Previews, texts and thumbnails of [`SHEET_PAGES`] consecutive pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sheet {
    /// Encoded images (JPEG), one after the other.
    pub previews: Blob,
    /// Where each preview ends; an empty one marks a page without.
    pub preview_ends: Vec<u32>,
    /// Encoded [`crate::text::PageText`]s, one after the other.
    pub texts: Blob,
    /// Where each text ends.
    pub text_ends: Vec<u32>,
    /// One JPEG: a grid of [`THUMB_COLUMNS`] columns of [`THUMB_WIDTH`] x [`THUMB_HEIGHT`] cells.
    pub thumbs: Blob,
}

/// An entry of the PDF's own outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutlineItem {
    /// As written in the PDF.
    pub title: String,
    /// Depth, from 0.
    pub level: u32,
    /// Index of the page in the material.
    pub page: u32,
}
