//! The steps by which the database came to its structure. One that was released is never changed: the next is added.
//!
//! Listed by hand instead of by the library's macro, which compiles SQLite a second time, for the compiler.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Number, description and SQL of each file in `migrations`.
const STEPS: [(i64, &str, &str); 5] = [
    (1, "cases and volumes", include_str!("../../migrations/0001_cases_and_volumes.sql")),
    (2, "layers and sessions", include_str!("../../migrations/0002_layers_and_sessions.sql")),
    (3, "ocr", include_str!("../../migrations/0003_ocr.sql")),
    (4, "manifests", include_str!("../../migrations/0004_manifests.sql")),
    (6, "documents", include_str!("../../migrations/0006_documents.sql")),
];

pub fn all() -> Migrator {
    let steps = STEPS.map(|(number, description, sql)| {
        Migration::new(number, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_file_is_a_step() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files: BTreeMap<String, String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
            })
            .collect();
        let steps = STEPS.map(|(number, description, sql)| {
            (format!("{number:04}_{}.sql", description.replace(' ', "_")), sql.to_owned())
        });
        assert_eq!(files, BTreeMap::from(steps));
    }
}
