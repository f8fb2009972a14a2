//! The search worker's state: which volumes it knows, the indexes it has, the search that runs.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::search::wire::{MarkedPages, SearchMaterial, SearchReply, SearchRequest};
use evolume_model::search::{Index, Place, Query};
use evolume_model::volume::Blob;
use futures::future::{FutureExt, LocalBoxFuture, Shared};
use futures::stream::{self, StreamExt};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

use crate::browser::fetch;

/// Indexes fetched at the same time: as many connections as a browser opens to one server.
const FETCHES: usize = 6;
/// With so many indexes to fetch, those of small materials come in one request.
const MANY: usize = 2 * FETCHES;
/// Bytes of texts that are kept ready; beyond, those go first that were searched the longest ago.
const KEPT: usize = 64 << 20;
/// After so many milliseconds of work the worker looks for messages: a newer query ends an older one.
const TURN_MS: f64 = 12.;

struct Volume {
    base: String,
    bundle: Option<Blob>,
    materials: Vec<Rc<SearchMaterial>>,
}

/// A material to be searched, with the pages of it that have marks.
struct Task {
    volume: u32,
    number: u32,
    first: u32,
    material: Rc<SearchMaterial>,
    marked: Vec<u32>,
}

type Loading = Shared<LocalBoxFuture<'static, Result<Rc<Index>, Code>>>;
/// A bundle on its way; let go with the last index that is cut out of it.
type Bundle = Shared<LocalBoxFuture<'static, Result<Uint8Array, Code>>>;

impl Task {
    fn place(&self) -> Place<'_> {
        let SearchMaterial { id, title, category, .. } = &*self.material;
        Place { id, title, category: *category, first: self.first, marked: &self.marked }
    }
}

/// Everything the worker keeps.
pub struct Searcher {
    scope: DedicatedWorkerGlobalScope,
    volumes: RefCell<HashMap<u32, Volume>>,
    /// By hash; whoever asks for an index that is on its way waits for the same one.
    indexes: RefCell<HashMap<String, Loading>>,
    /// Those that were searched, the last one at the end.
    searched: RefCell<VecDeque<Rc<Index>>>,
    current: Cell<Option<u32>>,
}

impl Searcher {
    /// Knows no volume yet.
    pub fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        let (volumes, indexes, searched) = Default::default();
        Self { scope, volumes, indexes, searched, current: Cell::new(None) }
    }

    /// Carries a request out.
    pub async fn take(self: Rc<Self>, request: SearchRequest) {
        match request {
            SearchRequest::Open { volume, base, bundle, materials } => {
                let materials = materials.into_iter().map(Rc::new).collect();
                self.volumes.borrow_mut().insert(volume, Volume { base, bundle, materials });
                self.forget_unnamed();
            }
            SearchRequest::Search { job, volumes, query, filter, tolerant, marked } => {
                self.current.set(Some(job));
                let tasks = self.tasks(&volumes, &marked);
                match Query::filtered(&query, filter) {
                    Ok(query) => self.search(job, tasks, &query.tolerant(tolerant)).await,
                    Err(error) => self.reply(&SearchReply::Refused { job, code: error.code() }),
                }
            }
            SearchRequest::Cancel { job } => {
                if self.current.get() == Some(job) {
                    self.current.set(None);
                }
            }
        }
    }

    /// Tells the page.
    pub fn reply(&self, reply: &SearchReply) {
        // Numbers, strings and lists of them: neither step can fail.
        if let Ok(json) = serde_json::to_string(reply)
            && let Err(error) = self.scope.post_message(&json.into())
        {
            wasm_bindgen::throw_val(error);
        }
    }

    /// Answers material after material, in reading order, while later ones are still on their way.
    async fn search(self: &Rc<Self>, job: u32, tasks: Vec<Task>, query: &Query) {
        let bundles = &self.bundles(&tasks, query);
        let mut loaded = stream::iter(tasks)
            .map(|task| async move {
                // What cannot be found is not fetched.
                let wanted = query.admits(&task.place());
                let index = if wanted {
                    self.index(&task, bundles.get(&task.volume)).await.map(Some)
                } else {
                    Ok(None)
                };
                (task, index)
            })
            .buffered(FETCHES);
        let mut turn = self.now();
        while let Some((task, index)) = loaded.next().await {
            if self.now() - turn > TURN_MS {
                self.look_for_messages().await;
                turn = self.now();
            }
            if self.current.get() != Some(job) {
                return;
            }
            let (volume, material) = (task.volume, task.number);
            let hits = index.and_then(|index| {
                let Some(index) = index else { return Ok(Vec::new()) };
                let hits = index.search(query, &task.place()).map_err(|_| Code::SearchFailed);
                self.keep(index);
                hits
            });
            self.reply(&match hits {
                Ok(hits) => SearchReply::Found { job, volume, material, hits },
                Err(code) => SearchReply::Missed { job, volume, material, code },
            });
        }
        self.reply(&SearchReply::Done { job });
    }

    fn tasks(&self, volumes: &[u32], marked: &[MarkedPages]) -> Vec<Task> {
        let known = self.volumes.borrow();
        let mut tasks = Vec::new();
        for &volume in volumes {
            let mut first = 1;
            let materials = known.get(&volume).map(|known| known.materials.as_slice()).unwrap_or_default();
            for (number, material) in (0..).zip(materials) {
                let marks = marked.iter().filter(|m| m.volume == volume && m.material == material.id);
                let marked = marks.flat_map(|marks| marks.pages.iter().copied()).collect();
                tasks.push(Task { volume, number, first, material: material.clone(), marked });
                first += material.pages;
            }
        }
        tasks
    }

    /// Notes that an index was searched, and lets pages of others go when they take too much.
    fn keep(&self, index: Rc<Index>) {
        let mut searched = self.searched.borrow_mut();
        searched.retain(|other| !Rc::ptr_eq(other, &index));
        searched.push_back(index);
        let mut kept: usize = searched.iter().map(|index| index.kept()).sum();
        while kept > KEPT
            && let Some(oldest) = searched.pop_front()
        {
            kept -= oldest.kept();
            oldest.forget();
        }
    }

    /// The bundles of volumes of which many indexes are to be fetched; each is asked for when it is wanted.
    fn bundles(&self, tasks: &[Task], query: &Query) -> HashMap<u32, Bundle> {
        let known = self.indexes.borrow();
        let mut missing: HashMap<u32, usize> = HashMap::new();
        for task in tasks {
            if let SearchMaterial { at: Some(_), index: Some(blob), .. } = &*task.material
                && !known.contains_key(&blob.sha256)
                && query.admits(&task.place())
            {
                *missing.entry(task.volume).or_default() += 1;
            }
        }
        let volumes = self.volumes.borrow();
        let bundle = |(volume, missing): (u32, usize)| {
            let Volume { base, bundle, .. } = volumes.get(&volume)?;
            let url = format!("{base}/blobs/{}", bundle.as_ref()?.sha256);
            let fetching =
                async move { fetch::bytes(fetch::Request { url: &url, ..Default::default() }).await };
            (missing > MANY).then(|| (volume, fetching.boxed_local().shared()))
        };
        missing.into_iter().filter_map(bundle).collect()
    }

    async fn index(self: &Rc<Self>, task: &Task, bundle: Option<&Bundle>) -> Result<Rc<Index>, Code> {
        let blob = task.material.index.as_ref().ok_or(Code::SearchUnindexed)?;
        let loading = {
            let url =
                self.volumes.borrow().get(&task.volume).map(|v| format!("{}/blobs/{}", v.base, blob.sha256));
            let url = url.ok_or(Code::SearchFailed)?;
            let place = bundle.cloned().zip(task.material.at);
            let start = || load(url, blob.clone(), place).boxed_local().shared();
            self.indexes.borrow_mut().entry(blob.sha256.clone()).or_insert_with(start).clone()
        };
        let index = loading.await;
        if index.is_err() {
            // The next search asks again.
            self.indexes.borrow_mut().remove(&blob.sha256);
        }
        index
    }

    /// Lets the indexes go that no open volume names.
    fn forget_unnamed(&self) {
        let volumes = self.volumes.borrow();
        let named: HashSet<&str> = volumes
            .values()
            .flat_map(|volume| &volume.materials)
            .filter_map(|material| material.index.as_ref().map(|blob| blob.sha256.as_str()))
            .collect();
        self.indexes.borrow_mut().retain(|sha256, _| named.contains(sha256.as_str()));
        // What nobody else holds any more.
        self.searched.borrow_mut().retain(|index| Rc::strong_count(index) > 1);
    }

    fn now(&self) -> f64 {
        self.scope.performance().map_or(0., |performance| performance.now())
    }

    async fn look_for_messages(&self) {
        let turn = Promise::new(&mut |resolve, _| {
            if self.scope.set_timeout_with_callback(&resolve).is_err() {
                // Without a timer the search goes on at once.
                let _ = resolve.call0(&JsValue::NULL);
            }
        });
        // The promise never rejects.
        let _ = JsFuture::from(turn).await;
    }
}

/// An index out of the bundle, or fetched by itself; bad bytes once more, past the browser's cache.
async fn load(url: String, blob: Blob, place: Option<(Bundle, u32)>) -> Result<Rc<Index>, Code> {
    let bundled = match place {
        Some((bundle, at)) => cut(bundle, at, &blob).await.ok(),
        None => None,
    };
    let mut bytes = match bundled {
        Some(bytes) => Ok(bytes),
        None => fetch_checked(&url, &blob.sha256, false).await,
    };
    if matches!(bytes, Err(Code::BlobCorrupt)) {
        bytes = fetch_checked(&url, &blob.sha256, true).await;
    }
    Index::open(bytes?).map(Rc::new).map_err(|_| Code::SearchFailed)
}

/// An index out of the bundle, when it is there and whole.
async fn cut(bundle: Bundle, at: u32, blob: &Blob) -> Result<Vec<u8>, Code> {
    let all = bundle.await?;
    let end = u32::try_from(blob.bytes).ok().and_then(|bytes| at.checked_add(bytes));
    let bytes = all.subarray(at, end.ok_or(Code::BlobCorrupt)?);
    fetch::verify(&bytes, &blob.sha256).await?;
    Ok(bytes.to_vec())
}

async fn fetch_checked(url: &str, sha256: &str, fresh: bool) -> Result<Vec<u8>, Code> {
    let bytes = fetch::bytes(fetch::Request { url, fresh, ..Default::default() }).await?;
    fetch::verify(&bytes, sha256).await?;
    Ok(bytes.to_vec())
}
