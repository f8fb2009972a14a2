//! Materials that come, go and change places while the volume is open: everything stays on its page.

use evolume_model::excerpt::Known;
use evolume_model::volume::Material;

use super::*;
use crate::engine::find::Hits;
use crate::engine::layout::GAP;
use crate::engine::pages::Pages;

/// Materials that there may be.
const POOL: usize = 6;

/// A volume of these materials of the pool, in this order. The blobs of each say whose they are.
fn arranged(order: &[usize], counts: &[usize]) -> Manifest {
    let material = |&number: &usize| -> Material {
        let mut material = volume(&vec![A4; counts[number]]).materials.remove(0);
        material.id = format!("m{number}");
        for (at, sheet) in material.sheets.iter_mut().enumerate() {
            for (name, blob) in [
                ("previews", &mut sheet.previews),
                ("texts", &mut sheet.texts),
                ("thumbs", &mut sheet.thumbs),
            ] {
                blob.sha256 = format!("{name} m{number} {at}");
            }
            sheet.text_ends = (1..=sheet.text_ends.len() as u32).map(|n| n * 10).collect();
        }
        for part in &mut material.parts {
            part.blob.sha256 = format!("part m{number} 0");
        }
        material
    };
    Manifest { materials: order.iter().map(material).collect(), ..volume(&[]) }
}

impl Driver {
    fn arrange(manifest: Manifest) -> Self {
        let mut driver = Driver::new(&[], false);
        driver.engine = Engine::new(manifest, Settings { budget: 60 << 20, renderers: 2, fetches: 4 });
        driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
        driver
    }

    fn identity(&self, page: u32) -> PageRef {
        self.engine.pages.identity(page as usize).unwrap()
    }

    /// Another manifest comes; what the driver knows by number goes along.
    fn revise(&mut self, manifest: Manifest) {
        let new = Pages::new(Known::from(manifest.clone()));
        let moved = |page: u32| Some(new.find(&self.identity(page))? as u32);
        let texts = self.texts.iter().filter_map(|page| moved(*page)).collect();
        let readable = self.readable.iter().filter_map(|number| Some(moved(number - 1)? + 1)).collect();
        (self.texts, self.readable) = (texts, readable);
        self.send(Event::Revise(Box::new(manifest)));
    }

    /// Whatever shows on a page belongs to it.
    fn check_pages(&self, marks: &[MarkPaint], turns: &[(PageRef, Rotation)], hits: &HashSet<PageRef>) {
        let scene = self.painted.as_ref().unwrap();
        for page in &scene.pages {
            let identity = self.identity(page.number - 1);
            for draw in &page.draws {
                let (blob, at) = match &self.sources[&draw.bitmap] {
                    Source::Preview { blob, range } => (blob, Some((range.end - 1) / 10)),
                    Source::Thumbs { blob } => (blob, None),
                    Source::Render { blob, page, .. } => (blob, Some(*page)),
                    Source::Image { .. } => unreachable!("there are no scans"),
                };
                assert!(
                    blob.sha256.contains(&format!(" {} ", identity.material)),
                    "{blob:?} on {identity:?}"
                );
                let own = |at: u32| at == identity.index || at == identity.index % 16;
                assert!(at.is_none_or(own), "page {at:?} of {blob:?} on {identity:?}");
            }
            let own: Vec<&MarkPaint> = marks.iter().filter(|mark| mark.page == identity).collect();
            let painted: Vec<&MarkPaint> = page.marks.iter().map(|shape| shape.0.as_ref()).collect();
            assert_eq!(painted, own, "the marks of {identity:?}");
            let turn = turns.iter().find(|(page, _)| *page == identity).map_or(Rotation::None, |turn| turn.1);
            assert_eq!(page.turn, turn, "the turn of {identity:?}");
            assert_eq!(
                self.engine.find.has(page.number - 1),
                hits.contains(&identity),
                "hits of {identity:?}"
            );
        }
    }
}

fn order() -> impl Strategy<Value = Vec<usize>> {
    Just((0..POOL).collect::<Vec<_>>())
        .prop_shuffle()
        .prop_flat_map(|all| (1..=POOL).prop_map(move |count| all[..count].to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn everything_stays_on_its_page(
        counts in prop::collection::vec(1usize..=20, POOL), orders in prop::collection::vec(order(), 2..6),
        steps in prop::collection::vec(prop::collection::vec(step(), 0..6), 5),
        places in prop::collection::vec((0..POOL, 0u32..40, 0u16..4), 0..20),
        start in 0.0..1.0f64, pages in 0usize..4, arrange in arrangement(),
    ) {
        let place = |(material, index, turn): &(usize, u32, u16)| {
            let page = PageRef { material: format!("m{material}"), index: index % counts[*material] as u32 };
            (page, Rotation::try_from(turn * 90).unwrap())
        };
        let mut turns: Vec<(PageRef, Rotation)> = Vec::new();
        for (page, turn) in places.iter().map(place) {
            if !turns.iter().any(|(own, _)| *own == page) {
                turns.push((page, turn));
            }
        }
        let rects = vec![PageRect::new(1., 1., 9., 9.)];
        let marks: Vec<MarkPaint> = turns.iter().enumerate().map(|(at, (page, _))| {
            let (id, page, rects) = (at.to_string(), page.clone(), rects.clone());
            MarkPaint { id, page, rects, colour: [1, 2, 3], active: false, passive: false }
        }).collect();
        let mut driver = Driver::arrange(arranged(&orders[0], &counts));
        let view = View { arrangement: arrange, turn: Rotation::None, turns: turns.clone() };
        driver.send(Event::Command(ViewerCommand::SetView { view }));
        driver.send(put_marks(marks.clone()));
        let found: HashSet<PageRef> = turns.iter().map(|(page, _)| page.clone()).collect();

        // Text is selected over some pages.
        let all = driver.engine.pages.count();
        let first = (start * all as f64) as usize;
        driver.send(go_to(first as u32 + 1, 0.));
        driver.settle();
        driver.now += IDLE_MS;
        driver.send(Event::Tick);
        driver.answer_texts(false);
        driver.send(Event::Command(ViewerCommand::SetCaret { on: true }));
        for _ in 0..=2 * pages {
            driver.send(Event::Command(ViewerCommand::Step { step: Step::PageEnd, extend: true }));
            driver.answer_texts(false);
        }

        for (order, steps) in orders.iter().skip(1).zip(steps) {
            // Hits are known by number, and come after every change of the order.
            driver.send(Event::Command(ViewerCommand::ClearHits));
            let hits = Hits { ranges: std::iter::once(0..2).collect(), exact: 1 };
            let here: Vec<_> = found.iter().filter_map(|page| driver.engine.pages.find(page)).collect();
            driver.send(Event::AddHits(here.into_iter().map(|page| (page as u32, hits.clone())).collect()));
            let there: HashSet<PageRef> =
                found.iter().filter(|page| driver.engine.pages.find(page).is_some()).cloned().collect();
            driver.play(steps.into_iter().filter(|act| !changes_more(act)).collect());

            let (before, selected) = (driver.status(), driver.selected.clone());
            let passages = driver.engine.passages();
            driver.revise(arranged(order, &counts));
            let after = driver.status();
            let at = before.at.clone().unwrap();
            match driver.engine.pages.find(&at) {
                // A view lower than the gap between two rows may show no page at all.
                Some(_) if driver.engine.camera.span() <= 2. * GAP => {}
                Some(_) => {
                    prop_assert_eq!(after.at.as_ref(), Some(&at));
                    prop_assert!((after.offset - before.offset).abs() < 0.01 || after.scroll == 0. || after.scroll == 1., "{before:?} {after:?}");
                }
                None => prop_assert!(after.at.is_some()),
            }
            if let (Some(old), Some(new)) = (&selected, &driver.selected) {
                // Every page of it was selected before, with the same characters where it was all there.
                for passage in driver.engine.passages() {
                    let was = passages.iter().find(|old| old.page == passage.page);
                    prop_assert!(was.is_none_or(|was| *was == passage), "{was:?} {passage:?}");
                    prop_assert!(was.is_some() || !old.whole);
                }
                prop_assert!(new.start != new.end);
            }
            let whole = selected.filter(|old| old.start.page == old.end.page && driver.engine.pages.find(&old.start.page).is_some());
            if let Some(old) = whole {
                let new = driver.selected.clone().expect("its page is still there");
                prop_assert_eq!((old.start, old.end), (new.start, new.end));
            }
            let there = there.into_iter().filter(|page| driver.engine.pages.find(page).is_some()).collect();
            driver.check_pages(&marks, &turns, &there);
            for (page, _) in &turns {
                let paper = driver.engine.paper(page, 72.);
                prop_assert_eq!(paper.is_some(), driver.engine.pages.find(page).is_some());
                if let Some(paper) = paper {
                    prop_assert_eq!(paper.marks.len(), 1);
                    let own = format!("part {} 0", page.material);
                    let drawn = matches!(paper.source, Source::Render { blob, page: at, .. } if blob.sha256 == own && at == page.index);
                    prop_assert!(drawn);
                }
            }
        }
        driver.now += 20_000.;
        driver.settle();
        let there = driver.engine.pages.count();
        for _ in 0..=there {
            driver.answer_texts(false);
        }
        let status = driver.status();
        prop_assert!(status.readable && status.sharp && status.pages as usize == there, "{status:?}");
    }
}

/// Whether a step changes what the test keeps count of.
fn changes_more(act: &Act) -> bool {
    match act {
        Act::Event(Event::Pointer { .. }) => true,
        Act::Event(Event::Command(command)) => {
            matches!(command, ViewerCommand::SetView { .. } | ViewerCommand::SetTool { .. })
        }
        _ => false,
    }
}

#[test]
fn a_page_that_is_gone_leaves_the_reader_at_the_next_one() {
    let counts = [10; POOL];
    let mut driver = Driver::arrange(arranged(&[0, 1, 2], &counts));
    driver.send(go_to(15, 0.5));
    driver.settle();
    driver.revise(arranged(&[2, 0], &counts));
    let status = driver.status();
    assert_eq!((status.page, status.at), (1, Some(PageRef { material: "m2".into(), index: 0 })));
    driver.settle();
    driver.revise(arranged(&[0], &counts));
    assert_eq!(driver.status().at, Some(PageRef { material: "m0".into(), index: 0 }));
}

#[test]
fn a_page_chosen_before_its_material_is_known_is_gone_to_when_it_is() {
    let (mut driver, whole) = super::opening::open_at(&[A4; 2_100], 1);
    let page = PageRef { material: "m70".into(), index: 3 };
    driver.send(Event::Command(ViewerCommand::GoTo { page: page.clone(), offset: 0. }));
    assert_eq!(driver.status().page, 1);
    // Neither another size of the window nor time makes the reader forget.
    driver.send(Event::Resize { width: 900., height: 700., dpr: 1. });
    driver.settle();
    driver.send(Event::Revise(Box::new(whole)));
    assert_eq!((driver.status().page, driver.status().at), (1_404, Some(page)));
}
