//! Which tables and columns this version's databases have, asked of a new one: a table that somebody adds is copied
//! without being listed anywhere.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::store::StoreError;
use crate::store::database::migrations;

/// What belongs to running programs, or to the database itself, and is not copied.
const LEFT_OUT: [&str; 3] = ["_sqlx_migrations", "leases", "blob_claims"];

#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// Columns of the primary key, in its order.
    pub key: Vec<String>,
    /// How many rows a new database has.
    pub rows: i64,
}

impl Table {
    /// Its columns, as they are written in a statement.
    pub fn list(&self) -> String {
        quoted(&self.columns)
    }
}

pub fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// All tables; one that refers to others comes after them.
pub async fn tables() -> Result<Vec<Table>, StoreError> {
    let options = SqliteConnectOptions::new().in_memory(true);
    let mut new = SqliteConnection::connect_with(&options).await?;
    migrations::sqlite().run_direct(None, &mut new, false).await?;
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .fetch_all(&mut new)
    .await?;
    let mut waiting = Vec::new();
    for name in names.into_iter().filter(|name| !LEFT_OUT.contains(&name.as_str())) {
        let columns: Vec<(String, i64)> =
            sqlx::query_as("SELECT name, pk FROM pragma_table_info($1) ORDER BY cid")
                .bind(&name)
                .fetch_all(&mut new)
                .await?;
        let mut key: Vec<&(String, i64)> = columns.iter().filter(|(_, pk)| *pk > 0).collect();
        key.sort_by_key(|(_, pk)| *pk);
        let key = key.into_iter().map(|(name, _)| name.clone()).collect();
        let referred: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list($1)")
            .bind(&name)
            .fetch_all(&mut new)
            .await?;
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{name}\""));
        let rows = sqlx::query_scalar(count).fetch_one(&mut new).await?;
        let columns = columns.into_iter().map(|(name, _)| name).collect();
        waiting.push((Table { name, columns, key, rows }, referred));
    }
    new.close().await?;
    Ok(in_order(waiting))
}

fn in_order(mut waiting: Vec<(Table, Vec<String>)>) -> Vec<Table> {
    let mut done: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|(table, referred)| {
            let there = |name: &String| *name == table.name || done.iter().any(|done| done.name == *name);
            referred.iter().all(there)
        });
        // Of a circle any one is the first, and its rows are refused where that matters.
        done.push(waiting.remove(free.unwrap_or(0)).0);
    }
    done
}
