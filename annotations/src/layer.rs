//! A layer as a CRDT document: annotations in and out of it, and what an update changes.
//!
//! The document has one root, the map `marks`: id → map of fields. The note is a text, so that what one
//! author writes on two machines merges; all other fields are plain values. Stock Yjs clients read and write
//! the same shape.

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use yrs::types::{Event, PathSegment};
use yrs::{
    Any, BranchID, DeepObservable, Doc, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, Text, TextPrelim,
    TextRef, Transact, TransactionMut,
};

use crate::document::{Document, Done, Writer, empty_doc, is_local};
use crate::schema::{Content, DEPTH, Schema, Shared, VALUES};
use crate::update::Replica;
use evolume_model::code::Code;
use evolume_model::geometry::PageRect;
use evolume_model::mark::{Anchor, Annotation, Colour, Invalid, Kind};

/// The one root of a layer's document.
pub const ROOT: &str = "marks";
/// Marks that one layer holds.
pub const MAX_MARKS: usize = 5_000;
/// Bytes of one update.
pub const MAX_UPDATE: usize = 1 << 20;
/// Bytes of a whole layer.
pub const MAX_STATE: usize = 16 << 20;

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
        let Writer { principal, rights, replicas, .. } = writer;
        let done = self.take_done();
        if !rights.write_own {
            return Err(Code::LayerReadOnly);
        }
        if done.writers.iter().any(|writer| !replicas.contains(writer)) {
            return Err(Code::LayerReplica);
        }
        let mut changes = Vec::new();
        for id in &done.entries {
            let old = before.get(id).and_then(Result::ok);
            let new = self.get(id).transpose().map_err(|_| Code::MarkInvalid)?;
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
        if self.len() > MAX_MARKS && self.len() > before.len() {
            return Err(Code::LayerFull);
        }
        Ok(changes)
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
    pub fn on_local_update(&self, mut notify: impl FnMut(Vec<u8>) + Send + Sync + 'static) {
        let watch = self.doc.observe_update_v1("local", move |txn, event| {
            if is_local(txn) {
                notify(event.update.clone());
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
