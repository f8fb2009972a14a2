//! Reads the pages of a store that are still to be read, page by page; can be killed at any moment.
//!
//! A page that has been read is kept in the database at once. Pages go into the manifest by the batch:
//! sheets of texts, the material's index, then the manifest, so a reader sees all of a batch or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use evolume_model::code::Code;
use evolume_model::text::PageText;
use evolume_model::volume::{Manifest, Material, Page, SHEET_PAGES, Scan, ScanState, TextOrigin};
use futures::future::{Either, LocalBoxFuture};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, future};
use serde::{Deserialize, Serialize};

use super::engine::{OcrError, Recognizer};
use super::queue::{Queue, Task};
use super::read::{self, Found, Known, ReadError};
use crate::ingest::{IngestError, index, sheets};
use crate::pdfium::{CallError, Limits, Pool, Source};
use crate::rights::{Act, Permit};
use crate::store::{ReadPage, Store, StoreError, sha256};
use crate::views::Views;

/// Readers get new text no sooner than this after the last.
const BATCH_TIME: Duration = Duration::from_secs(4);
/// A batch holds at least this share of what the volume has: indexes are made anew for each, and all of them
/// together are then only a few times as large as the last. What somebody looks at does not wait for that.
const BATCH_SHARE: usize = 4;
/// Part of a page's source: raised when pages are to be read anew because this code reads better.
const READER: u32 = 6;
/// A page that takes so many times as long as others do steps aside while others wait; at first nobody knows how
/// long they take.
const TIMES: u32 = 6;
const AT_FIRST: Duration = Duration::from_secs(60);
const AT_LEAST: Duration = Duration::from_secs(20);
/// How soon volumes that have come meanwhile are noticed.
const LOOK: Duration = Duration::from_secs(10);

/// Why the work stopped.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// There is no engine any more.
    #[error(transparent)]
    Engine(#[from] OcrError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Texts that cannot be indexed.
    #[error(transparent)]
    Index(#[from] IngestError),
}

/// Nobody asks: scans are read because they are there.
fn permit() -> Permit {
    Permit::server(Act::Ocr)
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pages read since the start.
    pub done: usize,
    /// Pages that are known to be read, done or not.
    pub all: usize,
    /// Of the pages read, those that could not be.
    pub failed: usize,
}

/// Which pages of the volumes are read.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Also those that have been read before; their new text takes the old one's place.
    pub again: bool,
    /// Only these pages, from one number to another; then, again, also pages of which nothing was ever to be read.
    pub pages: Vec<[u32; 2]>,
}

impl Choice {
    fn takes(&self, number: u32, page: &Page) -> bool {
        let named = self.pages.iter().any(|[first, last]| (*first..=*last).contains(&number));
        let known = page.is_pending() || (self.again && (page.scan.is_some() || named));
        known && page.problem.is_none() && (named || self.pages.is_empty())
    }

    /// Whether there is any such page.
    pub fn wants(&self, manifest: &Manifest) -> bool {
        (1u32..).zip(manifest.pages()).any(|(number, (.., page))| self.takes(number, page))
    }
}

/// Who reads, with what.
pub struct Reader<'a> {
    store: &'a Store,
    engine: &'a dyn Recognizer,
    pool: Pool,
    jobs: usize,
    views: Views,
    choice: Choice,
    patience: Option<Duration>,
}

/// A page that has been read.
#[derive(Clone)]
struct Done {
    source: String,
    said: Said,
    text: Vec<u8>,
}

/// What is kept of a page beside its text.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Said {
    #[serde(flatten)]
    scan: Scan,
    #[serde(default)]
    origin: Option<TextOrigin>,
}

/// A volume, with the manifest by which its pages were chosen.
struct Volume {
    manifest: Arc<Manifest>,
    /// For each material.
    known: Arc<[Known]>,
    batch: Batch,
    /// Pages in the manifest by now, and since when.
    published: usize,
    since: Instant,
    urgent: bool,
}

/// What has been read and is in no manifest yet: by material's id, and by page.
type Batch = BTreeMap<String, BTreeMap<u32, Done>>;

/// What became of a page.
enum Outcome {
    Read(Task, bool, Done),
    /// It steps aside.
    Late(Task),
    Published,
}

/// Notes in the manifests of volumes with unread pages why nobody reads them.
pub async fn tell_unread(store: &Store, volumes: &[String], code: Code) -> Result<(), StoreError> {
    for volume in volumes {
        let tell = async |manifest: &mut Manifest| {
            if manifest.pending() > 0 {
                manifest.unread = Some(code);
            }
            Ok::<_, StoreError>(())
        };
        store.revise(&permit(), volume, tell).await?;
    }
    Ok(())
}

impl<'a> Reader<'a> {
    /// Reads as many pages at once as there are children.
    pub fn new(store: &'a Store, engine: &'a dyn Recognizer, limits: Limits) -> Self {
        let jobs = limits.children.max(1);
        let (views, choice) = Default::default();
        Self { store, engine, jobs, pool: Pool::new(limits), views, choice, patience: None }
    }

    /// Begins with what somebody looks at.
    pub fn watching(self, views: Views) -> Self {
        Self { views, ..self }
    }

    /// Reads others than those that wait to be read.
    pub fn choosing(self, choice: Choice) -> Self {
        Self { choice, ..self }
    }

    /// Lets a page step aside after this time, however long others take.
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// Reads these volumes, page after page until none is left.
    pub async fn volumes(
        &self,
        volumes: &[String],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Progress, WorkError> {
        self.work(volumes, false, progress).await
    }

    /// Reads all volumes with pages that wait to be read, those too that come meanwhile.
    pub async fn everything(&self, progress: &(dyn Fn(Progress) + Sync)) -> Result<Progress, WorkError> {
        self.work(&self.store.pending_volumes().await?, true, progress).await
    }

    async fn work(
        &self,
        first: &[String],
        more: bool,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Progress, WorkError> {
        let (mut so_far, mut queue) = (Progress::default(), Queue::default());
        let mut volumes: BTreeMap<String, Volume> = BTreeMap::new();
        for volume in first {
            self.add(volume, &mut volumes, &mut queue, &mut so_far).await?;
        }
        progress(so_far);
        let (mut looked, begun) = (Instant::now(), Instant::now());
        let mut running: FuturesUnordered<LocalBoxFuture<'_, Result<Outcome, WorkError>>> =
            FuturesUnordered::new();
        let (mut reading, mut publishing) = (0, false);
        loop {
            if more && looked.elapsed() > LOOK {
                for volume in self.store.pending_volumes().await? {
                    if !volumes.contains_key(&volume) {
                        self.add(&volume, &mut volumes, &mut queue, &mut so_far).await?;
                    }
                }
                looked = Instant::now();
            }
            let views = self.views.latest();
            while reading < self.jobs
                && let Some((task, seen)) = queue.next(&views)
            {
                let Some(volume) = volumes.get(&task.volume) else { continue };
                let patience = self.patience(begun.elapsed() * self.jobs as u32, so_far.done);
                let patience = (!task.late && !queue.is_empty()).then_some(patience);
                let (manifest, known) = (volume.manifest.clone(), volume.known.clone());
                running.push(self.attempt(task, seen, manifest, known, patience).boxed_local());
                reading += 1;
            }
            let none_reads = reading == 0;
            if !publishing && let Some((id, batch)) = ready(&mut volumes, none_reads) {
                publishing = true;
                running.push(
                    self.publish(id, batch).map(|done| done.map(|()| Outcome::Published)).boxed_local(),
                );
            }
            match running.next().await {
                None => return Ok(so_far),
                Some(Err(error)) => return Err(error),
                Some(Ok(Outcome::Published)) => publishing = false,
                Some(Ok(Outcome::Late(task))) => {
                    tracing::info!(volume = task.volume, page = task.index + 1, "takes long: tried last");
                    queue.push_late(task);
                    reading -= 1;
                }
                Some(Ok(Outcome::Read(task, seen, done))) => {
                    reading -= 1;
                    so_far.done += 1;
                    so_far.failed += usize::from(done.said.scan.state == ScanState::Failed);
                    progress(so_far);
                    let Some(volume) = volumes.get_mut(&task.volume) else { continue };
                    let Some(material) = volume.manifest.materials.get(task.material) else { continue };
                    volume.batch.entry(material.id.clone()).or_default().insert(task.index, done);
                    volume.urgent |= seen;
                }
            }
        }
    }

    /// Puts a volume's pages into the queue.
    async fn add(
        &self,
        id: &str,
        volumes: &mut BTreeMap<String, Volume>,
        queue: &mut Queue,
        so_far: &mut Progress,
    ) -> Result<(), WorkError> {
        let (_, manifest) = self.store.manifest_of(&permit(), id).await?;
        if manifest.unread.is_some() {
            let clear = async |manifest: &mut Manifest| {
                manifest.unread = None;
                Ok::<_, StoreError>(())
            };
            self.store.revise(&permit(), id, clear).await?;
        }
        for (number, (material, index, page)) in (1u32..).zip(manifest.pages()) {
            if self.choice.takes(number, page) {
                queue.push(Task::new(id, material, &manifest.materials[material], index as u32));
                so_far.all += 1;
            }
        }
        let known = manifest.materials.iter().map(|_| Known::default()).collect();
        let (batch, since, manifest) = (Batch::default(), Instant::now(), Arc::new(manifest));
        let volume = Volume { manifest, known, batch, published: 0, since, urgent: false };
        volumes.insert(id.to_owned(), volume);
        Ok(())
    }

    /// How long a page may take while others wait, by how long those before it took.
    fn patience(&self, spent: Duration, done: usize) -> Duration {
        let usual = u32::try_from(done).ok().filter(|done| *done > 0).map(|done| TIMES * spent / done);
        self.patience.unwrap_or(usual.unwrap_or(AT_FIRST).max(AT_LEAST))
    }

    /// Reads a page, or lets it step aside.
    async fn attempt(
        &self,
        task: Task,
        seen: bool,
        manifest: Arc<Manifest>,
        known: Arc<[Known]>,
        patience: Option<Duration>,
    ) -> Result<Outcome, WorkError> {
        // The task was made of this manifest.
        let material = &manifest.materials[task.material];
        let reading = self.page(material, &known[task.material], task.index);
        let done = match patience {
            None => Some(reading.await?),
            Some(patience) => {
                match future::select(Box::pin(reading), Box::pin(tokio::time::sleep(patience))).await {
                    Either::Left((done, _)) => Some(done?),
                    Either::Right(_) => None,
                }
            }
        };
        Ok(match done {
            Some(done) => Outcome::Read(task, seen, done),
            None => Outcome::Late(task),
        })
    }

    /// One page, unless a run before this one has read it.
    async fn page(&self, material: &Material, known: &Known, index: u32) -> Result<Done, WorkError> {
        let page = &material.pages[index as usize];
        let failed = |source, cause: &dyn std::fmt::Display| {
            tracing::warn!(material = material.title, page = index + 1, %cause, "page cannot be read by OCR");
            let said = Said { scan: Scan::new(ScanState::Failed), origin: page.text };
            Done { source, said, text: Vec::new() }
        };
        let Some((part, in_part)) = material.part_of(index) else {
            return Ok(failed(String::new(), &"it has no part"));
        };
        let name = self.engine.name();
        let source = sha256(format!("{READER} {} {in_part} {name}", part.blob.sha256).as_bytes());
        if let Some(ReadPage { scan, text }) = self.store.ocr_page(&source).await? {
            let said = serde_json::from_str(&scan).map_err(StoreError::from)?;
            return Ok(Done { source, said, text });
        }
        let local = self.store.local(&permit(), &part.blob.sha256).await?;
        let pdf = Source { path: local.to_path_buf(), passwords: Vec::new() };
        let show = |turn, red| {
            let pdf = &pdf;
            async move { self.pool.lease(Some(pdf)).await.scan(pdf, in_part, turn, red).await }.boxed()
        };
        let read = async {
            let given = self.given(&pdf, in_part, page).await?;
            read::read(self.engine, known, page, given, &show).await
        };
        let done = match read.await {
            Ok(Found { text, scan, origin }) => {
                Done { source, said: Said { scan, origin }, text: text.encode() }
            }
            Err(ReadError::Engine(error @ OcrError::Unavailable { .. })) => return Err(error.into()),
            Err(error) => failed(source, &error),
        };
        let scan = serde_json::to_string(&done.said).map_err(StoreError::from)?;
        self.store.keep_ocr_page(&done.source, &ReadPage { scan, text: done.text.clone() }).await?;
        Ok(done)
    }

    /// What a page says by itself; of most scans it is known that this is nothing.
    async fn given(&self, pdf: &Source, in_part: u32, page: &Page) -> Result<PageText, CallError> {
        let own = page.scan.is_none() || matches!(page.text, Some(TextOrigin::Pdf | TextOrigin::Both));
        if !own {
            return Ok(PageText::default());
        }
        let data = self.pool.lease(Some(pdf)).await.page(pdf, in_part).await?;
        PageText::decode(&data.text).map_err(|error| CallError::Crashed(error.to_string()))
    }

    /// Puts pages into the newest manifest.
    async fn publish(&self, volume: String, batch: Batch) -> Result<(), WorkError> {
        let (store, permit, again) = (self.store, &permit(), self.choice.again);
        let put = async |manifest: &mut Manifest| {
            for material in &mut manifest.materials {
                let Some(batch) = batch.get(&material.id) else { continue };
                let mut put = BTreeMap::new();
                for (index, done) in batch {
                    let Some(page) = material.pages.get_mut(*index as usize) else { continue };
                    let read = done.said.scan.state == ScanState::Read;
                    // What was read before is better than a failure.
                    if page.is_pending() || (again && read) {
                        page.scan = Some(done.said.scan);
                        page.text = done.said.origin;
                        put.extend(read.then_some((*index, done.text.as_slice())));
                    }
                }
                let touched: BTreeSet<u32> = put.keys().map(|index| index / SHEET_PAGES).collect();
                for number in &touched {
                    let Some(sheet) = material.sheets.get_mut(*number as usize) else { continue };
                    let text = |at: u32| put.get(&(number * SHEET_PAGES + at)).copied();
                    sheets::put_texts(store, permit, sheet, text).await?;
                }
                if !touched.is_empty() {
                    material.index = Some(index::make(store, permit, material).await?);
                }
            }
            Ok::<_, WorkError>(())
        };
        store.revise(permit, &volume, put).await?;
        let pages = batch.values().flat_map(BTreeMap::values);
        let sources: Vec<String> = pages.map(|done| done.source.clone()).collect();
        Ok(store.drop_ocr_pages(&sources).await?)
    }
}

/// The batch that is to be published next, if any is large and old enough; every one when nothing is read any more.
fn ready(volumes: &mut BTreeMap<String, Volume>, all: bool) -> Option<(String, Batch)> {
    volumes.iter_mut().find_map(|(id, volume)| {
        let count: usize = volume.batch.values().map(BTreeMap::len).sum();
        let large = volume.urgent || count * BATCH_SHARE >= volume.published;
        let is = count > 0 && (all || (large && volume.since.elapsed() >= BATCH_TIME));
        is.then(|| {
            (volume.published, volume.since, volume.urgent) =
                (volume.published + count, Instant::now(), false);
            (id.clone(), std::mem::take(&mut volume.batch))
        })
    })
}
