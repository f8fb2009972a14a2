//! The list of cases, and whether the server is up.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use evolume_model::access::may_read;
use evolume_model::api::CaseSummary;
use evolume_model::volume::VolumeClass;
use serde::Serialize;

use super::error::ApiError;
use super::extract::Caller;
use crate::store::Store;

/// Whether the server is up.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
    /// Of this program.
    version: &'static str,
}

/// Whether the server is up.
#[utoipa::path(get, path = "/api/v1/health", responses((status = 200, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// All cases with their volumes.
#[utoipa::path(get, path = "/api/v1/cases", responses((status = 200, body = Vec<CaseSummary>)))]
pub async fn cases(State(store): State<Store>, Caller(principal): Caller) -> Result<Response, ApiError> {
    let mut cases = store.cases().await?;
    // A case of which one may read nothing is not one's business.
    cases.retain_mut(|case| {
        let empty = case.volumes.is_empty();
        case.volumes.retain(|volume| may_read(&principal, volume.class));
        !case.volumes.is_empty() || (empty && may_read(&principal, VolumeClass::Internal))
    });
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(cases)).into_response())
}
