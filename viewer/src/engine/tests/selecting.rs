//! Texts, selection, marks.

use evolume_model::text::{Glyph, TextSource};

use super::*;
use crate::scene::Ink;

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

impl Driver {
    pub(super) fn answer_texts(&mut self, fail: bool) {
        for page in std::mem::take(&mut self.texts) {
            let Some(size) = self.engine.page(page as usize).map(|page| page.size()) else { continue };
            let text = page_text(size.width, size.height);
            let text = if fail { Err(Code::ServerGone) } else { Ok(Rc::new(text)) };
            self.send(Event::Text { page, text });
        }
    }

    /// Nothing happens for a while.
    fn rest(&mut self) {
        self.now += IDLE_MS;
        self.send(Event::Tick);
        self.settle();
    }

    /// An A4 volume at 100 %, its first page's corner at (x, y) of the viewport.
    fn reading() -> (Self, f64, f64) {
        let mut driver = Driver::open(&[A4; 6], false);
        driver.send(Event::ZoomTo { percent: 75. });
        driver.send(Event::GoTo { page: 1, offset: 0. });
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
    driver.send(Event::Press { at: ViewPoint { x: x + 41., y: y + 25. }, clicks: 1, extend: false });
    driver.send(Event::Move { at: ViewPoint { x: x + 59., y: y + 45. } });
    let selection = driver.selected.clone().unwrap();
    assert_eq!((selection.page, selection.index, selection.start, selection.end), (1, 0, 2, 15));
    assert_eq!(selection.quote, "甲乙，abc1）\n原告甲乙");
    assert_eq!(selection.text, "甲乙，abc1）原告甲乙", "two full lines are one paragraph");
    assert_eq!(selection.rects.len(), 2);
    assert_eq!(driver.inks(0), [Ink::Selection, Ink::Selection]);
    let effects = driver.send(Event::Lift { at: ViewPoint { x: x + 59., y: y + 45. } });
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Mark(_))));
    let before = selection.view;
    driver.send(Event::Scroll { dx: 0., dy: 10. });
    let after = driver.selected.clone().unwrap().view;
    assert_eq!(before[1] - after[1], 10.);
    driver.send(Event::Deselect);
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
    let press = |clicks, extend, dx| Event::Press { at: at(dx, 25.), clicks, extend };
    assert_eq!(quote(press(2, false, 75.)).as_deref(), Some("abc1"));
    assert_eq!(quote(press(3, false, 75.)).as_deref(), Some("原告甲乙，abc1）"));
    quote(Event::Lift { at: at(75., 25.) });
    assert_eq!(quote(press(1, false, 31.)), None);
    quote(Event::Lift { at: at(31., 25.) });
    assert_eq!(quote(press(1, true, 58.)).as_deref(), Some("告甲乙"));
}

#[test]
fn a_press_before_the_text_is_there_begins_when_it_comes() {
    let mut driver = Driver::open(&[A4; 6], false);
    driver.send(Event::ZoomTo { percent: 75. });
    driver.send(Event::GoTo { page: 1, offset: 0. });
    driver.settle();
    let placed = driver.painted.as_ref().unwrap().pages[0].placed;
    let at = ViewPoint { x: placed.x as f64 + 75., y: placed.y as f64 + 25. };
    driver.send(Event::Press { at, clicks: 2, extend: false });
    assert!(driver.selected.is_none());
    driver.answer_texts(false);
    assert_eq!(driver.selected.as_ref().unwrap().quote, "abc1");
}

#[test]
fn a_click_tells_the_topmost_mark_under_it() {
    let (mut driver, x, y) = Driver::reading();
    let mark = |id: &str| MarkPaint {
        id: id.into(),
        page: 1,
        rects: vec![PageRect::new(100., 100., 200., 120.)],
        colour: [255, 220, 100],
        active: false,
    };
    driver.send(Event::Marks(vec![mark("below"), mark("above"), MarkPaint { page: 2, ..mark("other") }]));
    assert_eq!(driver.inks(0).len(), 2);
    let mut click = |dx: f64, dy: f64| {
        let at = ViewPoint { x: x + dx, y: y + dy };
        driver.send(Event::Press { at, clicks: 1, extend: false });
        driver.send(Event::Lift { at }).into_iter().find_map(|effect| match effect {
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
    let corrupt = || Event::Text { page: 0, text: Err(Code::BlobCorrupt) };
    assert_eq!(std::mem::take(&mut driver.texts), [0]);
    let effects = driver.send(corrupt());
    assert_eq!(asked(&effects), Some(true));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Problem { .. })));
    driver.texts.clear();
    let effects = driver.send(corrupt());
    assert!(effects.contains(&Effect::Problem { code: Code::BlobCorrupt, page: 1 }));
    driver.now += 10. * RETRY_MS;
    assert_eq!(asked(&driver.send(Event::Tick)), None);
    driver.send(Event::Online);
    driver.now += IDLE_MS;
    assert_eq!(asked(&driver.send(Event::Tick)), Some(false));
}
