//! What `evolume` and its PDFium children say to each other: length-prefixed postcard frames.

use std::path::PathBuf;

use evolume_model::code::Code;
use evolume_model::fonts::Face;
use evolume_model::geometry::PageRect;
use evolume_model::navigation::LinkTarget;
use serde::{Deserialize, Serialize};

use crate::confine::{Reach, Walls};
use crate::office::{Inside, Office};
use crate::unpack::{Allowance, Container, Unpacked};

/// No frame is larger; a longer length prefix means that the other side has gone mad.
pub const FRAME_LIMIT: usize = 96 << 20;

/// Bytes of the longest file that a child makes of another.
const MADE: u64 = 4 << 30;

/// An image file that a child wraps into a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageFormat {
    Jpeg,
    Png,
    /// Of one page or many.
    Tiff,
    WebP,
    /// The first picture only.
    Gif,
    Bmp,
    /// JPEG 2000, which PDFium decodes itself.
    Jp2,
    /// What telephones take; a foreign program decodes it.
    Heic,
    /// The same box with other contents.
    Avif,
}

/// A page that a child cannot decode itself, and what a foreign program needs to do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Odd {
    /// Index of the page.
    pub page: u32,
    /// What it is.
    pub kind: OddKind,
    /// Bytes to be set in a copy of the file so that this page is its first and only one, upright as stored.
    pub patches: Vec<(u64, Vec<u8>)>,
}

/// Which way an odd page goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OddKind {
    /// In a TIFF, one bit a pixel, and stays so.
    Bilevel,
    /// In a TIFF.
    Colour,
    /// A JPEG that no browser shows.
    Jpeg,
}

/// What became of an odd page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helped {
    /// Index of the page.
    pub page: u32,
    /// The page made plain: TIFF or PNG. None where no program could read it.
    pub file: Option<PathBuf>,
}

/// What a child is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Close yourself in, for good. The first request, and never another one: a child reads one source only.
    Confine(Reach),
    /// Open a PDF; it replaces the one before.
    Open {
        /// The file.
        path: PathBuf,
        /// To be tried in turn, after none.
        passwords: Vec<String>,
    },
    /// Wrap an image file into a PDF.
    Wrap {
        /// The image file.
        path: PathBuf,
        /// Its format.
        format: ImageFormat,
        /// Where the PDF goes.
        out: PathBuf,
        /// Pages that were found odd before.
        helped: Vec<Helped>,
    },
    /// What a recording holds.
    Listen {
        /// The file.
        path: PathBuf,
        /// Seconds after which the waveform is given up.
        seconds: u64,
    },
    /// Take a container apart.
    Unpack {
        /// The file.
        path: PathBuf,
        /// Its kind; nothing for a PDF, of which the attached files are taken out.
        container: Option<Container>,
        /// To be tried in turn.
        passwords: Vec<String>,
        /// Name of the encoding that somebody chose.
        encoding: Option<String>,
        /// The folder that the members go into.
        out: PathBuf,
        /// How much may come out.
        allowance: Allowance,
    },
    /// Look into an office document, and make it ready for LibreOffice.
    Prepare {
        /// The file.
        path: PathBuf,
        /// Its kind; nothing where only its decryption tells.
        office: Option<Office>,
        /// To be tried in turn.
        passwords: Vec<String>,
        /// Where it goes when anything in it has to be another.
        out: PathBuf,
    },
    /// Everything that is derived from one page.
    Page {
        /// Index of the page.
        index: u32,
    },
    /// A page as a picture for OCR.
    Scan {
        /// Index of the page.
        index: u32,
        /// Degrees clockwise from how the page is displayed.
        turn: u16,
        /// Whether red ink is to be seen.
        red: bool,
    },
    /// A run of pages as a PDF of its own, checked page by page against the original.
    Part {
        /// First page.
        first: u32,
        /// Number of pages.
        count: u32,
    },
}

impl Request {
    /// What a child has to reach for this, and nothing else.
    pub fn reach(&self) -> Reach {
        match self {
            Self::Open { path, .. } | Self::Listen { path, .. } => {
                Reach { read: vec![path.clone()], ..Reach::default() }
            }
            Self::Wrap { path, out, helped, .. } => Reach {
                read: helped.iter().filter_map(|page| page.file.clone()).chain([path.clone()]).collect(),
                write: vec![out.clone()],
                longest: MADE,
            },
            Self::Prepare { path, out, .. } => {
                Reach { read: vec![path.clone()], write: vec![out.clone()], longest: MADE }
            }
            Self::Unpack { path, out, allowance, .. } => {
                Reach { read: vec![path.clone()], write: vec![out.clone()], longest: allowance.bytes }
            }
            Self::Confine(_) | Self::Page { .. } | Self::Scan { .. } | Self::Part { .. } => Reach::default(),
        }
    }

    /// Bytes of the longest answer to it.
    pub fn longest_reply(&self) -> usize {
        match self {
            Self::Confine(_) | Self::Listen { .. } | Self::Prepare { .. } => 64 << 10,
            Self::Open { .. } | Self::Wrap { .. } | Self::Unpack { .. } => 32 << 20,
            Self::Page { .. } | Self::Scan { .. } | Self::Part { .. } => FRAME_LIMIT,
        }
    }
}

/// What a child answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// These walls stand.
    Confined(Walls),
    /// The PDF is open.
    Opened(Opened),
    /// The PDF with the images was written.
    Wrapped(Wrapped),
    /// The recording was read.
    Heard(Heard),
    /// What was in the container.
    Unpacked(Unpacked),
    /// The office document was looked into.
    Prepared(Inside),
    /// The page.
    Page(Box<PageData>),
    /// The page's picture.
    Scan(ScanData),
    /// The part's bytes.
    Part {
        /// A PDF.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
        /// Whether every page looks as in the original.
        faithful: bool,
        /// What stands in for the fonts that it does not embed.
        fonts: Vec<Face>,
    },
    /// It cannot be done, for the same reason however often one asks.
    Refused {
        /// Stable code.
        code: Code,
        /// For the log.
        cause: String,
    },
}

/// A PDF at a glance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// Number of pages.
    pub pages: u32,
    /// Whether it needed a password.
    pub locked: bool,
    /// Title, level, page.
    pub outline: Vec<(String, u32, u32)>,
}

/// What wrapping an image gave.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wrapped {
    /// Set when the browser may show the file itself: pixels.
    pub as_is: Option<(u32, u32)>,
    /// Pages for which there has to be help first; no PDF was written then.
    pub odd: Vec<Odd>,
    /// Pages that nobody can read: the PDF has an empty one in the place of each.
    pub broken: Vec<u32>,
}

/// What a recording holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Whether there are pictures.
    pub video: bool,
    /// How long it is, when that is known.
    pub seconds: Option<f32>,
    /// How loud it is, in equal steps; empty where nobody could hear it.
    #[serde(with = "serde_bytes")]
    pub peaks: Vec<u8>,
}

/// What is derived from one page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PageData {
    /// Points, unrotated.
    pub width: f32,
    /// Points, unrotated.
    pub height: f32,
    /// Degrees clockwise.
    pub rotation: u16,
    /// The PDF's page label.
    pub label: Option<String>,
    /// An encoded page text; empty where what the PDF gives is no text.
    #[serde(with = "serde_bytes")]
    pub text: Vec<u8>,
    /// Set when the text is not all that the page says: whether there is anything to be seen on it.
    pub scan: Option<bool>,
    /// JPEG.
    #[serde(with = "serde_bytes")]
    pub preview: Vec<u8>,
    /// Pixels of the thumbnail.
    pub thumb: Thumb,
    /// The page as one image.
    pub image: Option<ImageData>,
    /// Where it leads, in page space.
    pub links: Vec<(PageRect, LinkTarget)>,
    /// What stands in for fonts that are not embedded, as far as this page was the first to ask.
    pub fonts: Vec<Face>,
}

/// A page as OCR is to see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScanData {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Pixels a point.
    pub scale: f32,
    /// Degrees clockwise by which the lines of the page lean.
    pub skew: f32,
    /// The picture was turned back by that much around its middle.
    pub straightened: bool,
    /// There is nothing on the page.
    pub blank: bool,
    /// There is red ink on the page.
    pub red: bool,
    /// One byte a pixel.
    #[serde(with = "serde_bytes")]
    pub grey: Vec<u8>,
}

/// The point of the page that a point of the straightened picture shows; both turn around the middle.
pub fn unstraightened(x: f32, y: f32, (width, height): (u32, u32), degrees: f32) -> (f32, f32) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (width as f32 / 2., height as f32 / 2.);
    let (dx, dy) = (x - cx, y - cy);
    (cx + cos * dx - sin * dy, cy + sin * dx + cos * dy)
}

/// A small RGB picture.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Thumb {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// RGB.
    #[serde(with = "serde_bytes")]
    pub rgb: Vec<u8>,
}

/// The image that makes up a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImageData {
    /// Encoded.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// MIME type.
    pub media_type: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// On the unrotated page.
    pub rect: PageRect,
    /// Whether the page itself has more pixels.
    pub reduced: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_round_trip() {
        let reply = Reply::Part { bytes: vec![0, 1, 2, 255], faithful: true, fonts: vec![] };
        let bytes = postcard::to_stdvec(&reply).unwrap();
        let Reply::Part { bytes, faithful, .. } = postcard::from_bytes(&bytes).unwrap() else {
            panic!("another reply came back")
        };
        assert_eq!((bytes, faithful), (vec![0, 1, 2, 255], true));
    }
}
