//! Where the blobs are, as somebody says it.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

use object_store::path::Path as Key;

use super::StoreError;

/// A folder, or `s3://BUCKET/PREFIX`. Behind a `?` come options of the S3 client (`endpoint`, `region` …), which go
/// before those of the environment, and `credentials`, a file. What is shown of it is only where the blobs are.
#[derive(Clone, PartialEq, Eq)]
pub struct BlobsUrl(OsString);

/// What a [`BlobsUrl`] says.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    Bucket { bucket: String, prefix: Key, options: Vec<(String, String)> },
}

impl<T: Into<OsString>> From<T> for BlobsUrl {
    fn from(url: T) -> Self {
        Self(url.into())
    }
}

impl BlobsUrl {
    /// As it was given.
    pub fn as_given(&self) -> &OsStr {
        &self.0
    }

    pub(super) fn place(&self) -> Result<Place, StoreError> {
        let text = self.0.to_string_lossy();
        let Some(rest) = text.strip_prefix("s3://") else {
            // Another scheme is a mistake, and no folder that is to be made.
            let folder = !text.is_empty() && !text.contains("://");
            return if folder {
                Ok(Place::Folder(self.0.clone().into()))
            } else {
                Err(StoreError::BlobsAddress)
            };
        };
        let (path, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
        let named = |ch: char| ch.is_ascii_alphanumeric() || "-_.".contains(ch);
        if bucket.is_empty() || !bucket.chars().all(named) {
            return Err(StoreError::BlobsAddress);
        }
        let prefix = Key::parse(prefix.trim_end_matches('/')).map_err(|_| StoreError::BlobsAddress)?;
        let options = form_urlencoded::parse(options.as_bytes()).into_owned().collect();
        Ok(Place::Bucket { bucket: bucket.to_owned(), prefix, options })
    }
}

impl fmt::Display for BlobsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            Ok(Place::Folder(folder)) => write!(f, "{}", folder.display()),
            Ok(Place::Bucket { bucket, prefix, .. }) => write!(f, "s3://{bucket}/{prefix}"),
            Err(_) => f.write_str("…"),
        }
    }
}

impl fmt::Debug for BlobsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (url, shown) in [
            ("blobs", Some("blobs")),
            ("/mnt/a b", Some("/mnt/a b")),
            ("s3://court", Some("s3://court/")),
            ("s3://court/files/", Some("s3://court/files")),
            ("s3://court/a/b?endpoint=http%3A%2F%2Fs3.court%3A9000&region=x", Some("s3://court/a/b")),
            ("", None),
            ("s3://", None),
            ("s3:///files", None),
            ("s3://key:secret@court/files", None),
            ("gs://court/files", None),
            ("s3://court/a//b", None),
        ] {
            let url = BlobsUrl::from(url);
            match shown {
                Some(shown) => assert_eq!(format!("{url} {url:?}"), format!("{shown} {shown}")),
                None => assert!(matches!(url.place(), Err(StoreError::BlobsAddress)), "{:?}", url.0),
            }
            assert!(!format!("{url} {url:?}").contains("secret"));
        }
    }

    #[test]
    fn options_are_decoded() {
        let url = BlobsUrl::from("s3://court?endpoint=http%3A%2F%2Fa%3A1&timeout=2s");
        let Ok(Place::Bucket { options, .. }) = url.place() else { panic!("{url}") };
        let expected = [("endpoint", "http://a:1"), ("timeout", "2s")];
        assert_eq!(options, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
