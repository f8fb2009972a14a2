//! The description of the HTTP interface, generated from the handlers.

use axum::Json;
use utoipa::OpenApi;

use crate::{auth, rooms, volumes};

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Evolume",
        description = "Electronic court case files: volumes, pages, texts, rooms for annotations."
    ),
    paths(
        volumes::health,
        volumes::cases,
        volumes::manifest,
        volumes::blob,
        volumes::original,
        volumes::text,
        volumes::layers,
        rooms::socket::open,
        auth::session,
        auth::sign_in,
        auth::sign_out
    )
)]
pub struct Document;

/// Serves it.
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}
