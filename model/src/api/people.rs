//! People: sessions, accounts, members of cases.

use serde::{Deserialize, Serialize};

use crate::access::{Principal, Role};

/// What nobody else is to read: it is in no log and in no error.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Who one is to the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The principal; its id is empty when nobody is known.
    pub principal: Principal,
    /// Whether one may choose a name oneself.
    pub provisional: bool,
    /// Whether one has an account and is signed in with it.
    #[serde(default)]
    pub account: bool,
    /// Whom one may become without a password, where the server was started to be tried out.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<SampleUser>>"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sample: Vec<SampleUser>,
}

/// Somebody whom one may become without a password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleUser {
    pub login: String,
    pub name: String,
    /// In every case of the sample.
    pub role: Role,
}

/// Asks for a session: with an account, with a one-time code and the password that one chooses by it, under a
/// provisional name, or as one of the sample users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum SessionRequest {
    Code {
        login: String,
        /// As an administrator gave it.
        code: Secret,
        /// The new one.
        password: Secret,
    },
    Password {
        login: String,
        password: Secret,
    },
    Name {
        /// As others are to see it.
        name: String,
    },
    Sample {
        /// Login of one of the sample users.
        sample: String,
    },
}

/// Another password for oneself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordChange {
    pub old: Secret,
    pub new: Secret,
}

/// Where one is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// Opaque id.
    pub id: String,
    /// Browser and system.
    pub label: String,
    /// Milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created: u64,
    /// The last sign of life: milliseconds since 1970, to a few minutes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub seen: u64,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// Somebody with an account, as administrators see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSummary {
    /// Opaque id.
    pub id: String,
    pub login: String,
    pub name: String,
    /// Of the house; sees no case by that alone.
    pub administrator: bool,
    /// May not sign in.
    pub disabled: bool,
}

/// Asks for an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserRequest {
    pub login: String,
    pub name: String,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub administrator: bool,
}

/// What is to be changed of an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserChange {
    #[cfg_attr(feature = "ts", ts(optional))]
    pub name: Option<String>,
    #[cfg_attr(feature = "ts", ts(optional))]
    pub administrator: Option<bool>,
    #[cfg_attr(feature = "ts", ts(optional))]
    pub disabled: Option<bool>,
}

/// An account, and the code by which its owner chooses a password, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCode {
    pub user: UserSummary,
    /// Told once and not kept.
    pub code: Secret,
}

/// Somebody's role in a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberSummary {
    /// Id of the user.
    pub user: String,
    pub login: String,
    pub name: String,
    pub role: Role,
    /// Of which party, for lawyers and parties; otherwise empty.
    pub party: String,
    /// Milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub since: u64,
    /// The role ends then: milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(optional, type = "number"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
}

/// Asks for a role in a case for somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberRequest {
    pub login: String,
    /// One of those that a case gives.
    pub role: Role,
    /// Of which party.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<String>"))]
    pub party: String,
    /// The role ends then: milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(optional, type = "number"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_told_by_its_fields_and_no_secret_is_written_out() {
        let read = |text: &str| serde_json::from_str::<SessionRequest>(text);
        let name = read(r#"{"name":"王法官"}"#).unwrap();
        assert_eq!(name, SessionRequest::Name { name: "王法官".into() });
        let password = read(r#"{"login":"wang","password":"窗外的雨"}"#).unwrap();
        assert!(matches!(&password, SessionRequest::Password { login, .. } if login == "wang"));
        assert!(!format!("{password:?}").contains("窗外"));
        let code = read(r#"{"login":"wang","password":"窗外的雨","code":"ABCDE"}"#).unwrap();
        assert!(matches!(code, SessionRequest::Code { .. }));
        assert!(!format!("{code:?}").contains("ABCDE"));
        assert!(read(r#"{"login":"wang"}"#).is_err());
    }
}
