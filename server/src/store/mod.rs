//! The two places where all state is (invariant 9): a SQL database and a blob store.

mod blobs;
mod database;
mod layers;
mod ocr;
mod sessions;

use std::path::{Path, PathBuf};
use std::time::Duration;

use evolume_model::api::CaseSummary;
use evolume_model::code::Code;
use evolume_model::volume::{Blob, MANIFEST_FORMAT, Manifest, VolumeClass};

pub use self::blobs::{Blobs, sha256};
pub use self::database::{Current, Database, Standing};
pub use self::layers::LayerKey;
pub use self::ocr::ReadPage;
pub use self::sessions::SESSION_LIFETIME;
use crate::ids;
use crate::ingest::Target;
use crate::rooms::{Save, Stored};

/// What can go wrong with stored things.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database's structure.
    #[error("database structure: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
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
    /// Another server has written to the layer since.
    #[error("another server has written to the layer since")]
    Superseded,
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
            _ => Code::ServerInternal,
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

/// Database and blobs of one data folder.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    blobs: Blobs,
    scratch: PathBuf,
}

impl Store {
    /// Opens the folder; makes it when it is not there.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = std::path::absolute(folder)?;
        let scratch = folder.join("scratch");
        std::fs::create_dir_all(&scratch)?;
        sweep(&scratch)?;
        let blobs = Blobs::open(&folder.join("blobs"))?;
        let database = Database::open(&folder.join("evolume.sqlite")).await?;
        Ok(Self { database, blobs, scratch })
    }

    /// A folder for temporary files.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// The blobs.
    pub fn blobs(&self) -> &Blobs {
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
    pub fn local(&self, sha256: &str) -> Result<PathBuf, StoreError> {
        self.blobs.local(sha256)
    }

    /// A layer, and the number of its last update.
    pub async fn layer(&self, key: &LayerKey) -> Result<(Stored, i64), StoreError> {
        self.database.layer(key).await
    }

    /// Makes a layer's update of this number durable; fails when the number is taken. `at` is in milliseconds.
    pub async fn append_update(
        &self,
        key: &LayerKey,
        seq: i64,
        at: u64,
        save: &Save,
    ) -> Result<(), StoreError> {
        self.database.append_update(key, seq, at, save).await
    }

    /// Puts a snapshot in the place of a layer's updates up to this number.
    pub async fn compact_layer(&self, key: &LayerKey, seq: i64, state: &[u8]) -> Result<(), StoreError> {
        self.database.compact_layer(key, seq, state).await
    }

    /// Keeps a session by its token's hash; `now` is in milliseconds.
    pub async fn insert_session(
        &self,
        token: &str,
        principal: &str,
        name: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        self.database.insert_session(token, principal, name, now).await
    }

    /// Principal id and name of a session.
    pub async fn session(&self, token: &str, now: u64) -> Result<Option<(String, String)>, StoreError> {
        self.database.session(token, now).await
    }

    /// Ends a session.
    pub async fn delete_session(&self, token: &str) -> Result<(), StoreError> {
        self.database.delete_session(token).await
    }

    /// Volumes with pages that are still to be read by OCR.
    pub async fn pending_volumes(&self) -> Result<Vec<String>, StoreError> {
        self.database.pending_volumes().await
    }

    /// A page by its source, if it has been read and is in no manifest yet.
    pub async fn ocr_page(&self, source: &str) -> Result<Option<ReadPage>, StoreError> {
        self.database.ocr_page(source).await
    }

    /// Keeps a page that has been read.
    pub async fn keep_ocr_page(&self, source: &str, page: &ReadPage) -> Result<(), StoreError> {
        self.database.keep_ocr_page(source, page).await
    }

    /// Lets pages go that are in a manifest now.
    pub async fn drop_ocr_pages(&self, sources: &[String]) -> Result<(), StoreError> {
        self.database.drop_ocr_pages(sources).await
    }

    /// Notes blobs that the volume's next manifest does not name any more.
    pub async fn supersede(&self, volume: &str, blobs: &[Blob]) -> Result<(), StoreError> {
        self.database.supersede(volume, blobs).await
    }

    /// The length of a blob that an earlier manifest of the volume named, or of such a manifest.
    pub async fn superseded(&self, volume: &str, sha256: &str) -> Result<Option<u64>, StoreError> {
        self.database.superseded(volume, sha256).await
    }

    /// All cases with their volumes.
    pub async fn cases(&self) -> Result<Vec<CaseSummary>, StoreError> {
        self.database.cases().await
    }

    /// How every volume stands.
    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        self.database.standings().await
    }

    /// Which manifest a volume has now.
    pub async fn current(&self, volume: &str) -> Result<Option<Current>, StoreError> {
        self.database.current(volume).await
    }

    /// Reads a manifest blob.
    pub async fn manifest(&self, sha256: &str) -> Result<(Vec<u8>, Manifest), StoreError> {
        let bytes = self.blobs.read(sha256).await?;
        let manifest: Manifest = serde_json::from_slice(&bytes)?;
        if manifest.format != MANIFEST_FORMAT {
            return Err(StoreError::Format(manifest.format));
        }
        Ok((bytes.to_vec(), manifest))
    }

    /// A volume's manifest and its revision.
    pub async fn manifest_of(&self, volume: &str) -> Result<(u32, Manifest), StoreError> {
        let current = self.current(volume).await?.ok_or(StoreError::NoVolume)?;
        let (_, manifest) = self.manifest(&current.manifest).await?;
        Ok((current.revision, manifest))
    }

    /// Makes case and volume when they are not there; returns the volume's id.
    pub async fn ensure_volume(&self, target: &Target) -> Result<String, StoreError> {
        let case = ids::case(&target.case_number);
        let title = target.case_title.as_deref();
        let case_title =
            self.database.ensure_case(&case, &target.case_number, title, target.court.as_deref()).await?;
        let volume = ids::volume(&case, &target.volume_title);
        let empty = Manifest {
            format: MANIFEST_FORMAT,
            volume: volume.clone(),
            revision: 0,
            case_number: target.case_number.clone(),
            case_title,
            title: target.volume_title.clone(),
            class: target.class,
            materials: Vec::new(),
            unread: None,
            bundle: None,
        };
        if self.database.current(&volume).await?.is_none() {
            let blob = self.put(serde_json::to_vec(&empty)?).await?;
            self.database.insert_volume(&case, &empty, &blob.sha256).await?;
        }
        Ok(volume)
    }

    /// Stores a manifest and makes it the volume's; false when another revision came first. It stays readable
    /// by its SHA-256 after the next: for those who have opened by an excerpt of it.
    pub async fn publish(&self, manifest: &Manifest) -> Result<bool, StoreError> {
        let blob = self.put(serde_json::to_vec(manifest)?).await?;
        self.database.publish(manifest, &blob).await
    }
}

/// A volume class as stored.
fn class_name(class: VolumeClass) -> &'static str {
    match class {
        VolumeClass::Main => "main",
        VolumeClass::Internal => "internal",
        VolumeClass::Evidence => "evidence",
        VolumeClass::Public => "public",
    }
}

/// Reads what [`class_name`] wrote; anything else is the most confidential.
fn class_of(name: &str) -> VolumeClass {
    match name {
        "main" => VolumeClass::Main,
        "evidence" => VolumeClass::Evidence,
        "public" => VolumeClass::Public,
        _ => VolumeClass::Internal,
    }
}
