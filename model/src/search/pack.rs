//! The files of an index in one blob: a table of names and lengths, then the bytes; and a [`Directory`] over it.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, OwnedBytes, WatchCallback, WatchHandle, WritePtr};

/// Name and bytes of every file, as they are to be found again.
pub(super) fn encode(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let table: Vec<(&str, u64)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.len() as u64)).collect();
    let mut pack = postcard::to_stdvec(&table).expect("serialising into memory cannot fail");
    files.iter().for_each(|(_, bytes)| pack.extend_from_slice(bytes));
    pack
}

/// The files of a pack, read-only, without a copy.
#[derive(Clone, Debug)]
pub(super) struct PackDirectory {
    files: Arc<HashMap<PathBuf, OwnedBytes>>,
}

impl PackDirectory {
    /// `None` for bytes that are no pack.
    pub fn open(pack: Vec<u8>) -> Option<Self> {
        let (table, rest) = postcard::take_from_bytes::<Vec<(String, u64)>>(&pack).ok()?;
        let mut at = pack.len() - rest.len();
        let pack = OwnedBytes::new(pack);
        let mut files = HashMap::new();
        for (name, length) in table {
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
