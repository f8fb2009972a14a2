//! Removes blobs that nothing names, beside programs that put and name them. Why nothing that is named is ever lost:
//! docs/architecture.md, "Life of a blob".

use std::time::Duration;

use evolume_model::volume::Blob;
use futures::TryStreamExt;

use super::database::{Millis, sql};
use super::leases::{Lease, YOUNG, now};
use super::references::References;
use super::{Store, StoreError};
use crate::ids;
use crate::rights::Permit;

/// Blobs that are claimed in one transaction and then removed.
const BATCH: usize = 200;
/// By how much the clocks of the machines and of the blob store may differ.
const SKEW: Duration = Duration::from_hours(1);

/// What is left alone although nothing names it now.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// What a volume's manifests named within this time.
    pub superseded: Duration,
    /// What was put within this time. A program without a lease names what it has put in much less.
    pub young: Duration,
    /// How far apart clocks may be.
    pub skew: Duration,
}

impl Keep {
    /// As the command line has it.
    pub fn days(days: u32) -> Self {
        Self { superseded: Duration::from_hours(24) * days, young: YOUNG, skew: SKEW }
    }
}

/// What was found and removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Collected {
    /// Blobs that there were.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Blobs that were removed, or would have been.
    pub removed: u64,
    /// Their bytes.
    pub freed: u64,
    /// Unnamed ones that somebody has wanted again lately.
    pub claimed: u64,
    /// Whether a copy has begun, which needs all that is left.
    pub interrupted: bool,
}

enum Claim<'a> {
    /// These may be removed.
    Done(Vec<&'a Blob>),
    /// A volume has another manifest by now.
    Outdated,
    /// Somebody copies everything.
    Copying,
}

impl Store {
    /// Removes what nothing names; only counts it when `dry`. One at a time does this, and nobody while a copy is made.
    pub async fn collect(&self, permit: &Permit, keep: Keep, dry: bool) -> Result<Collected, StoreError> {
        let lease = Lease::collect(&self.database).await?;
        let done = self.collect_by(&lease, permit, keep, dry).await;
        lease.release().await?;
        done
    }

    async fn collect_by(
        &self,
        lease: &Lease,
        permit: &Permit,
        keep: Keep,
        dry: bool,
    ) -> Result<Collected, StoreError> {
        let now = now(&self.database).await?;
        let before = |time: Duration| now.saturating_sub(time.as_millis() as u64);
        let since = before(keep.superseded);
        let (oldest,): (Option<Millis>,) =
            sql!(fetch_one, self.database, "SELECT MIN(began) FROM leases WHERE purpose = 'write'")?;
        let young = before(keep.young).min(oldest.map_or(now, |Millis(began)| began));
        let young = young.saturating_sub(keep.skew.as_millis() as u64);

        let mut collected = Collected::default();
        let mut old = Vec::new();
        let mut blobs = self.blobs.list_with_times();
        while let Some((blob, at)) = blobs.try_next().await? {
            if !ids::is_sha256(&blob.sha256) {
                continue;
            }
            collected.blobs += 1;
            collected.bytes += blob.bytes;
            if at < young {
                old.push(blob);
            }
        }
        drop(blobs);
        // Only after the list: what has been named since is then among them.
        let mut references = self.references(permit, since).await?;
        references.complete()?;
        old.retain(|blob| !references.blobs.contains_key(&blob.sha256));
        if dry {
            collected.removed = old.len() as u64;
            collected.freed = old.iter().map(|blob| blob.bytes).sum();
            return Ok(collected);
        }
        sql!(execute, self.database, "DELETE FROM superseded WHERE at < $1", Millis(since))?;
        while !old.is_empty() {
            let batch = old.split_off(old.len().saturating_sub(BATCH));
            let claimed = match self.claim_all(lease, &batch, &references, young).await? {
                Claim::Done(claimed) => claimed,
                Claim::Outdated => {
                    self.add_references(permit, since, &mut references).await?;
                    references.complete()?;
                    old.extend(batch.into_iter().filter(|blob| !references.blobs.contains_key(&blob.sha256)));
                    continue;
                }
                Claim::Copying => {
                    collected.interrupted = true;
                    return Ok(collected);
                }
            };
            collected.claimed += (batch.len() - claimed.len()) as u64;
            for blob in claimed {
                if self.remove(lease, blob, young).await? {
                    collected.removed += 1;
                    collected.freed += blob.bytes;
                }
            }
            sql!(execute, self.database, "DELETE FROM blob_claims WHERE collector = $1", &lease.id)?;
        }
        // Also those of collectors that were killed.
        sql!(execute, self.database, "DELETE FROM blob_claims WHERE at < $1", Millis(young))?;
        Ok(collected)
    }

    /// Claims what nobody else does: from here on whoever puts one of them waits.
    async fn claim_all<'a>(
        &self,
        lease: &Lease,
        batch: &'a [Blob],
        references: &References,
        young: u64,
    ) -> Result<Claim<'a>, StoreError> {
        let now = Millis(now(&self.database).await?);
        let mut transaction = self.database.begin().await?;
        lease.confirm(&mut transaction).await?;
        let (copies,): (i64,) = sql!(
            fetch_one,
            transaction,
            "SELECT COUNT(*) FROM leases WHERE purpose = 'copy' AND expires > $1",
            now,
        )?;
        if copies > 0 {
            return Ok(Claim::Copying);
        }
        let manifests: Vec<(String, String)> =
            sql!(fetch_all, transaction, "SELECT id, manifest FROM volumes ORDER BY id")?;
        if !references.are_of(&manifests) {
            return Ok(Claim::Outdated);
        }
        let mut claimed = Vec::new();
        for blob in batch {
            let mine = sql!(
                execute,
                transaction,
                "INSERT INTO blob_claims (sha256, at, collector) VALUES ($1, $2, $3) \
                 ON CONFLICT (sha256) DO UPDATE SET at = excluded.at, collector = excluded.collector \
                 WHERE blob_claims.collector IS NOT NULL OR blob_claims.at < $4",
                &blob.sha256,
                now,
                &lease.id,
                Millis(young),
            )?;
            claimed.extend((mine > 0).then_some(blob));
        }
        transaction.commit().await?;
        Ok(Claim::Done(claimed))
    }

    /// Removes a blob that is claimed, unless it has been put again since it was listed.
    async fn remove(&self, lease: &Lease, blob: &Blob, young: u64) -> Result<bool, StoreError> {
        let old = self.blobs.put_at(&blob.sha256).await?.is_some_and(|at| at < young);
        if !lease.is_sure() {
            return Err(StoreError::LeaseLost);
        }
        if old {
            self.blobs.remove(&blob.sha256).await?;
        }
        Ok(old)
    }
}
