//! A session: beginning and ending it, one's password, and where else one is signed in.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use evolume_model::access::is_name;
use evolume_model::api::{Device, PasswordChange, Problem, Session, SessionRequest};

use super::bytes::NO_STORE;
use super::error::ApiError;
use super::extract::{Caller, Params, Whence};
use super::identity::Identity;
use crate::people::People;
use crate::rights::Person;
use crate::store::{SESSION_LIFE, SESSION_LIFETIME};

fn describe(identity: &Identity, headers: &HeaderMap, person: &Person) -> Session {
    Session {
        principal: person.principal(),
        provisional: identity.is_provisional(headers),
        account: person.user().is_some(),
        sample: identity.sample(headers).to_vec(),
    }
}

/// Who one is.
#[utoipa::path(get, path = "/api/v1/session", responses((status = 200, body = Session)))]
pub async fn session(
    State(identity): State<Identity>,
    Caller(person): Caller,
    headers: HeaderMap,
) -> impl IntoResponse {
    (NO_STORE, Json(describe(&identity, &headers, &person)))
}

/// Begins a session; one that the request came with ends.
#[utoipa::path(
    post, path = "/api/v1/session", request_body = SessionRequest,
    responses((status = 200, body = Session), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 429, body = Problem))
)]
pub async fn sign_in(
    State(identity): State<Identity>,
    State(people): State<People>,
    whence: Whence,
    headers: HeaderMap,
    request: Result<Json<SessionRequest>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(request) = request.map_err(|_| ApiError::Malformed)?;
    let anybody = matches!(request, SessionRequest::Name { .. });
    if anybody && !identity.is_provisional(&headers) {
        return Err(ApiError::NoIdentity);
    }
    if !identity.is_safe(&headers) {
        return Err(ApiError::Insecure);
    }
    let client = &whence.0;
    let (token, person) = match request {
        SessionRequest::Code { login, code, password } => {
            people.redeem(&login, &code.0, &password.0, client).await?
        }
        SessionRequest::Password { login, password } => people.sign_in(&login, &password.0, client).await?,
        SessionRequest::Name { name } => {
            let name = name.trim();
            if !is_name(name) {
                return Err(ApiError::Name);
            }
            people.begin_provisional(name).await?
        }
        SessionRequest::Sample { sample } => {
            let known = identity.sample(&headers).iter().any(|known| known.login == sample);
            known.then_some(()).ok_or(ApiError::NoIdentity)?;
            people.sign_in_as_sample(&sample, client).await?
        }
    };
    if let Some(before) = identity.token(&headers) {
        people.end(&before).await?;
    }
    Ok(begun(&identity, &headers, &token, &person))
}

fn begun(identity: &Identity, headers: &HeaderMap, token: &str, person: &Person) -> Response {
    let life = if person.user().is_some() { SESSION_LIFE } else { SESSION_LIFETIME };
    let cookie = [(header::SET_COOKIE, identity.cookie(token, life / 1000))];
    (cookie, NO_STORE, Json(describe(identity, headers, person))).into_response()
}

/// Ends the session.
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204), (status = 403, body = Problem)))]
pub async fn sign_out(
    State(identity): State<Identity>,
    State(people): State<People>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = identity.token(&headers) {
        people.end(&token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, identity.cookie("", 0))]))
}

/// Changes one's password, and signs one out everywhere else.
#[utoipa::path(
    post, path = "/api/v1/session/password", request_body = PasswordChange,
    responses((status = 200, body = Session), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 429, body = Problem))
)]
pub async fn change_password(
    State(identity): State<Identity>,
    State(people): State<People>,
    Caller(person): Caller,
    whence: Whence,
    headers: HeaderMap,
    request: Result<Json<PasswordChange>, JsonRejection>,
) -> Result<Response, ApiError> {
    person.user().ok_or(ApiError::NotSignedIn)?;
    let Json(PasswordChange { old, new }) = request.map_err(|_| ApiError::Malformed)?;
    let (token, person) = people.change_password(&person, &old.0, &new.0, &whence.0).await?;
    Ok(begun(&identity, &headers, &token, &person))
}

/// Where one is signed in, the latest first.
#[utoipa::path(
    get, path = "/api/v1/session/devices",
    responses((status = 200, body = Vec<Device>), (status = 401, body = Problem))
)]
pub async fn devices(
    State(people): State<People>,
    Caller(person): Caller,
) -> Result<impl IntoResponse, ApiError> {
    person.user().ok_or(ApiError::NotSignedIn)?;
    let devices = people.devices(&person).await?.into_iter().map(|(session, here)| Device {
        id: session.id,
        label: session.device,
        created: session.created,
        seen: session.seen,
        here,
    });
    Ok((NO_STORE, Json(devices.collect::<Vec<_>>())))
}

/// Signs one out everywhere, here too.
#[utoipa::path(
    delete, path = "/api/v1/session/devices",
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub async fn sign_out_everywhere(
    State(identity): State<Identity>,
    State(people): State<People>,
    Caller(person): Caller,
) -> Result<impl IntoResponse, ApiError> {
    people.end_everywhere(person.user().ok_or(ApiError::NotSignedIn)?).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, identity.cookie("", 0))]))
}

/// Signs one out at one of one's devices.
#[utoipa::path(
    delete, path = "/api/v1/session/devices/{device}",
    params(("device" = String, Path, description = "Id of the device")),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem))
)]
pub async fn sign_out_there(
    State(people): State<People>,
    Caller(person): Caller,
    Params(device): Params<String>,
) -> Result<StatusCode, ApiError> {
    person.user().ok_or(ApiError::NotSignedIn)?;
    let ended = people.end_device(&person, &device).await?;
    ended.then_some(StatusCode::NO_CONTENT).ok_or(ApiError::NotFound)
}
