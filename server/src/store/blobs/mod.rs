//! Immutable bytes, named by their SHA-256, in a folder or in an S3-compatible store.
//!
//! A blob is created and never overwritten: a name that is taken has the same bytes, or the store is damaged.

mod address;
mod bucket;
mod cache;
mod s3;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use evolume_model::volume::Blob;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::client::{HttpError, HttpErrorKind};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

pub use self::address::BlobsUrl;
use self::address::Place;
use self::bucket::Bucket;
pub use self::cache::LocalBlob;
use self::cache::{Cache, Staged};
use super::StoreError;

const CHUNK: usize = 1 << 20;
/// Bytes of one piece of a stream to a reader.
const PIECE: u64 = 1 << 20;
/// Bytes of one piece of a blob that is read whole, and how many are read at once. Each is a request of limited time.
const LARGE_PIECE: u64 = 8 << 20;
const AT_ONCE: usize = 4;
/// Files up to this size are written in one go.
const IN_MEMORY: u64 = 16 << 20;
/// How often a blob is tried to be created while others do the same, and the pause between.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(100);
/// How many checked files are remembered.
const REMEMBERED: usize = 100_000;

/// The blob store.
#[derive(Clone)]
pub struct Blobs {
    url: BlobsUrl,
    objects: Arc<dyn ObjectStore>,
    near: Near,
}

/// What is on this machine: the blobs themselves, or copies.
#[derive(Clone)]
enum Near {
    /// With those that this program has checked.
    Folder(Arc<LocalFileSystem>, Arc<Mutex<HashSet<String>>>),
    Bucket(Arc<Bucket>),
}

/// Where copies of what is in a bucket are kept; a folder of blobs has no use for it.
#[derive(Clone, Debug)]
pub struct CacheOptions {
    /// The copies.
    pub folder: PathBuf,
    /// How many bytes of them.
    pub bytes: u64,
    /// Links to copies that are in use.
    pub scratch: PathBuf,
}

impl fmt::Debug for Blobs {
    /// The client knows secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blobs").field(&self.url).finish()
    }
}

/// The hash as it is written everywhere.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn key(sha256: &str) -> Key {
    let (head, tail) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    Key::from_iter([head, tail])
}

impl Blobs {
    /// Opens a folder, which it makes when it is not there, or a bucket, which has to be there.
    pub async fn open(url: &BlobsUrl, cache: &CacheOptions) -> Result<Self, StoreError> {
        let (bucket, prefix, options) = match url.place()? {
            Place::Folder(folder) => return Self::folder(&folder),
            Place::Bucket { bucket, prefix, options } => (bucket, prefix, options),
        };
        let objects: Arc<dyn ObjectStore> =
            Arc::new(PrefixStore::new(s3::client(&bucket, &options)?, prefix));
        // Nothing begins in a bucket that is not there, or is somebody else's.
        reach(&objects).await?;
        let cache = Cache::open(&cache.folder, cache.bytes, &cache.scratch)?;
        let near = Near::Bucket(Arc::new(Bucket::new(Arc::clone(&objects), cache)));
        Ok(Self { url: url.clone(), objects, near })
    }

    /// Opens a folder, which it makes when it is not there.
    pub fn folder(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let inner = Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
        let near = Near::Folder(Arc::clone(&inner), Arc::default());
        Ok(Self { url: folder.into(), objects: inner, near })
    }

    /// Whether it is there and answers.
    pub async fn answer(&self) -> Result<(), StoreError> {
        match &self.near {
            // The library does not mind a folder that is gone: nothing is in it.
            Near::Folder(folder, _) => {
                let file = folder.path_to_filesystem(&Key::from("answer"))?;
                tokio::fs::metadata(file.parent().unwrap_or(&file)).await?;
            }
            Near::Bucket(_) => reach(&self.objects).await?,
        }
        Ok(())
    }

    /// Stores bytes, unless they are there.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Blob, StoreError> {
        let blob = Blob { sha256: sha256(&bytes), bytes: bytes.len() as u64 };
        if !self.is_there(&blob).await? {
            let bytes = Bytes::from(bytes);
            let (created, copied) = tokio::join!(
                self.create(&blob, bytes.clone()),
                self.copy(&blob, async |copy| copy.write(&bytes).await)
            );
            created?;
            self.keep(&blob, copied).await;
        }
        Ok(blob)
    }

    /// Stores a file's bytes, unless they are there; large files do not pass through memory whole.
    pub async fn put_file(&self, path: &Path) -> Result<Blob, StoreError> {
        if tokio::fs::metadata(path).await?.len() <= IN_MEMORY {
            return self.put(tokio::fs::read(path).await?).await;
        }
        let blob = hash_file(path, None).await?;
        if !self.is_there(&blob).await? {
            // The last step of this puts one blob in the place of another, where two programs store the same at once.
            // Both have the same bytes: each part of them was signed with its hash.
            let upload = self.objects.put_multipart(&key(&blob.sha256)).await?;
            let mut upload = WriteMultipart::new(upload);
            let copied = hash_file(path, Some(&mut upload)).await;
            match copied {
                Ok(copied) if copied == blob => upload.finish().await.map(drop)?,
                failed => {
                    upload.abort().await?;
                    return Err(failed.err().unwrap_or(StoreError::Changed));
                }
            }
            if !self.is_there(&blob).await? {
                return Err(StoreError::Incomplete);
            }
            let copied = self.copy(&blob, async |copy| copy.write_file(path).await).await;
            self.keep(&blob, copied).await;
        }
        Ok(blob)
    }

    /// Whether a blob is there; one of another length is damaged, and stays as it is.
    async fn is_there(&self, blob: &Blob) -> Result<bool, StoreError> {
        match self.size(&blob.sha256).await? {
            None => Ok(false),
            Some(bytes) if bytes == blob.bytes => Ok(true),
            Some(_) => Err(StoreError::Corrupt(blob.sha256.clone())),
        }
    }

    async fn create(&self, blob: &Blob, bytes: Bytes) -> Result<(), StoreError> {
        let (key, payload) = (key(&blob.sha256), PutPayload::from(bytes));
        for turn in 1..=TRIES {
            match self.objects.put_opts(&key, payload.clone(), PutMode::Create.into()).await {
                Ok(_) => return Ok(()),
                // Somebody has it written, or is about to.
                Err(object_store::Error::AlreadyExists { .. }) => {
                    if self.is_there(blob).await? {
                        return Ok(());
                    }
                }
                // Whether it is there by now is not known.
                Err(error) if turn < TRIES && is_cut(&error) => {}
                // Somebody has said that the store cannot do it.
                Err(object_store::Error::NotImplemented { .. }) => {
                    self.objects.put(&key, payload).await?;
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(PAUSE * turn).await;
        }
        Err(StoreError::Incomplete)
    }

    /// A copy for this machine of what is being stored elsewhere.
    async fn copy(
        &self,
        blob: &Blob,
        write: impl AsyncFnOnce(&mut Staged) -> std::io::Result<()>,
    ) -> std::io::Result<Option<Staged>> {
        let Near::Bucket(bucket) = &self.near else { return Ok(None) };
        if blob.bytes > bucket.cache().largest() {
            return Ok(None);
        }
        let mut copy = bucket.cache().stage().await?;
        write(&mut copy).await?;
        Ok(Some(copy))
    }

    /// Keeps what this program has stored where it is soon wanted. The blob is there also without.
    async fn keep(&self, blob: &Blob, copied: std::io::Result<Option<Staged>>) {
        if let Near::Folder(_, checked) = &self.near {
            remember(checked, &blob.sha256);
        }
        let kept = match copied {
            Ok(Some(copy)) if copy.is(&blob.sha256) => copy.keep().await,
            other => other.map(drop),
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "the cache of blobs cannot be written");
        }
    }

    /// A blob's length, `None` when it is not there.
    pub async fn size(&self, sha256: &str) -> Result<Option<u64>, StoreError> {
        match self.objects.head(&key(sha256)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All bytes of a blob, checked against its hash.
    pub async fn read(&self, sha256: &str) -> Result<Bytes, StoreError> {
        if let Near::Bucket(bucket) = &self.near {
            return bucket.read(sha256).await;
        }
        let bytes = self.objects.get(&key(sha256)).await?.bytes().await?;
        checked(bytes, sha256)
    }

    /// All bytes of a blob of this length in large pieces, not checked and from no copy, for one who reads everything
    /// once.
    pub fn pieces(&self, blob: &Blob) -> BoxStream<'static, Result<Bytes, StoreError>> {
        pieces(&self.objects, &blob.sha256, blob.bytes)
    }

    /// Whether the stored bytes have this hash and length; reads all of them, and no copy.
    pub async fn check(&self, blob: &Blob) -> Result<(), StoreError> {
        let mut hash = Sha256::new();
        let mut length = 0;
        let stored = self.objects.head(&key(&blob.sha256)).await?.size;
        let mut stream = pieces(&self.objects, &blob.sha256, stored);
        while let Some(piece) = stream.try_next().await? {
            length += piece.len() as u64;
            hash.update(&piece);
        }
        if length != blob.bytes || hex::encode(hash.finalize()) != blob.sha256 {
            return Err(StoreError::Corrupt(blob.sha256.clone()));
        }
        Ok(())
    }

    /// Some of a blob's bytes, as a stream of large pieces; the range must not be empty.
    ///
    /// The store's own stream reads a file in pieces of 8 KiB, each by another hop between threads.
    pub async fn stream(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        let (blobs, sha256) = (self.clone(), sha256.to_owned());
        let piece = move |start: u64| {
            let (blobs, sha256) = (blobs.clone(), sha256.clone());
            let end = range.end.min(start + PIECE);
            async move { blobs.slice(&sha256, start..end).await.map(|bytes| (bytes, end)) }
        };
        // The first piece is read at once, so that what is missing is told before the answer begins.
        let (first, next) = piece(range.start).await?;
        let rest = futures::stream::try_unfold(next, move |start| {
            let reading = (start < range.end).then(|| piece(start));
            async move {
                match reading {
                    Some(reading) => reading.await.map(Some),
                    None => Ok(None),
                }
            }
        });
        Ok(futures::stream::once(async { Ok(first) }).chain(rest).boxed())
    }

    /// Some of a blob's bytes.
    pub async fn slice(&self, sha256: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        match &self.near {
            Near::Folder(..) => exact(&self.objects, &key(sha256), range).await,
            Near::Bucket(bucket) => bucket.range(sha256, range).await,
        }
    }

    /// Every blob's hash and length, in no order; names that are none are passed on as they are.
    pub fn list(&self) -> BoxStream<'static, Result<Blob, StoreError>> {
        self.list_with_times().map_ok(|(blob, _)| blob).boxed()
    }

    /// The same with the time of the put, in milliseconds since 1970 by the store's clock.
    pub fn list_with_times(&self) -> BoxStream<'static, Result<(Blob, u64), StoreError>> {
        self.objects
            .list(None)
            .map(|meta| {
                let meta = meta?;
                let sha256 = meta.location.as_ref().replace('/', "");
                Ok((Blob { sha256, bytes: meta.size }, millis(&meta)))
            })
            .boxed()
    }

    /// When a blob was put, in milliseconds since 1970 by the store's clock; `None` when it is not there.
    pub async fn put_at(&self, sha256: &str) -> Result<Option<u64>, StoreError> {
        match self.objects.head(&key(sha256)).await {
            Ok(meta) => Ok(Some(millis(&meta))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a blob; one that is not there is no error. Other machines may have copies until these are pushed out.
    pub async fn remove(&self, sha256: &str) -> Result<(), StoreError> {
        match self.objects.delete(&key(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        match &self.near {
            Near::Folder(_, checked) => {
                checked.lock().unwrap_or_else(PoisonError::into_inner).remove(sha256);
            }
            Near::Bucket(bucket) => bucket.cache().remove(sha256).await?,
        }
        Ok(())
    }

    /// A file on this machine with a blob's bytes, checked against its hash: at first by each program in a folder of
    /// blobs, each time in a cache.
    pub async fn local(&self, sha256: &str) -> Result<LocalBlob, StoreError> {
        let (folder, checked) = match &self.near {
            Near::Folder(folder, checked) => (folder, checked),
            Near::Bucket(bucket) => return bucket.local(sha256).await,
        };
        let path = folder.path_to_filesystem(&key(sha256))?;
        if !checked.lock().unwrap_or_else(PoisonError::into_inner).contains(sha256) {
            folder.head(&key(sha256)).await?;
            if hash_file(&path, None).await?.sha256 != sha256 {
                return Err(StoreError::Corrupt(sha256.to_owned()));
            }
            remember(checked, sha256);
        }
        Ok(LocalBlob::in_place(path))
    }
}

/// Whether the bucket is there for us: it is asked for what begins with no blob's name.
async fn reach(objects: &Arc<dyn ObjectStore>) -> Result<(), StoreError> {
    match objects.list(Some(&Key::from("answer"))).next().await.transpose() {
        // The library tells it by its text only.
        Err(error) if error.to_string().contains("NoSuchBucket") => Err(StoreError::NoBucket),
        listed => Ok(listed.map(drop)?),
    }
}

fn millis(meta: &ObjectMeta) -> u64 {
    u64::try_from(meta.last_modified.timestamp_millis()).unwrap_or(0)
}

fn remember(checked: &Mutex<HashSet<String>>, sha256: &str) {
    let mut checked = checked.lock().unwrap_or_else(PoisonError::into_inner);
    if checked.len() >= REMEMBERED {
        checked.clear();
    }
    checked.insert(sha256.to_owned());
}

fn checked(bytes: Bytes, sha256: &str) -> Result<Bytes, StoreError> {
    if self::sha256(&bytes) == sha256 { Ok(bytes) } else { Err(StoreError::Corrupt(sha256.to_owned())) }
}

/// All of these bytes, or an error.
async fn exact(objects: &Arc<dyn ObjectStore>, key: &Key, range: Range<u64>) -> Result<Bytes, StoreError> {
    let wanted = range.end - range.start;
    let bytes = objects.get_range(key, range).await?;
    if bytes.len() as u64 == wanted { Ok(bytes) } else { Err(StoreError::Incomplete) }
}

/// All of a blob of this length.
fn pieces(
    objects: &Arc<dyn ObjectStore>,
    sha256: &str,
    length: u64,
) -> BoxStream<'static, Result<Bytes, StoreError>> {
    let (objects, key) = (Arc::clone(objects), key(sha256));
    let starts = (0..length.div_ceil(LARGE_PIECE)).map(|number| number * LARGE_PIECE);
    let pieces = futures::stream::iter(starts).map(move |start| {
        let (objects, key) = (Arc::clone(&objects), key.clone());
        async move { exact(&objects, &key, start..length.min(start + LARGE_PIECE)).await }
    });
    pieces.buffered(AT_ONCE).boxed()
}

/// The connection was lost on the way.
fn is_cut(error: &object_store::Error) -> bool {
    let cause = causes(error).find_map(|cause| cause.downcast_ref::<HttpError>());
    cause.is_some_and(|error| error.kind() == HttpErrorKind::Interrupted)
}

/// An error and all that lies behind it.
pub(super) fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// Hashes a file; copies it on the way when asked to.
async fn hash_file(path: &Path, mut copy: Option<&mut WriteMultipart>) -> Result<Blob, StoreError> {
    let mut file = tokio::fs::File::open(path).await?;
    let mut buffer = vec![0; CHUNK];
    let mut hash = Sha256::new();
    let mut length = 0;
    loop {
        let read = file.read(&mut buffer).await?;
        if read == 0 {
            return Ok(Blob { sha256: hex::encode(hash.finalize()), bytes: length });
        }
        hash.update(&buffer[..read]);
        length += read as u64;
        if let Some(upload) = &mut copy {
            upload.wait_for_capacity(4).await?;
            upload.write(&buffer[..read]);
        }
    }
}
