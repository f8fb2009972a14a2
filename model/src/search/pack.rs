//! The files of an index in one blob: a header, a table of names and lengths, then the bytes; and a [`Directory`]
//! over it.
//!
//! The header has the format and a checksum of the rest. The checksum is needed because the library trusts the files
//! that it reads.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, OwnedBytes, WatchCallback, WatchHandle, WritePtr};

/// Bytes that are not an index, or pages that cannot be indexed.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Not what `Writer::finish` makes, or damaged.
    #[error("this is no index, or a damaged one")]
    Container,
    /// An index of another format than `SCHEMA_VERSION`.
    #[error("an index of format {0}")]
    Format(u32),
    /// One of the files inside.
    #[error("index: {0}")]
    Files(#[from] tantivy::TantivyError),
    /// A file that was written but cannot be read back.
    #[error("index file: {0}")]
    Read(#[from] std::io::Error),
}

/// The first bytes of a pack; format and checksum follow, four bytes each, little-endian.
const MAGIC: &[u8; 8] = b"EVOINDEX";
const HEAD: usize = MAGIC.len() + 8;

/// Packs files, given by name and bytes.
pub(super) fn encode(format: u32, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let table: Vec<(&str, u64)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.len() as u64)).collect();
    let table = postcard::to_stdvec(&table).expect("serialising into memory cannot fail");
    let mut pack = [MAGIC.as_slice(), &format.to_le_bytes(), &[0; 4], &table].concat();
    files.iter().for_each(|(_, bytes)| pack.extend_from_slice(bytes));
    let sum = crc32fast::hash(&pack[HEAD..]);
    pack[HEAD - 4..HEAD].copy_from_slice(&sum.to_le_bytes());
    pack
}

/// The format that a pack states, and what follows the header; `None` for bytes that are not a pack, or damaged.
fn check(pack: &[u8]) -> Option<(u32, &[u8])> {
    let (head, rest) = pack.strip_prefix(MAGIC)?.split_at_checked(8)?;
    let number = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
    (number(4)? == crc32fast::hash(rest)).then_some((number(0)?, rest))
}

/// The files of a pack, read-only and without copying them.
#[derive(Clone, Debug)]
pub(super) struct PackDirectory {
    files: Arc<HashMap<PathBuf, OwnedBytes>>,
}

impl PackDirectory {
    /// Opens a pack of this format.
    pub fn open(format: u32, pack: Vec<u8>) -> Result<Self, IndexError> {
        match check(&pack) {
            Some((found, _)) if found != format => Err(IndexError::Format(found)),
            Some((_, rest)) => Self::of(pack.len() - rest.len(), pack).ok_or(IndexError::Container),
            None => Err(IndexError::Container),
        }
    }

    /// `table` is where the table of names begins.
    fn of(table: usize, pack: Vec<u8>) -> Option<Self> {
        let (names, rest) = postcard::take_from_bytes::<Vec<(String, u64)>>(&pack[table..]).ok()?;
        let mut at = pack.len() - rest.len();
        let pack = OwnedBytes::new(pack);
        let mut files = HashMap::new();
        for (name, length) in names {
            let end = at.checked_add(usize::try_from(length).ok()?)?;
            if end > pack.len() {
                return None;
            }
            files.insert(PathBuf::from(name), pack.slice(at..end));
            at = end;
        }
        (at == pack.len()).then(|| Self { files: Arc::new(files) })
    }

    fn file(&self, path: &Path) -> Result<&OwnedBytes, OpenReadError> {
        self.files.get(path).ok_or_else(|| OpenReadError::FileDoesNotExist(path.to_owned()))
    }
}

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "an index is never changed")
}

impl Directory for PackDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(self.file(path)?.clone()))
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        Ok(self.files.contains_key(path))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        Ok(self.file(path)?.to_vec())
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        // Nobody writes.
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
