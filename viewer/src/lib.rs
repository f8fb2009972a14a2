//! The viewer: a pure engine (`Event` in, `Effect` out) and, in the browser, the thin layer around it.
//!
//! Data flows one way: an event reaches [`engine::Engine::update`], which answers with effects; `browser::host`
//! carries them out and `browser::paint` draws the scene. Only the modules under `browser` touch the browser.

// Nobody reads this crate's documentation but who reads its code.
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod engine;
