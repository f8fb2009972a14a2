//! Search over the volumes of a store, with the browser's own matching: `evolume_model::search`. Here the command
//! line's, in [`cases`] the server's.

mod cases;

use evolume_model::search::{Closeness, Hit, Index, IndexError, Place, Query};
use evolume_model::volume::Material;
use serde::Serialize;

pub use self::cases::{CaseSearch, Cursor};
use crate::rights::Permit;
use crate::store::{Store, StoreError};

/// Why a search ended early.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An index that cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// Too many others search.
    #[error("too many searches at once")]
    Busy,
}

/// A page with matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageHit {
    /// Id of the volume.
    pub volume: String,
    /// Volume page number, from 1.
    pub page: u32,
    /// Matches on the page.
    pub count: u32,
    /// One line around the first of them.
    pub snippet: String,
    /// Whether the query is not all on the page as it stands: a tolerant search found it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    /// How close it is to the query.
    #[serde(skip)]
    pub closeness: Closeness,
}

/// All pages with matches: exact ones before approximate ones, each volume after volume in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Number of pages, which is that of `hits`.
    pub total: usize,
    /// One per page.
    pub hits: Vec<PageHit>,
    /// Titles of materials that were not searched, because they have no index of this version.
    #[serde(skip)]
    pub unindexed: Vec<String>,
}

/// Searches these volumes, by id.
pub async fn run(
    store: &Store,
    permit: &Permit,
    volumes: &[String],
    query: &Query,
) -> Result<Found, SearchError> {
    let mut found = Found::default();
    for volume in volumes {
        let (_, manifest) = store.manifest_of(permit, volume).await?;
        let mut first = 1;
        for material in &manifest.materials {
            match search(store, permit, material, first, query).await? {
                Some(hits) => found.hits.extend(hits.into_iter().map(|hit| PageHit {
                    volume: volume.clone(),
                    page: first + hit.page,
                    count: hit.count(),
                    approximate: hit.closeness != Closeness::Exact,
                    closeness: hit.closeness,
                    snippet: hit.snippet.text(),
                })),
                None => found.unindexed.push(material.title.clone()),
            }
            first += material.pages.len() as u32;
        }
    }
    found.hits.sort_by_key(|hit| hit.closeness);
    found.total = found.hits.len();
    Ok(found)
}

/// `None` where there is no index to search in; `first` is the volume page number of the material's first.
async fn search(
    store: &Store,
    permit: &Permit,
    material: &Material,
    first: u32,
    query: &Query,
) -> Result<Option<Vec<Hit>>, SearchError> {
    let place =
        Place { id: &material.id, title: &material.title, category: material.category, first, marked: &[] };
    if !query.admits(&place) {
        return Ok(Some(Vec::new()));
    }
    let Some(blob) = material.searchable() else { return Ok(None) };
    let index = Index::open(store.blobs(permit).read(&blob.sha256).await?.to_vec())?;
    Ok(Some(index.search(query, &place)?))
}
