//! Immutable bytes, named by their SHA-256.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use evolume_model::volume::Blob;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use super::StoreError;

const CHUNK: usize = 1 << 20;
/// Bytes of one piece of a stream.
const PIECE: u64 = 1 << 20;
/// Files up to this size are written in one go.
const IN_MEMORY: u64 = 32 << 20;

/// The blob store.
#[derive(Clone, Debug)]
pub struct Blobs {
    inner: Arc<LocalFileSystem>,
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
    /// Opens the folder; makes it when it is not there.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let inner = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Stores bytes, unless they are there.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Blob, StoreError> {
        let blob = Blob { sha256: sha256(&bytes), bytes: bytes.len() as u64 };
        if self.size(&blob.sha256).await? != Some(blob.bytes) {
            self.inner.put(&key(&blob.sha256), PutPayload::from(bytes)).await?;
        }
        Ok(blob)
    }

    /// Stores a file's bytes, unless they are there; large files do not pass through memory whole.
    pub async fn put_file(&self, path: &Path) -> Result<Blob, StoreError> {
        if tokio::fs::metadata(path).await?.len() <= IN_MEMORY {
            return self.put(tokio::fs::read(path).await?).await;
        }
        let blob = hash_file(path, None).await?;
        if self.size(&blob.sha256).await? != Some(blob.bytes) {
            let upload = self.inner.put_multipart(&key(&blob.sha256)).await?;
            let mut upload = WriteMultipart::new(upload);
            let copied = hash_file(path, Some(&mut upload)).await?;
            if copied != blob {
                upload.abort().await?;
                return Err(StoreError::Changed);
            }
            upload.finish().await?;
        }
        Ok(blob)
    }

    /// A blob's length, `None` when it is not there.
    pub async fn size(&self, sha256: &str) -> Result<Option<u64>, StoreError> {
        match self.inner.head(&key(sha256)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All bytes of a blob, checked against its hash.
    pub async fn read(&self, sha256: &str) -> Result<Bytes, StoreError> {
        let bytes = self.inner.get(&key(sha256)).await?.bytes().await?;
        if self::sha256(&bytes) != sha256 {
            return Err(StoreError::Corrupt(sha256.to_owned()));
        }
        Ok(bytes)
    }

    /// Whether the stored bytes have this hash and length; reads all of them.
    pub async fn check(&self, blob: &Blob) -> Result<(), StoreError> {
        let mut hash = Sha256::new();
        let mut length = 0;
        let mut stream = self.inner.get(&key(&blob.sha256)).await?.into_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk?;
            length += chunk.len() as u64;
            hash.update(&chunk);
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
        range: std::ops::Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, StoreError> {
        let (inner, key) = (Arc::clone(&self.inner), key(sha256));
        let piece = move |start: u64| {
            let (inner, key) = (Arc::clone(&inner), key.clone());
            let end = range.end.min(start + PIECE);
            async move { inner.get_range(&key, start..end).await.map(|bytes| (bytes, end)) }
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
    pub async fn slice(&self, sha256: &str, range: std::ops::Range<u64>) -> Result<Bytes, StoreError> {
        Ok(self.inner.get_range(&key(sha256), range).await?)
    }

    /// Every blob's hash and length, in no order; names that are none are passed on as they are.
    pub fn list(&self) -> BoxStream<'static, Result<Blob, StoreError>> {
        self.inner
            .list(None)
            .map(|meta| {
                let meta = meta?;
                let sha256 = meta.location.as_ref().replace('/', "");
                Ok(Blob { sha256, bytes: meta.size })
            })
            .boxed()
    }

    /// Whether it is there.
    pub async fn answer(&self) -> Result<(), StoreError> {
        let file = self.inner.path_to_filesystem(&Key::from("answer"))?;
        // The library does not mind a folder that is gone: nothing is in it.
        tokio::fs::metadata(file.parent().unwrap_or(&file)).await?;
        Ok(())
    }

    /// Where on the local disk a blob lies.
    pub fn local(&self, sha256: &str) -> Result<PathBuf, StoreError> {
        Ok(self.inner.path_to_filesystem(&key(sha256))?)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_stored_comes_back_and_damage_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let blob = blobs.put(b"hello".to_vec()).await.unwrap();
        assert_eq!(blobs.put(b"hello".to_vec()).await.unwrap(), blob);
        assert_eq!(blobs.read(&blob.sha256).await.unwrap(), "hello");
        assert_eq!(blobs.slice(&blob.sha256, 1..3).await.unwrap(), "el");
        blobs.check(&blob).await.unwrap();
        let long = blobs.put((0..3 * PIECE).map(|n| n as u8).collect()).await.unwrap();
        let pieces: Vec<Bytes> =
            blobs.stream(&long.sha256, 5..2 * PIECE + 9).await.unwrap().map(Result::unwrap).collect().await;
        assert!(pieces.len() == 3 && pieces[0][0] == 5);
        assert_eq!(pieces.concat().len() as u64, 2 * PIECE + 4);
        assert!(blobs.stream(&"0".repeat(64), 0..1).await.is_err());
        std::fs::write(blobs.local(&blob.sha256).unwrap(), "jello").unwrap();
        assert!(matches!(blobs.check(&blob).await, Err(StoreError::Corrupt(_))));
        assert!(matches!(blobs.read(&blob.sha256).await, Err(StoreError::Corrupt(_))));
    }
}
