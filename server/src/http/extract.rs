//! What handlers take out of a request: who asks, path parameters, where it comes from.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::identity::Identity;
use crate::admission::{Admission, Readable};
use crate::people::Client;
use crate::rights::Person;

/// Whom a request comes from.
pub struct Caller(pub Person);

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Identity: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Identity::from_ref(state).person(&parts.headers).await.map(Self)
    }
}

/// An administrator; whoever is none finds nothing here.
pub struct Administrator;

impl<S: Send + Sync> FromRequestParts<S> for Administrator
where
    Identity: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Caller(person) = Caller::from_request_parts(parts, state).await?;
        person.is_administrator().then_some(Self).ok_or(ApiError::NotFound)
    }
}

/// From where a request comes, for whom tries are counted and how a session is called.
pub struct Whence(pub Client);

impl<S: Send + Sync> FromRequestParts<S> for Whence {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(Client { address, device: device(agent.unwrap_or_default()) }))
    }
}

/// Browser and system, as far as the browser says.
fn device(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("360", "360"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let known: Vec<_> = browser.into_iter().chain(system).collect();
    known.join(" · ")
}

/// The volume that the path names, for whoever may read it: every route of a volume takes it first, and its
/// permit is what the store then asks for.
impl<S: Send + Sync> FromRequestParts<S> for Readable
where
    Identity: FromRef<S>,
    Admission: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        struct Named {
            volume: String,
        }
        let Caller(person) = Caller::from_request_parts(parts, state).await?;
        let Params(Named { volume }) = Params::from_request_parts(parts, state).await?;
        Ok(Admission::from_ref(state).open(&person, &volume).await?)
    }
}

/// What the query string asks for; whatever is wrong with it is a problem document.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Self(asked)).map_err(|_| ApiError::Malformed)
    }
}

/// A socket that no page of another site made a browser open. Whatever changes something is looked at by a layer around
/// all handlers, which lets every `GET` through.
pub struct SameOrigin;

impl<S: Send + Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        same_origin(&parts.headers).map(|()| Self)
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

fn same_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, site)| site);
    if site.is_some() && site == host { Ok(()) } else { Err(ApiError::ForeignOrigin) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_called_by_browser_and_system() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        assert_eq!(device(edge), "Edge · Windows");
        assert_eq!(
            device("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox · Linux"
        );
        assert_eq!(device("<script>"), "");
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
