//! `/api/v1/search`: one query over every volume that one may read. It comes in the body: addresses are logged
//! everywhere, and names are looked for.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::IntoResponse;
use evolume_model::api::Problem;
use evolume_model::search::wire::{CaseFound, CaseQuery};
use evolume_model::search::{Filter, Query, QueryError, parse_category, parse_days, parse_pages};

use super::bytes::NO_STORE;
use super::error::ApiError;
use super::extract::Caller;
use crate::search::{CaseSearch, Cursor};

/// Pages in an answer: unless asked, and at most.
const LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

/// What is looked for.
fn query(asked: &CaseQuery) -> Result<Query, QueryError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut filter = Filter { materials: given(&asked.material).into_iter().collect(), ..Filter::default() };
    if let Some(category) = given(&asked.category) {
        filter.categories.push(parse_category(&category).ok_or(QueryError::Category)?);
    }
    if let Some(pages) = given(&asked.pages) {
        filter.pages = Some(parse_pages(&pages).ok_or(QueryError::Pages)?);
    }
    if let Some(days) = given(&asked.date) {
        filter.days = Some(parse_days(&days).ok_or(QueryError::Date)?);
    }
    Ok(Query::filtered(&asked.query, filter)?.tolerant(asked.tolerant))
}

/// One query over every volume that one may read: exact pages first, each case after case, volume after
/// volume, in reading order.
#[utoipa::path(
    post, path = "/api/v1/search", request_body = CaseQuery,
    responses((status = 200, body = CaseFound), (status = 400, body = Problem), (status = 403, body = Problem),
              (status = 503, body = Problem))
)]
pub async fn search(
    State(cases): State<CaseSearch>,
    Caller(person): Caller,
    asked: Result<Json<CaseQuery>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let Json(asked) = asked.map_err(|_| ApiError::Malformed)?;
    let query = query(&asked).map_err(ApiError::Query)?;
    let limit = asked.limit.map_or(LIMIT, |limit| limit as usize);
    let after = match &asked.cursor {
        Some(cursor) => Some(Cursor::parse(cursor).ok_or(ApiError::Malformed)?),
        None => None,
    };
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::Malformed);
    }
    let found = cases.run(&person, &asked, query, limit, after).await?;
    Ok((NO_STORE, Json(found)))
}
