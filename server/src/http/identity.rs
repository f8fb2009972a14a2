//! Who is asking. Provisional: on loopback a name chosen at the door makes somebody a member of the panel.
//!
//! Handlers take a [`super::extract::Caller`] and know nothing of how it came about; real accounts replace
//! this file.

use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;

use super::error::ApiError;
use crate::people::{Sessions, TOKEN_BYTES};
use crate::rights::Person;

pub const COOKIE: &str = "evolume_session";

/// Finds out who is asking.
#[derive(Clone, Debug)]
pub struct Identity {
    sessions: Sessions,
    provisional: bool,
}

impl Identity {
    /// `provisional`: whoever reaches the server may choose a name; only ever on loopback.
    pub fn new(sessions: Sessions, provisional: bool) -> Self {
        Self { sessions, provisional }
    }

    /// Whether this request may be given a provisional name: also a page that has made its own name point
    /// here, or a proxy in front, is not loopback.
    pub fn is_provisional(&self, headers: &HeaderMap) -> bool {
        self.provisional && headers.get(header::HOST).is_none_or(|host| host.to_str().is_ok_and(is_loopback))
    }

    pub async fn person(&self, headers: &HeaderMap) -> Result<Person, ApiError> {
        if !self.is_provisional(headers) {
            return Ok(Person::Stranger);
        }
        let person = match token(headers) {
            Some(token) => self.sessions.find(&token).await?,
            None => None,
        };
        Ok(person.unwrap_or(Person::Local))
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The session's token, as the cookie has it.
pub fn token(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let token = jar.get(COOKIE)?.value();
    (token.len() == 2 * TOKEN_BYTES).then(|| token.to_owned())
}

#[cfg(test)]
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
}
