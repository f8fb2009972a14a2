//! Volumes: which manifest each has now.

use evolume_model::access::CaseState;
use evolume_model::volume::{MANIFEST_FORMAT, Manifest, VolumeClass};

use super::database::sql;
use super::manifests::StoredManifest;
use super::{Store, StoreError, class, members};
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
    /// Of its case.
    pub state: CaseState,
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
        let rows: Vec<(String, i64, i64)> = sql!(
            fetch_all,
            self.database,
            "SELECT id, revision, pending FROM volumes ORDER BY case_id, position, id",
        )?;
        let state = |(volume, revision, pending)| VolumeState { volume, revision, pending: pending > 0 };
        Ok(rows.into_iter().map(state).collect())
    }

    /// Volumes with pages that are still to be read.
    pub async fn pending_volumes(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sql!(
            fetch_all,
            self.database,
            "SELECT id FROM volumes WHERE pending > 0 ORDER BY case_id, position, id",
        )?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Which manifest a volume has now, and what decides who may read it.
    pub async fn current(&self, volume: &str) -> Result<Option<Current>, StoreError> {
        let row: Option<(i64, String, String, String, String)> = sql!(
            fetch_optional,
            self.database,
            "SELECT v.revision, v.manifest, v.case_id, v.class, c.state FROM volumes v \
             JOIN cases c ON c.id = v.case_id WHERE v.id = $1",
            volume,
        )?;
        Ok(row.map(|(revision, manifest, case, class, state)| Current {
            revision: u32::try_from(revision).unwrap_or(0),
            manifest,
            case,
            class: class::read(&class),
            state: members::state(&state),
        }))
    }

    /// A volume's manifest and its revision.
    pub async fn manifest_of(&self, permit: &Permit, volume: &str) -> Result<(u32, Manifest), StoreError> {
        let (revision, stored) = self.stored_manifest(permit, volume).await?;
        Ok((revision, stored.manifest))
    }

    /// The same with the blobs that it is stored in.
    pub(super) async fn stored_manifest(
        &self,
        permit: &Permit,
        volume: &str,
    ) -> Result<(u32, StoredManifest), StoreError> {
        if !permit.covers(volume) {
            return Err(StoreError::NoVolume);
        }
        let current = self.current(volume).await?.ok_or(StoreError::NoVolume)?;
        let (stored, _) = self.read_manifest(&current.manifest).await?;
        Ok((current.revision, stored))
    }

    /// Makes case and volume when they are not there; returns the volume's id. A case is known by its number, a
    /// volume by its title in the case.
    pub async fn ensure_volume(&self, target: &Target) -> Result<String, StoreError> {
        let (title, court) = (target.case_title.as_deref(), target.court.as_deref());
        let (case, case_title) = self.ensure_case(&target.case_number, title, court).await?;
        if let Some(volume) = self.titled(&case, &target.volume_title).await? {
            return Ok(volume);
        }
        let empty = Manifest {
            format: MANIFEST_FORMAT,
            volume: ids::random(),
            revision: 0,
            case_number: target.case_number.clone(),
            case_title,
            title: target.volume_title.clone(),
            class: target.class,
            materials: Vec::new(),
            unread: None,
            bundle: None,
        };
        let empty = self.write_manifest(empty, None).await?;
        self.insert_volume(&case, &empty.manifest, &empty.head.sha256).await?;
        // Somebody else may have made it meanwhile.
        self.titled(&case, &target.volume_title).await?.ok_or(StoreError::NoVolume)
    }

    async fn titled(&self, case: &str, title: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sql!(
            fetch_optional,
            self.database,
            "SELECT id FROM volumes WHERE case_id = $1 AND title = $2",
            case,
            title,
        )?;
        Ok(row.map(|(id,)| id))
    }

    /// Adds a volume at the end of its case, unless there is one of its title.
    async fn insert_volume(&self, case: &str, manifest: &Manifest, sha256: &str) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        // Whoever else adds one to the case waits here, or both would come to the same place.
        sql!(execute, transaction, "UPDATE cases SET number = number WHERE id = $1", case)?;
        sql!(
            execute,
            transaction,
            "INSERT INTO volumes (id, case_id, title, class, position, revision, manifest, pages, materials) \
             SELECT $1, $2, $3, $4, COALESCE(MAX(position) + 1, 0), 0, $5, 0, 0 FROM volumes WHERE case_id = $6 \
             ON CONFLICT (case_id, title) DO NOTHING",
            &manifest.volume,
            case,
            &manifest.title,
            class::name(manifest.class),
            sha256,
            case,
        )?;
        transaction.commit().await
    }
}
