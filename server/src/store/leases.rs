//! Who works with blobs that nothing names yet, or removes those that nothing names any more: a row for each, which
//! its holder renews for as long as it lives. Times are the database's, so that several machines agree.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::database::{Database, Millis, Transaction, sql, within};
use super::{Store, StoreError};
use crate::{clock, ids};

/// A collector leaves alone what was put within this time.
pub(super) const YOUNG: Duration = Duration::from_hours(24);

/// What a lease is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Puts blobs long before it names them.
    Write,
    /// Needs every blob that is named now.
    Copy,
    /// Removes blobs.
    Collect,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Copy => "copy",
            Self::Collect => "collect",
        }
    }

    /// How long its holder is believed to live without a word. Somebody who wants a blob that is being removed may
    /// have to wait so long for a collector that was killed.
    fn lifetime(self) -> Duration {
        match self {
            Self::Write => Duration::from_hours(1),
            Self::Copy => Duration::from_mins(10),
            Self::Collect => Duration::from_mins(1),
        }
    }
}

/// A lease that is held and renewed until it is released or dropped.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) id: String,
    purpose: Purpose,
    database: Database,
    /// When the last renewal that succeeded began, by this machine's clock.
    renewed: Arc<AtomicU64>,
    renewal: JoinHandle<()>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
        // What a collector has begun to remove may still go: its lease ends by its time.
        if self.purpose != Purpose::Collect
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (database, id) = (self.database.clone(), self.id.clone());
            runtime.spawn(async move { delete(&database, &id).await });
        }
    }
}

impl Lease {
    /// Takes a lease for writing, or for copying, which waits for a collector to stop.
    pub(super) async fn take(database: &Database, purpose: Purpose) -> Result<Self, StoreError> {
        let mut transaction = begin(database).await?;
        let lease = Self::insert(database, &mut transaction, purpose).await?;
        transaction.commit().await?;
        while purpose == Purpose::Copy && collects(database).await? {
            tokio::time::sleep(LOOK).await;
        }
        Ok(lease)
    }

    /// Takes the lease of the one collector that there may be.
    pub(super) async fn collect(database: &Database) -> Result<Self, StoreError> {
        let mut transaction = begin(database).await?;
        let now = now(database).await?;
        sql!(execute, transaction, "DELETE FROM leases WHERE expires <= $1", Millis(now))?;
        let (others,): (i64,) =
            sql!(fetch_one, transaction, "SELECT COUNT(*) FROM leases WHERE purpose <> 'write'")?;
        if others > 0 {
            return Err(StoreError::Collecting);
        }
        let lease = Self::insert(database, &mut transaction, Purpose::Collect).await?;
        transaction.commit().await?;
        Ok(lease)
    }

    async fn insert(
        database: &Database,
        transaction: &mut Transaction,
        purpose: Purpose,
    ) -> Result<Self, StoreError> {
        let (id, begun, now) = (ids::random(), clock::now(), now(database).await?);
        sql!(
            execute,
            transaction,
            "INSERT INTO leases (id, purpose, began, expires) VALUES ($1, $2, $3, $4)",
            &id,
            purpose.name(),
            Millis(now),
            Millis(now + millis(purpose.lifetime())),
        )?;
        let renewed = Arc::new(AtomicU64::new(begun));
        let renewal = tokio::spawn(renew(database.clone(), id.clone(), purpose, Arc::clone(&renewed)));
        Ok(Self { id, purpose, database: database.clone(), renewed, renewal })
    }

    /// Whether nobody can have taken it for dead yet. A machine that stood still finds out here.
    pub(super) fn is_sure(&self) -> bool {
        let silent = clock::now().saturating_sub(self.renewed.load(Ordering::Relaxed));
        silent < millis(self.purpose.lifetime()) / 2
    }

    /// Fails, and with it the transaction, when the lease has run out and its blobs may have been removed.
    pub(super) async fn confirm(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let there =
            sql!(execute, transaction, "UPDATE leases SET expires = expires WHERE id = $1", &self.id)?;
        if there == 0 { Err(StoreError::LeaseLost) } else { Ok(()) }
    }

    /// Ends it.
    pub(super) async fn release(&self) -> Result<(), StoreError> {
        self.renewal.abort();
        delete(&self.database, &self.id).await
    }
}

async fn delete(database: &Database, id: &str) -> Result<(), StoreError> {
    sql!(execute, database, "DELETE FROM leases WHERE id = $1", id)?;
    Ok(())
}

/// How often others are looked at while they are waited for: nothing tells of a row in both databases.
pub(super) const LOOK: Duration = Duration::from_millis(100);

async fn renew(database: Database, id: String, purpose: Purpose, renewed: Arc<AtomicU64>) {
    loop {
        tokio::time::sleep(purpose.lifetime() / 6).await;
        let begun = clock::now();
        match renew_once(&database, &id, purpose).await {
            Ok(true) => renewed.store(begun, Ordering::Relaxed),
            Ok(false) => {
                tracing::error!(purpose = purpose.name(), "this program was taken for dead");
                return;
            }
            Err(error) => {
                tracing::warn!(%error, purpose = purpose.name(), "a lease is not renewed; once more soon");
            }
        }
    }
}

async fn renew_once(database: &Database, id: &str, purpose: Purpose) -> Result<bool, StoreError> {
    let expires = Millis(now(database).await? + millis(purpose.lifetime()));
    let there = sql!(execute, database, "UPDATE leases SET expires = $1 WHERE id = $2", expires, id)?;
    Ok(there > 0)
}

/// A transaction that no other of these runs beside.
async fn begin(database: &Database) -> Result<Transaction, StoreError> {
    let mut transaction = database.begin().await?;
    if let Transaction::Postgres(transaction) = &mut transaction {
        let lock = sqlx::query("LOCK TABLE leases IN SHARE ROW EXCLUSIVE MODE");
        within(lock.execute(&mut **transaction)).await?;
    }
    Ok(transaction)
}

async fn collects(database: &Database) -> Result<bool, StoreError> {
    let now = Millis(now(database).await?);
    let (there,): (i64,) = sql!(
        fetch_one,
        database,
        "SELECT COUNT(*) FROM leases WHERE purpose = 'collect' AND expires > $1",
        now,
    )?;
    Ok(there > 0)
}

/// Milliseconds since 1970 by the database's clock.
pub(super) async fn now(database: &Database) -> Result<u64, StoreError> {
    match database {
        // It has none of its own.
        Database::Sqlite(_) => Ok(clock::now()),
        Database::Postgres(pool) => {
            let query = sqlx::query_as("SELECT clock_timestamp()");
            let (Millis(now),) = within(query.fetch_one(pool)).await?;
            Ok(now)
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Store {
    /// The same store for work that may take days: what is put through it is not removed before it is named, as long
    /// as the program lives and does not stand still. [`Store::done`] ends that.
    pub async fn working(&self) -> Result<Self, StoreError> {
        let lease = Lease::take(&self.database, Purpose::Write).await?;
        Ok(Self { lease: Some(Arc::new(lease)), ..self.clone() })
    }

    /// Fails, and with it the transaction that names them, when blobs that were put since `begun` may have been
    /// removed: the lease has run out, or, without one, so much time has passed that they are not young any more.
    pub(super) async fn confirm(&self, transaction: &mut Transaction, begun: u64) -> Result<(), StoreError> {
        match &self.lease {
            Some(lease) => lease.confirm(transaction).await,
            None if clock::now().saturating_sub(begun) < millis(YOUNG) / 2 => Ok(()),
            None => Err(StoreError::LeaseLost),
        }
    }

    /// Ends the work: everything that was put is named, or is not going to be.
    pub async fn done(self) {
        if let Some(lease) = &self.lease
            && let Err(error) = lease.release().await
        {
            tracing::warn!(%error, "a lease stays until its time is over");
        }
    }
}
