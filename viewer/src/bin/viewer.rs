//! The main-thread wasm file.
fn main() {}
