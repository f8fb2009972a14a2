//! What one may do to a volume, and which of its layers one may open.

use axum::Json;
use axum::response::IntoResponse;
use evolume_model::access::{Act, LayerId};
use evolume_model::api::{LayerKind, LayerSummary, Problem};

use super::bytes::NO_STORE;
use crate::admission::Readable;

/// The layers of a volume that one may open.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/layers",
    params(("volume" = String, Path, description = "Volume id")),
    responses((status = 200, body = Vec<LayerSummary>), (status = 404, body = Problem))
)]
pub async fn layers(readable: Readable) -> impl IntoResponse {
    let own = LayerId::Private(readable.member.principal().id.clone());
    let layers: Vec<LayerSummary> = [
        (LayerKind::Private, own),
        (LayerKind::Panel, LayerId::Panel),
        (LayerKind::Everybody, LayerId::Everybody),
    ]
    .into_iter()
    .filter_map(|(kind, id)| {
        let rights = readable.rights(&id)?;
        let (write, write_others) = (rights.write_own, rights.write_others);
        Some(LayerSummary { id: id.to_string(), kind, write, write_others })
    })
    .collect();
    (NO_STORE, Json(layers))
}

/// What one may do to a volume: for an interface, to offer nothing else.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/acts",
    params(("volume" = String, Path, description = "Volume id")),
    responses((status = 200, body = Vec<Act>), (status = 404, body = Problem))
)]
pub async fn acts(readable: Readable) -> impl IntoResponse {
    (NO_STORE, Json(readable.acts()))
}
