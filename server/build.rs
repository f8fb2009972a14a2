//! Rebuilds when the migrations or the web shell change.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    let shell = "../www/dist";
    let watched = if std::path::Path::new(shell).exists() { shell } else { "../www" };
    println!("cargo:rerun-if-changed={watched}");
}
