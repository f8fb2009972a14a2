//! Who may do what: one matrix from roles, volume classes, layers and states of a case to acts.
//!
//! The server asks it for every request and every update; the interface asks it for what to offer.

mod layer;
mod matrix;
mod name;
mod principal;
mod rule;
mod words;

pub use layer::{LayerId, LayerKind};
pub use matrix::rule;
pub use name::{MAX_ID, MAX_NAME, hides, is_id, is_name};
pub use principal::{Principal, Resource, Rights, decide, rights};
pub use rule::Rule;
pub use words::{Act, CaseState, Role};
