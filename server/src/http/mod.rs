//! The HTTP interface, `/api/v1` and the web shell: the only place that knows requests and answers.

mod assets;
mod bytes;
mod case_search;
mod cases;
mod channels;
mod coding;
mod error;
mod extract;
mod health;
mod identity;
mod layers;
mod members;
mod openapi;
mod range;
mod router;
mod serve;
mod session;
mod socket;
mod users;
mod volumes;

pub use assets::Shell;
pub use identity::Transport;
pub use router::{App, router};
pub use serve::{ServeError, serve};
