//! Folding: one normal form for texts and queries, with the way back to the characters it came from.
//!
//! Compatibility forms (full and half width, ligatures, Kangxi radicals) and capitals become their plain
//! letters. White space and hyphens become the [`Gap`] before the next character, so that a text broken
//! over lines reads as one.

use unicode_normalization::char::decompose_compatible;

use crate::text::is_chinese;

/// What stands between a character and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing, or white space that does not part words: beside punctuation, between ideographs.
    #[default]
    None,
    /// White space between two words.
    Space,
    /// An ideographic space between two characters: an author typed it, while other white space between
    /// ideographs may only be a distance that was read as one.
    Wide,
    /// A hyphen.
    Hyphen,
    /// A hyphen at a line end: the word's own, or one that only breaks it.
    Break,
}

impl Gap {
    /// Whether a query's gap is found where the text has this one.
    pub fn admits(self, query: Gap) -> bool {
        self == query
            || matches!(
                (self, query),
                (Gap::Break, Gap::None | Gap::Hyphen) | (Gap::None | Gap::Hyphen, Gap::Break)
            )
    }

    /// Whether it counts at the ends of a query, where white space does not.
    pub fn has_hyphen(self) -> bool {
        matches!(self, Gap::Hyphen | Gap::Break)
    }

    /// This gap with one more character in it.
    fn and(self, ch: char) -> Self {
        match (self, ch) {
            (_, SOFT_HYPHEN) | (Gap::Hyphen, '\n') => Gap::Break,
            (Gap::None | Gap::Space | Gap::Wide, ch) if is_hyphen(ch) => Gap::Hyphen,
            (Gap::None | Gap::Space, IDEOGRAPHIC_SPACE) => Gap::Wide,
            (Gap::None, ch) if ch.is_whitespace() => Gap::Space,
            _ => self,
        }
    }

    /// What is left of it between these two characters.
    fn between(self, before: Option<char>, after: char) -> Self {
        let both = |is: fn(char) -> bool| before.is_some_and(is) && is(after);
        match self {
            Gap::Space | Gap::Wide if both(is_word) => Gap::Space,
            Gap::Wide if both(char::is_alphanumeric) => Gap::Wide,
            Gap::Space | Gap::Wide => Gap::None,
            gap => gap,
        }
    }
}

/// A folded character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Folded.
    pub ch: char,
    /// Position of the character it came from, in characters of the text.
    pub at: usize,
    /// What stands before it.
    pub gap: Gap,
}

impl Unit {
    /// Whether the index holds it: letters, digits and ideographs, not punctuation.
    pub fn is_token(&self) -> bool {
        self.ch.is_alphanumeric()
    }
}

const SOFT_HYPHEN: char = '\u{ad}';
const IDEOGRAPHIC_SPACE: char = '\u{3000}';

/// A folded text: its characters, and the gap behind the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folded {
    pub units: Vec<Unit>,
    pub tail: Gap,
}

/// Folds a text. A part of the text folds to the same units as it does inside the whole, up to the gaps
/// at its ends.
pub(super) fn fold(text: &str) -> Folded {
    let mut folded = Folded { units: Vec::with_capacity(text.len() / 3), tail: Gap::None };
    for (at, ch) in text.chars().enumerate() {
        match ch {
            // Most of a Chinese page is its own plain form.
            '\u{4e00}'..='\u{9fff}' => folded.push(at, ch),
            // Its plain form would be a common space.
            IDEOGRAPHIC_SPACE => folded.tail = folded.tail.and(ch),
            ch if ch.is_ascii() => folded.take(at, ch.to_ascii_lowercase()),
            ch => decompose_compatible(ch, |ch| ch.to_lowercase().for_each(|ch| folded.take(at, ch))),
        }
    }
    folded
}

impl Folded {
    /// A plain small character.
    fn take(&mut self, at: usize, ch: char) {
        if ch.is_whitespace() || is_hyphen(ch) || ch == SOFT_HYPHEN {
            self.tail = self.tail.and(ch);
        } else if !is_invisible(ch) {
            self.push(at, ch);
        }
    }

    fn push(&mut self, at: usize, ch: char) {
        let gap = match std::mem::take(&mut self.tail) {
            Gap::None => Gap::None,
            gap => gap.between(self.units.last().map(|last| last.ch), ch),
        };
        self.units.push(Unit { ch, at, gap });
    }
}

/// The keyboard's, the typographer's and the one that does not break.
fn is_hyphen(ch: char) -> bool {
    matches!(ch, '-' | '\u{2010}' | '\u{2011}')
}

/// Written with spaces between words.
fn is_word(ch: char) -> bool {
    ch.is_alphanumeric() && !is_chinese(ch)
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
