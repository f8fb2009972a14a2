//! Queries, and where they match.

use std::ops::Range;

use super::fold::{Folded, Gap, Unit, fold};

/// A longer query is refused; in characters.
pub const MAX_QUERY: usize = 256;

/// What cannot be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// No letter, digit or ideograph.
    #[error("the query has no letter, digit or ideograph")]
    Empty,
    /// More than [`MAX_QUERY`] characters.
    #[error("the query has more than {MAX_QUERY} characters")]
    TooLong,
}

/// What is looked for: the whole of it, as it stands, up to folding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    folded: Folded,
}

impl Query {
    /// Reads what a person typed.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.chars().nth(MAX_QUERY).is_some() {
            return Err(QueryError::TooLong);
        }
        let folded = fold(text);
        if folded.units.iter().any(Unit::is_token) { Ok(Self { folded }) } else { Err(QueryError::Empty) }
    }

    /// Where it matches, from left to right without overlaps, in characters of the text.
    pub fn matches(&self, text: &str) -> Vec<Range<usize>> {
        let text = fold(text);
        let length = self.folded.units.len();
        let mut matches = Vec::new();
        let mut from = 0;
        while let Some(window) = text.units.get(from..from + length) {
            let behind = text.units.get(from + length).map_or(text.tail, |unit| unit.gap);
            if self.fits(window, behind) {
                matches.push(window[0].at..window[length - 1].at + 1);
                from += length;
            } else {
                from += 1;
            }
        }
        matches
    }

    /// What the index is asked for: a page that matches has these one after the other.
    pub fn tokens(&self) -> impl Iterator<Item = char> {
        self.folded.units.iter().filter(|unit| unit.is_token()).map(|unit| unit.ch)
    }

    fn fits(&self, window: &[Unit], behind: Gap) -> bool {
        let Folded { units, tail } = &self.folded;
        units.iter().zip(window).enumerate().all(|(at, (query, text))| {
            query.ch == text.ch && ((at == 0 && !query.gap.has_hyphen()) || text.gap.admits(query.gap))
        }) && (!tail.has_hyphen() || behind.admits(*tail))
    }
}
