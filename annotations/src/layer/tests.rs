//! Marks in and out of a layer, and what may be done to it.

mod versions;

use super::*;
use crate::document::Applied;
use evolume_model::access::{Principal, Rights, Role};
use evolume_model::mark::samples::sample;
use proptest::prelude::*;
use yrs::{Array, ArrayRef, BranchID, Nested};

/// When the samples were made.
const NOW: u64 = 1_764_000_000_000;
const WRITE: Rights = Rights { read: true, write_own: true, write_others: false };

fn me() -> Principal {
    Principal { id: "me".into(), name: "王法官".into(), roles: vec![Role::PanelJudge] }
}

fn edit(layer: &Layer, change: impl FnOnce(&Layer, &mut TransactionMut<'_>)) {
    change(layer, &mut layer.doc.transact_mut());
}

fn with(marks: &[Mark]) -> Layer {
    let layer = Layer::new(1);
    edit(&layer, |layer, txn| marks.iter().for_each(|mark| layer.put(txn, mark)));
    layer
}

fn copy(layer: &Layer, replica: Replica) -> Layer {
    let copy = Layer::new(replica);
    copy.apply(&layer.state()).unwrap();
    copy.take_done();
    copy
}

/// What the judge says of a change of a layer with one mark of `author`.
fn judged(
    author: &str,
    rights: Rights,
    change: impl FnOnce(&Layer, &mut TransactionMut<'_>),
) -> Result<usize, Code> {
    let before = with(&[sample("a", author)]);
    let other = copy(&before, 2);
    edit(&other, change);
    let after = copy(&before, 3);
    after.apply(&other.missing(&before.vector()).unwrap()).unwrap();
    let writer = Writer { principal: &me(), rights, replicas: &[2], now: NOW };
    after.judge(&before, writer).map(|changes| changes.len())
}

#[test]
fn marks_come_out_as_they_went_in() {
    let mark = sample("a", "me");
    let layer = with(std::slice::from_ref(&mark));
    assert_eq!(copy(&layer, 2).marks(), [mark]);
}

#[test]
fn two_changes_of_a_note_merge() {
    let first = with(&[sample("a", "me")]);
    let second = copy(&first, 2);
    edit(&first, |layer, txn| assert!(layer.set_note(txn, "a", "一、与流水不符😀", 1)));
    edit(&second, |layer, txn| assert!(layer.set_note(txn, "a", "与流水不符（待核）", 2)));
    first.apply(&second.missing(&first.vector()).unwrap()).unwrap();
    second.apply(&first.missing(&second.vector()).unwrap()).unwrap();
    assert_eq!(first.get("a"), second.get("a"));
    let note = first.get("a").unwrap().unwrap().note;
    assert!(note.starts_with("一、与流水不符") && note.contains("（待核）") && note.contains('😀'), "{note}");
}

#[test]
fn own_changes_pass() {
    assert_eq!(judged("me", WRITE, |l, txn| l.put(txn, &sample("b", "me"))), Ok(1));
    assert_eq!(judged("other", WRITE, |l, txn| l.put(txn, &sample("b", "me"))), Ok(1));
    assert_eq!(
        judged("me", WRITE, |l, txn| {
            l.set_note(txn, "a", "x", 1);
        }),
        Ok(1)
    );
    assert_eq!(
        judged("me", WRITE, |l, txn| {
            l.remove(txn, "a");
        }),
        Ok(1)
    );
}

#[test]
fn other_changes_do_not() {
    let forged = |l: &Layer, txn: &mut TransactionMut<'_>| l.put(txn, &sample("b", "other"));
    assert_eq!(judged("me", WRITE, forged), Err(Code::MarkForged));
    assert_eq!(
        judged("other", WRITE, |l, txn| {
            l.remove(txn, "a");
        }),
        Err(Code::MarkForeign)
    );
    assert_eq!(
        judged("other", WRITE, |l, txn| {
            l.set_note(txn, "a", "x", 1);
        }),
        Err(Code::MarkForeign)
    );
    // The same mark again looks the same, and yet would cut off what its author writes meanwhile.
    assert_eq!(judged("other", WRITE, |l, txn| l.put(txn, &sample("a", "other"))), Err(Code::MarkForeign));
    assert_eq!(judged("me", WRITE, |l, txn| l.put(txn, &sample("a", "other"))), Err(Code::MarkForged));
    let renamed = |l: &Layer, txn: &mut TransactionMut<'_>| {
        l.put(txn, &Mark { author_name: "李书记员".into(), ..sample("b", "me") });
    };
    assert_eq!(judged("me", WRITE, renamed), Err(Code::MarkForged));
    let read = Rights { write_own: false, ..WRITE };
    assert_eq!(judged("me", read, |l, txn| l.put(txn, &sample("b", "me"))), Err(Code::LayerReadOnly));
    let long = Mark { note: "x".repeat(20_000), ..sample("b", "me") };
    assert_eq!(judged("me", WRITE, |l, txn| l.put(txn, &long)), Err(Code::MarkInvalid));
}

#[test]
fn a_keeper_removes_what_is_not_theirs_but_signs_nothing_for_others() {
    let keep = Rights { write_others: true, ..WRITE };
    assert_eq!(
        judged("other", keep, |l, txn| {
            l.remove(txn, "a");
        }),
        Ok(1)
    );
    assert_eq!(judged("other", keep, |l, txn| l.put(txn, &sample("a", "me"))), Err(Code::MarkForged));
    let older = Mark { created: 1, ..sample("a", "other") };
    assert_eq!(judged("other", keep, |l, txn| l.put(txn, &older)), Err(Code::MarkForged));
}

#[test]
fn a_mark_is_not_dated_ahead_of_the_server() {
    let dated = |created, updated| {
        judged("me", WRITE, |l, txn| l.put(txn, &Mark { created, updated, ..sample("b", "me") }))
    };
    assert_eq!(dated(NOW + MAX_AHEAD, NOW + MAX_AHEAD), Ok(1));
    assert_eq!(dated(NOW + MAX_AHEAD + 1, NOW), Err(Code::MarkInvalid));
    assert_eq!(dated(NOW, NOW + MAX_AHEAD + 1), Err(Code::MarkInvalid));
    let noted = |now| judged("me", WRITE, |l, txn| assert!(l.set_note(txn, "a", "x", now)));
    assert_eq!(noted(NOW + MAX_AHEAD), Ok(1));
    assert_eq!(noted(NOW + MAX_AHEAD + 1), Err(Code::MarkInvalid));
}

#[test]
fn only_what_the_other_side_lacks_is_signed() {
    let layer = with(&[sample("old", "me"), sample("other", "you")]);
    let vector = layer.vector();
    edit(&layer, |l, txn| {
        l.put(txn, &sample("new", "me"));
        l.put(txn, &Mark { created: NOW + 50, updated: NOW + 90, ..sample("ahead", "me") });
    });
    let sign = |write_others, now| {
        let signature = Signature { author: "me", name: "王庭长", write_others, now };
        let signed = layer.sign(&mut layer.doc.transact_mut(), &vector, signature).unwrap();
        let names = |mark: Mark| (mark.id, mark.author_name, mark.created - NOW, mark.updated - NOW);
        let mut marks: Vec<_> = layer.marks().into_iter().map(names).collect();
        marks.sort();
        (signed, marks)
    };
    let mark = |id: &str, name: &str, created, updated| (id.to_owned(), name.to_owned(), created, updated);
    let expected = |updated| {
        vec![
            mark("ahead", "王庭长", 20, 20),
            mark("new", "王庭长", 0, 0),
            mark("old", "王法官", 0, 0),
            mark("other", "王法官", 0, updated),
        ]
    };
    assert_eq!(sign(false, NOW + 20), (true, expected(0)));
    assert_eq!(sign(false, NOW + 20), (false, expected(0)));
    edit(&layer, |l, txn| assert!(l.set_note(txn, "other", "由书记员整理", NOW + 70)));
    assert_eq!(sign(false, NOW + 20), (false, expected(70)));
    assert_eq!(sign(true, NOW + 20), (true, expected(20)));
}

#[test]
fn nothing_hides_in_a_mark() {
    let hidden_list = |l: &Layer, txn: &mut TransactionMut<'_>| {
        let mark = l.mark(txn, "a").unwrap();
        let BranchID::Nested(id) = AsRef::<yrs::branch::Branch>::as_ref(&mark).id() else { panic!() };
        Nested::<ArrayRef>::new(id).get(txn).unwrap().push_back(txn, "hidden");
    };
    let hidden_key = |l: &Layer, txn: &mut TransactionMut<'_>| {
        let Some(Out::YText(note)) = l.mark(txn, "a").unwrap().get(txn, "note") else { panic!() };
        let BranchID::Nested(id) = AsRef::<yrs::branch::Branch>::as_ref(&note).id() else { panic!() };
        Nested::<MapRef>::new(id).get(txn).unwrap().insert(txn, "hidden", "x");
    };
    let plain = |l: &Layer, txn: &mut TransactionMut<'_>| {
        l.marks.insert(txn, "b", "no map");
    };
    assert_eq!(judged("me", WRITE, hidden_list), Err(Code::MarkInvalid));
    assert_eq!(judged("me", WRITE, hidden_key), Err(Code::MarkInvalid));
    assert_eq!(judged("me", WRITE, plain), Err(Code::MarkInvalid));
}

#[test]
fn an_update_that_follows_something_unknown_leaves_nothing() {
    let layer = with(&[sample("a", "me")]);
    let first = layer.vector();
    edit(&layer, |l, txn| l.put(txn, &sample("b", "me")));
    let second = layer.missing(&first).unwrap();
    let empty = Layer::new(9);
    let before = empty.state();
    assert_eq!(empty.apply(&second), Ok(Applied::Missing));
    assert_eq!(empty.state(), before);
    assert_eq!(empty.apply(&layer.state()), Ok(Applied::Changed));
    assert_eq!(empty.len(), 2);
}

#[test]
fn a_state_vector_is_not_believed() {
    let layer = with(&[]);
    assert!(layer.missing(&[0xff, 0xff, 0xff, 0xff, 0x0f]).is_err());
    assert!(layer.missing(&[]).is_err());
    assert!(layer.missing(&[0]).is_ok());
}

proptest! {
    #[test]
    fn the_difference_of_two_texts(old in "[a原告😀]{0,8}", new in "[a原告😀]{0,8}") {
        let (start, removed, inserted) = difference(&old, &new);
        let mut units: Vec<u16> = old.encode_utf16().collect();
        let (start, end) = (start as usize, (start + removed) as usize);
        units.splice(start..end, inserted.encode_utf16());
        prop_assert_eq!(String::from_utf16(&units).unwrap(), new);
    }

    /// What the touched ids leave out has not changed: two ways to see an update agree.
    #[test]
    fn every_difference_is_touched(steps in proptest::collection::vec((0_u8..4, 0_u8..4), 1..12)) {
        let before = with(&[sample("0", "me"), sample("1", "other")]);
        let other = copy(&before, 2);
        for (action, id) in steps {
            let id = id.to_string();
            edit(&other, |l, txn| match action {
                0 => l.put(txn, &sample(&id, "me")),
                1 => { l.remove(txn, &id); },
                2 => { l.set_note(txn, &id, "neu", 5); },
                _ => { l.set_colour(txn, &id, Colour::Red, 6); },
            });
        }
        let after = copy(&before, 3);
        after.apply(&other.missing(&before.vector()).unwrap()).unwrap();
        let touched = after.take_done().entries;
        for id in ["0", "1", "2", "3"] {
            if before.get(id) != after.get(id) {
                prop_assert!(touched.contains(id), "{id}");
            }
        }
    }
}
