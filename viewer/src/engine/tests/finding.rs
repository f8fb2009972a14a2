//! Hits of a query: what is painted, and how one is brought into view.

use evolume_model::volume::{Scan, ScanState, TextOrigin};

use super::*;
use crate::engine::find::Hits;
use crate::engine::scene::Ink;

impl Driver {
    /// The hits that are painted: page, upper edge, whether it is the current one, whether it is framed.
    fn hits(&self) -> Vec<(u32, f64, bool, bool)> {
        let pages = &self.painted.as_ref().unwrap().pages;
        let hits = pages.iter().flat_map(|page| page.overlays.iter().map(|overlay| (page.number, overlay)));
        hits.filter_map(|(number, overlay)| match overlay.ink {
            Ink::Hit { current, framed, .. } => Some((number, overlay.to[1], current, framed)),
            _ => None,
        })
        .collect()
    }
}

/// What a search for these characters of each line finds, on all pages of a volume.
fn lines(pages: u32, columns: Range<usize>) -> Event {
    let ranges = [0, 11, 22].map(|line| line + columns.start..line + columns.end).to_vec();
    let hits = Hits { exact: ranges.len(), ranges };
    Event::AddHits((0..pages).map(|page| (page, hits.clone())).collect())
}

/// The columns of "甲乙" and of "abc".
const NAMES: Range<usize> = 2..4;
const LATIN: Range<usize> = 5..8;

#[test]
fn hits_on_the_pages_in_view_are_painted() {
    let mut driver = Driver::open(&[A4; 6], false);
    driver.send(lines(6, NAMES));
    assert!(driver.hits().is_empty());
    driver.answer_texts(false);
    assert_eq!(driver.hits().len(), 3, "each of the page's three lines has one");
    assert!(driver.hits().iter().all(|(_, _, current, framed)| !current && !framed));
    driver.send(go_to(4, 0.));
    driver.settle();
    driver.answer_texts(false);
    assert!(driver.hits().iter().any(|(page, ..)| *page == 4), "texts that come later have theirs too");
    driver.send(Event::Command(ViewerCommand::ClearHits));
    assert!(driver.hits().is_empty());
}

#[test]
fn a_chosen_hit_far_away_comes_into_view_and_is_framed_for_a_while() {
    let mut driver = Driver::open(&[A4; 30], false);
    driver.send(zoom_to(800.));
    driver.settle();
    driver.answer_texts(false);
    driver.send(lines(30, LATIN));
    driver.send(show_hit(20, 2));
    assert_eq!(driver.status().page, 20);
    assert!(driver.texts.contains(&19), "its text is wanted at once");
    driver.answer_texts(false);
    driver.settle();
    let current: Vec<_> = driver.hits().into_iter().filter(|(_, _, current, _)| *current).collect();
    let [(page, y, _, framed)] = current[..] else { panic!("{current:?}") };
    assert!(page == 20 && framed && (0. ..900.).contains(&y), "{y}");
    driver.now += 2_000.;
    driver.send(Event::Tick);
    assert!(driver.hits().iter().all(|(.., framed)| !framed));
}

#[test]
fn a_hit_in_view_moves_nothing() {
    let mut driver = Driver::open(&[A4; 6], false);
    driver.send(zoom_to(100.));
    driver.send(go_to(1, 0.));
    driver.settle();
    driver.send(lines(30, LATIN));
    driver.answer_texts(false);
    let before = driver.hits();
    driver.send(show_hit(1, 2));
    let places = |hits: Vec<(u32, f64, bool, bool)>| hits.into_iter().map(|hit| hit.1).collect::<Vec<_>>();
    assert!(driver.hits()[2].2, "the third is the current one");
    assert_eq!(places(driver.hits()), places(before));
}

#[test]
fn a_reader_who_moves_on_is_left_alone() {
    let mut driver = Driver::open(&[A4; 30], false);
    driver.send(lines(30, LATIN));
    driver.send(show_hit(20, 0));
    driver.send(go_to(3, 0.));
    driver.answer_texts(false);
    assert_eq!(driver.status().page, 3);
}

#[test]
fn a_page_with_a_text_is_asked_again_when_it_has_more_of_it() {
    let mut driver = Driver::open(&[A4; 3], false);
    driver.settle();
    driver.rest();
    driver.answer_texts(false);
    let asked = |driver: &Driver| !driver.texts.is_empty();
    let mut manifest = driver.engine.pages.manifest_mut().clone();
    driver.send(Event::Revise(Box::new(manifest.clone())));
    driver.rest();
    assert!(!asked(&driver), "nothing is new");
    // A stamp was all until the scan under it was read.
    let page = &mut manifest.materials[0].pages[0];
    (page.scan, page.text) = (Some(Scan::new(ScanState::Read)), Some(TextOrigin::Both));
    driver.send(Event::Revise(Box::new(manifest)));
    driver.rest();
    assert_eq!(driver.texts, [0]);
}

#[test]
fn a_text_that_cannot_be_had_leaves_the_page() {
    let mut driver = Driver::open(&[A4; 30], false);
    driver.send(lines(30, LATIN));
    driver.send(show_hit(20, 0));
    driver.answer_texts(true);
    assert_eq!(driver.status().page, 20);
    driver.send(show_hit(4000, u32::MAX));
    driver.send(show_hit(4, u32::MAX));
    driver.answer_texts(false);
    assert_eq!(
        driver.status().page,
        4,
        "a page that is not there is none, a hit that is not there is its page"
    );
}

proptest! {
    #[test]
    fn whatever_is_said_to_be_hits_is_taken(flat in proptest::collection::vec(0u32..40, 0..40), page in 0u32..9) {
        let mut driver = Driver::open(&[A4; 6], false);
        driver.answer_texts(false);
        driver.send(Event::AddHits(find::unpack(&flat)));
        driver.send(show_hit(page, 0));
        driver.answer_texts(false);
        driver.send(Event::AddHits(find::unpack(&[1, u32::MAX, 3, 2, 9])));
    }
}
