//! Runs one room: a task that takes events one after the other and makes what passes durable.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use evolume_annotations::key::DocKey;
use evolume_model::code::Code;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::hub::{Event, Out, Peer, Shared};
use super::room::{Connection, Effect, Room};
use crate::clock::now;
use crate::rights::Permit;
use crate::store::StoreError;

/// Updates after which a snapshot takes their place.
const COMPACT_AFTER: i64 = 256;
const TICK: Duration = Duration::from_secs(10);

/// The permit is of whoever came in first; what anybody may do in the room comes with them.
pub async fn run(shared: Arc<Shared>, key: DocKey, permit: Permit, mut inbox: mpsc::Receiver<Event>) {
    let loaded = match shared.store.document(&permit, &key).await {
        Ok((stored, seq)) => Room::new(stored).map(|room| (room, seq)).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match loaded {
        Ok((room, seq)) => {
            let peers = HashMap::new();
            let host = Host { shared: &shared, key: &key, permit: &permit, room, seq, compacted: seq, peers };
            host.run(&mut inbox).await;
        }
        Err(error) => {
            tracing::error!(document = %key, error, "a document cannot be read");
            shared.forget_room(&key);
        }
    }
    // Whoever waits in the inbox goes with it, and its channel closes.
}

struct Host<'a> {
    shared: &'a Shared,
    key: &'a DocKey,
    permit: &'a Permit,
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
                    Some(event) => {
                        let mut effects = self.look(&event).await;
                        effects.extend(self.take(event));
                        effects
                    }
                    None => break,
                },
                _ = tick.tick() => self.room.tick(now()),
                () = self.shared.stop.cancelled(), if self.room.is_empty() => Vec::new(),
            };
            if !self.carry_out(effects).await {
                // What the store has now is not known: whoever comes next reads it anew.
                self.shared.forget_room(self.key);
                break;
            }
            let over = self.room.is_over() || (self.room.is_empty() && self.shared.stop.is_cancelled());
            if over && self.shared.close_room(self.key, inbox) {
                self.compact(1).await;
                break;
            }
            self.compact(COMPACT_AFTER).await;
        }
    }

    /// Whoever comes in sees what other servers have written until now.
    async fn look(&mut self, event: &Event) -> Vec<Effect> {
        if !matches!(event, Event::Join { .. }) {
            return Vec::new();
        }
        let news = match self.shared.store.last_update(self.key).await {
            Ok(last) if last <= self.seq => return Vec::new(),
            Ok(_) => self.catch_up().await,
            Err(error) => Err(error.to_string()),
        };
        news.unwrap_or_else(|error| {
            // What the room has can be read meanwhile.
            tracing::warn!(error, document = %self.key, "what others have written is not known");
            Vec::new()
        })
    }

    async fn catch_up(&mut self) -> Result<Vec<Effect>, String> {
        let stored = self.shared.store.document(self.permit, self.key).await;
        let (stored, seq) = stored.map_err(|error| error.to_string())?;
        let effects = self.room.catch_up(now(), stored).map_err(|error| error.to_string())?;
        self.seq = seq;
        Ok(effects)
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Join { connection, principal, rights, extended, peer } => {
                self.peers.insert(connection, peer);
                self.room.join(now(), connection, principal, rights, extended)
            }
            Event::Frame { from, frame } => self.room.receive(now(), from, &frame),
            Event::Rights { of, rights } => self.room.set_rights(of, rights),
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
                    let saved = self.shared.store.append_update(self.key, self.seq + 1, now(), &save).await;
                    let outcome = match saved {
                        Ok(()) => {
                            self.seq += 1;
                            Ok(self.room.saved())
                        }
                        // Another server was first: once more, after what it wrote.
                        Err(StoreError::Superseded) => self.catch_up().await,
                        Err(error) => Err(error.to_string()),
                    };
                    match outcome {
                        Ok(more) => effects.extend(more),
                        Err(error) => {
                            tracing::error!(error, document = %self.key, "an update was not saved");
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
        // When it fails the updates are still there, and the next turn takes them too.
        self.compacted = self.seq;
        if let Err(error) = self.shared.store.compact(self.key, self.seq, &self.room.state()).await {
            tracing::warn!(%error, document = %self.key, "no snapshot, or not all of its updates in the archive");
        }
    }
}
