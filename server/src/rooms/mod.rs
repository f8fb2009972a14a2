//! Rooms: one shared document, and everybody who has it open.
//!
//! [`Room`] is the whole protocol without a transport: frames in, effects out. `host` runs one as a task over the
//! store, `hub` knows all of them and all sockets, `http::socket` carries their frames.

mod host;
mod hub;
mod presence;
mod rate;
mod room;

pub use hub::Rooms;
pub(crate) use hub::{Out, Seat, Socket};
pub(crate) use rate::{OPENS, Rate};
pub use room::{Connection, Effect, Room};

pub use crate::store::{Save, Stored};
