//! A volume: its manifest, what is needed of it for one page, its blobs, originals and texts.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::TypedHeader;
use axum_extra::headers::ContentLength;
use evolume_model::access::Act;
use evolume_model::api::Problem;
use evolume_model::excerpt::Excerpt;
use evolume_model::page::PageRef;
use evolume_model::volume::{Manifest, Material};
use serde::Serialize;

use super::bytes;
use super::error::ApiError;
use super::extract::{Asked, Params};
use crate::admission::Readable;
use crate::library;
use crate::packed::Packed;
use crate::store::{Store, StoreError};
use crate::views::Views;
use crate::{ids, pages};

/// Of a manifest, whose bytes are sent as they are kept.
const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// A page's text.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PageTextAnswer {
    /// Volume page number, from 1.
    pub page: u32,
    /// Lines separated by `\n`.
    pub text: String,
}

/// A volume's manifest.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/manifest",
    params(("volume" = String, Path, description = "Volume id")),
    responses((status = 200, body = Manifest), (status = 304), (status = 404, body = Problem))
)]
pub async fn manifest(readable: Readable, headers: HeaderMap) -> Result<Response, ApiError> {
    let loaded = &readable.volume;
    let json = bytes::packed(loaded.packed(), &headers).await?;
    bytes::fresh(loaded.current(), &headers, || (JSON, json))
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
    readable: Readable,
    Params((_volume, page)): Params<(String, u32)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = &readable.volume;
    let excerpt = || Json(Excerpt::of(loaded.manifest(), &loaded.current().manifest, page));
    bytes::fresh(loaded.current(), &headers, excerpt)
}

/// The same by the page itself, which stays the same page when its number changes.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/excerpt",
    params(("volume" = String, Path, description = "Volume id"),
           ("material" = String, Query, description = "Material id"),
           ("index" = u32, Query, description = "Index of the page in it, from 0")),
    responses((status = 200, body = Excerpt), (status = 304), (status = 404, body = Problem))
)]
pub async fn excerpt_at(
    readable: Readable,
    Asked(page): Asked<PageRef>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = &readable.volume;
    let number = pages::number_of(loaded.manifest(), &page).ok_or(ApiError::NotFound)?;
    let excerpt = || Json(Excerpt::of(loaded.manifest(), &loaded.current().manifest, number));
    bytes::fresh(loaded.current(), &headers, excerpt)
}

/// A certain revision of a volume's manifest, named by an excerpt: it is there although a newer one has come.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/manifests/{sha256}",
    params(("volume" = String, Path, description = "Volume id"),
           ("sha256" = String, Path, description = "64 hex digits")),
    responses((status = 200, body = Manifest), (status = 404, body = Problem))
)]
pub async fn revision(
    State(store): State<Store>,
    readable: Readable,
    Params((volume, sha256)): Params<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = &readable.volume;
    let json = if loaded.current().manifest == sha256 {
        bytes::packed(loaded.packed(), &headers).await?
    } else if superseded(&store, &readable, &volume, &sha256).await?.is_some() {
        match store.manifest(&readable.permit, &sha256).await {
            Ok((json, _)) => bytes::packed(&Packed::new(json.into()), &headers).await?,
            // An earlier text, or preview.
            Err(StoreError::Manifest(_) | StoreError::Format(_)) => return Err(ApiError::NotFound),
            Err(error) => return Err(error.into()),
        }
    } else {
        return Err(ApiError::NotFound);
    };
    Ok(([(header::CACHE_CONTROL, bytes::IMMUTABLE)], JSON, json).into_response())
}

/// The length of what only an earlier manifest names. It may be of a material that is withheld now.
async fn superseded(
    store: &Store,
    readable: &Readable,
    volume: &str,
    sha256: &str,
) -> Result<Option<u64>, StoreError> {
    if !ids::is_sha256(sha256) || !readable.volume.is_whole() {
        return Ok(None);
    }
    store.superseded(&readable.permit, volume, sha256).await
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
    State(store): State<Store>,
    State(views): State<Views>,
    readable: Readable,
    Params((volume, sha256)): Params<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = &readable.volume;
    let (length, media_type) = match loaded.blob(&sha256) {
        Some(known) => {
            views.note(&sha256);
            known
        }
        // Text has come meanwhile, and the reader goes by the manifest before.
        None => {
            let length = superseded(&store, &readable, &volume, &sha256).await?;
            (length.ok_or(ApiError::NotFound)?, "application/octet-stream")
        }
    };
    bytes::send(store.blobs(&readable.permit), &sha256, length, media_type, &headers, None).await
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
    State(store): State<Store>,
    State(views): State<Views>,
    readable: Readable,
    Params((_volume, page)): Params<(String, u32)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (material, index) = readable.volume.manifest().locate(page as usize).ok_or(ApiError::NotFound)?;
    preview_of(&store, &views, &readable, material, index as u32, &headers).await
}

/// The same by the page itself.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/preview",
    params(("volume" = String, Path, description = "Volume id"),
           ("material" = String, Query, description = "Material id"),
           ("index" = u32, Query, description = "Index of the page in it, from 0")),
    responses((status = 200, content_type = "image/jpeg"), (status = 304), (status = 404, body = Problem))
)]
pub async fn preview_at(
    State(store): State<Store>,
    State(views): State<Views>,
    readable: Readable,
    Asked(page): Asked<PageRef>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut materials = readable.volume.manifest().materials.iter();
    let material = materials.find(|material| material.id == page.material).ok_or(ApiError::NotFound)?;
    preview_of(&store, &views, &readable, material, page.index, &headers).await
}

async fn preview_of(
    store: &Store,
    views: &Views,
    readable: &Readable,
    material: &Material,
    index: u32,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let (blob, range) = material.preview_of(index).ok_or(ApiError::NotFound)?;
    // Of a page that it has drawn before the browser does not ask for more than this.
    if let Some((part, _)) = material.part_of(index) {
        views.note(&part.blob.sha256);
    }
    let etag = bytes::etag(&format!("\"{}-{}\"", blob.sha256, range.start))?;
    let known = bytes::is_known(headers, &etag);
    // A material that is put in before it gives the page another number.
    let common = (TypedHeader(etag), [(header::CACHE_CONTROL, "private, no-cache")]);
    if known {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let length = TypedHeader(ContentLength(u64::from(range.end - range.start)));
    let body =
        store.blobs(&readable.permit).stream(&blob.sha256, range.start.into()..range.end.into()).await?;
    let jpeg = [(header::CONTENT_TYPE, "image/jpeg")];
    Ok((common, length, jpeg, Body::from_stream(body)).into_response())
}

/// What it is to have a material's file: a recording without a copy that plays is read by playing it.
fn act_of(material: &Material) -> Act {
    match &material.recording {
        Some(recording) if recording.playable.is_none() => Act::Read,
        _ => Act::Download,
    }
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
    State(store): State<Store>,
    readable: Readable,
    Params((_volume, material)): Params<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let loaded = &readable.volume;
    let material = loaded.manifest().materials.iter().find(|m| m.id == material).ok_or(ApiError::NotFound)?;
    let permit = readable.leave(act_of(material))?;
    let original = &material.original;
    let disposition = bytes::disposition(&material.file_name);
    let media_type = library::media_type(&material.media_type);
    bytes::send(
        store.blobs(&permit),
        &original.sha256,
        original.bytes,
        media_type,
        &headers,
        Some(disposition),
    )
    .await
}

/// A page's text.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/pages/{page}/text",
    params(("volume" = String, Path, description = "Volume id"),
           ("page" = u32, Path, description = "Volume page number, from 1")),
    responses((status = 200, body = PageTextAnswer), (status = 404, body = Problem))
)]
pub async fn text(
    State(store): State<Store>,
    readable: Readable,
    Params((_volume, page)): Params<(String, u32)>,
) -> Result<Json<PageTextAnswer>, ApiError> {
    let loaded = &readable.volume;
    let text = pages::page_text(&store, &readable.leave(Act::Copy)?, loaded.manifest(), page).await?;
    Ok(Json(PageTextAnswer { page, text: text.as_str().to_owned() }))
}
