//! Everything that a database holds, table by table and row by row, in a form that is the same for both dialects:
//! for copies, and to compare them.

mod catalog;
mod postgres;

use std::collections::HashMap;

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Executor, Postgres, QueryBuilder, Row, Sqlite, TypeInfo, ValueRef};

pub(super) use self::catalog::{Table, tables};
use self::postgres::{Kind, continue_numbers, from_postgres, kinds};
use super::StoreError;
use super::database::{self, Database, Dialect, Transaction, within};

/// Rows of one statement, and about how many bytes of them.
const ROWS: usize = 200;
const BYTES: usize = 4 << 20;

/// A value as both dialects have it; a moment is milliseconds.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => size_of::<Self>(),
        }
    }

    fn hash(&self, hash: &mut Sha256) {
        let mut bytes = |kind: u8, bytes: &[u8]| {
            hash.update([kind]);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        match self {
            Self::Null => bytes(0, &[]),
            Self::Int(value) => bytes(1, &value.to_le_bytes()),
            Self::Real(value) => bytes(2, &value.to_le_bytes()),
            Self::Text(value) => bytes(3, value.as_bytes()),
            Self::Bytes(value) => bytes(4, value),
        }
    }
}

type Cells = Vec<Value>;

/// What a table holds, to be compared with another database's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct TableContents {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 of them all, in the order of the primary key.
    pub sha256: String,
}

/// A database as it is at one moment, however long the reading takes.
pub(super) struct Reading {
    transaction: Transaction,
    kinds: Kinds,
}

/// By table, for each column; empty for SQLite.
type Kinds = HashMap<String, Vec<Kind>>;

impl Reading {
    pub(super) async fn begin(database: &Database, tables: &[Table]) -> Result<Self, StoreError> {
        let kinds = kinds(database, tables).await?;
        let transaction = match database {
            Database::Sqlite(pool) => Dialect::Sqlite(within(pool.begin()).await?),
            Database::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Dialect::Postgres(without_limits(database::begin(pool, begin).await?).await?)
            }
        };
        Ok(Self { transaction, kinds })
    }

    fn rows<'a>(&'a mut self, table: &'a Table) -> BoxStream<'a, Result<Cells, StoreError>> {
        let kinds = self.kinds.get(&table.name);
        let order = |name: &String| {
            let at = table.columns.iter().position(|column| column == name);
            let text = at.and_then(|at| kinds?.get(at)) == Some(&Kind::Text);
            // By bytes, as in SQLite.
            format!("\"{name}\"{}", if text { " COLLATE \"C\"" } else { "" })
        };
        let order: Vec<String> = table.key.iter().map(order).collect();
        let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
        let text = AssertSqlSafe(format!("SELECT {} FROM \"{}\"{order}", table.list(), table.name));
        match &mut self.transaction {
            Dialect::Sqlite(transaction) => {
                let rows = sqlx::query(text).fetch(&mut **transaction);
                rows.map(|row| Ok(from_sqlite(&row?)?)).boxed()
            }
            Dialect::Postgres(transaction) => {
                let kinds = kinds.cloned().unwrap_or_default();
                let rows = sqlx::query(text).fetch(&mut **transaction);
                rows.map(move |row| Ok(from_postgres(&row?, &kinds)?)).boxed()
            }
        }
    }

    /// What each table holds.
    pub(super) async fn contents(&mut self, tables: &[Table]) -> Result<Vec<TableContents>, StoreError> {
        let mut all = Vec::new();
        for table in tables {
            let (mut rows, mut hash) = (0, Sha256::new());
            let mut stream = self.rows(table);
            while let Some(row) = stream.try_next().await? {
                rows += 1;
                row.iter().for_each(|value| value.hash(&mut hash));
            }
            all.push(TableContents { table: table.name.clone(), rows, sha256: hex::encode(hash.finalize()) });
        }
        Ok(all)
    }
}

/// Puts everything that is read into a new database, in one transaction.
pub(super) async fn fill(
    mut from: Reading,
    to: &Database,
    tables: &[Table],
) -> Result<Vec<TableContents>, StoreError> {
    let kinds = kinds(to, tables).await?;
    let mut transaction = match to.begin().await? {
        Dialect::Postgres(transaction) => Dialect::Postgres(without_limits(transaction).await?),
        sqlite => sqlite,
    };
    if !has_nothing(&mut transaction, tables).await? {
        return Err(StoreError::Occupied);
    }
    for table in tables.iter().rev() {
        execute(&mut transaction, format!("DELETE FROM \"{}\"", table.name)).await?;
    }
    for table in tables {
        let mut rows = from.rows(table);
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.try_next().await? {
            bytes += row.iter().map(Value::bytes).sum::<usize>();
            batch.push(row);
            if batch.len() >= ROWS || bytes >= BYTES {
                insert(&mut transaction, table, &kinds, std::mem::take(&mut batch)).await?;
                bytes = 0;
            }
        }
        drop(rows);
        insert(&mut transaction, table, &kinds, batch).await?;
        continue_numbers(&mut transaction, table).await?;
    }
    // What has arrived is read back before it counts.
    let mut written = Reading { transaction, kinds };
    let (read, there) = (from.contents(tables).await?, written.contents(tables).await?);
    if read != there {
        return Err(StoreError::CopyDiffers);
    }
    written.transaction.commit().await?;
    Ok(there)
}

/// Whether a database has only what a new one has.
pub(super) async fn is_new(database: &Database, tables: &[Table]) -> Result<bool, StoreError> {
    has_nothing(&mut database.begin().await?, tables).await
}

async fn has_nothing(transaction: &mut Transaction, tables: &[Table]) -> Result<bool, StoreError> {
    for table in tables {
        let text = AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{}\"", table.name));
        let (rows,): (i64,) = match transaction.executor() {
            Dialect::Sqlite(on) => within(sqlx::query_as(text).fetch_one(on)).await?,
            Dialect::Postgres(on) => within(sqlx::query_as(text).fetch_one(on)).await?,
        };
        if rows != table.rows {
            return Ok(false);
        }
    }
    Ok(true)
}

/// All of a table may take longer than ordinary work may.
async fn without_limits(
    mut transaction: sqlx::Transaction<'static, Postgres>,
) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
    for limit in ["statement_timeout", "idle_in_transaction_session_timeout"] {
        within(transaction.execute(AssertSqlSafe(format!("SET LOCAL {limit} = 0")))).await?;
    }
    Ok(transaction)
}

async fn execute(transaction: &mut Transaction, text: String) -> Result<(), StoreError> {
    let text = AssertSqlSafe(text);
    match transaction {
        Dialect::Sqlite(transaction) => within(transaction.execute(text)).await.map(|_| ()),
        Dialect::Postgres(transaction) => within(transaction.execute(text)).await.map(|_| ()),
    }
}

async fn insert(
    transaction: &mut Transaction,
    table: &Table,
    kinds: &Kinds,
    rows: Vec<Cells>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let into = format!("INSERT INTO \"{}\" ({}) ", table.name, table.list());
    match transaction {
        Dialect::Sqlite(transaction) => {
            let mut query = QueryBuilder::<Sqlite>::new(into);
            query.push_values(rows, |mut tuple, row| {
                for value in row {
                    match value {
                        Value::Null => tuple.push_bind(None::<i64>),
                        Value::Int(value) => tuple.push_bind(value),
                        Value::Real(value) => tuple.push_bind(value),
                        Value::Text(value) => tuple.push_bind(value),
                        Value::Bytes(value) => tuple.push_bind(value),
                    };
                }
            });
            within(query.build().execute(&mut **transaction)).await.map(|_| ())
        }
        Dialect::Postgres(transaction) => {
            let kinds = kinds.get(&table.name).map(Vec::as_slice).unwrap_or_default();
            let mut query = QueryBuilder::<Postgres>::new(into);
            query.push("OVERRIDING SYSTEM VALUE ");
            query.push_values(rows, |mut tuple, row| {
                for (value, kind) in row.into_iter().zip(kinds) {
                    postgres::bind(&mut tuple, value, *kind);
                }
            });
            within(query.build().execute(&mut **transaction)).await.map(|_| ())
        }
    }
}

fn from_sqlite(row: &SqliteRow) -> sqlx::Result<Cells> {
    let value = |at| {
        let raw = row.try_get_raw(at)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        let kind = raw.type_info().name().to_owned();
        Ok(match kind.as_str() {
            "TEXT" => Value::Text(row.try_get_unchecked(at)?),
            "REAL" => Value::Real(row.try_get_unchecked(at)?),
            "BLOB" => Value::Bytes(row.try_get_unchecked(at)?),
            _ => Value::Int(row.try_get_unchecked(at)?),
        })
    };
    (0..row.len()).map(value).collect()
}
