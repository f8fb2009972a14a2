//! The web shell: files built into the program, which hands them in.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum_extra::TypedHeader;
use rust_embed::EmbeddedFile;

use super::error::ApiError;
use super::{bytes, coding};
use crate::packed::Coding;

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
    let compressed = coding::accepted(&headers).find_map(|coding| {
        let suffix = match coding {
            Coding::Brotli => "br",
            Coding::Gzip => "gz",
        };
        Some((shell.get(&format!("{path}.{suffix}"))?, coding.name()))
    });
    let (file, coding) = match compressed {
        Some((file, coding)) => (file, Some(coding)),
        None => (shell.get(path).ok_or(ApiError::NotFound)?, None),
    };
    respond(path, file, coding, &headers)
}

fn respond(
    path: &str,
    file: EmbeddedFile,
    coding: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let etag = bytes::etag(&format!("\"{}\"", hex::encode(file.metadata.sha256_hash())))?;
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    let media_type = match media_type.type_() {
        mime_guess::mime::TEXT => format!("{media_type}; charset=utf-8"),
        _ => media_type.to_string(),
    };
    let known = bytes::is_known(headers, &etag);
    let common = (
        TypedHeader(etag),
        [
            (header::CACHE_CONTROL, cache),
            (header::VARY, "accept-encoding"),
            (header::CONTENT_TYPE, &media_type),
        ],
        coding.map(|coding| [(header::CONTENT_ENCODING, coding)]),
    );
    Ok(if known {
        (StatusCode::NOT_MODIFIED, common, ()).into_response()
    } else {
        (common, file.data.into_owned()).into_response()
    })
}
