//! The history of shared documents: nothing that was written is ever deleted. Updates that a snapshot holds move out
//! of the database into blobs, each with its author and the server's time.
//!
//! A run of updates is durable as a blob before one transaction names the blob and lets the rows go. A server that
//! is killed in between leaves a blob that nobody names, and the same run becomes the same blob the next time.

use std::collections::BTreeMap;

use evolume_annotations::key::{DocKey, Scope};
use evolume_model::volume::Blob;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

use super::database::{Millis, sql, within};
use super::documents::covers;
use super::{Store, StoreError};
use crate::clock;
use crate::rights::Permit;

/// The first byte of every blob of history.
const FORMAT: u8 = 1;
/// A blob takes no further update when its updates have so many bytes.
const CHUNK: usize = 1 << 20;

/// An update as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Counts the document's updates from 1.
    pub seq: i64,
    /// Milliseconds since 1970 by the server's clock; 0 for what was written before history was kept.
    pub at: u64,
    /// Principal id; empty for what was written before history was kept.
    pub author: String,
    /// The update itself.
    #[serde(with = "serde_bytes")]
    pub update: Vec<u8>,
}

/// Up to when a document is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The update of this number is the last.
    Seq(i64),
    /// Nothing after this many milliseconds since 1970.
    Time(u64),
}

/// A blob of history, as the database names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Whose history it is.
    pub key: DocKey,
    /// The number of its first update.
    pub first: i64,
    /// The number of its last update.
    pub last: i64,
    /// Where the updates are.
    pub blob: Blob,
}

/// What such a blob holds. It says itself whose it is, so that a blob store alone is readable.
#[derive(Serialize, Deserialize)]
struct Contents {
    scope: String,
    owner: String,
    name: String,
    changes: Vec<Change>,
}

impl Store {
    /// All that was written to a document until a moment, in order: applied one after the other it is the document
    /// as it was.
    pub async fn document_at(
        &self,
        permit: &Permit,
        key: &DocKey,
        moment: Moment,
    ) -> Result<Vec<Change>, StoreError> {
        covers(permit, key)?;
        // The rows before the archive: one that moves in between is then in both, and not in neither.
        let rows: Vec<UpdateRow> = sql!(
            fetch_all,
            self.database,
            "SELECT seq, at, author, bytes FROM document_updates \
             WHERE scope = $1 AND owner = $2 AND name = $3",
            key.scope.kind(),
            key.scope.id(),
            &key.name,
        )?;
        let mut changes: BTreeMap<i64, Change> =
            rows.into_iter().map(change).map(|change| (change.seq, change)).collect();
        for chunk in self.chunks_of(key).await? {
            if matches!(moment, Moment::Seq(last) if last < chunk.first) {
                break;
            }
            changes.extend(
                self.read_chunk(permit, &chunk).await?.into_iter().map(|change| (change.seq, change)),
            );
        }
        let mut wanted = Vec::new();
        for (seq, change) in changes {
            let after = match moment {
                Moment::Seq(last) => seq > last,
                Moment::Time(last) => change.at > last,
            };
            if after {
                break;
            }
            if wanted.last().is_some_and(|before: &Change| before.seq + 1 != seq) {
                return Err(StoreError::HistoryGap { key: key.clone(), seq });
            }
            wanted.push(change);
        }
        Ok(wanted)
    }

    /// Every blob of history of every document that is permitted.
    pub async fn chunks(&self, permit: &Permit) -> Result<Vec<Chunk>, StoreError> {
        let rows: Vec<ChunkRow> = sql!(
            fetch_all,
            self.database,
            "SELECT scope, owner, name, first_seq, last_seq, sha256, bytes FROM document_archive \
             ORDER BY scope, owner, name, first_seq",
        )?;
        let mut chunks: Vec<Chunk> = rows.into_iter().map(chunk).collect::<Result<_, _>>()?;
        chunks.retain(|chunk| covers(permit, &chunk.key).is_ok());
        Ok(chunks)
    }

    async fn chunks_of(&self, key: &DocKey) -> Result<Vec<Chunk>, StoreError> {
        let rows: Vec<ChunkRow> = sql!(
            fetch_all,
            self.database,
            "SELECT scope, owner, name, first_seq, last_seq, sha256, bytes FROM document_archive \
             WHERE scope = $1 AND owner = $2 AND name = $3 ORDER BY first_seq",
            key.scope.kind(),
            key.scope.id(),
            &key.name,
        )?;
        rows.into_iter().map(chunk).collect()
    }

    /// The updates in a blob of history; fails when it is not what the database says that it is.
    pub async fn read_chunk(&self, permit: &Permit, chunk: &Chunk) -> Result<Vec<Change>, StoreError> {
        covers(permit, &chunk.key)?;
        let corrupt = || StoreError::Corrupt(chunk.blob.sha256.clone());
        let bytes = self.blobs.read(&chunk.blob.sha256).await?;
        let contents: Contents = match bytes.split_first() {
            Some((&FORMAT, contents)) => postcard::from_bytes(contents).map_err(|_| corrupt())?,
            Some((&format, _)) => return Err(StoreError::HistoryFormat(format)),
            None => return Err(corrupt()),
        };
        let key = Scope::from_parts(&contents.scope, contents.owner)
            .map(|scope| DocKey { scope, name: contents.name });
        let numbers = contents.changes.iter().map(|change| change.seq);
        if key.as_ref() == Some(&chunk.key) && numbers.eq(chunk.first..=chunk.last) {
            Ok(contents.changes)
        } else {
            Err(corrupt())
        }
    }

    /// Moves the updates that the snapshot holds into blobs.
    pub(super) async fn archive(&self, key: &DocKey) -> Result<(), StoreError> {
        loop {
            let begun = clock::now();
            let changes = self.next_run(key).await?;
            let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return Ok(()) };
            let (first, last, count) = (first.seq, last.seq, changes.len() as u64);
            let contents = Contents {
                scope: key.scope.kind().to_owned(),
                owner: key.scope.id().to_owned(),
                name: key.name.clone(),
                changes,
            };
            let bytes = postcard::to_extend(&contents, vec![FORMAT]).map_err(StoreError::History)?;
            let blob = self.put(bytes).await?;
            let (scope, owner, name) = (key.scope.kind(), key.scope.id(), &key.name);
            let mut transaction = self.database.begin().await?;
            self.confirm(&mut transaction, begun).await?;
            let named = sql!(
                execute,
                transaction,
                "INSERT INTO document_archive (scope, owner, name, first_seq, last_seq, sha256, bytes) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, owner, name, first_seq) DO NOTHING",
                scope,
                owner,
                name,
                first,
                last,
                &blob.sha256,
                blob.bytes.cast_signed(),
            )?;
            let moved = sql!(
                execute,
                transaction,
                "DELETE FROM document_updates \
                 WHERE scope = $1 AND owner = $2 AND name = $3 AND seq >= $4 AND seq <= $5",
                scope,
                owner,
                name,
                first,
                last,
            )?;
            if named == 0 || moved != count {
                // Another server has moved some of them.
                return Err(StoreError::Superseded);
            }
            transaction.commit().await?;
        }
    }

    /// The oldest updates that the snapshot holds and that are still rows, as many as one blob takes.
    async fn next_run(&self, key: &DocKey) -> Result<Vec<Change>, StoreError> {
        let mut rows: BoxStream<'_, sqlx::Result<UpdateRow>> = sql!(
            fetch,
            self.database,
            "SELECT seq, at, author, bytes FROM document_updates \
             WHERE scope = $1 AND owner = $2 AND name = $3 AND seq <= ( \
                 SELECT seq FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3) \
             ORDER BY seq",
            key.scope.kind(),
            key.scope.id(),
            &key.name,
        );
        let (mut changes, mut bytes) = (Vec::<Change>::new(), 0);
        while let Some(row) = within(rows.try_next()).await? {
            let change = change(row);
            bytes += change.update.len();
            let gap = changes.last().is_some_and(|before| before.seq + 1 != change.seq);
            if gap || (bytes > CHUNK && !changes.is_empty()) {
                break;
            }
            changes.push(change);
        }
        Ok(changes)
    }
}

/// Number, time, author and bytes.
type UpdateRow = (i64, Millis, String, Vec<u8>);
/// Scope, owner and name; first and last number; hash and length.
type ChunkRow = (String, String, String, i64, i64, String, i64);

fn change((seq, Millis(at), author, update): UpdateRow) -> Change {
    Change { seq, at, author, update }
}

fn chunk((scope, owner, name, first, last, sha256, bytes): ChunkRow) -> Result<Chunk, StoreError> {
    let Some(scope) = Scope::from_parts(&scope, owner) else {
        return Err(StoreError::Corrupt(sha256));
    };
    let blob = Blob { sha256, bytes: bytes.cast_unsigned() };
    Ok(Chunk { key: DocKey { scope, name }, first, last, blob })
}
