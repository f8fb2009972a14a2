//! Whose turn it is to read scans: of all programs on one database, one at a time.
//!
//! This saves work and protects nothing: two who read the same pages find the same, and what they keep is kept once.

use std::fs::File;

use sqlx::{ConnectOptions, Executor, PgConnection};

use super::database::{Database, Dialect, within};
use super::{Store, StoreError};

/// Names the advisory lock in PostgreSQL.
const KEY: i64 = i64::from_be_bytes(*b"evol.ocr");

/// Holds everybody else off, until it is dropped: a file that is locked beside SQLite, a connection that holds an
/// advisory lock at PostgreSQL. The system or the server ends it for a program that is killed.
#[derive(Debug)]
pub struct Turn {
    _held: Dialect<File, PgConnection>,
}

impl Turn {
    /// `None` when it is somebody else's.
    pub async fn try_take(store: &Store) -> Result<Option<Self>, StoreError> {
        let _held = match &store.database {
            Database::Sqlite(_) => {
                let file = file(store)?;
                match file.try_lock() {
                    Ok(()) => Dialect::Sqlite(file),
                    Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
                    Err(std::fs::TryLockError::Error(error)) => return Err(error.into()),
                }
            }
            Database::Postgres(pool) => {
                let mut connection = within(pool.connect_options().connect()).await?;
                let query = sqlx::query_as("SELECT pg_try_advisory_lock($1)").bind(KEY);
                let (free,): (bool,) = within(query.fetch_one(&mut connection)).await?;
                if !free {
                    return Ok(None);
                }
                Dialect::Postgres(connection)
            }
        };
        Ok(Some(Self { _held }))
    }

    /// Waits for it.
    pub async fn take(store: &Store) -> Result<Self, StoreError> {
        let _held = match &store.database {
            Database::Sqlite(_) => {
                let file = file(store)?;
                let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file));
                Dialect::Sqlite(locked.await.map_err(std::io::Error::other)??)
            }
            Database::Postgres(pool) => {
                let mut connection = within(pool.connect_options().connect()).await?;
                // It may be hours until the other one is done.
                within(connection.execute("SET statement_timeout = 0")).await?;
                sqlx::query("SELECT pg_advisory_lock($1)").bind(KEY).execute(&mut connection).await?;
                Dialect::Postgres(connection)
            }
        };
        Ok(Self { _held })
    }
}

fn file(store: &Store) -> std::io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(store.scratch().join("ocr.lock"))
}
