//! How a mark stands in the document.
//!
//! A mark is a map. Version 1 has 13 keys, no `v`, and is always on text; version 2 names its target and adds keys.
//! The page stands in both as `material` and `page`. Old marks are read for ever, and nothing that is not known here
//! is ever written over.

use std::collections::BTreeMap;

use evolume_model::geometry::{PagePoint, PageRect};
use evolume_model::ink;
use evolume_model::mark::{Colour, Invalid, Mark, Status, Stroke, Style, Target, VERSION, kind};
use evolume_model::page::PageRef;
use yrs::branch::Branch;
use yrs::{
    Any, BranchID, GetString, ID, Map, MapPrelim, MapRef, Out, ReadTxn, TextPrelim, TextRef, TransactionMut,
};

/// Keys of one mark, and bytes of one that cannot be read as a whole; those that can have limits for each field.
const MAX_KEYS: u32 = 64;
const MAX_WEIGHT: usize = 256 << 10;

/// Reads a mark; fails when what lies there is none.
pub(super) fn read<T: ReadTxn>(txn: &T, id: &str, value: &Out) -> Result<Mark, Invalid> {
    let Out::YMap(map) = value else { return Err(Invalid("shape")) };
    if map.len(txn) > MAX_KEYS || !is_only_map(map) {
        return Err(Invalid("shape"));
    }
    let fields = Fields { txn, map };
    let mark = fields.mark(id)?;
    if !mark.newer {
        return mark.validate().map(|()| mark);
    }
    if fields.weight() > MAX_WEIGHT {
        return Err(Invalid("shape"));
    }
    // A newer version may have other limits: what this one cannot hold it leaves out of what it shows.
    let mark = if mark.validate().is_ok() { mark } else { fields.envelope(id)? };
    mark.validate().map(|()| mark)
}

/// Writes a mark, in the oldest version that can say it.
pub(super) fn write(txn: &mut TransactionMut<'_>, marks: &MapRef, mark: &Mark) {
    let map = marks.insert(txn, mark.id.as_str(), MapPrelim::default());
    let mut put = |name: &str, value: Any| {
        map.insert(txn, name, value);
    };
    if mark.version() > 1 {
        put("v", number(mark.version()));
        put("target", target_name(&mark.target).into());
    }
    put("kind", mark.kind.as_str().into());
    if let Some(page) = mark.target.page() {
        put("material", page.material.as_str().into());
        put("page", number(page.index));
    }
    match &mark.target {
        Target::Text { start, end, rects, quote, .. } => {
            put("start", number(*start));
            put("end", number(*end));
            put("rects", rects.iter().map(edges).collect::<Vec<_>>().into());
            put("quote", quote.as_str().into());
        }
        Target::Area { rect, .. } => put("rects", Any::from(vec![edges(rect)])),
        Target::Point { at, .. } => put("at", Any::from(vec![number(at.x), number(at.y)])),
        Target::Time { material, start, end } => {
            put("material", material.as_str().into());
            put("start", number(*start));
            put("end", number(*end));
        }
        Target::Strokes { .. } | Target::Page { .. } | Target::Unknown { .. } => {}
    }
    if let Some(colour) = mark.style.colour {
        put("colour", colour.as_str().into());
    }
    if let Some(width) = mark.style.width {
        put("width", number(width));
    }
    if !mark.tags.is_empty() {
        put("tags", mark.tags.iter().map(|tag| Any::from(tag.as_str())).collect::<Vec<_>>().into());
    }
    if let Some(status) = mark.status {
        put("status", status.as_str().into());
    }
    if let Some(parent) = &mark.parent {
        put("parent", parent.as_str().into());
    }
    put("author", mark.author.as_str().into());
    put("authorName", mark.author_name.as_str().into());
    put("created", Any::from(mark.created as f64));
    put("updated", Any::from(mark.updated as f64));
    if let Target::Strokes { strokes, .. } = &mark.target {
        let inked = map.insert(txn, "strokes", MapPrelim::default());
        for stroke in strokes {
            // Points that no stroke has are refused before a mark is written.
            inked.insert(txn, stroke.id.as_str(), ink::encode(&stroke.points).unwrap_or_default());
        }
    }
    map.insert(txn, "note", TextPrelim::new(mark.note.as_str()));
}

/// Where a mark's map stands in the history of the document.
pub(super) fn origin(map: &MapRef) -> Option<ID> {
    match AsRef::<Branch>::as_ref(map).id() {
        BranchID::Nested(id) => Some(id),
        BranchID::Root(_) => None,
    }
}

/// A plain field as a text.
pub(super) fn text<T: ReadTxn>(txn: &T, map: &MapRef, name: &str) -> Option<String> {
    match map.get(txn, name)? {
        Out::Any(Any::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// A plain field as a time.
pub(super) fn time<T: ReadTxn>(txn: &T, map: &MapRef, name: &str) -> Option<u64> {
    match map.get(txn, name)? {
        Out::Any(value) => integer(&value),
        _ => None,
    }
}

struct Fields<'a, T> {
    txn: &'a T,
    map: &'a MapRef,
}

impl<T: ReadTxn> Fields<'_, T> {
    fn mark(&self, id: &str) -> Result<Mark, Invalid> {
        let v = self.optional("v", small)?.unwrap_or(1);
        let mut newer = v > VERSION;
        // What a newer version writes otherwise is left out, not wrong.
        let or = |newer: bool, field: Invalid| if newer { Ok(()) } else { Err(field) };
        let name = self.required("kind", string)?;
        let info = kind(&name);
        newer |= info.is_none();
        let (target, known) = match self.target() {
            Ok(Some(target)) => (target, true),
            Ok(None) => (self.place(), false),
            Err(invalid) => or(newer, invalid).map(|()| (self.place(), true))?,
        };
        newer |= !known;
        let colour = match self.optional("colour", string)? {
            Some(name) => Colour::parse(&name),
            None => info.map(|info| info.colour),
        };
        newer |= colour.is_none();
        let status = self.optional("status", string)?;
        let known = status.as_deref().map(Status::parse);
        newer |= known == Some(None);
        let width = self.optional("width", float).or_else(|invalid| or(newer, invalid).map(|()| None))?;
        let tags = self.optional("tags", strings).or_else(|invalid| or(newer, invalid).map(|()| None))?;
        let note = self.note().or_else(|invalid| or(newer, invalid).map(|()| String::new()))?;
        let parent = self.optional("parent", string).or_else(|invalid| or(newer, invalid).map(|()| None))?;
        Ok(Mark {
            v,
            kind: name,
            target,
            style: Style { colour, width: width.map(|width| width as f32) },
            note,
            tags: tags.unwrap_or_default(),
            status: known.flatten(),
            parent,
            newer,
            ..self.envelope(id)?
        })
    }

    /// What every version has.
    fn envelope(&self, id: &str) -> Result<Mark, Invalid> {
        let created = self.required("created", integer)?;
        Ok(Mark {
            id: id.to_owned(),
            v: self.optional("v", small)?.unwrap_or(1),
            kind: self.required("kind", string)?,
            target: Target::Unknown { page: None, rects: Vec::new() },
            style: Style::default(),
            note: String::new(),
            tags: Vec::new(),
            status: None,
            parent: None,
            author: self.required("author", string)?,
            author_name: self.required("authorName", string)?,
            created,
            // Undoing an edit that somebody else's came after leaves no value: then it is as new as it is old.
            updated: self.optional("updated", integer)?.unwrap_or(created),
            newer: true,
        })
    }

    /// `None` when only a newer version knows it.
    fn target(&self) -> Result<Option<Target>, Invalid> {
        let name = self.optional("target", string)?;
        let page = || -> Result<PageRef, Invalid> {
            let (material, index) = (self.required("material", string)?, self.required("page", small)?);
            Ok(PageRef { material, index })
        };
        let rects = || self.required("rects", rects);
        Ok(Some(match name.as_deref().unwrap_or("text") {
            "text" => Target::Text {
                page: page()?,
                start: self.required("start", small)?,
                end: self.required("end", small)?,
                rects: rects()?,
                quote: self.optional("quote", string)?.unwrap_or_default(),
            },
            "area" => match rects()?[..] {
                [rect] => Target::Area { page: page()?, rect },
                _ => return Err(Invalid("rects")),
            },
            "strokes" => Target::Strokes { page: page()?, strokes: self.strokes()? },
            "point" => Target::Point { page: page()?, at: self.required("at", point)? },
            "page" => Target::Page { page: page()? },
            "time" => Target::Time {
                material: self.required("material", string)?,
                start: self.required("start", small)?,
                end: self.required("end", small)?,
            },
            _ => return Ok(None),
        }))
    }

    /// As much of an unknown target's place as has the names of today.
    fn place(&self) -> Target {
        let page = match (self.required("material", string), self.required("page", small)) {
            (Ok(material), Ok(index)) => Some(PageRef { material, index }),
            _ => None,
        };
        Target::Unknown { page, rects: self.required("rects", rects).unwrap_or_default() }
    }

    fn strokes(&self) -> Result<Vec<Stroke>, Invalid> {
        let Some(Out::YMap(map)) = self.map.get(self.txn, "strokes") else { return Err(Invalid("strokes")) };
        if !is_only_map(&map) {
            return Err(Invalid("strokes"));
        }
        let strokes = map.iter(self.txn).map(|(id, value)| match value {
            Out::Any(Any::Buffer(bytes)) => {
                let points = ink::decode(&bytes).map_err(|_| Invalid("strokes"))?;
                Ok((id.to_owned(), Stroke { id: id.to_owned(), points }))
            }
            _ => Err(Invalid("strokes")),
        });
        let sorted = strokes.collect::<Result<BTreeMap<_, _>, _>>()?;
        Ok(sorted.into_values().collect())
    }

    fn note(&self) -> Result<String, Invalid> {
        match self.map.get(self.txn, "note") {
            Some(Out::YText(note)) if is_only_text(self.txn, &note) => Ok(note.get_string(self.txn)),
            None => Ok(String::new()),
            _ => Err(Invalid("note")),
        }
    }

    fn optional<V>(
        &self,
        name: &'static str,
        read: impl Fn(&Any) -> Option<V>,
    ) -> Result<Option<V>, Invalid> {
        match self.map.get(self.txn, name) {
            None => Ok(None),
            Some(Out::Any(value)) => read(&value).map(Some).ok_or(Invalid(name)),
            Some(_) => Err(Invalid(name)),
        }
    }

    fn required<V>(&self, name: &'static str, read: impl Fn(&Any) -> Option<V>) -> Result<V, Invalid> {
        self.optional(name, read)?.ok_or(Invalid(name))
    }

    /// Bytes of all that it holds, nearly.
    fn weight(&self) -> usize {
        self.map.iter(self.txn).map(|(name, value)| name.len() + weight(self.txn, &value)).sum()
    }
}

fn weight<T: ReadTxn>(txn: &T, value: &Out) -> usize {
    match value {
        Out::Any(any) => any_weight(any),
        Out::YText(text) => text.get_string(txn).len(),
        Out::YMap(map) => map.iter(txn).map(|(name, value)| name.len() + weight(txn, &value)).sum(),
        _ => 0,
    }
}

fn any_weight(any: &Any) -> usize {
    match any {
        Any::String(text) => text.len(),
        Any::Buffer(bytes) => bytes.len(),
        Any::Array(items) => items.iter().map(any_weight).sum(),
        _ => 8,
    }
}

fn target_name(target: &Target) -> &'static str {
    match target {
        Target::Text { .. } => "text",
        Target::Area { .. } => "area",
        Target::Strokes { .. } => "strokes",
        Target::Point { .. } => "point",
        Target::Page { .. } => "page",
        Target::Time { .. } => "time",
        Target::Unknown { .. } => "unknown",
    }
}

fn number(value: impl Into<f64>) -> Any {
    Any::from(value.into())
}

fn edges(rect: &PageRect) -> Any {
    Any::from([rect.x0, rect.y0, rect.x1, rect.y1].map(number).to_vec())
}

fn string(value: &Any) -> Option<String> {
    if let Any::String(text) = value { Some(text.to_string()) } else { None }
}

fn strings(value: &Any) -> Option<Vec<String>> {
    list(value)?.iter().map(string).collect()
}

fn float(value: &Any) -> Option<f64> {
    f64::try_from(value.clone()).ok()
}

fn integer(value: &Any) -> Option<u64> {
    let value = float(value)?;
    (value >= 0. && value <= crate::lib0::MAX_INTEGER as f64 && value.fract() == 0.).then_some(value as u64)
}

fn small(value: &Any) -> Option<u32> {
    u32::try_from(integer(value)?).ok()
}

fn list(value: &Any) -> Option<&[Any]> {
    if let Any::Array(items) = value { Some(items) } else { None }
}

fn floats<const N: usize>(value: &Any) -> Option<[f32; N]> {
    let values: Option<Vec<f32>> = list(value)?.iter().map(|item| float(item).map(|f| f as f32)).collect();
    values?.try_into().ok()
}

fn rects(value: &Any) -> Option<Vec<PageRect>> {
    let rect = |item| floats(item).map(|[x0, y0, x1, y1]| PageRect { x0, y0, x1, y1 });
    list(value)?.iter().map(rect).collect()
}

fn point(value: &Any) -> Option<PagePoint> {
    floats(value).map(|[x, y]| PagePoint { x, y })
}

/// A map can hide a list beside its keys.
fn is_only_map(map: &MapRef) -> bool {
    AsRef::<Branch>::as_ref(map).content_len() == 0
}

/// A text can hide keys beside its characters; formats and embedded things do not get this far.
fn is_only_text<T: ReadTxn>(txn: &T, note: &TextRef) -> bool {
    let same: Option<MapRef> = match AsRef::<Branch>::as_ref(note).id() {
        BranchID::Nested(id) => yrs::Nested::<MapRef>::new(id).get(txn),
        BranchID::Root(_) => None,
    };
    same.is_some_and(|map| map.len(txn) == 0)
}
