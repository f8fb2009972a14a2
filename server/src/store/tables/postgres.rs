//! What PostgreSQL's columns hold. SQLite's values say it themselves; here it has to be known for each column.

use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::query_builder::Separated;
use sqlx::{AssertSqlSafe, Postgres, Row};

use super::{Cells, Kinds, Table, Value};
use crate::store::StoreError;
use crate::store::database::{Database, Dialect, Millis, Transaction, within};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Big,
    Int,
    Small,
    Bool,
    Real,
    Bytes,
    Time,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "bigint" => Self::Big,
            "integer" => Self::Int,
            "smallint" => Self::Small,
            "boolean" => Self::Bool,
            "double precision" => Self::Real,
            "bytea" => Self::Bytes,
            "timestamp with time zone" => Self::Time,
            _ => return None,
        })
    }
}

/// The kind of every column; none for SQLite.
pub async fn kinds(database: &Database, tables: &[Table]) -> Result<Kinds, StoreError> {
    let Database::Postgres(pool) = database else { return Ok(Kinds::new()) };
    let columns: Vec<(String, String, String)> = within(
        sqlx::query_as(
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = current_schema()",
        )
        .fetch_all(pool),
    )
    .await?;
    let types: HashMap<(&str, &str), &str> = columns
        .iter()
        .map(|(table, column, kind)| ((table.as_str(), column.as_str()), kind.as_str()))
        .collect();
    let kind = |table: &Table, column: &String| {
        let name = types.get(&(table.name.as_str(), column.as_str())).copied().unwrap_or("none");
        Kind::named(name).ok_or_else(|| StoreError::Column(format!("{}.{column}: {name}", table.name)))
    };
    let of_table = |table: &Table| {
        let kinds = table.columns.iter().map(|column| kind(table, column)).collect::<Result<_, _>>()?;
        Ok((table.name.clone(), kinds))
    };
    tables.iter().map(of_table).collect()
}

pub fn from_postgres(row: &PgRow, kinds: &[Kind]) -> sqlx::Result<Cells> {
    let value = |(at, kind): (usize, &Kind)| {
        let int = |value: Option<i64>| value.map(Value::Int);
        Ok(match kind {
            Kind::Text => row.try_get::<Option<String>, _>(at)?.map(Value::Text),
            Kind::Big => int(row.try_get(at)?),
            Kind::Int => int(row.try_get::<Option<i32>, _>(at)?.map(i64::from)),
            Kind::Small => int(row.try_get::<Option<i16>, _>(at)?.map(i64::from)),
            Kind::Bool => int(row.try_get::<Option<bool>, _>(at)?.map(i64::from)),
            Kind::Real => row.try_get::<Option<f64>, _>(at)?.map(Value::Real),
            Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(at)?.map(Value::Bytes),
            Kind::Time => int(row.try_get::<Option<Millis>, _>(at)?.map(|Millis(at)| at.cast_signed())),
        }
        .unwrap_or(Value::Null))
    };
    kinds.iter().enumerate().map(value).collect()
}

/// A value that is not of the column's kind is bound as it is, and PostgreSQL refuses it.
pub fn bind(tuple: &mut Separated<'_, Postgres, &'static str>, value: Value, kind: Kind) {
    match (kind, value) {
        (Kind::Int, Value::Int(value)) => tuple.push_bind(i32::try_from(value).ok()),
        (Kind::Small, Value::Int(value)) => tuple.push_bind(i16::try_from(value).ok()),
        (Kind::Bool, Value::Int(value)) => tuple.push_bind(value != 0),
        (Kind::Time, Value::Int(value)) => tuple.push_bind(Millis(value.cast_unsigned())),
        (Kind::Real, Value::Int(value)) => tuple.push_bind(value as f64),
        (_, Value::Int(value)) => tuple.push_bind(value),
        (_, Value::Real(value)) => tuple.push_bind(value),
        (_, Value::Text(value)) => tuple.push_bind(value),
        (_, Value::Bytes(value)) => tuple.push_bind(value),
        (Kind::Text, Value::Null) => tuple.push_bind(None::<String>),
        (Kind::Big, Value::Null) => tuple.push_bind(None::<i64>),
        (Kind::Int, Value::Null) => tuple.push_bind(None::<i32>),
        (Kind::Small, Value::Null) => tuple.push_bind(None::<i16>),
        (Kind::Bool, Value::Null) => tuple.push_bind(None::<bool>),
        (Kind::Real, Value::Null) => tuple.push_bind(None::<f64>),
        (Kind::Bytes, Value::Null) => tuple.push_bind(None::<Vec<u8>>),
        (Kind::Time, Value::Null) => tuple.push_bind(None::<Millis>),
    };
}

/// Numbers that the database counts up by itself go on after those that have been put in.
pub async fn continue_numbers(transaction: &mut Transaction, table: &Table) -> Result<(), StoreError> {
    // SQLite goes by the largest that is there.
    let Dialect::Postgres(transaction) = transaction else { return Ok(()) };
    let counted: Vec<(String,)> = within(
        sqlx::query_as(
            "SELECT column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 \
             AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL",
        )
        .bind(&table.name)
        .fetch_all(&mut **transaction),
    )
    .await?;
    for (column,) in counted {
        let text = format!(
            "SELECT setval(pg_get_serial_sequence('\"{0}\"', '{column}'), COALESCE(MAX(\"{column}\"), 0) + 1, false) \
             FROM \"{0}\"",
            table.name
        );
        within(sqlx::query(AssertSqlSafe(text)).execute(&mut **transaction)).await?;
    }
    Ok(())
}
