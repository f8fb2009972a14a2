//! What a store is like before it is opened for work: nothing is made here, and nothing brought up to date.

use std::path::Path;
use std::time::{Duration, SystemTime};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::blobs::CacheOptions;
use super::database::{DatabaseUrl, Dialect, migrations, sql};
use super::{Blobs, BlobsUrl, Store, StoreError};
use crate::ids;

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database that answers.
#[derive(Clone, Debug)]
pub struct DatabaseLook {
    /// Which one, with its version.
    pub engine: String,
    /// The last step of its structure; none when it is empty.
    pub structure: Option<i64>,
    /// The last step that this program knows.
    pub newest: i64,
    /// It takes nothing new, as one that follows another does.
    pub read_only: bool,
    /// Its clock, when it is another one than ours.
    pub clock: Option<SystemTime>,
}

/// Looks at the database; `None` where one would be made.
pub async fn database(folder: &Path, url: Option<&DatabaseUrl>) -> Result<Option<DatabaseLook>, StoreError> {
    let place = match url {
        Some(url) => url.place()?,
        None => Dialect::Sqlite(std::path::absolute(folder)?.join("evolume.sqlite")),
    };
    let look = async {
        match place {
            Dialect::Sqlite(path) => sqlite(&path).await,
            Dialect::Postgres(options) => postgres(&options).await.map(Some),
        }
    };
    tokio::time::timeout(PATIENCE, look).await.map_err(|_| StoreError::Slow)?
}

async fn sqlite(path: &Path) -> Result<Option<DatabaseLook>, StoreError> {
    if !tokio::fs::try_exists(path).await? {
        return Ok(None);
    }
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(&mut connection).await?;
    let (made,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut connection)
            .await?;
    let structure = match made {
        0 => None,
        _ => sqlx::query_as::<_, (Option<i64>,)>(STRUCTURE).fetch_one(&mut connection).await?.0,
    };
    // Whether it can be written.
    let writes = connection.begin_with("BEGIN IMMEDIATE").await?;
    writes.rollback().await?;
    connection.close().await?;
    let newest = newest(&migrations::sqlite(), structure)?;
    let engine = format!("SQLite {version}");
    Ok(Some(DatabaseLook { engine, structure, newest, read_only: false, clock: None }))
}

async fn postgres(options: &sqlx::postgres::PgConnectOptions) -> Result<DatabaseLook, StoreError> {
    let mut connection = PgConnection::connect_with(options).await?;
    let (version, encoding, read_only): (String, String, String) = sqlx::query_as(
        "SELECT current_setting('server_version'), current_setting('server_encoding'), \
         current_setting('transaction_read_only')",
    )
    .fetch_one(&mut connection)
    .await?;
    if encoding != "UTF8" {
        return Err(StoreError::Encoding(encoding));
    }
    let (seconds,): (f64,) = sqlx::query_as("SELECT extract(epoch FROM clock_timestamp())::float8")
        .fetch_one(&mut connection)
        .await?;
    let (made,): (bool,) = sqlx::query_as("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut connection)
        .await?;
    let structure = match made {
        false => None,
        true => sqlx::query_as::<_, (Option<i64>,)>(STRUCTURE).fetch_one(&mut connection).await?.0,
    };
    connection.close().await?;
    let clock = SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).unwrap_or_default());
    let (newest, read_only) = (newest(&migrations::postgres(), structure)?, read_only == "on");
    Ok(DatabaseLook { engine: format!("PostgreSQL {version}"), structure, newest, read_only, clock })
}

/// Whether a blob can be put into a bucket, read and removed again; a random one.
pub async fn bucket(url: &BlobsUrl) -> Result<(), StoreError> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().to_owned();
    let cache = CacheOptions { folder: folder.join("cache"), bytes: 1 << 20, scratch: folder };
    let look = async {
        let blobs = Blobs::open(url, &cache).await?;
        let blob = blobs.put(ids::random().into_bytes()).await?;
        blobs.check(&blob).await?;
        blobs.remove(&blob.sha256).await
    };
    tokio::time::timeout(PATIENCE, look).await.map_err(|_| StoreError::Slow)?
}

const STRUCTURE: &str = "SELECT max(version) FROM _sqlx_migrations WHERE success";

/// The last step that this program knows; none must be beyond it.
fn newest(known: &Migrator, structure: Option<i64>) -> Result<i64, StoreError> {
    let newest = known.iter().map(|step| step.version).max().unwrap_or(0);
    match structure {
        Some(version) if version > newest => Err(MigrateError::VersionMissing(version).into()),
        _ => Ok(newest),
    }
}

impl Store {
    /// Whether the database answers in the time it is given.
    pub async fn database_answers(&self, patience: Duration) -> Result<(), StoreError> {
        // Of a table: SQLite would say how much one and one is without its file.
        let asked = async { sql!(fetch_optional, self.database, "SELECT 1 FROM cases LIMIT 1") };
        let _: Option<(i32,)> =
            tokio::time::timeout(patience, asked).await.map_err(|_| StoreError::Slow)??;
        Ok(())
    }

    /// Whether the blob store answers in the time it is given.
    pub async fn blobs_answer(&self, patience: Duration) -> Result<(), StoreError> {
        tokio::time::timeout(patience, self.blobs.answer()).await.map_err(|_| StoreError::Slow)?
    }
}
