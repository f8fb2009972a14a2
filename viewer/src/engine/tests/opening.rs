//! A large volume: opened by an excerpt of its manifest, made whole later.

use evolume_model::excerpt::Excerpt;

use super::*;

/// Pages of a volume that is not told whole.
const PAGES: usize = 2_100;

/// Opened at a page, from 1; and the whole manifest.
pub(super) fn open_at(sizes: &[(f32, f32)], page: u32) -> (Driver, Manifest) {
    let mut driver = Driver::new(sizes, false);
    let whole = driver.engine.pages.manifest().clone();
    let known = Excerpt::of(&whole, "abc", page).read().unwrap();
    let settings = Settings { budget: 60 << 20, renderers: 2, fetches: 4 };
    driver.engine = Engine::new(known, settings);
    driver.send(go_to(page, 0.25));
    driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
    driver.settle();
    (driver, whole)
}

fn mixed() -> Vec<(f32, f32)> {
    (0..PAGES).map(|page| if page % 3 == 0 { (842., 595.) } else { A4 }).collect()
}

#[test]
fn the_first_page_needs_no_more_than_an_excerpt_and_stays_where_it_is() {
    for page in [1, 700, PAGES as u32] {
        let (mut driver, whole) = open_at(&mixed(), page);
        let before = driver.status();
        assert!(before.readable && before.sharp && before.failed == 0, "{before:?}");
        assert_eq!((before.page, before.pages), (page, PAGES as u32));
        let shown = driver.painted.clone().unwrap();

        let effects = driver.send(Event::Revise(Box::new(whole.clone())));
        let again = effects.iter().any(|effect| matches!(effect, Effect::Start(job) if job.source.renders()));
        assert!(!again, "what is there is not drawn again");
        assert_eq!(*driver.engine.pages.manifest(), whole);
        assert_eq!(
            driver.status(),
            Status { scroll: driver.status().scroll, extent: driver.status().extent, ..before }
        );
        let first = |scene: &Scene| scene.pages.iter().find(|paint| paint.number + 1 == page).cloned();
        assert_eq!(first(driver.painted.as_ref().unwrap()), first(&shown), "not a pixel has moved");
    }
}

#[test]
fn a_page_that_is_not_known_yet_is_awaited_without_a_complaint() {
    let (mut driver, whole) = open_at(&mixed(), 1_000);
    let mut effects = driver.send(go_to(20, 0.));
    for _ in 0..5 {
        driver.now += 1_000.;
        effects.extend(driver.send(Event::Tick));
    }
    let status = driver.status();
    assert!(status.page == 20 && !status.readable && !status.sharp && status.failed == 0, "{status:?}");
    assert!(driver.running.is_empty() && driver.texts.is_empty());
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Problem { .. })));

    driver.send(Event::Revise(Box::new(whole)));
    driver.settle();
    let status = driver.status();
    assert!(status.page == 20 && status.readable && status.sharp, "{status:?}");
    driver.now += IDLE_MS;
    driver.send(Event::Tick);
    driver.settle();
    assert!(driver.texts.contains(&19), "and its text is asked for");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn whatever_happens_before_it_is_whole_it_comes_to_rest(
        before in prop::collection::vec(step(), 0..20), after in prop::collection::vec(step(), 0..8),
        page in 1..PAGES as u32,
    ) {
        let (mut driver, whole) = open_at(&mixed(), page);
        driver.play(before);
        let place = (driver.status().page, driver.status().offset);
        let mut seen = driver.engine.camera.visible(driver.engine.pages.layout());
        let known = seen.all(|page| driver.engine.pages.knows(page));
        driver.send(Event::Revise(Box::new(whole)));
        let now = (driver.status().page, driver.status().offset);
        prop_assert!(!known || (place.0 == now.0 && (place.1 - now.1).abs() < 1e-3), "{place:?} {now:?}");
        driver.play(after);
        driver.now += 20_000.;
        driver.settle();
        prop_assert!(driver.status().readable && driver.status().sharp, "{:?}", driver.status());
    }
}
