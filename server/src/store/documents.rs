//! Shared documents in SQL: a snapshot, the updates after it, and whose replicas wrote them.

use std::collections::BTreeMap;

use evolume_annotations::key::{DocKey, Scope};
use evolume_annotations::update::Replica;

use super::database::{Millis, sql};
use super::{Store, StoreError};
use crate::rights::Permit;

/// What is to be made durable in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Save {
    /// The update.
    pub update: Vec<u8>,
    /// Whose it is.
    pub author: String,
    /// Replicas that belong to the author from now on.
    pub replicas: Vec<Replica>,
}

/// A document as the store has it.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The last snapshot, and the updates after it, in order.
    pub updates: Vec<Vec<u8>>,
    /// Which replica belongs to whom.
    pub replicas: BTreeMap<Replica, String>,
}

/// Refuses a permit that is not for this document.
pub(super) fn covers(permit: &Permit, key: &DocKey) -> Result<(), StoreError> {
    let covered = match &key.scope {
        Scope::Volume(volume) => permit.covers(volume),
        // A volume's permit says nothing of what belongs to its case.
        Scope::Case(_) => permit.is_unlimited(),
    };
    covered.then_some(()).ok_or(StoreError::NoVolume)
}

impl Store {
    /// Reads a document and the number of its last update; one that nobody has written to is empty.
    pub async fn document(&self, permit: &Permit, key: &DocKey) -> Result<(Stored, i64), StoreError> {
        covers(permit, key)?;
        // The updates before the snapshot: one that is written in between takes the place of some of them, and
        // nothing is missing.
        let (scope, owner, name) = (key.scope.kind(), key.scope.id(), &key.name);
        let rows: Vec<(i64, Vec<u8>)> = sql!(
            fetch_all,
            self.database,
            "SELECT seq, bytes FROM document_updates \
             WHERE scope = $1 AND owner = $2 AND name = $3 AND seq > COALESCE(( \
                 SELECT seq FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3), 0) \
             ORDER BY seq",
            scope,
            owner,
            name,
        )?;
        let snapshot: Option<(i64, Vec<u8>)> = sql!(
            fetch_optional,
            self.database,
            "SELECT seq, bytes FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3",
            scope,
            owner,
            name,
        )?;
        let (mut seq, mut updates) = match snapshot {
            Some((seq, state)) => (seq, vec![state]),
            None => (0, Vec::new()),
        };
        for (next, update) in rows {
            if next > seq {
                seq = next;
                updates.push(update);
            }
        }
        let rows: Vec<(i64, String)> = sql!(
            fetch_all,
            self.database,
            "SELECT replica, principal FROM document_replicas WHERE scope = $1 AND owner = $2 AND name = $3",
            scope,
            owner,
            name,
        )?;
        let replicas = rows.into_iter().map(|(replica, principal)| (replica.cast_unsigned(), principal));
        Ok((Stored { updates, replicas: replicas.collect() }, seq))
    }

    /// The number of a document's last update; 0 when nobody has written to it.
    pub async fn last_update(&self, key: &DocKey) -> Result<i64, StoreError> {
        let (last,): (i64,) = sql!(
            fetch_one,
            self.database,
            "SELECT COALESCE(MAX(seq), 0) FROM ( \
                 SELECT seq FROM document_updates WHERE scope = $1 AND owner = $2 AND name = $3 \
                 UNION ALL \
                 SELECT seq FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3) AS known",
            key.scope.kind(),
            key.scope.id(),
            &key.name,
        )?;
        Ok(last)
    }

    /// Makes the update of this number durable; fails when the number is taken. `at` is in milliseconds.
    pub async fn append_update(
        &self,
        key: &DocKey,
        seq: i64,
        at: u64,
        save: &Save,
    ) -> Result<(), StoreError> {
        let (scope, owner, name) = (key.scope.kind(), key.scope.id(), &key.name);
        let mut transaction = self.database.begin().await?;
        let added = sql!(
            execute,
            transaction,
            "INSERT INTO document_updates (scope, owner, name, seq, author, at, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, owner, name, seq) DO NOTHING",
            scope,
            owner,
            name,
            seq,
            &save.author,
            Millis(at),
            save.update.as_slice(),
        )?;
        // The number may be free because the update that had it is in the archive.
        let newer: Option<(i64,)> = sql!(
            fetch_optional,
            transaction,
            "SELECT seq FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3 AND seq >= $4",
            scope,
            owner,
            name,
            seq,
        )?;
        if added == 0 || newer.is_some() {
            return Err(StoreError::Superseded);
        }
        for replica in &save.replicas {
            sql!(
                execute,
                transaction,
                "INSERT INTO document_replicas (scope, owner, name, replica, principal) \
                 VALUES ($1, $2, $3, $4, $5)",
                scope,
                owner,
                name,
                replica.cast_signed(),
                &save.author,
            )?;
        }
        transaction.commit().await
    }

    /// Puts a snapshot in the place of all updates up to this number, and those into the archive.
    pub async fn compact(&self, key: &DocKey, seq: i64, state: &[u8]) -> Result<(), StoreError> {
        sql!(
            execute,
            self.database,
            "INSERT INTO document_snapshots (scope, owner, name, seq, bytes) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (scope, owner, name) DO UPDATE SET seq = excluded.seq, bytes = excluded.bytes \
             WHERE document_snapshots.seq < excluded.seq",
            key.scope.kind(),
            key.scope.id(),
            &key.name,
            seq,
            state,
        )?;
        self.archive(key).await
    }
}
