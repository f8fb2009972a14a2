//! A session: taking a provisional name, and giving it back.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use evolume_model::access::{Principal, Role, is_name};
use evolume_model::api::{Problem, Session, SessionRequest};
use rand::TryRngCore;
use rand::rngs::OsRng;

use super::error::ApiError;
use super::extract::{Caller, same_origin};
use super::identity::{COOKIE, Identity, TOKEN_BYTES, token};
use crate::clock::now;
use crate::ids;
use crate::store::{SESSION_LIFETIME, Store, sha256};

/// Out of reach of scripts, and never sent with what another site asks for.
fn set_cookie(value: &str, seconds: u64) -> [(HeaderName, String); 1] {
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    [(header::SET_COOKIE, cookie)]
}

/// Who one is.
#[utoipa::path(get, path = "/api/v1/session", responses((status = 200, body = Session)))]
pub async fn session(
    State(identity): State<Identity>,
    Caller(principal): Caller,
    headers: HeaderMap,
) -> impl IntoResponse {
    let provisional = identity.is_provisional(&headers);
    ([(header::CACHE_CONTROL, "no-store")], Json(Session { principal, provisional }))
}

/// Takes a provisional name.
#[utoipa::path(
    post, path = "/api/v1/session", request_body = SessionRequest,
    responses((status = 200, body = Session), (status = 400, body = Problem), (status = 403, body = Problem))
)]
pub async fn sign_in(
    State(identity): State<Identity>,
    State(store): State<Store>,
    headers: HeaderMap,
    request: Result<Json<SessionRequest>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    same_origin(&headers)?;
    if !identity.is_provisional(&headers) {
        return Err(ApiError::NoIdentity);
    }
    let Json(SessionRequest { name }) = request.map_err(|_| ApiError::Malformed)?;
    let name = name.trim();
    if !is_name(name) {
        return Err(ApiError::Name);
    }
    let mut bytes = [0; TOKEN_BYTES];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| ApiError::Internal(error.to_string()))?;
    let secret = hex::encode(bytes);
    let id = ids::principal(name);
    store.insert_session(&sha256(secret.as_bytes()), &id, name, now()).await?;
    let principal = Principal { id, name: name.to_owned(), roles: vec![Role::Panel] };
    let cookie = set_cookie(&secret, SESSION_LIFETIME / 1000);
    Ok((cookie, [(header::CACHE_CONTROL, "no-store")], Json(Session { principal, provisional: true })))
}

/// Gives the name back.
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204), (status = 403, body = Problem)))]
pub async fn sign_out(State(store): State<Store>, headers: HeaderMap) -> Result<impl IntoResponse, ApiError> {
    same_origin(&headers)?;
    if let Some(token) = token(&headers) {
        store.delete_session(&token).await?;
    }
    Ok((StatusCode::NO_CONTENT, set_cookie("", 0)))
}
