//! `/api/v1`: cases, manifests, blobs, originals, texts.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use evolume_model::access::{LayerId, Principal, may_read, rights};
use evolume_model::api::{CaseSummary, LayerKind, LayerSummary, Problem};
use evolume_model::excerpt::Excerpt;
use evolume_model::volume::{Manifest, VolumeClass};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::pages;
use crate::range::{self, Wanted};
use crate::store::{Current, Store, StoreError};

/// Of what is named by its SHA-256.
const IMMUTABLE: &str = "private, max-age=31536000, immutable";
/// Of a manifest, whose bytes are sent as they are kept.
const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];
/// Volumes kept in memory.
const CACHED: usize = 64;

/// What every handler shares.
#[derive(Clone, Debug)]
pub struct Volumes {
    store: Store,
    cache: Arc<RwLock<HashMap<String, Arc<Loaded>>>>,
}

/// A manifest, and which blobs it allows to be read.
#[derive(Debug)]
pub struct Loaded {
    current: Current,
    json: bytes::Bytes,
    manifest: Manifest,
    blobs: HashMap<String, (u64, &'static str)>,
}

impl Loaded {
    fn new(current: Current, json: Vec<u8>, manifest: Manifest) -> Self {
        let mut blobs = HashMap::new();
        for material in &manifest.materials {
            let mut name = |blob: &evolume_model::volume::Blob, media: &'static str| {
                blobs.insert(blob.sha256.clone(), (blob.bytes, media));
            };
            material.derived().for_each(|blob| name(blob, "application/octet-stream"));
            name(&material.original, known(&material.media_type));
            for pdf in material.parts.iter().map(|part| &part.blob).chain(&material.converted) {
                name(pdf, "application/pdf");
            }
            for sheet in &material.sheets {
                name(&sheet.thumbs, "image/jpeg");
            }
            if let Some(recording) = &material.recording {
                for json in recording.waveform.iter().chain(&recording.transcript) {
                    name(json, "application/json");
                }
            }
            if let Some(guide) = &material.guide {
                name(&guide.blob, "application/json");
            }
            for font in &material.fonts {
                name(&font.blob, "font/otf");
            }
            for image in material.pages.iter().filter_map(|page| page.image.as_ref()) {
                name(&image.blob, known(&image.media_type));
            }
        }
        if let Some(bundle) = &manifest.bundle {
            blobs.insert(bundle.sha256.clone(), (bundle.bytes, "application/octet-stream"));
        }
        Self { current, json: json.into(), manifest, blobs }
    }

    /// All that a reader needs to lay it out.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// An answer that changes with the manifest, unless the reader has it.
    fn fresh<T: IntoResponse>(&self, headers: &HeaderMap, answer: impl FnOnce() -> T) -> Response {
        // Weak: the same goes out compressed or not.
        let etag = format!("W/\"{}-{}\"", self.current.revision, self.current.manifest);
        let known = matches_etag(headers, &etag);
        let common = [(header::ETAG, etag), (header::CACHE_CONTROL, "no-cache".to_owned())];
        if known {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        (common, answer()).into_response()
    }

    /// Who may read it.
    pub fn class(&self) -> VolumeClass {
        self.manifest.class
    }
}

/// Only types that are known are named to browsers.
fn known(media_type: &str) -> &'static str {
    const KNOWN: [&str; 17] = [
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/tiff",
        "audio/mpeg",
        "audio/aac",
        "audio/wav",
        "audio/ogg",
        "audio/flac",
        "audio/mp4",
        "audio/webm",
        "video/ogg",
        "video/mp4",
        "video/webm",
        "video/mpeg",
        "video/x-msvideo",
    ];
    KNOWN.into_iter().find(|known| *known == media_type).unwrap_or("application/octet-stream")
}

impl Volumes {
    /// Over this store.
    pub fn new(store: Store) -> Self {
        Self { store, cache: Arc::default() }
    }

    /// The volume as it is now, when the principal may read it; else it looks like one that does not exist.
    pub async fn load(&self, principal: &Principal, volume: &str) -> Result<Arc<Loaded>, ApiError> {
        let loaded = self.find(volume).await?;
        if may_read(principal, loaded.class()) { Ok(loaded) } else { Err(ApiError::NotFound) }
    }

    /// The manifest is read and parsed once per revision.
    async fn find(&self, volume: &str) -> Result<Arc<Loaded>, ApiError> {
        if !ids::is_id(volume) {
            return Err(ApiError::NotFound);
        }
        let current = self.store.current(volume).await?.ok_or(ApiError::NotFound)?;
        let cached = self.cache.read().ok().and_then(|cache| cache.get(volume).cloned());
        if let Some(loaded) = cached.filter(|loaded| loaded.current == current) {
            return Ok(loaded);
        }
        let (json, manifest) = self.store.manifest(&current.manifest).await?;
        let loaded = Arc::new(Loaded::new(current, json, manifest));
        if let Ok(mut cache) = self.cache.write() {
            if cache.len() >= CACHED {
                cache.clear();
            }
            cache.insert(volume.to_owned(), Arc::clone(&loaded));
        }
        Ok(loaded)
    }
}

/// Path parameters; whatever is wrong with them is a problem document.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(params)| Self(params)).map_err(|_| ApiError::Malformed)
    }
}

/// Whether the server is up.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
    /// Of this program.
    version: &'static str,
}

/// A page's text.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PageTextAnswer {
    /// Volume page number, from 1.
    pub page: u32,
    /// Lines separated by `\n`.
    pub text: String,
}

/// Whether the server is up.
#[utoipa::path(get, path = "/api/v1/health", responses((status = 200, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// All cases with their volumes.
#[utoipa::path(get, path = "/api/v1/cases", responses((status = 200, body = Vec<CaseSummary>)))]
pub async fn cases(State(volumes): State<Volumes>, Caller(principal): Caller) -> Result<Response, ApiError> {
    let mut cases = volumes.store.cases().await?;
    // A case of which one may read nothing is not one's business.
    cases.retain_mut(|case| {
        let empty = case.volumes.is_empty();
        case.volumes.retain(|volume| may_read(&principal, volume.class));
        !case.volumes.is_empty() || (empty && may_read(&principal, VolumeClass::Internal))
    });
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(cases)).into_response())
}

/// A volume's manifest.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/manifest",
    params(("volume" = String, Path, description = "Volume id")),
    responses((status = 200, body = Manifest), (status = 304), (status = 404, body = Problem))
)]
pub async fn manifest(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params(volume): Params<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    Ok(loaded.fresh(&headers, || (JSON, loaded.json.clone())))
}

/// What is needed of a volume's manifest to show a page: all of it, where that is not much. A page beyond the last
/// one is the last.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/pages/{page}/excerpt",
    params(("volume" = String, Path, description = "Volume id"),
           ("page" = u32, Path, description = "Volume page number, from 1")),
    responses((status = 200, body = Excerpt), (status = 304), (status = 404, body = Problem))
)]
pub async fn excerpt(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params((volume, page)): Params<(String, u32)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    let excerpt = || Json(Excerpt::of(&loaded.manifest, &loaded.current.manifest, page));
    Ok(loaded.fresh(&headers, excerpt))
}

/// A certain revision of a volume's manifest, named by an excerpt: it is there although a newer one has come.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/manifests/{sha256}",
    params(("volume" = String, Path, description = "Volume id"),
           ("sha256" = String, Path, description = "64 hex digits")),
    responses((status = 200, body = Manifest), (status = 404, body = Problem))
)]
pub async fn revision(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params((volume, sha256)): Params<(String, String)>,
) -> Result<Response, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    let json = if loaded.current.manifest == sha256 {
        loaded.json.clone()
    } else if ids::is_sha256(&sha256) && volumes.store.superseded(&volume, &sha256).await?.is_some() {
        match volumes.store.manifest(&sha256).await {
            Ok((json, _)) => json.into(),
            // An earlier text, or preview.
            Err(StoreError::Manifest(_) | StoreError::Format(_)) => return Err(ApiError::NotFound),
            Err(error) => return Err(error.into()),
        }
    } else {
        return Err(ApiError::NotFound);
    };
    Ok(([(header::CACHE_CONTROL, IMMUTABLE)], JSON, json).into_response())
}

/// Bytes that the volume's manifest names.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/blobs/{sha256}",
    params(("volume" = String, Path, description = "Volume id"),
           ("sha256" = String, Path, description = "64 hex digits")),
    responses((status = 200, content_type = "application/octet-stream"),
              (status = 206, content_type = "application/octet-stream"), (status = 304),
              (status = 404, body = Problem), (status = 416, body = Problem))
)]
pub async fn blob(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params((volume, sha256)): Params<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    let (length, media_type) = match loaded.blobs.get(&sha256) {
        Some(known) => *known,
        // Text has come meanwhile, and the reader goes by the manifest before.
        None if ids::is_sha256(&sha256) => {
            let length = volumes.store.superseded(&volume, &sha256).await?;
            (length.ok_or(ApiError::NotFound)?, "application/octet-stream")
        }
        None => return Err(ApiError::NotFound),
    };
    send(&volumes.store, &sha256, length, media_type, &headers, None).await
}

/// The preview of a page as it is numbered now: for a reader who opens at it and has no manifest yet. The ETag
/// says which bytes they are, `"SHA-START"`, so that the reader can tell whether the manifest means the same.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/pages/{page}/preview",
    params(("volume" = String, Path, description = "Volume id"),
           ("page" = u32, Path, description = "Volume page number, from 1")),
    responses((status = 200, content_type = "image/jpeg"), (status = 304), (status = 404, body = Problem))
)]
pub async fn preview(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params((volume, page)): Params<(String, u32)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    let (material, index) = loaded.manifest.locate(page as usize).ok_or(ApiError::NotFound)?;
    let (blob, range) = material.preview_of(index as u32).ok_or(ApiError::NotFound)?;
    let etag = format!("\"{}-{}\"", blob.sha256, range.start);
    // A material that is put in before it gives the page another number.
    let lifetime = (header::CACHE_CONTROL, "private, no-cache".to_owned());
    if matches_etag(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [lifetime, (header::ETAG, etag)]).into_response());
    }
    let length = range.end - range.start;
    let body = volumes.store.blobs().stream(&blob.sha256, range.start.into()..range.end.into()).await?;
    let named = [lifetime, (header::ETAG, etag), (header::CONTENT_TYPE, "image/jpeg".to_owned())];
    Ok((named, [(header::CONTENT_LENGTH, length)], Body::from_stream(body)).into_response())
}

/// A material's file as received.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/materials/{material}/original",
    params(("volume" = String, Path, description = "Volume id"),
           ("material" = String, Path, description = "Material id")),
    responses((status = 200, content_type = "application/octet-stream"),
              (status = 206, content_type = "application/octet-stream"), (status = 304),
              (status = 404, body = Problem), (status = 416, body = Problem))
)]
pub async fn original(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params((volume, material)): Params<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    let material = loaded.manifest.materials.iter().find(|m| m.id == material).ok_or(ApiError::NotFound)?;
    let original = &material.original;
    let disposition = disposition(&material.file_name);
    let media_type = known(&material.media_type);
    send(&volumes.store, &original.sha256, original.bytes, media_type, &headers, Some(disposition)).await
}

/// A page's text.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/pages/{page}/text",
    params(("volume" = String, Path, description = "Volume id"),
           ("page" = u32, Path, description = "Volume page number, from 1")),
    responses((status = 200, body = PageTextAnswer), (status = 404, body = Problem))
)]
pub async fn text(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params((volume, page)): Params<(String, u32)>,
) -> Result<Json<PageTextAnswer>, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    let text = pages::page_text(&volumes.store, &loaded.manifest, page).await?;
    Ok(Json(PageTextAnswer { page, text: text.as_str().to_owned() }))
}

/// The layers of a volume that one may open.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/layers",
    params(("volume" = String, Path, description = "Volume id")),
    responses((status = 200, body = Vec<LayerSummary>), (status = 404, body = Problem))
)]
pub async fn layers(
    State(volumes): State<Volumes>,
    Caller(principal): Caller,
    Params(volume): Params<String>,
) -> Result<Response, ApiError> {
    let loaded = volumes.load(&principal, &volume).await?;
    let own = LayerId::Private(principal.id.clone());
    let layers: Vec<LayerSummary> = [
        (LayerKind::Private, own),
        (LayerKind::Panel, LayerId::Panel),
        (LayerKind::Everybody, LayerId::Everybody),
    ]
    .into_iter()
    .filter_map(|(kind, id)| {
        let rights = rights(&principal, loaded.class(), &id);
        rights.read.then(|| LayerSummary {
            id: id.to_string(),
            kind,
            write: rights.write_own,
            write_others: rights.write_others,
        })
    })
    .collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(layers)).into_response())
}

fn matches_etag(headers: &HeaderMap, etag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || plain(tag) == plain(etag))
}

/// Immutable bytes, all or a range of them.
async fn send(
    store: &Store,
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
    let body = if range.is_empty() {
        Body::empty()
    } else {
        Body::from_stream(store.blobs().stream(sha256, range).await?)
    };
    response.body(body).map_err(broken)
}

/// `attachment` with the file's name after RFC 5987, and an ASCII one for old programs.
fn disposition(name: &str) -> HeaderValue {
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
