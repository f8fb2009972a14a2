//! Texts, selection, marks.

use evolume_model::text::{Glyph, PageText, TextSource};
use evolume_model::viewing::TextPlace;

use super::*;
use crate::engine::scene::Ink;

/// Three lines of ten characters, 10 x 10 points each, 20 points apart, from (20, 20); shrunk onto small pages.
fn page_text(width: f32, height: f32) -> PageText {
    let unit = (width.min(height) / 200.).min(1.);
    let glyphs = (0..33).map(|n| {
        let (row, col) = ((n / 11) as f32, (n % 11) as f32);
        if n % 11 == 10 {
            return Glyph::certain('\n', None);
        }
        let (x, y) = ((20. + col * 10.) * unit, (20. + row * 20.) * unit);
        let ch = "原告甲乙，abc1）".chars().nth(n % 11).unwrap_or_default();
        Glyph::certain(ch, Some(PageRect::new(x, y, x + 10. * unit, y + 10. * unit)))
    });
    PageText::from_glyphs(TextSource::Pdf, glyphs)
}

/// A page's number, from 1.
fn number(page: &PageRef) -> u32 {
    page.material[1..].parse::<u32>().unwrap() * 20 + page.index + 1
}

impl Driver {
    pub(super) fn answer_texts(&mut self, fail: bool) {
        for page in std::mem::take(&mut self.texts) {
            let Some(size) = self.engine.pages.page(page as usize).map(|page| page.size()) else { continue };
            let text = page_text(size.width, size.height);
            let text = if fail { Err(Code::ServerGone) } else { Ok(Rc::new(text)) };
            let page = self.engine.pages.identity(page as usize).unwrap();
            self.send(Event::Text { page, text });
        }
    }

    /// Nothing happens for a while.
    pub(super) fn rest(&mut self) {
        self.now += IDLE_MS;
        self.send(Event::Tick);
        self.settle();
    }

    /// An A4 volume at 100 %, its first page's corner at (x, y) of the viewport.
    pub(super) fn reading() -> (Self, f64, f64) {
        let mut driver = Driver::open(&[A4; 6], false);
        driver.send(zoom_to(75.));
        driver.send(go_to(1, 0.));
        driver.settle();
        driver.rest();
        driver.answer_texts(false);
        let placed = driver.painted.as_ref().unwrap().pages[0].placed;
        (driver, placed.x as f64, placed.y as f64)
    }

    fn inks(&self, page: usize) -> Vec<Ink> {
        let scene = self.painted.as_ref().unwrap();
        scene.pages[page].overlays.iter().map(|overlay| overlay.ink).collect()
    }
}

#[test]
fn texts_come_after_the_sharp_pixels_and_once() {
    let mut driver = Driver::new(&[A4; 6], false);
    driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
    assert!(driver.texts.is_empty());
    driver.settle();
    driver.rest();
    assert_eq!(driver.texts, [0]);
    driver.answer_texts(false);
    driver.send(Event::Tick);
    assert!(driver.texts.is_empty());
}

#[test]
fn a_drag_over_two_lines_selects_them_and_follows_the_page() {
    let (mut driver, x, y) = Driver::reading();
    // At 75 % a point is a CSS pixel.
    driver.send(press(ViewPoint { x: x + 41., y: y + 25. }, 1, false));
    driver.send(move_to(ViewPoint { x: x + 59., y: y + 45. }));
    let selection = driver.selected.clone().unwrap();
    assert_eq!(
        (selection.start, selection.end),
        (TextPlace { page: identity(1), at: 2 }, TextPlace { page: identity(1), at: 15 })
    );
    assert_eq!(selection.quote, "甲乙，abc1）\n原告甲乙");
    assert!(selection.whole);
    let passages = driver.engine.passages();
    assert_eq!((passages.len(), &passages[0].page, passages[0].rects.len()), (1, &identity(1), 2));
    assert_eq!(
        driver.engine.selected_text().unwrap(),
        "甲乙，abc1）原告甲乙",
        "two full lines are one paragraph"
    );
    assert_eq!(driver.inks(0), [Ink::Selection, Ink::Selection]);
    let effects = driver.send(lift(ViewPoint { x: x + 59., y: y + 45. }));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Mark(_))));
    let before = selection.view;
    driver.send(Event::Scroll { dx: 0., dy: 10. });
    let after = driver.selected.clone().unwrap().view;
    assert_eq!(before[1] - after[1], 10.);
    driver.send(Event::Command(ViewerCommand::Deselect));
    assert!(driver.selected.is_none() && driver.inks(0).is_empty());
}

#[test]
fn two_clicks_select_a_word_three_a_line_and_shift_extends() {
    let (mut driver, x, y) = Driver::reading();
    let at = |dx: f64, dy: f64| ViewPoint { x: x + dx, y: y + dy };
    let mut quote = |event| {
        driver.send(event);
        driver.selected.as_ref().map(|selection| selection.quote.clone())
    };
    let press = |clicks, extend, dx| press(at(dx, 25.), clicks, extend);
    assert_eq!(quote(press(2, false, 75.)).as_deref(), Some("abc1"));
    assert_eq!(quote(press(3, false, 75.)).as_deref(), Some("原告甲乙，abc1）"));
    quote(lift(at(75., 25.)));
    assert_eq!(quote(press(1, false, 31.)), None);
    quote(lift(at(31., 25.)));
    assert_eq!(quote(press(1, true, 58.)).as_deref(), Some("告甲乙"));
}

#[test]
fn a_press_before_the_text_is_there_begins_when_it_comes() {
    let mut driver = Driver::open(&[A4; 6], false);
    driver.send(zoom_to(75.));
    driver.send(go_to(1, 0.));
    driver.settle();
    let placed = driver.painted.as_ref().unwrap().pages[0].placed;
    let at = ViewPoint { x: placed.x as f64 + 75., y: placed.y as f64 + 25. };
    driver.send(press(at, 2, false));
    assert!(driver.selected.is_none());
    driver.answer_texts(false);
    assert_eq!(driver.selected.as_ref().unwrap().quote, "abc1");
}

#[test]
fn a_click_tells_the_topmost_mark_under_it() {
    let (mut driver, x, y) = Driver::reading();
    let mark = |id: &str| MarkPaint {
        id: id.into(),
        page: identity(1),
        rects: vec![PageRect::new(100., 100., 200., 120.)],
        colour: [255, 220, 100],
        active: false,
        passive: false,
    };
    driver.send(put_marks(vec![
        mark("below"),
        mark("above"),
        MarkPaint { page: identity(2), ..mark("other") },
    ]));
    assert_eq!(driver.painted.as_ref().unwrap().pages[0].marks.len(), 2);
    let mut click = |dx: f64, dy: f64| {
        let at = ViewPoint { x: x + dx, y: y + dy };
        driver.send(press(at, 1, false));
        driver.send(lift(at)).into_iter().find_map(|effect| match effect {
            Effect::Mark(id) => Some(id),
            _ => None,
        })
    };
    assert_eq!(click(150., 110.), Some(Some("above".into())));
    assert_eq!(click(300., 300.), Some(None));
}

#[test]
fn a_text_that_is_corrupt_is_asked_for_past_the_cache_once() {
    let mut driver = Driver::open(&[A4], false);
    driver.settle();
    driver.rest();
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::FetchText { fresh, .. } => Some(*fresh),
            _ => None,
        })
    };
    let corrupt = || Event::Text { page: identity(1), text: Err(Code::BlobCorrupt) };
    assert_eq!(std::mem::take(&mut driver.texts), [0]);
    let effects = driver.send(corrupt());
    assert_eq!(asked(&effects), Some(true));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Problem { .. })));
    driver.texts.clear();
    let effects = driver.send(corrupt());
    assert!(effects.contains(&problem(Code::BlobCorrupt, 1)));
    driver.now += 10. * RETRY_MS;
    assert_eq!(asked(&driver.send(Event::Tick)), None);
    driver.send(Event::Command(ViewerCommand::Retry));
    driver.now += IDLE_MS;
    assert_eq!(asked(&driver.send(Event::Tick)), Some(false));
}

/// A page's text as `page_text` makes it, without its last line end.
const PAGE: &str = "原告甲乙，abc1）\n原告甲乙，abc1）\n原告甲乙，abc1）";

#[test]
fn a_drag_goes_on_over_the_border_of_a_page_and_scrolls_at_the_edge() {
    let (mut driver, x, y) = Driver::reading();
    driver.send(press(ViewPoint { x: x + 41., y: y + 65. }, 1, false));
    let low = ViewPoint { x: x + 200., y: 910. };
    driver.send(move_to(low));
    assert!(driver.engine.selected_text().unwrap().starts_with("甲乙，abc1）"));
    let mut steps = 0;
    while driver.selected.as_ref().is_none_or(|selection| number(&selection.end.page) < 3 || !selection.whole)
    {
        driver.now += 16.;
        let effects = driver.send(Event::Tick);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Wake { .. })), "it goes on by itself");
        driver.answer_texts(false);
        steps += 1;
        assert!(steps < 2_000, "the edge does not scroll: {:?}", driver.selected);
    }
    driver.send(move_to(ViewPoint { x: x + 200., y: 400. }));
    driver.send(lift(low));
    let before = driver.engine.camera.y;
    driver.now += 50.;
    driver.send(Event::Tick);
    assert_eq!(driver.engine.camera.y, before, "the button is up");
    let passages = driver.engine.passages();
    assert_eq!((&passages[0].page, passages[0].quote.as_str()), (&identity(1), "甲乙，abc1）"));
    assert_eq!(passages[1].quote, PAGE);
    let text = driver.engine.selected_text().unwrap();
    assert!(text.starts_with("甲乙，abc1）原告"), "a paragraph goes on over the page: {text}");
    let quotation = driver.engine.quotation().unwrap();
    assert!(quotation.starts_with("“甲乙，abc1）原告"), "{quotation}");
}

#[test]
fn everything_is_the_material_one_is_in() {
    let mut driver = Driver::open(&[A4; 30], false);
    driver.send(go_to(2, 0.));
    driver.settle();
    driver.rest();
    driver.answer_texts(false);
    driver.send(Event::Command(ViewerCommand::SelectAll));
    let selection = driver.selected.clone().unwrap();
    assert_eq!((number(&selection.start.page), number(&selection.end.page), selection.whole), (1, 20, false));
    assert_eq!(driver.engine.selected_text(), None, "not all of it is there");
    // Some at a time, until all are there, and none is let go.
    for _ in 0..10 {
        assert!(driver.texts.len() <= 6);
        driver.answer_texts(false);
    }
    assert!(driver.selected.as_ref().unwrap().whole);
    assert_eq!(driver.engine.passages().len(), 20);
    // Lines and pages that are full are one paragraph.
    assert_eq!(driver.engine.selected_text().unwrap().chars().count(), 20 * 30);
}

#[test]
fn a_selection_is_bounded() {
    let mut driver = Driver::open(&[A4; 1200], false);
    driver.send(zoom_to(75.));
    driver.settle();
    driver.rest();
    driver.answer_texts(false);
    let at = |x: f64, y: f64| ViewPoint { x, y };
    driver.send(press(at(600., 40.), 1, false));
    driver.send(lift(at(600., 40.)));
    driver.send(go_to(900, 0.));
    driver.settle();
    driver.rest();
    driver.answer_texts(false);
    driver.send(press(at(600., 40.), 1, true));
    let selection = driver.selected.clone().unwrap();
    assert_eq!((number(&selection.start.page), number(&selection.end.page)), (1, 200));
    driver.send(move_to(at(600., 41.)));
    let effects = driver.send(lift(at(600., 41.)));
    assert!(effects.contains(&problem(Code::SelectionLimit, 200)));
}

#[test]
fn a_finger_that_rests_selects_a_word_and_its_ends_can_be_dragged() {
    let (mut driver, x, y) = Driver::reading();
    let at = |dx: f64, dy: f64| ViewPoint { x: x + dx, y: y + dy };
    let quote = |driver: &Driver| driver.selected.as_ref().map(|selection| selection.quote.clone());
    let finger = |phase| pointer_event(phase, PointerKind::Finger, 7, at(75., 25.));
    let effects = driver.send(finger(Phase::Down));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Wake { .. })), "the rest is awaited");
    driver.now += 450.;
    driver.send(Event::Tick);
    assert!(driver.engine.pointers.is_selecting());
    driver.send(finger(Phase::Up));
    assert_eq!(quote(&driver).as_deref(), Some("abc1"));
    let [first, last] = driver.selected.as_ref().unwrap().ends;
    assert_eq!((first.unwrap()[0] - x, last.unwrap()[0] - x), (70., 110.));
    let drag = |driver: &mut Driver, end, ViewPoint { x, y }| {
        driver.send(Event::Command(ViewerCommand::Grab { end }));
        driver.send(Event::Command(ViewerCommand::Drag { x, y }));
        driver.send(Event::Command(ViewerCommand::Drop { x, y }));
    };
    drag(&mut driver, false, at(21., 25.));
    assert_eq!(quote(&driver).as_deref(), Some("原告甲乙，abc1"));
    drag(&mut driver, true, at(21., 5.));
    assert_eq!(quote(&driver), None, "both ends met");
}

#[test]
fn the_caret_goes_by_characters_words_lines_and_pages() {
    let (mut driver, _, _) = Driver::reading();
    let step =
        |driver: &mut Driver, step, extend| driver.send(Event::Command(ViewerCommand::Step { step, extend }));
    step(&mut driver, Step::Forward, true);
    assert!(driver.selected.is_none(), "without a caret or a click there is nowhere to go from");
    driver.send(Event::Command(ViewerCommand::SetCaret { on: true }));
    assert_eq!(driver.inks(0), [Ink::Caret]);
    step(&mut driver, Step::Forward, true);
    step(&mut driver, Step::WordForward, true);
    assert_eq!(driver.selected.as_ref().unwrap().quote, "原告甲乙，");
    step(&mut driver, Step::Down, true);
    assert_eq!(driver.selected.as_ref().unwrap().quote, "原告甲乙，abc1）\n原告甲乙，");
    step(&mut driver, Step::Back, false);
    assert!(driver.selected.is_none(), "at its start, with nothing selected");
    step(&mut driver, Step::LineEnd, true);
    assert_eq!(driver.selected.as_ref().unwrap().quote, "原告甲乙，abc1）");
    step(&mut driver, Step::PageEnd, false);
    step(&mut driver, Step::Forward, false);
    driver.answer_texts(false);
    step(&mut driver, Step::Down, true);
    let selection = driver.selected.clone().unwrap();
    assert_eq!((number(&selection.start.page), selection.quote.as_str()), (2, "原告甲乙，abc1）\n"));
    assert_eq!(driver.status().page, 1, "it was in view");
    for _ in 0..40 {
        step(&mut driver, Step::Down, false);
        driver.answer_texts(false);
    }
    let last = driver.painted.as_ref().unwrap().pages.iter().find(|page| page.number == 6).unwrap();
    assert_eq!(last.overlays[0].ink, Ink::Caret, "the view goes with it");
    driver.send(Event::Command(ViewerCommand::SetCaret { on: false }));
    assert!(driver.painted.as_ref().unwrap().pages.iter().all(|page| page.overlays.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_order_of_events_breaks_a_selection(events in proptest::collection::vec((0u8..9, -50f64..1300., -50f64..1000.), 1..60)) {
        let (mut driver, _, _) = Driver::reading();
        driver.send(Event::Command(ViewerCommand::SetCaret { on: true }));
        for (kind, x, y) in events {
            let at = ViewPoint { x, y };
            let steps = [Step::Back, Step::Forward, Step::WordBack, Step::WordForward, Step::Up, Step::Down, Step::PageEnd];
            driver.send(match kind {
                0 => press(at, 1 + x.abs() as u32 % 3, y > 500.),
                1 | 2 => move_to(at),
                3 => lift(at),
                4 => Event::Command(ViewerCommand::Step { step: steps[x.abs() as usize % steps.len()], extend: y > 500. }),
                5 => Event::Command(ViewerCommand::SelectAll),
                6 => Event::Scroll { dx: 0., dy: y },
                7 => Event::Command(ViewerCommand::Grab { end: y > 500. }),
                _ => Event::Tick,
            });
            driver.now += 16.;
            driver.answer_texts(y > 950.);
            if let Some(selection) = &driver.selected {
                let (start, end) = (&selection.start, &selection.end);
                prop_assert!((number(&start.page), start.at) < (number(&end.page), end.at), "{selection:?}");
                prop_assert!(!selection.whole || driver.engine.selected_text().is_some());
                prop_assert!(driver.engine.passages().iter().all(|p| p.start < p.end && !p.rects.is_empty() || p.quote.trim().is_empty()));
            }
        }
    }
}
