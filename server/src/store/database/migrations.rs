//! The steps by which each database came to its structure. One that was released is never changed: the next is added,
//! to both, under the same number.
//!
//! Listed by hand instead of by the library's macro, which compiles SQLite a second time, for the compiler.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Number, description and SQL of a file in one of the folders in `migrations`.
type Step = (i64, &'static str, &'static str);

macro_rules! step {
    ($number:literal, $description:literal, $file:literal) => {
        ($number, $description, include_str!(concat!("../../../migrations/", $file)))
    };
}

const SQLITE: [Step; 8] = [
    step!(1, "cases and volumes", "sqlite/0001_cases_and_volumes.sql"),
    step!(2, "layers and sessions", "sqlite/0002_layers_and_sessions.sql"),
    step!(3, "ocr", "sqlite/0003_ocr.sql"),
    step!(4, "manifests", "sqlite/0004_manifests.sql"),
    step!(6, "documents", "sqlite/0006_documents.sql"),
    step!(7, "life of blobs", "sqlite/0007_life_of_blobs.sql"),
    step!(8, "installation", "sqlite/0008_installation.sql"),
    step!(10, "people", "sqlite/0010_people.sql"),
];

const POSTGRES: [Step; 4] = [
    step!(6, "start", "postgres/0006_start.sql"),
    step!(7, "life of blobs", "postgres/0007_life_of_blobs.sql"),
    step!(8, "installation", "postgres/0008_installation.sql"),
    step!(10, "people", "postgres/0010_people.sql"),
];

pub fn sqlite() -> Migrator {
    migrator(&SQLITE)
}

pub fn postgres() -> Migrator {
    migrator(&POSTGRES)
}

fn migrator(steps: &[Step]) -> Migrator {
    let steps = steps.iter().map(|&(number, description, sql)| {
        Migration::new(number, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_file_is_a_step() {
        for (folder, steps) in [("sqlite", &SQLITE[..]), ("postgres", &POSTGRES[..])] {
            let folder = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
            let files: BTreeMap<String, String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap())
                .map(|entry| {
                    let text = std::fs::read_to_string(entry.path()).unwrap();
                    (entry.file_name().into_string().unwrap(), text)
                })
                .collect();
            let steps = steps.iter().map(|(number, description, sql)| {
                (format!("{number:04}_{}.sql", description.replace(' ', "_")), (*sql).to_owned())
            });
            assert_eq!(files, steps.collect());
        }
    }

    #[test]
    fn both_are_at_the_same_step() {
        assert_eq!(SQLITE.map(|step| step.0).last(), POSTGRES.map(|step| step.0).last());
    }
}
