//! A reader's own file: no previews, and texts that become known while it is read.

use super::*;

fn bare() -> Driver {
    let mut driver = Driver::new(&[(595., 842.), (595., 842.)], false);
    let mut manifest = driver.engine.pages.manifest().clone();
    for material in &mut manifest.materials {
        material.sheets.clear();
    }
    driver.engine = Engine::new(manifest, Settings { budget: 60 << 20, renderers: 2, fetches: 4 });
    driver
}

#[test]
fn pages_without_previews_are_drawn_at_once() {
    let mut driver = bare();
    driver.send(Event::Resize { width: 800., height: 600., dpr: 1. });
    assert!(driver.running.values().any(|job| job.source.renders()), "nothing else would ever show them");
    driver.settle();
    let status = driver.engine.status.clone().expect("a status");
    assert!(status.readable && status.sharp, "{status:?}");
}

#[test]
fn texts_that_become_known_are_asked_for() {
    let mut driver = bare();
    let full = Driver::new(&[(595., 842.), (595., 842.)], false).engine.pages.manifest().clone();
    driver.send(Event::Resize { width: 800., height: 600., dpr: 1. });
    driver.settle();
    driver.now += 10_000.;
    driver.send(Event::Tick);
    assert!(driver.texts.is_empty(), "there are none yet");
    driver.send(Event::Revise(Box::new(full)));
    assert!(!driver.texts.is_empty(), "now there are");
}
