//! One process at a time reads the pages of a store.

use std::fs::File;

use crate::store::Store;

/// Holds everybody else off who would read them.
#[derive(Debug)]
pub struct Turn {
    _file: File,
}

impl Turn {
    fn file(store: &Store) -> std::io::Result<File> {
        File::options().create(true).truncate(false).write(true).open(store.scratch().join("ocr.lock"))
    }

    /// `None` when somebody else is reading.
    pub fn try_take(store: &Store) -> std::io::Result<Option<Self>> {
        let file = Self::file(store)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Waits for it.
    pub async fn take(store: &Store) -> std::io::Result<Self> {
        let file = Self::file(store)?;
        let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file));
        let file = locked.await.map_err(std::io::Error::other)??;
        Ok(Self { _file: file })
    }
}
