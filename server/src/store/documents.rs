//! Shared documents in SQL: a snapshot, the updates after it, and whose replicas wrote them.

use std::collections::BTreeMap;

use evolume_annotations::key::{DocKey, Scope};
use evolume_annotations::update::Replica;
use sqlx::Row;

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

/// Binds a document's key as the first three parameters.
macro_rules! of_document {
    ($sql:expr, $key:expr) => {
        sqlx::query($sql).bind($key.scope.kind()).bind($key.scope.id()).bind(&$key.name)
    };
}
pub(super) use of_document;

/// Refuses a permit that is not for this document.
pub(super) fn covers(permit: &Permit, key: &DocKey) -> Result<(), StoreError> {
    let covered = match &key.scope {
        Scope::Volume(volume) => permit.covers(volume),
        // A volume's permit says nothing of what belongs to its case.
        Scope::Case(_) => permit.of().is_none(),
    };
    covered.then_some(()).ok_or(StoreError::NoVolume)
}

impl Store {
    /// Reads a document and the number of its last update; one that nobody has written to is empty.
    pub async fn document(&self, permit: &Permit, key: &DocKey) -> Result<(Stored, i64), StoreError> {
        covers(permit, key)?;
        // The updates before the snapshot: one that is written in between takes the place of some of them, and
        // nothing is missing.
        let rows = of_document!(
            "SELECT seq, bytes FROM document_updates \
             WHERE scope = $1 AND owner = $2 AND name = $3 AND seq > COALESCE(( \
                 SELECT seq FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3), 0) \
             ORDER BY seq",
            key
        )
        .fetch_all(&self.pool)
        .await?;
        let snapshot = of_document!(
            "SELECT seq, bytes FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3",
            key
        )
        .fetch_optional(&self.pool)
        .await?;
        let (mut seq, mut updates) = (0, Vec::new());
        if let Some(row) = snapshot {
            seq = row.try_get("seq")?;
            updates.push(row.try_get("bytes")?);
        }
        for row in rows {
            let next = row.try_get("seq")?;
            if next > seq {
                seq = next;
                updates.push(row.try_get("bytes")?);
            }
        }
        let rows = of_document!(
            "SELECT replica, principal FROM document_replicas WHERE scope = $1 AND owner = $2 AND name = $3",
            key
        )
        .fetch_all(&self.pool)
        .await?;
        let mut replicas = BTreeMap::new();
        for row in rows {
            replicas.insert(row.try_get::<i64, _>("replica")?.cast_unsigned(), row.try_get("principal")?);
        }
        Ok((Stored { updates, replicas }, seq))
    }

    /// Makes the update of this number durable; fails when the number is taken. `at` is in milliseconds.
    pub async fn append_update(
        &self,
        key: &DocKey,
        seq: i64,
        at: u64,
        save: &Save,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        of_document!(
            "INSERT INTO document_updates (scope, owner, name, seq, author, at, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            key
        )
        .bind(seq)
        .bind(&save.author)
        .bind(at.cast_signed())
        .bind(save.update.as_slice())
        .execute(&mut *transaction)
        .await?;
        // The number may be free because the update that had it is in the archive.
        let newer = of_document!(
            "SELECT seq FROM document_snapshots WHERE scope = $1 AND owner = $2 AND name = $3 AND seq >= $4",
            key
        )
        .bind(seq)
        .fetch_optional(&mut *transaction)
        .await?;
        if newer.is_some() {
            return Err(StoreError::Superseded);
        }
        for replica in &save.replicas {
            of_document!(
                "INSERT INTO document_replicas (scope, owner, name, replica, principal) \
                 VALUES ($1, $2, $3, $4, $5)",
                key
            )
            .bind(replica.cast_signed())
            .bind(&save.author)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Puts a snapshot in the place of all updates up to this number, and those into the archive.
    pub async fn compact(&self, key: &DocKey, seq: i64, state: &[u8]) -> Result<(), StoreError> {
        of_document!(
            "INSERT INTO document_snapshots (scope, owner, name, seq, bytes) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (scope, owner, name) DO UPDATE SET seq = excluded.seq, bytes = excluded.bytes \
             WHERE document_snapshots.seq < excluded.seq",
            key
        )
        .bind(seq)
        .bind(state)
        .execute(&self.pool)
        .await?;
        self.archive(key).await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::rights::Act;

    fn permit() -> Permit {
        Permit::server(Act::CommandLine)
    }

    fn save(byte: u8, replicas: &[u64]) -> Save {
        Save { update: vec![byte], author: "p".into(), replicas: replicas.to_vec() }
    }

    #[tokio::test]
    async fn an_update_of_a_server_that_is_behind_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let key = DocKey::of_volume("v", "panel");
        assert_eq!(store.document(&permit(), &key).await.unwrap().1, 0);
        store.append_update(&key, 1, 0, &save(1, &[7])).await.unwrap();
        store.append_update(&key, 2, 0, &save(2, &[])).await.unwrap();
        // The number is taken.
        assert!(store.append_update(&key, 2, 0, &save(9, &[8])).await.is_err());
        store.compact(&key, 2, b"two").await.unwrap();
        // The number is free, and yet not.
        let late = store.append_update(&key, 1, 0, &save(9, &[8])).await;
        assert!(matches!(late, Err(StoreError::Superseded)));
        store.append_update(&key, 3, 0, &save(3, &[])).await.unwrap();
        // An older snapshot does not take a newer one's place.
        store.compact(&key, 1, b"one").await.unwrap();
        let (stored, seq) = store.document(&permit(), &key).await.unwrap();
        assert_eq!((stored.updates, seq), (vec![b"two".to_vec(), vec![3]], 3));
        assert_eq!(stored.replicas, [(7, "p".to_owned())].into());
    }

    #[tokio::test]
    async fn documents_of_a_case_and_of_a_volume_are_apart() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let volume = DocKey::of_volume("one", "notes");
        let case = DocKey { scope: Scope::Case("one".into()), name: "notes".into() };
        store.append_update(&volume, 1, 0, &save(1, &[7])).await.unwrap();
        store.append_update(&case, 1, 0, &save(2, &[7])).await.unwrap();
        store.compact(&case, 1, b"case").await.unwrap();
        assert_eq!(store.document(&permit(), &volume).await.unwrap().0.updates, [[1]]);
        assert_eq!(store.document(&permit(), &case).await.unwrap().0.updates, [b"case"]);
    }
}
