//! Listening, and stopping without leaving anybody in the middle of an answer.

use std::net::SocketAddr;
use std::time::Duration;

use evolume_model::api::SampleUser;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpListener;

use super::assets::Shell;
use super::identity::Transport;
use super::router::{App, router};
use crate::people::{People, PeopleError};
use crate::store::Store;
use crate::views::Views;

/// For a request's head, and between two requests on one connection.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// For answers that are under way when the server is to stop.
const FAREWELL_TIME: Duration = Duration::from_secs(10);

/// Why the server does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Nobody can reach it there.
    #[error("cannot listen on {host}:{port}: {source}")]
    Listen {
        /// As asked for.
        host: String,
        /// As asked for.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// Sample users, whom anybody may become, where others reach the server.
    #[error("sample users are for loopback only")]
    Sample,
    /// The sample users cannot be made.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// Something else.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Listens and serves until SIGINT or SIGTERM; calls `ready` with the address, and with the sample users, if there are to
/// be any. What readers look at is noted in `views`.
pub async fn serve(
    store: Store,
    views: Views,
    host: &str,
    port: u16,
    shell: Shell,
    sample: bool,
    ready: impl FnOnce(SocketAddr, &[SampleUser]),
) -> Result<(), ServeError> {
    let bound = TcpListener::bind((host, port)).await;
    let listener =
        bound.map_err(|source| ServeError::Listen { host: host.to_owned(), port, source })?.into_std()?;
    let address = listener.local_addr()?;
    // Names that anybody may choose are for the machine itself only.
    let transport = if address.ip().is_loopback() { Transport::Loopback } else { Transport::Plain };
    if transport == Transport::Plain {
        tracing::warn!(
            "neither on loopback nor behind TLS: nobody signs in, and only public volumes are readable"
        );
    }
    let sample = match (sample, transport) {
        (false, _) => Vec::new(),
        (true, Transport::Loopback) => People::new(store.clone()).make_sample().await?,
        (true, Transport::Plain | Transport::Tls) => return Err(ServeError::Sample),
    };
    let app = App::new(store, transport).with_shell(shell).with_views(views).with_sample(sample.clone());
    let rooms = app.rooms().clone();
    tokio::spawn(app.clone().watch_rights());
    ready(address, &sample);
    let handle = axum_server::Handle::new();
    let farewell = handle.clone();
    tokio::spawn(async move {
        stopped().await;
        // Sockets are told to go at once; else their connections would keep the server waiting.
        rooms.stop().await;
        farewell.graceful_shutdown(Some(FAREWELL_TIME));
    });
    let mut server = axum_server::from_tcp(listener)?.handle(handle);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    Ok(server.serve(router(app).into_make_service_with_connect_info::<SocketAddr>()).await?)
}

async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! { () = interrupt => {}, _ = terminate.recv() => {} },
        Err(_) => interrupt.await,
    }
    tracing::info!("stopping");
}
