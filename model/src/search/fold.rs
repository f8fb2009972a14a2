//! Folding: one normal form for texts and queries, with the way back to the original characters.
//!
//! Compatibility forms (full and half width, ligatures, radicals), capitals, accents, traditional characters, Chinese
//! digits and brackets become plain characters. White space and hyphens become the [`Gap`] before the next character,
//! so that a text with line breaks reads like one without.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

use super::plain::plain;
use crate::text::is_chinese;

/// What is between a character and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Gap {
    /// Nothing, or white space that does not separate words: beside punctuation, between ideographs.
    #[default]
    None,
    /// White space between two words.
    Space,
    Hyphen,
    /// A hyphen at a line end: part of the word, or only there to break it.
    Break,
}

impl Gap {
    /// Whether a query's gap matches this gap of the text.
    pub fn admits(self, query: Gap) -> bool {
        self == query
            || matches!(
                (self, query),
                (Gap::Break, Gap::None | Gap::Hyphen) | (Gap::None | Gap::Hyphen, Gap::Break)
            )
    }

    /// Whether it counts at the ends of a query; white space does not.
    pub fn has_hyphen(self) -> bool {
        matches!(self, Gap::Hyphen | Gap::Break)
    }

    /// This gap with one more character in it.
    fn and(self, ch: char) -> Self {
        match (self, ch) {
            (_, SOFT_HYPHEN) | (Gap::Hyphen, '\n') => Gap::Break,
            (Gap::None | Gap::Space, ch) if is_hyphen(ch) => Gap::Hyphen,
            (Gap::None, ch) if ch.is_whitespace() => Gap::Space,
            _ => self,
        }
    }
}

/// A folded character and the gap before it, in four bytes: a case of 10,000 pages has seven million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit(u32);

const CHAR_BITS: u32 = 21;

impl Unit {
    /// `ch` is folded already.
    pub fn new(ch: char, gap: Gap) -> Self {
        Self(ch as u32 | (gap as u32) << CHAR_BITS)
    }

    pub fn ch(self) -> char {
        char::from_u32(self.code()).unwrap_or_default()
    }

    pub fn code(self) -> u32 {
        self.0 & ((1 << CHAR_BITS) - 1)
    }

    pub fn gap(self) -> Gap {
        match self.0 >> CHAR_BITS {
            0 => Gap::None,
            1 => Gap::Space,
            2 => Gap::Hyphen,
            _ => Gap::Break,
        }
    }

    /// Whether it is in the index: letters, digits and ideographs are, punctuation is not.
    pub fn is_token(self) -> bool {
        self.ch().is_alphanumeric()
    }
}

const SOFT_HYPHEN: char = '\u{ad}';

/// A folded text: its characters, and the gap after the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folded {
    pub units: Vec<Unit>,
    pub tail: Gap,
    /// Unit and character at which the distance between both changes; units in between are neighbours in the text
    /// too.
    runs: Vec<(u32, u32)>,
    /// Dropped combining marks, which belong to the character before them.
    marks: Vec<u32>,
    /// Whether the last character is from a script that puts spaces between words.
    in_word: bool,
}

/// Folds a text. A part of a text folds to the same units alone as inside the whole, except for the gaps at its
/// ends.
pub(super) fn fold(text: &str) -> Folded {
    let mut folded = Folded { units: Vec::with_capacity(text.len() / 3), ..Folded::default() };
    for (at, ch) in (0..).zip(text.chars()) {
        match ch {
            // Most of a Chinese page is ideographs.
            '\u{4e00}'..='\u{9fff}' => folded.push(at, ch),
            ch if ch.is_ascii() => folded.take(at, ch.to_ascii_lowercase()),
            'ß' | 'ẞ' => ['s', 's'].into_iter().for_each(|ch| folded.push(at, ch)),
            'æ' | 'Æ' => ['a', 'e'].into_iter().for_each(|ch| folded.push(at, ch)),
            'œ' | 'Œ' => ['o', 'e'].into_iter().for_each(|ch| folded.push(at, ch)),
            ch => decompose_compatible(ch, |ch| ch.to_lowercase().for_each(|ch| folded.take(at, ch))),
        }
    }
    folded
}

impl Folded {
    /// The characters of the original text behind a non-empty run of units.
    pub fn range(&self, units: Range<usize>) -> Range<usize> {
        let start = self.place(units.start);
        let mut end = self.place(units.end - 1) + 1;
        while self.marks.binary_search(&end).is_ok() {
            end += 1;
        }
        start as usize..end as usize
    }

    /// Other units with the same gap at the end, for a query: they have no original characters.
    pub fn spelled(&self, units: Vec<Unit>) -> Self {
        Self { units, tail: self.tail, ..Self::default() }
    }

    /// Memory that it takes beside itself, in bytes.
    #[cfg(any(test, feature = "index"))]
    pub fn bytes(&self) -> usize {
        4 * self.units.capacity() + 8 * self.runs.capacity() + 4 * self.marks.capacity()
    }

    fn place(&self, unit: usize) -> u32 {
        let unit = unit as u32;
        let at = self.runs.partition_point(|(first, _)| *first <= unit);
        let (first, start) = at.checked_sub(1).map_or((0, 0), |at| self.runs[at]);
        start + (unit - first)
    }

    /// Takes a character that is lower case already and has no compatibility form.
    fn take(&mut self, at: u32, ch: char) {
        if ch.is_whitespace() || is_hyphen(ch) || ch == SOFT_HYPHEN {
            self.tail = self.tail.and(ch);
        } else if is_mark(ch) {
            if self.units.is_empty() || self.tail != Gap::None {
                return;
            }
            if self.range(self.units.len() - 1..self.units.len()).end == at as usize {
                self.marks.push(at);
            }
        } else if !is_invisible(ch) {
            self.push(at, ch);
        }
    }

    fn push(&mut self, at: u32, ch: char) {
        let word = ch.is_alphanumeric() && !is_chinese(ch);
        let gap = match std::mem::take(&mut self.tail) {
            // White space only separates words.
            Gap::Space if !(word && self.in_word) => Gap::None,
            gap => gap,
        };
        self.in_word = word;
        let next = self.units.len() as u32;
        if self.runs.last().is_none_or(|(first, start)| start + (next - first) != at) {
            self.runs.push((next, at));
        }
        self.units.push(Unit::new(plain(ch), gap));
    }
}

/// Hyphens: from the keyboard, typographic, non-breaking.
fn is_hyphen(ch: char) -> bool {
    matches!(ch, '-' | '\u{2010}' | '\u{2011}')
}

/// Accents. The sound marks of kana are not: they make another letter.
fn is_mark(ch: char) -> bool {
    matches!(ch, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// Joiners, direction marks and variation selectors.
fn is_invisible(ch: char) -> bool {
    matches!(
        ch,
        '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}
