//! Answers of bytes: ETags, ranges, names of files.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::TypedHeader;
use axum_extra::headers::{
    AcceptRanges, ContentLength, ContentRange, ETag, HeaderMapExt, IfNoneMatch, IfRange,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::coding;
use super::error::ApiError;
use super::range::{self, Wanted};
use crate::packed::Packed;
use crate::store::{Blobs, Current};

/// For what is true of one person at one moment.
pub const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Of what is named by its SHA-256.
pub const IMMUTABLE: &str = "private, max-age=31536000, immutable";

/// An answer that changes with the manifest, unless the reader has it.
pub fn fresh<T: IntoResponse>(
    current: &Current,
    headers: &HeaderMap,
    answer: impl FnOnce() -> T,
) -> Result<Response, ApiError> {
    // Weak: the same goes out compressed or not.
    let etag = etag(&format!("W/\"{}-{}\"", current.revision, current.manifest))?;
    let known = is_known(headers, &etag);
    let common = (TypedHeader(etag), [(header::CACHE_CONTROL, "no-cache")]);
    Ok(if known {
        (StatusCode::NOT_MODIFIED, common).into_response()
    } else {
        (common, answer()).into_response()
    })
}

/// Bytes in the best form that the client takes. The forms share a weak ETag, and caches keep them apart by `Vary`.
pub async fn packed(packed: &Packed, headers: &HeaderMap) -> Result<impl IntoResponse + use<>, ApiError> {
    let coding = coding::accepted(headers).next();
    let bytes = packed.get(coding).await.map_err(|error| ApiError::Internal(error.to_string()))?;
    let encoding = coding.map(|coding| [(header::CONTENT_ENCODING, coding.name())]);
    Ok(([(header::VARY, "accept-encoding")], encoding, bytes))
}

/// Of what is named so; none of our names has a character that an ETag cannot have.
pub fn etag(name: &str) -> Result<ETag, ApiError> {
    name.parse().map_err(|_| ApiError::Internal(format!("{name} is no ETag")))
}

/// Whether the client has what the tag stands for.
pub fn is_known(headers: &HeaderMap, etag: &ETag) -> bool {
    headers.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(etag))
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
    let etag = etag(&format!("\"{sha256}\""))?;
    let known = is_known(headers, &etag);
    let same = headers.typed_get::<IfRange>().is_none_or(|held| !held.is_modified(Some(&etag), None));
    let disposition = disposition.map(|disposition| [(header::CONTENT_DISPOSITION, disposition)]);
    let common = (
        TypedHeader(etag),
        TypedHeader(AcceptRanges::bytes()),
        [(header::CACHE_CONTROL, IMMUTABLE), (header::CONTENT_TYPE, media_type)],
        disposition,
    );
    if known {
        return Ok((StatusCode::NOT_MODIFIED, common, ()).into_response());
    }
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).filter(|_| same);
    let (range, part) = match range::wanted(asked, length) {
        Wanted::Nothing => return Err(ApiError::Range(length)),
        Wanted::All => (0..length, None),
        Wanted::Part(range) => {
            let part = ContentRange::bytes(range.clone(), length);
            let part = part.map_err(|error| ApiError::Internal(error.to_string()))?;
            (range, Some((StatusCode::PARTIAL_CONTENT, TypedHeader(part))))
        }
    };
    let length = TypedHeader(ContentLength(range.end - range.start));
    let body =
        if range.is_empty() { Body::empty() } else { Body::from_stream(blobs.stream(sha256, range).await?) };
    Ok(match part {
        Some((status, part)) => (status, part, common, length, body).into_response(),
        None => (common, length, body).into_response(),
    })
}

/// What RFC 5987 leaves as it is in a value, and a little less.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// `attachment` with the file's name after RFC 5987, and an ASCII one for old programs.
pub fn disposition(name: &str) -> HeaderValue {
    let encoded = utf8_percent_encode(name, UNRESERVED);
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
