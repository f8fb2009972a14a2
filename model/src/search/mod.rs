//! Search: what counts as a match, and the index that finds the pages it may be on.
//!
//! A match is a run of folded characters (see [`fold`]): case, width and line ends make no difference.
//! [`Query::matches`] is its one definition; counts, snippets and highlights all come from it. The index
//! only narrows the pages down: it holds every letter, digit and ideograph as a token with its position,
//! so that the phrase of a query's tokens is found wherever the query can match.

mod fold;
#[cfg(feature = "index")]
mod index;
#[cfg(feature = "index")]
mod pack;
mod query;
mod snippet;
#[cfg(test)]
mod tests;
pub mod wire;

use serde::{Deserialize, Serialize};

#[cfg(feature = "index")]
pub use self::index::{Index, IndexError, Writer};
pub use self::query::{MAX_QUERY, Query, QueryError};
pub use self::snippet::Snippet;

/// The index format this code writes and reads: schema, tokens and container. An index of another one is
/// made anew.
pub const SCHEMA_VERSION: u32 = 1;

/// A page with matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Hit {
    /// Index of the page in its material.
    pub page: u32,
    /// Start and end of every match, in characters of the page's text; they do not overlap.
    pub matches: Vec<[u32; 2]>,
    /// Around the first one.
    pub snippet: Snippet,
}

impl Hit {
    /// Number of matches on the page.
    pub fn count(&self) -> u32 {
        self.matches.len() as u32
    }
}

/// The hit of a page whose text is this, if there is any.
pub fn hit(page: u32, text: &str, query: &Query) -> Option<Hit> {
    let matches = query.matches(text);
    let snippet = Snippet::around(text, matches.first()?);
    let matches = matches.into_iter().map(|range| [range.start as u32, range.end as u32]).collect();
    Some(Hit { page, matches, snippet })
}
