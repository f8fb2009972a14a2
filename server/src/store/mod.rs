//! The two places where all state is (invariant 9): a SQL database and a blob store.

mod blobs;
mod cases;
mod claims;
mod class;
mod collect;
mod database;
mod documents;
mod fault;
mod history;
mod leases;
mod location;
pub mod look;
mod manifests;
mod members;
mod ocr;
mod references;
mod revise;
mod sessions;
mod sign_in_failures;
mod snapshot;
mod superseded;
mod tables;
mod turn;
mod user_sessions;
mod users;
mod volumes;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use evolume_model::code::Code;

use self::blobs::CacheOptions;
pub use self::blobs::{Blobs, BlobsUrl, LocalBlob, sha256};
pub use self::collect::{Collected, Keep};
pub use self::database::DatabaseUrl;
use self::database::{Database, Dialect};
pub use self::documents::{Save, Stored};
pub use self::fault::Fault;
pub use self::history::{Change, Chunk, Moment};
use self::leases::Lease;
pub use self::location::Location;
pub use self::members::{Appointment, Member};
pub use self::ocr::ReadPage;
pub use self::references::{Named, References};
pub use self::sessions::SESSION_LIFETIME;
pub use self::sign_in_failures::Counted;
pub use self::tables::TableContents;
pub use self::turn::Turn;
pub use self::user_sessions::{SESSION_IDLE, SESSION_LIFE, UserSession};
pub use self::users::User;
pub use self::volumes::{Current, Target, VolumeState};
use crate::rights::Permit;

/// What can go wrong with stored things.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database's structure.
    #[error("database structure: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database has not answered in time.
    #[error("the database does not answer")]
    Slow,
    /// No address of a database.
    #[error("this is not the address of a database")]
    Address,
    /// A database that cannot hold every character.
    #[error("the database has the encoding {0} instead of UTF8")]
    Encoding(String),
    /// The blob store.
    #[error("blob store: {0}")]
    Blobs(#[from] object_store::Error),
    /// The blob store has given or kept less than it was asked to.
    #[error("the blob store has not done all that it was asked")]
    Incomplete,
    /// No place for blobs.
    #[error("this is neither a folder nor the address of a bucket")]
    BlobsAddress,
    /// Nothing to show to the blob store.
    #[error("there are no credentials for the blob store")]
    Credentials,
    /// There is no such bucket.
    #[error("there is no such bucket")]
    NoBucket,
    /// What several have waited for.
    #[error(transparent)]
    Shared(std::sync::Arc<StoreError>),
    /// The disk.
    #[error("disk: {0}")]
    Io(#[from] std::io::Error),
    /// A manifest that is none.
    #[error("manifest: {0}")]
    Manifest(#[from] serde_json::Error),
    /// A manifest of another format.
    #[error("manifest of format {0}")]
    Format(u32),
    /// A blob that is named and not there.
    #[error("{0} is missing")]
    Missing(String),
    /// Bytes that do not match their hash.
    #[error("the bytes of {0} are not the ones that were stored")]
    Corrupt(String),
    /// There is no such volume.
    #[error("there is no such volume")]
    NoVolume,
    /// Another server has written to the document since.
    #[error("another server has written to the document since")]
    Superseded,
    /// A blob of a document's history, of another format.
    #[error("history of format {0}")]
    HistoryFormat(u8),
    /// A blob of history that cannot be written.
    #[error("history: {0}")]
    History(postcard::Error),
    /// A document's history lacks what was written before this update.
    #[error("the history of {key} lacks what was before update {seq}")]
    HistoryGap {
        /// Which document.
        key: evolume_annotations::key::DocKey,
        /// The update's number.
        seq: i64,
    },
    /// Blobs that were put so long ago that a collector may have removed them.
    #[error("the work was interrupted for so long that what it had stored may have been removed")]
    LeaseLost,
    /// Unnamed blobs are being removed, or everything is being copied.
    #[error("unnamed files are being removed, or a copy is being made")]
    Collecting,
    /// A column of a type that copies do not know.
    #[error("the column {0} cannot be copied")]
    Column(String),
    /// What was copied is not what was read.
    #[error("the copy of the database is not the same as the database")]
    CopyDiffers,
    /// There is something else already.
    #[error("there is something else already")]
    Occupied,
    /// A copy into it has begun and not ended.
    #[error("a copy into this database has begun and not ended")]
    HalfCopied,
    /// A file changed while it was read.
    #[error("the file changed while it was read")]
    Changed,
}

impl StoreError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Shared(error) => error.code(),
            Self::Blobs(object_store::Error::NotFound { .. }) | Self::Missing(_) => Code::BlobMissing,
            Self::Corrupt(_) => Code::BlobCorrupt,
            Self::Manifest(_) | Self::Format(_) => Code::ManifestFormat,
            Self::NoVolume => Code::NotFound,
            _ => match self.fault() {
                Fault::Unreachable
                | Fault::Locked
                | Fault::BlobsUnreachable
                | Fault::BlobsDenied
                | Fault::Credentials
                | Fault::NoBucket => Code::StoreUnreachable,
                Fault::ReadOnly => Code::StoreReadOnly,
                Fault::Full => Code::StoreFull,
                _ => Code::ServerInternal,
            },
        }
    }
}

impl StoreError {
    /// Whether it is the store that cannot just now: the same may do later, as it is.
    pub fn may_pass(&self) -> bool {
        matches!(self.code(), Code::StoreUnreachable | Code::StoreReadOnly | Code::StoreFull)
    }
}

/// What a process that was killed left behind; younger ones may be in use.
const STALE: Duration = Duration::from_hours(24);

fn sweep(scratch: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(scratch)? {
        let entry = entry?;
        let age = entry.metadata().and_then(|meta| meta.modified()).map(|time| time.elapsed());
        // A lock is a file here, and others may hold it.
        let lock = entry.path().extension().is_some_and(|end| end == "lock");
        if !lock && age.is_ok_and(|age| age.is_ok_and(|age| age > STALE)) {
            let folder = entry.file_type()?.is_dir();
            // Another process may be sweeping too.
            let gone = if folder {
                std::fs::remove_dir_all(entry.path())
            } else {
                std::fs::remove_file(entry.path())
            };
            if let Err(error) = gone {
                tracing::warn!(%error, path = %entry.path().display(), "a temporary folder stays");
            }
        }
    }
    Ok(())
}

/// A database, and a blob store.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    blobs: Blobs,
    scratch: PathBuf,
    /// Keeps what is put from being removed before it is named, where that takes long.
    lease: Option<Arc<Lease>>,
}

impl Store {
    /// Opens the folder with all in it; makes what is not there.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_at(&Location::folder(folder)).await
    }

    /// The same where some of it is elsewhere.
    pub async fn open_at(location: &Location) -> Result<Self, StoreError> {
        let store = Self::open_to_fill(location).await?;
        store.check_whole().await?;
        Ok(store)
    }

    /// The same where a copy may have broken off.
    pub async fn open_to_fill(location: &Location) -> Result<Self, StoreError> {
        let folder = std::path::absolute(&location.folder)?;
        let scratch = folder.join("scratch");
        std::fs::create_dir_all(&scratch)?;
        sweep(&scratch)?;
        let cache = CacheOptions {
            folder: location.cache.as_ref().map_or_else(|| Ok(folder.join("cache")), std::path::absolute)?,
            bytes: location.cache_bytes,
            scratch: scratch.clone(),
        };
        let blobs = match &location.blobs {
            Some(url) => Blobs::open(url, &cache).await?,
            None => Blobs::open(&folder.join("blobs").into(), &cache).await?,
        };
        let place = match &location.database {
            Some(url) => url.place()?,
            None => Dialect::Sqlite(folder.join("evolume.sqlite")),
        };
        let database = database::open(place).await?;
        Ok(Self { database, blobs, scratch, lease: None })
    }

    /// A folder for temporary files.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// The blobs, for whoever has leave to read them. Which of them belong to a volume, its manifest says.
    pub fn blobs(&self, _: &Permit) -> &Blobs {
        &self.blobs
    }

    /// A file on this machine with a blob's bytes, checked, for as long as that is kept.
    pub async fn local(&self, _: &Permit, sha256: &str) -> Result<LocalBlob, StoreError> {
        self.blobs.local(sha256).await
    }
}
