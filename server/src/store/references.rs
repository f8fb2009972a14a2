//! Which blobs are named, and by what. Whoever adds a table that names blobs adds it here: a collector removes what
//! is not found here.

use std::collections::{BTreeMap, HashMap};

use super::database::{Millis, sql};
use super::{Store, StoreError};
use crate::rights::Permit;

/// What names a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its length, where that is noted.
    pub bytes: Option<u64>,
    /// The volume that names it, when one does.
    pub volume: Option<String>,
}

/// Every blob that is named.
#[derive(Debug, Default)]
pub struct References {
    /// By hash.
    pub blobs: HashMap<String, Named>,
    /// Each volume's manifest.
    manifests: BTreeMap<String, String>,
    /// Manifests that cannot be read, with their volumes: what they name is not known.
    pub unreadable: Vec<(String, String, StoreError)>,
}

impl References {
    fn name(&mut self, sha256: &str, bytes: Option<u64>, volume: Option<&str>) {
        let known = self.blobs.entry(sha256.to_owned());
        let named = known.or_insert_with(|| Named { bytes, volume: volume.map(str::to_owned) });
        named.bytes = named.bytes.or(bytes);
    }

    /// Fails when it is not known what is named.
    pub(super) fn complete(&mut self) -> Result<(), StoreError> {
        match self.unreadable.pop() {
            Some((volume, manifest, error)) => {
                tracing::error!(%volume, %manifest, "the manifest cannot be read");
                Err(error)
            }
            None => Ok(()),
        }
    }

    /// Whether these are still the volumes' manifests.
    pub(super) fn are_of(&self, manifests: &[(String, String)]) -> bool {
        manifests.iter().map(|(volume, manifest)| (volume, manifest)).eq(&self.manifests)
    }
}

impl Store {
    /// What is named now, and what was until this moment, in milliseconds since 1970.
    pub async fn references(&self, permit: &Permit, since: u64) -> Result<References, StoreError> {
        let mut references = References::default();
        self.add_references(permit, since, &mut references).await?;
        Ok(references)
    }

    /// Adds what has been named meanwhile; manifests that are known are not read again.
    pub(super) async fn add_references(
        &self,
        _: &Permit,
        since: u64,
        references: &mut References,
    ) -> Result<(), StoreError> {
        // Volumes before what they have superseded: what is dropped in between is then found twice, and not never.
        for (volume, manifest) in self.manifest_names().await? {
            if references.manifests.get(&volume) == Some(&manifest) {
                continue;
            }
            references.name(&manifest, None, Some(&volume));
            match self.read_manifest(&manifest).await {
                Ok((stored, _)) => {
                    for blob in stored.needed() {
                        references.name(&blob.sha256, Some(blob.bytes), Some(&volume));
                    }
                }
                Err(error) => references.unreadable.push((volume.clone(), manifest.clone(), error)),
            }
            references.manifests.insert(volume, manifest);
        }
        let rows: Vec<(String, String, i64)> = sql!(
            fetch_all,
            self.database,
            "SELECT volume, sha256, bytes FROM superseded WHERE at >= $1",
            Millis(since),
        )?;
        for (volume, sha256, bytes) in rows {
            // Of the first versions' manifests no length was noted.
            let bytes = u64::try_from(bytes).ok().filter(|bytes| *bytes > 0);
            references.name(&sha256, bytes, Some(&volume));
        }
        let rows: Vec<(String, String, String, i64)> =
            sql!(fetch_all, self.database, "SELECT scope, owner, sha256, bytes FROM document_archive",)?;
        for (scope, owner, sha256, bytes) in rows {
            let volume = (scope == "volume").then_some(owner.as_str());
            references.name(&sha256, u64::try_from(bytes).ok(), volume);
        }
        Ok(())
    }

    async fn manifest_names(&self) -> Result<Vec<(String, String)>, StoreError> {
        sql!(fetch_all, self.database, "SELECT id, manifest FROM volumes ORDER BY id")
    }
}
