//! A page's text out of what an engine reads: in which language, which way up, with red ink or without; and
//! from pixels to page space.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use evolume_model::geometry::{PageFrame, PageRect, PageSize, Rotation, ViewPoint};
use evolume_model::text::{Glyph, PageText, is_chinese};
use evolume_model::volume::{Page, Scan, ScanState, TextOrigin};
use futures::future::BoxFuture;

use super::{again, codes, columns, given, missed};
use crate::ocr::engine::{
    Edges, Layout, Letter, Line, OcrError, Picture, Reading, Recognizer, around, stretches,
};
use crate::pdfium::CallError;
use crate::pdfium::protocol::{ScanData, unstraightened};

/// A character read with less confidence, in percent, is doubtful.
const DOUBTFUL: u8 = 90;
/// With a smaller share of doubtful characters a page has been read in the right language, the right way up.
const GOOD: f32 = 0.03;
/// The same of the first pages of a material, of which nothing is known: traditional characters read as simplified
/// ones are wrong here and there without much doubt.
const GOOD_AT_FIRST: f32 = 0.005;
/// A page with fewer characters says nothing of the others.
const TELLING: usize = 50;
/// With a larger share it may lie on its side or its head.
const LYING: f32 = 0.3;
/// Another language must leave this share of the doubt at most.
const BETTER: f32 = 0.6;
/// For the language of Latin letters, on a page of them, as much as this will do.
const NO_WORSE: f32 = 1.5;
/// With a larger share of Latin letters the other languages are tried too: one may be the page's own.
const LATIN: f32 = 0.5;
/// What is read in red ink only, beside columns, or at the second look, is kept when it is as good as this: writing, and not a
/// seal's ring or dirt.
const ADDED: u32 = 95;
/// A gap beside a hyphen that is narrower than this, in heights of the line, is no space.
const JOINED: f32 = 0.35;
/// As many hyphens may be one.
const HYPHENS: usize = 3;
/// Letters that are narrower, in pixels, are dirt or the same place read twice.
const NARROW: f32 = 2.;

/// Why a page was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Its picture cannot be had.
    #[error(transparent)]
    Picture(#[from] CallError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] OcrError),
}

/// What a page says once it has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub text: PageText,
    pub scan: Scan,
    /// Where the text comes from; `None` where there is none.
    pub origin: Option<TextOrigin>,
}

/// Gives the page's picture: turned clockwise from how it is displayed, with red ink or without.
pub type Show<'a> = dyn Fn(Rotation, bool) -> BoxFuture<'a, Result<ScanData, CallError>> + Send + Sync + 'a;

/// A picture and what was read in it.
struct Attempt {
    data: ScanData,
    turn: Rotation,
    reading: Reading,
}

impl Attempt {
    /// The share of doubtful characters; a page without any has none.
    fn doubt(&self) -> f32 {
        doubt(&self.reading)
    }
}

/// In which languages the pages of a material have been read: those that are still to be read are in the same.
#[derive(Debug, Default)]
pub struct Known(Mutex<BTreeMap<String, usize>>);

impl Known {
    /// The most frequent first, and what is good enough.
    fn order<'a>(&self, languages: &'a [String]) -> (Vec<&'a str>, f32) {
        let read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut order: Vec<&str> = languages.iter().map(String::as_str).collect();
        order.sort_by_key(|language| Reverse(read.get(*language).copied().unwrap_or_default()));
        (order, if read.is_empty() { GOOD_AT_FIRST } else { GOOD })
    }

    fn note(&self, language: &str) {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *read.entry(language.to_owned()).or_default() += 1;
    }
}

/// Reads a page of a material of which that is known. What the page says by itself stays where it stands.
pub async fn read(
    engine: &dyn Recognizer,
    known: &Known,
    page: &Page,
    given: PageText,
    show: &Show<'_>,
) -> Result<Found, ReadError> {
    let data = show(Rotation::None, false).await?;
    let (languages, good) = known.order(engine.languages());
    let nothing = data.blank && !data.red;
    let first = languages.split_first().map(|(first, others)| (*first, others)).filter(|_| !nothing);
    let Some((first, others)) = first else {
        let text = (!given.is_empty()).then_some(TextOrigin::Pdf);
        return Ok(Found { text: given, scan: Scan::new(ScanState::Read), origin: text });
    };
    let red = data.red;
    let mut best = attempt(engine, first, data, Rotation::None).await?;
    let mut language = first;
    if best.doubt() > LYING {
        let turn = engine.turn(&picture(&best.data)).await?.filter(|turn| *turn != Rotation::None);
        if let Some(turn) = turn {
            let turned = attempt(engine, first, show(turn, false).await?, turn).await?;
            // In a language other than the first both are doubtful all over: then the engine's word counts.
            if !turned.reading.lines.is_empty() && turned.doubt() <= best.doubt() {
                best = turned;
            }
        }
    }
    for other in others.iter().copied() {
        if best.doubt() <= good && latin(&best.reading) <= LATIN {
            break;
        }
        let reading = engine.read(&picture(&best.data), other, Layout::Page).await?;
        // The engine's Chinese is sure of Latin words that it gets wrong, and of their missing spaces.
        let is_latin = engine.latin() == Some(other) && latin(&best.reading).min(latin(&reading)) > LATIN;
        let enough = if is_latin { NO_WORSE } else { BETTER };
        if !reading.lines.is_empty() && doubt(&reading) <= enough * best.doubt() {
            (best.reading, language) = (reading, other);
        }
    }
    if best.doubt() <= LYING && letters(&best.reading).count() >= TELLING {
        known.note(language);
    }
    if best.doubt() > GOOD
        && let Some(downwards) = columns::read(engine, &picture(&best.data)).await?
        && doubt(&downwards) < BETTER * best.doubt()
    {
        // What stands above and below of the columns goes across.
        let across = std::mem::replace(&mut best.reading, downwards);
        add_beside(&mut best.reading, across);
        // None of the languages made sense of the columns: the one that came nearest means nothing.
        language = first;
    }
    let seen = picture(&best.data);
    again::lines(engine, language, &seen, &mut best.reading.lines).await?;
    // Before the holes: letters of a code that have lost their place leave some that are none.
    if engine.latin() != Some(language) {
        codes::read(engine, &seen, &mut best.reading.lines).await?;
    }
    again::holes(engine, language, &seen, &mut best.reading.lines).await?;
    // Where the engine sees only noise there may be a line that it has cut wrongly.
    let known: Vec<_> = best.reading.lines.iter().filter(|line| !is_noise(line)).map(edges).collect();
    for (strip, place) in missed::strips(&picture(&best.data), &known) {
        let mut more = engine.read(&strip, language, Layout::Line).await?;
        // Its boxes may reach into the next lines; what is seen of it does not.
        more.shift(place);
        more.lines.into_iter().for_each(|line| add(&mut best.reading, line));
    }
    if red {
        let data = show(best.turn, true).await?;
        let more = engine.read(&picture(&data), language, Layout::Page).await?;
        add_beside(&mut best.reading, more);
    }
    let frame = frame(&best, page);
    let scan = Scan { state: ScanState::Read, turn: best.turn, skew: best.data.skew };
    let (text, origin) = given::with(given, lines(&best, frame), frame);
    Ok(Found { text, scan, origin })
}

async fn attempt(
    engine: &dyn Recognizer,
    language: &str,
    data: ScanData,
    turn: Rotation,
) -> Result<Attempt, OcrError> {
    let reading = engine.read(&picture(&data), language, Layout::Page).await?;
    Ok(Attempt { data, turn, reading })
}

fn picture(data: &ScanData) -> Picture {
    Picture { width: data.width, height: data.height, grey: data.grey.clone(), dpi: data.scale * 72. }
}

fn letters(reading: &Reading) -> impl Iterator<Item = &Letter> {
    reading.lines.iter().flat_map(|line| line.words.iter().flatten())
}

fn share(reading: &Reading, of: impl Fn(&Letter) -> bool) -> f32 {
    let all = letters(reading).count();
    letters(reading).filter(|letter| of(letter)).count() as f32 / all.max(1) as f32
}

fn doubt(reading: &Reading) -> f32 {
    share(reading, |letter| letter.confidence < DOUBTFUL)
}

fn latin(reading: &Reading) -> f32 {
    share(reading, |letter| letter.ch.is_ascii_alphabetic())
}

fn confidence(line: &Line) -> u32 {
    let letters = line.words.iter().flatten();
    let (sum, count) =
        letters.fold((0, 0), |(sum, count), letter| (sum + u32::from(letter.confidence), count + 1));
    sum / count.max(1)
}

/// Whether half of a line's characters are doubtful: dirt, a picture, or writing of which no word comes out
/// right. Of the sample's such lines one pair of neighbours in six is in its truth, of the others three in four.
fn is_noise(line: &Line) -> bool {
    let mut sure: Vec<u8> = line.words.iter().flatten().map(|letter| letter.confidence).collect();
    sure.sort_unstable();
    sure.get(sure.len() / 2).is_none_or(|middle| *middle < DOUBTFUL)
}

fn edges(line: &Line) -> Edges {
    around(line.words.iter().flatten())
}

/// Puts the lines in, such as those in red, where nothing else has been read.
fn add_beside(reading: &mut Reading, more: Reading) {
    let overlaps = |a: Edges, b: Edges| a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
    for line in more.lines {
        let place = edges(&line);
        if !reading.lines.iter().any(|known| overlaps(edges(known), place)) {
            add(reading, line);
        }
    }
}

/// Puts a further line in before the first that lies lower, when it is good.
fn add(reading: &mut Reading, line: Line) {
    if confidence(&line) < ADDED {
        return;
    }
    let middle = |line: &Line| edges(line)[1] + edges(line)[3];
    let below = reading.lines.iter().position(|known| middle(known) > middle(&line));
    reading.lines.insert(below.unwrap_or(reading.lines.len()), line);
}

/// From the page to the picture as it was read, before that was straightened.
fn frame(attempt: &Attempt, page: &Page) -> PageFrame {
    PageFrame {
        size: PageSize { width: page.width, height: page.height },
        rotation: page.rotation.plus(attempt.turn),
        origin: ViewPoint::default(),
        scale: f64::from(attempt.data.scale.max(f32::MIN_POSITIVE)),
    }
}

/// From the engine's lines to lines of the page.
fn lines(attempt: &Attempt, frame: PageFrame) -> Vec<Vec<Glyph>> {
    let place = |[x0, y0, x1, y1]: [f32; 4]| {
        let corner = |x: f32, y: f32| {
            let ScanData { width, height, skew, straightened, .. } = attempt.data;
            let (x, y) = if straightened { unstraightened(x, y, (width, height), skew) } else { (x, y) };
            frame.to_page(ViewPoint { x: x.into(), y: y.into() })
        };
        // The middles of the sides: a box that leans has corners outside of its character.
        let (mx, my) = ((x0 + x1) / 2., (y0 + y1) / 2.);
        let sides = [corner(x0, my), corner(x1, my), corner(mx, y0), corner(mx, y1)];
        let of = |value: fn(f32, f32) -> f32, get: fn(&evolume_model::geometry::PagePoint) -> f32| {
            sides.iter().map(get).reduce(value).unwrap_or_default()
        };
        PageRect::new(
            of(f32::min, |p| p.x),
            of(f32::min, |p| p.y),
            of(f32::max, |p| p.x),
            of(f32::max, |p| p.y),
        )
    };
    let mut lines = Vec::new();
    for line in &attempt.reading.lines {
        if is_noise(line) {
            continue;
        }
        let mut glyphs = Vec::new();
        let mut line = Line { words: without_twins(&line.words), slope: line.slope };
        mend_brackets(&mut line);
        mend_hyphens(&mut line);
        level(&mut line);
        for (at, word) in line.words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| line.words[at].last());
            if let (Some(before), Some(after)) = (before, word.first())
                && !is_wide(before.ch)
                && !is_wide(after.ch)
                && !is_joined(before, after)
            {
                glyphs.push(Glyph::certain(' ', None));
            }
            glyphs.extend(word.iter().map(|letter| Glyph {
                ch: letter.ch,
                rect: Some(place(letter.edges)),
                confidence: Some(letter.confidence),
            }));
        }
        lines.push(glyphs);
    }
    lines
}

/// Ideographs and the punctuation between them: the distance beside them is no space.
fn is_wide(ch: char) -> bool {
    is_chinese(ch)
        || matches!(ch, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '“' | '”' | '‘' | '’' | '·' | '…' | '—')
}

/// A hyphen stands a little apart from what it joins; the engine takes that for spaces.
fn is_joined(before: &Letter, after: &Letter) -> bool {
    let gap = after.edges[0] - before.edges[2];
    let height = after.edges[3] - after.edges[1];
    (before.ch == '-' || after.ch == '-') && gap < JOINED * height
}

/// Of two letters at one place the surer one stays.
fn without_twins(words: &[Vec<Letter>]) -> Vec<Vec<Letter>> {
    let width = |letter: &Letter| letter.edges[2] - letter.edges[0];
    let inside = |narrow: &Letter, other: &Letter| {
        width(narrow) <= NARROW
            && narrow.edges[1] < other.edges[3]
            && other.edges[1] < narrow.edges[3]
            && narrow.edges[0] >= other.edges[0] - 1.
            && narrow.edges[2] <= other.edges[2] + 1.
    };
    let twin = |word: &[Letter], at: usize| {
        let letter = &word[at];
        let beside = [at.checked_sub(1).map(|at| &word[at]), word.get(at + 1)];
        beside
            .into_iter()
            .flatten()
            .any(|other| inside(letter, other) && letter.confidence <= other.confidence)
    };
    let kept = |word: &Vec<Letter>| {
        (0..word.len()).filter(|at| !twin(word, *at)).map(|at| word[at]).collect::<Vec<_>>()
    };
    words.iter().map(kept).filter(|word| !word.is_empty()).collect()
}

/// An angle bracket that a round one closes is a round one: small print blurs them alike, and every case
/// number has a year in such brackets.
fn mend_brackets(line: &mut Line) {
    let mut open: Vec<&mut Letter> = Vec::new();
    for letter in line.words.iter_mut().flatten() {
        match letter.ch {
            '〈' | '《' | '(' | '（' | '<' => open.push(letter),
            '〉' | '》' | '>' => drop(open.pop()),
            ')' | '）' => {
                let closed = letter.ch;
                if let Some(opening) = open.pop().filter(|opening| "〈《<".contains(opening.ch)) {
                    opening.ch = if closed == ')' { '(' } else { '（' };
                }
            }
            _ => {}
        }
    }
}

/// Between Latin letters and digits a stroke is a hyphen, not the ideograph for one; it is read twice at times.
fn mend_hyphens(line: &mut Line) {
    let letters: Vec<char> = line.words.iter().flatten().map(|letter| letter.ch).collect();
    let latin =
        |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_alphanumeric);
    let mut mended = letters.iter().copied().map(Some).collect::<Vec<_>>();
    for [from, to] in stretches(letters.iter().map(|ch| "-一—–―~".contains(*ch)), 0) {
        let between = latin(from.checked_sub(1)) && latin(Some(to));
        if between && to - from <= HYPHENS && letters[from..to] != ['~'] {
            mended[from] = Some('-');
            mended[from + 1..to].fill(None);
        }
    }
    let mut mended = mended.into_iter();
    for word in &mut line.words {
        word.retain_mut(|letter| {
            let ch = mended.next().flatten();
            letter.ch = ch.unwrap_or(letter.ch);
            ch.is_some()
        });
    }
    line.words.retain(|word| !word.is_empty());
}

/// Gives a line's letters one height along its slope: the engine's boxes hop with the ink of each.
fn level(line: &mut Line) {
    let [left, top, right, bottom] = edges(line);
    let count = line.words.iter().flatten().count();
    // A column of vertical writing has boxes one below the other.
    if count < 3 || bottom - top > right - left {
        return;
    }
    let slope = line.slope.clamp(-0.2, 0.2);
    let sunk = |letter: &Letter| slope * ((letter.edges[0] + letter.edges[2]) / 2. - left);
    let middle = |edge: usize| {
        let mut values: Vec<f32> =
            line.words.iter().flatten().map(|letter| letter.edges[edge] - sunk(letter)).collect();
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    };
    let (top, bottom) = (middle(1), middle(3));
    if bottom - top < 1. {
        return;
    }
    for letter in line.words.iter_mut().flatten() {
        let sunk = sunk(letter);
        (letter.edges[1], letter.edges[3]) = (top + sunk, bottom + sunk);
    }
}

#[cfg(test)]
mod tests;
