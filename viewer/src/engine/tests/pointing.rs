//! Mouse, pen and fingers: which of them selects, pushes and zooms, and the hand beside a pen does nothing.

use super::*;

fn at(x: f64, y: f64) -> ViewPoint {
    ViewPoint { x, y }
}

fn finger(phase: Phase, id: i32, to: ViewPoint) -> Event {
    pointer_event(phase, PointerKind::Finger, id, to)
}

fn pen(phase: Phase, to: ViewPoint) -> Event {
    pointer_event(phase, PointerKind::Pen, 90, to)
}

/// Two lines selected by a pen, with what happens in between.
fn select_by_pen(driver: &mut Driver, (x, y): (f64, f64), between: impl Fn(&mut Driver)) -> Option<String> {
    driver.send(pen(Phase::Down, at(x + 41., y + 25.)));
    between(driver);
    driver.send(pen(Phase::Move, at(x + 59., y + 45.)));
    between(driver);
    driver.send(pen(Phase::Up, at(x + 59., y + 45.)));
    driver.selected.as_ref().map(|selection| selection.quote.clone())
}

const TWO_LINES: &str = "甲乙，abc1）\n原告甲乙";

#[test]
fn a_pen_selects_as_a_mouse_does() {
    let (mut driver, x, y) = Driver::reading();
    let before = driver.engine.camera;
    assert_eq!(select_by_pen(&mut driver, (x, y), |_| {}).as_deref(), Some(TWO_LINES));
    assert_eq!(driver.engine.camera, before, "nothing is pushed");
}

#[test]
fn a_palm_before_the_pen_gives_way_to_it() {
    let (mut driver, x, y) = Driver::reading();
    driver.send(finger(Phase::Down, 1, at(600., 700.)));
    driver.send(finger(Phase::Move, 1, at(600., 660.)));
    let pushed = driver.engine.camera;
    let (x, y) = (x, y - 40.);
    let quote = select_by_pen(&mut driver, (x, y), |driver| {
        driver.send(finger(Phase::Move, 1, at(600., 500.)));
    });
    assert_eq!(quote.as_deref(), Some(TWO_LINES));
    driver.send(finger(Phase::Move, 1, at(600., 300.)));
    driver.send(finger(Phase::Up, 1, at(600., 300.)));
    assert_eq!(driver.engine.camera, pushed, "the palm has pushed nothing since the pen came");
    assert_eq!(driver.selected.as_ref().unwrap().quote, TWO_LINES, "and is no tap");
}

#[test]
fn a_palm_beside_the_pen_does_nothing() {
    let (mut driver, x, y) = Driver::reading();
    let before = driver.engine.camera;
    let quote = select_by_pen(&mut driver, (x, y), |driver| {
        for phase in [Phase::Down, Phase::Move, Phase::Up] {
            driver.send(finger(phase, 1, at(700., 700.)));
            driver.send(finger(phase, 2, at(500., 300.)));
        }
        driver.now += 600.;
        driver.send(Event::Tick);
    });
    assert_eq!(quote.as_deref(), Some(TWO_LINES));
    assert_eq!(driver.engine.camera, before);
}

#[test]
fn a_palm_just_after_the_pen_does_nothing_and_a_finger_later_pushes() {
    let (mut driver, x, y) = Driver::reading();
    select_by_pen(&mut driver, (x, y), |_| {});
    let before = driver.engine.camera;
    let push = |driver: &mut Driver, id| {
        driver.send(finger(Phase::Down, id, at(600., 700.)));
        driver.send(finger(Phase::Move, id, at(600., 600.)));
        driver.send(finger(Phase::Up, id, at(600., 600.)));
    };
    push(&mut driver, 1);
    assert_eq!(driver.engine.camera, before);
    driver.now += 600.;
    push(&mut driver, 2);
    assert_eq!((driver.engine.camera.y - before.y) * before.scale, 100.);
    assert_eq!(driver.selected.as_ref().unwrap().quote, TWO_LINES, "pushing selects nothing else");
}

#[test]
fn two_fingers_zoom_around_their_middle() {
    let (mut driver, ..) = Driver::reading();
    let before = driver.engine.camera;
    driver.send(finger(Phase::Down, 1, at(500., 400.)));
    driver.send(finger(Phase::Down, 2, at(700., 400.)));
    driver.send(finger(Phase::Move, 1, at(400., 400.)));
    driver.send(finger(Phase::Move, 2, at(800., 400.)));
    let factor = driver.engine.camera.scale / before.scale;
    assert!((factor - 2.).abs() < 1e-9, "twice as far apart: {factor}");
    driver.send(finger(Phase::Up, 1, at(400., 400.)));
    let one = driver.engine.camera;
    driver.send(finger(Phase::Move, 2, at(800., 350.)));
    assert!(((driver.engine.camera.y - one.y) * one.scale - 50.).abs() < 1e-6, "the one that stays pushes");
    driver.send(finger(Phase::Up, 2, at(800., 350.)));
    assert!(!driver.engine.is_touched());
}

#[test]
fn a_tap_is_a_click_and_a_push_is_none() {
    let (mut driver, ..) = Driver::reading();
    let clicked = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Mark(_)));
    driver.send(finger(Phase::Down, 1, at(600., 400.)));
    driver.send(finger(Phase::Move, 1, at(603., 404.)));
    assert!(clicked(&driver.send(finger(Phase::Up, 1, at(603., 404.)))));
    driver.send(finger(Phase::Down, 1, at(600., 400.)));
    driver.send(finger(Phase::Move, 1, at(600., 420.)));
    driver.send(finger(Phase::Move, 1, at(600., 400.)));
    assert!(!clicked(&driver.send(finger(Phase::Up, 1, at(600., 400.)))));
}

#[test]
fn what_is_taken_away_ends_without_a_click() {
    let (mut driver, x, y) = Driver::reading();
    let quiet = |effects: &[Effect]| {
        !effects.iter().any(|effect| matches!(effect, Effect::Mark(_) | Effect::Follow(_)))
    };
    // A finger before it is a tap.
    driver.send(finger(Phase::Down, 1, at(600., 400.)));
    assert!(quiet(&driver.send(finger(Phase::Cancel, 1, at(600., 400.)))));
    assert!(!driver.engine.is_touched());
    // A pen that selects: what is selected stays, and later moves do nothing.
    driver.send(pen(Phase::Down, at(x + 41., y + 25.)));
    driver.send(pen(Phase::Move, at(x + 59., y + 45.)));
    assert!(quiet(&driver.send(pen(Phase::Cancel, at(x + 59., y + 45.)))));
    driver.send(pen(Phase::Move, at(x + 59., y + 65.)));
    assert_eq!(driver.selected.as_ref().unwrap().quote, TWO_LINES);
    // A frame that is being drawn.
    let before = driver.engine.camera;
    driver.send(Event::Command(ViewerCommand::SetTool { tool: Tool::Marquee }));
    driver.send(press(at(300., 300.), 1, false));
    driver.send(move_to(at(600., 500.)));
    driver.send(pointer_event(Phase::Cancel, PointerKind::Mouse, 0, at(600., 500.)));
    assert_eq!((driver.engine.camera, driver.painted.as_ref().unwrap().frame), (before, None));
    assert_eq!(driver.status().tool, Tool::Marquee);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn whatever_pointers_do_no_gesture_outlives_them(
        steps in prop::collection::vec((0i32..5, 0u8..4, 0f64..1200., 0f64..900., 0f64..800.), 0..60),
    ) {
        let (mut driver, ..) = Driver::reading();
        let kind = |id: i32| match id {
            0 => PointerKind::Mouse,
            1 => PointerKind::Pen,
            _ => PointerKind::Finger,
        };
        for (id, phase, x, y, wait) in steps {
            let phase = [Phase::Down, Phase::Move, Phase::Up, Phase::Cancel][phase as usize];
            driver.send(pointer_event(phase, kind(id), id, at(x, y)));
            driver.now += wait;
            driver.send(Event::Tick);
        }
        for id in 0..5 {
            driver.send(pointer_event(Phase::Up, kind(id), id, at(600., 400.)));
        }
        prop_assert!(!driver.engine.is_touched() && !driver.engine.pointers.is_selecting());
        let before = driver.engine.camera;
        driver.now += 1_000.;
        driver.send(move_to(at(100., 100.)));
        driver.send(Event::Tick);
        prop_assert_eq!(driver.engine.camera, before);
    }
}
