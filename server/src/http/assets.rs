//! The web shell: files built into the program, which hands them in.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::EmbeddedFile;

use super::error::ApiError;

/// Finds a file of the web shell by its path. The files are not this library's: it would be compiled anew for each
/// change of the interface, and could not be compiled before there is one.
#[derive(Clone, Copy, Debug)]
pub struct Shell(pub fn(&str) -> Option<EmbeddedFile>);

impl Shell {
    /// A server without an interface.
    pub const NONE: Self = Self(|_| None);

    fn get(self, path: &str) -> Option<EmbeddedFile> {
        self.0(path)
    }
}

const INDEX: &str = "index.html";

/// Serves a file of the shell; `/` is its index.
pub async fn serve(State(shell): State<Shell>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let path = match uri.path().trim_start_matches('/') {
        "" => INDEX,
        path => path,
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let compressed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(coding, suffix)| {
        accepts(accepted?, coding).then(|| shell.get(&format!("{path}{suffix}")))?.map(|file| (file, coding))
    });
    let (file, coding) = match compressed {
        Some((file, coding)) => (file, Some(coding)),
        None => (shell.get(path).ok_or(ApiError::NotFound)?, None),
    };
    respond(path, file, coding, &headers)
}

fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(coding)
            && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn respond(
    path: &str,
    file: EmbeddedFile,
    coding: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    let media_type = match media_type.type_() {
        mime_guess::mime::TEXT => format!("{media_type}; charset=utf-8"),
        _ => media_type.to_string(),
    };
    let mut response = Response::builder()
        .header(header::ETAG, &etag)
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding")
        .header(header::CONTENT_TYPE, media_type);
    if let Some(coding) = coding {
        response = response.header(header::CONTENT_ENCODING, coding);
    }
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let response = if known {
        response.status(304).body(Body::empty())
    } else {
        response.body(Body::from(file.data.into_owned()))
    };
    response.map(IntoResponse::into_response).map_err(|error| ApiError::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_taken_only_when_accepted() {
        assert!(accepts("gzip, deflate, br;q=0.9", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("brotli", "br"));
    }
}
