//! A session: taking a provisional name, and giving it back.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use evolume_model::access::is_name;
use evolume_model::api::{Problem, Session, SessionRequest};

use super::error::ApiError;
use super::extract::{Caller, SameOrigin};
use super::identity::{COOKIE, Identity, token};
use crate::people::Sessions;
use crate::store::SESSION_LIFETIME;

/// Out of reach of scripts, and never sent with what another site asks for.
fn set_cookie(value: &str, seconds: u64) -> [(HeaderName, String); 1] {
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    [(header::SET_COOKIE, cookie)]
}

/// Who one is.
#[utoipa::path(get, path = "/api/v1/session", responses((status = 200, body = Session)))]
pub async fn session(
    State(identity): State<Identity>,
    Caller(person): Caller,
    headers: HeaderMap,
) -> impl IntoResponse {
    let provisional = identity.is_provisional(&headers);
    let session = Session { principal: person.principal(), provisional };
    ([(header::CACHE_CONTROL, "no-store")], Json(session))
}

/// Takes a provisional name.
#[utoipa::path(
    post, path = "/api/v1/session", request_body = SessionRequest,
    responses((status = 200, body = Session), (status = 400, body = Problem), (status = 403, body = Problem))
)]
pub async fn sign_in(
    State(identity): State<Identity>,
    State(sessions): State<Sessions>,
    _: SameOrigin,
    headers: HeaderMap,
    request: Result<Json<SessionRequest>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    if !identity.is_provisional(&headers) {
        return Err(ApiError::NoIdentity);
    }
    let Json(SessionRequest { name }) = request.map_err(|_| ApiError::Malformed)?;
    let name = name.trim();
    if !is_name(name) {
        return Err(ApiError::Name);
    }
    let (token, person) = sessions.begin(name).await?;
    let cookie = set_cookie(&token, SESSION_LIFETIME / 1000);
    let session = Session { principal: person.principal(), provisional: true };
    Ok((cookie, [(header::CACHE_CONTROL, "no-store")], Json(session)))
}

/// Gives the name back.
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204), (status = 403, body = Problem)))]
pub async fn sign_out(
    State(sessions): State<Sessions>,
    _: SameOrigin,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = token(&headers) {
        sessions.end(&token).await?;
    }
    Ok((StatusCode::NO_CONTENT, set_cookie("", 0)))
}
