//! Marks of every version and shape: what was written is read, what is not known is kept.

use super::*;
use evolume_model::access::{Principal, Rights};
use evolume_model::geometry::{PagePoint, PageRect};
use evolume_model::ink::InkPoint;
use evolume_model::mark::samples::sample;
use evolume_model::mark::{KINDS, Status, Stroke, Style, Target, VERSION};
use evolume_model::page::PageRef;
use proptest::prelude::*;
use serde_json::{Value, json};
use yrs::{Any, MapPrelim};

const UPDATE: &[u8] = include_bytes!("../../tests/golden/v1.update");
const LOG: &[u8] = include_bytes!("../../tests/golden/v1.log");
const MARKS: &str = include_str!("../../tests/golden/v1.json");

fn edit<T>(layer: &Layer, change: impl FnOnce(&Layer, &mut TransactionMut<'_>) -> T) -> T {
    change(layer, &mut layer.doc.transact_mut())
}

fn copy(layer: &Layer) -> Layer {
    let copy = Layer::new(9);
    copy.apply(&layer.state()).unwrap();
    copy
}

/// A mark in the flat form of the program that wrote the golden documents.
fn flat(mark: &Mark) -> Value {
    assert_eq!((mark.v, mark.newer, &mark.tags, mark.status, &mark.parent), (1, false, &vec![], None, &None));
    let Target::Text { page, start, end, rects, quote } = &mark.target else { panic!("{mark:?}") };
    let (material, page) = (&page.material, page.index);
    // Through text, where an f32 has no more digits than it needs.
    let rects: Value = serde_json::from_str(&serde_json::to_string(rects).unwrap()).unwrap();
    json!({
        "id": mark.id,
        "kind": mark.kind,
        "anchor": {
            "material": material, "page": page, "start": start, "end": end, "rects": rects, "quote": quote,
        },
        "colour": mark.style.colour,
        "note": mark.note,
        "author": mark.author,
        "author_name": mark.author_name,
        "created": mark.created,
        "updated": mark.updated,
    })
}

#[track_caller]
fn is_golden(layer: &Layer) {
    let mut marks = layer.marks();
    marks.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    let expected: Value = serde_json::from_str(MARKS).unwrap();
    assert_eq!(Value::from_iter(marks.iter().map(flat)), expected);
}

#[test]
fn a_document_of_version_1_reads_as_it_did() {
    let layer = Layer::new(1);
    layer.apply(UPDATE).unwrap();
    is_golden(&layer);
    is_golden(&copy(&layer));
    // And update by update, as a room's log has it.
    let (layer, mut log) = (Layer::new(1), crate::lib0::Reader::new(LOG));
    while log.left() > 0 {
        layer.apply(log.bytes().unwrap()).unwrap();
    }
    is_golden(&layer);
}

#[test]
fn what_version_1_can_say_is_written_as_version_1() {
    let old = Layer::new(1);
    old.apply(UPDATE).unwrap();
    let mark = old.marks().into_iter().next().unwrap();
    let new = Layer::new(2);
    edit(&new, |l, txn| l.put(txn, &mark));
    let keys = |layer: &Layer| {
        let txn = layer.doc.transact();
        let Some(Out::YMap(map)) = layer.marks.get(&txn, &mark.id) else { panic!("no mark") };
        let mut keys: Vec<String> = map.keys(&txn).map(str::to_owned).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&new), keys(&old));
    assert_eq!(keys(&new).len(), 13);
    assert_eq!(new.marks(), std::slice::from_ref(&mark));
}

/// Changes a field of mark `a` behind the format's back.
fn set(layer: &Layer, field: &str, value: impl Into<Any>) {
    edit(layer, |l, txn| l.mark(txn, "a").unwrap().insert(txn, field, value.into()));
}

fn with_sample() -> Layer {
    let layer = Layer::new(1);
    edit(&layer, |l, txn| l.put(txn, &sample("a", "me")));
    layer
}

#[test]
fn what_a_newer_version_writes_is_shown_and_kept() {
    type Change = fn(&Layer);
    type Shows = fn(&Mark) -> bool;
    let changes: [(Change, Shows); 6] = [
        (|l| set(l, "kind", "hologram"), |m| m.kind == "hologram" && m.target.shape().is_some()),
        (
            |l| set(l, "target", "volume"),
            |m| matches!(&m.target, Target::Unknown { page: Some(page), rects } if page.index == 4 && rects.len() == 1),
        ),
        (|l| set(l, "colour", "ultraviolet"), |m| m.style.colour.is_none()),
        (|l| set(l, "status", "escalated"), |m| m.status.is_none()),
        (|l| set(l, "v", f64::from(VERSION + 1)), |m| m.v == VERSION + 1 && m.note == "与流水不符"),
        // Its note may be longer, its rectangles written otherwise.
        (
            |l| {
                set(l, "v", 9.);
                set(l, "rects", "M 0 0");
                set(l, "tags", 5.);
                set(l, "note", "字".repeat(20_000));
            },
            |m| matches!(m.target, Target::Unknown { page: Some(_), .. }) && m.note.is_empty(),
        ),
    ];
    for (at, (change, shows)) in changes.into_iter().enumerate() {
        let layer = with_sample();
        change(&layer);
        set(&layer, "fromLater", Any::from(vec![Any::Null, Any::Bool(true), Any::Buffer([1, 2].into())]));
        let mark = copy(&layer).get("a").unwrap().unwrap_or_else(|error| panic!("{at}: {error}"));
        assert!(mark.newer && mark.author == "me" && shows(&mark), "{at}: {mark:?}");
    }
}

#[test]
fn unknown_fields_survive_an_edit_beside_them() {
    let layer = with_sample();
    set(&layer, "fromLater", "x");
    let edited = copy(&layer);
    edit(&edited, |l, txn| assert!(l.set_note(txn, "a", "改", 5) && l.set_colour(txn, "a", Colour::Red, 6)));
    layer.apply(&edited.state()).unwrap();
    let mark = layer.get("a").unwrap().unwrap();
    assert_eq!((mark.newer, mark.note.as_str(), mark.style.colour), (false, "改", Some(Colour::Red)));
    let txn = layer.doc.transact();
    let Some(Out::YMap(map)) = layer.marks.get(&txn, "a") else { panic!("no mark") };
    assert_eq!(format::text(&txn, &map, "fromLater").as_deref(), Some("x"));
}

#[test]
fn a_mark_without_what_undo_can_take_is_still_shown() {
    let layer = with_sample();
    edit(&layer, |l, txn| {
        let map = l.mark(txn, "a").unwrap();
        for field in ["colour", "updated", "note"] {
            map.remove(txn, field);
        }
    });
    let mark = layer.get("a").unwrap().unwrap();
    assert_eq!((mark.newer, mark.updated, mark.note.as_str()), (false, mark.created, ""));
    assert_eq!(mark.style.colour, Some(Colour::Yellow));
    edit(&layer, |l, txn| assert!(l.set_note(txn, "a", "再写", 7)));
    assert_eq!(layer.get("a").unwrap().unwrap().note, "再写");
}

#[test]
fn what_is_no_mark_is_none_in_any_version() {
    for (field, value) in [("author", "a/b"), ("authorName", ""), ("created", "today"), ("kind", "a b")] {
        let layer = with_sample();
        set(&layer, "v", 9.);
        set(&layer, field, value);
        assert!(layer.get("a").unwrap().is_err(), "{field}");
    }
    let heavy = with_sample();
    set(&heavy, "kind", "hologram");
    set(&heavy, "mesh", Any::Buffer(vec![0; 300_000].into()));
    assert!(heavy.get("a").unwrap().is_err());
    let hidden = with_sample();
    edit(&hidden, |l, txn| {
        let map = l.mark(txn, "a").unwrap();
        map.insert(txn, "target", "strokes");
        map.insert(txn, "strokes", MapPrelim::from([("s", Any::Buffer([7].into()))]));
    });
    assert!(hidden.get("a").unwrap().is_err());
}

/// In a rolling upgrade a newer client meets an older server: its work is taken, under its author's name.
#[test]
fn the_judge_takes_a_newer_mark_of_its_author_and_of_nobody_else() {
    let judge = |author: &str| {
        let before = Layer::new(0);
        let other = Layer::new(2);
        edit(&other, |l, txn| l.put(txn, &sample("a", author)));
        set(&other, "kind", "hologram");
        let after = Layer::new(0);
        after.apply(&other.state()).unwrap();
        let me = Principal { id: "me".into(), name: "王法官".into(), roles: Vec::new() };
        let rights = Rights { read: true, write_own: true, write_others: false };
        let writer = Writer { principal: &me, rights, replicas: &[2], now: 1_764_000_000_000 };
        after.judge(&before, writer).map(|changes| changes.len())
    };
    assert_eq!(judge("me"), Ok(1));
    assert_eq!(judge("you"), Err(Code::MarkForged));
}

fn target() -> impl Strategy<Value = Target> {
    let page = ("[a-z0-9-]{1,12}", 0_u32..100_000);
    let page = page.prop_map(|(material, index)| PageRef { material, index });
    let edge = || -9_000_f32..9_000.;
    let rect = (edge(), edge(), edge(), edge()).prop_map(|(a, b, c, d)| PageRect::new(a, b, c, d));
    let step = || (-40_000_i32..40_000).prop_map(|step| step as f32 / 20.);
    let points = (proptest::collection::vec((step(), step(), any::<u8>()), 1..20), any::<bool>());
    let points = points.prop_map(|(points, pressure)| {
        let point = |(x, y, p)| InkPoint { x, y, pressure: pressure.then_some(p) };
        points.into_iter().map(point).collect::<Vec<_>>()
    });
    let strokes = proptest::collection::btree_map("[a-z0-9]{1,8}", points, 1..4).prop_map(|strokes| {
        strokes.into_iter().map(|(id, points)| Stroke { id, points }).collect::<Vec<_>>()
    });
    let text =
        (page.clone(), 0_u32..1_000, 1_u32..50, proptest::collection::vec(rect.clone(), 1..4), "\\PC{0,20}");
    prop_oneof![
        text.prop_map(|(page, start, length, rects, quote)| {
            Target::Text { page, start, end: start + length, rects, quote }
        }),
        (page.clone(), rect).prop_map(|(page, rect)| Target::Area { page, rect }),
        (page.clone(), strokes).prop_map(|(page, strokes)| Target::Strokes { page, strokes }),
        (page.clone(), edge(), edge())
            .prop_map(|(page, x, y)| Target::Point { page, at: PagePoint { x, y } }),
        page.prop_map(|page| Target::Page { page }),
        ("[a-z0-9-]{1,12}", 0_u32..1_000_000, 0_u32..9_000)
            .prop_map(|(material, start, length)| Target::Time { material, start, end: start + length }),
    ]
}

proptest! {
    /// Every target, style, tag, status and parent goes through a document unchanged, also where this version has no
    /// kind for it yet.
    #[test]
    fn marks_of_every_shape_round_trip(
        target in target(),
        colour in prop::sample::select(Colour::ALL),
        width in proptest::option::of(0.1_f32..100.),
        tags in proptest::collection::vec("[a-z证据]{1,8}", 0..4),
        status in proptest::option::of(prop::sample::select(Status::ALL)),
        parent in proptest::option::of("[b-z]{1,8}"),
    ) {
        let takes = KINDS.iter().find(|kind| target.shape().is_some_and(|shape| kind.shapes.contains(&shape)));
        let mut mark = Mark {
            kind: takes.map_or("later", |kind| kind.id).to_owned(),
            newer: takes.is_none(),
            target,
            style: Style { colour: Some(colour), width },
            tags,
            status,
            parent,
            ..sample("a", "me")
        };
        mark.v = mark.version();
        prop_assert_eq!(mark.validate(), Ok(()));
        let layer = Layer::new(1);
        edit(&layer, |l, txn| l.put(txn, &mark));
        let copy = copy(&layer);
        prop_assert_eq!(copy.get("a").unwrap(), Ok(mark.clone()));
        let json = serde_json::to_string(&mark).unwrap();
        prop_assert_eq!(serde_json::from_str::<Mark>(&json).unwrap(), mark);
    }
}
