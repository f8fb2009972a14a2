//! The SQL database: where it is, how it is opened, and its structure.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, Connection, Executor};

use super::{StoreError, migrations};

const CONNECTIONS: u32 = 8;
/// What has no meaning in a URL.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// Opens a SQLite file and brings it up to date.
pub async fn open(path: &Path) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rwc", percent_encode(path.as_os_str().as_encoded_bytes(), PLAIN));
    // Once without the pool, which would try again for half a minute and then say only that it has waited.
    let mut first = AnyConnection::connect(&url).await?;
    prepare(&mut first).await?;
    first.close().await?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .connect(&url)
        .await?;
    migrations::all().run(&pool).await?;
    Ok(pool)
}

async fn prepare(connection: &mut AnyConnection) -> sqlx::Result<()> {
    connection.execute("PRAGMA busy_timeout = 20000").await?;
    connection.execute("PRAGMA journal_mode = WAL").await?;
    connection.execute("PRAGMA foreign_keys = ON").await?;
    Ok(())
}
