//! Pages of writing that goes downwards: their columns are cut out and read one by one, since the engine's own
//! analysis of such a page loses most of them. Latin letters and digits lie on their side there, which the engine
//! does not know: they are found by their size, turned, and read before the rest.

use evolume_model::text::is_chinese;

use crate::ocr::engine::{
    Edges, Layout, Letter, Line, OcrError, Picture, Reading, Recognizer, around, stretches,
};

/// Share of the page at each edge that is left out: scanners leave their shadow there.
const MARGIN: f32 = 0.03;
/// Pixels of ink in a row or a column of pixels that may be dirt.
const DIRT: usize = 3;
/// Rows without ink that end a block of columns, in inches.
const BLOCK_GAP: f32 = 0.06;
/// A block is at least as high, in inches.
const BLOCK: f32 = 1.;
/// Pixels without ink that a character may have in itself, in inches.
const GAP: f32 = 0.012;
/// How wide a column is, in inches: letters of 7 to 50 points. What is narrower is a rule or dirt.
const WIDTH: [f32; 2] = [0.09, 0.7];
/// No column is wider than this times the middle one.
const WIDEST: f32 = 1.4;
/// A block with fewer is something else.
const FEWEST: usize = 2;

/// A letter on its side is lower and narrower than this, an ideograph is not; in widths of the column.
const LYING: [f32; 2] = [0.62, 0.85];
/// A hyphen or a comma is narrower.
const STROKE: f32 = 0.4;
/// Capitals and digits are of one height, and so is what they take of the column's width; parts of an ideograph
/// seldom are.
const EVEN: f32 = 0.15;
/// Letters of a word are not farther apart.
const APART: f32 = 0.35;
/// Less ink, in pixels, is dirt.
const SPECK: usize = 4;
/// Letters that are read with less confidence, in percent, are parts of ideographs.
const SURE: u8 = 90;
/// A single digit has to be surer, and so have capitals alone.
const SURE_ALONE: u8 = 97;
/// Fewer letters may be parts of ideographs.
const NAME: usize = 3;
/// From so many letters on one may be less sure; and without capitals and digits they are a word.
const WORD: usize = 4;
const SURE_WITHIN: u8 = 75;

/// A column, with paper around it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    /// Left, upper, right and lower edge.
    edges: [usize; 4],
    /// How wide the characters are.
    width: f32,
}

/// The lines of a picture, from right to left; `None` when it is not written downwards.
pub async fn read(engine: &dyn Recognizer, picture: &Picture) -> Result<Option<Reading>, OcrError> {
    let lean = picture.lean();
    let mut reading = read_upright(engine, &picture.upright(lean)).await?;
    let middle = picture.height as f32 / 2.;
    for letter in
        reading.iter_mut().flat_map(|reading| &mut reading.lines).flat_map(|line| &mut line.words).flatten()
    {
        let [x0, y0, x1, y1] = letter.edges;
        let by = lean * ((y0 + y1) / 2. - middle);
        letter.edges = [x0 + by, y0, x1 + by, y1];
    }
    Ok(reading)
}

async fn read_upright(engine: &dyn Recognizer, picture: &Picture) -> Result<Option<Reading>, OcrError> {
    let columns = find(picture);
    let Some(longest) = columns.iter().max_by_key(|column| column.edges[3] - column.edges[1]) else {
        return Ok(None);
    };
    let lying = match engine.latin() {
        Some(latin) => lying(engine, latin, picture, &columns).await?,
        None => Vec::new(),
    };
    let mut upright = picture.clone();
    let paper = picture.paper();
    lying.iter().for_each(|word| upright.fill(around(word), paper));
    let read = async |column: &Column, language| {
        let [x0, y0, x1, y1] = column.edges;
        let mut reading = engine.read(&upright.cut([x0, y0, x1, y1]), language, Layout::Column).await?;
        reading.shift([x0 as f32, y0 as f32]);
        reading
            .lines
            .sort_by(|a, b| height(a.words.iter().flatten()).total_cmp(&height(b.words.iter().flatten())));
        Ok::<_, OcrError>(reading.lines.into_iter().flat_map(|line| line.words).collect::<Vec<_>>())
    };
    let mut best: Option<(&String, f32)> = None;
    for language in engine.downwards() {
        let sure = confidence(&read(longest, language).await?);
        if best.is_none_or(|(_, before)| sure > before) {
            best = Some((language, sure));
        }
    }
    let Some((language, _)) = best else { return Ok(None) };
    let mut lines = Vec::new();
    for column in &columns {
        let mut words = read(column, language).await?;
        let [x0, y0, x1, y1] = column.edges.map(|edge| edge as f32);
        let inside = |[a, b, c, d]: Edges| {
            let (x, y) = ((a + c) / 2., (b + d) / 2.);
            (x0..x1).contains(&x) && (y0..y1).contains(&y)
        };
        for word in lying.iter().filter(|word| inside(around(*word))) {
            let below = words.iter().position(|other| height(other) > height(word));
            words.insert(below.unwrap_or(words.len()), word.clone());
        }
        words.retain(|word| !word.is_empty());
        lines.push(Line { words, slope: 0. });
    }
    lines.retain(|line| !line.words.is_empty());
    Ok(Some(Reading { lines }))
}

/// The columns from right to left, block by block.
fn find(picture: &Picture) -> Vec<Column> {
    let Some((width, height)) = picture.size() else { return Vec::new() };
    let ink = picture.ink();
    let (aside, above) = ((MARGIN * width as f32) as usize, (MARGIN * height as f32) as usize);
    let inches = |length: f32| (length * picture.dpi) as usize;
    let across = [aside, width - aside];
    let inked = |y: usize| picture.row(y, across).iter().filter(|grey| **grey < ink).count() >= DIRT;
    let mut found = Vec::new();
    for [top, bottom] in stretches((above..height - above).map(inked), inches(BLOCK_GAP)) {
        let (top, bottom) = (top + above, bottom + above);
        if bottom - top < inches(BLOCK) {
            continue;
        }
        let mut counts = vec![0; width - 2 * aside];
        for y in top..bottom {
            let row = counts.iter_mut().zip(picture.row(y, across));
            row.for_each(|(count, grey)| *count += usize::from(*grey < ink));
        }
        let columns = stretches(counts.iter().map(|count| *count > DIRT), inches(GAP));
        let columns: Vec<[usize; 2]> = columns
            .into_iter()
            .filter(|[x0, x1]| x1 - x0 >= inches(WIDTH[0]))
            .map(|of| of.map(|x| x + aside))
            .collect();
        let usual = middle(columns.iter().map(|[x0, x1]| x1 - x0)) as f32;
        let widest = columns.iter().map(|[x0, x1]| x1 - x0).max().unwrap_or_default() as f32;
        if columns.len() < FEWEST || usual > WIDTH[1] * picture.dpi || widest > WIDEST * usual {
            continue;
        }
        // A column is as wide as its neighbours, also where it has but a bracket; the engine wants paper around it.
        let edges = |at: usize| {
            let [x0, x1] = columns[at];
            let (centre, half) = ((x0 + x1) as f32 / 2., usual * 0.85);
            let before = at.checked_sub(1).map_or(0, |at| usize::midpoint(columns[at][1], x0));
            let after = columns.get(at + 1).map_or(width, |next| usize::midpoint(x1, next[0]));
            let (left, right) = ((centre - half).max(0.) as usize, (centre + half) as usize);
            let around = usual as usize / 2;
            [left.max(before), top.saturating_sub(around), right.min(after), (bottom + around).min(height)]
        };
        let columns = (0..columns.len()).rev().map(|at| Column { edges: edges(at), width: usual });
        found.extend(columns);
    }
    found
}

/// Where letters may lie on their side.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    /// Left, upper, right and lower edge.
    edges: [usize; 4],
    /// How high the highest letter is, in widths of the column.
    high: f32,
    /// Whether all of them are of that height, as capitals and digits are.
    even: bool,
}

/// Latin words and numbers that lie on their side, with their letters' places on the page.
async fn lying(
    engine: &dyn Recognizer,
    language: &str,
    picture: &Picture,
    columns: &[Column],
) -> Result<Vec<Vec<Letter>>, OcrError> {
    let candidates: Vec<Candidate> = columns.iter().flat_map(|column| candidates(picture, column)).collect();
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let pieces: Vec<Picture> = candidates.iter().map(|one| picture.cut(one.edges).turned_back()).collect();
    let (stack, offsets) = Picture::stacked(&pieces, picture.paper());
    let mut words = vec![Vec::new(); pieces.len()];
    for line in engine.read(&stack, language, Layout::Lines).await?.lines {
        for letter in line.words.into_iter().flatten() {
            let [_, y0, _, y1] = letter.edges;
            let below = offsets.partition_point(|[_, y]| *y <= (y0 + y1) / 2.);
            let Some(at) = below.checked_sub(1) else { continue };
            let [x, y] = offsets[at];
            let [left, top, right, _] = candidates[at].edges.map(|edge| edge as f32);
            // What goes to the right in the turned piece goes down the page, what goes down goes to the left.
            let [a, b, c, d] = letter.edges;
            let edges = [(right - (d - y)).max(left), top + a - x, right - (b - y), top + c - x];
            words[at].push(Letter { edges, ..letter });
        }
    }
    words.iter_mut().for_each(trim);
    let mut found: Vec<(Vec<Letter>, Candidate)> =
        words.into_iter().zip(candidates).filter(|(word, of)| is_latin(word, of.even)).collect();
    // A page is set in one size: short words of another are parts of ideographs after all.
    let mut heights: Vec<f32> =
        found.iter().filter(|(word, _)| word.len() >= NAME).map(|(_, of)| of.high).collect();
    heights.sort_by(f32::total_cmp);
    if let Some(usual) = heights.get(heights.len() / 2) {
        found.retain(|(word, of)| word.len() >= NAME || (of.high - usual).abs() <= EVEN / 2.);
    }
    Ok(found.into_iter().map(|(word, _)| word).collect())
}

/// Those of a column.
fn candidates(picture: &Picture, column: &Column) -> Vec<Candidate> {
    let Column { edges: [x0, y0, x1, y1], width } = *column;
    let ink = picture.stroke();
    let row = |y: usize| picture.row(y, [x0, x1]).iter().enumerate().filter(|(_, grey)| **grey < ink);
    let mut runs: Vec<Vec<([usize; 2], f32)>> = vec![Vec::new()];
    for [top, bottom] in stretches((y0..y1).map(|y| row(y).next().is_some()), 0) {
        let (top, bottom) = (top + y0, bottom + y0);
        let inked = (top..bottom).flat_map(row).map(|(x, _)| x);
        if inked.clone().count() < SPECK {
            continue;
        }
        let (Some(left), Some(right)) = (inked.clone().min(), inked.max()) else { continue };
        let (high, wide) = ((bottom - top) as f32 / width, (right + 1 - left) as f32 / width);
        let Some(run) = runs.last_mut() else { continue };
        if high >= LYING[0] || wide >= LYING[1] {
            runs.push(Vec::new());
            continue;
        }
        let near = run.last().is_none_or(|([_, end], _)| ((top - end) as f32) < APART * width);
        let letter = ([top, bottom], wide);
        if near { run.push(letter) } else { runs.push(vec![letter]) }
    }
    let candidate = |run: Vec<([usize; 2], f32)>| {
        // Punctuation beside a word is not part of it.
        let is_letter = |(_, wide): &([usize; 2], f32)| *wide >= STROKE;
        let first = run.iter().position(is_letter)?;
        let last = run.iter().rposition(is_letter)?;
        let (top, bottom) = (run[first].0[0], run[last].0[1]);
        let wide = || run.iter().filter(|letter| is_letter(letter)).map(|(_, wide)| *wide);
        let high = wide().reduce(f32::max)?;
        let even = high - wide().reduce(f32::min)? <= EVEN;
        Some(Candidate { edges: [x0, top.saturating_sub(2).max(y0), x1, (bottom + 2).min(y1)], high, even })
    };
    runs.into_iter().filter_map(candidate).collect()
}

/// Leaves out what is doubtful at the ends.
fn trim(word: &mut Vec<Letter>) {
    let sure = |letter: &Letter| letter.confidence >= SURE;
    let first = word.iter().position(sure).unwrap_or(word.len());
    word.drain(..first);
    word.truncate(word.iter().rposition(sure).map_or(0, |last| last + 1));
}

/// Whether these are words or numbers, and not parts of ideographs.
fn is_latin(word: &[Letter], even: bool) -> bool {
    let least = word.iter().map(|letter| letter.confidence).min().unwrap_or_default();
    let all = |of: fn(char) -> bool| word.iter().all(|letter| of(letter.ch));
    match word {
        [] => false,
        [single] => least >= SURE_ALONE && single.ch.is_ascii_digit(),
        [first, ..] => {
            let capitals = |ch: char| ch.is_ascii_uppercase() || ch.is_ascii_digit() || ".,:/-".contains(ch);
            let number = word.iter().any(|letter| letter.ch.is_ascii_digit());
            let code = even && number && first.ch.is_ascii_alphanumeric() && all(capitals);
            let capital = even && all(|ch| ch.is_ascii_uppercase());
            let name = capital && word.len() >= NAME && least >= SURE_ALONE;
            let long = word.len() >= WORD;
            let sure = least >= if long { SURE_WITHIN } else { SURE };
            name || sure && (code || long && all(|ch| ch.is_ascii_alphanumeric()))
        }
    }
}

/// Twice the place of a word's middle, from above.
fn height<'a>(letters: impl IntoIterator<Item = &'a Letter>) -> f32 {
    let [_, top, _, bottom] = around(letters);
    top + bottom
}

/// Of the words' ideographs, in percent.
fn confidence(words: &[Vec<Letter>]) -> f32 {
    let letters = words.iter().flatten().filter(|letter| is_chinese(letter.ch));
    let (sum, count) =
        letters.fold((0., 0.), |(sum, count), letter| (sum + f32::from(letter.confidence), count + 1.));
    sum / f32::max(count, 1.)
}

fn middle(values: impl Iterator<Item = usize>) -> usize {
    let mut values: Vec<usize> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use futures::future::BoxFuture;

    use super::*;
    use evolume_model::geometry::Rotation;

    /// Sees one letter wherever there is ink: an ideograph upright, a digit among letters that were turned.
    struct Ink(Vec<String>);

    impl Recognizer for Ink {
        fn name(&self) -> &str {
            "ink"
        }

        fn languages(&self) -> &[String] {
            &[]
        }

        fn downwards(&self) -> &[String] {
            &self.0
        }

        fn latin(&self) -> Option<&str> {
            Some("latin")
        }

        fn read<'a>(
            &'a self,
            picture: &'a Picture,
            language: &'a str,
            layout: Layout,
        ) -> BoxFuture<'a, Result<Reading, OcrError>> {
            let confidence = if language == "worse" { 70 } else { 99 };
            let ch = if layout == Layout::Column { '甲' } else { '7' };
            let inked: Vec<[f32; 2]> = (0..picture.grey.len() as u32)
                .filter(|at| picture.grey[*at as usize] < 100)
                .map(|at| [(at % picture.width) as f32, (at / picture.width) as f32])
                .collect();
            let pixels: Vec<Letter> = inked
                .iter()
                .map(|[x, y]| Letter { ch, edges: [*x, *y, x + 1., y + 1.], confidence })
                .collect();
            let letter = Letter { ch, edges: around(&pixels), confidence };
            let line = Line { words: vec![vec![letter]], slope: 0. };
            async move { Ok(Reading { lines: vec![line] }) }.boxed()
        }

        fn turn<'a>(&'a self, _: &'a Picture) -> BoxFuture<'a, Result<Option<Rotation>, OcrError>> {
            async { Ok(None) }.boxed()
        }
    }

    /// A page of 8 by 10 inches with dark blocks, at 100 dots an inch.
    fn page(blocks: &[[usize; 4]]) -> Picture {
        let mut page = Picture { width: 800, height: 1000, grey: vec![230; 800 * 1000], dpi: 100. };
        blocks.iter().for_each(|block| page.fill(block.map(|edge| edge as f32), 20));
        page
    }

    /// Columns of square characters, from `top` on.
    fn characters(lefts: &[usize], top: usize, count: usize) -> Vec<[usize; 4]> {
        let of =
            |left: usize| (0..count).map(move |n| top + 24 * n).map(move |y| [left, y, left + 20, y + 20]);
        lefts.iter().copied().flat_map(of).collect()
    }

    #[test]
    fn columns_are_found_from_right_to_left() {
        let mut blocks = characters(&[300, 340, 380], 200, 20);
        blocks.push([100, 100, 700, 118]);
        let found = find(&page(&blocks));
        let edges = [[373, 190, 407, 686], [333, 190, 367, 686], [293, 190, 327, 686]];
        assert_eq!(found, edges.map(|edges| Column { edges, width: 20. }));
        let lines: Vec<[usize; 4]> = (0..20).map(|n| [100, 200 + 24 * n, 700, 218 + 24 * n]).collect();
        let single = characters(&[300], 200, 20);
        for other in [page(&lines), page(&single), Picture { width: 10, height: 10, ..Picture::default() }] {
            assert_eq!(find(&other), []);
        }
    }

    #[tokio::test]
    async fn what_lies_on_its_side_is_turned_and_stands_at_its_place() {
        let mut blocks = characters(&[300, 340], 200, 20);
        // Two digits below of the first characters of the right column, in the place of the fifth and on.
        blocks.retain(|[left, top, ..]| *left == 300 || *top < 290);
        let digits = [[343, 296, 357, 305], [343, 308, 357, 317]];
        blocks.extend(digits);
        let engine = Ink(vec!["worse".to_owned(), "better".to_owned()]);
        let reading = read(&engine, &page(&blocks)).await.unwrap().unwrap();
        let letter = |ch, edges| Letter { ch, edges, confidence: 99 };
        let right =
            vec![vec![letter('甲', [340., 200., 360., 292.])], vec![letter('7', [343., 296., 357., 317.])]];
        assert_eq!(reading.lines[0].words, right);
        assert_eq!(reading.lines[1].words, [[letter('甲', [300., 200., 320., 676.])]]);
        assert_eq!(reading.lines.len(), 2);
    }

    #[test]
    fn parts_of_ideographs_are_no_words() {
        let word = |text: &str, confidence| -> Vec<Letter> {
            text.chars().map(|ch| Letter { ch, edges: [0.; 4], confidence }).collect()
        };
        for text in ["EV-0711-DC5C", "8,159", "104", "PSJ-4860", "Loan", "DNA"] {
            assert!(is_latin(&word(text, 98), true) && !is_latin(&word(text, 70), true), "{text}");
        }
        assert!(is_latin(&word("3", 98), true) && !is_latin(&word("3", 93), true));
        // The halves of 告.
        assert!(is_latin(&word("40", 98), true) && !is_latin(&word("40", 98), false));
        for text in ["", "at", "B", "AR", "-12", "{0", "e22"] {
            assert!(!is_latin(&word(text, 99), true), "{text}");
        }
        let mut doubtful = word("A104B", 98);
        (doubtful[0].confidence, doubtful[4].confidence) = (60, 89);
        trim(&mut doubtful);
        assert_eq!(doubtful, word("104", 98));
    }
}
