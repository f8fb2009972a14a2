//! The browser's side of the viewer: all that touches the page, its workers and its network.

pub mod fetch;
pub mod host;
pub mod input;
pub mod local;
pub mod paint;
pub mod pixels;
pub mod pool;
pub mod render_job;
pub mod search;
mod simplified;
