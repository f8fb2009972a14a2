//! What a client does with commands and frames.

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
        Person { id: "p".into(), name: "李".into(), page: Some(PageRef { material: "m".into(), index: 3 }) }
    );
    assert_eq!((people.len(), &people[1].page), (2, &None));
    client.receive(1, &says(5, "null")).unwrap();
    assert_eq!(client.people().len(), 1);
    assert!(client.disconnected().presence && client.people().is_empty());
}
