//! Drives the engine by events and checks its invariants after each.

mod arranging;
mod driver;
mod finding;
mod flying;
mod following;
mod local;
mod opening;
mod pointing;
mod selecting;
mod viewing;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use evolume_model::geometry::PageRect;
use evolume_model::geometry::{Rotation, ViewPoint};
use evolume_model::page::PageRef;
use evolume_model::viewing::{MarkPaint, Selection, Step, Tool, View, ViewerCommand};
use evolume_model::volume::PageImage;
use evolume_model::volume::{Blob, Manifest};
use proptest::prelude::*;

use self::driver::{
    Driver, go_to, identity, lift, move_to, pointer_event, press, problem, put_marks, scroll_to, show_hit,
    zoom_to,
};
use super::*;
use crate::engine::camera::UNIT;
use crate::engine::layout::SPINE;
use crate::engine::layout::tests::{arrangement, volume};
use crate::engine::motion::{GRACE_MS, IDLE_MS, SETTLE_MS};

const A4: (f32, f32) = (595., 842.);

#[test]
fn previews_come_before_anything_sharp() {
    let mut driver = Driver::new(&[A4; 30], false);
    let effects = driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
    let sources: Vec<_> = effects
        .iter()
        .filter_map(|e| match e {
            Effect::Start(job) => Some(&job.source),
            _ => None,
        })
        .collect();
    assert!(!sources.is_empty() && sources.iter().all(|s| matches!(s, Source::Preview { .. })));
    assert!(!driver.status().readable);
    driver.settle();
    assert!(driver.status().readable && driver.status().sharp);
}

#[test]
fn a_chosen_page_is_the_current_page_even_at_the_end() {
    let mut driver = Driver::open(&[A4; 40], false);
    driver.send(zoom_to(20.));
    for page in [1, 17, 40, 39] {
        driver.send(go_to(page, 0.));
        assert_eq!(driver.status().page, page);
    }
    driver.send(go_to(4000, 0.));
    assert_eq!(driver.status().page, 40);
}

#[test]
fn a_place_can_be_left_and_found_again() {
    let mut driver = Driver::open(&[A4; 40], false);
    driver.send(zoom_to(150.));
    driver.send(go_to(12, 0.4));
    let there = driver.status();
    let mut again = Driver::open(&[A4; 40], false);
    again.send(zoom_to(there.zoom));
    again.send(go_to(there.page, there.offset));
    let back = again.status();
    assert_eq!((back.page, back.zoom), (12, 150.));
    assert!((back.offset - there.offset).abs() < 1e-3, "{back:?} {there:?}");
}

#[test]
fn a_deep_zoom_renders_little_more_than_the_viewport() {
    let mut driver = Driver::open(&[A4; 5], false);
    driver.send(zoom_to(1600.));
    driver.settle();
    assert!(driver.status().sharp);
    let pixels: u64 = driver
        .painted
        .as_ref()
        .unwrap()
        .pages
        .iter()
        .flat_map(|page| &page.draws)
        .map(|draw| (draw.to[2] * draw.to[3]) as u64)
        .sum();
    assert!(pixels < 1200 * 900 * 3, "{pixels}");
}

#[test]
fn a_scan_is_decoded_by_the_browser_and_not_again_when_zoomed_in() {
    let mut driver = Driver::open(&[A4; 3], true);
    driver.send(zoom_to(400.));
    driver.settle();
    let before = driver.engine.surfaces.jobs();
    driver.send(zoom_to(800.));
    driver.settle();
    assert_eq!(driver.engine.surfaces.jobs(), before);
    assert!(driver.status().sharp);
}

#[test]
fn bytes_that_are_corrupt_are_asked_for_once_more_and_then_reported() {
    let mut driver = Driver::new(&[A4], false);
    driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
    let preview = *driver.running.keys().next().unwrap();
    driver.finish(preview, None);
    let first = *driver.running.keys().next().unwrap();
    let effects = driver.finish(first, Some(Code::BlobCorrupt));
    let retry = effects.iter().find_map(|e| match e {
        Effect::Start(job) => Some(job.clone()),
        _ => None,
    });
    let retry = retry.expect("asked for again at once");
    assert!(retry.fresh);
    let effects = driver.finish(retry.id, Some(Code::BlobCorrupt));
    assert!(effects.contains(&problem(Code::BlobCorrupt, 1)));
    assert!(driver.running.is_empty() && driver.status().failed == 1 && driver.status().readable);
}

#[test]
fn a_failure_is_told_where_it_is_seen() {
    let mut driver = Driver::open(&[A4; 60], false);
    let problems = |effects: &[Effect]| {
        effects.iter().filter(|effect| **effect == problem(Code::BlobCorrupt, 40)).count()
    };
    driver.send(go_to(40, 0.));
    let mut job = *driver.running.keys().min().unwrap();
    driver.finish(job, Some(Code::BlobCorrupt));
    job = *driver.running.keys().min().unwrap();
    // It fails for good when the reader has gone on, and is nobody's trouble then.
    driver.send(go_to(1, 0.));
    assert_eq!(problems(&driver.finish(job, Some(Code::BlobCorrupt))), 0);
    driver.settle();
    assert_eq!(problems(&driver.send(go_to(40, 0.))), 1);
    assert_eq!(problems(&driver.send(Event::Scroll { dx: 0., dy: 5. })), 0, "once is enough");
}

#[test]
fn only_the_place_that_was_chosen_before_there_was_a_view_is_fetched() {
    let mut driver = Driver::new(&[A4; 90], false);
    driver.send(zoom_to(150.));
    driver.send(go_to(60, 0.25));
    assert!(driver.running.is_empty());
    driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
    let status = driver.status();
    assert_eq!((status.page, status.zoom.round()), (60, 150.));
    assert!((status.offset - 0.25).abs() < 0.01, "{}", status.offset);
    let fetched: Vec<u32> = driver.engine.surfaces.running().map(|(_, key)| key.page).collect();
    assert!(fetched.contains(&59) && fetched.iter().all(|page| (59..=60).contains(page)), "{fetched:?}");
}

#[test]
fn a_server_that_is_gone_is_asked_again_later() {
    let mut driver = Driver::new(&[A4], false);
    driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
    let preview = *driver.running.keys().next().unwrap();
    let effects = driver.finish(preview, Some(Code::ServerGone));
    assert!(effects.iter().any(|e| matches!(e, Effect::Wake { .. })));
    assert!(driver.running.is_empty());
    driver.now += RETRY_MS + 1.;
    driver.send(Event::Tick);
    assert_eq!(driver.running.len(), 1);
}

#[test]
fn a_piece_of_a_page_that_failed_is_asked_for_again_later() {
    let mut driver = Driver::open(&[A4], false);
    driver.send(zoom_to(600.));
    let piece = *driver.running.iter().find(|(_, job)| job.source.renders()).unwrap().0;
    driver.finish(piece, Some(Code::ServerGone));
    driver.settle();
    assert!(!driver.status().sharp);
    driver.now += RETRY_MS;
    driver.settle();
    assert!(driver.status().sharp);
}

#[test]
fn a_jump_waits_for_sharp_pixels_only_while_they_come_quickly() {
    let previews = |driver: &Driver| {
        driver.running.values().filter(|job| matches!(job.source, Source::Preview { .. })).count()
    };
    let mut driver = Driver::open(&[A4; 90], false);
    // Quick answers so far: no preview, until the grace is over.
    for page in [20, 40] {
        driver.send(go_to(page, 0.));
        assert!(!driver.running.is_empty());
        assert_eq!(previews(&driver), 0);
        driver.settle();
    }
    driver.send(go_to(60, 0.));
    driver.now += GRACE_MS;
    driver.send(Event::Tick);
    assert!(previews(&driver) > 0);
    // Slow answers: the preview comes at once.
    for page in [20, 80, 30] {
        driver.now += 2000.;
        driver.settle();
        driver.send(go_to(page, 0.));
    }
    assert!(previews(&driver) > 0);
    // Scrolling never waits.
    driver.settle();
    driver.send(Event::Scroll { dx: 0., dy: 1500. });
    assert!(previews(&driver) > 0);
}

#[test]
fn an_empty_volume_is_no_trouble() {
    let driver = Driver::open(&[], false);
    assert_eq!((driver.status().page, driver.status().pages), (0, 0));
}

#[derive(Clone, Debug)]
enum Act {
    Event(Event),
    Finish(usize, bool),
    Wait(f64),
    /// All texts that were asked for arrive, or fail.
    Texts(bool),
}

fn pointer() -> impl Strategy<Value = ViewPoint> {
    (-100f64..2700., -100f64..1900.).prop_map(|(x, y)| ViewPoint { x, y })
}

fn step() -> impl Strategy<Value = Act> {
    let at = (0f64..1200., 0f64..900.).prop_map(|(x, y)| ViewPoint { x, y });
    prop_oneof![
        4 => (0usize..8, prop::bool::weighted(0.1)).prop_map(|(n, fail)| Act::Finish(n, fail)),
        2 => (-50f64..50., -3000f64..3000.).prop_map(|(dx, dy)| Act::Event(Event::Scroll { dx, dy })),
        1 => (0.2f64..5., at).prop_map(|(factor, at)| Act::Event(Event::Zoom { factor, at })),
        1 => (5f64..2000.).prop_map(|percent| Act::Event(zoom_to(percent))),
        1 => (0u32..90, -0.5f64..1.).prop_map(|(page, offset)| Act::Event(go_to(page, offset))),
        1 => (0f64..1.).prop_map(|fraction| Act::Event(scroll_to(fraction))),
        1 => prop_oneof![Just(Fit::Width), Just(Fit::Page)].prop_map(|fit| Act::Event(Event::Command(ViewerCommand::Fit { fit }))),
        1 => (50f64..2600., 50f64..1800., 0.5f64..3.)
            .prop_map(|(width, height, dpr)| Act::Event(Event::Resize { width, height, dpr })),
        2 => (pointer(), 1u32..4, any::<bool>(), 0..4)
            .prop_map(|(at, clicks, extend, kind)| Act::Event(match kind {
                0 => press(at, clicks, extend),
                1 => lift(at),
                _ => move_to(at),
            })),
        1 => (arrangement(), 0u16..4, prop::collection::vec((0u32..90, 0u16..4), 0..4)).prop_map(|(arrangement, turn, turns)| {
            let turned = |quarters: u16| Rotation::try_from(quarters * 90).unwrap();
            let turns = turns.into_iter().map(|(page, quarters)| (identity(page), turned(quarters))).collect();
            let view = View { arrangement, turn: turned(turn), turns };
            Act::Event(Event::Command(ViewerCommand::SetView { view }))
        }),
        1 => prop_oneof![Just(Tool::Select), Just(Tool::Hand), Just(Tool::Marquee)]
            .prop_map(|tool| Act::Event(Event::Command(ViewerCommand::SetTool { tool }))),
        1 => any::<bool>().prop_map(Act::Texts),
        1 => (0f64..3000.).prop_map(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn whatever_happens_the_invariants_hold_and_it_comes_to_rest(
        steps in prop::collection::vec(step(), 1..60), scanned: bool,
        sizes in prop::collection::vec(prop_oneof![Just(A4), Just((842., 595.)), Just((1191., 842.)), Just((20., 20.))], 1..80),
    ) {
        let mut driver = Driver::open(&sizes, scanned);
        driver.play(steps);
        driver.now += 20_000.;
        driver.settle();
        // A long selection asks for its texts a few at a time, and a drag past the edge goes on.
        for _ in 0..=sizes.len() {
            driver.answer_texts(false);
        }
        prop_assert!(driver.texts.is_empty());
        prop_assert!(driver.status().readable && driver.status().sharp, "{:?}", driver.status());
        let held: u64 = driver.engine.surfaces.bytes();
        let view = 2600 * 1800 * 9 * 4;
        prop_assert!(held <= (60 << 20) + 4 * view, "{held}");
    }
}

#[test]
fn a_page_that_is_never_drawn_is_given_up_at_every_size_and_stays_as_its_preview() {
    let mut driver = Driver::new(&[A4; 3], false);
    driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
    let preview = *driver.running.keys().min().unwrap();
    driver.finish(preview, None);
    let draws = |job: &Job| matches!(job.source, Source::Render { page: 0, .. });
    driver.now += SETTLE_MS;
    driver.send(Event::Tick);
    let slow = driver.running.values().find(|job| draws(job)).expect("the first page is wanted").id;
    let effects = driver.finish(slow, Some(Code::PageTimeout));
    assert!(effects.contains(&problem(Code::PageTimeout, 1)));
    driver.settle();
    assert!(driver.status().readable && driver.status().failed == 1);
    for percent in [60., 300., 1600.] {
        driver.send(zoom_to(percent));
        driver.now += SETTLE_MS;
        driver.send(Event::Tick);
        assert!(!driver.running.values().any(draws), "not drawn again at {percent} %");
        driver.settle();
        assert_eq!(driver.status().failed, 1);
    }
    driver.send(go_to(2, 0.));
    driver.settle();
    assert!(driver.status().sharp && driver.status().failed == 0, "the next page is drawn");
}
