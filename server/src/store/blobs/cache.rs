//! Copies of blobs on this machine, in a folder of limited size that several programs share. It may be emptied at any
//! time: whoever needs a file by its path gets a link to it outside of the folder.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempDir, TempPath};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CHUNK: usize = 1 << 20;
/// Copies that are not yet whole.
const PARTIAL: &str = "partial";
/// What a program that was killed left there is removed after this.
const STALE: Duration = Duration::from_hours(24);
/// A use is noted only when the last one is longer ago.
const NOTED: Duration = Duration::from_mins(1);

/// The folder.
#[derive(Clone, Debug)]
pub struct Cache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// For links, of whoever opens this.
    scratch: PathBuf,
    limit: u64,
    /// Bytes since it was last looked how much is there.
    written: AtomicU64,
}

/// A blob's file on this machine, which stays until this is dropped.
#[derive(Debug)]
pub struct LocalBlob {
    path: PathBuf,
    _link: Option<TempDir>,
}

impl LocalBlob {
    /// One that is where it is.
    pub fn in_place(path: PathBuf) -> Self {
        Self { path, _link: None }
    }
}

impl std::ops::Deref for LocalBlob {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.path
    }
}

impl Cache {
    /// Makes the folder when it is not there.
    pub fn open(folder: &Path, limit: u64, scratch: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join(PARTIAL))?;
        // At random: of many programs that write little each some look how much is there all the same.
        let written = AtomicU64::new(rand::random_range(0..=limit / 16));
        let inner = Inner { folder: folder.to_owned(), scratch: scratch.to_owned(), limit, written };
        Ok(Self(Arc::new(inner)))
    }

    /// What is larger is not kept: it would push all others out.
    pub fn largest(&self) -> u64 {
        self.0.limit / 2
    }

    pub async fn has(&self, sha256: &str) -> bool {
        tokio::fs::try_exists(self.0.path(sha256)).await.unwrap_or(false)
    }

    /// Some bytes of a copy, all of them when no range is given; `None` when there is none, or it is shorter.
    pub async fn read(&self, sha256: &str, range: Option<Range<u64>>) -> Option<Bytes> {
        let path = self.0.path(sha256);
        let read = blocking(move || {
            let mut file = File::open(&path)?;
            note_use(&file)?;
            let Range { start, end } = range.map_or_else(|| file.metadata().map(|meta| 0..meta.len()), Ok)?;
            file.seek(SeekFrom::Start(start))?;
            let wanted = end.saturating_sub(start);
            let mut bytes = Vec::with_capacity(usize::try_from(wanted).map_err(io::Error::other)?);
            let read = file.take(wanted).read_to_end(&mut bytes)? as u64;
            if read == wanted { Ok(Bytes::from(bytes)) } else { Err(ErrorKind::UnexpectedEof.into()) }
        });
        match read.await {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    tracing::warn!(%error, sha256, "a copy in the cache cannot be read");
                }
                None
            }
        }
    }

    /// A link to a copy whose bytes have been checked; `None` when there is no copy, or it was damaged.
    pub async fn link(&self, sha256: &str) -> io::Result<Option<LocalBlob>> {
        let (inner, sha256) = (Arc::clone(&self.0), sha256.to_owned());
        blocking(move || {
            let path = inner.path(&sha256);
            let link = inner.place()?;
            match fs::hard_link(&path, &link.path) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                // On another file system, or on one without links.
                Err(_) => match fs::copy(&path, &link.path) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                    Err(error) => return Err(error),
                },
            }
            let mut file = File::open(&link.path)?;
            note_use(&file)?;
            let mut hash = Sha256::new();
            let mut buffer = vec![0; CHUNK];
            loop {
                match file.read(&mut buffer)? {
                    0 => break,
                    read => hash.update(&buffer[..read]),
                }
            }
            if hex::encode(hash.finalize()) == sha256 {
                return Ok(Some(link));
            }
            tracing::warn!(sha256, "a copy in the cache is damaged and is fetched again");
            remove(&path)?;
            Ok(None)
        })
        .await
    }

    /// Forgets a copy.
    pub async fn remove(&self, sha256: &str) -> io::Result<()> {
        let path = self.0.path(sha256);
        blocking(move || remove(&path)).await
    }

    /// Begins a copy that is to be kept.
    pub async fn stage(&self) -> io::Result<Staged> {
        self.stage_in(self.0.folder.join(PARTIAL)).await
    }

    /// Begins a copy that is only to be lent: whoever empties the cache meanwhile does not reach it.
    pub async fn stage_to_lend(&self) -> io::Result<Staged> {
        self.stage_in(self.0.scratch.clone()).await
    }

    async fn stage_in(&self, folder: PathBuf) -> io::Result<Staged> {
        let staged = blocking(move || {
            fs::create_dir_all(&folder)?;
            NamedTempFile::new_in(folder)
        });
        let (file, path) = staged.await?.into_parts();
        Ok(Staged {
            cache: self.clone(),
            file: tokio::fs::File::from_std(file),
            path,
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// Makes room on a disk that is full, by half of what is here; whether there was anything.
    pub async fn halve(&self) -> io::Result<bool> {
        let inner = Arc::clone(&self.0);
        blocking(move || inner.trim(|all| all / 2)).await
    }

    /// Removes what was longest not used, once enough has been written to look how much is there.
    async fn trim_after(&self, bytes: u64) {
        let slack = self.0.limit / 16;
        if self.0.written.fetch_add(bytes, Relaxed) + bytes < slack {
            return;
        }
        self.0.written.store(0, Relaxed);
        let inner = Arc::clone(&self.0);
        // Room for what is written until the next look, by this program and another one.
        let trimmed = blocking(move || inner.trim(|_| inner.limit - inner.limit / 8));
        if let Err(error) = trimmed.await {
            tracing::warn!(%error, "the cache of blobs cannot be cleaned up");
        }
    }
}

impl Inner {
    fn path(&self, sha256: &str) -> PathBuf {
        let (head, tail) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
        self.folder.join(head).join(tail)
    }

    /// A new folder for one link.
    fn place(&self) -> io::Result<LocalBlob> {
        let folder = tempfile::tempdir_in(&self.scratch)?;
        Ok(LocalBlob { path: folder.path().join("blob"), _link: Some(folder) })
    }

    /// Removes what was longest not used until no more is left than `most` says of all that is there.
    fn trim(&self, most: impl FnOnce(u64) -> u64) -> io::Result<bool> {
        let mut copies = Vec::new();
        for entry in walkdir::WalkDir::new(&self.folder).min_depth(2) {
            // Others clean up too, and whoever has empties the folder.
            let Ok(entry) = entry else { continue };
            let Ok(meta) = entry.metadata() else { continue };
            if !meta.is_file() {
                continue;
            }
            let used = meta.modified()?;
            let partial = entry.path().parent().is_some_and(|folder| folder.ends_with(PARTIAL));
            if !partial {
                copies.push((used, meta.len(), entry.into_path()));
            } else if SystemTime::now().duration_since(used).is_ok_and(|age| age > STALE) {
                remove(entry.path())?;
            }
        }
        copies.sort_unstable();
        let all: u64 = copies.iter().map(|(_, bytes, _)| bytes).sum();
        let (mut left, most) = (all, most(all));
        for (_, bytes, path) in copies {
            if left <= most {
                break;
            }
            remove(&path)?;
            left -= bytes;
        }
        Ok(left < all)
    }
}

/// A copy that is being written. It goes away when it is dropped.
pub struct Staged {
    cache: Cache,
    file: tokio::fs::File,
    path: TempPath,
    hash: Sha256,
    bytes: u64,
}

impl Staged {
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).await
    }

    /// The same with the bytes of a file.
    pub async fn write_file(&mut self, path: &Path) -> io::Result<()> {
        let mut file = tokio::fs::File::open(path).await?;
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = file.read(&mut buffer).await?;
            if read == 0 {
                return Ok(());
            }
            self.write(&buffer[..read]).await?;
        }
    }

    /// True when the bytes have this hash; only then may the copy be kept or lent.
    pub fn is(&self, sha256: &str) -> bool {
        hex::encode(self.hash.clone().finalize()) == sha256
    }

    /// Puts the copy into the folder under its name.
    pub async fn keep(mut self) -> io::Result<()> {
        self.file.flush().await?;
        // After a power failure a name must not stand for bytes that never reached the disk.
        self.file.sync_data().await?;
        let path = self.cache.0.path(&hex::encode(self.hash.finalize()));
        let partial = self.path;
        blocking(move || {
            fs::create_dir_all(path.parent().unwrap_or(&path))?;
            partial.persist(path).map_err(io::Error::from)
        })
        .await?;
        self.cache.trim_after(self.bytes).await;
        Ok(())
    }

    /// Gives the copy to one reader instead of keeping it.
    pub async fn lend(mut self) -> io::Result<LocalBlob> {
        self.file.flush().await?;
        let (inner, partial) = (Arc::clone(&self.cache.0), self.path);
        blocking(move || {
            let lent = inner.place()?;
            if fs::rename(&partial, &lent.path).is_err() {
                fs::copy(&partial, &lent.path)?;
            }
            Ok(lent)
        })
        .await
    }
}

/// A copy's time of change is the time of its last use.
fn note_use(file: &File) -> io::Result<()> {
    let now = SystemTime::now();
    let last = file.metadata()?.modified()?;
    if now.duration_since(last).is_ok_and(|since| since > NOTED) {
        file.set_modified(now)?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
