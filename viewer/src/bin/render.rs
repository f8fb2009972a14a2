//! The render worker wasm file.
fn main() {}
