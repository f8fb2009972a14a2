//! Queries, and where they match.

use std::ops::Range;

use super::fold::{Gap, Unit, fold};

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
    units: Vec<Unit>,
}

impl Query {
    /// Reads what a person typed.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.chars().nth(MAX_QUERY).is_some() {
            return Err(QueryError::TooLong);
        }
        let units = fold(text);
        if units.iter().any(Unit::is_token) { Ok(Self { units }) } else { Err(QueryError::Empty) }
    }

    /// Where it matches, from left to right without overlaps, in characters of the text.
    pub fn matches(&self, text: &str) -> Vec<Range<usize>> {
        let units = fold(text);
        let mut matches = Vec::new();
        let mut from = 0;
        while let Some(window) = units.get(from..from + self.units.len()) {
            if self.fits(window) {
                let last = window.last().map_or(0, |unit| unit.at);
                matches.push(window[0].at..last + 1);
                from += window.len();
            } else {
                from += 1;
            }
        }
        matches
    }

    /// What the index is asked for: a page that matches has these one after the other.
    pub fn tokens(&self) -> impl Iterator<Item = char> {
        self.units.iter().filter(|unit| unit.is_token()).map(|unit| unit.ch)
    }

    fn fits(&self, window: &[Unit]) -> bool {
        self.units.iter().zip(window).enumerate().all(|(at, (query, text))| {
            // Only a hyphen counts before the first character.
            let free = at == 0 && query.gap == Gap::None;
            query.ch == text.ch && (free || text.gap.admits(query.gap))
        })
    }
}
