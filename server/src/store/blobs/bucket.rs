//! Blobs in an S3-compatible store, read through the cache on this machine.
//!
//! What is small, nearly everything, is fetched whole: so its hash can be checked and the next range of it is here.
//! Ranges of what is large, a recording that somebody looks around in, go through as they are: to have all of it first
//! would take long, and a few of them would push all pages out of the cache.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt, Shared};
use futures::{StreamExt, TryStreamExt};
use object_store::{ObjectStore, ObjectStoreExt};

use super::cache::{Cache, LocalBlob, Staged};
use super::{StoreError, checked, exact, key, pieces};

/// What is larger is not fetched whole for one range of it.
const WHOLE: u64 = 16 << 20;
/// How many large blobs are remembered to be that.
const REMEMBERED: usize = 10_000;
/// A copy may be pushed out between its coming and its use.
const TRIES: usize = 3;

/// Whether the blob is in the cache now.
type Kept = bool;
/// One download, for all who wait for it.
type Flight = Shared<BoxFuture<'static, Result<Kept, Arc<StoreError>>>>;

/// A bucket and its cache.
pub struct Bucket {
    objects: Arc<dyn ObjectStore>,
    cache: Cache,
    /// By hash, and whether any length will do.
    flights: Mutex<HashMap<(String, bool), Flight>>,
    large: Mutex<HashSet<String>>,
}

/// What a download is for.
#[derive(Clone, Copy)]
enum Use {
    Keep,
    Lend,
}

impl Bucket {
    pub fn new(objects: Arc<dyn ObjectStore>, cache: Cache) -> Self {
        Self { objects, cache, flights: Mutex::default(), large: Mutex::default() }
    }

    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// All of a blob, checked.
    pub async fn read(self: &Arc<Self>, sha256: &str) -> Result<Bytes, StoreError> {
        self.fetch_for_range(sha256).await?;
        if let Some(bytes) = self.cache.read(sha256, None).await {
            if let Ok(bytes) = checked(bytes, sha256) {
                return Ok(bytes);
            }
            tracing::warn!(sha256, "a copy in the cache is damaged and is fetched again");
            self.cache.remove(sha256).await?;
        }
        let length = self.objects.head(&key(sha256)).await?.size;
        let pieces: Vec<Bytes> = pieces(&self.objects, sha256, length).try_collect().await?;
        checked(pieces.concat().into(), sha256)
    }

    /// Some of a blob's bytes.
    pub async fn range(self: &Arc<Self>, sha256: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        self.fetch_for_range(sha256).await?;
        match self.cache.read(sha256, Some(range.clone())).await {
            Some(bytes) => Ok(bytes),
            None => exact(&self.objects, &key(sha256), range).await,
        }
    }

    /// A file with the blob's bytes, checked.
    pub async fn local(self: &Arc<Self>, sha256: &str) -> Result<LocalBlob, StoreError> {
        for _ in 0..TRIES {
            if let Some(link) = self.cache.link(sha256).await? {
                return Ok(link);
            }
            match self.fetch(sha256, true).await {
                Ok(true) => {}
                Ok(false) => break,
                // Somebody empties the cache under our hands.
                Err(StoreError::Shared(error)) if is_gone(&error) => {}
                Err(error) => return Err(error),
            }
        }
        match self.download(sha256, u64::MAX, Use::Lend).await? {
            Some(copy) => Ok(copy.lend().await?),
            None => Err(StoreError::Incomplete),
        }
    }

    /// What a machine without room for copies can still do is read without them.
    async fn fetch_for_range(self: &Arc<Self>, sha256: &str) -> Result<(), StoreError> {
        match self.fetch(sha256, false).await {
            Err(StoreError::Shared(error)) if matches!(*error, StoreError::Io(_)) => {
                tracing::warn!(%error, "the cache of blobs cannot be written");
                Ok(())
            }
            fetched => fetched.map(drop),
        }
    }

    /// Brings a blob into the cache, unless it is there, or too large; `any` length or not.
    async fn fetch(self: &Arc<Self>, sha256: &str, any: bool) -> Result<Kept, StoreError> {
        if self.cache.has(sha256).await {
            return Ok(true);
        }
        if !any && lock(&self.large).contains(sha256) {
            return Ok(false);
        }
        let flight = lock(&self.flights)
            .entry((sha256.to_owned(), any))
            .or_insert_with(|| {
                // A task of its own: it comes to its end although the first who wanted it goes away.
                let (bucket, sha256) = (Arc::clone(self), sha256.to_owned());
                let task = tokio::spawn(async move {
                    let fetched = bucket.fetch_now(&sha256, any).await;
                    lock(&bucket.flights).remove(&(sha256, any));
                    fetched
                });
                let ended = task.map(|ended| match ended {
                    Ok(fetched) => fetched.map_err(Arc::new),
                    Err(broken) => Err(Arc::new(std::io::Error::other(broken).into())),
                });
                ended.boxed().shared()
            })
            .clone();
        flight.await.map_err(StoreError::Shared)
    }

    async fn fetch_now(&self, sha256: &str, any: bool) -> Result<Kept, StoreError> {
        let most = self.cache.largest();
        match self.download(sha256, if any { most } else { most.min(WHOLE) }, Use::Keep).await? {
            Some(copy) => copy.keep().await?,
            None => {
                let mut large = lock(&self.large);
                if large.len() >= REMEMBERED {
                    large.clear();
                }
                large.insert(sha256.to_owned());
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// All of a blob, checked; `None` when it is larger than that. What is kept gives way to what is wanted.
    async fn download(&self, sha256: &str, most: u64, to: Use) -> Result<Option<Staged>, StoreError> {
        match self.download_once(sha256, most, to).await {
            Err(StoreError::Io(error))
                if error.kind() == ErrorKind::StorageFull && self.cache.halve().await? =>
            {
                self.download_once(sha256, most, to).await
            }
            downloaded => downloaded,
        }
    }

    async fn download_once(&self, sha256: &str, most: u64, to: Use) -> Result<Option<Staged>, StoreError> {
        let got = self.objects.get(&key(sha256)).await?;
        let length = got.meta.size;
        if length > most {
            return Ok(None);
        }
        let mut pieces = if length <= WHOLE {
            got.into_stream().err_into().boxed()
        } else {
            drop(got);
            pieces(&self.objects, sha256, length)
        };
        let mut copy = match to {
            Use::Keep => self.cache.stage().await?,
            Use::Lend => self.cache.stage_to_lend().await?,
        };
        while let Some(piece) = pieces.try_next().await? {
            copy.write(&piece).await?;
        }
        if copy.is(sha256) { Ok(Some(copy)) } else { Err(StoreError::Corrupt(sha256.to_owned())) }
    }
}

fn is_gone(error: &StoreError) -> bool {
    matches!(error, StoreError::Io(error) if error.kind() == ErrorKind::NotFound)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
