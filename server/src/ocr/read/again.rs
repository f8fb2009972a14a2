//! What is read once more by itself: lines with doubtful letters, and writing in the middle of a line that the
//! engine has passed over or boiled down to a letter or two.

use crate::ocr::engine::{Layout, Letter, Line, OcrError, Picture, Recognizer, around, stretches};

/// Letters whose middles are farther apart, in heights of the line, have lost what stood between them.
const HOLE: f32 = 3.;
/// So many letters on each side of a hole tell how high the line is there.
const BESIDE: usize = 6;
/// A letter whose box is higher than so many lines has got a wrong one.
const HIGHEST: f32 = 1.5;
/// As many letters between two holes may be what is left of the writing in both.
const REST: usize = 3;
/// Paper in the middle of writing is narrower, in heights.
const BLANK: f32 = 1.2;
/// What is read is better than what was there from this confidence on, in percent.
const SURE: u32 = 90;
/// A page with more holes is no page of running text.
const MOST: usize = 12;

/// Letters with less confidence, in percent, are doubtful; with so many of them a line is read once more.
const DOUBTFUL: u8 = 90;
const DOUBTS: usize = 2;
/// Shorter lines say too little.
const SHORTEST: usize = 6;
/// No more lines than this are read once more on a page.
const LINES: usize = 24;
/// Share of the letters that there have to be at least.
const KEPT: f32 = 0.9;

/// A stretch of a line: the letters before and after it, by their position.
type Hole = [usize; 2];

/// Reads lines with doubtful letters once more; what has fewer doubts stays.
pub async fn lines(
    engine: &dyn Recognizer,
    language: &str,
    picture: &Picture,
    lines: &mut [Line],
) -> Result<(), OcrError> {
    let doubts = |letters: &[Letter]| letters.iter().filter(|letter| letter.confidence < DOUBTFUL).count();
    let mut read = 0;
    for line in lines {
        let letters = line.words.concat();
        if letters.len() < SHORTEST || doubts(&letters) < DOUBTS || goes_down(&letters) || read == LINES {
            continue;
        }
        let at = letters.len() / 2;
        let edges = rows(&letters, [at - 1, at]);
        let Some(piece) = cut(picture, &letters, [0, letters.len() - 1], edges) else { continue };
        read += 1;
        let words = words(engine, language, piece).await?;
        let new = words.concat();
        let enough = new.len() as f32 >= KEPT * letters.len() as f32;
        // In shares: what is longer may have more of them.
        if enough && doubts(&new) * letters.len() < doubts(&letters) * new.len() {
            line.words = words;
        }
    }
    Ok(())
}

/// Fills the holes of a page's lines.
pub async fn holes(
    engine: &dyn Recognizer,
    language: &str,
    picture: &Picture,
    lines: &mut [Line],
) -> Result<(), OcrError> {
    let found = |line: &Line| find(picture, &line.words.concat());
    let holes: Vec<Vec<Hole>> = lines.iter().map(found).collect();
    if holes.iter().flatten().count() > MOST {
        return Ok(());
    }
    for (line, holes) in lines.iter_mut().zip(holes) {
        // From the right, so that positions to the left stay what they are.
        for [before, after] in holes.into_iter().rev() {
            let letters = line.words.concat();
            let edges = rows(&letters, [before, after]);
            let Some(piece) = cut(picture, &letters, [before, after], edges) else { continue };
            let mut words = words(engine, language, piece).await?;
            let inside = middle(&letters[before]) + height(&letters) / 2.
                ..middle(&letters[after]) - height(&letters) / 2.;
            words.iter_mut().for_each(|word| word.retain(|letter| inside.contains(&middle(letter))));
            words.retain(|word| !word.is_empty());
            drop_known(&mut words, &letters[..=before], &letters[after..]);
            let count = words.iter().flatten().count();
            let sum: u32 = words.iter().flatten().map(|letter| u32::from(letter.confidence)).sum();
            if count > after - before && sum >= SURE * count as u32 {
                replace(line, [before, after], words);
            }
        }
    }
    Ok(())
}

/// Reads a piece of the page as one line; its letters lie where they lie on the page.
async fn words(
    engine: &dyn Recognizer,
    language: &str,
    (piece, place): (Picture, [f32; 2]),
) -> Result<Vec<Vec<Letter>>, OcrError> {
    let mut read = engine.read(&piece, language, Layout::Line).await?;
    read.shift(place);
    Ok(read.lines.into_iter().flat_map(|line| line.words).collect())
}

/// The holes of a line that goes across.
fn find(picture: &Picture, letters: &[Letter]) -> Vec<Hole> {
    if letters.len() < 2 || goes_down(letters) {
        return Vec::new();
    }
    let far = |at: &usize| middle(&letters[at + 1]) - middle(&letters[*at]) > HOLE * height(letters);
    let mut holes: Vec<Hole> = Vec::new();
    for at in (0..letters.len() - 1).filter(far) {
        match holes.last_mut() {
            Some([_, end]) if at - *end <= REST => *end = at + 1,
            _ => holes.push([at, at + 1]),
        }
    }
    holes.retain(|hole| is_written_on(picture, letters, *hole));
    holes
}

/// Whether there is writing all over it.
fn is_written_on(picture: &Picture, letters: &[Letter], [before, after]: Hole) -> bool {
    let Some((width, height_of_picture)) = picture.size() else { return false };
    let high = height(letters);
    let [y0, y1] = rows(letters, [before, after]);
    let (top, bottom) = (y0.max(0.) as usize, (y1.max(0.) as usize).min(height_of_picture));
    let left = ((middle(&letters[before]) + high / 2.).max(0.) as usize).min(width);
    let right = ((middle(&letters[after]) - high / 2.).max(0.) as usize).min(width);
    let ink = picture.ink();
    let inked = |x: usize| (top..bottom).filter(|y| picture.row(*y, [x, x + 1])[0] < ink).count() > 1;
    let blank = stretches((left..right).map(|x| !inked(x)), 0);
    let widest = blank.iter().map(|[from, to]| to - from).max().unwrap_or_default();
    left < right && (widest as f32) < BLANK * high
}

/// The piece of the picture, with the letters beside it.
fn cut(
    picture: &Picture,
    letters: &[Letter],
    [before, after]: Hole,
    [y0, y1]: [f32; 2],
) -> Option<(Picture, [f32; 2])> {
    let (width, height_of_picture) = picture.size()?;
    let high = height(letters);
    let pixel = |at: f32, length: usize| (at.max(0.) as usize).min(length);
    let [x0, x1] = [middle(&letters[before]) - high * 0.7, middle(&letters[after]) + high * 0.7]
        .map(|x| pixel(x, width));
    let [y0, y1] = [y0 - high * 0.3, y1 + high * 0.3].map(|y| pixel(y, height_of_picture));
    (x0 < x1 && y0 < y1).then(|| (picture.cut([x0, y0, x1, y1]), [x0 as f32, y0 as f32]))
}

/// Leaves out what the line has already: the engine's boxes may stand beside their letters.
fn drop_known(words: &mut Vec<Vec<Letter>>, before: &[Letter], after: &[Letter]) {
    let text = |letters: &[Letter]| letters.iter().map(|letter| letter.ch).collect::<Vec<char>>();
    let (before, after, mut new) = (text(before), text(after), text(&words.concat()));
    let first = (1..=new.len()).rev().find(|count| before.ends_with(&new[..*count])).unwrap_or_default();
    new.drain(..first);
    let last = (1..=new.len()).rev().find(|count| after.starts_with(&new[new.len() - count..]));
    let kept = first..first + new.len() - last.unwrap_or_default();
    let mut at = 0..;
    for word in words.iter_mut() {
        word.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
    }
    words.retain(|word| !word.is_empty());
}

/// Puts words in place of what is between two letters.
fn replace(line: &mut Line, [before, after]: Hole, words: Vec<Vec<Letter>>) {
    let [mut left, mut right] = [Vec::new(), Vec::new()];
    let mut at = 0;
    for word in std::mem::take(&mut line.words) {
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for letter in word {
            if at <= before {
                first.push(letter);
            } else if at >= after {
                last.push(letter);
            }
            at += 1;
        }
        left.push(first);
        right.push(last);
    }
    line.words = left.into_iter().chain(words).chain(right).filter(|word| !word.is_empty()).collect();
}

/// Whether it is a column of writing that goes downwards.
fn goes_down(letters: &[Letter]) -> bool {
    let [x0, y0, x1, y1] = around(letters);
    y1 - y0 > x1 - x0
}

/// Upper and lower edge of the line at a hole, by the letters beside it.
fn rows(letters: &[Letter], [before, after]: Hole) -> [f32; 2] {
    let high = height(letters);
    let sides = [
        &letters[before.saturating_sub(BESIDE)..=before],
        &letters[after..letters.len().min(after + BESIDE)],
    ];
    let beside =
        || sides.into_iter().flatten().filter(|letter| letter.edges[3] - letter.edges[1] < HIGHEST * high);
    let edge = |at: usize| {
        let mut edges: Vec<f32> = beside().map(|letter| letter.edges[at]).collect();
        edges.sort_by(f32::total_cmp);
        edges.get(edges.len() / 2).copied()
    };
    let top = edge(1).unwrap_or(letters[before].edges[1]);
    // A line of digits and small marks alone is as high as it is, no less.
    [top, edge(3).unwrap_or(top).max(top + high)]
}

fn middle(letter: &Letter) -> f32 {
    (letter.edges[0] + letter.edges[2]) / 2.
}

/// The usual height of a line's letters.
fn height(letters: &[Letter]) -> f32 {
    let mut heights: Vec<f32> = letters.iter().map(|letter| letter.edges[3] - letter.edges[1]).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use evolume_model::geometry::Rotation;
    use futures::FutureExt;
    use futures::future::BoxFuture;

    use super::*;
    use crate::ocr::engine::Reading;

    /// Sees 甲 wherever a block of 20 pixels stands, at 22 pixels one from the other.
    struct Blocks(u8);

    impl Recognizer for Blocks {
        fn name(&self) -> &str {
            "blocks"
        }

        fn languages(&self) -> &[String] {
            &[]
        }

        fn read<'a>(
            &'a self,
            picture: &'a Picture,
            _: &'a str,
            _: Layout,
        ) -> BoxFuture<'a, Result<Reading, OcrError>> {
            let row = picture.height as usize / 2;
            let inked = picture.row(row, [0, picture.width as usize]).iter().map(|grey| *grey < 100);
            let letter = |[x0, x1]: [usize; 2]| Letter {
                ch: '甲',
                edges: [x0 as f32, 6., x1 as f32, 26.],
                confidence: self.0,
            };
            let words = stretches(inked, 0).into_iter().map(|place| vec![letter(place)]).collect();
            async move { Ok(Reading { lines: vec![Line { words, slope: 0. }] }) }.boxed()
        }

        fn turn<'a>(&'a self, _: &'a Picture) -> BoxFuture<'a, Result<Option<Rotation>, OcrError>> {
            async { Ok(None) }.boxed()
        }
    }

    /// A line of 20 characters at (100, 100), without those of the numbers.
    fn page(without: &[usize]) -> Picture {
        let mut page = Picture { width: 800, height: 300, grey: vec![230; 800 * 300], dpi: 100. };
        for at in (0..20).filter(|at| !without.contains(at)) {
            let x = (100 + 22 * at) as f32;
            page.fill([x, 100., x + 20., 120.], 20);
        }
        page
    }

    fn letter(ch: char, at: usize) -> Letter {
        let x = (100 + 22 * at) as f32;
        Letter { ch, edges: [x, 100., x + 20., 120.], confidence: 98 }
    }

    fn text(line: &Line) -> String {
        line.words.iter().flatten().map(|letter| letter.ch).collect()
    }

    async fn filled(engine: Blocks, page: &Picture, letters: Vec<Vec<Letter>>) -> Line {
        let mut lines = [Line { words: letters, slope: 0. }];
        holes(&engine, "zh", page, &mut lines).await.unwrap();
        let [line] = lines;
        line
    }

    #[tokio::test]
    async fn what_was_passed_over_is_read_in_its_place() {
        let read =
            || vec![vec![letter('子', 0), letter('丑', 1)], vec![letter('e', 6)], vec![letter('寅', 10)]];
        let line = filled(Blocks(96), &page(&[]), read()).await;
        assert_eq!(text(&line), "子丑甲甲甲甲甲甲甲甲寅");
        assert_eq!(line.words[1], [Letter { confidence: 96, ..letter('甲', 2) }]);
        assert_eq!(text(&filled(Blocks(80), &page(&[]), read()).await), "子丑e寅", "it is no surer");
        let apart = page(&[3, 4, 5, 6, 7]);
        assert_eq!(text(&filled(Blocks(96), &apart, read()).await), "子丑e寅", "cells of a table");
    }

    #[tokio::test]
    async fn a_line_with_doubts_is_read_once_more() {
        let read = |doubtful: usize| {
            let sure = |at| Letter { confidence: if at < doubtful { 60 } else { 98 }, ..letter('乙', at) };
            vec![(0..20).map(sure).collect::<Vec<_>>()]
        };
        let looked = async |engine: Blocks, doubtful| {
            let mut lines = [Line { words: read(doubtful), slope: 0. }];
            super::lines(&engine, "zh", &page(&[]), &mut lines).await.unwrap();
            text(&lines[0])
        };
        assert_eq!(looked(Blocks(96), 2).await, "甲".repeat(20));
        assert_eq!(looked(Blocks(96), 1).await, "乙".repeat(20), "hardly any doubt");
        assert_eq!(looked(Blocks(80), 2).await, "乙".repeat(20), "no better");
    }

    #[test]
    fn what_the_line_has_already_is_left_out() {
        let letters = |text: &str| text.chars().map(|ch| letter(ch, 0)).collect::<Vec<_>>();
        let left = |new: &str| {
            let mut words = vec![letters(new), letters("方")];
            drop_known(&mut words, &letters("臺灣臺中"), &letters("方法院"));
            words.concat().iter().map(|letter| letter.ch).collect::<String>()
        };
        assert_eq!(
            (left("灣臺中地").as_str(), left("臺中").as_str(), left("高雄").as_str()),
            ("地", "", "高雄")
        );
    }

    #[test]
    fn near_letters_and_columns_have_no_holes() {
        let near: Vec<Letter> = (0..5).map(|at| letter('甲', 2 * at)).collect();
        assert_eq!(find(&page(&[]), &near), [[0; 2]; 0]);
        let down: Vec<Letter> = near
            .iter()
            .map(|letter| Letter { edges: [0., letter.edges[0], 20., letter.edges[2]], ..*letter })
            .collect();
        assert_eq!(find(&page(&[]), &down), [[0; 2]; 0]);
        assert_eq!(find(&page(&[]), &[]), [[0; 2]; 0]);
    }
}
