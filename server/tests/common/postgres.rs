//! PostgreSQL for tests: one server for all tests of a binary, a fresh database for each.

#[path = "../../../tests/postgres/server.rs"]
mod server;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use evolume_server::store::DatabaseUrl;

use server::Server;

/// An empty database; `None`, and a word about it, where there is no PostgreSQL.
pub fn database() -> Option<DatabaseUrl> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.get_or_init(|| Server::start().unwrap());
    if !super::installed(server.is_some(), "postgresql") {
        return None;
    }
    let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    Some(server.as_ref()?.database(&name).unwrap().into())
}
