//! Everything at once: into another store, into a backup, and back. The database as it is at one moment, then every
//! blob that it names; the database is filled last and in one step, so that what breaks off is begun again.

mod backup;
mod blobs;

use std::path::Path;

use serde::Serialize;

pub use self::backup::{BackupError, backup, check, restore};
use self::blobs::copy_named;
use crate::rights::Permit;
use crate::store::{Store, StoreError};
use crate::verify;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// Blobs that are named.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those that had to be copied; the others were there already.
    pub copied: u64,
    /// Rows of the database.
    pub rows: u64,
    /// Blobs that are named and were lost or damaged before. Everything else is there.
    pub lost: Vec<String>,
}

/// Tells how many blobs are done, of how many.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Copies a store into one that is new, or that the same copy has begun to fill. What there is of the copy is read
/// back and compared.
pub async fn copy(
    from: &Store,
    to: &Store,
    permit: &Permit,
    progress: Progress<'_>,
) -> Result<Transfer, StoreError> {
    let source = from.copying().await?;
    let done = async {
        let scratch = tempfile::tempdir_in(source.scratch())?;
        let snapshot = source.snapshot(permit, &scratch.path().join("snapshot.sqlite")).await?;
        let done = into(&snapshot, to, permit, progress).await;
        snapshot.close().await;
        done
    }
    .await;
    source.done().await;
    done
}

/// Fills a store with what a snapshot holds and names.
async fn into(
    snapshot: &Store,
    to: &Store,
    permit: &Permit,
    progress: Progress<'_>,
) -> Result<Transfer, StoreError> {
    let empty = to.receive(permit, snapshot).await?;
    let mut transfer = copy_named(snapshot, to.blobs(permit), permit, progress).await?.0;
    let tables = if empty { to.fill(permit, snapshot).await? } else { to.contents(permit).await? };
    transfer.rows = tables.iter().map(|table| table.rows).sum();
    for problem in verify::run(to, permit).await?.problems {
        if !transfer.lost.contains(&problem.sha256) {
            transfer.lost.push(problem.sha256);
        }
    }
    Ok(transfer)
}

/// A new file in this folder, written whole and durable before it has its name.
fn write_durably(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut std::fs::File) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    std::fs::File::open(folder)?.sync_all()
}
