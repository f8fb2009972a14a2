//! Blobs that only earlier manifests of a volume name, and those manifests: whoever still reads by one of
//! them may have them, until the collector lets go of what nobody has named for long.

use evolume_model::volume::Blob;

use super::database::{Millis, Transaction, sql};
use super::{Store, StoreError};
use crate::rights::Permit;

impl Store {
    /// The length of a blob that an earlier manifest of the volume named, or of such a manifest.
    pub async fn superseded(
        &self,
        permit: &Permit,
        volume: &str,
        sha256: &str,
    ) -> Result<Option<u64>, StoreError> {
        if !permit.covers(volume) {
            return Ok(None);
        }
        let row: Option<(i64,)> = sql!(
            fetch_optional,
            self.database,
            "SELECT bytes FROM superseded WHERE volume = $1 AND sha256 = $2",
            volume,
            sha256,
        )?;
        Ok(row.and_then(|(bytes,)| u64::try_from(bytes).ok()))
    }
}

/// Notes a blob as one that outlives the manifest, from now on.
pub(super) async fn note_superseded(
    transaction: &mut Transaction,
    volume: &str,
    blob: &Blob,
    now: u64,
) -> Result<(), StoreError> {
    sql!(
        execute,
        transaction,
        "INSERT INTO superseded (volume, sha256, bytes, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (volume, sha256) DO UPDATE SET at = excluded.at",
        volume,
        &blob.sha256,
        i64::try_from(blob.bytes).unwrap_or(i64::MAX),
        Millis(now),
    )?;
    Ok(())
}
