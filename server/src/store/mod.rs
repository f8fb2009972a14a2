//! The two places where all state is (invariant 9): a SQL database and a blob store.

mod blobs;
mod cases;
mod class;
mod database;
mod documents;
mod fault;
mod history;
mod members;
mod ocr;
mod revise;
mod sessions;
mod sign_in_failures;
mod superseded;
mod turn;
mod user_sessions;
mod users;
mod volumes;

use std::path::{Path, PathBuf};
use std::time::Duration;

use evolume_model::code::Code;
use evolume_model::volume::Blob;

pub use self::blobs::{Blobs, sha256};
pub use self::database::DatabaseUrl;
use self::database::{Database, Dialect};
pub use self::documents::{Save, Stored};
pub use self::fault::Fault;
pub use self::history::{Change, Chunk, Moment};
pub use self::members::{Appointment, Member};
pub use self::ocr::ReadPage;
pub use self::sessions::SESSION_LIFETIME;
pub use self::sign_in_failures::Counted;
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
    /// The disk.
    #[error("disk: {0}")]
    Io(#[from] std::io::Error),
    /// A manifest that is none.
    #[error("manifest: {0}")]
    Manifest(#[from] serde_json::Error),
    /// A manifest of another format.
    #[error("manifest of format {0}")]
    Format(u32),
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
    /// A file changed while it was read.
    #[error("the file changed while it was read")]
    Changed,
}

impl StoreError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Blobs(object_store::Error::NotFound { .. }) => Code::BlobMissing,
            Self::Corrupt(_) => Code::BlobCorrupt,
            Self::Manifest(_) | Self::Format(_) => Code::ManifestFormat,
            Self::NoVolume => Code::NotFound,
            _ => match self.fault() {
                Fault::Unreachable | Fault::Locked => Code::StoreUnreachable,
                Fault::ReadOnly => Code::StoreReadOnly,
                Fault::Full => Code::StoreFull,
                _ => Code::ServerInternal,
            },
        }
    }
}

/// What a process that was killed left behind; younger ones may be in use.
const STALE: Duration = Duration::from_hours(24);

fn sweep(scratch: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(scratch)? {
        let entry = entry?;
        let age = entry.metadata().and_then(|meta| meta.modified()).map(|time| time.elapsed());
        if age.is_ok_and(|age| age.is_ok_and(|age| age > STALE)) {
            // Another process may be sweeping too.
            let gone = std::fs::remove_dir_all(entry.path());
            if let Err(error) = gone {
                tracing::warn!(%error, path = %entry.path().display(), "a temporary folder stays");
            }
        }
    }
    Ok(())
}

/// A database, and the blobs of a data folder.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    blobs: Blobs,
    scratch: PathBuf,
}

impl Store {
    /// Opens the folder with the database in it; makes both when they are not there.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_with(folder, None).await
    }

    /// The same with a database that is elsewhere.
    pub async fn open_with(folder: &Path, database: Option<&DatabaseUrl>) -> Result<Self, StoreError> {
        let folder = std::path::absolute(folder)?;
        let scratch = folder.join("scratch");
        std::fs::create_dir_all(&scratch)?;
        sweep(&scratch)?;
        let blobs = Blobs::open(&folder.join("blobs"))?;
        let place = match database {
            Some(url) => url.place()?,
            None => Dialect::Sqlite(folder.join("evolume.sqlite")),
        };
        let database = database::open(place).await?;
        Ok(Self { database, blobs, scratch })
    }

    /// A folder for temporary files.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// The blobs, for whoever has leave to read them. Which of them belong to a volume, its manifest says.
    pub fn blobs(&self, _: &Permit) -> &Blobs {
        &self.blobs
    }

    /// Stores bytes under their hash.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Blob, StoreError> {
        self.blobs.put(bytes).await
    }

    /// Stores a file under its hash.
    pub async fn put_file(&self, path: &Path) -> Result<Blob, StoreError> {
        self.blobs.put_file(path).await
    }

    /// Where on the local disk a blob lies.
    pub fn local(&self, _: &Permit, sha256: &str) -> Result<PathBuf, StoreError> {
        self.blobs.local(sha256)
    }
}
