//! What a client is told when something fails: a problem document with a stable code. The cause goes to
//! the log only.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use evolume_model::api::Problem;
use evolume_model::code::Code;
use evolume_model::search::QueryError;

use crate::pages::PageError;
use crate::people::PeopleError;
use crate::search::SearchError;
use crate::store::StoreError;

const BROKEN: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// A failure of a request.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A path, query or header is malformed.
    #[error("malformed")]
    Malformed,
    /// Cannot be looked for.
    #[error(transparent)]
    Query(QueryError),
    /// Nothing is there.
    #[error("not found")]
    NotFound,
    /// Not with this method.
    #[error("method not allowed")]
    Method,
    /// Not from a page of another site.
    #[error("foreign origin")]
    ForeignOrigin,
    /// Nobody gets a name here.
    #[error("no provisional names")]
    NoIdentity,
    /// Not a name.
    #[error("not a name")]
    Name,
    /// This needs an account.
    #[error("not signed in")]
    NotSignedIn,
    /// Nobody signs in where others may listen.
    #[error("sign-in without TLS")]
    Insecure,
    /// Somebody is not let in, or not changed.
    #[error(transparent)]
    People(PeopleError),
    /// Bytes that do not exist, of so many that do.
    #[error("range outside of {0} bytes")]
    Range(u64),
    /// Address or body too long.
    #[error("too large")]
    TooLarge,
    /// Too many at once, or too slow.
    #[error("busy")]
    Busy,
    /// The store does not answer.
    #[error("not ready: {0}")]
    Unready(Code),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that should not happen.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<PeopleError> for ApiError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => Self::Store(error),
            PeopleError::Busy => Self::Busy,
            error => Self::People(error),
        }
    }
}

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Store(error) => Self::Store(error),
            SearchError::Index(error) => Self::Internal(error.to_string()),
            SearchError::Busy => Self::Busy,
        }
    }
}

impl From<PageError> for ApiError {
    fn from(error: PageError) -> Self {
        match error {
            PageError::NoPage => Self::NotFound,
            PageError::Store(error) => Self::Store(error),
            PageError::Text(error) => Self::Internal(error.to_string()),
        }
    }
}

impl ApiError {
    fn parts(&self) -> (StatusCode, Code, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, Code::RequestMalformed, "The request is malformed."),
            Self::Query(error) => (StatusCode::BAD_REQUEST, error.code(), "This cannot be looked for."),
            Self::NotFound | Self::Store(StoreError::NoVolume) => {
                (StatusCode::NOT_FOUND, Code::NotFound, "There is nothing here.")
            }
            Self::Method => {
                (StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, "This method is not allowed here.")
            }
            Self::ForeignOrigin => {
                (StatusCode::FORBIDDEN, Code::OriginForeign, "Another site's page may not do this.")
            }
            Self::NoIdentity => {
                (StatusCode::FORBIDDEN, Code::IdentityUnavailable, "This server gives nobody a name.")
            }
            Self::Name => (StatusCode::BAD_REQUEST, Code::IdentityName, "This is not a name."),
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, Code::IdentityRequired, "This needs an account."),
            Self::Insecure => (
                StatusCode::FORBIDDEN,
                Code::IdentityInsecure,
                "Nobody signs in over a connection that others may read.",
            ),
            Self::People(error) => people(error),
            Self::Range(_) => {
                (StatusCode::RANGE_NOT_SATISFIABLE, Code::RangeInvalid, "These bytes do not exist.")
            }
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, Code::RequestTooLarge, "The request is too large.")
            }
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, Code::ServerBusy, "The server is busy."),
            Self::Unready(code) => {
                (StatusCode::SERVICE_UNAVAILABLE, *code, "The server cannot serve at present.")
            }
            Self::Store(error) => {
                let (status, title) = match error.code() {
                    Code::BlobMissing => (BROKEN, "A stored file is missing."),
                    Code::BlobCorrupt => (BROKEN, "A stored file is damaged."),
                    Code::ManifestFormat => {
                        (BROKEN, "The volume has a format that this server does not read.")
                    }
                    Code::StoreUnreachable => {
                        (StatusCode::SERVICE_UNAVAILABLE, "The server's storage does not answer.")
                    }
                    Code::StoreReadOnly => {
                        (StatusCode::SERVICE_UNAVAILABLE, "The server's storage takes nothing new.")
                    }
                    Code::StoreFull => (StatusCode::INSUFFICIENT_STORAGE, "There is no room left."),
                    _ => (BROKEN, "Something broke in the server."),
                };
                (status, error.code(), title)
            }
            Self::Internal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, Code::ServerInternal, "Something broke in the server.")
            }
        }
    }
}

fn people(error: &PeopleError) -> (StatusCode, Code, &'static str) {
    let (status, title) = match error {
        PeopleError::Wrong => (StatusCode::UNAUTHORIZED, "The login or the password is wrong."),
        PeopleError::Locked(_) => (StatusCode::TOO_MANY_REQUESTS, "Too many tries have failed."),
        PeopleError::Code => (StatusCode::UNAUTHORIZED, "The code is wrong, used or too old."),
        PeopleError::Length => (StatusCode::BAD_REQUEST, "The password is too short or too long."),
        PeopleError::Common => (StatusCode::BAD_REQUEST, "The password is too easily guessed."),
        PeopleError::Login => (StatusCode::BAD_REQUEST, "This is not a login."),
        PeopleError::Taken => (StatusCode::CONFLICT, "Another person has this login."),
        PeopleError::Name => (StatusCode::BAD_REQUEST, "This is not a name."),
        PeopleError::Unknown => (StatusCode::NOT_FOUND, "There is no such person."),
        PeopleError::Busy | PeopleError::Store(_) | PeopleError::Hashing(_) => {
            (BROKEN, "Something broke in the server.")
        }
    };
    (status, error.code(), title)
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code, title) = self.parts();
        if status.is_server_error() {
            tracing::error!(error = %self, %code, "request failed");
        }
        let problem = Problem { status: status.as_u16(), code, title: title.to_owned() };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        if let Self::Range(length) = self
            && let Ok(value) = format!("bytes */{length}").parse()
        {
            headers.insert(header::CONTENT_RANGE, value);
        }
        if let Self::People(PeopleError::Locked(wait)) = self {
            headers.insert(header::RETRY_AFTER, wait.div_ceil(1_000).into());
        }
        response
    }
}
