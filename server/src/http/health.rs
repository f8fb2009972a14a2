//! Whether the server lives, and whether it can serve. Strangers may ask: they hear yes or no and a code, nothing else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use evolume_model::code::Code;
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use super::bytes::NO_STORE;
use super::error::ApiError;
use crate::store::{Store, StoreError};

/// What the database and the blob store each have for an answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// However many ask, the store is asked no more often.
const LOOK: Duration = Duration::from_secs(1);

/// A server that is up.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
}

const UP: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// When somebody looked, and what there was.
type Found = (Instant, Result<(), Code>);

/// Whether the store answers, as found a moment ago.
#[derive(Clone, Debug)]
pub struct Readiness {
    store: Store,
    found: Arc<Mutex<Option<Found>>>,
}

impl Readiness {
    pub fn new(store: Store) -> Self {
        Self { store, found: Arc::default() }
    }

    async fn look(&self) -> Result<(), Code> {
        // Those who come while somebody looks wait for what he finds.
        let mut found = self.found.lock().await;
        if let Some((_, known)) = found.filter(|(when, _)| when.elapsed() < LOOK) {
            return known;
        }
        let (database, blobs) =
            tokio::join!(self.store.database_answers(PATIENCE), self.store.blobs_answer(PATIENCE));
        let now = database.and(blobs).map_err(|error| unready(&error));
        *found = Some((Instant::now(), now));
        now
    }
}

fn unready(error: &StoreError) -> Code {
    tracing::error!(%error, "not ready");
    match error.code() {
        Code::ServerInternal => Code::StoreUnreachable,
        code => code,
    }
}

/// Whether the server is up.
#[utoipa::path(get, path = "/api/v1/health", responses((status = 200, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(UP)
}

/// Whether the server is up; asks nobody else. Restart it when this does not answer.
#[utoipa::path(get, path = "/api/v1/health/live", responses((status = 200, body = Health)))]
pub async fn live() -> impl IntoResponse {
    (NO_STORE, Json(UP))
}

/// Whether the database and the blob store answer. Send it nobody while they do not.
#[utoipa::path(
    get,
    path = "/api/v1/health/ready",
    responses((status = 200, body = Health), (status = 503, body = evolume_model::api::Problem))
)]
pub async fn ready(State(readiness): State<Readiness>) -> Result<impl IntoResponse, ApiError> {
    readiness.look().await.map_err(ApiError::Unready)?;
    Ok((NO_STORE, Json(UP)))
}
