//! What a room does not take: forged, foreign, malformed, too much; and that it lives on unharmed.

use bytes_of::frames;
use evolume_annotations::command::NewMark;
use evolume_annotations::document::Document;
use evolume_annotations::layer::{Layer, MAX_UPDATE};
use evolume_annotations::lib0::write_var;
use evolume_annotations::sync::{Awareness, Message};
use evolume_model::access::{Rights, Role};
use evolume_model::code::Code;
use evolume_model::mark::{Author, Colour, Mark};
use evolume_server::rooms::{Connection, Effect, Room, Stored};
use proptest::prelude::*;
use yrs::{Transact, TransactionMut};

use super::world::{new_mark, principal};

const WRITE: Rights = Rights { read: true, write_own: true, write_others: false };

mod bytes_of {
    use super::*;

    /// The messages that effects send to a connection.
    pub fn frames(effects: &[Effect], connection: Connection) -> Vec<Message> {
        let sent = effects.iter().filter_map(|effect| match effect {
            Effect::Send { to, frame } if *to == connection => Some(Message::decode(frame).unwrap()),
            _ => None,
        });
        sent.collect()
    }
}

fn mark(id: &str, author: &str) -> Mark {
    let who = principal(author);
    let NewMark { target, kind, .. } = new_mark(id);
    Mark::new(id.into(), kind, target, Colour::Blue, Author { id: who.id, name: who.name }, 1)
}

/// A room with a mark of Li's, and Wang (1, Evolume's client), Li (2, a stock client) and Zhou (3) in it.
fn room() -> Room {
    let li = layer_with(9, "li-1", "li");
    let replicas = [(9, "li".to_owned())].into();
    let mut room = Room::new(Stored { updates: vec![li.state()], replicas }).unwrap();
    room.join(0, 1, principal("wang"), WRITE, true);
    room.join(0, 2, principal("li"), WRITE, false);
    room.join(0, 3, principal("zhou"), WRITE, true);
    room
}

fn layer_with(replica: u64, id: &str, author: &str) -> Layer {
    let layer = Layer::new(replica);
    edit(&layer, |layer, txn| layer.put(txn, &mark(id, author)));
    layer
}

fn edit<T>(layer: &Layer, change: impl FnOnce(&Layer, &mut TransactionMut<'_>) -> T) {
    let (doc, _) = layer.parts();
    change(layer, &mut doc.transact_mut());
}

/// What somebody sends who has the room's state and changes it with a program of theirs.
fn change<T>(
    room: &Room,
    replica: u64,
    change: impl FnOnce(&Layer, &mut TransactionMut<'_>) -> T,
) -> Vec<u8> {
    let layer = Layer::new(replica);
    layer.apply(&room.state()).unwrap();
    let before = layer.vector();
    edit(&layer, change);
    Message::Update(layer.missing(&before).unwrap()).encode()
}

/// The frame is refused as a whole with its code, nothing is saved, nobody else gets anything, and the room
/// goes on.
#[track_caller]
fn refused(room: &mut Room, from: Connection, frame: &[u8], code: Code) {
    let before = room.state();
    let effects = room.receive(0, from, frame);
    let closed = effects.iter().filter(|effect| matches!(effect, Effect::Close { .. })).collect::<Vec<_>>();
    assert_eq!(closed, [&Effect::Close { to: from, code }], "{effects:?}");
    let reasons = frames(&effects, from);
    // A stock client knows no refusals: its connection ends, with the code as the reason.
    let expected = if from == 2 { vec![] } else { vec![Message::Refused(code.as_str().into())] };
    assert_eq!(reasons, expected);
    assert_eq!(effects.len(), closed.len() + reasons.len());
    assert_eq!(room.state(), before);
    assert!(room.receive(0, from, frame).is_empty(), "it is not in the room any more");
    works(room);
}

/// Somebody else can still write, and the others get it.
#[track_caller]
fn works(room: &mut Room) {
    let count = |room: &Room| {
        let layer = Layer::new(0);
        layer.apply(&room.state()).unwrap();
        layer.len()
    };
    let before = count(room);
    let frame = change(room, 500 + before as u64, |l, txn| l.put(txn, &mark(&format!("z{before}"), "zhou")));
    let effects = room.receive(0, 3, &frame);
    assert!(matches!(effects[..], [Effect::Save(_)]), "{effects:?}");
    let effects = room.saved();
    assert!(frames(&effects, 3).iter().any(|message| matches!(message, Message::Saved(_))));
    assert_eq!(count(room), before + 1);
}

#[test]
fn a_forged_author() {
    for from in [1, 2] {
        let mut room = room();
        let frame = change(&room, 20, |l, txn| l.put(txn, &mark("x", "zhou")));
        refused(&mut room, from, &frame, Code::MarkForged);
    }
}

#[test]
fn a_good_mark_does_not_carry_a_forged_one_in() {
    let mut room = room();
    let frame = change(&room, 20, |l, txn| {
        l.put(txn, &mark("mine", "wang"));
        l.put(txn, &mark("x", "zhou"));
    });
    refused(&mut room, 1, &frame, Code::MarkForged);
}

#[test]
fn somebody_elses_mark() {
    let mut room = room();
    let frame = change(&room, 20, |l, txn| l.remove(txn, "li-1"));
    refused(&mut room, 1, &frame, Code::MarkForeign);
    let mut room = super::refuse::room();
    let frame = change(&room, 20, |l, txn| l.set_note(txn, "li-1", "改", 5));
    refused(&mut room, 1, &frame, Code::MarkForeign);
    let mut room = super::refuse::room();
    let frame = change(&room, 20, |l, txn| l.put(txn, &mark("li-1", "li")));
    refused(&mut room, 1, &frame, Code::MarkForeign);
    // Its owner may.
    let frame = change(&super::refuse::room(), 21, |l, txn| l.remove(txn, "li-1"));
    assert!(matches!(super::refuse::room().receive(0, 2, &frame)[..], [Effect::Save(_)]));
}

#[test]
fn another_users_replica() {
    let mut room = room();
    let frame = change(&room, 9, |l, txn| l.put(txn, &mark("mine", "wang")));
    refused(&mut room, 1, &frame, Code::LayerReplica);
}

#[test]
fn malformed_and_oversized() {
    for bytes in [vec![], vec![9], vec![0, 2, 5, 1], vec![0, 7, 0], Message::Saved(1).encode(), vec![255; 40]]
    {
        refused(&mut room(), 1, &bytes, Code::LayerMalformed);
    }
    let mut huge = vec![0, 2];
    let counts = [0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0];
    write_var(&mut huge, counts.len() as u64);
    huge.extend(counts);
    refused(&mut room(), 1, &huge, Code::LayerMalformed);
    refused(&mut room(), 1, &vec![0; MAX_UPDATE + 100], Code::RoomMessageTooLarge);
    let frame = change(&room(), 20, |l, txn| l.put(txn, &mark("a/b", "wang")));
    refused(&mut room(), 1, &frame, Code::MarkInvalid);
    refused(&mut room(), 1, &Message::Step1(vec![0xff, 0xff, 0xff, 0x0f]).encode(), Code::LayerMalformed);
}

#[test]
fn a_flood() {
    let mut room = room();
    let frame = Message::QueryAwareness.encode();
    let mut effects = Vec::new();
    for _ in 0..1_000 {
        effects.extend(room.receive(0, 1, &frame));
    }
    assert!(effects.contains(&Effect::Close { to: 1, code: Code::RoomTooFast }));
    works(&mut room);
}

#[test]
fn who_may_only_read() {
    let mut room = room();
    let read = Rights { read: true, ..Rights::default() };
    let mut lawyer = principal("lawyer");
    lawyer.roles = vec![Role::Lawyer];
    room.join(0, 4, lawyer.clone(), read, true);
    let frame = change(&room, 20, |l, txn| l.put(txn, &mark("x", "lawyer")));
    refused(&mut room, 4, &frame, Code::LayerReadOnly);
    let effects = room.join(0, 5, lawyer, Rights::default(), true);
    assert_eq!(effects, [Effect::Close { to: 5, code: Code::NotFound }]);
}

#[test]
fn a_store_that_fails_acknowledges_and_spreads_nothing() {
    let mut room = room();
    let before = room.state();
    let frame = change(&room, 20, |l, txn| l.put(txn, &mark("mine", "wang")));
    assert!(matches!(room.receive(0, 1, &frame)[..], [Effect::Save(_)]));
    let effects = room.not_saved();
    assert_eq!(frames(&effects, 1), [Message::Refused("layer.not_saved".into())]);
    assert!(frames(&effects, 2).is_empty() && frames(&effects, 3).is_empty());
    assert_eq!(room.state(), before);
    // It comes back and sends the same: now it is saved, and the others hear it.
    room.join(0, 6, principal("wang"), WRITE, true);
    assert!(matches!(room.receive(0, 6, &frame)[..], [Effect::Save(_)]));
    let effects = room.saved();
    assert_eq!(frames(&effects, 6), [Message::Saved(1)]);
    assert!(matches!(frames(&effects, 2)[..], [Message::Update(_)]));
}

#[test]
fn an_update_that_follows_something_unknown_is_asked_for_again() {
    let mut room = room();
    let layer = layer_with(20, "first", "wang");
    let first = layer.vector();
    edit(&layer, |l, txn| l.put(txn, &mark("second", "wang")));
    let second = Message::Update(layer.missing(&first).unwrap()).encode();
    assert!(matches!(frames(&room.receive(0, 1, &second), 1)[..], [Message::Step1(_)]));
    // A later one that fits is not acknowledged: the one before it is not there yet.
    let fits = change(&room, 21, |l, txn| l.put(txn, &mark("third", "wang")));
    room.receive(0, 1, &fits);
    assert!(frames(&room.saved(), 1).is_empty());
    room.receive(0, 1, &Message::Step2(layer.state()).encode());
    assert_eq!(frames(&room.saved(), 1), [Message::Saved(3)]);
}

/// A copy of a large layer takes a third of a second: a message that costs one must not be had for nothing.
#[test]
fn refusals_buy_few_copies_of_the_layer() {
    let mut room = room();
    assert_eq!(room.copies(), 0);
    works(&mut room);
    works(&mut room);
    assert_eq!(room.copies(), 1);
    // What the bytes, the ids or the rights tell is refused without a copy.
    let frame = change(&room, 9, |l, txn| l.put(txn, &mark("x", "wang")));
    refused(&mut room, 1, &frame, Code::LayerReplica);
    room.join(0, 4, principal("lawyer"), Rights { read: true, ..Rights::default() }, true);
    let frame = change(&room, 20, |l, txn| l.put(txn, &mark("x", "lawyer")));
    refused(&mut room, 4, &frame, Code::LayerReadOnly);
    room.join(0, 5, principal("wang"), WRITE, true);
    refused(&mut room, 5, &[0, 2, 3, 1, 1, 1], Code::LayerMalformed);
    assert_eq!(room.copies(), 1);

    let forged = change(&room, 20, |l, txn| l.put(txn, &mark("x", "zhou")));
    let attack = |room: &mut Room, now, connection| {
        room.join(now, connection, principal("wang"), WRITE, true);
        let effects = room.receive(now, connection, &forged);
        effects.iter().find_map(|effect| match effect {
            Effect::Close { code, .. } => Some(*code),
            _ => None,
        })
    };
    let codes: Vec<_> = (10..110).map(|connection| attack(&mut room, 0, connection).unwrap()).collect();
    assert_eq!(codes[..3], [Code::MarkForged; 3]);
    assert!(codes[3..].iter().all(|code| *code == Code::RoomTooFast));
    // The first of them met the twin that was there.
    assert_eq!(room.copies(), 3);
    // Nobody else pays for it, and after a while they may come back.
    works(&mut room);
    assert_eq!(room.copies(), 4);
    assert_eq!(attack(&mut room, 61_000, 200), Some(Code::MarkForged));
    assert_eq!(attack(&mut room, 61_000, 201), Some(Code::RoomTooFast));
}

/// Rooms where everybody only reads hold the layer once.
#[test]
fn readers_need_no_copy() {
    let mut room = room();
    let nothing = Message::Step2(Layer::new(0).state()).encode();
    for connection in [1, 2, 3] {
        assert!(
            room.receive(0, connection, &nothing).iter().all(|effect| matches!(effect, Effect::Send { .. }))
        );
    }
    assert_eq!(room.copies(), 0);
    works(&mut room);
    room.tick(0);
    works(&mut room);
    assert_eq!(room.copies(), 1);
}

#[test]
fn presence_is_stamped_and_ends_with_the_connection() {
    let mut room = room();
    let say = |client, state: &str| {
        Message::Awareness(vec![Awareness { client, clock: 1, state: state.into() }]).encode()
    };
    let effects = room.receive(0, 1, &say(77, r#"{"user":{"id":"li","name":"院长"},"page":3}"#));
    let [Message::Awareness(states)] = &frames(&effects, 3)[..] else { panic!("{effects:?}") };
    assert!(states[0].state.contains("wang法官") && !states[0].state.contains("院长"));
    assert!(frames(&effects, 1).is_empty());
    // Nobody else speaks for that client.
    assert!(room.receive(0, 2, &say(77, "null")).is_empty());
    let effects = room.join(0, 8, principal("new"), WRITE, true);
    assert!(matches!(
        &frames(&effects, 8)[..],
        [Message::Hello { now: 0, name }, Message::Step1(_), Message::Awareness(_)] if name == "new法官"
    ));
    let effects = room.leave(1);
    let [Message::Awareness(states)] = &frames(&effects, 3)[..] else { panic!("{effects:?}") };
    assert_eq!((states[0].client, states[0].state.as_str()), (77, "null"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Real updates with wrong bytes: never a panic, and whatever passes is Wang's own valid work.
    #[test]
    fn damaged_updates_do_no_harm(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        shorten in any::<bool>(),
    ) {
        let mut room = room();
        let mut frame = change(&room, 20, |l, txn| {
            l.put(txn, &mark("mine", "wang"));
            l.set_note(txn, "mine", "与流水不符", 5);
            l.put(txn, &mark("gone", "wang"));
            l.remove(txn, "gone");
        });
        for (at, byte) in flips {
            let at = at.index(frame.len());
            frame[at] = byte;
        }
        if shorten {
            frame.truncate(cut.index(frame.len()));
        }
        let effects = room.receive(0, 1, &frame);
        if matches!(effects[..], [Effect::Save(_)]) {
            room.saved();
        }
        let layer = Layer::new(0);
        layer.apply(&room.state()).unwrap();
        let marks = layer.marks();
        prop_assert_eq!(marks.len(), layer.len());
        prop_assert!(marks.contains(&mark("li-1", "li")));
        prop_assert!(marks.iter().all(|mark| mark.id == "li-1" || mark.author == "wang"));
        works(&mut room);
    }
}
