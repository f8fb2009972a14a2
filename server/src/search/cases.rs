//! One query over every volume that one may read.
//!
//! Rights come first: what one may not read is neither searched nor counted. Indexes stay open between
//! requests, within a budget; a search ends when its time is over and says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use evolume_model::access::Act;
use evolume_model::api::CaseSummary;
use evolume_model::page::PageRef;
use evolume_model::search::wire::{CaseFound, CaseHit, CaseQuery};
use evolume_model::search::{Closeness, Hit, Index, Place, Query};
use evolume_model::volume::{Manifest, Material};
use tokio::sync::Semaphore;

use super::SearchError;
use crate::admission::{Admission, Readable};
use crate::rights::{Permit, Person};
use crate::store::{Store, StoreError};

/// Searches at once; others wait for so long.
const AT_ONCE: usize = 2;
const PATIENCE: Duration = Duration::from_secs(5);
/// After this a search answers with what it has.
const TIME: Duration = Duration::from_secs(10);
/// A query that is on more pages is too common to be worth more.
const MAX_FOUND: usize = 20_000;
/// Bytes of indexes, and of texts out of them, that are kept for the next search.
const KEPT: usize = 256 << 20;

/// What is kept from one search to the next.
#[derive(Clone)]
pub struct CaseSearch {
    store: Store,
    admission: Admission,
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

/// The last page of an answer: how close, which volume and which of its pages. What comes and goes between two
/// answers, and what is put in another order, moves nothing.
pub struct Cursor {
    closeness: u8,
    volume: String,
    at: PageRef,
}

impl Cursor {
    fn of(hit: &CaseHit, closeness: Closeness) -> String {
        format!("{}.{}.{}.{}", closeness as u8, hit.at.index, hit.at.material, hit.volume)
    }

    /// Reads what an answer gave as `next`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let (closeness, index) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let at = PageRef { material: parts.next()?.to_owned(), index };
        Some(Self { closeness, at, volume: parts.next()?.to_owned() })
    }
}

/// Where everything stands that was searched.
#[derive(Default)]
struct Order {
    volumes: HashMap<String, usize>,
    /// The volume page number of each material's first page.
    firsts: HashMap<(String, String), u32>,
}

impl Order {
    fn add(&mut self, manifest: &Manifest) {
        self.volumes.insert(manifest.volume.clone(), self.volumes.len());
        let mut first = 1;
        for material in &manifest.materials {
            self.firsts.insert((manifest.volume.clone(), material.id.clone()), first);
            first += material.pages.len() as u32;
        }
    }

    /// A volume that has gone is behind every other, and a material that has gone behind those of its volume.
    fn of(&self, volume: &str, at: &PageRef) -> (usize, u32) {
        let first = self.firsts.get(&(volume.to_owned(), at.material.clone()));
        (
            self.volumes.get(volume).copied().unwrap_or(usize::MAX),
            first.map_or(u32::MAX, |first| first.saturating_add(at.index)),
        )
    }
}

/// What was found so far.
#[derive(Default)]
struct Tally {
    /// In the order of the search.
    hits: Vec<(Closeness, CaseHit)>,
    matches: u64,
    unsearched: u32,
    complete: bool,
}

impl CaseSearch {
    /// Over the volumes that the admission lets people to.
    pub fn new(store: Store, admission: Admission) -> Self {
        Self { store, admission, free: Arc::new(Semaphore::new(AT_ONCE)), indexes: Arc::default() }
    }

    /// Pages of `query` in the cases and volumes that are asked for: so many of them, after the cursor.
    pub async fn run(
        &self,
        person: &Person,
        asked: &CaseQuery,
        query: Query,
        limit: usize,
        after: Option<Cursor>,
    ) -> Result<CaseFound, SearchError> {
        let waiting = tokio::time::timeout(PATIENCE, self.free.acquire());
        let _turn = waiting.await.map_err(|_| SearchError::Busy)?.map_err(|_| SearchError::Busy)?;
        let query = Arc::new(query);
        let until = Instant::now() + TIME;
        let mut tally = Tally { complete: true, ..Tally::default() };
        let mut order = Order::default();
        'all: for case in self.admission.cases(person).await? {
            if asked.case.as_ref().is_some_and(|wanted| *wanted != case.id) {
                continue;
            }
            for volume in &case.volumes {
                let wanted = asked.volume.as_ref().is_none_or(|wanted| *wanted == volume.id);
                if !wanted {
                    continue;
                }
                let readable = match self.admission.open(person, &volume.id).await {
                    Ok(readable) => readable,
                    // Its class has changed since it was listed.
                    Err(StoreError::NoVolume) => continue,
                    Err(error) => return Err(error.into()),
                };
                let Ok(permit) = readable.leave(Act::Search) else { continue };
                order.add(readable.volume.manifest());
                self.volume(&case, &readable, &permit, &query, until, &mut tally).await?;
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
        readable: &Readable,
        permit: &Permit,
        query: &Arc<Query>,
        until: Instant,
        tally: &mut Tally,
    ) -> Result<(), SearchError> {
        let manifest = readable.volume.manifest();
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
            let open = match self.open(permit, material).await {
                Ok(open) => open,
                // The next would be waited for as long.
                Err(SearchError::Store(error)) if error.may_pass() => return Err(error.into()),
                Err(error) => {
                    tracing::error!(%error, material = material.id, "index cannot be read");
                    None
                }
            };
            let Some(open) = open else {
                tally.unsearched += 1;
                continue;
            };
            let (query, volume) = (Arc::clone(query), Arc::clone(&readable.volume));
            let searched = tokio::task::spawn_blocking(move || {
                let index = open.index.lock().unwrap_or_else(PoisonError::into_inner);
                index.search(&query, &place(&volume.manifest().materials[number], before))
            });
            let hits = searched.await.map_err(std::io::Error::other).map_err(StoreError::from)?;
            for hit in hits? {
                tally.add(hit, case, manifest, material, before);
            }
        }
        Ok(())
    }

    /// A material's index, in memory; `None` where there is none to search in.
    async fn open(&self, permit: &Permit, material: &Material) -> Result<Option<Arc<Open>>, SearchError> {
        let Some(blob) = material.searchable() else { return Ok(None) };
        let known = || self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = known().get(&blob.sha256) {
            return Ok(Some(Arc::clone(open)));
        }
        let pack = self.store.blobs(permit).read(&blob.sha256).await?.to_vec();
        let bytes = pack.len();
        let index = Index::open(pack)?;
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
        let closeness = hit.closeness;
        self.matches += u64::from(hit.count());
        let hit_on = CaseHit {
            case: case.id.clone(),
            case_number: case.number.clone(),
            case_title: case.title.clone(),
            volume: manifest.volume.clone(),
            volume_title: manifest.title.clone(),
            class: manifest.class,
            material: material.title.clone(),
            at: PageRef { material: material.id.clone(), index: hit.page },
            page: first + hit.page,
            count: hit.count(),
            approximate: closeness != Closeness::Exact,
            snippet: hit.snippet,
        };
        self.hits.push((closeness, hit_on));
    }

    /// The pages behind the cursor.
    fn answer(mut self, limit: usize, after: Option<Cursor>, order: &Order) -> CaseFound {
        let total = self.hits.len() as u32;
        // Stable: within the same closeness they stay in the order of the search.
        self.hits.sort_by_key(|(closeness, _)| *closeness);
        let start = after.map_or(0, |after| {
            let last = (after.closeness, order.of(&after.volume, &after.at));
            self.hits.partition_point(|(closeness, hit)| {
                (*closeness as u8, order.of(&hit.volume, &hit.at)) <= last
            })
        });
        let rest = self.hits.len().saturating_sub(start);
        let last = self.hits.get((start + limit).wrapping_sub(1)).filter(|_| rest > limit);
        let next = last.map(|(closeness, hit)| Cursor::of(hit, *closeness));
        let hits = self.hits.into_iter().skip(start).take(limit).map(|(_, hit)| hit).collect();
        CaseFound {
            total,
            matches: self.matches,
            complete: self.complete,
            unsearched: self.unsearched,
            hits,
            next,
        }
    }
}
