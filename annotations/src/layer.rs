//! A layer as a CRDT document: annotations in and out of it, and what an update changes.
//!
//! The document has one root, the map `marks`: id → map of fields. The note is a text, so that what one
//! author writes on two machines merges; all other fields are plain values. Stock Yjs clients read and write
//! the same shape.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use yrs::types::{Event, PathSegment};
use yrs::updates::decoder::Decode;
use yrs::{
    Any, BranchID, ClientID, DeepObservable, Doc, GetString, Map, MapPrelim, MapRef, OffsetKind, Options,
    Out, ReadTxn, StateVector, Text, TextPrelim, TextRef, Transact, TransactionMut, Update,
};

use crate::lib0::{Malformed, Reader};
use crate::update::{Contents, ROOT, Replica};
use evolume_model::access::{Principal, Rights};
use evolume_model::code::Code;
use evolume_model::geometry::PageRect;
use evolume_model::mark::{Anchor, Annotation, Colour, Invalid, Kind};

/// Marks that one layer holds.
pub const MAX_MARKS: usize = 5_000;
/// Bytes of one update.
pub const MAX_UPDATE: usize = 1 << 20;
/// Bytes of a whole layer.
pub const MAX_STATE: usize = 16 << 20;

/// Marks the transactions that come from somewhere else.
const REMOTE: &str = "remote";

/// A layer's document.
pub struct Layer {
    doc: Doc,
    marks: MapRef,
    /// Ids that the last transaction touched.
    touched: Arc<Mutex<BTreeSet<String>>>,
}

/// What an update did to a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// All of it is in.
    Whole,
    /// It follows something that is not here; nothing of it is in.
    Missing,
}

/// What happened to a mark.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is new.
    Added(Box<Annotation>),
    /// It differs.
    Changed {
        /// What it was.
        before: Box<Annotation>,
        /// What it is.
        after: Box<Annotation>,
    },
    /// It is gone.
    Removed(Box<Annotation>),
}

impl Layer {
    /// An empty layer; `replica` is unique for every open document.
    pub fn new(replica: Replica) -> Self {
        let options =
            Options { offset_kind: OffsetKind::Utf16, ..Options::with_client_id(ClientID::new(replica)) };
        let doc = Doc::with_options(options);
        let marks = doc.get_or_insert_map(ROOT);
        let touched = Arc::new(Mutex::new(BTreeSet::new()));
        let sink = Arc::clone(&touched);
        marks.observe_deep("touched", move |txn, events| {
            let mut touched = sink.lock().unwrap_or_else(PoisonError::into_inner);
            for event in events.iter() {
                match (event.path().front(), event) {
                    (Some(PathSegment::Key(id)), _) => {
                        touched.insert(id.to_string());
                    }
                    (None, Event::Map(event)) => {
                        touched.extend(event.keys(txn).keys().map(ToString::to_string));
                    }
                    _ => {}
                }
            }
        });
        Self { doc, marks, touched }
    }

    /// The CRDT document and its root, for an undo manager.
    pub fn parts(&self) -> (&Doc, &MapRef) {
        (&self.doc, &self.marks)
    }

    /// Everything, as an update.
    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// What this document knows.
    pub fn vector(&self) -> Vec<u8> {
        use yrs::updates::encoder::Encode;
        self.doc.transact().state_vector().encode_v1()
    }

    /// What somebody lacks who knows `vector`.
    pub fn missing(&self, vector: &[u8]) -> Result<Vec<u8>, Malformed> {
        let vector = read_vector(vector)?;
        Ok(self.doc.transact().encode_state_as_update_v1(&vector))
    }

    /// How far this document knows a replica.
    pub fn known(&self) -> impl Fn(Replica) -> u32 {
        let vector = self.doc.transact().state_vector();
        move |replica| vector.get(&ClientID::new(replica))
    }

    /// Takes an update in, wherever it comes from. Fails on what no layer holds; then the document is not to
    /// be used any more.
    pub fn apply(&self, update: &[u8]) -> Result<Applied, Malformed> {
        let contents = Contents::read(update)?;
        if !contents.fits(self.known()) {
            return Ok(Applied::Missing);
        }
        self.take_touched();
        let update = Update::decode_v1(update).map_err(|_| Malformed)?;
        let mut txn = self.doc.transact_mut_with(REMOTE);
        txn.apply_update(update).map_err(|_| Malformed)?;
        txn.commit();
        if txn.has_missing_updates() { Err(Malformed) } else { Ok(Applied::Whole) }
    }

    /// Ids that the last update touched.
    pub fn take_touched(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner))
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
    pub fn get(&self, id: &str) -> Option<Result<Annotation, Invalid>> {
        let txn = self.doc.transact();
        self.marks.get(&txn, id).map(|value| read(&txn, id, value))
    }

    /// All marks that are some.
    pub fn annotations(&self) -> Vec<Annotation> {
        let txn = self.doc.transact();
        self.marks.iter(&txn).filter_map(|(id, value)| read(&txn, id, value).ok()).collect()
    }

    /// Calls back with every update that is made here and not elsewhere.
    pub fn on_local_update(&self, mut told: impl FnMut(Vec<u8>) + Send + Sync + 'static) {
        let watch = self.doc.observe_update_v1("local", move |txn, event| {
            if txn.origin().is_none_or(|origin| origin.as_ref() != REMOTE.as_bytes()) {
                told(event.update.clone());
            }
        });
        debug_assert!(watch.is_ok(), "no transaction is open while a layer is made");
    }

    /// Adds a mark, or puts it in another's place.
    pub fn put(&self, txn: &mut TransactionMut<'_>, annotation: &Annotation) {
        let anchor = &annotation.anchor;
        let number = |value: f64| Any::from(value);
        let rects: Vec<Any> = anchor
            .rects
            .iter()
            .map(|rect| Any::from([rect.x0, rect.y0, rect.x1, rect.y1].map(|v| number(v.into())).to_vec()))
            .collect();
        let fields: [(&str, Any); 11] = [
            ("kind", annotation.kind.as_str().into()),
            ("material", anchor.material.as_str().into()),
            ("page", number(anchor.page.into())),
            ("start", number(anchor.start.into())),
            ("end", number(anchor.end.into())),
            ("rects", Any::from(rects)),
            ("quote", anchor.quote.as_str().into()),
            ("colour", annotation.colour.as_str().into()),
            ("author", annotation.author.as_str().into()),
            ("authorName", annotation.author_name.as_str().into()),
            ("created", number(annotation.created as f64)),
        ];
        let mark = self.marks.insert(txn, annotation.id.as_str(), MapPrelim::default());
        for (name, value) in fields {
            mark.insert(txn, name, value);
        }
        mark.insert(txn, "updated", number(annotation.updated as f64));
        mark.insert(txn, "note", TextPrelim::new(annotation.note.as_str()));
    }

    /// Changes a note by its difference only, so that two changes of it merge.
    pub fn set_note(&self, txn: &mut TransactionMut<'_>, id: &str, note: &str, now: u64) -> bool {
        let Some(mark) = self.mark(txn, id) else { return false };
        let Some(Out::YText(text)) = mark.get(txn, "note") else { return false };
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

/// Says whether everything between two states of a layer is a principal's to change, and what it is.
///
/// `touched`: the ids that the update touched, also where the marks look the same as before.
pub fn judge(
    before: &Layer,
    after: &Layer,
    touched: &BTreeSet<String>,
    principal: &Principal,
    rights: Rights,
) -> Result<Vec<Change>, Code> {
    let mut changes = Vec::new();
    for id in touched {
        let old = before.get(id).and_then(Result::ok);
        let new = after.get(id).transpose().map_err(|_| Code::MarkInvalid)?;
        if !rights.write_own {
            return Err(Code::LayerReadOnly);
        }
        let foreign = old.as_ref().is_some_and(|mark| mark.author != principal.id);
        if foreign && !rights.write_others {
            return Err(Code::MarkForeign);
        }
        changes.push(match (old, new) {
            (None, None) => continue,
            (None, Some(mark)) if mark.author != principal.id || mark.author_name != principal.name => {
                return Err(Code::MarkForged);
            }
            (None, Some(mark)) => Change::Added(Box::new(mark)),
            (Some(before), Some(after))
                if (&before.author, &before.author_name) != (&after.author, &after.author_name) =>
            {
                return Err(Code::MarkForged);
            }
            (Some(before), Some(after)) => {
                Change::Changed { before: Box::new(before), after: Box::new(after) }
            }
            (Some(mark), None) => Change::Removed(Box::new(mark)),
        });
    }
    if after.len() > MAX_MARKS && after.len() > before.len() {
        return Err(Code::LayerFull);
    }
    Ok(changes)
}

/// Reads a state vector, believing no count.
fn read_vector(bytes: &[u8]) -> Result<StateVector, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut vector = StateVector::default();
    for _ in 0..reader.count(2)? {
        let replica = reader.var()?;
        let clock = u32::try_from(reader.var()?).map_err(|_| Malformed)?;
        vector.set_max(ClientID::new(replica), clock);
    }
    reader.end()?;
    Ok(vector)
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

/// The fields of a mark, and no others.
const FIELDS: usize = 13;

fn read<T: ReadTxn>(txn: &T, id: &str, value: Out) -> Result<Annotation, Invalid> {
    let Out::YMap(mark) = value else { return Err(Invalid("shape")) };
    if mark.len(txn) as usize != FIELDS || !is_only_map(&mark) {
        return Err(Invalid("fields"));
    }
    let text = |name: &'static str| match mark.get(txn, name) {
        Some(Out::Any(Any::String(text))) => Ok(text.to_string()),
        _ => Err(Invalid(name)),
    };
    let number = |name: &'static str| match mark.get(txn, name) {
        Some(Out::Any(value)) => integer(&value).ok_or(Invalid(name)),
        _ => Err(Invalid(name)),
    };
    let small = |name| number(name).and_then(|n| u32::try_from(n).map_err(|_| Invalid(name)));
    let note = match mark.get(txn, "note") {
        Some(Out::YText(note)) if is_only_text(txn, &note) => note.get_string(txn),
        _ => return Err(Invalid("note")),
    };
    let rects = match mark.get(txn, "rects") {
        Some(Out::Any(Any::Array(rects))) => rects.iter().map(rect).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let annotation = Annotation {
        id: id.to_owned(),
        kind: Kind::parse(&text("kind")?).ok_or(Invalid("kind"))?,
        anchor: Anchor {
            material: text("material")?,
            page: small("page")?,
            start: small("start")?,
            end: small("end")?,
            rects: rects.ok_or(Invalid("rects"))?,
            quote: text("quote")?,
        },
        colour: Colour::parse(&text("colour")?).ok_or(Invalid("colour"))?,
        note,
        author: text("author")?,
        author_name: text("authorName")?,
        created: number("created")?,
        updated: number("updated")?,
    };
    annotation.validate()?;
    Ok(annotation)
}

fn float(value: &Any) -> Option<f64> {
    f64::try_from(value.clone()).ok()
}

fn integer(value: &Any) -> Option<u64> {
    let value = float(value)?;
    (value >= 0. && value <= crate::lib0::MAX_INTEGER as f64 && value.fract() == 0.).then_some(value as u64)
}

fn rect(value: &Any) -> Option<PageRect> {
    let Any::Array(edges) = value else { return None };
    let edges: Vec<f32> = edges.iter().map(|edge| float(edge).map(|e| e as f32)).collect::<Option<_>>()?;
    let [x0, y0, x1, y1] = edges[..] else { return None };
    Some(PageRect { x0, y0, x1, y1 })
}

/// A map can hide a list beside its keys.
fn is_only_map(mark: &MapRef) -> bool {
    let branch: &yrs::branch::Branch = mark.as_ref();
    branch.content_len() == 0
}

/// A text can hide keys beside its characters; formats and embedded things do not get this far.
fn is_only_text<T: ReadTxn>(txn: &T, note: &TextRef) -> bool {
    let branch: &yrs::branch::Branch = note.as_ref();
    let same: Option<MapRef> = match branch.id() {
        BranchID::Nested(id) => yrs::Nested::<MapRef>::new(id).get(txn),
        BranchID::Root(_) => None,
    };
    same.is_some_and(|map| map.len(txn) == 0)
}
