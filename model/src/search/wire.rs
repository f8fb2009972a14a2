//! Messages between a page and its search worker, as JSON: the page's side is TypeScript.

use serde::{Deserialize, Serialize};

use super::{Filter, Hit};
use crate::category::Category;
use crate::code::Code;
use crate::volume::Blob;

/// What the worker is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SearchRequest {
    /// A volume may be searched from now on, under this number.
    Open {
        /// The page's own number for it.
        volume: u32,
        /// Absolute URL of the volume.
        base: String,
        /// The indexes of many materials in one blob.
        bundle: Option<Blob>,
        /// In reading order.
        materials: Vec<SearchMaterial>,
    },
    /// Looks for a query; the search before it ends.
    Search {
        /// Comes back in the replies.
        job: u32,
        /// Volumes that have been opened, in order.
        volumes: Vec<u32>,
        /// As typed.
        query: String,
        /// Set beside it.
        filter: Filter,
        /// Whether one mistake a phrase is tolerated.
        tolerant: bool,
        /// Where the asker sees marks, when the query may ask for them.
        marked: Vec<MarkedPages>,
    },
    /// The search is not wanted any more.
    Cancel {
        /// Of the search.
        job: u32,
    },
}

/// A material that can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SearchMaterial {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Category.
    pub category: Category,
    /// Number of its pages.
    pub pages: u32,
    /// Its index; null when it cannot be searched.
    pub index: Option<Blob>,
    /// Where it begins in the bundle; null when it is not in it.
    pub at: Option<u32>,
}

/// Pages with marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MarkedPages {
    /// The page's own number for the volume.
    pub volume: u32,
    /// Id of the material.
    pub material: String,
    /// Indexes in it.
    pub pages: Vec<u32>,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SearchReply {
    /// It is up.
    Ready,
    /// A material has been searched; they come in reading order, and those without a hit too.
    Found {
        /// Of the request.
        job: u32,
        /// Number of the volume.
        volume: u32,
        /// Position in the volume's materials.
        material: u32,
        /// In order.
        hits: Vec<Hit>,
    },
    /// A material could not be searched; the others are.
    Missed {
        /// Of the request.
        job: u32,
        /// Number of the volume.
        volume: u32,
        /// Position in the volume's materials.
        material: u32,
        /// Why.
        code: Code,
    },
    /// Every material has been answered for.
    Done {
        /// Of the request.
        job: u32,
    },
    /// The query cannot be looked for.
    Refused {
        /// Of the request.
        job: u32,
        /// Why.
        code: Code,
    },
}
