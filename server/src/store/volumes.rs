//! Volumes: which manifest each has now, and how the next takes its place.

use evolume_model::volume::{MANIFEST_FORMAT, Manifest, VolumeClass};
use sqlx::Row;

use super::superseded::note_superseded;
use super::{Store, StoreError, class};
use crate::ids;
use crate::rights::Permit;

/// The volume that files go into, made when it is not there.
#[derive(Clone, Debug)]
pub struct Target {
    /// 案号.
    pub case_number: String,
    /// 案由, when given.
    pub case_title: Option<String>,
    /// 法院, when given.
    pub court: Option<String>,
    /// The volume's title.
    pub volume_title: String,
    /// Its class.
    pub class: VolumeClass,
}

/// What a volume is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Revision.
    pub revision: u32,
    /// SHA-256 of the manifest.
    pub manifest: String,
    /// Id of its case.
    pub case: String,
    /// Who may read it.
    pub class: VolumeClass,
}

/// How a volume stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeState {
    /// Its id.
    pub volume: String,
    /// Revision of its manifest.
    pub revision: i64,
    /// Whether some of its pages are still to be read by OCR.
    pub pending: bool,
}

impl Store {
    /// How every volume stands.
    pub async fn volume_states(&self) -> Result<Vec<VolumeState>, StoreError> {
        let rows = sqlx::query("SELECT id, revision, pending FROM volumes ORDER BY case_id, position, id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(VolumeState {
                    volume: row.try_get("id")?,
                    revision: row.try_get("revision")?,
                    pending: row.try_get::<i64, _>("pending")? > 0,
                })
            })
            .collect()
    }

    /// Volumes with pages that are still to be read.
    pub async fn pending_volumes(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT id FROM volumes WHERE pending > 0 ORDER BY case_id, position, id")
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?)
    }

    /// Which manifest a volume has now, and what decides who may read it.
    pub async fn current(&self, volume: &str) -> Result<Option<Current>, StoreError> {
        let row = sqlx::query("SELECT revision, manifest, case_id, class FROM volumes WHERE id = $1")
            .bind(volume)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            let revision: i64 = row.try_get("revision")?;
            Ok(Current {
                revision: u32::try_from(revision).unwrap_or(0),
                manifest: row.try_get("manifest")?,
                case: row.try_get("case_id")?,
                class: class::read(row.try_get("class")?),
            })
        })
        .transpose()
    }

    /// Reads a manifest blob.
    pub async fn manifest(&self, _: &Permit, sha256: &str) -> Result<(Vec<u8>, Manifest), StoreError> {
        let bytes = self.blobs.read(sha256).await?;
        let manifest: Manifest = serde_json::from_slice(&bytes)?;
        if manifest.format != MANIFEST_FORMAT {
            return Err(StoreError::Format(manifest.format));
        }
        Ok((bytes.to_vec(), manifest))
    }

    /// A volume's manifest and its revision.
    pub async fn manifest_of(&self, permit: &Permit, volume: &str) -> Result<(u32, Manifest), StoreError> {
        if !permit.covers(volume) {
            return Err(StoreError::NoVolume);
        }
        let current = self.current(volume).await?.ok_or(StoreError::NoVolume)?;
        let (_, manifest) = self.manifest(permit, &current.manifest).await?;
        Ok((current.revision, manifest))
    }

    /// Makes case and volume when they are not there; returns the volume's id.
    pub async fn ensure_volume(&self, target: &Target) -> Result<String, StoreError> {
        let case = ids::case(&target.case_number);
        let title = target.case_title.as_deref();
        let case_title = self.ensure_case(&case, &target.case_number, title, target.court.as_deref()).await?;
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
        if self.current(&volume).await?.is_none() {
            let blob = self.put(serde_json::to_vec(&empty)?).await?;
            self.insert_volume(&case, &empty, &blob.sha256).await?;
        }
        Ok(volume)
    }

    /// Adds a volume at the end of its case, unless it is there.
    async fn insert_volume(&self, case: &str, manifest: &Manifest, sha256: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO volumes (id, case_id, title, class, position, revision, manifest, pages, materials) \
             SELECT $1, $2, $3, $4, COALESCE(MAX(position) + 1, 0), 0, $5, 0, 0 FROM volumes WHERE case_id = $6 \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(&manifest.volume)
        .bind(case)
        .bind(&manifest.title)
        .bind(class::name(manifest.class))
        .bind(sha256)
        .bind(case)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Stores a manifest and makes it the volume's; false when another revision came first. It stays readable
    /// by its SHA-256 after the next: for those who have opened by an excerpt of it.
    pub async fn publish(&self, manifest: &Manifest) -> Result<bool, StoreError> {
        let blob = self.put(serde_json::to_vec(manifest)?).await?;
        let mut transaction = self.pool.begin().await?;
        let done = sqlx::query(
            "UPDATE volumes SET revision = $1, manifest = $2, pages = $3, materials = $4, pending = $5 \
             WHERE id = $6 AND revision = $7",
        )
        .bind(i64::from(manifest.revision))
        .bind(&blob.sha256)
        .bind(manifest.page_count() as i64)
        .bind(manifest.materials.len() as i64)
        .bind(manifest.pending() as i64)
        .bind(&manifest.volume)
        .bind(i64::from(manifest.revision) - 1)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        note_superseded(&mut transaction, &manifest.volume, &blob).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
