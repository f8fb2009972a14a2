//! The one way in which a manifest changes (invariant 4).

use std::collections::HashSet;

use evolume_model::volume::{Blob, Manifest};

use super::database::sql;
use super::leases::now;
use super::manifests::StoredManifest;
use super::superseded::note_superseded;
use super::{Store, StoreError};
use crate::clock;
use crate::rights::Permit;

impl Store {
    /// Lets `change` work on a volume's newest manifest and publishes what it leaves as the next revision; where
    /// another revision came first, all of it once more upon that one. One that is left as it was is not
    /// published.
    ///
    /// Blobs that the next revision does not name any more stay readable, and so does the manifest of before:
    /// some have the volume open by it.
    pub async fn revise<T, E: From<StoreError>>(
        &self,
        permit: &Permit,
        volume: &str,
        mut change: impl AsyncFnMut(&mut Manifest) -> Result<T, E>,
    ) -> Result<T, E> {
        let begun = clock::now();
        loop {
            let (revision, before) = self.stored_manifest(permit, volume).await?;
            let mut next = before.manifest.clone();
            let outcome = change(&mut next).await?;
            if next == before.manifest {
                return Ok(outcome);
            }
            next.revision = revision + 1;
            let next = self.write_manifest(next, Some(&before)).await?;
            if self.publish(&next, &before, begun).await? {
                return Ok(outcome);
            }
        }
    }

    /// False when another revision came first.
    async fn publish(
        &self,
        next: &StoredManifest,
        before: &StoredManifest,
        begun: u64,
    ) -> Result<bool, StoreError> {
        let manifest = &next.manifest;
        let now = now(&self.database).await?;
        let mut transaction = self.database.begin().await?;
        self.confirm(&mut transaction, begun).await?;
        let done = sql!(
            execute,
            transaction,
            "UPDATE volumes SET revision = $1, manifest = $2, pages = $3, materials = $4, pending = $5 \
             WHERE id = $6 AND revision = $7",
            i64::from(manifest.revision),
            &next.head.sha256,
            manifest.page_count() as i64,
            manifest.materials.len() as i64,
            manifest.pending() as i64,
            &manifest.volume,
            i64::from(manifest.revision) - 1,
        )?;
        if done == 0 {
            return Ok(false);
        }
        let needed: HashSet<&Blob> = next.needed().collect();
        let gone: HashSet<&Blob> = before.needed().filter(|blob| !needed.contains(blob)).collect();
        // The new one too: who hears of it may still be served by what was loaded before it.
        for blob in gone.into_iter().chain([&next.head]) {
            note_superseded(&mut transaction, &manifest.volume, blob, now).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}
