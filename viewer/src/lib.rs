//! The viewer: a pure engine (`Event` in, `Effect` out) and, in the browser, the thin layer around it.
//!
//! Data flows one way: an event reaches [`engine::Engine::update`], which answers with effects; `host`
//! carries them out and `paint` draws the scene. Only those two touch the browser.

pub mod cache;
pub mod camera;
pub mod engine;
pub mod layout;
pub mod render_job;
pub mod scene;
pub mod shrink;
pub mod tiles;

#[cfg(target_arch = "wasm32")]
pub mod fetch;
#[cfg(target_arch = "wasm32")]
pub mod host;
#[cfg(target_arch = "wasm32")]
pub mod input;
#[cfg(target_arch = "wasm32")]
pub mod local;
#[cfg(target_arch = "wasm32")]
pub mod paint;
#[cfg(target_arch = "wasm32")]
pub mod pixels;
#[cfg(target_arch = "wasm32")]
pub mod pool;
#[cfg(target_arch = "wasm32")]
pub mod search;
