//! People: who they are, how they prove it, and where they are signed in. What they may do in a case is decided
//! elsewhere (`rights.rs`, `admission.rs`).

mod accounts;
mod common;
mod login;
mod password;
mod sample;
mod sessions;
mod tries;

use std::net::IpAddr;

use evolume_model::code::Code;
use tokio::sync::broadcast;

pub use self::accounts::NewUser;
use self::password::Hashing;
pub use self::sessions::TOKEN_BYTES;
use crate::store::{Store, StoreError};

/// Ends that a listener may be behind with; one who lags looks after all that it holds.
const ENDS: usize = 256;

/// Why somebody is not let in, or not changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// Nobody of this login has this password; or they may not sign in. Which of them is nobody's business.
    #[error("wrong login or password")]
    Wrong,
    /// So many tries have failed that the next has to wait: milliseconds.
    #[error("too many tries; the next in {0} ms")]
    Locked(u64),
    /// The code is wrong, used or too old.
    #[error("wrong code")]
    Code,
    /// Too short, or too long to be hashed.
    #[error("the password is too short or too long")]
    Length,
    /// Among the first that anybody would guess.
    #[error("the password is too common")]
    Common,
    /// Nothing that a login can be.
    #[error("not a login")]
    Login,
    /// Another person has it.
    #[error("the login is taken")]
    Taken,
    /// Not a person's name.
    #[error("not a name")]
    Name,
    /// Nobody is called so.
    #[error("there is no such person")]
    Unknown,
    /// Too many sign in at once.
    #[error("busy")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error("hashing: {0}")]
    Hashing(String),
}

impl PeopleError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Wrong => Code::IdentityWrong,
            Self::Locked(_) => Code::IdentityLocked,
            Self::Code => Code::IdentityCode,
            Self::Length => Code::PasswordLength,
            Self::Common => Code::PasswordCommon,
            Self::Login => Code::LoginInvalid,
            Self::Taken => Code::LoginTaken,
            Self::Name => Code::IdentityName,
            Self::Unknown => Code::UserUnknown,
            Self::Busy => Code::ServerBusy,
            Self::Store(error) => error.code(),
            Self::Hashing(_) => Code::ServerInternal,
        }
    }
}

/// From where somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub address: Option<IpAddr>,
    /// What their device is called in the list of sessions.
    pub device: String,
}

/// The people of a store.
#[derive(Clone, Debug)]
pub struct People {
    store: Store,
    ended: broadcast::Sender<String>,
    hashing: Hashing,
}

impl People {
    pub fn new(store: Store) -> Self {
        Self { store, ended: broadcast::Sender::new(ENDS), hashing: Hashing::default() }
    }
}
