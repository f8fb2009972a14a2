//! PDFium in child processes: the pool that asks, the protocol, and in [`child`] what answers.

mod bounds;
pub mod child;
pub mod font_library;
pub mod pixels;
pub mod pool;
mod process;
pub mod protocol;

pub use font_library::FontLibrary;
pub use pool::{Lease, Pool, Source};
pub use process::{CallError, Limits};
