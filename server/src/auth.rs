//! Who is asking. Provisional: on loopback a name chosen at the door makes somebody a member of the panel.
//!
//! Handlers take a [`Caller`] and know nothing of how it came about; real accounts replace this file.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;
use evolume_model::access::is_name;
use evolume_model::access::{Principal, Role};
use evolume_model::api::{Problem, Session, SessionRequest};
use rand::TryRngCore;
use rand::rngs::OsRng;

use crate::error::ApiError;
use crate::ids;
use crate::store::{SESSION_LIFETIME, Store, sha256};

const COOKIE: &str = "evolume_session";
const TOKEN_BYTES: usize = 32;

/// Finds out who is asking.
#[derive(Clone, Debug)]
pub struct Identity {
    store: Store,
    provisional: bool,
}

impl Identity {
    /// `provisional`: whoever reaches the server may choose a name; only ever on loopback.
    pub fn new(store: Store, provisional: bool) -> Self {
        Self { store, provisional }
    }

    /// Whether this request may be given a provisional name: also a page that has made its own name point
    /// here, or a proxy in front, is not loopback.
    fn is_provisional(&self, headers: &HeaderMap) -> bool {
        self.provisional && headers.get(header::HOST).is_none_or(|host| host.to_str().is_ok_and(is_loopback))
    }

    async fn principal(&self, headers: &HeaderMap) -> Result<Principal, ApiError> {
        if !self.is_provisional(headers) {
            return Ok(Principal::unknown(Role::Public));
        }
        let session = match token(headers) {
            Some(token) => self.store.session(&token, now()).await?,
            None => None,
        };
        Ok(match session {
            Some((id, name)) => Principal { id, name, roles: vec![Role::Panel] },
            None => Principal::unknown(Role::Local),
        })
    }
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
}

/// The principal that a request comes from.
pub struct Caller(pub Principal);

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Identity: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Identity::from_ref(state).principal(&parts.headers).await.map(Self)
    }
}

/// Refuses requests that a page of another site makes a browser send.
pub fn same_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, site)| site);
    if site.is_some() && site == host { Ok(()) } else { Err(ApiError::ForeignOrigin) }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The hash of the session's token, which is all that the database knows of it.
fn token(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let token = jar.get(COOKIE)?.value();
    (token.len() == 2 * TOKEN_BYTES).then(|| sha256(token.as_bytes()))
}

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
    identity.store.insert_session(&sha256(secret.as_bytes()), &id, name, now()).await?;
    let principal = Principal { id, name: name.to_owned(), roles: vec![Role::Panel] };
    let cookie = set_cookie(&secret, SESSION_LIFETIME / 1000);
    Ok((cookie, [(header::CACHE_CONTROL, "no-store")], Json(Session { principal, provisional: true })))
}

/// Gives the name back.
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204), (status = 403, body = Problem)))]
pub async fn sign_out(
    State(identity): State<Identity>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    same_origin(&headers)?;
    if let Some(token) = token(&headers) {
        identity.store.delete_session(&token).await?;
    }
    Ok((StatusCode::NO_CONTENT, set_cookie("", 0)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn loopback_by_its_name_only() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "evil.example", "localhost.evil.example", "10.0.0.1:80", "127.0.0.1.evil.example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_foreign() {
        let check = |origin: Option<&str>, host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            same_origin(&headers).is_ok()
        };
        assert!(check(None, "127.0.0.1:80"));
        assert!(check(Some("http://127.0.0.1:80"), "127.0.0.1:80"));
        assert!(!check(Some("http://127.0.0.1:81"), "127.0.0.1:80"));
        assert!(!check(Some("https://evil.example"), "127.0.0.1:80"));
        assert!(!check(Some("null"), "127.0.0.1:80"));
    }
}
