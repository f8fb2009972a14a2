//! Accounts, for administrators. For everybody else there is nothing here.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::IntoResponse;
use evolume_model::api::{Problem, Secret, UserChange, UserCode, UserRequest, UserSummary};

use super::bytes::NO_STORE;
use super::error::ApiError;
use super::extract::{Administrator, Params};
use crate::people::{NewUser, People};
use crate::rooms::Rooms;
use crate::store::User;

fn summary(user: User) -> UserSummary {
    let User { id, login, name, administrator, disabled } = user;
    UserSummary { id, login, name, administrator, disabled }
}

/// Everybody with an account, by login.
#[utoipa::path(
    get, path = "/api/v1/users",
    responses((status = 200, body = Vec<UserSummary>), (status = 404, body = Problem))
)]
pub async fn users(_: Administrator, State(people): State<People>) -> Result<impl IntoResponse, ApiError> {
    let users: Vec<_> = people.all().await?.into_iter().map(summary).collect();
    Ok((NO_STORE, Json(users)))
}

/// Makes an account, with a code by which its owner chooses a password.
#[utoipa::path(
    post, path = "/api/v1/users", request_body = UserRequest,
    responses((status = 200, body = UserCode), (status = 400, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub async fn add(
    _: Administrator,
    State(people): State<People>,
    request: Result<Json<UserRequest>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let Json(UserRequest { login, name, administrator }) = request.map_err(|_| ApiError::Malformed)?;
    let user = people.add(&NewUser { login: &login, name: &name, administrator }, None).await?;
    let code = Secret(people.code_for(&user).await?);
    Ok((NO_STORE, Json(UserCode { user: summary(user), code })))
}

/// Changes an account. Whoever may not sign in any more is signed out everywhere.
#[utoipa::path(
    patch, path = "/api/v1/users/{user}", request_body = UserChange,
    params(("user" = String, Path, description = "Id of the user")),
    responses((status = 200, body = UserSummary), (status = 400, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem))
)]
pub async fn change(
    _: Administrator,
    State(people): State<People>,
    State(rooms): State<Rooms>,
    Params(user): Params<String>,
    request: Result<Json<UserChange>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let Json(UserChange { name, administrator, disabled }) = request.map_err(|_| ApiError::Malformed)?;
    let mut user = people.user(&user).await?;
    user.name = name.map_or(user.name, |name| name.trim().to_owned());
    user.administrator = administrator.unwrap_or(user.administrator);
    user.disabled = disabled.unwrap_or(user.disabled);
    people.update(&user).await?;
    rooms.rights_changed();
    Ok((NO_STORE, Json(summary(user))))
}

/// Makes a code by which somebody chooses another password. The one that they have is no good from now on, and they are
/// signed out everywhere.
#[utoipa::path(
    post, path = "/api/v1/users/{user}/code",
    params(("user" = String, Path, description = "Id of the user")),
    responses((status = 200, body = UserCode), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub async fn code(
    _: Administrator,
    State(people): State<People>,
    Params(user): Params<String>,
) -> Result<impl IntoResponse, ApiError> {
    let user = people.user(&user).await?;
    let code = Secret(people.code_for(&user).await?);
    Ok((NO_STORE, Json(UserCode { user: summary(user), code })))
}
