//! A proxy that can hold back, cut and refuse what goes through it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// What happens to connections, those that there are as well as new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// All goes through.
    None,
    /// A connection is closed as soon as it is made.
    Refuse,
    /// Every piece waits that long.
    Slow(Duration),
    /// Nothing goes through any more, and nobody is told.
    Silent,
    /// A connection is closed after so many bytes of answers.
    Cut(usize),
    /// A connection is closed after so many bytes of questions: what was asked for may have been done.
    CutAsked(usize),
}

#[derive(Clone, Debug)]
pub enum Upstream {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// It ends with the runtime of the test that has started it.
pub struct Proxy {
    pub address: SocketAddr,
    fault: watch::Sender<Fault>,
}

impl Proxy {
    pub async fn before(upstream: Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (fault, faults) = watch::channel(Fault::None);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connection(client, upstream.clone(), faults.clone()));
            }
        });
        Self { address, fault }
    }

    /// From now on. Connections that there are feel it too.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

async fn connection(client: TcpStream, upstream: Upstream, faults: watch::Receiver<Fault>) {
    if *faults.borrow() == Fault::Refuse {
        // An immediate end, not an orderly one.
        let _ = client.set_zero_linger();
        return;
    }
    let (from_client, to_client) = client.into_split();
    // An error is the end of the connection, which is what a client of ours has to live with.
    let _ = match upstream {
        Upstream::Tcp(address) => match TcpStream::connect(address).await {
            Ok(server) => {
                let (from_server, to_server) = server.into_split();
                both(from_client, to_server, from_server, to_client, faults).await
            }
            Err(error) => Err(error),
        },
        Upstream::Unix(path) => match UnixStream::connect(path).await {
            Ok(server) => {
                let (from_server, to_server) = server.into_split();
                both(from_client, to_server, from_server, to_client, faults).await
            }
            Err(error) => Err(error),
        },
    };
}

/// Ends both directions as soon as one has ended.
async fn both(
    from_client: impl AsyncRead + Unpin,
    to_server: impl AsyncWrite + Unpin,
    from_server: impl AsyncRead + Unpin,
    to_client: impl AsyncWrite + Unpin,
    faults: watch::Receiver<Fault>,
) -> std::io::Result<()> {
    let asked = pass(from_client, to_server, faults.clone(), |fault| match fault {
        Fault::CutAsked(bytes) => Some(bytes),
        _ => None,
    });
    let answered = pass(from_server, to_client, faults, |fault| match fault {
        Fault::Cut(bytes) => Some(bytes),
        _ => None,
    });
    tokio::select! {
        ended = asked => ended,
        ended = answered => ended,
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut faults: watch::Receiver<Fault>,
    limit: impl Fn(Fault) -> Option<usize>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    let mut passed = 0;
    loop {
        let fault = *faults.borrow_and_update();
        let read = tokio::select! {
            read = from.read(&mut buffer), if fault != Fault::Silent => read?,
            // What is true of a connection that is idle changes too.
            changed = faults.changed() => match changed {
                Ok(()) if *faults.borrow() == Fault::Refuse => return Ok(()),
                Ok(()) => { passed = 0; continue }
                Err(_) => std::future::pending().await,
            },
        };
        if read == 0 {
            return Ok(());
        }
        if let Fault::Slow(delay) = fault {
            tokio::time::sleep(delay).await;
        }
        let left = limit(fault).map_or(read, |most| read.min(most - passed.min(most)));
        to.write_all(&buffer[..left]).await?;
        passed += left;
        if left < read {
            return Ok(());
        }
    }
}
