//! `cargo xtask`: every set-up, build and test step.
fn main() {}
