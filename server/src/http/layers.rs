//! Which layers of a volume one may open.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use evolume_model::access::{LayerId, rights};
use evolume_model::api::{LayerKind, LayerSummary, Problem};

use super::error::ApiError;
use super::extract::{Caller, Params};
use crate::library::Library;

/// The layers of a volume that one may open.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/layers",
    params(("volume" = String, Path, description = "Volume id")),
    responses((status = 200, body = Vec<LayerSummary>), (status = 404, body = Problem))
)]
pub async fn layers(
    State(library): State<Library>,
    Caller(principal): Caller,
    Params(volume): Params<String>,
) -> Result<Response, ApiError> {
    let loaded = library.load(&principal, &volume).await?;
    let own = LayerId::Private(principal.id.clone());
    let layers: Vec<LayerSummary> = [
        (LayerKind::Private, own),
        (LayerKind::Panel, LayerId::Panel),
        (LayerKind::Everybody, LayerId::Everybody),
    ]
    .into_iter()
    .filter_map(|(kind, id)| {
        let rights = rights(&principal, loaded.class(), &id);
        let (write, write_others) = (rights.write_own, rights.write_others);
        rights.read.then(|| LayerSummary { id: id.to_string(), kind, write, write_others })
    })
    .collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(layers)).into_response())
}
