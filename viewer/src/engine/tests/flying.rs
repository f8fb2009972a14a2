//! A fling through the volume shows thumbnails where nothing better is there in time.

use super::*;

/// Sends what a fling sends; every thumbnail comes at once, and nothing else does.
fn fly(driver: &mut Driver, fractions: impl Iterator<Item = f64>) -> Vec<Status> {
    let mut seen = Vec::new();
    for fraction in fractions {
        driver.send(scroll_to(fraction));
        let sheets: Vec<u32> = driver
            .running
            .values()
            .filter(|job| matches!(job.source, Source::Thumbs { .. }))
            .map(|job| job.id)
            .collect();
        for id in sheets {
            driver.finish(id, None);
        }
        seen.push(driver.status());
    }
    seen
}

#[test]
fn no_page_is_blank_in_a_fling_once_its_thumbnail_is_there() {
    let mut driver = Driver::open(&[A4; 400], false);
    let there = fly(&mut driver, (0..=60).map(|n| f64::from(n) / 60.));
    assert!(there.iter().all(|status| status.blank == 0), "{there:?}");
    assert!(there.iter().any(|status| !status.readable), "thumbnails are not for reading");
    // On the way back as well, and without fetching anything twice that is kept.
    let back = fly(&mut driver, (0..=60).rev().map(|n| f64::from(n) / 60.));
    assert!(back.iter().all(|status| status.blank == 0), "{back:?}");
    driver.settle();
    assert!(driver.status().sharp);
}

#[test]
fn a_thumbnail_is_cut_out_of_its_cell() {
    let mut driver = Driver::open(&[A4; 40], false);
    fly(&mut driver, [0.5].into_iter());
    let scene = driver.painted.clone().unwrap();
    let page = &scene.pages[0];
    let cell = f64::from((page.number - 1) % 16);
    let from = page.draws[0].from.expect("a part of the sheet");
    assert_eq!(from[..2], [cell % 4. * 160. + 0.5, (cell / 4.).floor() * 226. + 0.5]);
    assert!(from[2] < 160. && from[3] < 226.);
    driver.settle();
    let from = driver.painted.unwrap().pages[0].draws[0].from;
    assert_eq!(from, None, "its own pixels take the place");
}

#[test]
fn no_thumbnails_are_fetched_by_who_reads_on() {
    let mut driver = Driver::open(&[A4; 40], false);
    for _ in 0..50 {
        driver.send(Event::Scroll { dx: 0., dy: 120. });
        assert!(driver.running.values().all(|job| !matches!(job.source, Source::Thumbs { .. })));
        driver.settle();
    }
}

#[test]
fn what_failed_and_is_not_wanted_any_more_hides_no_later_retry() {
    let mut driver = Driver::open(&[A4; 40], false);
    driver.send(scroll_to(1.));
    // The server is gone: the sheet of thumbnails fails once, the page itself again and again.
    for _ in 0..4 {
        let running: Vec<u32> = driver.running.keys().copied().collect();
        for id in running {
            driver.finish(id, Some(Code::ServerGone));
        }
        driver.now += 3_000.;
        driver.send(Event::Tick);
    }
    let mut wakes = 0;
    while driver.running.is_empty() {
        let effects = driver.send(Event::Tick);
        let after = effects.iter().find_map(|effect| match effect {
            Effect::Wake { after } => Some(*after),
            _ => None,
        });
        driver.now += after.expect("something is due as long as pages are missing");
        wakes += 1;
        assert!(wakes < 20);
    }
    driver.settle();
    assert!(driver.status().sharp);
}
