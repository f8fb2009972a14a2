//! Opens a database and brings its structure up to date, one program after the other.

use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use super::address::Place;
use super::{Database, Dialect, StoreError, migrations, within};

const CONNECTIONS: u32 = 8;
/// What SQLite waits for another writer.
const BUSY: Duration = Duration::from_secs(20);
/// What is waited for a connection: a server that restarts is back by then.
const ACQUIRE: Duration = Duration::from_secs(10);
/// For every session at PostgreSQL. A program that hangs, or whose machine has gone, holds nobody up for long.
const SESSION: [(&str, &str); 5] = [
    ("statement_timeout", "30s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
];

pub async fn open(place: Place) -> Result<Database, StoreError> {
    match place {
        Place::Sqlite(path) => sqlite(&path).await,
        Place::Postgres(options) => postgres(*options).await,
    }
}

// Both connect once without the pool, which would try again for a while and then say only that it has waited.

/// SQLite's steps are one transaction, which no other program writes beside.
async fn sqlite(path: &Path) -> Result<Database, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true);
    let mut first = SqliteConnection::connect_with(&options).await?;
    let mut steps = first.begin_with("BEGIN IMMEDIATE").await?;
    migrations::sqlite().run_direct(None, &mut *steps, false).await?;
    steps.commit().await?;
    first.close().await?;
    let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
    // Where the disk is full SQLite ends a transaction by itself, which the library does not notice: such a connection
    // would begin no other one for ever.
    let pool = pool.before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }));
    Ok(Dialect::Sqlite(pool.connect_with(options).await?))
}

/// PostgreSQL's steps run under an advisory lock, which the library takes; a connection that breaks gives it back.
async fn postgres(options: PgConnectOptions) -> Result<Database, StoreError> {
    let options = options.application_name("evolume").options(SESSION);
    let mut first = within(PgConnection::connect_with(&options)).await?;
    let (encoding,): (String,) = within(sqlx::query_as("SHOW server_encoding").fetch_one(&mut first)).await?;
    if encoding != "UTF8" {
        return Err(StoreError::Encoding(encoding));
    }
    // A step may take long, and so may another server's, for which this one waits.
    within(first.execute("SET statement_timeout = 0")).await?;
    migrations::postgres().run_direct(None, &mut first, false).await?;
    within(first.close()).await?;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE);
    Ok(Dialect::Postgres(within(pool.connect_with(options)).await?))
}
