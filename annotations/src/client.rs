//! The client's side of a room: one layer's document with undo, and the protocol, without any transport.
//!
//! Pure like the engine: frames, commands and times come in, an [`Outcome`] says what to send and to store.
//!
//! Marks are dated by the server's clock: it says its time when a connection opens, and what was made offline by a
//! clock that is ahead is dated anew before it is sent, as what was signed with an old name is signed anew.

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

#[cfg(test)]
mod tests {
    use super::*;
    use evolume_model::geometry::PageRect;
    use evolume_model::mark::Target;

    fn add(id: &str) -> LayerCommand {
        let rects = vec![PageRect::new(1., 2., 3., 4.)];
        let page = PageRef { material: "m".into(), index: 0 };
        let target = Target::Text { page, start: 0, end: 2, rects, quote: "借款".into() };
        let mark = NewMark { id: id.into(), kind: "highlight".into(), target };
        LayerCommand::Add { marks: vec![mark], colour: Colour::Green }
    }

    /// One mark after another as one command.
    fn together(commands: Vec<LayerCommand>) -> LayerCommand {
        let marks = commands.into_iter().flat_map(|command| match command {
            LayerCommand::Add { marks, .. } => marks,
            _ => Vec::new(),
        });
        LayerCommand::Add { marks: marks.collect(), colour: Colour::Green }
    }

    fn note(id: &str, note: &str) -> LayerCommand {
        LayerCommand::Note { id: id.into(), note: note.into() }
    }

    fn client() -> Client {
        Client::new(1, "me".into(), "王法官".into(), false)
    }

    #[track_caller]
    fn ids(client: &Client) -> String {
        client.marks().iter().map(|mark| format!("{}:{} ", mark.id, mark.note)).collect()
    }

    #[test]
    fn every_command_can_be_taken_back() {
        let mut client = client();
        for command in
            [add("a"), note("a", "一"), note("a", "一二"), add("b"), LayerCommand::Remove { id: "a".into() }]
        {
            assert!(!client.command(1, command).unwrap().changes.is_empty());
        }
        let mut seen = vec![ids(&client)];
        while client.can_undo_redo().0 {
            client.command(2, LayerCommand::Undo).unwrap();
            seen.push(ids(&client));
        }
        assert_eq!(seen, ["b: ", "a:一二 b: ", "a:一二 ", "a:一 ", "a: ", ""]);
        while client.can_undo_redo().1 {
            client.command(3, LayerCommand::Redo).unwrap();
        }
        assert_eq!(ids(&client), "b: ");
    }

    #[test]
    fn marks_made_together_are_one_step() {
        let mut client = client();
        client.command(1, add("z")).unwrap();
        client.command(1, together(vec![add("a"), add("b"), add("c")])).unwrap();
        assert_eq!(ids(&client), "a: b: c: z: ");
        client.command(2, LayerCommand::Undo).unwrap();
        assert_eq!(ids(&client), "z: ");
        let twice = together(vec![add("a"), add("a")]);
        assert_eq!(client.command(3, twice), Err(Code::MarkInvalid));
        let many = together((0..=MARKS_AT_ONCE).map(|n| add(&format!("m{n}"))).collect());
        assert_eq!(client.command(3, many), Err(Code::SelectionLimit));
        assert_eq!(ids(&client), "z: ");
    }

    #[test]
    fn only_ones_own_changes_are_taken_back() {
        let (mut mine, mut other) = (client(), Client::new(2, "you".into(), "李".into(), false));
        mine.command(1, add("a")).unwrap();
        other.load(&mine.state()).unwrap();
        let made = other.command(2, add("b")).unwrap().made;
        mine.load(&made[0]).unwrap();
        mine.command(3, LayerCommand::Undo).unwrap();
        assert_eq!(ids(&mine), "b: ");
        assert_eq!(other.command(4, note("a", "x")), Err(Code::MarkForeign));
        assert_eq!(other.command(4, LayerCommand::Remove { id: "a".into() }), Err(Code::MarkForeign));
    }

    #[test]
    fn a_mark_outside_its_limits_is_not_made() {
        let mut client = client();
        client.command(1, add("a")).unwrap();
        assert_eq!(client.command(1, add("a")), Err(Code::MarkInvalid));
        assert_eq!(client.command(1, add("a/b")), Err(Code::MarkInvalid));
        assert_eq!(client.command(1, note("a", &"x".repeat(20_000))), Err(Code::MarkInvalid));
        assert_eq!(client.command(1, note("none", "x")), Err(Code::MarkInvalid));
        // The same note again is no change.
        assert_eq!(client.command(1, note("a", "")).unwrap(), Outcome::default());
    }

    #[test]
    fn what_is_made_offline_goes_out_when_the_server_asks() {
        let mut client = client();
        assert!(client.command(1, add("a")).unwrap().send.is_empty());
        assert!(!client.is_saved());
        client.connected();
        let server = Layer::new(0);
        // Not before it has said who one is to it.
        assert!(client.receive(1, &Message::Step1(server.vector()).encode()).unwrap().send.is_empty());
        let asked = client.receive(1, &Message::Hello { now: 1, name: "王法官".into() }.encode()).unwrap();
        assert_eq!(asked.send.len(), 1);
        let asked = client.receive(1, &Message::Step1(server.vector()).encode()).unwrap();
        let Message::Step2(update) = Message::decode(&asked.send[0]).unwrap() else { panic!("no step 2") };
        server.apply(&update).unwrap();
        assert_eq!(server.len(), 1);
        assert!(!client.is_saved());
        client.receive(1, &Message::Saved(2).encode()).unwrap();
        assert!(client.is_saved());
        assert_eq!(client.command(2, note("a", "x")).unwrap().send.len(), 1);
        assert!(!client.is_saved());
        client.disconnected();
        assert!(!client.is_saved());
    }

    #[test]
    fn a_keeper_changes_the_marks_of_others() {
        let mut other = Client::new(2, "you".into(), "李".into(), false);
        other.command(1, add("a")).unwrap();
        let mut keeper = Client::new(3, "clerk".into(), "书记员".into(), true);
        keeper.load(&other.state()).unwrap();
        keeper.command(2, note("a", "已整理")).unwrap();
        let [mark] = &keeper.marks()[..] else { panic!("one mark") };
        assert_eq!((mark.author.as_str(), mark.note.as_str(), mark.updated), ("you", "已整理", 2));
        keeper.command(3, LayerCommand::Remove { id: "a".into() }).unwrap();
        assert_eq!(keeper.marks(), []);
    }

    #[test]
    fn a_newer_mark_is_not_edited() {
        use yrs::{Map, Transact};
        let mut client = client();
        client.command(1, add("a")).unwrap();
        let later = Layer::new(9);
        later.apply(&client.state()).unwrap();
        let (doc, marks) = later.parts();
        let mut txn = doc.transact_mut();
        let Some(yrs::Out::YMap(mark)) = marks.get(&txn, "a") else { panic!("no mark") };
        mark.insert(&mut txn, "kind", "hologram");
        drop(txn);
        client.load(&later.state()).unwrap();
        assert!(client.marks()[0].newer);
        for command in [note("a", "x"), LayerCommand::Remove { id: "a".into() }] {
            assert_eq!(client.command(2, command), Err(Code::MarkNewer));
        }
    }

    #[test]
    fn only_what_has_changed_is_handed_on() {
        let mut client = client();
        client.command(1, together(vec![add("a"), add("b")])).unwrap();
        let changes = client.command(2, note("b", "x")).unwrap().changes;
        assert_eq!((changes.put.len(), changes.put[0].note.as_str(), &changes.drop), (1, "x", &vec![]));
        let changes = client.command(3, LayerCommand::Remove { id: "a".into() }).unwrap().changes;
        assert_eq!((changes.put, changes.drop), (vec![], vec!["a".to_owned()]));
    }

    #[test]
    fn times_are_the_servers() {
        let mut client = client();
        let hello = Message::Hello { now: 1_000_000, name: "王法官".into() }.encode();
        client.receive(4_000_000, &hello).unwrap();
        client.command(4_000_500, add("a")).unwrap();
        assert_eq!(client.marks()[0].created, 1_000_500);
    }

    #[test]
    fn who_is_here() {
        let mut client = client();
        let says = |client: u64, state: &str| {
            Message::Awareness(vec![Awareness { client, clock: 1, state: state.into() }]).encode()
        };
        assert!(
            client
                .receive(1, &says(5, r#"{"user":{"id":"p","name":"李"},"page":{"material":"m","index":3}}"#))
                .unwrap()
                .presence
        );
        client.receive(1, &says(6, r#"{"user":{"id":"q","name":"周"},"page":"x"}"#)).unwrap();
        client.receive(1, &says(7, "{}")).unwrap();
        let people = client.people();
        assert_eq!(
            people[0],
            Person {
                id: "p".into(),
                name: "李".into(),
                page: Some(PageRef { material: "m".into(), index: 3 })
            }
        );
        assert_eq!((people.len(), &people[1].page), (2, &None));
        client.receive(1, &says(5, "null")).unwrap();
        assert_eq!(client.people().len(), 1);
        assert!(client.disconnected().presence && client.people().is_empty());
    }
}
