//! The description of the HTTP interface, generated from the handlers.

use axum::Json;
use utoipa::OpenApi;

use super::{case_search, cases, health, layers, members, session, socket, users, volumes};

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Evolume",
        description = "Electronic court case files: volumes, pages, texts, rooms for annotations."
    ),
    paths(
        health::health,
        health::live,
        health::ready,
        cases::cases,
        volumes::manifest,
        volumes::blob,
        volumes::original,
        volumes::revision,
        volumes::excerpt,
        volumes::excerpt_at,
        volumes::preview,
        volumes::preview_at,
        volumes::text,
        layers::layers,
        layers::acts,
        case_search::search,
        socket::open,
        socket::open_window,
        session::session,
        session::sign_in,
        session::sign_out,
        session::change_password,
        session::devices,
        session::sign_out_everywhere,
        session::sign_out_there,
        users::users,
        users::add,
        users::change,
        users::code,
        members::members,
        members::add,
        members::remove
    )
)]
pub struct Document;

/// Serves it.
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With `EVOLUME_WRITE_OPENAPI` set it is written anew instead.
    #[test]
    fn the_committed_document_is_the_handlers_own() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
        let now = Document::openapi().to_pretty_json().unwrap() + "\n";
        if std::env::var_os("EVOLUME_WRITE_OPENAPI").is_some() {
            std::fs::write(path, now).unwrap();
            return;
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert!(committed == now, "docs/openapi.json has drifted: `cargo xtask check --fix` writes it anew");
    }
}
