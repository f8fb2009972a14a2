//! `PageText`: the characters of a page with their boxes and lines, made once at ingest (invariant 2).

mod columns;
mod lines;
mod pages;
mod prose;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::geometry::{PagePoint, PageRect};

/// Box coordinates are stored in tenths of a point.
const UNITS_PER_POINT: f32 = 10.;

/// PDFium's markers for a hyphen at a line end.
pub const LINE_END_HYPHENS: [char; 2] = ['\u{2}', '\u{fffe}'];

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
    pub ch: char,
    /// Its box in page space; `None` without ink, as for a line end.
    pub rect: Option<PageRect>,
    /// How sure the OCR engine is, in percent; `None` for text that is not from OCR.
    pub confidence: Option<u8>,
}

impl Glyph {
    /// A character that is not from OCR.
    pub fn certain(ch: char, rect: Option<PageRect>) -> Self {
        Self { ch, rect, confidence: None }
    }
}

/// A box in tenths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct CharBox {
    x0: i32,
    y0: i32,
    width: u32,
    height: u32,
    /// Percent; stored behind the boxes, see [`PageText::encode`].
    #[serde(skip)]
    confidence: u8,
}

impl CharBox {
    fn of(glyph: &Glyph) -> Self {
        let bounds = glyph.rect.as_ref().map(Self::new).unwrap_or_default();
        Self { confidence: glyph.confidence.unwrap_or(0).min(100), ..bounds }
    }

    fn new(rect: &PageRect) -> Self {
        let unit = |v: f32| (v * UNITS_PER_POINT).round() as i32;
        let length = |a: f32, b: f32| unit(b).saturating_sub(unit(a)).max(0).unsigned_abs();
        Self {
            x0: unit(rect.x0),
            y0: unit(rect.y0),
            width: length(rect.x0, rect.x1),
            height: length(rect.y0, rect.y1),
            confidence: 0,
        }
    }

    /// Line ends and the like have none.
    fn has_ink(&self) -> bool {
        self.width > 0 || self.height > 0
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

/// What is at a point of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The nearest character.
    pub index: usize,
    /// The nearest position between two characters: `index` or `index + 1`.
    pub place: usize,
    /// Whether the point is on the character.
    pub on: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Chinese,
    Word,
    Other,
}

/// Radicals, kana, ideographs and their extensions; not the punctuation between them.
pub fn is_chinese(ch: char) -> bool {
    matches!(
        ch,
        '\u{2e80}'..='\u{2fdf}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

impl Kind {
    fn of(ch: char) -> Self {
        match ch {
            ch if is_chinese(ch) => Self::Chinese,
            ch if ch.is_alphanumeric() || ch == '_' => Self::Word,
            _ => Self::Other,
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

/// Bytes that are not a page text.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// They cannot be decoded.
    #[error("page text cannot be decoded: {0}")]
    Encoding(#[from] postcard::Error),
    /// They can be decoded, but characters and boxes differ in number.
    #[error("page text has {chars} characters and {boxes} boxes")]
    Mismatch { chars: usize, boxes: usize },
}

impl PageText {
    /// Builds a page's text from glyphs in reading order.
    ///
    /// Line ends become `\n`, [`LINE_END_HYPHENS`] become `-` with a line end. Other control characters, line ends
    /// inside a column of vertical writing and trailing white space are dropped.
    pub fn from_glyphs(source: TextSource, glyphs: impl IntoIterator<Item = Glyph>) -> Self {
        let mut kept = Vec::new();
        let mut broken = false;
        for glyph in glyphs {
            let hyphen = LINE_END_HYPHENS.contains(&glyph.ch);
            let ch = match glyph.ch {
                '\r' => continue,
                '\n' => '\n',
                _ if hyphen => '-',
                ch if ch.is_control() => continue,
                ch => ch,
            };
            // PDFium omits the line end there.
            if broken && ch != '\n' {
                kept.push(('\n', CharBox::default()));
            }
            broken = hyphen;
            kept.push((ch, CharBox::of(&glyph)));
        }
        columns::join(&mut kept);
        let (mut text, mut boxes): (String, Vec<CharBox>) = kept.into_iter().unzip();
        text.truncate(text.trim_end().len());
        boxes.truncate(text.chars().count());
        let source = if text.is_empty() { TextSource::None } else { source };
        Self { source, text, boxes }
    }

    /// Where the characters came from.
    pub fn source(&self) -> TextSource {
        self.source
    }

    /// How sure the OCR engine was of a character, in percent; `None` for text that is not from OCR.
    pub fn confidence(&self, index: usize) -> Option<u8> {
        let bounds = self.boxes.get(index)?;
        (self.source == TextSource::Ocr).then_some(bounds.confidence)
    }

    /// The characters as they were given: [`Self::from_glyphs`] makes the same text of them.
    pub fn glyphs(&self) -> impl Iterator<Item = Glyph> {
        self.text.chars().zip(&self.boxes).map(|(ch, bounds)| Glyph {
            ch,
            rect: bounds.has_ink().then(|| bounds.rect()),
            confidence: (self.source == TextSource::Ocr).then_some(bounds.confidence),
        })
    }

    /// All characters in reading order, lines separated by `\n`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The boxes of a range of characters, joined to one rectangle per line.
    pub fn rects(&self, range: Range<usize>) -> Vec<PageRect> {
        let mut rects: Vec<PageRect> = Vec::new();
        let mut broken = true;
        for (ch, bounds) in self.text.chars().zip(&self.boxes).skip(range.start).take(range.len()) {
            if ch == '\n' {
                broken = true;
            } else if bounds.has_ink() {
                match rects.last_mut().filter(|_| !broken) {
                    Some(last) => *last = last.union(&bounds.rect()),
                    None => rects.push(bounds.rect()),
                }
                broken = false;
            }
        }
        rects
    }

    /// In characters.
    pub fn len(&self) -> usize {
        self.boxes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// The characters of a range, unchanged.
    pub fn slice(&self, range: Range<usize>) -> String {
        self.text.chars().skip(range.start).take(range.len()).collect()
    }

    /// The characters of a range without what belongs to the page's layout only: line ends inside a paragraph, spaces
    /// between Chinese characters. Paragraphs are separated by `\n`, cells of a row by a tab.
    pub fn prose(&self, range: Range<usize>) -> String {
        prose::prose(self, range)
    }

    /// [`Self::prose`] over consecutive pages: a paragraph that crosses a page break is joined, without the page
    /// number in between.
    pub fn prose_over(pages: &[(&Self, Range<usize>)]) -> String {
        pages::prose(pages)
    }

    /// What is nearest to a point: first the nearest block of lines, then its line, then its character. `None` on a
    /// page without boxes.
    pub fn hit(&self, point: PagePoint) -> Option<Hit> {
        lines::hit(self, point)
    }

    /// Where to draw a caret between two characters, without thickness; `None` on a page without boxes.
    pub fn caret(&self, place: usize) -> Option<PageRect> {
        lines::caret(self, place)
    }

    /// The position one line below or above, as far along that line as `along` says, or as `place` is on its own.
    /// `None` beyond the first and the last line. The second value is how far along that is.
    pub fn beside(&self, place: usize, down: bool, along: Option<f32>) -> (Option<usize>, Option<f32>) {
        lines::beside(self, place, down, along)
    }

    /// Where the word before a position begins, or the next one after it.
    pub fn word_step(&self, place: usize, forward: bool) -> usize {
        let kinds: Vec<Kind> = self.text.chars().map(Kind::of).collect();
        let place = place.min(kinds.len());
        if forward {
            let Some(kind) = kinds.get(place) else { return place };
            let behind = kinds[place..].iter().position(|k| k != kind).map_or(kinds.len(), |n| place + n);
            let behind = if *kind == Kind::Other { place } else { behind };
            let next = kinds[behind..].iter().position(|k| *k != Kind::Other);
            next.map_or(kinds.len(), |n| behind + n)
        } else {
            let before = kinds[..place].iter().rposition(|k| *k != Kind::Other);
            before.map_or(0, |at| self.word(at).start)
        }
    }

    /// The word around a character: a Latin word or number, or Chinese up to the next punctuation. Any other character
    /// is alone.
    pub fn word(&self, index: usize) -> Range<usize> {
        let kinds: Vec<Kind> = self.text.chars().map(Kind::of).collect();
        let Some(kind) = kinds.get(index).copied() else { return index..index };
        if kind == Kind::Other {
            return index..index + 1;
        }
        let start = kinds[..index].iter().rposition(|k| *k != kind).map_or(0, |at| at + 1);
        let end = kinds[index..].iter().position(|k| *k != kind).map_or(kinds.len(), |at| index + at);
        start..end
    }

    /// The line around a character, without its end.
    pub fn line(&self, index: usize) -> Range<usize> {
        let (mut start, mut end) = (0, self.len());
        for (at, _) in self.text.chars().enumerate().filter(|(_, ch)| *ch == '\n') {
            if at < index {
                start = at + 1;
            } else {
                end = at;
                break;
            }
        }
        start.min(end)..end
    }

    /// As stored in a sheet's pack. The confidences of an OCR page come last, so that programs that do not know them
    /// can read the text all the same.
    pub fn encode(&self) -> Vec<u8> {
        let whole = "serialising strings and integers into memory cannot fail";
        let mut bytes = postcard::to_stdvec(self).expect(whole);
        if self.source == TextSource::Ocr {
            let confidences: Vec<u8> = self.boxes.iter().map(|bounds| bounds.confidence).collect();
            bytes.extend(postcard::to_stdvec(&confidences).expect(whole));
        }
        bytes
    }

    /// Whether these bytes are a text without characters.
    pub fn says_nothing(encoded: &[u8]) -> bool {
        encoded.len() <= Self::default().encode().len()
    }

    /// Reads what [`Self::encode`] wrote; never panics on other bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, TextError> {
        let (mut text, rest): (Self, _) = postcard::take_from_bytes(bytes)?;
        let (chars, boxes) = (text.text.chars().count(), text.boxes.len());
        if chars != boxes {
            return Err(TextError::Mismatch { chars, boxes });
        }
        if text.source == TextSource::Ocr && !rest.is_empty() {
            let confidences: Vec<u8> = postcard::from_bytes(rest)?;
            if confidences.len() != boxes {
                return Err(TextError::Mismatch { chars, boxes: confidences.len() });
            }
            for (bounds, confidence) in text.boxes.iter_mut().zip(confidences) {
                bounds.confidence = confidence.min(100);
            }
        }
        Ok(text)
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
                    return Glyph::certain(ch, None);
                }
                x += 10.;
                Glyph::certain(ch, Some(PageRect::new(x - 10., y, x, y + 10.)))
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
        let text = PageText::from_glyphs(TextSource::Pdf, glyphs("YSL\u{2}JK-2021"));
        assert_eq!(text.as_str(), "YSL-\nJK-2021");
        assert_eq!(text.rects(3..6).len(), 2, "on two lines");
    }

    #[test]
    fn doubt_is_kept_beside_the_text_and_old_texts_are_still_read() {
        let read = glyphs("张三\n李").into_iter().zip([97, 30, 100, 88]);
        let read = read.map(|(glyph, sure)| Glyph { confidence: Some(sure), ..glyph });
        let text = PageText::from_glyphs(TextSource::Ocr, read);
        let back = PageText::decode(&text.encode()).unwrap();
        assert_eq!(
            (0..5).map(|at| back.confidence(at)).collect::<Vec<_>>(),
            [97, 30, 100, 88].map(Some).into_iter().chain([None]).collect::<Vec<_>>()
        );
        // Without confidences this is the format of texts before OCR.
        let old = postcard::to_stdvec(&text).unwrap();
        let old = PageText::decode(&old).unwrap();
        assert_eq!((old.as_str(), old.confidence(1)), ("张三\n李", Some(0)));
        assert_eq!(PageText::from_glyphs(TextSource::Pdf, glyphs("张")).confidence(0), None);
        let mut cut = text.encode();
        cut.pop();
        assert!(PageText::decode(&cut).is_err());
    }

    #[test]
    fn a_column_is_one_line() {
        let column = |text: &str, x: f32, pitch: f32| {
            let glyph = move |(row, ch)| {
                let y = 50. + pitch * row as f32;
                [Glyph::certain(ch, Some(PageRect::new(x, y, x + 12., y + 13.))), Glyph::certain('\n', None)]
            };
            text.chars().enumerate().flat_map(glyph).collect::<Vec<_>>()
        };
        let page = [column("本頁證", 500., 13.), column("物編號", 480., 13.2)].concat();
        let text = PageText::from_glyphs(TextSource::Pdf, page);
        assert_eq!(text.as_str(), "本頁證\n物編號");
        assert_eq!(text.rects(1..5).len(), 2, "a rectangle for each column");
        let list = PageText::from_glyphs(TextSource::Pdf, column("123", 500., 18.));
        assert_eq!(list.as_str(), "1\n2\n3");
        let narrow = PageText::from_glyphs(TextSource::Pdf, glyphs("甲\n乙丙"));
        assert_eq!(narrow.as_str(), "甲\n乙丙");
    }

    #[test]
    fn a_point_finds_its_character_word_and_line() {
        let text = PageText::from_glyphs(TextSource::Pdf, glyphs("原告Smith，住\n被告"));
        let hit = |x, y| text.hit(PagePoint { x, y }).unwrap();
        assert_eq!(hit(12., 15.), Hit { index: 1, place: 1, on: true });
        assert_eq!(hit(18., 15.), Hit { index: 1, place: 2, on: true });
        assert_eq!(hit(500., 34.), Hit { index: 11, place: 12, on: false });
        assert_eq!(text.word(4), 2..7);
        assert_eq!(text.word(0), 0..2);
        assert_eq!(text.word(7), 7..8);
        assert_eq!(text.line(3), 0..9);
        assert_eq!(text.line(11), 10..12);
        assert_eq!(text.slice(text.word(4)), "Smith");
    }

    proptest! {
        #[test]
        fn words_and_lines_hold_their_character(s in "[原告a-c1，\n ]{1,40}", at in 0usize..40) {
            let text = PageText::from_glyphs(TextSource::Pdf, glyphs(&s));
            if at < text.len() {
                let (word, line) = (text.word(at), text.line(at));
                prop_assert!(word.contains(&at) && word.end <= text.len());
                prop_assert!(line.contains(&at) || text.slice(at..at + 1) == "\n");
            }
        }

        #[test]
        fn encoding_round_trips(s in "\\PC{0,60}") {
            let text = PageText::from_glyphs(TextSource::Ocr, glyphs(&s));
            prop_assert_eq!(&PageText::decode(&text.encode()).unwrap(), &text);
            prop_assert_eq!(PageText::says_nothing(&text.encode()), text.is_empty());
            prop_assert_eq!(PageText::from_glyphs(text.source(), text.glyphs()), text);
        }

        #[test]
        fn strange_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = PageText::decode(&bytes);
        }
    }
}
