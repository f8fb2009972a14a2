//! People: their sessions. Accounts come here.

mod sessions;

pub use sessions::{Sessions, TOKEN_BYTES};
