//! The router with everything around it: limits, headers, logs.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post};
use evolume_model::api::SampleUser;
use tokio::sync::Semaphore;
use tokio::time::MissedTickBehavior;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use super::assets::Shell;
use super::error::ApiError;
use super::health::Readiness;
use super::identity::{Identity, Transport};
use super::{assets, case_search, cases, health, layers, members, openapi, session, socket, users, volumes};
use crate::admission::Admission;
use crate::library::Library;
use crate::people::People;
use crate::rooms::Rooms;
use crate::search::CaseSearch;
use crate::store::Store;
use crate::views::Views;

const BODY_LIMIT: usize = 64 << 10;
const URI_LIMIT: usize = 8 << 10;
const AT_ONCE: usize = 512;
/// Until the response's head; bodies may take longer.
const HANDLER_TIME: Duration = Duration::from_secs(30);
/// How often it is looked whether rights have changed: nobody keeps one for a second that they have lost.
const LOOK: Duration = Duration::from_millis(400);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const SECURITY: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' blob: data:; media-src 'self'; connect-src 'self' blob:; worker-src 'self'; font-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// What the handlers share.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    store: Store,
    admission: Admission,
    identity: Identity,
    people: People,
    rooms: Rooms,
    case_search: CaseSearch,
    readiness: Readiness,
    shell: Shell,
    views: Views,
}

impl App {
    /// Over a store, for requests that come by this way.
    pub fn new(store: Store, transport: Transport) -> Self {
        let people = People::new(store.clone());
        let admission = Admission::new(store.clone(), Library::new(store.clone()), people.clone());
        Self {
            case_search: CaseSearch::new(store.clone(), admission.clone()),
            admission,
            identity: Identity::new(people.clone(), transport),
            people,
            rooms: Rooms::new(store.clone()),
            readiness: Readiness::new(store.clone()),
            store,
            shell: Shell::NONE,
            views: Views::default(),
        }
    }

    /// With the web shell's files.
    pub fn with_shell(self, shell: Shell) -> Self {
        Self { shell, ..self }
    }

    /// With people whom anybody on this machine may become.
    pub fn with_sample(self, sample: Vec<SampleUser>) -> Self {
        Self { identity: self.identity.with_sample(sample), ..self }
    }

    /// Notes there what readers look at.
    pub fn with_views(self, views: Views) -> Self {
        Self { views, ..self }
    }

    /// Has sockets look after the rights of who is there whenever somebody's change in the database, whoever changed
    /// them: another server, or a command.
    pub async fn watch_rights(self) {
        let mut seen = None;
        let mut tick = tokio::time::interval(LOOK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            match self.store.rights_version().await {
                Ok(version) => {
                    if seen.replace(version).is_some_and(|before| before != version) {
                        self.rooms.rights_changed();
                    }
                }
                // Sockets look by themselves now and then, and find the same.
                Err(error) => tracing::warn!(%error, "whether rights have changed is not known"),
            }
        }
    }

    /// For whoever has to close sockets: a server that stops, rights that change.
    pub fn rooms(&self) -> &Rooms {
        &self.rooms
    }
}

/// The whole application.
pub fn router(app: App) -> Router {
    let compression = CompressionLayer::new().br(true).gzip(true).quality(CompressionLevel::Precise(4));
    let documents = Router::new()
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/cases", get(cases::cases))
        .route("/openapi.json", get(openapi::serve))
        .route("/search", post(case_search::search))
        .route("/volumes/{volume}/pages/{page}/excerpt", get(volumes::excerpt))
        .route("/volumes/{volume}/excerpt", get(volumes::excerpt_at))
        .route("/volumes/{volume}/pages/{page}/text", get(volumes::text))
        .route("/volumes/{volume}/layers", get(layers::layers))
        .route("/volumes/{volume}/acts", get(layers::acts))
        .route("/session", get(session::session).post(session::sign_in).delete(session::sign_out))
        .route("/session/password", post(session::change_password))
        .route("/session/devices", get(session::devices).delete(session::sign_out_everywhere))
        .route("/session/devices/{device}", delete(session::sign_out_there))
        .route("/users", get(users::users).post(users::add))
        .route("/users/{user}", patch(users::change))
        .route("/users/{user}/code", post(users::code))
        .route("/cases/{case}/members", get(members::members).post(members::add))
        .route("/cases/{case}/members/{user}/{role}", delete(members::remove))
        .layer(compression);
    // These see to it themselves: manifests are kept compressed, and the rest does not get smaller.
    let bytes = Router::new()
        .route("/volumes/{volume}/manifest", get(volumes::manifest))
        .route("/volumes/{volume}/manifests/{sha256}", get(volumes::revision))
        .route("/volumes/{volume}/blobs/{sha256}", get(volumes::blob))
        .route("/volumes/{volume}/pages/{page}/preview", get(volumes::preview))
        .route("/volumes/{volume}/preview", get(volumes::preview_at))
        .route("/volumes/{volume}/materials/{material}/original", get(volumes::original))
        .route("/volumes/{volume}/rooms/{layer}", get(socket::open))
        .route("/socket", get(socket::open_window));
    let api = documents.merge(bytes).fallback(async || ApiError::NotFound);
    Router::new()
        .nest("/api/v1", api)
        .route("/api", get(async || ApiError::NotFound))
        .route("/api/{*rest}", get(async || ApiError::NotFound))
        .fallback(get(assets::serve))
        .with_state(app)
        .layer(CsrfLayer::new().with_rejection_response(|_| ApiError::ForeignOrigin.into_response()))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::new(Semaphore::new(AT_ONCE)), limits))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(security))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
}

/// Refuses what is too much: addresses, bodies, requests at once, time; and tells of wrong methods.
async fn limits(State(free): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let length = request.headers().get("content-length").and_then(|value| value.to_str().ok());
    let body = length.and_then(|value| value.parse::<u64>().ok()).unwrap_or(0);
    let uri = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if uri > URI_LIMIT || body > BODY_LIMIT as u64 {
        return ApiError::TooLarge.into_response();
    }
    let Ok(_permit) = free.try_acquire() else { return ApiError::Busy.into_response() };
    match tokio::time::timeout(HANDLER_TIME, next.run(request)).await {
        Ok(response) if response.status() == StatusCode::METHOD_NOT_ALLOWED => {
            let allowed = response.headers().get(header::ALLOW).cloned();
            let mut problem = ApiError::Method.into_response();
            if let Some(allowed) = allowed {
                problem.headers_mut().insert(header::ALLOW, allowed);
            }
            problem
        }
        Ok(response) => response,
        Err(_) => ApiError::Busy.into_response(),
    }
}

async fn security(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in SECURITY {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    ApiError::Internal(text.to_owned()).into_response()
}
