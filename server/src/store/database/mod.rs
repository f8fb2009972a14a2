//! The SQL database: a SQLite file or a PostgreSQL server. One text of a query serves both where it can; where it
//! cannot, the two stand next to each other in the file of their tables.

mod address;
pub(super) mod migrations;
mod millis;
mod open;

use std::time::Duration;

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool};

pub use self::address::DatabaseUrl;
pub(super) use self::millis::Millis;
pub(super) use self::open::open;
use super::StoreError;

/// What a statement may take. Longer than SQLite waits for another writer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The same thing of one or the other.
#[derive(Clone, Debug)]
pub enum Dialect<S, P> {
    Sqlite(S),
    Postgres(P),
}

pub(super) type Database = Dialect<SqlitePool, PgPool>;
pub(super) type Transaction =
    Dialect<sqlx::Transaction<'static, Sqlite>, sqlx::Transaction<'static, Postgres>>;

impl Database {
    pub(super) fn executor(&self) -> Dialect<&SqlitePool, &PgPool> {
        match self {
            Self::Sqlite(pool) => Dialect::Sqlite(pool),
            Self::Postgres(pool) => Dialect::Postgres(pool),
        }
    }

    /// Begins a transaction that writes: in SQLite the only one, from here on. One that read first and then wanted
    /// to write would fail when somebody has written in between.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Dialect::Sqlite(within(pool.begin_with("BEGIN IMMEDIATE")).await?),
            Self::Postgres(pool) => Dialect::Postgres(begin(pool, "BEGIN").await?),
        })
    }
}

/// Begins in a task of its own: whoever waits for it may go away, as a reader does who closes the window. The library
/// would then give the connection back with the transaction open, and what the next one has written without beginning
/// one would never be durable.
pub(super) async fn begin(
    pool: &PgPool,
    statement: &'static str,
) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(statement).await });
    within(async { begun.await.unwrap_or_else(|error| Err(sqlx::Error::Io(std::io::Error::other(error)))) })
        .await
}

impl Transaction {
    pub(super) fn executor(&mut self) -> Dialect<&mut SqliteConnection, &mut PgConnection> {
        match self {
            Self::Sqlite(transaction) => Dialect::Sqlite(transaction),
            Self::Postgres(transaction) => Dialect::Postgres(transaction),
        }
    }

    /// Only then is it durable; what is dropped instead has not happened.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => within(transaction.commit()).await,
            Self::Postgres(transaction) => within(transaction.commit()).await,
        }
    }
}

/// A database that does not answer is one that has failed: nobody waits for it for ever.
pub(super) async fn within<T, E>(statement: impl Future<Output = Result<T, E>>) -> Result<T, StoreError>
where
    StoreError: From<E>,
{
    match tokio::time::timeout(PATIENCE, statement).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(StoreError::Slow),
    }
}

/// Runs a text that both databases understand on whichever it is: `sql!(HOW, ON, TEXT, PARAMETERS…)`.
///
/// `execute` says how many rows it was; `fetch_all`, `fetch_one`, `fetch_optional` and `fetch` (a stream, without the
/// limit of time) give rows as tuples.
macro_rules! sql {
    (execute, $on:expr, $text:expr $(, $value:expr)* $(,)?) => {
        match $on.executor() {
            $crate::store::database::Dialect::Sqlite(on) => {
                $crate::store::database::within(sqlx::query($text)$(.bind($value))*.execute(on))
                    .await
                    .map(|done| done.rows_affected())
            }
            $crate::store::database::Dialect::Postgres(on) => {
                $crate::store::database::within(sqlx::query($text)$(.bind($value))*.execute(on))
                    .await
                    .map(|done| done.rows_affected())
            }
        }
    };
    (fetch, $on:expr, $text:expr $(, $value:expr)* $(,)?) => {
        match $on.executor() {
            $crate::store::database::Dialect::Sqlite(on) => sqlx::query_as($text)$(.bind($value))*.fetch(on),
            $crate::store::database::Dialect::Postgres(on) => sqlx::query_as($text)$(.bind($value))*.fetch(on),
        }
    };
    ($fetch:ident, $on:expr, $text:expr $(, $value:expr)* $(,)?) => {
        match $on.executor() {
            $crate::store::database::Dialect::Sqlite(on) => {
                $crate::store::database::within(sqlx::query_as($text)$(.bind($value))*.$fetch(on)).await
            }
            $crate::store::database::Dialect::Postgres(on) => {
                $crate::store::database::within(sqlx::query_as($text)$(.bind($value))*.$fetch(on)).await
            }
        }
    };
}
pub(super) use sql;
