//! All rooms and sockets of a server: who gets a place, which room is which, and when somebody has to go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use evolume_annotations::key::DocKey;
use evolume_model::access::{Principal, Rights};
use evolume_model::code::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::host;
use super::room::Connection;
use crate::rights::Entry;
use crate::store::Store;

/// Sockets of one server, and channels of all of them together.
const MAX_SOCKETS: usize = 1_000;
const MAX_CHANNELS: usize = 8_000;
/// Frames that wait for a room, and frames that wait for a socket. A socket that lets more pile up is closed:
/// when it comes back it gets what it lacks, so no update is lost.
const INBOX: usize = 1_024;
const OUTBOX: usize = 512;
/// How long a stopping server waits for its sockets.
const FAREWELL: Duration = Duration::from_secs(5);

/// All rooms of a server.
#[derive(Clone, Debug)]
pub struct Rooms {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub store: Store,
    rooms: Mutex<HashMap<DocKey, mpsc::Sender<Event>>>,
    sockets: Arc<Semaphore>,
    channels: Arc<Semaphore>,
    connections: AtomicU64,
    rights: watch::Sender<()>,
    pub stop: CancellationToken,
    tasks: TaskTracker,
}

/// What reaches a room.
#[derive(Debug)]
pub(super) enum Event {
    Join { connection: Connection, principal: Principal, rights: Rights, extended: bool, peer: Peer },
    Frame { from: Connection, frame: Bytes },
    Rights { of: Connection, rights: Rights },
    Leave(Connection),
}

/// What reaches a socket over one of its channels.
#[derive(Debug)]
pub(crate) enum Out {
    Frame(Bytes),
    Close(Code),
}

/// A room's end of a connection. When it is dropped without a word, the channel closes all the same.
#[derive(Debug)]
pub(super) struct Peer {
    channel: u64,
    out: mpsc::Sender<(u64, Out)>,
    slow: CancellationToken,
}

impl Peer {
    /// False when too much is waiting already: then the socket is told to close.
    pub fn send(&self, out: Out) -> bool {
        let sent = self.out.try_send((self.channel, out)).is_ok();
        if !sent {
            self.slow.cancel();
        }
        sent
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.send(Out::Close(Code::ServerBusy));
    }
}

/// A WebSocket's place on the server; its channels share what may wait for it.
#[derive(Debug)]
pub(crate) struct Socket {
    shared: Arc<Shared>,
    sender: mpsc::Sender<(u64, Out)>,
    /// What the rooms send, with the channel.
    pub out: mpsc::Receiver<(u64, Out)>,
    /// Too much is waiting.
    pub slow: CancellationToken,
    /// Somebody's rights have changed.
    pub rights: watch::Receiver<()>,
    /// The server stops.
    pub stop: CancellationToken,
    _permit: OwnedSemaphorePermit,
}

/// A socket's end of a connection: one channel in one room.
#[derive(Debug)]
pub(crate) struct Seat {
    connection: Connection,
    room: mpsc::Sender<Event>,
    _permit: OwnedSemaphorePermit,
}

impl Rooms {
    /// Over this store.
    pub fn new(store: Store) -> Self {
        let shared = Shared {
            store,
            rooms: Mutex::default(),
            sockets: Arc::new(Semaphore::new(MAX_SOCKETS)),
            channels: Arc::new(Semaphore::new(MAX_CHANNELS)),
            connections: AtomicU64::new(1),
            rights: watch::Sender::new(()),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Tells every socket to go and waits until they have.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        if tokio::time::timeout(FAREWELL, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
    }

    /// Rights have changed: every socket asks anew what its reader may do.
    pub fn rights_changed(&self) {
        self.shared.rights.send_replace(());
    }

    /// A place for a socket, `None` when there is none left.
    pub(crate) fn connect(&self) -> Option<Socket> {
        let shared = Arc::clone(&self.shared);
        let permit = Arc::clone(&shared.sockets).try_acquire_owned().ok()?;
        let (sender, out) = mpsc::channel(OUTBOX);
        let (rights, stop) = (shared.rights.subscribe(), shared.stop.clone());
        Some(Socket { shared, sender, out, slow: CancellationToken::new(), rights, stop, _permit: permit })
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.shared.tasks.spawn(task);
    }
}

impl Socket {
    /// Puts a channel into a room, which is opened when nobody is there; `None` when there is no place.
    pub fn join(
        &self,
        channel: u64,
        key: DocKey,
        principal: Principal,
        entry: Entry,
        extended: bool,
    ) -> Option<Seat> {
        let Entry { permit: leave, rights } = entry;
        let shared = &self.shared;
        let permit = Arc::clone(&shared.channels).try_acquire_owned().ok()?;
        let connection = shared.connections.fetch_add(1, Ordering::Relaxed);
        let peer = Peer { channel, out: self.sender.clone(), slow: self.slow.clone() };
        let join = Event::Join { connection, principal, rights, extended, peer };
        // Under the lock, so that a room cannot end between being found and being joined.
        let mut rooms = shared.lock();
        let room = rooms.entry(key.clone()).or_insert_with(|| {
            let (sender, inbox) = mpsc::channel(INBOX);
            shared.tasks.spawn(host::run(Arc::clone(shared), key, leave, inbox));
            sender
        });
        room.try_send(join).ok()?;
        Some(Seat { connection, room: room.clone(), _permit: permit })
    }
}

impl Seat {
    /// Gives the room a frame; false when the room is over.
    pub async fn send(&self, frame: Bytes) -> bool {
        self.room.send(Event::Frame { from: self.connection, frame }).await.is_ok()
    }

    /// Tells the room what the reader may do now; a room that is over has closed the channel already.
    pub async fn set_rights(&self, rights: Rights) {
        drop(self.room.send(Event::Rights { of: self.connection, rights }).await);
    }

    /// Leaves the room; one that is over knows.
    pub async fn leave(self) {
        drop(self.room.send(Event::Leave(self.connection)).await);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, HashMap<DocKey, mpsc::Sender<Event>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a room off the list: whoever comes next opens it anew.
    pub fn forget_room(&self, key: &DocKey) {
        self.lock().remove(key);
    }

    /// Takes a room off the list unless somebody is about to come in.
    pub fn close_room(&self, key: &DocKey, inbox: &mpsc::Receiver<Event>) -> bool {
        let mut rooms = self.lock();
        let free = inbox.is_empty();
        if free {
            rooms.remove(key);
        }
        free
    }
}
