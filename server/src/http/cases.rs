//! The list of cases, and whether the server is up.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use evolume_model::api::CaseSummary;
use serde::Serialize;

use super::error::ApiError;
use super::extract::Caller;
use crate::admission::Admission;

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
pub async fn cases(
    State(admission): State<Admission>,
    Caller(person): Caller,
) -> Result<impl IntoResponse, ApiError> {
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(admission.cases(&person).await?)))
}
