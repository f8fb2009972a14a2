//! Where the database is, as somebody says it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use super::{Dialect, StoreError};

/// `sqlite:PATH` or `postgres://USER@HOST:PORT/NAME`. It may hold a password: what is shown of it, here and in a log,
/// is only where the database is.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

pub type Place = Dialect<PathBuf, Box<PgConnectOptions>>;

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl DatabaseUrl {
    /// As it was given, with whatever password is in it.
    pub fn secret(&self) -> &str {
        &self.0
    }

    pub(in crate::store) fn place(&self) -> Result<Place, StoreError> {
        if let Some(path) = self.0.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(StoreError::Address) } else { Ok(Place::Sqlite(path.into())) };
        }
        if !(self.0.starts_with("postgres://") || self.0.starts_with("postgresql://")) {
            return Err(StoreError::Address);
        }
        let options = PgConnectOptions::from_str(&self.0).map_err(|_| StoreError::Address)?;
        Ok(Place::Postgres(Box::new(options)))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            Ok(Place::Sqlite(path)) => write!(f, "sqlite:{}", path.display()),
            Ok(Place::Postgres(options)) => {
                let name = options.get_database().unwrap_or(options.get_username());
                match options.get_socket() {
                    Some(socket) => write!(f, "postgres://{}/{name}", socket.display()),
                    None => write!(f, "postgres://{}:{}/{name}", options.get_host(), options.get_port()),
                }
            }
            Err(_) => f.write_str("…"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for url in [
            "postgres://evolume:secret@db.court:5433/files",
            "postgresql://evolume@db.court:5433/files?password=secret",
            "postgres://evolume:secret@db.court:port/files",
            "mysql://evolume:secret@db.court/files",
            "secret",
        ] {
            let url = DatabaseUrl::from(url.to_owned());
            assert!(!format!("{url} {url:?}").contains("secret"), "{url}");
        }
        let shown = DatabaseUrl::from("postgres://evolume:secret@db.court:5433/files".to_owned());
        assert_eq!(shown.to_string(), "postgres://db.court:5433/files");
    }

    #[test]
    fn addresses() {
        for (url, path) in [
            ("sqlite:a/b.sqlite", Some("a/b.sqlite")),
            ("sqlite:/a b.sqlite", Some("/a b.sqlite")),
            ("sqlite:///a.sqlite", Some("/a.sqlite")),
            ("sqlite:", None),
            ("a.sqlite", None),
            ("", None),
        ] {
            let place = DatabaseUrl::from(url.to_owned()).place();
            match (place, path) {
                (Ok(Place::Sqlite(place)), Some(path)) => assert_eq!(place, Path::new(path), "{url}"),
                (Err(StoreError::Address), None) => {}
                (other, _) => panic!("{url}: {other:?}"),
            }
        }
    }
}
