//! Layers in SQL: a snapshot, the updates after it, and whose replicas wrote them.

use std::collections::BTreeMap;

use evolume_annotations::update::Replica;
use sqlx::Row;

use super::{Store, StoreError};

/// A layer's place in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LayerKey {
    /// Volume id.
    pub volume: String,
    /// Layer id.
    pub layer: String,
}

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

/// A layer as the store has it.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The last snapshot, and the updates after it, in order.
    pub updates: Vec<Vec<u8>>,
    /// Which replica belongs to whom.
    pub replicas: BTreeMap<Replica, String>,
}

impl Store {
    /// Reads a layer and the number of its last update; one that nobody has written to is empty.
    pub async fn layer(&self, key: &LayerKey) -> Result<(Stored, i64), StoreError> {
        let mut transaction = self.pool.begin().await?;
        let snapshot = sqlx::query("SELECT seq, bytes FROM layer_snapshots WHERE volume = $1 AND layer = $2")
            .bind(&key.volume)
            .bind(&key.layer)
            .fetch_optional(&mut *transaction)
            .await?;
        let (mut seq, mut updates) = (0, Vec::new());
        if let Some(row) = snapshot {
            seq = row.try_get("seq")?;
            updates.push(row.try_get("bytes")?);
        }
        let rows = sqlx::query(
            "SELECT seq, bytes FROM layer_updates WHERE volume = $1 AND layer = $2 AND seq > $3 ORDER BY seq",
        )
        .bind(&key.volume)
        .bind(&key.layer)
        .bind(seq)
        .fetch_all(&mut *transaction)
        .await?;
        for row in rows {
            seq = row.try_get("seq")?;
            updates.push(row.try_get("bytes")?);
        }
        let mut replicas = BTreeMap::new();
        let rows =
            sqlx::query("SELECT replica, principal FROM layer_replicas WHERE volume = $1 AND layer = $2")
                .bind(&key.volume)
                .bind(&key.layer)
                .fetch_all(&mut *transaction)
                .await?;
        for row in rows {
            replicas.insert(row.try_get::<i64, _>("replica")?.cast_unsigned(), row.try_get("principal")?);
        }
        transaction.commit().await?;
        Ok((Stored { updates, replicas }, seq))
    }

    /// Makes the update of this number durable; fails when the number is taken.
    pub async fn append_update(
        &self,
        key: &LayerKey,
        seq: i64,
        at: u64,
        save: &Save,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO layer_updates (volume, layer, seq, author, at, bytes) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&key.volume)
        .bind(&key.layer)
        .bind(seq)
        .bind(&save.author)
        .bind(at.cast_signed())
        .bind(save.update.as_slice())
        .execute(&mut *transaction)
        .await?;
        // The number may be free because a snapshot holds the update that had it.
        let newer =
            sqlx::query("SELECT seq FROM layer_snapshots WHERE volume = $1 AND layer = $2 AND seq >= $3")
                .bind(&key.volume)
                .bind(&key.layer)
                .bind(seq)
                .fetch_optional(&mut *transaction)
                .await?;
        if newer.is_some() {
            return Err(StoreError::Superseded);
        }
        for replica in &save.replicas {
            sqlx::query(
                "INSERT INTO layer_replicas (volume, layer, replica, principal) VALUES ($1, $2, $3, $4)",
            )
            .bind(&key.volume)
            .bind(&key.layer)
            .bind(replica.cast_signed())
            .bind(&save.author)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Puts a snapshot in the place of all updates up to this number.
    pub async fn compact_layer(&self, key: &LayerKey, seq: i64, state: &[u8]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO layer_snapshots (volume, layer, seq, bytes) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (volume, layer) DO UPDATE SET seq = excluded.seq, bytes = excluded.bytes \
             WHERE layer_snapshots.seq < excluded.seq",
        )
        .bind(&key.volume)
        .bind(&key.layer)
        .bind(seq)
        .bind(state)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM layer_updates WHERE volume = $1 AND layer = $2 AND seq <= $3")
            .bind(&key.volume)
            .bind(&key.layer)
            .bind(seq)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn save(byte: u8, replicas: &[u64]) -> Save {
        Save { update: vec![byte], author: "p".into(), replicas: replicas.to_vec() }
    }

    #[tokio::test]
    async fn an_update_of_a_server_that_is_behind_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let database = Store::open(folder.path()).await.unwrap();
        let key = LayerKey { volume: "v".into(), layer: "panel".into() };
        assert_eq!(database.layer(&key).await.unwrap().1, 0);
        database.append_update(&key, 1, 0, &save(1, &[7])).await.unwrap();
        database.append_update(&key, 2, 0, &save(2, &[])).await.unwrap();
        // The number is taken.
        assert!(database.append_update(&key, 2, 0, &save(9, &[8])).await.is_err());
        database.compact_layer(&key, 2, b"two").await.unwrap();
        // The number is free, and yet not.
        let late = database.append_update(&key, 1, 0, &save(9, &[8])).await;
        assert!(matches!(late, Err(StoreError::Superseded)));
        database.append_update(&key, 3, 0, &save(3, &[])).await.unwrap();
        // An older snapshot does not take a newer one's place.
        database.compact_layer(&key, 1, b"one").await.unwrap();
        let (stored, seq) = database.layer(&key).await.unwrap();
        assert_eq!((stored.updates, seq), (vec![b"two".to_vec(), vec![3]], 3));
        assert_eq!(stored.replicas, [(7, "p".to_owned())].into());
    }
}
