//! `/api/v1/search`: one query over every volume that one may read.
//!
//! Rights come first: what one may not read is neither searched nor counted. Indexes stay open between
//! requests, within a budget; a search ends when its time is over and says so. The query comes in the body:
//! addresses are logged everywhere, and names are looked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use evolume_model::access::{Principal, may_read};
use evolume_model::api::{CaseSummary, Problem};
use evolume_model::search::wire::{CourtFound, CourtHit, CourtQuery};
use evolume_model::search::{
    Closeness, Filter, Hit, Index, Place, Query, QueryError, parse_category, parse_days, parse_pages,
};
use evolume_model::volume::{Manifest, Material};
use tokio::sync::Semaphore;

use super::error::ApiError;
use super::extract::{Caller, same_origin};
use crate::library::{Library, LoadedVolume};
use crate::store::{Store, StoreError};

/// Searches at once; others wait for so long.
const AT_ONCE: usize = 2;
const PATIENCE: Duration = Duration::from_secs(5);
/// After this a search answers with what it has.
const TIME: Duration = Duration::from_secs(10);
/// A query that is on more pages is too common to be worth more.
const MAX_FOUND: usize = 20_000;
/// Pages in an answer: unless asked, and at most.
const LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;
/// Bytes of indexes, and of texts out of them, that are kept for the next search.
const KEPT: usize = 256 << 20;

/// What the handler keeps.
#[derive(Clone)]
pub struct CaseSearch {
    store: Store,
    library: Library,
    free: Arc<Semaphore>,
    indexes: Arc<Mutex<HashMap<String, Arc<Open>>>>,
}

/// An index in memory.
struct Open {
    index: Mutex<Index>,
    bytes: usize,
}

impl std::fmt::Debug for CaseSearch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseSearch").field("store", &self.store).finish_non_exhaustive()
    }
}

/// What is looked for.
fn query(asked: &CourtQuery) -> Result<Query, QueryError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut filter = Filter { materials: given(&asked.material).into_iter().collect(), ..Filter::default() };
    if let Some(category) = given(&asked.category) {
        filter.categories.push(parse_category(&category).ok_or(QueryError::Category)?);
    }
    if let Some(pages) = given(&asked.pages) {
        filter.pages = Some(parse_pages(&pages).ok_or(QueryError::Pages)?);
    }
    if let Some(days) = given(&asked.date) {
        filter.days = Some(parse_days(&days).ok_or(QueryError::Date)?);
    }
    Ok(Query::filtered(&asked.query, filter)?.tolerant(asked.tolerant))
}

/// One query over every volume that one may read: exact pages first, each case after case, volume after
/// volume, in reading order.
#[utoipa::path(
    post, path = "/api/v1/search", request_body = CourtQuery,
    responses((status = 200, body = CourtFound), (status = 400, body = Problem), (status = 403, body = Problem),
              (status = 503, body = Problem))
)]
pub async fn search(
    State(cases): State<CaseSearch>,
    Caller(principal): Caller,
    headers: HeaderMap,
    asked: Result<Json<CourtQuery>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    same_origin(&headers)?;
    let Json(asked) = asked.map_err(|_| ApiError::Malformed)?;
    let query = query(&asked).map_err(ApiError::Query)?;
    let limit = asked.limit.map_or(LIMIT, |limit| limit as usize);
    let after = match &asked.cursor {
        Some(cursor) => Some(Cursor::parse(cursor).ok_or(ApiError::Malformed)?),
        None => None,
    };
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::Malformed);
    }
    let waiting = tokio::time::timeout(PATIENCE, cases.free.acquire());
    let _permit = waiting.await.map_err(|_| ApiError::Busy)?.map_err(|_| ApiError::Busy)?;
    let found = cases.run(&principal, &asked, query, limit, after).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(found)))
}

/// The last page of an answer: how close, which volume and which of its pages. What comes and goes
/// between two answers moves nothing.
struct Cursor {
    closeness: u8,
    volume: String,
    page: u32,
}

impl Cursor {
    fn of(hit: &CourtHit, closeness: Closeness) -> String {
        format!("{}.{}.{}", closeness as u8, hit.page, hit.volume)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (closeness, page) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { closeness, page, volume: parts.next()?.to_owned() })
    }
}

/// What was found so far.
#[derive(Default)]
struct Tally {
    /// With the volume's number in the order of the search.
    hits: Vec<(Closeness, usize, CourtHit)>,
    matches: u64,
    unsearched: u32,
    complete: bool,
}

impl CaseSearch {
    /// Over a store, with the volumes that the other handlers know.
    pub fn new(store: Store, library: Library) -> Self {
        Self { store, library, free: Arc::new(Semaphore::new(AT_ONCE)), indexes: Arc::default() }
    }

    async fn run(
        &self,
        principal: &Principal,
        asked: &CourtQuery,
        query: Query,
        limit: usize,
        after: Option<Cursor>,
    ) -> Result<CourtFound, ApiError> {
        let query = Arc::new(query);
        let until = Instant::now() + TIME;
        let mut tally = Tally { complete: true, ..Tally::default() };
        let mut order = HashMap::new();
        'all: for case in self.store.cases().await? {
            if asked.case.as_ref().is_some_and(|wanted| *wanted != case.id) {
                continue;
            }
            for volume in &case.volumes {
                let wanted = asked.volume.as_ref().is_none_or(|wanted| *wanted == volume.id);
                if !wanted || !may_read(principal, volume.class) {
                    continue;
                }
                let loaded = match self.library.load(principal, &volume.id).await {
                    Ok(loaded) => loaded,
                    // Its class has changed since it was listed.
                    Err(StoreError::NoVolume) => continue,
                    Err(error) => return Err(error.into()),
                };
                order.insert(volume.id.clone(), order.len());
                self.volume(&case, &loaded, &query, until, &mut tally).await?;
                if Instant::now() > until || tally.hits.len() > MAX_FOUND {
                    tally.complete = false;
                    break 'all;
                }
            }
        }
        self.trim();
        Ok(tally.answer(limit, after, &order))
    }

    async fn volume(
        &self,
        case: &CaseSummary,
        loaded: &Arc<LoadedVolume>,
        query: &Arc<Query>,
        until: Instant,
        tally: &mut Tally,
    ) -> Result<(), ApiError> {
        let manifest = loaded.manifest();
        let mut first = 1;
        for (number, material) in manifest.materials.iter().enumerate() {
            let before = first;
            first += material.pages.len() as u32;
            if Instant::now() > until {
                return Ok(());
            }
            if !query.admits(&place(material, before)) {
                continue;
            }
            // One bad index must not hide what the others hold.
            let open = self.open(material).await.unwrap_or_else(|error| {
                tracing::error!(%error, material = material.id, "index cannot be read");
                None
            });
            let Some(open) = open else {
                tally.unsearched += 1;
                continue;
            };
            let (query, volume) = (Arc::clone(query), Arc::clone(loaded));
            let searched = tokio::task::spawn_blocking(move || {
                let index = open.index.lock().unwrap_or_else(PoisonError::into_inner);
                index.search(&query, &place(&volume.manifest().materials[number], before))
            });
            let hits = searched.await.map_err(|error| ApiError::Internal(error.to_string()))?;
            for hit in hits.map_err(|error| ApiError::Internal(error.to_string()))? {
                tally.add(hit, case, manifest, material, before);
            }
        }
        Ok(())
    }

    /// A material's index, in memory; `None` where there is none to search in.
    async fn open(&self, material: &Material) -> Result<Option<Arc<Open>>, ApiError> {
        let Some(blob) = material.searchable() else { return Ok(None) };
        let known = || self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = known().get(&blob.sha256) {
            return Ok(Some(Arc::clone(open)));
        }
        let pack = self.store.blobs().read(&blob.sha256).await?.to_vec();
        let bytes = pack.len();
        let index = Index::open(pack).map_err(|error| ApiError::Internal(error.to_string()))?;
        let open = Arc::new(Open { index: Mutex::new(index), bytes });
        known().insert(blob.sha256.clone(), Arc::clone(&open));
        Ok(Some(open))
    }

    /// Lets go what takes more memory than it should.
    fn trim(&self) {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = 0;
        indexes.retain(|_, open| {
            // One that is in use is counted without its texts.
            kept += open.bytes + open.index.try_lock().map_or(0, |index| index.kept());
            kept <= KEPT
        });
    }
}

fn place(material: &Material, first: u32) -> Place<'_> {
    Place { id: &material.id, title: &material.title, category: material.category, first, marked: &[] }
}

impl Tally {
    /// `first` is the volume page number of the material's first page.
    fn add(&mut self, hit: Hit, case: &CaseSummary, manifest: &Manifest, material: &Material, first: u32) {
        let order = self.hits.len();
        self.matches += u64::from(hit.count());
        let hit_on = CourtHit {
            case: case.id.clone(),
            case_number: case.number.clone(),
            case_title: case.title.clone(),
            volume: manifest.volume.clone(),
            volume_title: manifest.title.clone(),
            class: manifest.class,
            material: material.title.clone(),
            page: first + hit.page,
            count: hit.count(),
            approximate: hit.closeness != Closeness::Exact,
            snippet: hit.snippet,
        };
        self.hits.push((hit.closeness, order, hit_on));
    }

    /// The pages behind the cursor.
    fn answer(mut self, limit: usize, after: Option<Cursor>, order: &HashMap<String, usize>) -> CourtFound {
        let total = self.hits.len() as u32;
        // Stable: within the same closeness they stay in the order of the search.
        self.hits.sort_by_key(|(closeness, order, _)| (*closeness, *order));
        let start = after.map_or(0, |after| {
            // A volume that has gone is behind every other.
            let reached = order.get(&after.volume).copied().unwrap_or(usize::MAX);
            let last = (after.closeness, reached, after.page);
            self.hits.partition_point(|(closeness, _, hit)| {
                (*closeness as u8, order.get(&hit.volume).copied().unwrap_or(usize::MAX), hit.page) <= last
            })
        });
        let rest = self.hits.len().saturating_sub(start);
        let last = self.hits.get((start + limit).wrapping_sub(1)).filter(|_| rest > limit);
        let next = last.map(|(closeness, _, hit)| Cursor::of(hit, *closeness));
        let hits = self.hits.into_iter().skip(start).take(limit).map(|(_, _, hit)| hit).collect();
        CourtFound {
            total,
            matches: self.matches,
            complete: self.complete,
            unsearched: self.unsearched,
            hits,
            next,
        }
    }
}
