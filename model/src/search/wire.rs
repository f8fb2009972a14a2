//! Messages of a page with its search worker and with the server's search, as JSON.

use serde::{Deserialize, Serialize};

use super::{Filter, Hit, Snippet};
use crate::category::Category;
use crate::code::Code;
use crate::page::PageRef;
use crate::volume::{Blob, VolumeClass};

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

/// What is looked for in all volumes that one may read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "ts", ts(optional_fields))]
pub struct CaseQuery {
    /// As typed, in the language of the README. May be empty when `date` is given.
    pub query: String,
    /// Also what has one wrong, missing or surplus character.
    #[cfg_attr(feature = "ts", ts(as = "Option<bool>"))]
    pub tolerant: bool,
    /// Only this case, by id.
    pub case: Option<String>,
    /// Only this volume, by id.
    pub volume: Option<String>,
    /// Only materials whose title has this in it, or whose id it is.
    pub material: Option<String>,
    /// Only materials of this category: its key or its Chinese name.
    pub category: Option<String>,
    /// Only these pages, by volume page number: 3, 3-9, 3- or -9.
    pub pages: Option<String>,
    /// Only pages that name a day from A to B: `A..B`; days, months or years.
    pub date: Option<String>,
    /// Pages in the answer, 1 to 200; 50 unless given.
    pub limit: Option<u32>,
    /// `next` of the answer before.
    pub cursor: Option<String>,
}

/// What a search of all volumes found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseFound {
    /// Pages that were found in all.
    pub total: u32,
    /// Matches on them.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub matches: u64,
    /// Whether all volumes were searched: false where there was too much, or too little time.
    pub complete: bool,
    /// Materials without an index of this version.
    pub unsearched: u32,
    /// Exact ones first, each case after case, volume after volume, in reading order.
    pub hits: Vec<CaseHit>,
    /// For the next request, when there is more.
    pub next: Option<String>,
}

/// A page of some volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseHit {
    /// Id of the case.
    pub case: String,
    /// 案号.
    pub case_number: String,
    /// 案由.
    pub case_title: String,
    /// Id of the volume.
    pub volume: String,
    /// E.g. 正卷.
    pub volume_title: String,
    /// Confidentiality class of the volume.
    pub class: VolumeClass,
    /// Title of the material.
    pub material: String,
    /// Which page it is.
    pub at: PageRef,
    /// Its number in the volume now, from 1, for eyes.
    pub page: u32,
    /// Matches on the page.
    pub count: u32,
    /// Whether the query is not all on the page as it stands.
    pub approximate: bool,
    /// Around the first match.
    pub snippet: Snippet,
}
