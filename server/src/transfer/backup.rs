//! A backup is a folder: `blobs` as in a data folder, the database as one SQLite file, the list of the blobs that it
//! names, and `backup.json`, which names both by their hashes. A later backup adds what is new and puts another
//! `backup.json` in the place of the one before; what is there is never written to, so that a copy of the folder by
//! rsync takes little, and one that breaks off leaves the backup before it whole.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use evolume_model::code::Code;
use evolume_model::volume::Blob;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::blobs::copy_named;
use super::{Progress, Transfer, into, write_durably};
use crate::clock;
use crate::rights::Permit;
use crate::store::{Blobs, Store, StoreError, TableContents};

const FORMAT: u32 = 1;
const NAME: &str = "backup.json";

/// What can go wrong with a backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store that is backed up, or restored to, or the folder's disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no backup in the folder, or none that has ended.
    #[error("there is no whole backup in this folder")]
    None,
    /// The folder has other files, or another installation's backup.
    #[error("the folder holds something else")]
    Occupied,
    /// A newer version has written it.
    #[error("a backup of format {0}")]
    Format(u32),
    /// Files of the backup that are lost or damaged.
    #[error("{} files of the backup are lost or damaged, the first is {}", .0.len(), .0[0])]
    Damaged(Vec<String>),
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> Self {
        Self::Store(error.into())
    }
}

/// `backup.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Backup {
    format: u32,
    /// Whose backup it is.
    installation: String,
    /// Absent until the first one has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<Made>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Made {
    /// When it began, in milliseconds since 1970: everything that was acknowledged before is in it.
    began: u64,
    /// The program's.
    version: String,
    /// `SHA.sqlite`.
    database: Blob,
    /// `SHA.list`: a line `SHA BYTES` for each blob.
    list: Blob,
    tables: Vec<TableContents>,
}

/// Makes a backup of a store that others work on, or brings the one in the folder up to date.
pub async fn backup(
    store: &Store,
    folder: &Path,
    permit: &Permit,
    progress: Progress<'_>,
) -> Result<Transfer, BackupError> {
    let source = store.copying().await?;
    let done = write(&source, folder, permit, progress).await;
    source.done().await;
    done
}

async fn write(
    store: &Store,
    folder: &Path,
    permit: &Permit,
    progress: Progress<'_>,
) -> Result<Transfer, BackupError> {
    let installation = store.installation().await?;
    std::fs::create_dir_all(folder)?;
    match read(folder)? {
        Some(known) if known.installation == installation => {}
        Some(_) => return Err(BackupError::Occupied),
        None if std::fs::read_dir(folder)?.next().is_some() => return Err(BackupError::Occupied),
        None => put(folder, &Backup { format: FORMAT, installation: installation.clone(), made: None })?,
    }
    let scratch = tempfile::tempdir_in(store.scratch()).map_err(StoreError::from)?;
    let file = scratch.path().join("snapshot.sqlite");
    let began = clock::now();
    let snapshot = store.snapshot(permit, &file).await?;
    let tables = snapshot.contents(permit).await?;
    let (mut transfer, there) =
        copy_named(&snapshot, &Blobs::folder(&folder.join("blobs"))?, permit, progress).await?;
    snapshot.close().await;
    transfer.rows = tables.iter().map(|table| table.rows).sum();

    let database = hash_file(&file)?;
    write_durably(folder, &format!("{}.sqlite", database.sha256), |out| {
        std::io::copy(&mut std::fs::File::open(&file)?, out).map(drop)
    })?;
    let lines: String = there.iter().map(|blob| format!("{} {}\n", blob.sha256, blob.bytes)).collect();
    let list = Blob { sha256: crate::store::sha256(lines.as_bytes()), bytes: lines.len() as u64 };
    write_durably(folder, &format!("{}.list", list.sha256), |out| out.write_all(lines.as_bytes()))?;
    let kept = [format!("{}.sqlite", database.sha256), format!("{}.list", list.sha256)];
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let made = Some(Made { began, version, database, list, tables });
    put(folder, &Backup { format: FORMAT, installation, made })?;
    // Only now nobody needs those of the backup before.
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if (name.ends_with(".sqlite") || name.ends_with(".list")) && !kept.contains(&name) {
            std::fs::remove_file(folder.join(name))?;
        }
    }
    Ok(transfer)
}

/// Reads a backup against its hashes; fails when something is lost or damaged.
pub async fn check(folder: &Path) -> Result<Transfer, BackupError> {
    let made = whole(folder)?;
    let mut transfer =
        Transfer { rows: made.tables.iter().map(|table| table.rows).sum(), ..Transfer::default() };
    let mut damaged = BTreeSet::new();
    for (blob, end) in [(&made.database, "sqlite"), (&made.list, "list")] {
        let name = format!("{}.{end}", blob.sha256);
        if hash_file(&folder.join(&name)).ok().as_ref() != Some(blob) {
            damaged.insert(name);
        }
    }
    if damaged.is_empty() {
        let blobs = Blobs::folder(&folder.join("blobs"))?;
        for blob in listed(folder, &made)? {
            transfer.blobs += 1;
            transfer.bytes += blob.bytes;
            match blobs.check(&blob).await {
                Ok(()) => {}
                Err(error) if matches!(error.code(), Code::BlobMissing | Code::BlobCorrupt) => {
                    damaged.insert(blob.sha256);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    if damaged.is_empty() { Ok(transfer) } else { Err(BackupError::Damaged(damaged.into_iter().collect())) }
}

/// Fills a new store from a backup, and reads all that has come back. The backup is not written to.
pub async fn restore(
    folder: &Path,
    to: &Store,
    permit: &Permit,
    progress: Progress<'_>,
) -> Result<Transfer, BackupError> {
    let made = whole(folder)?;
    // An older version's database is brought up to date in the copy.
    let scratch = tempfile::tempdir_in(to.scratch())?;
    let file = scratch.path().join("snapshot.sqlite");
    let name = format!("{}.sqlite", made.database.sha256);
    std::fs::copy(folder.join(&name), &file)?;
    if hash_file(&file)? != made.database {
        return Err(BackupError::Damaged(vec![name]));
    }
    let snapshot = to.over(&file, Blobs::folder(&folder.join("blobs"))?).await?;
    let done = into(&snapshot, to, permit, progress).await;
    snapshot.close().await;
    Ok(done?)
}

fn whole(folder: &Path) -> Result<Made, BackupError> {
    read(folder)?.and_then(|backup| backup.made).ok_or(BackupError::None)
}

fn read(folder: &Path) -> Result<Option<Backup>, BackupError> {
    #[derive(Deserialize)]
    struct Versioned {
        format: u32,
    }
    let json = match std::fs::read(folder.join(NAME)) {
        Ok(json) => json,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let damaged = |_| BackupError::Damaged(vec![NAME.to_owned()]);
    let Versioned { format } = serde_json::from_slice(&json).map_err(damaged)?;
    if format != FORMAT {
        return Err(BackupError::Format(format));
    }
    Ok(Some(serde_json::from_slice(&json).map_err(damaged)?))
}

fn put(folder: &Path, backup: &Backup) -> Result<(), BackupError> {
    let json = serde_json::to_vec_pretty(backup).map_err(std::io::Error::from)?;
    Ok(write_durably(folder, NAME, |out| out.write_all(&json))?)
}

/// The blobs of a list whose hash is right.
fn listed(folder: &Path, made: &Made) -> Result<Vec<Blob>, BackupError> {
    let name = format!("{}.list", made.list.sha256);
    let lines = BufReader::new(std::fs::File::open(folder.join(&name))?).lines();
    let blob = |line: std::io::Result<String>| {
        let line = line?;
        let read = line.split_once(' ').and_then(|(sha256, bytes)| Some((sha256, bytes.parse().ok()?)));
        let (sha256, bytes) = read.ok_or_else(|| BackupError::Damaged(vec![name.clone()]))?;
        Ok(Blob { sha256: sha256.to_owned(), bytes })
    };
    lines.map(blob).collect()
}

fn hash_file(path: &Path) -> std::io::Result<Blob> {
    let (mut file, mut hash, mut length) = (std::fs::File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(Blob { sha256: hex::encode(hash.finalize()), bytes: length });
        }
        hash.update(&buffer[..read]);
        length += read as u64;
    }
}
