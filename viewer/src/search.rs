//! The search worker's state: which volumes it knows, the indexes it has, the search that runs.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::search::wire::{SearchReply, SearchRequest};
use evolume_model::search::{Index, Query};
use evolume_model::volume::Blob;
use futures::future::{FutureExt, LocalBoxFuture, Shared};
use futures::stream::{self, StreamExt};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

use crate::fetch;

/// Indexes fetched at the same time.
const FETCHES: usize = 4;
/// After so many milliseconds of work the worker looks for messages: a newer query ends an older one.
const TURN_MS: f64 = 12.;

struct Volume {
    base: String,
    materials: Vec<Option<Blob>>,
}

type Loading = Shared<LocalBoxFuture<'static, Result<Rc<Index>, Code>>>;

/// Everything the worker keeps.
pub struct Searcher {
    scope: DedicatedWorkerGlobalScope,
    volumes: RefCell<HashMap<u32, Volume>>,
    /// By hash; whoever asks for an index that is on its way waits for the same one.
    indexes: RefCell<HashMap<String, Loading>>,
    current: Cell<Option<u32>>,
}

impl Searcher {
    /// Knows no volume yet.
    pub fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        let (volumes, indexes) = Default::default();
        Self { scope, volumes, indexes, current: Cell::new(None) }
    }

    /// Carries a request out.
    pub async fn take(self: Rc<Self>, request: SearchRequest) {
        match request {
            SearchRequest::Open { volume, base, materials } => {
                self.volumes.borrow_mut().insert(volume, Volume { base, materials });
                self.forget_unnamed();
            }
            SearchRequest::Search { job, volumes, query } => {
                self.current.set(Some(job));
                match Query::parse(&query) {
                    Ok(query) => self.search(job, &volumes, &query).await,
                    Err(_) => self.reply(&SearchReply::Refused { job, code: Code::SearchQuery }),
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
    async fn search(self: &Rc<Self>, job: u32, volumes: &[u32], query: &Query) {
        let mut loaded = stream::iter(self.materials(volumes))
            .map(|(volume, material, blob)| async move { (volume, material, self.index(volume, blob).await) })
            .buffered(FETCHES);
        let mut turn = self.now();
        while let Some((volume, material, index)) = loaded.next().await {
            if self.now() - turn > TURN_MS {
                self.look_for_messages().await;
                turn = self.now();
            }
            if self.current.get() != Some(job) {
                return;
            }
            let hits = index.and_then(|index| index.search(query).map_err(|_| Code::SearchFailed));
            self.reply(&match hits {
                Ok(hits) => SearchReply::Found { job, volume, material, hits },
                Err(code) => SearchReply::Missed { job, volume, material, code },
            });
        }
        self.reply(&SearchReply::Done { job });
    }

    fn materials(&self, volumes: &[u32]) -> Vec<(u32, u32, Option<Blob>)> {
        let known = self.volumes.borrow();
        let of = |number: &u32| {
            let materials = known.get(number).map(|volume| volume.materials.clone()).unwrap_or_default();
            let number = *number;
            (0..).zip(materials).map(move |(material, blob)| (number, material, blob))
        };
        volumes.iter().flat_map(of).collect()
    }

    async fn index(self: &Rc<Self>, volume: u32, blob: Option<Blob>) -> Result<Rc<Index>, Code> {
        let blob = blob.ok_or(Code::SearchUnindexed)?;
        let loading = {
            let url = self.volumes.borrow().get(&volume).map(|v| format!("{}/blobs/{}", v.base, blob.sha256));
            let url = url.ok_or(Code::SearchFailed)?;
            let start = || load(url, blob.sha256.clone()).boxed_local().shared();
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
        let named: Vec<&str> = volumes
            .values()
            .flat_map(|volume| &volume.materials)
            .filter_map(|blob| blob.as_ref().map(|blob| blob.sha256.as_str()))
            .collect();
        self.indexes.borrow_mut().retain(|sha256, _| named.contains(&sha256.as_str()));
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

/// Fetches an index; bad bytes once more, past the browser's cache.
async fn load(url: String, sha256: String) -> Result<Rc<Index>, Code> {
    let mut bytes = fetch_checked(&url, &sha256, false).await;
    if matches!(bytes, Err(Code::BlobCorrupt)) {
        bytes = fetch_checked(&url, &sha256, true).await;
    }
    Index::open(bytes?).map(Rc::new).map_err(|_| Code::SearchFailed)
}

async fn fetch_checked(url: &str, sha256: &str, fresh: bool) -> Result<Vec<u8>, Code> {
    let bytes = fetch::bytes(fetch::Request { url, fresh, ..Default::default() }).await?;
    fetch::verify(&bytes, sha256).await?;
    Ok(bytes.to_vec())
}
