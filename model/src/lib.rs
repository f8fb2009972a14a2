//! The vocabulary that server and viewer must agree on exactly.
//!
//! No I/O, no clock, no browser: time and randomness come in as values (invariant 1).

pub mod access;
pub mod api;
pub mod category;
pub mod citation;
pub mod code;
pub mod excerpt;
pub mod fonts;
pub mod geometry;
pub mod ink;
pub mod mark;
pub mod navigation;
pub mod page;
pub mod search;
pub mod text;
pub mod transcript;
pub mod viewing;
pub mod volume;
