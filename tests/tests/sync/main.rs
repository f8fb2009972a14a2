//! Rooms and clients together, without sockets: what converges, what is durable, what is refused.
#![allow(clippy::unwrap_used, reason = "tests")]

mod converge;
mod refuse;
mod world;
