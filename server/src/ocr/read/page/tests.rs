//! Reading with an engine that knows what it is to say.

use std::collections::HashMap;
use std::sync::Mutex;

use evolume_model::geometry::PagePoint;
use evolume_model::text::TextSource;
use futures::FutureExt;

use super::*;

/// Says a line for each language, by how the page has been turned; the first pixel tells that.
struct Parrot {
    languages: Vec<String>,
    says: HashMap<(&'static str, u8), (&'static str, u8)>,
    turn: Option<Rotation>,
    asked: Mutex<Vec<String>>,
}

fn letters_of(text: &str, confidence: u8) -> Vec<Letter> {
    let at = |n: usize| 100. + 20. * n as f32;
    let letter = |(n, ch)| Letter { ch, edges: [at(n), 50., at(n) + 18., 70.], confidence };
    text.chars().enumerate().map(letter).collect()
}

impl Recognizer for Parrot {
    fn name(&self) -> &str {
        "parrot"
    }

    fn languages(&self) -> &[String] {
        &self.languages
    }

    fn read<'a>(
        &'a self,
        picture: &'a Picture,
        language: &'a str,
        layout: Layout,
    ) -> BoxFuture<'a, Result<Reading, OcrError>> {
        // A strip is paper at its edge, and named by its size.
        let mark = if layout == Layout::Line { 8 } else { picture.grey[0] };
        self.asked.lock().unwrap().push(format!("{language} {mark}"));
        let said = self.says.get(&(language, mark)).copied();
        let line = |(text, confidence)| Line { words: vec![letters_of(text, confidence)], slope: 0. };
        async move { Ok(Reading { lines: said.map(line).into_iter().collect() }) }.boxed()
    }

    fn turn<'a>(&'a self, _: &'a Picture) -> BoxFuture<'a, Result<Option<Rotation>, OcrError>> {
        async { Ok(self.turn) }.boxed()
    }
}

fn parrot(says: &[(&'static str, u8, &'static str, u8)], turn: Option<Rotation>) -> Parrot {
    let says = says.iter().map(|(language, picture, text, sure)| ((*language, *picture), (*text, *sure)));
    let languages = ["zh", "en"].map(str::to_owned).to_vec();
    Parrot { languages, says: says.collect(), turn, asked: Mutex::default() }
}

fn page(rotation: Rotation) -> Page {
    Page {
        width: 300.,
        height: 400.,
        rotation,
        label: None,
        image: None,
        problem: None,
        scan: None,
        text: None,
    }
}

/// What an attempt gives on a page without a text.
fn text(attempt: &Attempt, page: &Page) -> PageText {
    let frame = frame(attempt, page);
    given::with(PageText::default(), lines(attempt, frame), frame).0
}

/// Two pixels a point; the first pixel is the turn in quarters, or 9 with red ink.
async fn read_with(parrot: &Parrot, page: &Page, red: bool) -> (PageText, Scan) {
    let show = move |turn: Rotation, with_red: bool| {
        let mark = if with_red { 9 } else { (turn.degrees() / 90) as u8 };
        let data =
            ScanData { width: 600, height: 800, scale: 2., grey: vec![mark], red, ..ScanData::default() };
        async move { Ok(data) }.boxed()
    };
    let found = read(parrot, &Known::default(), page, PageText::default(), &show).await.unwrap();
    (found.text, found.scan)
}

#[tokio::test]
async fn a_good_page_is_read_once() {
    let parrot = parrot(&[("zh", 0, "原告张三", 98)], None);
    let (text, scan) = read_with(&parrot, &page(Rotation::None), false).await;
    assert_eq!((text.as_str(), text.source(), text.confidence(2)), ("原告张三", TextSource::Ocr, Some(98)));
    assert_eq!(scan, Scan::new(ScanState::Read));
    assert_eq!(text.rects(0..1), [PageRect::new(50., 25., 59., 35.)]);
    assert_eq!(*parrot.asked.lock().unwrap(), ["zh 0"]);
}

#[tokio::test]
async fn what_the_page_says_itself_stays_and_what_is_read_comes_beside_it() {
    let parrot = parrot(&[("zh", 0, "原告张三", 98)], None);
    let stamp = |y: f32| {
        let rect = PageRect::new(50., y, 59., y + 10.);
        PageText::from_glyphs(TextSource::Pdf, [Glyph::certain('章', Some(rect))])
    };
    let show = |_, _| async { Ok(ScanData { grey: vec![0], scale: 2., ..ScanData::default() }) }.boxed();
    let page = page(Rotation::None);
    for (y, said, origin) in [
        (5., "章\n原告张三", Some(TextOrigin::Both)),
        (300., "原告张三\n章", Some(TextOrigin::Both)),
        (25., "告张三\n章", Some(TextOrigin::Both)),
    ] {
        let found = read(&parrot, &Known::default(), &page, stamp(y), &show).await.unwrap();
        assert_eq!((found.text.as_str(), found.origin), (said, origin));
    }
    let blank = |_, _| async { Ok(ScanData { blank: true, ..ScanData::default() }) }.boxed();
    let found = read(&parrot, &Known::default(), &page, stamp(5.), &blank).await.unwrap();
    assert_eq!((found.text.as_str(), found.origin), ("章", Some(TextOrigin::Pdf)));
}

#[tokio::test]
async fn doubt_asks_for_the_way_up_and_then_for_the_language() {
    let says = [("zh", 0, "囗乁丿乀", 40), ("zh", 1, "Loan", 80), ("en", 1, "Loan", 99)];
    let parrot = parrot(&says, Some(Rotation::Quarter));
    let (text, scan) = read_with(&parrot, &page(Rotation::None), false).await;
    assert_eq!((text.as_str(), scan.turn), ("Loan", Rotation::Quarter));
    assert_eq!(*parrot.asked.lock().unwrap(), ["zh 0", "zh 1", "en 1"]);
    // The upper left corner of what is read is on the left of the page, below.
    let rect = text.rects(0..1)[0];
    assert!(rect.contains(PagePoint { x: 30., y: 345. }), "{rect:?}");
}

#[tokio::test]
async fn the_next_page_is_in_the_language_of_those_before() {
    const SAID: &str = "原告主張被告應返還借款並給付利息";
    let long: &'static str = SAID.repeat(4).leak();
    let parrot = parrot(&[("zh", 0, long, 96), ("en", 0, long, 98)], None);
    let known = Known::default();
    let show = |_, _| async { Ok(ScanData { grey: vec![0], scale: 2., ..ScanData::default() }) }.boxed();
    read(&parrot, &known, &page(Rotation::None), PageText::default(), &show).await.unwrap();
    known.note("en");
    known.note("en");
    read(&parrot, &known, &page(Rotation::None), PageText::default(), &show).await.unwrap();
    assert_eq!(*parrot.asked.lock().unwrap(), ["zh 0", "en 0"]);
    let (order, good) = known.order(parrot.languages());
    assert_eq!((order, good), (vec!["en", "zh"], GOOD));
    assert_eq!(Known::default().order(parrot.languages()), (vec!["zh", "en"], GOOD_AT_FIRST));
}

#[tokio::test]
async fn boxes_come_back_to_the_unrotated_page() {
    let parrot = parrot(&[("zh", 0, "甲", 99)], None);
    let (text, _) = read_with(&parrot, &page(Rotation::Half), false).await;
    assert_eq!(text.rects(0..1), [PageRect::new(241., 365., 250., 375.)]);
}

#[tokio::test]
async fn red_print_is_added_where_nothing_else_stands() {
    let says = [("zh", 0, "被告", 99), ("zh", 9, "法院文件", 99)];
    let same_place = parrot(&says, None);
    let (text, _) = read_with(&same_place, &page(Rotation::None), true).await;
    assert_eq!(text.as_str(), "被告");
    let alone = parrot(&[("zh", 9, "法院文件", 99)], None);
    let (text, _) = read_with(&alone, &page(Rotation::None), true).await;
    assert_eq!(text.as_str(), "法院文件");
    let seal = parrot(&[("zh", 9, "法院文件", 80)], None);
    let (text, _) = read_with(&seal, &page(Rotation::None), true).await;
    assert!(text.is_empty());
}

/// The strip begins at (90, 190), ten pixels of paper around it.
#[tokio::test]
async fn what_the_page_as_a_whole_did_not_give_is_read_as_a_line() {
    let mut grey = vec![255; 600 * 800];
    grey[0] = 0;
    for y in 200..220 {
        (100..180).filter(|x| x % 4 < 2).for_each(|x| grey[y * 600 + x] = 0);
    }
    let show = |_, _| {
        let grey = grey.clone();
        async move { Ok(ScanData { width: 600, height: 800, scale: 2., grey, ..ScanData::default() }) }
            .boxed()
    };
    let read_it = async |sure| {
        let parrot = parrot(&[("zh", 0, "原告张三", 99), ("zh", 8, "借款合同", sure)], None);
        let (page, none) = (page(Rotation::None), PageText::default());
        let found = read(&parrot, &Known::default(), &page, none, &show).await.unwrap();
        assert_eq!(*parrot.asked.lock().unwrap(), ["zh 0", "zh 8"]);
        found.text
    };
    let text = read_it(99).await;
    assert_eq!(text.as_str(), "原告张三\n借款合同");
    assert_eq!(text.rects(5..6), [PageRect::new(95., 120., 104., 130.)]);
    assert_eq!(read_it(80).await.as_str(), "原告张三");
}

#[test]
fn a_line_of_doubtful_characters_is_no_text() {
    let mixed = |sure: usize| -> Line {
        let mut letters = letters_of("之何筷原告沈", 85);
        letters.iter_mut().take(sure).for_each(|letter| letter.confidence = 97);
        Line { words: vec![letters], slope: 0. }
    };
    let said = |sure: usize| {
        let reading = Reading { lines: vec![mixed(sure)] };
        let data = ScanData { scale: 1., ..ScanData::default() };
        text(&Attempt { data, turn: Rotation::None, reading }, &page(Rotation::None)).as_str().to_owned()
    };
    assert_eq!((said(2).as_str(), said(3).as_str()), ("", "之何筷原告沈"));
}

#[test]
fn words_are_joined_where_chinese_has_no_spaces() {
    let words = ["京", "0199", "民初", "12", "Loan", "Agreement", "，", "Ltd"];
    let line = Line { words: words.map(|word| letters_of(word, 95)).to_vec(), slope: 0. };
    let reading = Reading { lines: vec![line] };
    let data = ScanData { scale: 1., ..ScanData::default() };
    let attempt = Attempt { data, turn: Rotation::None, reading };
    let text = text(&attempt, &page(Rotation::None));
    assert_eq!(text.as_str(), "京0199民初12 Loan Agreement，Ltd");
}

#[test]
fn a_round_bracket_is_mended_and_its_twin_dropped() {
    let mut letters = letters_of("《〈2023)京", 98);
    letters[0].edges = [119., 50., 120., 70.];
    letters[0].confidence = 87;
    let words = without_twins(&[letters]);
    let mut line = Line { words, slope: 0. };
    mend_brackets(&mut line);
    let text = |line: &Line| line.words.iter().flatten().map(|letter| letter.ch).collect::<String>();
    assert_eq!(text(&line), "(2023)京");
    let mut book = Line { words: vec![letters_of("《合同（甲）》", 98)], slope: 0. };
    mend_brackets(&mut book);
    assert_eq!(text(&book), "《合同（甲）》");
}

#[test]
fn a_stroke_between_latin_letters_is_a_hyphen() {
    let mended = |text| {
        let mut line = Line { words: vec![letters_of(text, 98)], slope: 0. };
        mend_hyphens(&mut line);
        line.words.iter().flatten().map(|letter| letter.ch).collect::<String>()
    };
    assert_eq!(mended("編號EV一0054一2890"), "編號EV-0054-2890");
    assert_eq!(mended("WRC—4955的一A，第一"), "WRC-4955的一A，第一");
    assert_eq!(mended("一"), "一");
    assert_eq!(mended("EV--0001一C6FA、BUH~-1750"), "EV-0001-C6FA、BUH-1750");
    assert_eq!(mended("10~20，A----B，一-1"), "10~20，A----B，一-1");
    let [ev, hyphen, number] = [letters_of("EV", 98), letters_of("-", 98), letters_of("0054", 98)];
    let beside = |letters: &[Letter], by: f32| -> Vec<Letter> {
        let moved = |letter: &Letter| Letter {
            edges: [letter.edges[0] + by, 50., letter.edges[2] + by, 70.],
            ..*letter
        };
        letters.iter().map(moved).collect()
    };
    let apart = |by: f32| beside(&number, by);
    assert!(is_joined(&hyphen[0], &apart(24.)[0]) && !is_joined(&hyphen[0], &apart(30.)[0]));
    assert!(!is_joined(&ev[1], &apart(44.)[0]), "words stay apart");
}

#[test]
fn a_lines_letters_get_one_height() {
    let mut letters = letters_of("一二三四", 98);
    letters[1].edges = [120., 59., 138., 61.];
    let mut line = Line { words: vec![letters], slope: 0. };
    level(&mut line);
    assert!(line.words[0].iter().all(|letter| (letter.edges[1], letter.edges[3]) == (50., 70.)));
}

#[tokio::test]
async fn a_straightened_picture_still_gives_places_on_the_page() {
    let attempt = Attempt {
        data: ScanData {
            width: 600,
            height: 800,
            scale: 2.,
            skew: 5.,
            straightened: true,
            ..ScanData::default()
        },
        turn: Rotation::None,
        reading: Reading { lines: vec![Line { words: vec![letters_of("甲", 99)], slope: 0. }] },
    };
    let rect = text(&attempt, &page(Rotation::None)).rects(0..1)[0];
    let (x, y) = unstraightened(109., 60., (600, 800), 5.);
    assert!(rect.contains(PagePoint { x: x / 2., y: y / 2. }), "{rect:?}");
    assert!(rect.width() < 12. && rect.height() < 12., "{rect:?}");
}
