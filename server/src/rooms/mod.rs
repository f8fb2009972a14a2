//! Rooms: one layer of one volume, and everybody who has it open.
//!
//! [`Room`] is the whole protocol without a transport: frames in, effects out. `hub` runs rooms as tasks
//! over the store, `socket` carries their frames.

mod hub;
mod presence;
mod rate;
mod room;
pub(crate) mod socket;

pub use hub::Rooms;
pub use room::{Connection, Effect, Room, Save, Stored};
