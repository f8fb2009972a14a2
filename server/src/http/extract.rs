//! What handlers take out of a request: who asks, path parameters, where it comes from.

use axum::extract::{FromRef, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use evolume_model::access::Principal;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::identity::Identity;

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

/// Path parameters; whatever is wrong with them is a problem document.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(params)| Self(params)).map_err(|_| ApiError::Malformed)
    }
}

/// Refuses requests that a page of another site makes a browser send.
pub fn same_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, site)| site);
    if site.is_some() && site == host { Ok(()) } else { Err(ApiError::ForeignOrigin) }
}

#[cfg(test)]
mod tests {
    use super::*;

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
