//! Puts that no collector undoes.
//!
//! A blob that is put and was not there is young, and a collector leaves young ones alone. One that was there may be
//! old and named by nothing: whoever puts it again claims it first, in the row that a collector has to have before it
//! removes the blob. The unique key decides between them.

use evolume_model::volume::Blob;

use super::database::{Database, Millis, sql};
use super::leases::{LOOK, now};
use super::{Store, StoreError, sha256};

impl Store {
    /// Stores bytes under their hash.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Blob, StoreError> {
        let sha256 = sha256(&bytes);
        if self.blobs.size(&sha256).await?.is_some() {
            claim(&self.database, &sha256).await?;
        } else {
            while is_being_removed(&self.database, &sha256).await? {
                tokio::time::sleep(LOOK).await;
            }
        }
        self.blobs.put(bytes).await
    }

    /// Stores a file under its hash.
    pub async fn put_file(&self, path: &std::path::Path) -> Result<Blob, StoreError> {
        loop {
            let blob = self.blobs.put_file(path).await?;
            claim(&self.database, &blob.sha256).await?;
            // A collector may have come before the claim.
            if self.blobs.size(&blob.sha256).await?.is_some() {
                return Ok(blob);
            }
        }
    }
}

/// From here on no collector removes the blob; whether it is there is another question.
async fn claim(database: &Database, sha256: &str) -> Result<(), StoreError> {
    loop {
        let now = Millis(now(database).await?);
        let claimed = sql!(
            execute,
            database,
            "INSERT INTO blob_claims (sha256, at, collector) VALUES ($1, $2, NULL) \
             ON CONFLICT (sha256) DO UPDATE SET at = excluded.at, collector = NULL \
             WHERE blob_claims.collector IS NULL OR NOT EXISTS ( \
                 SELECT 1 FROM leases WHERE id = blob_claims.collector AND expires > $3)",
            sha256,
            now,
            now,
        )?;
        if claimed > 0 {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Whether a collector that lives may still remove what bears this name: a blob that is put now would go too.
async fn is_being_removed(database: &Database, sha256: &str) -> Result<bool, StoreError> {
    let row: Option<(String,)> = sql!(
        fetch_optional,
        database,
        "SELECT collector FROM blob_claims WHERE sha256 = $1 AND collector IS NOT NULL",
        sha256,
    )?;
    let Some((collector,)) = row else { return Ok(false) };
    let now = Millis(now(database).await?);
    let lives: Option<(String,)> = sql!(
        fetch_optional,
        database,
        "SELECT id FROM leases WHERE id = $1 AND expires > $2",
        &collector,
        now,
    )?;
    Ok(lives.is_some())
}
