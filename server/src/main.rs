//! `evolume`: the command line.
fn main() {}
