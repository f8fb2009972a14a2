//! The vocabulary that server and viewer must agree on exactly.
//!
//! No I/O, no clock, no browser: time and randomness come in as values (invariant 1).

pub mod category;
pub mod code;
pub mod geometry;
pub mod search;
pub mod text;
pub mod volume;
pub mod wire;
