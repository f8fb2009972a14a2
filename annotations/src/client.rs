//! The client's side of a room: one layer's document with undo, and the protocol, without any transport.
//!
//! Pure like the engine: frames, commands and times come in, an [`Outcome`] says what to send and to store.
//!
//! Marks are dated by the server's clock: it says its time when a connection opens, and what was made offline by a
//! clock that is ahead is dated anew before it is sent, as what was signed with an old name is signed anew.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::command::{LayerCommand, NewMark, Person};
use crate::document::{Applied, Document};
use crate::layer::{Layer, MAX_MARKS, Signature};
use crate::lib0::Malformed;
use crate::sync::{Awareness, Message};
use evolume_model::code::Code;
use evolume_model::mark::{Author, Colour, MAX_QUOTE, Mark, Target};
use evolume_model::page::PageRef;
use serde::{Deserialize, Serialize};
use yrs::undo::{Options, UndoManager};
use yrs::{Origin, Transact};

/// Marks the transactions that undo follows.
const LOCAL: &str = "local";
/// Marks those that undo does not follow.
const SIGNING: &str = "signing";

/// Marks that one command may make: they are one update, and a room takes only so much in one.
const MARKS_AT_ONCE: usize = 30;

/// Marks that a reader has to put in the place of what was there under their ids, or to drop.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkChanges"))]
pub struct Changes {
    /// New or changed.
    pub put: Vec<Mark>,
    /// Ids of those that are gone.
    pub drop: Vec<String>,
}

impl Changes {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.drop.is_empty()
    }
}

/// What follows from an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Frames for the server, in order.
    pub send: Vec<Vec<u8>>,
    /// Updates made here, to be stored as not yet on the server.
    pub made: Vec<Vec<u8>>,
    /// Updates from elsewhere, to be stored as well.
    pub received: Vec<Vec<u8>>,
    /// Marks that have changed.
    pub changes: Changes,
    /// Who is here has changed.
    pub presence: bool,
    /// The server refuses what was sent.
    pub refused: Option<String>,
}

#[derive(Debug, Default)]
struct Link {
    /// Updates sent over this connection, steps 2 included.
    sent: u64,
    /// How many of them are durable.
    saved: u64,
    /// The server has said its time and the user's name.
    greeted: bool,
    /// What the server knows, when it asked for the rest before it greeted.
    asked: Option<Vec<u8>>,
    /// The server has asked what it lacks and has been answered.
    answered: bool,
}

/// One layer as this client has it.
pub struct Client {
    layer: Layer,
    undo: UndoManager<()>,
    made: Arc<Mutex<Vec<Vec<u8>>>>,
    author: String,
    author_name: String,
    write_others: bool,
    /// What to add to this computer's clock to have the server's.
    skew: i64,
    replica: u64,
    link: Option<Link>,
    /// What this client says about itself, and how often it has.
    state: Option<String>,
    clock: u64,
    others: BTreeMap<u64, Awareness>,
}

impl Client {
    /// An empty layer of this author; `replica` is unique for every open document, and `write_others` says whether
    /// the author may change the marks of others.
    pub fn new(replica: u64, author: String, author_name: String, write_others: bool) -> Self {
        let layer = Layer::new(replica);
        let made = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&made);
        layer.on_local_update(move |update| {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push(update);
        });
        let (doc, marks) = layer.parts();
        // No clock: every command is one step of its own.
        let mut undo = UndoManager::with_options(Options {
            capture_timeout_millis: 0,
            tracked_origins: HashSet::from([Origin::from(LOCAL)]),
            capture_transaction: None,
            timestamp: Arc::new(|| 0_u64),
            init_undo_stack: Vec::new(),
            init_redo_stack: Vec::new(),
        });
        undo.expand_scope(doc, marks);
        let (link, state, others) = (None, None, BTreeMap::new());
        Self {
            layer,
            undo,
            made,
            author,
            author_name,
            write_others,
            skew: 0,
            replica,
            link,
            state,
            clock: 0,
            others,
        }
    }

    /// Takes in what an earlier visit stored.
    pub fn load(&mut self, update: &[u8]) -> Result<(), Malformed> {
        let applied = self.layer.apply(update)?;
        self.layer.take_done();
        match applied {
            Applied::Changed | Applied::Known => Ok(()),
            Applied::Missing => Err(Malformed),
        }
    }

    /// Everything, as one update.
    pub fn state(&self) -> Vec<u8> {
        self.layer.state()
    }

    /// All marks, in the order of their making.
    pub fn marks(&self) -> Vec<Mark> {
        let mut all = self.layer.marks();
        all.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        all
    }

    /// Who else is here.
    pub fn people(&self) -> Vec<Person> {
        self.others.values().filter_map(|other| person(&other.state)).collect()
    }

    /// Whether the server has all that was made here, as far as one knows.
    pub fn is_saved(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.answered && link.saved == link.sent)
    }

    /// Whether there is something to take back, and something to do again.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (self.undo.can_undo(), self.undo.can_redo())
    }

    /// A connection is open.
    pub fn connected(&mut self) -> Outcome {
        self.link = Some(Link::default());
        let mut outcome = Outcome::default();
        outcome.send.push(Message::Step1(self.layer.vector()).encode());
        outcome.send.extend(self.announce());
        outcome
    }

    /// The connection has ended.
    pub fn disconnected(&mut self) -> Outcome {
        self.link = None;
        let presence = !std::mem::take(&mut self.others).is_empty();
        Outcome { presence, ..Outcome::default() }
    }

    /// Takes a frame of the server's, at a time in milliseconds since 1970 by this computer's clock.
    pub fn receive(&mut self, now: u64, frame: &[u8]) -> Result<Outcome, Malformed> {
        let mut outcome = Outcome::default();
        match Message::decode(frame)? {
            Message::Hello { now: there, name } => {
                self.skew = there.cast_signed() - now.cast_signed();
                self.author_name = name;
                let asked = self.link.as_mut().and_then(|link| {
                    link.greeted = true;
                    link.asked.take()
                });
                if let Some(vector) = asked {
                    self.answer(now, &vector, &mut outcome)?;
                }
            }
            // What it lacks is to be signed first.
            Message::Step1(vector) => match &mut self.link {
                Some(link) if !link.greeted => link.asked = Some(vector),
                _ => self.answer(now, &vector, &mut outcome)?,
            },
            Message::Step2(update) | Message::Update(update) => {
                match self.layer.apply(&update)? {
                    Applied::Changed => {
                        outcome.changes = self.take_changes();
                        outcome.received.push(update);
                    }
                    Applied::Known => {}
                    // Something is lost or late: ask for all that is missing.
                    Applied::Missing => outcome.send.push(Message::Step1(self.layer.vector()).encode()),
                }
            }
            Message::Awareness(states) => {
                for state in states {
                    self.hear(state, &mut outcome);
                }
            }
            Message::QueryAwareness => outcome.send.extend(self.announce()),
            Message::Saved(count) => {
                if let Some(link) = &mut self.link {
                    link.saved = count.min(link.sent);
                }
            }
            Message::Refused(code) => outcome.refused = Some(code),
        }
        Ok(outcome)
    }

    /// Says something about oneself to the others in the room: a JSON object, or nothing any more.
    pub fn set_presence(&mut self, state: Option<String>) -> Outcome {
        self.state = state;
        Outcome { send: self.announce().into_iter().collect(), ..Outcome::default() }
    }

    /// Carries out a command at a time in milliseconds since 1970 by this computer's clock; a command that changes
    /// nothing is none.
    pub fn command(&mut self, now: u64, command: LayerCommand) -> Result<Outcome, Code> {
        let now = self.server_time(now);
        match command {
            LayerCommand::Add { marks, colour } => self.add(now, marks, colour)?,
            LayerCommand::Note { id, note } => {
                let mark = Mark { note, ..self.editable(&id)? };
                mark.validate().map_err(|_| Code::MarkInvalid)?;
                self.edit(|layer, txn| layer.set_note(txn, &id, &mark.note, now));
            }
            LayerCommand::Colour { id, colour } => {
                if self.editable(&id)?.style.colour != Some(colour) {
                    self.edit(|layer, txn| layer.set_colour(txn, &id, colour, now));
                }
            }
            LayerCommand::Remove { id } => {
                self.editable(&id)?;
                self.edit(|layer, txn| layer.remove(txn, &id));
            }
            LayerCommand::Undo => self.step(now, |undo| undo.undo_blocking())?,
            LayerCommand::Redo => self.step(now, |undo| undo.redo_blocking())?,
        }
        Ok(self.outcome())
    }

    /// Sends all that the server lacks, signed with its time and the name that it knows.
    fn answer(&mut self, now: u64, vector: &[u8], outcome: &mut Outcome) -> Result<(), Malformed> {
        self.sign(self.server_time(now), vector)?;
        outcome.made = self.take_made();
        outcome.changes = self.take_changes();
        let update = self.layer.missing(vector)?;
        if let Some(link) = &mut self.link {
            link.sent += 1;
            link.answered = true;
            outcome.send.push(Message::Step2(update).encode());
        }
        Ok(())
    }

    fn add(&self, now: u64, marks: Vec<NewMark>, colour: Colour) -> Result<(), Code> {
        if self.layer.len() + marks.len() > MAX_MARKS {
            return Err(Code::LayerFull);
        }
        if marks.len() > MARKS_AT_ONCE {
            return Err(Code::SelectionLimit);
        }
        let mut ids = HashSet::new();
        let mut made = Vec::new();
        for NewMark { id, kind, mut target } in marks {
            if let Target::Text { quote, .. } = &mut target
                && let Some((end, _)) = quote.char_indices().nth(MAX_QUOTE)
            {
                quote.truncate(end);
            }
            let author = Author { id: self.author.clone(), name: self.author_name.clone() };
            let mark = Mark::new(id, kind, target, colour, author, now);
            mark.validate().map_err(|_| Code::MarkInvalid)?;
            if mark.newer || self.layer.get(&mark.id).is_some() || !ids.insert(mark.id.clone()) {
                return Err(Code::MarkInvalid);
            }
            made.push(mark);
        }
        self.edit(|layer, txn| made.iter().for_each(|mark| layer.put(txn, mark)));
        Ok(())
    }

    fn edit<T>(&self, change: impl FnOnce(&Layer, &mut yrs::TransactionMut<'_>) -> T) -> T {
        let mut txn = self.layer.doc().transact_mut_with(LOCAL);
        change(&self.layer, &mut txn)
    }

    /// A step of the undo manager. It can bring marks back, which are then new: they are signed as such.
    fn step(&mut self, now: u64, act: impl FnOnce(&mut UndoManager<()>) -> bool) -> Result<(), Code> {
        let before = self.layer.vector();
        if act(&mut self.undo) {
            self.sign(now, &before).map_err(|_| Code::LayerMalformed)?;
        }
        Ok(())
    }

    /// Not a step that can be taken back.
    fn sign(&self, now: u64, vector: &[u8]) -> Result<bool, Malformed> {
        let Self { author, author_name: name, write_others, .. } = self;
        let mut txn = self.layer.doc().transact_mut_with(SIGNING);
        self.layer.sign(&mut txn, vector, Signature { author, name, write_others: *write_others, now })
    }

    fn server_time(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.skew)
    }

    /// What a command did. The room judges update by update, so it is one, whatever it took to make it.
    fn outcome(&mut self) -> Outcome {
        let (made, changes) = (self.take_made(), self.take_changes());
        let mut outcome = Outcome { made, changes, ..Outcome::default() };
        // Before the server has asked, nothing need be sent: the answer will hold it.
        if let Some(link) = self.link.as_mut().filter(|link| link.answered) {
            link.sent += outcome.made.len() as u64;
            outcome.send = outcome.made.iter().map(|made| Message::Update(made.clone()).encode()).collect();
        }
        outcome
    }

    fn take_made(&mut self) -> Vec<Vec<u8>> {
        let made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        if made.len() < 2 {
            return made;
        }
        // Only what the library itself has just written: it reads that.
        yrs::merge_updates_v1(&made).map_or(made, |merged| vec![merged])
    }

    fn take_changes(&self) -> Changes {
        let mut changes = Changes::default();
        for id in self.layer.take_done().entries {
            match self.layer.get(&id) {
                Some(Ok(mark)) => changes.put.push(mark),
                _ => changes.drop.push(id),
            }
        }
        changes
    }

    fn editable(&self, id: &str) -> Result<Mark, Code> {
        match self.layer.get(id) {
            Some(Ok(mark)) if mark.author != self.author && !self.write_others => Err(Code::MarkForeign),
            Some(Ok(mark)) if mark.newer => Err(Code::MarkNewer),
            Some(Ok(mark)) => Ok(mark),
            Some(Err(_)) | None => Err(Code::MarkInvalid),
        }
    }

    fn announce(&mut self) -> Option<Vec<u8>> {
        self.link.as_ref()?;
        if self.state.is_none() && self.clock == 0 {
            return None;
        }
        self.clock += 1;
        let state = self.state.clone().unwrap_or_else(|| "null".to_owned());
        Some(Message::Awareness(vec![Awareness { client: self.replica, clock: self.clock, state }]).encode())
    }

    fn hear(&mut self, state: Awareness, outcome: &mut Outcome) {
        if state.client == self.replica {
            // The server took this client for gone: it is not.
            if state.state == "null" && state.clock >= self.clock && self.state.is_some() {
                self.clock = state.clock;
                outcome.send.extend(self.announce());
            }
            return;
        }
        outcome.presence = true;
        if state.state == "null" {
            self.others.remove(&state.client);
        } else {
            self.others.insert(state.client, state);
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("layer", &self.layer).field("link", &self.link).finish_non_exhaustive()
    }
}

fn person(state: &str) -> Option<Person> {
    #[derive(Deserialize)]
    struct State {
        user: User,
        #[serde(default)]
        page: Option<serde_json::Value>,
    }
    #[derive(Deserialize)]
    struct User {
        id: String,
        name: String,
    }
    let State { user, page } = serde_json::from_str(state).ok()?;
    // A stock client may put anything there.
    let page = page.and_then(|page| serde_json::from_value::<PageRef>(page).ok());
    Some(Person { id: user.id, name: user.name, page })
}
