//! `PageText`: the characters of a page with their boxes and lines, made once at ingest (invariant 2).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::geometry::PageRect;

/// Box coordinates are stored in tenths of a point.
const UNITS_PER_POINT: f32 = 10.;

/// Where the characters came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextSource {
    /// The page has no text.
    #[default]
    None,
    /// The PDF's own characters.
    Pdf,
    /// Optical character recognition.
    Ocr,
}

/// A character with its box, as PDFium or an OCR engine gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// The character.
    pub ch: char,
    /// Its box in page space; `None` for one that has no ink of its own, such as a line end.
    pub rect: Option<PageRect>,
}

/// A box in tenths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct CharBox {
    x0: i32,
    y0: i32,
    width: u32,
    height: u32,
}

impl CharBox {
    fn new(rect: &PageRect) -> Self {
        let unit = |v: f32| (v * UNITS_PER_POINT).round() as i32;
        let length = |a: f32, b: f32| unit(b).saturating_sub(unit(a)).max(0).unsigned_abs();
        Self {
            x0: unit(rect.x0),
            y0: unit(rect.y0),
            width: length(rect.x0, rect.x1),
            height: length(rect.y0, rect.y1),
        }
    }

    fn rect(&self) -> PageRect {
        let point = |v: i64| v as f32 / UNITS_PER_POINT;
        PageRect {
            x0: point(self.x0.into()),
            y0: point(self.y0.into()),
            x1: point(i64::from(self.x0) + i64::from(self.width)),
            y1: point(i64::from(self.y0) + i64::from(self.height)),
        }
    }
}

/// The text of one page. Positions count Unicode scalar values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    source: TextSource,
    text: String,
    /// One per character of `text`.
    boxes: Vec<CharBox>,
}

/// Encoded bytes that are not a page text.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// Not decodable at all.
    #[error("page text cannot be decoded: {0}")]
    Encoding(#[from] postcard::Error),
    /// Decodable, but characters and boxes do not match.
    #[error("page text has {chars} characters and {boxes} boxes")]
    Mismatch {
        /// Characters in the text.
        chars: usize,
        /// Boxes beside it.
        boxes: usize,
    },
}

impl PageText {
    /// Builds a page's text from glyphs in reading order.
    ///
    /// Line ends become `\n`, PDFium's marker for a hyphen at a line end (U+FFFE) becomes `-`, other
    /// control characters are dropped, and so is trailing white space.
    pub fn from_glyphs(source: TextSource, glyphs: impl IntoIterator<Item = Glyph>) -> Self {
        let mut text = String::new();
        let mut boxes = Vec::new();
        for glyph in glyphs {
            let ch = match glyph.ch {
                '\r' => continue,
                '\u{fffe}' => '-',
                '\n' => '\n',
                ch if ch.is_control() => continue,
                ch => ch,
            };
            text.push(ch);
            boxes.push(glyph.rect.map(|rect| CharBox::new(&rect)).unwrap_or_default());
        }
        text.truncate(text.trim_end().len());
        boxes.truncate(text.chars().count());
        let source = if text.is_empty() { TextSource::None } else { source };
        Self { source, text, boxes }
    }

    /// Where the characters came from.
    pub fn source(&self) -> TextSource {
        self.source
    }

    /// All characters in reading order, lines separated by `\n`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The boxes of a range of characters, one rectangle a line.
    pub fn rects(&self, range: Range<usize>) -> Vec<PageRect> {
        let mut rects: Vec<PageRect> = Vec::new();
        let mut broken = true;
        for (ch, bounds) in self.text.chars().zip(&self.boxes).skip(range.start).take(range.len()) {
            if ch == '\n' {
                broken = true;
            } else if bounds.width > 0 || bounds.height > 0 {
                match rects.last_mut().filter(|_| !broken) {
                    Some(last) => *last = last.union(&bounds.rect()),
                    None => rects.push(bounds.rect()),
                }
                broken = false;
            }
        }
        rects
    }

    /// As stored in a sheet's pack.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("serialising strings and integers into memory cannot fail")
    }

    /// Reads what [`Self::encode`] wrote; never panics on other bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, TextError> {
        let text: Self = postcard::from_bytes(bytes)?;
        let (chars, boxes) = (text.text.chars().count(), text.boxes.len());
        if chars == boxes { Ok(text) } else { Err(TextError::Mismatch { chars, boxes }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        let mut x = 0.;
        let mut y = 10.;
        text.chars()
            .map(|ch| {
                if ch == '\n' {
                    (x, y) = (0., y + 20.);
                    return Glyph { ch, rect: None };
                }
                x += 10.;
                Glyph { ch, rect: Some(PageRect::new(x - 10., y, x, y + 10.)) }
            })
            .collect()
    }

    #[test]
    fn a_range_over_two_lines_has_two_rectangles() {
        let text = PageText::from_glyphs(TextSource::Pdf, glyphs("原告张三\n被告李四"));
        assert_eq!(text.rects(2..7), [PageRect::new(20., 10., 40., 20.), PageRect::new(0., 30., 20., 40.)]);
    }

    #[test]
    fn a_hyphen_at_a_line_end_is_kept_and_controls_are_dropped() {
        let text = PageText::from_glyphs(TextSource::Pdf, glyphs("judg\u{fffe}\r\nment\u{0}\n \n"));
        assert_eq!(text.as_str(), "judg-\nment");
    }

    proptest! {
        #[test]
        fn encoding_round_trips(s in "\\PC{0,60}") {
            let text = PageText::from_glyphs(TextSource::Ocr, glyphs(&s));
            prop_assert_eq!(PageText::decode(&text.encode()).unwrap(), text);
        }

        #[test]
        fn strange_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = PageText::decode(&bytes);
        }
    }
}
