//! An OCR engine: it reads a picture and knows no page. [`tesseract`] is one.

mod hocr;
mod picture;
pub mod tesseract;

use evolume_model::code::Code;
use evolume_model::geometry::Rotation;
use futures::future::BoxFuture;

pub(super) use picture::stretches;
pub use picture::{Edges, Picture};

/// What is to be seen on a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A page, whose columns and lines the engine finds.
    Page,
    /// One line.
    Line,
    /// Lines one below the other, that have nothing to do with each other.
    Lines,
    /// One line of writing that goes downwards.
    Column,
}

/// What an engine has read, in reading order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// From top to bottom, column by column.
    pub lines: Vec<Line>,
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// As the engine divides it; Chinese has no words, and a break between two ideographs means nothing.
    pub words: Vec<Vec<Letter>>,
    /// How much it sinks for each pixel to the right.
    pub slope: f32,
}

/// A character in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    /// The character.
    pub ch: char,
    /// In pixels.
    pub edges: Edges,
    /// Percent.
    pub confidence: u8,
}

impl Reading {
    /// From the places in a piece to those on the page.
    pub(in crate::ocr) fn shift(&mut self, [x, y]: [f32; 2]) {
        for letter in self.lines.iter_mut().flat_map(|line| line.words.iter_mut().flatten()) {
            let [x0, y0, x1, y1] = letter.edges;
            letter.edges = [x0 + x, y0 + y, x1 + x, y1 + y];
        }
    }
}

/// Around letters.
pub(super) fn around<'a>(letters: impl IntoIterator<Item = &'a Letter>) -> Edges {
    letters.into_iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |[x0, y0, x1, y1], letter| {
        let [a, b, c, d] = letter.edges;
        [x0.min(a), y0.min(b), x1.max(c), y1.max(d)]
    })
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// There is no such program, or it does not start.
    #[error("{code}: {cause}")]
    Unavailable {
        /// [`Code::OcrMissing`] or [`Code::OcrLanguage`].
        code: Code,
        /// For whoever sets it up.
        cause: String,
    },
    /// The engine failed on this picture.
    #[error("the OCR program failed: {0}")]
    Failed(String),
}

impl OcrError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Unavailable { code, .. } => *code,
            Self::Failed(_) => Code::OcrFailed,
        }
    }
}

/// An OCR engine.
pub trait Recognizer: Send + Sync {
    /// Engine, version and languages: another name may read otherwise.
    fn name(&self) -> &str;

    /// Languages by the engine's own names, the most likely first. One that reads several at once reads
    /// each of them worse; so they are tried in turn.
    fn languages(&self) -> &[String];

    /// Languages of writing that goes downwards in columns, the most likely first.
    fn downwards(&self) -> &[String] {
        &[]
    }

    /// The language of Latin letters and digits alone.
    fn latin(&self) -> Option<&str> {
        None
    }

    /// Reads a picture in one of the languages.
    fn read<'a>(
        &'a self,
        picture: &'a Picture,
        language: &'a str,
        layout: Layout,
    ) -> BoxFuture<'a, Result<Reading, OcrError>>;

    /// By how much a picture is to be turned clockwise for its text to stand upright, when that can be told.
    fn turn<'a>(&'a self, picture: &'a Picture) -> BoxFuture<'a, Result<Option<Rotation>, OcrError>>;
}
