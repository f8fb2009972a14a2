//! Search: what counts as a match, and the index that narrows down where to look.
//!
//! A match is a run of folded characters (see [`fold`]): case, width, script and line ends make no difference.
//! [`Query`] is the one definition of a match; counts, snippets and highlights all come from it. The index only
//! preselects pages: it has every letter, digit and ideograph as a token with its position, so the tokens of a
//! query are found as a phrase wherever the query can match. Queries apply to single pages: all required words
//! must be on the same page.

mod amount;
#[cfg(feature = "index")]
mod candidates;
mod case_number;
mod confusable;
mod date;
mod filter;
mod fold;
#[cfg(feature = "index")]
mod index;
mod number;
#[cfg(feature = "index")]
mod pack;
mod parse;
mod phrase;
mod plain;
mod query;
mod snippet;
#[cfg(test)]
mod tests;
pub mod wire;

use serde::{Deserialize, Serialize};

pub use self::date::{Day, Days, parse_days};
pub use self::filter::{Filter, Place, parse_category, parse_pages};
#[cfg(feature = "index")]
pub use self::index::{Index, Writer};
#[cfg(feature = "index")]
pub use self::pack::IndexError;
pub use self::parse::{MAX_QUERY, QueryError};
pub use self::plain::plain as plain_form;
pub use self::query::Query;
pub use self::snippet::Snippet;

/// The index format that this code writes and reads: schema, tokens and container. Indexes of other formats are
/// rebuilt.
pub const SCHEMA_VERSION: u32 = 3;

/// How close to the query something that was found is; the closest comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Closeness {
    /// As it stands, up to folding.
    #[default]
    Exact,
    /// With a character that looks like the right one.
    Confusable,
    /// With one wrong, missing or surplus character.
    Near,
}

/// A page with matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Hit {
    /// Index of the page in its material.
    pub page: u32,
    /// Start and end of every match, in characters of the page's text; they do not overlap. Exact ones come
    /// first; both kinds are in the order of the text.
    pub matches: Vec<[u32; 2]>,
    /// How many of them are exact.
    pub exact: u32,
    /// Of the page: approximate where the query is not all on it as it stands.
    pub closeness: Closeness,
    /// Around the first one.
    pub snippet: Snippet,
}

impl Hit {
    /// Matches on the page.
    pub fn count(&self) -> u32 {
        self.matches.len() as u32
    }
}

/// The hit of a page with this text, if it matches.
pub fn hit(page: u32, text: &str, query: &Query) -> Option<Hit> {
    query.look(page, text, &fold::fold(text))
}
