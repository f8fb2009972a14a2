//! The list of cases.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use evolume_model::api::CaseSummary;

use super::error::ApiError;
use super::extract::Caller;
use crate::admission::Admission;

/// All cases with their volumes.
#[utoipa::path(get, path = "/api/v1/cases", responses((status = 200, body = Vec<CaseSummary>)))]
pub async fn cases(
    State(admission): State<Admission>,
    Caller(person): Caller,
) -> Result<impl IntoResponse, ApiError> {
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(admission.cases(&person).await?)))
}
