//! Reads the pages of a store that are still to be read, page by page; can be killed at any moment.
//!
//! A page that has been read is kept in the database at once. Pages go into the manifest by the batch:
//! sheets of texts, the material's index, then the manifest, so a reader sees all of a batch or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use evolume_model::code::Code;
use evolume_model::text::PageText;
use evolume_model::volume::{Manifest, Material, Page, SHEET_PAGES, Scan, ScanState};
use futures::{FutureExt, StreamExt};

use super::engine::{OcrError, Recognizer};
use super::read::{self, Known, ReadError};
use crate::ingest::{IngestError, index, sheets};
use crate::pdfium::{Limits, Pool, Source};
use crate::rights::{Act, Permit};
pub use crate::store::Turn;
use crate::store::{ReadPage, Store, StoreError, sha256};

/// Readers get new text no sooner than this after the last.
const BATCH_TIME: Duration = Duration::from_secs(4);
/// A batch holds at least this share of what the material has: its index is made anew for each, and
/// all of them together are then only a few times as large as the last.
const BATCH_SHARE: usize = 4;
/// Part of a page's source: raised when pages are to be read anew because this code reads better.
const READER: u32 = 5;

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

/// How far it is with a volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pages read since the start.
    pub done: usize,
    /// Pages that were to be read at the start.
    pub all: usize,
    /// Of the pages read, those that could not be.
    pub failed: usize,
}

/// Who reads, with what.
pub struct Reader<'a> {
    store: &'a Store,
    engine: &'a dyn Recognizer,
    pool: Pool,
    jobs: usize,
}

/// A page that has been read.
struct Done {
    source: String,
    scan: Scan,
    text: Vec<u8>,
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
        Self { store, engine, jobs: limits.children.max(1), pool: Pool::new(limits) }
    }

    /// Reads what a volume has unread.
    pub async fn volume(
        &self,
        volume: &str,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Progress, WorkError> {
        let (_, manifest) = self.store.manifest_of(&permit(), volume).await?;
        let mut so_far = Progress { all: manifest.pending(), ..Progress::default() };
        if so_far.all > 0 && manifest.unread.is_some() {
            let clear = async |manifest: &mut Manifest| {
                manifest.unread = None;
                Ok::<_, StoreError>(())
            };
            self.store.revise(&permit(), volume, clear).await?;
        }
        progress(so_far);
        for material in &manifest.materials {
            if material.pages.iter().any(Page::is_pending) {
                self.material(volume, material, &mut so_far, progress).await?;
            }
        }
        Ok(so_far)
    }

    async fn material(
        &self,
        volume: &str,
        material: &Material,
        so_far: &mut Progress,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), WorkError> {
        let pending = (0u32..).zip(&material.pages).filter(|(_, page)| page.is_pending());
        let known = &Known::default();
        let mut reading = futures::stream::iter(pending)
            .map(|(index, page)| async move {
                Ok::<_, WorkError>((index, self.page(material, known, index, page).await?))
            })
            .buffer_unordered(self.jobs);
        let mut batch = BTreeMap::new();
        let (mut since, mut published) = (Instant::now(), 0);
        while let Some(read) = reading.next().await {
            let (index, done) = read?;
            so_far.done += 1;
            so_far.failed += usize::from(done.scan.state == ScanState::Failed);
            progress(*so_far);
            batch.insert(index, done);
            if since.elapsed() >= BATCH_TIME && batch.len() * BATCH_SHARE >= published {
                published += batch.len();
                self.publish(volume, &material.id, &batch).await?;
                batch.clear();
                since = Instant::now();
            }
        }
        self.publish(volume, &material.id, &batch).await
    }

    /// One page, unless a run before this one has read it.
    async fn page(
        &self,
        material: &Material,
        known: &Known,
        index: u32,
        page: &Page,
    ) -> Result<Done, WorkError> {
        let failed = |source, cause: &dyn std::fmt::Display| {
            tracing::warn!(material = material.title, page = index + 1, %cause, "page cannot be read by OCR");
            Done { source, scan: Scan::new(ScanState::Failed), text: PageText::default().encode() }
        };
        let Some((part, in_part)) = material.part_of(index) else {
            return Ok(failed(String::new(), &"it has no part"));
        };
        let name = self.engine.name();
        let source = sha256(format!("{READER} {} {in_part} {name}", part.blob.sha256).as_bytes());
        if let Some(ReadPage { scan, text }) = self.store.ocr_page(&source).await? {
            let scan = serde_json::from_str(&scan).map_err(StoreError::from)?;
            return Ok(Done { source, scan, text });
        }
        let pdf = Source { path: self.store.local(&permit(), &part.blob.sha256)?, passwords: Vec::new() };
        let show = |turn, red| {
            let pdf = &pdf;
            async move { self.pool.lease(Some(pdf)).await.scan(pdf, in_part, turn, red).await }.boxed()
        };
        let done = match read::read(self.engine, known, page, &show).await {
            Ok((text, scan)) => Done { source, scan, text: text.encode() },
            Err(ReadError::Engine(error @ OcrError::Unavailable { .. })) => return Err(error.into()),
            Err(error) => failed(source, &error),
        };
        let scan = serde_json::to_string(&done.scan).map_err(StoreError::from)?;
        self.store.keep_ocr_page(&done.source, &ReadPage { scan, text: done.text.clone() }).await?;
        Ok(done)
    }

    /// Puts pages into the newest manifest.
    async fn publish(&self, volume: &str, id: &str, batch: &BTreeMap<u32, Done>) -> Result<(), WorkError> {
        let (store, permit) = (self.store, &permit());
        let put = async |manifest: &mut Manifest| {
            let Some(material) = manifest.materials.iter_mut().find(|material| material.id == id) else {
                return Ok(());
            };
            let mut touched = BTreeSet::new();
            for (index, done) in batch {
                let Some(page) = material.pages.get_mut(*index as usize) else { continue };
                if page.is_pending() {
                    page.scan = Some(done.scan);
                    touched.insert(index / SHEET_PAGES);
                }
            }
            if touched.is_empty() {
                return Ok(());
            }
            for number in touched {
                let Some(sheet) = material.sheets.get_mut(number as usize) else { continue };
                let text = |at: u32| batch.get(&(number * SHEET_PAGES + at)).map(|done| done.text.as_slice());
                sheets::put_texts(store, permit, sheet, text).await?;
            }
            material.index = Some(index::make(store, permit, material).await?);
            Ok::<_, WorkError>(())
        };
        store.revise(permit, volume, put).await?;
        let sources: Vec<String> = batch.values().map(|done| done.source.clone()).collect();
        Ok(store.drop_ocr_pages(&sources).await?)
    }
}
