//! Members of a case, for whoever may name them. For everybody else there is nothing here.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use evolume_model::access::{Role, hides};
use evolume_model::api::{MemberRequest, MemberSummary, Problem};

use super::bytes::NO_STORE;
use super::error::ApiError;
use super::extract::{Caller, Params};
use crate::admission::Admission;
use crate::clock::now;
use crate::people::People;
use crate::rights::Permit;
use crate::rooms::Rooms;
use crate::store::{Appointment, Member, Store};

/// Characters of a party's name.
const MAX_PARTY: usize = 100;

async fn listed(store: &Store, permit: &Permit, case: &str) -> Result<impl IntoResponse + use<>, ApiError> {
    let members = store.members(permit, case, now()).await?.into_iter().map(|member| {
        let Member { user, login, name, role, party, since, until } = member;
        MemberSummary { user, login, name, role, party, since, until }
    });
    Ok((NO_STORE, Json(members.collect::<Vec<_>>())))
}

/// Who has a role in a case.
#[utoipa::path(
    get, path = "/api/v1/cases/{case}/members",
    params(("case" = String, Path, description = "Case id")),
    responses((status = 200, body = Vec<MemberSummary>), (status = 404, body = Problem))
)]
pub async fn members(
    State(store): State<Store>,
    State(admission): State<Admission>,
    Caller(person): Caller,
    Params(case): Params<String>,
) -> Result<impl IntoResponse, ApiError> {
    let permit = admission.to_grant(&person, &case).await?;
    listed(&store, &permit, &case).await
}

/// Gives somebody a role in a case.
#[utoipa::path(
    post, path = "/api/v1/cases/{case}/members", request_body = MemberRequest,
    params(("case" = String, Path, description = "Case id")),
    responses((status = 200, body = Vec<MemberSummary>), (status = 400, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub async fn add(
    State(store): State<Store>,
    State(admission): State<Admission>,
    State(people): State<People>,
    State(rooms): State<Rooms>,
    Caller(person): Caller,
    Params(case): Params<String>,
    request: Result<Json<MemberRequest>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let permit = admission.to_grant(&person, &case).await?;
    let Json(MemberRequest { login, role, party, until }) = request.map_err(|_| ApiError::Malformed)?;
    let odd = party.chars().count() > MAX_PARTY || party.chars().any(hides);
    if odd || !Role::of_members().any(|known| known == role) {
        return Err(ApiError::Malformed);
    }
    let user = people.of_login(&login).await?.id;
    let new = Appointment { user: &user, role, party: party.trim(), since: now(), until };
    store.add_member(&permit, &case, &new).await?;
    rooms.rights_changed();
    listed(&store, &permit, &case).await
}

/// Takes a role from somebody. Whatever they have open of the case closes.
#[utoipa::path(
    delete, path = "/api/v1/cases/{case}/members/{user}/{role}",
    params(("case" = String, Path, description = "Case id"),
           ("user" = String, Path, description = "Id of the user"),
           ("role" = Role, Path, description = "The role")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem))
)]
pub async fn remove(
    State(store): State<Store>,
    State(admission): State<Admission>,
    State(rooms): State<Rooms>,
    Caller(person): Caller,
    Params((case, user, role)): Params<(String, String, Role)>,
) -> Result<StatusCode, ApiError> {
    let permit = admission.to_grant(&person, &case).await?;
    let removed = store.remove_member(&permit, &case, &user, Some(role), now()).await?;
    rooms.rights_changed();
    removed.then_some(StatusCode::NO_CONTENT).ok_or(ApiError::NotFound)
}
