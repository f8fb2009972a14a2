//! Who is asking: the cookie's session, if the way it came by is one to trust.
//!
//! Provisional: on loopback a name chosen at the door makes somebody a judge of every panel.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use evolume_model::api::SampleUser;

use super::error::ApiError;
use crate::people::{People, TOKEN_BYTES};
use crate::rights::{Account, Person};

/// Over plain HTTP, which only loopback may use.
const COOKIE: &str = "evolume_session";
/// Over TLS: browsers take it for this host alone, and from nobody else.
const HOST_COOKIE: &str = "__Host-evolume_session";

/// By which way requests come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// From this machine.
    Loopback,
    /// Over a network, where everybody may listen: nobody signs in.
    Plain,
    Tls,
}

/// Finds out who is asking.
#[derive(Clone, Debug)]
pub struct Identity {
    people: People,
    transport: Transport,
    sample: Arc<[SampleUser]>,
}

impl Identity {
    pub fn new(people: People, transport: Transport) -> Self {
        Self { people, transport, sample: Arc::default() }
    }

    /// With people whom anybody on this machine may become.
    pub fn with_sample(self, sample: Vec<SampleUser>) -> Self {
        Self { sample: sample.into(), ..self }
    }

    /// Whom this request may become.
    pub fn sample(&self, headers: &HeaderMap) -> &[SampleUser] {
        if self.is_provisional(headers) { &self.sample } else { &[] }
    }

    /// Whether a session may begin, or be known, by this request. On loopback also a page that has made its own name
    /// point here, or a proxy in front, is not this machine.
    pub fn is_safe(&self, headers: &HeaderMap) -> bool {
        match self.transport {
            Transport::Loopback => {
                headers.get(header::HOST).is_none_or(|host| host.to_str().is_ok_and(is_loopback))
            }
            Transport::Plain => false,
            Transport::Tls => true,
        }
    }

    /// Whether this request may be given a provisional name.
    pub fn is_provisional(&self, headers: &HeaderMap) -> bool {
        self.transport == Transport::Loopback && self.is_safe(headers)
    }

    pub async fn person(&self, headers: &HeaderMap) -> Result<Person, ApiError> {
        if !self.is_safe(headers) {
            return Ok(Person::Stranger);
        }
        let person = match self.token(headers) {
            Some(token) => self.people.find(&token).await?,
            None => None,
        };
        Ok(match (self.transport, person) {
            (Transport::Loopback, person) => person.unwrap_or(Person::Local),
            (
                Transport::Plain | Transport::Tls,
                Some(Person::Named { account: Account::Provisional, .. }) | None,
            ) => Person::Stranger,
            (Transport::Plain | Transport::Tls, Some(person)) => person,
        })
    }

    /// The session's token, as the cookie has it.
    pub fn token(&self, headers: &HeaderMap) -> Option<String> {
        let jar = CookieJar::from_headers(headers);
        let token = jar.get(self.cookie_name())?.value();
        (token.len() == 2 * TOKEN_BYTES).then(|| token.to_owned())
    }

    /// Out of reach of scripts, and never sent with what another site asks for.
    pub fn cookie(&self, value: &str, seconds: u64) -> String {
        let secure = if self.transport == Transport::Tls { "; Secure" } else { "" };
        let name = self.cookie_name();
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
    }

    fn cookie_name(&self) -> &'static str {
        match self.transport {
            Transport::Loopback | Transport::Plain => COOKIE,
            Transport::Tls => HOST_COOKIE,
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn loopback_by_its_name_only() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "evil.example", "localhost.evil.example", "10.0.0.1:80", "127.0.0.1.evil.example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[tokio::test]
    async fn a_provisional_name_is_nobody_over_a_network_and_tls_has_its_own_cookie() {
        let folder = tempfile::tempdir().unwrap();
        let people = People::new(Store::open(folder.path()).await.unwrap());
        let (token, person) = people.begin_provisional("王法官").await.unwrap();
        let who = async |transport, cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, format!("{cookie}={token}").parse().unwrap());
            Identity::new(people.clone(), transport).person(&headers).await.unwrap()
        };
        assert_eq!(who(Transport::Loopback, COOKIE).await, person);
        assert_eq!(who(Transport::Loopback, HOST_COOKIE).await, Person::Local);
        assert_eq!(who(Transport::Plain, COOKIE).await, Person::Stranger);
        assert_eq!(who(Transport::Tls, HOST_COOKIE).await, Person::Stranger);
        let cookie = Identity::new(people.clone(), Transport::Tls).cookie("t", 5);
        assert!(cookie.starts_with("__Host-") && cookie.ends_with("Secure") && cookie.contains("Path=/;"));
    }
}
