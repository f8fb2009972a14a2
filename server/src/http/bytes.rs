//! Answers of bytes: ETags, ranges, names of files.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use super::range::{self, Wanted};
use crate::store::{Blobs, Current};

/// Of what is named by its SHA-256.
pub const IMMUTABLE: &str = "private, max-age=31536000, immutable";

/// An answer that changes with the manifest, unless the reader has it.
pub fn fresh<T: IntoResponse>(
    current: &Current,
    headers: &HeaderMap,
    answer: impl FnOnce() -> T,
) -> Response {
    // Weak: the same goes out compressed or not.
    let etag = format!("W/\"{}-{}\"", current.revision, current.manifest);
    let known = matches_etag(headers, &etag);
    let common = [(header::ETAG, etag), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, answer()).into_response()
}

pub fn matches_etag(headers: &HeaderMap, etag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || plain(tag) == plain(etag))
}

/// Immutable bytes, all or a range of them.
pub async fn send(
    blobs: &Blobs,
    sha256: &str,
    length: u64,
    media_type: &'static str,
    headers: &HeaderMap,
    disposition: Option<HeaderValue>,
) -> Result<Response, ApiError> {
    let etag = format!("\"{sha256}\"");
    let mut response = Response::builder()
        .header(header::ETAG, &etag)
        .header(header::CACHE_CONTROL, IMMUTABLE)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_TYPE, media_type);
    if let Some(disposition) = disposition {
        response = response.header(header::CONTENT_DISPOSITION, disposition);
    }
    let broken = |error: axum::http::Error| ApiError::Internal(error.to_string());
    if matches_etag(headers, &etag) {
        return response.status(StatusCode::NOT_MODIFIED).body(Body::empty()).map_err(broken);
    }
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let same = text(header::IF_RANGE).is_none_or(|tag| tag == etag);
    let range = match range::wanted(text(header::RANGE).filter(|_| same), length) {
        Wanted::Nothing => return Err(ApiError::Range(length)),
        Wanted::All => 0..length,
        Wanted::Part(range) => {
            let content = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            response = response.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, content);
            range
        }
    };
    response = response.header(header::CONTENT_LENGTH, range.end - range.start);
    let body =
        if range.is_empty() { Body::empty() } else { Body::from_stream(blobs.stream(sha256, range).await?) };
    response.body(body).map_err(broken)
}

/// `attachment` with the file's name after RFC 5987, and an ASCII one for old programs.
pub fn disposition(name: &str) -> HeaderValue {
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let ascii: String = name
        .chars()
        .map(|ch| if ch.is_ascii_alphanumeric() || "-_. ".contains(ch) { ch } else { '_' })
        .collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        let value = disposition("起诉状\"; x=\r\n.pdf");
        assert_eq!(
            value.to_str().unwrap(),
            "attachment; filename=\"_____ x___.pdf\"; \
             filename*=UTF-8''%E8%B5%B7%E8%AF%89%E7%8A%B6%22%3B%20x%3D%0D%0A.pdf"
        );
    }
}
