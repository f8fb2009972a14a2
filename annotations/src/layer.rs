//! A layer as a CRDT document: marks in and out of it, and who may change what.
//!
//! The document has one root, the map `marks`: id → map of fields ([`format`]). The note is a text, so that what
//! one author writes on two machines merges; strokes are a map by id; all other fields are plain values. Stock Yjs
//! clients read and write the same shape.

mod format;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use yrs::types::{Event, PathSegment};
use yrs::{DeepObservable, Doc, GetString, Map, MapRef, Out, Text, TextPrelim, Transact, TransactionMut};

use crate::document::{Document, Done, Writer, empty_doc, is_local, read_vector};
use crate::lib0::Malformed;
use crate::schema::{Content, DEPTH, Schema, Shared, VALUES};
use crate::update::Replica;
use evolume_model::code::Code;
use evolume_model::mark::{Colour, Invalid, Mark};

/// The one root of a layer's document.
pub const ROOT: &str = "marks";
/// Marks that one layer holds.
pub const MAX_MARKS: usize = 5_000;
/// Bytes of one update.
pub const MAX_UPDATE: usize = 1 << 20;
/// Bytes of a whole layer.
pub const MAX_STATE: usize = 16 << 20;
/// Milliseconds by which a mark's times may be ahead of the server's clock. A client corrects its own clock by the
/// server's, so more than the network's delay is a client that does not.
pub const MAX_AHEAD: u64 = 5 * 60 * 1_000;

/// A layer's document.
pub struct Layer {
    doc: Doc,
    marks: MapRef,
    done: Arc<Mutex<Done>>,
}

/// What happened to a mark.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is new.
    Added(Box<Mark>),
    /// It differs.
    Changed {
        /// What it was.
        before: Box<Mark>,
        /// What it is.
        after: Box<Mark>,
    },
    /// It is gone.
    Removed(Box<Mark>),
}

impl Document for Layer {
    const SCHEMA: Schema = Schema {
        roots: &[(ROOT, Shared::Map)],
        contents: &[
            Content::Characters,
            Content::Values,
            Content::Bytes,
            Content::Shared(Shared::Map),
            Content::Shared(Shared::Text),
        ],
        values: VALUES,
        depth: DEPTH,
    };
    const MAX_UPDATE: usize = MAX_UPDATE;
    const MAX_STATE: usize = MAX_STATE;
    type Change = Change;

    fn new(replica: Replica) -> Self {
        let doc = empty_doc(replica);
        let marks = doc.get_or_insert_map(ROOT);
        let done = Arc::new(Mutex::new(Done::default()));
        let sink = Arc::clone(&done);
        marks.observe_deep("touched", move |txn, events| {
            let entries = &mut sink.lock().unwrap_or_else(PoisonError::into_inner).entries;
            for event in events.iter() {
                match (event.path().front(), event) {
                    (Some(PathSegment::Key(id)), _) => {
                        entries.insert(id.to_string());
                    }
                    (None, Event::Map(event)) => {
                        entries.extend(event.keys(txn).keys().map(ToString::to_string));
                    }
                    _ => {}
                }
            }
        });
        Self { doc, marks, done }
    }

    fn doc(&self) -> &Doc {
        &self.doc
    }

    fn done(&self) -> &Mutex<Done> {
        &self.done
    }

    fn judge(&self, before: &Self, writer: Writer<'_>) -> Result<Vec<Change>, Code> {
        let done = self.take_done();
        if !writer.rights.write_own {
            return Err(Code::LayerReadOnly);
        }
        if done.writers.iter().any(|replica| !writer.replicas.contains(replica)) {
            return Err(Code::LayerReplica);
        }
        let mut changes = Vec::new();
        for id in &done.entries {
            let old = before.get(id).and_then(Result::ok);
            let new = self.get(id).transpose().map_err(|_| Code::MarkInvalid)?;
            changes.extend(judge_mark(old, new, writer)?);
        }
        if self.len() > MAX_MARKS && self.len() > before.len() {
            return Err(Code::LayerFull);
        }
        Ok(changes)
    }
}

/// Whether a mark may become what it has become.
///
/// A mark is its author's by id. The name in it is the one that the server knows the author by when the mark first
/// arrives, and then stays: so nobody can write under another's name, and a client whose user has been renamed
/// meanwhile signs what the server does not have yet anew (`Client`) instead of being refused.
fn judge_mark(old: Option<Mark>, new: Option<Mark>, writer: Writer<'_>) -> Result<Option<Change>, Code> {
    let Writer { principal, rights, now, .. } = writer;
    let foreign = old.as_ref().is_some_and(|mark| mark.author != principal.id);
    if foreign && !rights.write_others {
        return Err(Code::MarkForeign);
    }
    let latest = now.saturating_add(MAX_AHEAD);
    match (old, new) {
        (None, None) => Ok(None),
        (None, Some(mark)) => {
            if mark.author != principal.id || mark.author_name != principal.name {
                return Err(Code::MarkForged);
            }
            if mark.created > latest || mark.updated > latest {
                return Err(Code::MarkInvalid);
            }
            Ok(Some(Change::Added(Box::new(mark))))
        }
        (Some(before), Some(after)) => {
            let signature = |mark: &Mark| (mark.author.clone(), mark.author_name.clone());
            let kept =
                !foreign || (before.created, &before.kind, before.v) == (after.created, &after.kind, after.v);
            if signature(&before) != signature(&after) || !kept {
                return Err(Code::MarkForged);
            }
            let moved = |was: u64, is: u64| is != was && is > latest;
            if moved(before.created, after.created) || moved(before.updated, after.updated) {
                return Err(Code::MarkInvalid);
            }
            Ok(Some(Change::Changed { before: Box::new(before), after: Box::new(after) }))
        }
        (Some(mark), None) => Ok(Some(Change::Removed(Box::new(mark)))),
    }
}

impl Layer {
    /// The CRDT document and its root, for an undo manager.
    pub fn parts(&self) -> (&Doc, &MapRef) {
        (&self.doc, &self.marks)
    }

    /// How many marks there are.
    pub fn len(&self) -> usize {
        self.marks.len(&self.doc.transact()) as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A mark; fails when what lies there is none.
    pub fn get(&self, id: &str) -> Option<Result<Mark, Invalid>> {
        let txn = self.doc.transact();
        self.marks.get(&txn, id).map(|value| format::read(&txn, id, &value))
    }

    /// All marks that can be read.
    pub fn marks(&self) -> Vec<Mark> {
        let txn = self.doc.transact();
        self.marks.iter(&txn).filter_map(|(id, value)| format::read(&txn, id, &value).ok()).collect()
    }

    /// Calls back with every update that is made here and not elsewhere.
    pub fn on_local_update(&self, mut notify: impl FnMut(Vec<u8>) + Send + Sync + 'static) {
        let watch = self.doc.observe_update_v1("local", move |txn, event| {
            if is_local(txn) {
                notify(event.update.clone());
            }
        });
        debug_assert!(watch.is_ok(), "no transaction is open while a layer is made");
    }

    /// Adds a mark, or puts it in another's place.
    pub fn put(&self, txn: &mut TransactionMut<'_>, mark: &Mark) {
        format::write(txn, &self.marks, mark);
    }

    /// Changes a note by its difference only, so that two changes of it merge.
    pub fn set_note(&self, txn: &mut TransactionMut<'_>, id: &str, note: &str, now: u64) -> bool {
        let Some(mark) = self.mark(txn, id) else { return false };
        let text = match mark.get(txn, "note") {
            Some(Out::YText(text)) => text,
            // Undoing what another window built on can leave none.
            _ => mark.insert(txn, "note", TextPrelim::new("")),
        };
        let old = text.get_string(txn);
        if old == note {
            return false;
        }
        let (start, removed, inserted) = difference(&old, note);
        if removed > 0 {
            text.remove_range(txn, start, removed);
        }
        if !inserted.is_empty() {
            text.insert(txn, start, inserted);
        }
        mark.insert(txn, "updated", now as f64);
        true
    }

    /// Changes a colour.
    pub fn set_colour(&self, txn: &mut TransactionMut<'_>, id: &str, colour: Colour, now: u64) -> bool {
        let Some(mark) = self.mark(txn, id) else { return false };
        mark.insert(txn, "colour", colour.as_str());
        mark.insert(txn, "updated", now as f64);
        true
    }

    /// Removes a mark.
    pub fn remove(&self, txn: &mut TransactionMut<'_>, id: &str) -> bool {
        self.marks.remove(txn, id).is_some()
    }

    /// Signs what somebody who knows `vector` does not have yet: one's own new marks get one's present name, and
    /// no mark that one may change is dated later than `now`. Says whether anything had to be.
    pub fn sign(
        &self,
        txn: &mut TransactionMut<'_>,
        vector: &[u8],
        signature: Signature<'_>,
    ) -> Result<bool, Malformed> {
        let vector = read_vector(vector)?;
        let Signature { author, name, write_others, now } = signature;
        let marks: Vec<MapRef> = self
            .marks
            .iter(txn)
            .filter_map(|(_, value)| if let Out::YMap(map) = value { Some(map) } else { None })
            .collect();
        let mut signed = false;
        for map in marks {
            let own = format::text(txn, &map, "author").is_some_and(|id| id == author);
            let new = format::origin(&map).is_some_and(|id| id.clock >= vector.get(&id.client));
            if own && new && format::text(txn, &map, "authorName").is_some_and(|old| old != name) {
                map.insert(txn, "authorName", name);
                signed = true;
            }
            for field in ["created", "updated"] {
                let changes = own || (write_others && field == "updated");
                if changes && format::time(txn, &map, field).is_some_and(|time| time > now) {
                    map.insert(txn, field, now as f64);
                    signed = true;
                }
            }
        }
        Ok(signed)
    }

    fn mark(&self, txn: &TransactionMut<'_>, id: &str) -> Option<MapRef> {
        match self.marks.get(txn, id) {
            Some(Out::YMap(mark)) => Some(mark),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layer").field("marks", &self.len()).finish_non_exhaustive()
    }
}

/// Who signs marks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Signature<'a> {
    /// Principal id.
    pub author: &'a str,
    /// The name that the server knows them by.
    pub name: &'a str,
    /// Whether they may change the marks of others.
    pub write_others: bool,
    /// The server's time, in milliseconds since 1970.
    pub now: u64,
}

/// Where two texts differ: the start, how much goes, what comes. Counts UTF-16 units.
fn difference<'a>(old: &str, new: &'a str) -> (u32, u32, &'a str) {
    let same = |a: &(usize, char), b: &(usize, char)| a.1 == b.1;
    let prefix: usize = old
        .char_indices()
        .zip(new.char_indices())
        .take_while(|(a, b)| same(a, b))
        .map(|(a, _)| a.1.len_utf8())
        .sum();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let units = |text: &str| text.encode_utf16().count() as u32;
    let removed = &old_rest[..old_rest.len() - suffix];
    (units(&old[..prefix]), units(removed), &new_rest[..new_rest.len() - suffix])
}
