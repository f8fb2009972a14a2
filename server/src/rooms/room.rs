//! A room without a transport: who is in it, what they may do, and the document, twice.
//!
//! `saved` is what the store has. Every update is tried on the twin first and judged there; only when the
//! store has it does it reach `saved`, its sender as an acknowledgement, and the others (invariants 7, 8).
//!
//! The twin is made when the first update needs it, and again after a refusal that left it changed. A copy of a
//! large document takes a third of a second, so what can be refused without applying is refused first, and a
//! person whose refusals cost too many copies is kept out for a while ([`REBUILDS`]).

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use evolume_annotations::document::{Applied, Document, Writer};
use evolume_annotations::layer::Layer;
use evolume_annotations::lib0::Malformed;
use evolume_annotations::sync::{Awareness, Message};
use evolume_annotations::update::{Contents, Replica};
use evolume_model::access::{Principal, Rights};
use evolume_model::code::Code;

use super::presence::Presence;
use super::rate::{MESSAGES, REBUILDS, Rate};
use crate::store::{Save, Stored};

/// Connections in one room.
const MAX_MEMBERS: usize = 200;
/// Answering a step 1 can mean to encode the whole document.
const STEP_1_WEIGHT: f64 = 10.;
/// A frame is an update with a few bytes before it.
const FRAME_HEAD: usize = 64;

/// One socket; unique in the server's life.
pub type Connection = u64;

/// What is to happen outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a frame.
    Send {
        /// To whom.
        to: Connection,
        /// What.
        frame: Bytes,
    },
    /// End a connection; it is not in the room any more.
    Close {
        /// Which.
        to: Connection,
        /// Why.
        code: Code,
    },
    /// Make this durable, then call [`Room::saved`], [`Room::not_saved`] or [`Room::catch_up`] before anything else.
    Save(Save),
}

#[derive(Debug)]
struct Member {
    principal: Principal,
    rights: Rights,
    /// Asked for Evolume's own messages.
    extended: bool,
    /// Updates that came over this connection.
    received: u64,
    /// An update did not fit and the rest was asked for: nothing is acknowledged until it comes.
    behind: bool,
    rate: Rate,
    presence: Presence,
}

#[derive(Debug)]
struct Waiting {
    from: Connection,
    save: Save,
    step2: bool,
}

/// The size of the document: encoding it to know is dear, so what was added since is only summed up.
#[derive(Clone, Copy, Debug)]
struct Size {
    measured: usize,
    added: usize,
}

/// A room.
#[derive(Debug)]
pub struct Room<D = Layer> {
    saved: D,
    /// `saved`, and the update that is being judged or stored.
    twin: Option<D>,
    copies: u64,
    /// Of whom refusals have cost copies lately.
    rebuilds: BTreeMap<String, Rate>,
    owners: BTreeMap<Replica, String>,
    members: BTreeMap<Connection, Member>,
    waiting: Option<Waiting>,
    size: Size,
}

impl<D: Document> Room<D> {
    /// From what the store has.
    pub fn new(stored: Stored) -> Result<Self, Malformed> {
        let saved = D::new(0);
        for update in &stored.updates {
            if saved.apply(update)? == Applied::Missing {
                return Err(Malformed);
            }
        }
        saved.take_done();
        let size = Size { measured: 0, added: stored.updates.iter().map(Vec::len).sum() };
        Ok(Self {
            saved,
            twin: None,
            copies: 0,
            rebuilds: BTreeMap::new(),
            owners: stored.replicas,
            members: BTreeMap::new(),
            waiting: None,
            size,
        })
    }

    /// How often the document was copied to judge updates.
    pub fn copies(&self) -> u64 {
        self.copies
    }

    /// The whole document, for a snapshot.
    pub fn state(&self) -> Vec<u8> {
        self.saved.state()
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether the room may be given up. Not while somebody's refusals count: whoever comes back at once would
    /// find them forgotten, and have the whole document read anew besides.
    pub fn is_over(&self) -> bool {
        self.members.is_empty() && self.rebuilds.is_empty()
    }

    /// Somebody comes in who may read here.
    pub fn join(
        &mut self,
        now: u64,
        connection: Connection,
        principal: Principal,
        rights: Rights,
        extended: bool,
    ) -> Vec<Effect> {
        if !rights.read {
            return vec![Effect::Close { to: connection, code: Code::NotFound }];
        }
        if self.members.len() >= MAX_MEMBERS {
            return vec![Effect::Close { to: connection, code: Code::RoomFull }];
        }
        // Before anything else: the answer to what follows is signed with it.
        let hello = Message::Hello { now, name: principal.name.clone() };
        let mut effects: Vec<_> = extended.then(|| send(connection, &hello)).into_iter().collect();
        let (rate, presence) = (Rate::new(now, MESSAGES), Presence::default());
        let member = Member { principal, rights, extended, received: 0, behind: false, rate, presence };
        self.members.insert(connection, member);
        effects.push(send(connection, &Message::Step1(self.saved.vector())));
        effects.extend(self.everybody().map(|states| send(connection, &states)));
        effects
    }

    /// Somebody has gone.
    pub fn leave(&mut self, connection: Connection) -> Vec<Effect> {
        let gone = self.members.remove(&connection).and_then(|mut member| member.presence.leave());
        gone.map(|state| self.announce(None, vec![state])).unwrap_or_default()
    }

    /// What somebody may do has changed: it counts for whatever comes next.
    pub fn set_rights(&mut self, connection: Connection, rights: Rights) -> Vec<Effect> {
        let Some(member) = self.members.get_mut(&connection) else { return Vec::new() };
        member.rights = rights;
        if rights.read {
            return Vec::new();
        }
        let mut effects = vec![Effect::Close { to: connection, code: Code::NotFound }];
        effects.extend(self.leave(connection));
        effects
    }

    /// Time has passed: a client that has been silent for long is not here any more.
    pub fn tick(&mut self, now: u64) -> Vec<Effect> {
        self.rebuilds.retain(|_, rate| !rate.is_full(now));
        // Whoever only reads needs no twin. Here and not when a writer leaves, so that coming and going costs
        // no more than one copy a tick.
        if !self.members.values().any(|member| member.rights.write_own) {
            self.twin = None;
        }
        let over: Vec<_> =
            self.members.values_mut().filter_map(|member| member.presence.expire(now)).collect();
        if over.is_empty() { Vec::new() } else { self.announce(None, over) }
    }

    /// Takes a frame; `now` is in milliseconds.
    pub fn receive(&mut self, now: u64, from: Connection, frame: &[u8]) -> Vec<Effect> {
        debug_assert!(self.waiting.is_none(), "a save is neither done nor failed");
        let Some(member) = self.members.get_mut(&from) else { return Vec::new() };
        if frame.len() > D::MAX_UPDATE + FRAME_HEAD {
            return self.refuse(from, Code::RoomMessageTooLarge);
        }
        let message = Message::decode(frame);
        let weight = if matches!(message, Ok(Message::Step1(_))) { STEP_1_WEIGHT } else { 1. };
        if !member.rate.take(now, weight) {
            return self.refuse(from, Code::RoomTooFast);
        }
        match message {
            Ok(Message::Step1(vector)) => match self.saved.missing(&vector) {
                Ok(update) => vec![send(from, &Message::Step2(update))],
                Err(Malformed) => self.refuse(from, Code::LayerMalformed),
            },
            Ok(Message::Step2(update)) => self.update(now, from, update, true),
            Ok(Message::Update(update)) => self.update(now, from, update, false),
            Ok(Message::Awareness(states)) => self.aware(now, from, &states),
            Ok(Message::QueryAwareness) => self.everybody().map(|all| send(from, &all)).into_iter().collect(),
            // Only a server says these.
            Ok(Message::Saved(_) | Message::Refused(_) | Message::Hello { .. }) | Err(Malformed) => {
                self.refuse(from, Code::LayerMalformed)
            }
        }
    }

    fn update(&mut self, now: u64, from: Connection, update: Vec<u8>, step2: bool) -> Vec<Effect> {
        let Some(member) = self.members.get_mut(&from) else { return Vec::new() };
        member.received += 1;
        self.weigh(now, from, update, step2)
    }

    /// Everything that speaks against an update is looked for here, dear things last.
    fn weigh(&mut self, now: u64, from: Connection, update: Vec<u8>, step2: bool) -> Vec<Effect> {
        let Some(member) = self.members.get_mut(&from) else { return Vec::new() };
        let Ok(contents) = Contents::read(&update, &D::SCHEMA) else {
            return self.refuse(from, Code::LayerMalformed);
        };
        let known = self.saved.known();
        if !contents.fits(&known) {
            // Its sender has more than it sent, or this server has lost something: ask for all.
            member.behind = true;
            return vec![send(from, &Message::Step1(self.saved.vector()))];
        }
        let (principal, rights) = (member.principal.clone(), member.rights);
        let replicas: Vec<Replica> = contents.writers(&known).collect();
        drop(known);
        if replicas.is_empty() && !contents.deletes {
            return self.acknowledge(from, step2);
        }
        let brings = !replicas.is_empty();
        if brings && !rights.write_own {
            return self.refuse(from, Code::LayerReadOnly);
        }
        if replicas.iter().any(|w| self.owners.get(w).is_some_and(|owner| *owner != principal.id)) {
            return self.refuse(from, Code::LayerReplica);
        }
        if brings && !self.has_room(update.len()) {
            return self.refuse(from, Code::LayerFull);
        }
        if self.rebuilds.get_mut(&principal.id).is_some_and(|rate| rate.is_empty(now)) {
            return self.refuse(from, Code::RoomTooFast);
        }
        let writer = Writer { principal: &principal, rights, replicas: &replicas, now };
        match self.try_out(&update, writer) {
            Err(code) => {
                // It may be half applied: the next update gets a fresh twin, however many are refused before.
                self.twin = None;
                let rate = self.rebuilds.entry(principal.id).or_insert_with(|| Rate::new(now, REBUILDS));
                rate.take(now, 1.);
                self.refuse(from, code)
            }
            Ok(false) => self.acknowledge(from, step2),
            Ok(true) => {
                let replicas = replicas.into_iter().filter(|w| !self.owners.contains_key(w)).collect();
                let save = Save { update, author: principal.id, replicas };
                self.waiting = Some(Waiting { from, save: save.clone(), step2 });
                vec![Effect::Save(save)]
            }
        }
    }

    /// Applies and judges an update on the twin; says whether it changed anything.
    fn try_out(&mut self, update: &[u8], writer: Writer<'_>) -> Result<bool, Code> {
        if self.twin.is_none() {
            self.copies += 1;
            self.twin = self.saved.copy().ok();
        }
        let Some(twin) = &self.twin else {
            tracing::error!("a document cannot be copied");
            return Err(Code::ServerInternal);
        };
        // The library is not ours: whatever it does to a hostile update, the room lives.
        match catch_unwind(AssertUnwindSafe(|| twin.apply(update))) {
            Ok(Ok(Applied::Changed)) => twin.judge(&self.saved, writer).map(|_| true),
            Ok(Ok(Applied::Known)) => Ok(false),
            Ok(Ok(Applied::Missing) | Err(Malformed)) => Err(Code::LayerMalformed),
            Err(_) => {
                tracing::error!("an update brought the CRDT library down");
                Err(Code::LayerMalformed)
            }
        }
    }

    /// Whether so many bytes more are allowed; may be wrong by a sixteenth to the sender's loss.
    fn has_room(&mut self, more: usize) -> bool {
        let size = &mut self.size;
        if size.measured + size.added + more > D::MAX_STATE && size.added > D::MAX_STATE / 16 {
            *size = Size { measured: self.saved.state().len(), added: 0 };
        }
        size.measured + size.added + more <= D::MAX_STATE
    }

    /// The store has the update.
    pub fn saved(&mut self) -> Vec<Effect> {
        let Some(Waiting { from, save, step2 }) = self.waiting.take() else { return Vec::new() };
        if self.saved.apply(&save.update) != Ok(Applied::Changed) {
            // It went into the same state of the twin a moment ago.
            tracing::error!("a saved update does not apply");
            return self.end(Code::ServerInternal);
        }
        self.saved.take_done();
        self.size.added += save.update.len();
        self.owners.extend(save.replicas.iter().map(|replica| (*replica, save.author.clone())));
        let mut effects = self.acknowledge(from, step2);
        let frame = Bytes::from(Message::Update(save.update).encode());
        let others = self.members.keys().filter(|to| **to != from);
        effects.extend(others.map(|to| Effect::Send { to: *to, frame: frame.clone() }));
        effects
    }

    /// The store has nothing of the update: neither has the room.
    pub fn not_saved(&mut self) -> Vec<Effect> {
        let Some(Waiting { from, .. }) = self.waiting.take() else { return Vec::new() };
        self.twin = None;
        self.refuse(from, Code::LayerNotSaved)
    }

    /// Another server has written to the document: takes in what the store has now, and tells everybody. An update
    /// that was to be saved is weighed once more, against what it is now.
    pub fn catch_up(&mut self, now: u64, stored: Stored) -> Result<Vec<Effect>, Malformed> {
        let before = self.saved.vector();
        self.twin = None;
        for update in &stored.updates {
            if self.saved.apply(update)? == Applied::Missing {
                return Err(Malformed);
            }
        }
        self.saved.take_done();
        self.owners = stored.replicas;
        let news = self.saved.missing(&before)?;
        self.size.added += news.len();
        let frame = Bytes::from(Message::Update(news).encode());
        let mut effects: Vec<_> =
            self.members.keys().map(|to| Effect::Send { to: *to, frame: frame.clone() }).collect();
        if let Some(Waiting { from, save, step2 }) = self.waiting.take() {
            effects.extend(self.weigh(now, from, save.update, step2));
        }
        Ok(effects)
    }

    /// Ends every connection.
    pub fn end(&mut self, code: Code) -> Vec<Effect> {
        let members = std::mem::take(&mut self.members);
        members.into_keys().map(|to| Effect::Close { to, code }).collect()
    }

    fn acknowledge(&mut self, to: Connection, step2: bool) -> Vec<Effect> {
        let Some(member) = self.members.get_mut(&to) else { return Vec::new() };
        // A step 2 holds all that its sender has.
        member.behind &= !step2;
        if member.extended && !member.behind {
            vec![send(to, &Message::Saved(member.received))]
        } else {
            Vec::new()
        }
    }

    fn refuse(&mut self, to: Connection, code: Code) -> Vec<Effect> {
        let Some(member) = self.members.get(&to) else { return Vec::new() };
        tracing::warn!(%code, principal = member.principal.id, "refused");
        let reason = member.extended.then(|| send(to, &Message::Refused(code.as_str().to_owned())));
        let mut effects: Vec<_> = reason.into_iter().collect();
        effects.push(Effect::Close { to, code });
        effects.extend(self.leave(to));
        effects
    }

    fn aware(&mut self, now: u64, from: Connection, states: &[Awareness]) -> Vec<Effect> {
        let taken: Vec<u64> = self
            .members
            .iter()
            .filter(|(connection, _)| **connection != from)
            .filter_map(|(_, member)| member.presence.client())
            .collect();
        let Some(member) = self.members.get_mut(&from) else { return Vec::new() };
        // Stock clients echo the states of others; each may speak only for itself.
        let own = states.iter().filter(|state| !taken.contains(&state.client));
        let states: Vec<_> =
            own.filter_map(|state| member.presence.take(now, state, &member.principal)).collect();
        if states.is_empty() { Vec::new() } else { self.announce(Some(from), states) }
    }

    fn announce(&self, except: Option<Connection>, states: Vec<Awareness>) -> Vec<Effect> {
        let frame = Bytes::from(Message::Awareness(states).encode());
        let others = self.members.keys().filter(|to| Some(**to) != except);
        others.map(|to| Effect::Send { to: *to, frame: frame.clone() }).collect()
    }

    fn everybody(&self) -> Option<Message> {
        let here = self.members.values().filter(|member| member.presence.is_here());
        let states: Vec<_> = here.filter_map(|member| member.presence.announced()).collect();
        (!states.is_empty()).then_some(Message::Awareness(states))
    }
}

fn send(to: Connection, message: &Message) -> Effect {
    Effect::Send { to, frame: Bytes::from(message.encode()) }
}
