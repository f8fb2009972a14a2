//! What is the matter with a store that does not work, for whoever runs it.

use std::io::{self, ErrorKind};

use object_store::client::HttpError;

use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

use super::StoreError;
use super::blobs::causes;

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
    /// The database server is not there, does not answer in time, or has no connection left.
    Unreachable,
    /// The database server does not let this program in, or not into this database.
    Denied,
    /// The database server takes nothing new, as one that follows another does.
    ReadOnly,
    /// No address of a database.
    Address,
    /// No place for blobs.
    BlobsAddress,
    /// The blob store is not there, does not answer in time, or says that it cannot now.
    BlobsUnreachable,
    /// The blob store does not let this program in, or not do this.
    BlobsDenied,
    /// There are no credentials for the blob store, or they cannot be read.
    Credentials,
    /// There is no such bucket.
    NoBucket,
    /// The database cannot hold every character.
    Encoding,
    /// Something else.
    Other,
}

impl StoreError {
    /// What lies behind it.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Io(error) => disk(error.kind()),
            Self::Slow => Fault::Unreachable,
            Self::Address => Fault::Address,
            Self::Encoding(_) => Fault::Encoding,
            Self::Blobs(error) => blobs(error),
            Self::Incomplete => Fault::BlobsUnreachable,
            Self::BlobsAddress => Fault::BlobsAddress,
            Self::Credentials => Fault::Credentials,
            Self::NoBucket => Fault::NoBucket,
            Self::Shared(error) => error.fault(),
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

/// A folder's errors have one of the system's behind them, a bucket's one of HTTP.
fn blobs(error: &object_store::Error) -> Fault {
    use object_store::Error;
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<StoreError>()) {
        return error.fault();
    }
    let http = causes(error).any(|cause| cause.is::<HttpError>());
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()).filter(|_| !http) {
        return disk(error.kind());
    }
    match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => Fault::BlobsDenied,
        Error::Generic { .. } => match status(&error.to_string()) {
            Some("401" | "403") => Fault::BlobsDenied,
            Some("507") => Fault::Full,
            _ => Fault::BlobsUnreachable,
        },
        _ => Fault::Other,
    }
}

/// The library has a kind for some statuses, and not for every request; else it tells a status by its text only.
fn status(text: &str) -> Option<&str> {
    text.split_once("status code: ")?.1.get(..3)
}

fn database(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            let postgres = error.try_downcast_ref::<PgDatabaseError>().is_some();
            if postgres { postgres_code(&code) } else { sqlite_code(&code) }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Fault::Unreachable,
        _ => Fault::Other,
    }
}

/// <https://www.sqlite.org/rescode.html>.
fn sqlite_code(code: &str) -> Fault {
    // The lower byte is the code, the rest says more about it.
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => Fault::Locked,
        Ok(3 | 8 | 14) => Fault::Forbidden,
        Ok(11 | 26) => Fault::Corrupt,
        Ok(13) => Fault::Full,
        _ => Fault::Other,
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>: two characters are the class.
fn postgres_code(code: &str) -> Fault {
    match code {
        // Ended by the server, by its limit of time or of connections, or by others who want the same.
        "57014" | "57P01" | "57P02" | "57P03" | "53300" | "55P03" | "40001" | "40P01" | "25P03" => {
            Fault::Unreachable
        }
        "25006" => Fault::ReadOnly,
        "3D000" | "42501" => Fault::Denied,
        "53100" => Fault::Full,
        "XX001" | "XX002" => Fault::Corrupt,
        _ => match code.get(..2) {
            Some("08") => Fault::Unreachable,
            Some("28") => Fault::Denied,
            _ => Fault::Other,
        },
    }
}
