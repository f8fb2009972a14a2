//! Rooms: one layer of one volume, and everybody who has it open.
//!
//! [`Room`] is the whole protocol without a transport: frames in, effects out. `hub` runs rooms as tasks
//! over the store, `http::socket` carries their frames.

mod hub;
mod presence;
mod rate;
mod room;

pub use hub::Rooms;
pub(crate) use hub::{Event, Out, Seat};
pub use room::{Connection, Effect, Room};

pub use crate::store::{Save, Stored};
