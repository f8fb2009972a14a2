//! A room without a transport: who is in it, what they may do, and the layer's document, twice.
//!
//! `saved` is what the store has. Every update is tried on `scratch` first and judged there; only when the
//! store has it does it reach `saved`, its sender as an acknowledgement, and the others (invariants 7, 8).

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use evolume_annotations::layer::{Applied, Layer, MAX_STATE, MAX_UPDATE, judge};
use evolume_annotations::lib0::Malformed;
use evolume_annotations::sync::{Awareness, Message};
use evolume_annotations::update::{Contents, Replica};
use evolume_model::access::{Principal, Rights};
use evolume_model::code::Code;

use super::presence::Presence;
use super::rate::Rate;
use crate::store::{Save, Stored};

/// Connections in one room.
const MAX_MEMBERS: usize = 200;
/// Answering a step 1 can mean to encode the whole layer.
const STEP_1_WEIGHT: f64 = 10.;
/// A frame is an update with a few bytes before it.
const MAX_FRAME: usize = MAX_UPDATE + 64;

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
    /// Make this durable, then call [`Room::saved`] or [`Room::not_saved`] before anything else.
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

/// A room.
#[derive(Debug)]
pub struct Room {
    saved: Layer,
    scratch: Layer,
    owners: BTreeMap<Replica, String>,
    members: BTreeMap<Connection, Member>,
    waiting: Option<Waiting>,
    /// At least as many bytes as the layer's state has.
    bytes: usize,
}

impl Room {
    /// From what the store has.
    pub fn new(stored: Stored) -> Result<Self, Malformed> {
        let saved = Layer::new(0);
        for update in &stored.updates {
            if saved.apply(update)? != Applied::Whole {
                return Err(Malformed);
            }
        }
        let scratch = copy(&saved)?;
        let bytes = stored.updates.iter().map(Vec::len).sum();
        let (members, waiting) = (BTreeMap::new(), None);
        Ok(Self { saved, scratch, owners: stored.replicas, members, waiting, bytes })
    }

    /// The whole layer, for a snapshot.
    pub fn state(&self) -> Vec<u8> {
        self.saved.state()
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
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
        let (rate, presence) = (Rate::new(now), Presence::default());
        let member = Member { principal, rights, extended, received: 0, behind: false, rate, presence };
        self.members.insert(connection, member);
        let mut effects = vec![send(connection, &Message::Step1(self.saved.vector()))];
        effects.extend(self.everybody().map(|states| send(connection, &states)));
        effects
    }

    /// Somebody has gone.
    pub fn leave(&mut self, connection: Connection) -> Vec<Effect> {
        let gone = self.members.remove(&connection).and_then(|mut member| member.presence.leave());
        gone.map(|state| self.tell(None, vec![state])).unwrap_or_default()
    }

    /// What somebody may do has changed: it counts for whatever comes next.
    pub fn set_rights(
        &mut self,
        connection: Connection,
        principal: Principal,
        rights: Rights,
    ) -> Vec<Effect> {
        let Some(member) = self.members.get_mut(&connection) else { return Vec::new() };
        (member.principal, member.rights) = (principal, rights);
        if rights.read {
            return Vec::new();
        }
        let mut effects = vec![Effect::Close { to: connection, code: Code::NotFound }];
        effects.extend(self.leave(connection));
        effects
    }

    /// Time has passed: who has not been heard of is not here any more.
    pub fn tick(&mut self, now: u64) -> Vec<Effect> {
        let over: Vec<_> =
            self.members.values_mut().filter_map(|member| member.presence.expire(now)).collect();
        if over.is_empty() { Vec::new() } else { self.tell(None, over) }
    }

    /// Takes a frame; `now` is in milliseconds.
    pub fn receive(&mut self, now: u64, from: Connection, frame: &[u8]) -> Vec<Effect> {
        debug_assert!(self.waiting.is_none(), "a save is neither done nor failed");
        let Some(member) = self.members.get_mut(&from) else { return Vec::new() };
        if frame.len() > MAX_FRAME {
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
            Ok(Message::Step2(update)) => self.update(from, update, true),
            Ok(Message::Update(update)) => self.update(from, update, false),
            Ok(Message::Awareness(states)) => self.aware(now, from, &states),
            Ok(Message::QueryAwareness) => self.everybody().map(|all| send(from, &all)).into_iter().collect(),
            // Only a server says these.
            Ok(Message::Saved(_) | Message::Refused(_)) | Err(Malformed) => {
                self.refuse(from, Code::LayerMalformed)
            }
        }
    }

    fn update(&mut self, from: Connection, update: Vec<u8>, step2: bool) -> Vec<Effect> {
        let Some(member) = self.members.get_mut(&from) else { return Vec::new() };
        member.received += 1;
        let Ok(contents) = Contents::read(&update) else { return self.refuse(from, Code::LayerMalformed) };
        let known = self.saved.known();
        if !contents.fits(&known) {
            // Its sender knows more than it has told, or this server has lost something: ask for all.
            member.behind = true;
            return vec![send(from, &Message::Step1(self.saved.vector()))];
        }
        let (principal, rights) = (member.principal.clone(), member.rights);
        let writers: Vec<Replica> = contents.writers(&known).collect();
        drop(known);
        if !writers.is_empty() && !rights.write_own {
            return self.refuse(from, Code::LayerReadOnly);
        }
        if writers.iter().any(|w| self.owners.get(w).is_some_and(|owner| *owner != principal.id)) {
            return self.refuse(from, Code::LayerReplica);
        }
        match self.try_out(&update, &principal, rights) {
            Err(code) => {
                let mut effects = self.restore();
                effects.extend(self.refuse(from, code));
                effects
            }
            Ok(false) if writers.is_empty() => self.acknowledge(from, step2),
            Ok(_) => {
                let replicas = writers.into_iter().filter(|w| !self.owners.contains_key(w)).collect();
                let save = Save { update, author: principal.id, replicas };
                self.waiting = Some(Waiting { from, save: save.clone(), step2 });
                vec![Effect::Save(save)]
            }
        }
    }

    /// Applies and judges an update on the scratch copy; says whether marks were touched.
    fn try_out(&mut self, update: &[u8], principal: &Principal, rights: Rights) -> Result<bool, Code> {
        let scratch = &self.scratch;
        // The library is not ours: whatever it does to a hostile update, the room lives.
        match catch_unwind(AssertUnwindSafe(|| scratch.apply(update))) {
            Ok(Ok(Applied::Whole)) => {}
            Ok(Ok(Applied::Missing) | Err(Malformed)) => return Err(Code::LayerMalformed),
            Err(_) => {
                tracing::error!("an update brought the CRDT library down");
                return Err(Code::LayerMalformed);
            }
        }
        let touched = scratch.take_touched();
        judge(&self.saved, scratch, &touched, principal, rights)?;
        self.bytes += update.len();
        if self.bytes > MAX_STATE {
            self.bytes = scratch.state().len();
            if self.bytes > MAX_STATE {
                return Err(Code::LayerFull);
            }
        }
        Ok(!touched.is_empty())
    }

    /// The store has the update.
    pub fn saved(&mut self) -> Vec<Effect> {
        let Some(Waiting { from, save, step2 }) = self.waiting.take() else { return Vec::new() };
        if self.saved.apply(&save.update) != Ok(Applied::Whole) {
            // It went into the same state of the scratch copy a moment ago.
            tracing::error!("a saved update does not apply");
            return self.end(Code::ServerInternal);
        }
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
        let mut effects = self.restore();
        effects.extend(self.refuse(from, Code::LayerNotSaved));
        effects
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

    /// Makes the scratch copy what is saved.
    fn restore(&mut self) -> Vec<Effect> {
        match copy(&self.saved) {
            Ok(scratch) => {
                self.scratch = scratch;
                Vec::new()
            }
            Err(Malformed) => {
                tracing::error!("a layer cannot be copied");
                self.end(Code::ServerInternal)
            }
        }
    }

    fn refuse(&mut self, to: Connection, code: Code) -> Vec<Effect> {
        let Some(member) = self.members.get(&to) else { return Vec::new() };
        tracing::warn!(%code, principal = member.principal.id, "refused");
        let told = member.extended.then(|| send(to, &Message::Refused(code.as_str().to_owned())));
        let mut effects: Vec<_> = told.into_iter().collect();
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
        // Stock clients echo what they hear of others; each speaks only for itself.
        let own = states.iter().filter(|state| !taken.contains(&state.client));
        let told: Vec<_> =
            own.filter_map(|state| member.presence.take(now, state, &member.principal)).collect();
        if told.is_empty() { Vec::new() } else { self.tell(Some(from), told) }
    }

    fn tell(&self, except: Option<Connection>, states: Vec<Awareness>) -> Vec<Effect> {
        let frame = Bytes::from(Message::Awareness(states).encode());
        let others = self.members.keys().filter(|to| Some(**to) != except);
        others.map(|to| Effect::Send { to: *to, frame: frame.clone() }).collect()
    }

    fn everybody(&self) -> Option<Message> {
        let here = self.members.values().filter(|member| member.presence.is_here());
        let states: Vec<_> = here.filter_map(|member| member.presence.told()).collect();
        (!states.is_empty()).then_some(Message::Awareness(states))
    }
}

fn send(to: Connection, message: &Message) -> Effect {
    Effect::Send { to, frame: Bytes::from(message.encode()) }
}

fn copy(layer: &Layer) -> Result<Layer, Malformed> {
    let copy = Layer::new(0);
    copy.apply(&layer.state())?;
    copy.take_touched();
    Ok(copy)
}
