//! Runs rooms: each is a task that takes frames one after the other and makes what passes durable.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use evolume_model::access::{Principal, Rights};
use evolume_model::code::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::room::{Connection, Effect, Room};
use crate::clock::now;
use crate::store::{LayerKey, Store};

/// Sockets of one server.
const MAX_SOCKETS: usize = 1_000;
/// Frames that wait for a room, and frames that wait for a socket. A socket that lets more pile up is closed:
/// when it comes back it gets what it lacks, so no update is lost.
const INBOX: usize = 1_024;
const OUTBOX: usize = 512;
/// Updates after which a snapshot takes their place.
const COMPACT_AFTER: i64 = 256;
const TICK: Duration = Duration::from_secs(10);
/// How long a stopping server waits for its sockets.
const FAREWELL: Duration = Duration::from_secs(5);

/// All rooms of a server.
#[derive(Clone, Debug)]
pub struct Rooms {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    store: Store,
    rooms: Mutex<HashMap<LayerKey, mpsc::Sender<Event>>>,
    sockets: Arc<Semaphore>,
    connections: AtomicU64,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// What reaches a room.
pub(crate) enum Event {
    Join { connection: Connection, principal: Principal, rights: Rights, extended: bool, peer: Peer },
    Frame { from: Connection, frame: Bytes },
    Leave(Connection),
}

/// What reaches a socket.
#[derive(Debug)]
pub(crate) enum Out {
    Frame(Bytes),
    Close(Code),
}

/// A room's end of a connection.
#[derive(Debug)]
pub(crate) struct Peer {
    out: mpsc::Sender<Out>,
    slow: CancellationToken,
}

impl Peer {
    /// False when too much is waiting already: then the socket is told to close.
    fn send(&self, out: Out) -> bool {
        let sent = self.out.try_send(out).is_ok();
        if !sent {
            self.slow.cancel();
        }
        sent
    }
}

/// A socket's end of a connection.
#[derive(Debug)]
pub(crate) struct Seat {
    pub connection: Connection,
    pub room: mpsc::Sender<Event>,
    pub out: mpsc::Receiver<Out>,
    pub slow: CancellationToken,
    pub stop: CancellationToken,
    _permit: OwnedSemaphorePermit,
}

impl Rooms {
    /// Over this store.
    pub fn new(store: Store) -> Self {
        let shared = Shared {
            store,
            rooms: Mutex::default(),
            sockets: Arc::new(Semaphore::new(MAX_SOCKETS)),
            connections: AtomicU64::new(1),
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

    /// Puts a socket into a room, which is opened when nobody is there; `None` when there is no place.
    pub(crate) fn join(
        &self,
        key: LayerKey,
        principal: Principal,
        rights: Rights,
        extended: bool,
    ) -> Option<Seat> {
        let shared = &self.shared;
        let permit = Arc::clone(&shared.sockets).try_acquire_owned().ok()?;
        let connection = shared.connections.fetch_add(1, Ordering::Relaxed);
        let (sender, out) = mpsc::channel(OUTBOX);
        let slow = CancellationToken::new();
        let peer = Peer { out: sender, slow: slow.clone() };
        let join = Event::Join { connection, principal, rights, extended, peer };
        // Under the lock, so that a room cannot end between being found and being joined.
        let mut rooms = shared.rooms();
        let room = rooms.entry(key.clone()).or_insert_with(|| {
            let (sender, inbox) = mpsc::channel(INBOX);
            shared.tasks.spawn(run(Arc::clone(shared), key, inbox));
            sender
        });
        room.try_send(join).ok()?;
        let stop = shared.stop.clone();
        Some(Seat { connection, room: room.clone(), out, slow, stop, _permit: permit })
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.shared.tasks.spawn(task);
    }
}

impl Shared {
    fn rooms(&self) -> MutexGuard<'_, HashMap<LayerKey, mpsc::Sender<Event>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the room off the list unless somebody is about to come in.
    fn close_room(&self, key: &LayerKey, inbox: &mpsc::Receiver<Event>) -> bool {
        let mut rooms = self.rooms();
        let free = inbox.is_empty();
        if free {
            rooms.remove(key);
        }
        free
    }
}

async fn run(shared: Arc<Shared>, key: LayerKey, mut inbox: mpsc::Receiver<Event>) {
    let loaded = match shared.store.layer(&key).await {
        Ok((stored, seq)) => Room::new(stored).map(|room| (room, seq)).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match loaded {
        Ok((room, seq)) => {
            let host = Host { shared: &shared, key: &key, room, seq, compacted: seq, peers: HashMap::new() };
            host.run(&mut inbox).await;
        }
        Err(error) => {
            tracing::error!(volume = key.volume, layer = key.layer, error, "a layer cannot be read");
            shared.rooms().remove(&key);
        }
    }
    // Whoever waits in the inbox loses its room with it, and its socket closes.
}

struct Host<'a> {
    shared: &'a Shared,
    key: &'a LayerKey,
    room: Room,
    /// The number of the last durable update.
    seq: i64,
    compacted: i64,
    peers: HashMap<Connection, Peer>,
}

impl Host<'_> {
    async fn run(mut self, inbox: &mut mpsc::Receiver<Event>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let effects = tokio::select! {
                event = inbox.recv() => match event {
                    Some(event) => self.take(event),
                    None => break,
                },
                _ = tick.tick() => self.room.tick(now()),
            };
            if !self.carry_out(effects).await {
                // What the store has now is not known: whoever comes next reads it anew.
                self.shared.rooms().remove(self.key);
                break;
            }
            if self.room.is_empty() && self.shared.close_room(self.key, inbox) {
                self.compact(1).await;
                break;
            }
            self.compact(COMPACT_AFTER).await;
        }
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Join { connection, principal, rights, extended, peer } => {
                self.peers.insert(connection, peer);
                self.room.join(now(), connection, principal, rights, extended)
            }
            Event::Frame { from, frame } => self.room.receive(now(), from, &frame),
            Event::Leave(connection) => {
                self.peers.remove(&connection);
                self.room.leave(connection)
            }
        }
    }

    /// False when the store has failed and the room is over.
    async fn carry_out(&mut self, effects: Vec<Effect>) -> bool {
        let mut effects = VecDeque::from(effects);
        let mut alive = true;
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Send { to, frame } => {
                    let sent = self.peers.get(&to).is_none_or(|peer| peer.send(Out::Frame(frame)));
                    if !sent {
                        self.peers.remove(&to);
                        effects.extend(self.room.leave(to));
                    }
                }
                Effect::Close { to, code } => {
                    if let Some(peer) = self.peers.remove(&to) {
                        peer.send(Out::Close(code));
                    }
                }
                Effect::Save(save) => {
                    match self.shared.store.append_update(self.key, self.seq + 1, now(), &save).await {
                        Ok(()) => {
                            self.seq += 1;
                            effects.extend(self.room.saved());
                        }
                        Err(error) => {
                            tracing::error!(%error, layer = self.key.layer, "an update was not saved");
                            effects.extend(self.room.not_saved());
                            effects.extend(self.room.end(Code::LayerNotSaved));
                            alive = false;
                        }
                    }
                }
            }
        }
        alive
    }

    /// Writes a snapshot when so many updates have gathered.
    async fn compact(&mut self, after: i64) {
        if self.seq - self.compacted < after {
            return;
        }
        match self.shared.store.compact_layer(self.key, self.seq, &self.room.state()).await {
            Ok(()) => self.compacted = self.seq,
            // The updates are still there.
            Err(error) => tracing::warn!(%error, layer = self.key.layer, "no snapshot"),
        }
    }
}
