//! Marks as a CRDT: a layer's document, the messages of its room, who may change what, the client's side.
//!
//! Pure: no transport, no store, no clock. This is the only crate that knows the CRDT library.

pub mod client;
pub mod command;
pub mod document;
pub mod key;
pub mod layer;
pub mod lib0;
pub mod mux;
pub mod schema;
pub mod sync;
pub mod update;
