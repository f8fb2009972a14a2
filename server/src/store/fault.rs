//! What is the matter with a store that does not work, for whoever runs it.

use std::io::ErrorKind;

use sqlx::migrate::MigrateError;

use super::StoreError;

/// What can be done about it is different for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no folder, or may not be read or written.
    Forbidden,
    /// The disk is full.
    Full,
    /// A newer version has written it.
    Newer,
    /// The database is damaged.
    Corrupt,
    /// Another program has it.
    Locked,
    /// Something else.
    Other,
}

impl StoreError {
    /// What lies behind it.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Io(error) => disk(error.kind()),
            Self::Database(error) => database(error),
            Self::Migration(error) => match error {
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => database(error),
                MigrateError::VersionMissing(_) => Fault::Newer,
                _ => Fault::Other,
            },
            _ => Fault::Other,
        }
    }
}

fn disk(kind: ErrorKind) -> Fault {
    match kind {
        ErrorKind::PermissionDenied
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::NotADirectory
        | ErrorKind::NotFound
        | ErrorKind::AlreadyExists => Fault::Forbidden,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Fault::Full,
        _ => Fault::Other,
    }
}

/// By SQLite's result codes: <https://www.sqlite.org/rescode.html>.
fn database(error: &sqlx::Error) -> Fault {
    let sqlx::Error::Database(error) = error else { return Fault::Other };
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    // The lower byte is the code, the rest says more about it.
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => Fault::Locked,
        Some(3 | 8 | 14) => Fault::Forbidden,
        Some(11 | 26) => Fault::Corrupt,
        Some(13) => Fault::Full,
        _ => Fault::Other,
    }
}
