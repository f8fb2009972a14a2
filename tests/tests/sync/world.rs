//! A small world: a store that may fail, a room that may crash, clients that come and go, and queues of
//! frames between them.

use std::collections::{BTreeMap, VecDeque};

use evolume_annotations::client::{Client, Outcome};
use evolume_annotations::command::{LayerCommand, NewMark};
use evolume_annotations::document::{Applied, Document};
use evolume_annotations::layer::Layer;
use evolume_model::access::{LayerId, Principal, Resource, Role, rights};
use evolume_model::geometry::PageRect;
use evolume_model::mark::{Colour, Mark, Target};
use evolume_model::page::PageRef;
use evolume_model::volume::VolumeClass;
use evolume_server::rooms::{Connection, Effect, Room, Save, Stored};

pub fn principal(id: &str) -> Principal {
    Principal { id: id.into(), name: format!("{id}法官"), roles: vec![Role::PanelJudge] }
}

pub fn new_mark(id: &str) -> NewMark {
    let page = PageRef { material: "m".into(), index: 0 };
    let rects = vec![PageRect::new(1., 2., 30., 14.)];
    let target = Target::Text { page, start: 0, end: 2, rects, quote: "借款".into() };
    NewMark { id: id.into(), kind: "highlight".into(), target }
}

pub fn add(id: &str) -> LayerCommand {
    LayerCommand::Add { marks: vec![new_mark(id)], colour: Colour::Yellow }
}

/// One browser.
pub struct Browser {
    pub who: Principal,
    pub client: Client,
    pub connection: Option<Connection>,
    /// What its disk holds.
    disk: Vec<Vec<u8>>,
    pub up: VecDeque<Vec<u8>>,
    pub down: VecDeque<Vec<u8>>,
    pub refused: Option<String>,
    /// Milliseconds by which its clock is wrong.
    pub ahead: u64,
    /// The marks as its reader sees them: what it had at first, and every change since.
    pub seen: BTreeMap<String, Mark>,
}

impl Browser {
    fn new(id: &str, replica: u64) -> Self {
        let who = principal(id);
        let client = Client::new(replica, who.id.clone(), who.name.clone(), false);
        let (disk, up, down) = (Vec::new(), VecDeque::new(), VecDeque::new());
        let (refused, seen) = (None, BTreeMap::new());
        Self { who, client, connection: None, disk, up, down, refused, ahead: 0, seen }
    }

    pub fn take(&mut self, outcome: Outcome) {
        self.disk.extend(outcome.made);
        self.disk.extend(outcome.received);
        self.seen.extend(outcome.changes.put.into_iter().map(|mark| (mark.id.clone(), mark)));
        outcome.changes.drop.iter().for_each(|id| drop(self.seen.remove(id)));
        self.refused = self.refused.take().or(outcome.refused);
        if self.connection.is_some() {
            self.up.extend(outcome.send);
        }
    }
}

pub struct World {
    /// The store: all that survives the server.
    pub stored: Stored,
    pub room: Room,
    pub browsers: Vec<Browser>,
    pub now: u64,
    pub store_fails: bool,
    /// A client believed that all was saved, and it was not.
    pub lied: bool,
    numbers: u64,
}

impl World {
    pub fn new(people: &[&str]) -> Self {
        let browsers = people.iter().zip(1..).map(|(id, replica)| Browser::new(id, replica)).collect();
        let (stored, room) = (Stored::default(), Room::new(Stored::default()).unwrap());
        Self { stored, room, browsers, now: 0, store_fails: false, lied: false, numbers: 100 }
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub fn connect(&mut self, at: usize) {
        if self.browsers[at].connection.is_some() {
            return;
        }
        let connection = self.number();
        self.browsers[at].connection = Some(connection);
        let outcome = self.browsers[at].client.connected();
        self.browsers[at].take(outcome);
        let who = self.browsers[at].who.clone();
        let rights = rights(&who, &Resource::of_class(VolumeClass::Main), &LayerId::Panel);
        let effects = self.room.join(self.now, connection, who, rights, true);
        self.carry_out(effects);
    }

    /// The line breaks; what was on it is lost.
    pub fn disconnect(&mut self, at: usize) {
        let Some(connection) = self.browsers[at].connection.take() else { return };
        self.hang_up(at);
        let effects = self.room.leave(connection);
        self.carry_out(effects);
    }

    fn hang_up(&mut self, at: usize) {
        let browser = &mut self.browsers[at];
        browser.connection = None;
        browser.up.clear();
        browser.down.clear();
        let outcome = browser.client.disconnected();
        browser.take(outcome);
    }

    /// The server is killed and starts again from its store.
    pub fn crash(&mut self) {
        (0..self.browsers.len()).for_each(|at| self.hang_up(at));
        self.room = Room::new(self.stored.clone()).unwrap();
    }

    /// A snapshot takes the place of the updates.
    pub fn compact(&mut self) {
        self.stored.updates = vec![self.room.state()];
    }

    /// The page is closed and opened again.
    pub fn reopen(&mut self, at: usize) {
        self.disconnect(at);
        let replica = self.number();
        let browser = &mut self.browsers[at];
        browser.client = Client::new(replica, browser.who.id.clone(), browser.who.name.clone(), false);
        for update in &browser.disk {
            browser.client.load(update).unwrap();
        }
        browser.seen = browser.client.marks().into_iter().map(|mark| (mark.id.clone(), mark)).collect();
    }

    pub fn command(&mut self, at: usize, command: LayerCommand) {
        self.now += 1;
        let browser = &mut self.browsers[at];
        if let Ok(outcome) = browser.client.command(self.now + browser.ahead, command) {
            browser.take(outcome);
        }
    }

    /// One frame goes up.
    pub fn up(&mut self, at: usize) {
        self.now += 1_000;
        let browser = &mut self.browsers[at];
        let (Some(connection), Some(frame)) = (browser.connection, browser.up.pop_front()) else { return };
        let effects = self.room.receive(self.now, connection, &frame);
        self.carry_out(effects);
    }

    /// One frame comes down.
    pub fn down(&mut self, at: usize) {
        let browser = &mut self.browsers[at];
        let Some(frame) = browser.down.pop_front() else { return };
        let outcome = browser.client.receive(self.now + browser.ahead, &frame).unwrap();
        browser.take(outcome);
        self.lied |= self.browsers[at].client.is_saved() && !self.is_durable(at);
    }

    /// Until nothing is under way any more.
    pub fn settle(&mut self) {
        while self.browsers.iter().any(|browser| !browser.up.is_empty() || !browser.down.is_empty()) {
            for at in 0..self.browsers.len() {
                self.up(at);
                self.down(at);
            }
        }
    }

    pub fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Send { to, frame } => {
                    if let Some(browser) = self.browsers.iter_mut().find(|b| b.connection == Some(to)) {
                        browser.down.push_back(frame.to_vec());
                    }
                }
                Effect::Close { to, .. } => {
                    if let Some(at) = self.browsers.iter().position(|b| b.connection == Some(to)) {
                        // What the server sent before it closed still arrives.
                        while !self.browsers[at].down.is_empty() {
                            self.down(at);
                        }
                        self.hang_up(at);
                    }
                }
                Effect::Save(_) if self.store_fails => {
                    effects.extend(self.room.not_saved());
                    self.crash_after(&mut effects);
                }
                Effect::Save(save) => {
                    self.append(save);
                    effects.extend(self.room.saved());
                }
            }
        }
    }

    /// As the hub does: a room whose store has failed is read anew.
    fn crash_after(&mut self, effects: &mut VecDeque<Effect>) {
        effects.extend(self.room.end(evolume_model::code::Code::LayerNotSaved));
        self.room = Room::new(self.stored.clone()).unwrap();
    }

    fn append(&mut self, save: Save) {
        self.stored.updates.push(save.update);
        self.stored.replicas.extend(save.replicas.into_iter().map(|r| (r, save.author.clone())));
    }

    /// The layer as the store has it.
    fn durable(&self) -> Layer {
        let durable = Layer::new(0);
        for update in &self.stored.updates {
            durable.apply(update).unwrap();
        }
        durable
    }

    /// Whether the store has all that a browser has.
    pub fn is_durable(&self, at: usize) -> bool {
        let durable = self.durable();
        durable.apply(&self.browsers[at].client.state()).unwrap() == Applied::Known
    }

    /// The marks that the store has.
    pub fn marks(&self) -> BTreeMap<String, Mark> {
        self.durable().marks().into_iter().map(|mark| (mark.id.clone(), mark)).collect()
    }
}
