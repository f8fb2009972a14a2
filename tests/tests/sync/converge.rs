//! Random work, random trouble: everybody ends with the same marks, and what was acknowledged was durable.

use std::collections::BTreeMap;

use evolume_annotations::command::LayerCommand;
use evolume_model::mark::Colour;
use proptest::prelude::*;

use super::world::{World, add};

const PEOPLE: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    Edit(usize, Edit, u8),
    Up(usize),
    Down(usize),
    Connect(usize),
    Disconnect(usize),
    Reopen(usize),
    Crash,
    Compact,
    /// From here on the store works, or does not.
    Store(bool),
    /// The oldest frame is sent twice.
    Duplicate(usize),
    /// The two oldest frames change places.
    Reorder(usize),
}

#[derive(Clone, Copy, Debug)]
enum Edit {
    Add,
    Note,
    Append,
    Colour,
    Remove,
    Undo,
    Redo,
}

fn edit() -> impl Strategy<Value = Edit> {
    use Edit::*;
    prop::sample::select(vec![Add, Add, Note, Append, Colour, Remove, Undo, Redo])
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    prop_oneof![
        8 => (who.clone(), edit(), 0_u8..5).prop_map(|(at, edit, id)| Step::Edit(at, edit, id)),
        12 => who.clone().prop_map(Step::Up),
        12 => who.clone().prop_map(Step::Down),
        3 => who.clone().prop_map(Step::Connect),
        1 => who.clone().prop_map(Step::Disconnect),
        1 => who.prop_map(Step::Reopen),
        1 => Just(Step::Crash),
        1 => Just(Step::Compact),
        1 => prop::bool::weighted(0.7).prop_map(Step::Store),
    ]
}

fn disordered_step() -> impl Strategy<Value = Step> {
    let disorder = prop_oneof![(0..PEOPLE).prop_map(Step::Duplicate), (0..PEOPLE).prop_map(Step::Reorder)];
    prop_oneof![4 => step(), 1 => disorder]
}

fn carry_out(world: &mut World, step: Step) {
    match step {
        Step::Edit(at, edit, id) => {
            // A mark's id has its author in it: two clients do not make the same one.
            let id = format!("{}-{id}", world.browsers[at].who.id);
            let old = world.browsers[at].client.marks().into_iter().find(|mark| mark.id == id);
            let note = old.map(|mark| mark.note).unwrap_or_default();
            world.command(
                at,
                match edit {
                    Edit::Add => add(&id),
                    Edit::Note => LayerCommand::Note { id, note: "与流水不符".into() },
                    Edit::Append => LayerCommand::Note { id, note: format!("{note}；再核") },
                    Edit::Colour => LayerCommand::Colour { id, colour: Colour::Red },
                    Edit::Remove => LayerCommand::Remove { id },
                    Edit::Undo => LayerCommand::Undo,
                    Edit::Redo => LayerCommand::Redo,
                },
            );
        }
        Step::Up(at) => world.up(at),
        Step::Down(at) => world.down(at),
        Step::Connect(at) => world.connect(at),
        Step::Disconnect(at) => world.disconnect(at),
        Step::Reopen(at) => world.reopen(at),
        Step::Crash => world.crash(),
        Step::Compact => world.compact(),
        Step::Store(works) => world.store_fails = !works,
        Step::Duplicate(at) => {
            let browser = &mut world.browsers[at];
            for queue in [&mut browser.up, &mut browser.down] {
                if let Some(frame) = queue.front().cloned() {
                    queue.push_back(frame);
                }
            }
        }
        Step::Reorder(at) => {
            let browser = &mut world.browsers[at];
            for queue in [&mut browser.up, &mut browser.down] {
                if queue.len() > 1 {
                    queue.swap(0, 1);
                }
            }
        }
    }
}

/// Everybody comes back, and everybody sees what the store has.
fn converge(world: &mut World) -> Result<(), TestCaseError> {
    world.store_fails = false;
    for at in 0..world.browsers.len() {
        // A line that lost frames to disorder breaks some day.
        world.disconnect(at);
        world.connect(at);
    }
    world.settle();
    let durable = world.marks();
    for browser in &world.browsers {
        prop_assert_eq!(&browser.refused.as_deref().filter(|code| *code != "layer.not_saved"), &None);
        prop_assert!(browser.client.is_saved());
        let marks = browser.client.marks().into_iter();
        let marks: BTreeMap<_, _> = marks.map(|mark| (mark.id.clone(), mark)).collect();
        prop_assert_eq!(&marks, &durable);
        prop_assert_eq!(&browser.seen, &durable);
    }
    Ok(())
}

fn people() -> World {
    // The first two are one person at two machines.
    let mut world = World::new(&["wang", "wang", "li", "zhou"]);
    // And one computer's clock is an hour ahead.
    world.browsers[2].ahead = 3_600_000;
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn acknowledged_means_durable(steps in proptest::collection::vec(step(), 0..120)) {
        let mut world = people();
        for step in steps {
            carry_out(&mut world, step);
            for at in 0..PEOPLE {
                let saved = world.browsers[at].client.is_saved();
                prop_assert!(!saved || world.is_durable(at), "{at} believes that all is saved");
            }
        }
        converge(&mut world)?;
        prop_assert!(!world.lied);
    }

    #[test]
    fn disorder_does_not_keep_anybody_apart(steps in proptest::collection::vec(disordered_step(), 0..120)) {
        let mut world = people();
        for step in steps {
            carry_out(&mut world, step);
        }
        converge(&mut world)?;
    }
}

#[test]
fn two_edit_offline_and_meet() {
    let mut world = people();
    for at in 0..PEOPLE {
        world.connect(at);
    }
    world.settle();
    (0..PEOPLE).for_each(|at| world.disconnect(at));
    world.command(0, add("a"));
    world.command(1, add("b"));
    world.command(2, add("c"));
    assert!(world.browsers.iter().all(|browser| !browser.client.is_saved()));
    world.reopen(2);
    (0..PEOPLE).for_each(|at| world.connect(at));
    world.settle();
    assert_eq!(world.marks().keys().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(world.browsers.iter().all(|browser| browser.client.is_saved()));
}

#[test]
fn a_renamed_persons_offline_marks_are_taken_and_signed_with_the_new_name() {
    let mut world = people();
    world.connect(0);
    world.command(0, add("before"));
    world.settle();
    world.disconnect(0);
    world.command(0, add("offline"));
    world.browsers[0].who.name = "王庭长".into();
    world.connect(0);
    world.settle();
    let names = |world: &World| {
        let names = world.marks().into_values().map(|mark| format!("{}: {}", mark.id, mark.author_name));
        names.collect::<Vec<_>>()
    };
    assert_eq!(world.browsers[0].refused, None);
    assert_eq!(names(&world), ["before: wang法官", "offline: 王庭长"]);
    // What is brought back is a new mark to the server.
    for command in [LayerCommand::Remove { id: "before".into() }, LayerCommand::Undo] {
        world.command(0, command);
        world.settle();
    }
    assert_eq!(world.browsers[0].refused, None);
    assert_eq!(names(&world), ["before: 王庭长", "offline: 王庭长"]);
}

#[test]
fn a_clock_that_is_ahead_dates_no_mark_ahead() {
    let mut world = people();
    world.command(2, add("offline"));
    world.connect(2);
    world.settle();
    world.command(2, add("online"));
    world.command(2, LayerCommand::Note { id: "offline".into(), note: "补记".into() });
    world.settle();
    assert_eq!(world.browsers[2].refused, None);
    let marks = world.marks();
    assert_eq!(marks.len(), 2);
    assert!(marks.values().all(|mark| mark.created <= world.now && mark.updated <= world.now), "{marks:?}");
    assert_eq!(world.browsers[2].seen, marks);
}
