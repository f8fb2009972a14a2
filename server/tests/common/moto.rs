//! A second S3-compatible store, that of `moto`, where it is installed.

#[path = "../../../tests/s3/server.rs"]
mod server;

use std::path::Path;
use std::sync::OnceLock;

use super::s3::Bucket;
use server::Server;

/// A new bucket there.
pub fn bucket() -> Option<Bucket> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/moto/bin/python");
    let server = SERVER.get_or_init(|| Server::start(&python).unwrap());
    if !super::installed(server.is_some(), "moto: cargo xtask setup") {
        return None;
    }
    let server = server.as_ref()?;
    let bucket = Bucket { endpoint: server.endpoint(), ..Bucket::new() };
    server.make_bucket(&bucket.name).unwrap();
    Some(bucket)
}
