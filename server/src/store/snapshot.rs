//! The database as a whole: as it is at one moment, and into another one.

use std::path::Path;
use std::sync::Arc;

use futures::TryStreamExt;

use super::database::{self, Database, Dialect, sql};
use super::leases::{Lease, Purpose};
use super::tables::{self, Reading, TableContents};
use super::{Blobs, Store, StoreError};
use crate::rights::Permit;

const WHOLE: &str = "whole";
const COPYING: &str = "copying";

impl Store {
    /// The same store, from which no blob is removed until [`Store::done`].
    pub async fn copying(&self) -> Result<Self, StoreError> {
        let lease = Lease::take(&self.database, Purpose::Copy).await?;
        Ok(Self { lease: Some(Arc::new(lease)), ..self.clone() })
    }

    /// What every table holds, to be compared with another store's.
    pub async fn contents(&self, _: &Permit) -> Result<Vec<TableContents>, StoreError> {
        let tables = tables::tables().await?;
        Reading::begin(&self.database, &tables).await?.contents(&tables).await
    }

    /// The database as it is at one moment, as a new SQLite file: a store over the same blobs.
    pub async fn snapshot(&self, _: &Permit, file: &Path) -> Result<Self, StoreError> {
        let snapshot = self.over(file, self.blobs.clone()).await?;
        let tables = tables::tables().await?;
        tables::fill(Reading::begin(&self.database, &tables).await?, &snapshot.database, &tables).await?;
        Ok(snapshot)
    }

    /// A SQLite file that was a snapshot, over these blobs; temporary files are made where this store makes them.
    pub async fn over(&self, file: &Path, blobs: Blobs) -> Result<Self, StoreError> {
        let database = database::open(Dialect::Sqlite(file.to_owned())).await?;
        Ok(Self { database, blobs, scratch: self.scratch.clone(), lease: None })
    }

    /// Closes the database: a SQLite file is then all there is of it.
    pub async fn close(self) {
        match self.database {
            Database::Sqlite(pool) => pool.close().await,
            Database::Postgres(pool) => pool.close().await,
        }
    }

    /// Which installation this is.
    pub async fn installation(&self) -> Result<String, StoreError> {
        Ok(self.identity().await?.0)
    }

    async fn identity(&self) -> Result<(String, String), StoreError> {
        sql!(fetch_one, self.database, "SELECT id, state FROM installation")
    }

    /// Fails while a copy into it has not ended.
    pub(super) async fn check_whole(&self) -> Result<(), StoreError> {
        if self.identity().await?.1 == WHOLE { Ok(()) } else { Err(StoreError::HalfCopied) }
    }

    /// Makes sure that this store is new, or what a copy of the same that broke off has left, or has the same
    /// already: then there is nothing to [`Store::fill`], and the answer is false.
    pub async fn receive(&self, permit: &Permit, snapshot: &Self) -> Result<bool, StoreError> {
        let tables = tables::tables().await?;
        let source = snapshot.installation().await?;
        let (id, state) = self.identity().await?;
        if !tables::is_new(&self.database, &tables).await? {
            let same = id == source && self.contents(permit).await? == snapshot.contents(permit).await?;
            return if same { Ok(false) } else { Err(StoreError::Occupied) };
        }
        if state == COPYING {
            return if id == source { Ok(true) } else { Err(StoreError::Occupied) };
        }
        if self.blobs.list().try_next().await?.is_some() {
            return Err(StoreError::Occupied);
        }
        sql!(execute, self.database, "UPDATE installation SET id = $1, state = $2", &source, COPYING)?;
        Ok(true)
    }

    /// Puts everything that a snapshot holds into this store's database, in one step; with it the copy has ended.
    pub async fn fill(&self, _: &Permit, snapshot: &Self) -> Result<Vec<TableContents>, StoreError> {
        let tables = tables::tables().await?;
        tables::fill(Reading::begin(&snapshot.database, &tables).await?, &self.database, &tables).await
    }
}
