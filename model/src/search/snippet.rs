//! A line of text around a match, for a list of hits.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::text::is_chinese;

/// Characters before the match, and in all; a longer match is still shown whole.
const BEFORE: usize = 20;
const WHOLE: usize = 60;

/// One line of plain text; an ellipsis marks an end that is cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snippet {
    /// Before the match.
    pub before: String,
    /// The match as it stands in the text, line ends apart.
    pub hit: String,
    /// Behind it.
    pub after: String,
}

impl Snippet {
    /// The text around a range of characters.
    pub fn around(text: &str, range: &Range<usize>) -> Self {
        // Look only at what can be shown, and at one character more on either side.
        let first = range.start.saturating_sub(BEFORE + 1);
        let length = range.len().max(WHOLE) + BEFORE + 2;
        let chars: Vec<char> = text.chars().skip(first).take(length).collect();
        let end = range.end.saturating_sub(first).min(chars.len());
        let hit = range.start.saturating_sub(first).min(end)..end;
        let mut start = hit.start.saturating_sub(BEFORE);
        // Do not cut a Latin word or number, unless it is long.
        let whole = (start..hit.start).find(|&at| at == 0 || !inside_word(&chars, at));
        start = whole.filter(|at| at - start < BEFORE / 2).unwrap_or(start);
        let rest = WHOLE.saturating_sub(hit.end - start);
        let stop = (hit.end + rest).min(chars.len());
        let mut before = line(&chars[start..hit.start]);
        let mut after = line(&chars[hit.end..stop]);
        if first + start > 0 {
            before.insert(0, '…');
        }
        if stop < chars.len() {
            after.push('…');
        }
        Self { before, hit: line(&chars[hit]), after }
    }

    pub fn text(&self) -> String {
        [self.before.as_str(), &self.hit, &self.after].concat()
    }
}

/// Whether a position is between two characters of one word.
fn inside_word(chars: &[char], at: usize) -> bool {
    let word = |ch: char| ch.is_alphanumeric() && !is_chinese(ch);
    word(chars[at - 1]) && word(chars[at])
}

/// Removes line ends inside Chinese and after a hyphen; other white space becomes one space.
fn line(chars: &[char]) -> String {
    let mut line = String::new();
    for (at, &ch) in chars.iter().enumerate() {
        let beside = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|&ch| is_wide(ch));
        let hyphen = line.ends_with('-');
        let vanishes = ch == '\n' && (hyphen || beside(at.checked_sub(1)) || beside(Some(at + 1)));
        if !ch.is_whitespace() {
            line.push(ch);
        } else if !vanishes && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}

/// Chinese characters and punctuation.
fn is_wide(ch: char) -> bool {
    is_chinese(ch) || matches!(ch, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '“' | '”' | '‘' | '’')
}
