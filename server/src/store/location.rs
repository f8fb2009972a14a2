//! Where the two places are.

use std::path::{Path, PathBuf};

use super::{BlobsUrl, DatabaseUrl};

/// What copies of a bucket's blobs take on this machine when nobody says otherwise, in bytes.
const CACHE: u64 = 20_000_000_000;

/// A data folder, and what is elsewhere.
#[derive(Clone, Debug)]
pub struct Location {
    /// The data folder.
    pub folder: PathBuf,
    /// The database, if it is not `evolume.sqlite` in the folder.
    pub database: Option<DatabaseUrl>,
    /// The blobs, if they are not in `blobs` in the folder.
    pub blobs: Option<BlobsUrl>,
    /// Copies of a bucket's blobs, if they are not in `cache` in the folder.
    pub cache: Option<PathBuf>,
    /// How many bytes of them.
    pub cache_bytes: u64,
}

impl Location {
    /// All in one folder.
    pub fn folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), database: None, blobs: None, cache: None, cache_bytes: CACHE }
    }
}
