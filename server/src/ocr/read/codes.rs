//! Codes of Latin letters and digits, such as EV-0054-2890. The engine's Chinese takes their letters for one
//! another and their hyphens for ideographs; where it doubts, a code is read once more by itself, as Latin.

use crate::ocr::engine::{Layout, Letter, Line, OcrError, Picture, Recognizer, around};

/// With a letter of less confidence, in percent, a code is read once more.
const DOUBTFUL: u8 = 96;
/// A code has at least so many characters, and so many digits.
const SHORTEST: usize = 5;
const DIGITS: usize = 3;
/// No more than these are read once more on a page.
const MOST: usize = 24;
/// Characters that are farther apart, in heights of the line, do not belong together. Less says nothing: boxes
/// may have been pushed aside by others.
const APART: f32 = 4.;
/// Where it has been read by itself, its boxes are right, and this is a space.
const SPACE: f32 = 0.5;
/// Paper around a code when it is read, in heights; white, so that nothing of its neighbours is seen.
const PAPER: f32 = 0.4;
/// What is seen to the left and the right of it, in heights: the engine's boxes may stand beside their letters.
const LEFT: f32 = 1.2;
const RIGHT: f32 = 0.5;
/// Letters that are narrower, in heights, have lost their place.
const NARROWEST: f32 = 0.1;
/// What is read may have so many characters less, and, where some have lost their place, so many more.
const LESS: usize = 1;
const MORE: usize = 6;
/// It is believed from this confidence on, in percent.
const SURE: u32 = 90;

/// Strokes that are hyphens within a code, and ideographs and signs that letters and digits are taken for.
const STROKES: &str = "-一—–―_/";
const ALIKE: &str = "〇口丨工|";

/// Reads the doubtful codes of a page's lines once more; what is surer takes the place of what was there.
pub async fn read(engine: &dyn Recognizer, picture: &Picture, lines: &mut [Line]) -> Result<(), OcrError> {
    let Some(language) = engine.latin() else { return Ok(()) };
    let mut read = 0;
    for line in lines {
        let letters = line.words.concat();
        // From the right, so that positions to the left stay what they are.
        for [from, to] in doubtful(&letters).into_iter().rev() {
            let Some((piece, place)) = cut(picture, &letters[from..to]) else { continue };
            if read == MOST {
                return Ok(());
            }
            read += 1;
            let mut reading = engine.read(&piece, language, Layout::Line).await?;
            reading.shift(place);
            let new: Vec<Letter> = reading.lines.into_iter().flat_map(|line| line.words).flatten().collect();
            if let Some(code) = better(&new, &letters[from..to]) {
                replace(line, [from, to], code);
            }
        }
    }
    Ok(())
}

/// Where a line has codes with doubtful letters.
fn doubtful(letters: &[Letter]) -> Vec<[usize; 2]> {
    let [x0, y0, x1, y1] = around(letters);
    if y1 - y0 > x1 - x0 {
        return Vec::new();
    }
    let part = |letter: &Letter| {
        letter.ch.is_ascii_alphanumeric() || STROKES.contains(letter.ch) || ALIKE.contains(letter.ch)
    };
    let high = height(letters);
    let mut found = Vec::new();
    let mut from = 0;
    for at in 0..=letters.len() {
        let apart = at > from
            && letters
                .get(at)
                .is_none_or(|next| !part(next) || next.edges[0] - letters[at - 1].edges[2] > APART * high);
        if apart {
            found.extend(code(letters, [from, at]).filter(|[from, to]| {
                is_crushed(&letters[*from..*to])
                    || letters[*from..*to]
                        .iter()
                        .any(|letter| letter.confidence < DOUBTFUL || ALIKE.contains(letter.ch))
            }));
            from = at;
        }
        if letters.get(at).is_some_and(|next| !part(next)) {
            from = at + 1;
        }
    }
    found
}

/// The code in a stretch: from its first letter or digit to its last, if it is one.
fn code(letters: &[Letter], [from, to]: [usize; 2]) -> Option<[usize; 2]> {
    let is_plain = |letter: &Letter| letter.ch.is_ascii_alphanumeric();
    let first = from + letters[from..to].iter().position(is_plain)?;
    let last = from + letters[from..to].iter().rposition(is_plain)?;
    let code = &letters[first..=last];
    let digits = code.iter().filter(|letter| letter.ch.is_ascii_digit()).count();
    // A number alone is read well enough.
    let mixed = code.iter().any(|letter| !letter.ch.is_ascii_digit());
    (code.len() >= SHORTEST && digits >= DIGITS && mixed).then_some([first, last + 1])
}

/// Whether the engine has lost where the letters stand: some are narrower than any is. What is taken for the same
/// place read twice would be lost with them.
fn is_crushed(letters: &[Letter]) -> bool {
    let narrow = NARROWEST * height(letters);
    letters.iter().any(|letter| letter.edges[2] - letter.edges[0] < narrow)
}

/// The code in what was read as Latin, if it is one, about as long and no less sure. Beside it may be what is seen
/// there of other writing: it begins as the code did that is known.
fn better(read: &[Letter], known: &[Letter]) -> Option<Vec<Letter>> {
    let mean = |letters: &[Letter]| {
        let sum: u32 = letters.iter().map(|letter| u32::from(letter.confidence)).sum();
        sum / letters.len().max(1) as u32
    };
    let plain = |letter: &Letter| letter.ch.is_ascii_alphanumeric();
    let begins = |count: usize| {
        let start: Vec<char> =
            known.iter().filter(|letter| plain(letter)).take(count).map(|letter| letter.ch).collect();
        read.windows(count).position(|some| some.iter().map(|letter| letter.ch).eq(start.iter().copied()))
    };
    let from = begins(2).or_else(|| begins(1))?;
    let part = |letter: &&Letter| plain(letter) || STROKES.contains(letter.ch);
    let length = read[from..].iter().take_while(part).count();
    let [from, to] = code(read, [from, from + length])?;
    let new = &read[from..to];
    let surer =
        mean(new) >= mean(known) || is_crushed(known) || known.iter().any(|letter| ALIKE.contains(letter.ch));
    let long = known.len().saturating_sub(LESS)..=known.len() + MORE;
    (surer && mean(new) >= SURE && long.contains(&new.len())).then(|| new.to_vec())
}

/// The code on white paper, and where its piece lies on the page.
fn cut(picture: &Picture, code: &[Letter]) -> Option<(Picture, [f32; 2])> {
    let (width, height_of_picture) = picture.size()?;
    let high = height(code);
    let [x0, y0, x1, y1] = around(code);
    let pixel = |at: f32, length: usize| (at.max(0.) as usize).min(length);
    let (left, right) = (pixel(x0 - high * LEFT, width), pixel(x1 + high * RIGHT + 1., width));
    let (top, bottom) =
        (pixel(y0 - high * 0.2, height_of_picture), pixel(y1 + high * 0.2 + 1., height_of_picture));
    if left >= right || top >= bottom {
        return None;
    }
    let piece = picture.cut([left, top, right, bottom]);
    let paper = *piece.grey.iter().max()?;
    let around = ((high * PAPER) as usize).max(1);
    let (wide, tall) = (right - left + 2 * around, bottom - top + 2 * around);
    let mut grey = vec![paper; wide * tall];
    for (row, line) in piece.grey.chunks(right - left).enumerate() {
        let start = (row + around) * wide + around;
        grey[start..start + line.len()].copy_from_slice(line);
    }
    let place = [left as f32 - around as f32, top as f32 - around as f32];
    Some((Picture { width: wide as u32, height: tall as u32, grey, dpi: picture.dpi }, place))
}

/// Puts a code in the place of letters, as a word of its own; two codes in a row are two words.
fn replace(line: &mut Line, [from, to]: [usize; 2], code: Vec<Letter>) {
    let mut words: Vec<Vec<Letter>> = Vec::new();
    let (mut code, mut at) = (Some(code), 0);
    for word in std::mem::take(&mut line.words) {
        let mut rest = Vec::new();
        let mut before = Vec::new();
        for letter in word {
            if at < from {
                before.push(letter);
            } else if at >= to {
                rest.push(letter);
            }
            at += 1;
        }
        words.push(before);
        if at > from {
            let code = code.take().unwrap_or_default();
            let space = SPACE * height(&code);
            let near = |a: &Letter, b: &Letter| b.edges[0] - a.edges[2] < space;
            words.extend(code.chunk_by(near).map(<[Letter]>::to_vec));
        }
        words.push(rest);
    }
    line.words = words.into_iter().filter(|word| !word.is_empty()).collect();
}

/// The usual height of letters; hyphens are low.
fn height(letters: &[Letter]) -> f32 {
    let mut heights: Vec<f32> = letters.iter().map(|letter| letter.edges[3] - letter.edges[1]).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() * 2 / 3).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use evolume_model::geometry::Rotation;
    use futures::FutureExt;
    use futures::future::BoxFuture;

    use super::*;
    use crate::ocr::engine::Reading;

    /// Says this of every piece.
    struct Sayer(&'static str, u8);

    impl Recognizer for Sayer {
        fn name(&self) -> &str {
            "sayer"
        }

        fn languages(&self) -> &[String] {
            &[]
        }

        fn latin(&self) -> Option<&str> {
            Some("en")
        }

        fn read<'a>(
            &'a self,
            _: &'a Picture,
            language: &'a str,
            layout: Layout,
        ) -> BoxFuture<'a, Result<Reading, OcrError>> {
            assert_eq!((language, layout), ("en", Layout::Line));
            let words = vec![letters(self.0, self.1)];
            async move { Ok(Reading { lines: vec![Line { words, slope: 0. }] }) }.boxed()
        }

        fn turn<'a>(&'a self, _: &'a Picture) -> BoxFuture<'a, Result<Option<Rotation>, OcrError>> {
            async { Ok(None) }.boxed()
        }
    }

    fn letters(text: &str, confidence: u8) -> Vec<Letter> {
        let letter = |(at, ch)| {
            let x = 20. + 22. * at as f32;
            Letter { ch, edges: [x, 30., x + 20., 50.], confidence }
        };
        text.chars().enumerate().map(letter).collect()
    }

    async fn once_more(engine: Sayer, words: &[&str], confidence: u8) -> String {
        let text = words.concat();
        let mut all = letters(&text, confidence).into_iter();
        let words = words.iter().map(|word| all.by_ref().take(word.chars().count()).collect()).collect();
        let mut lines = [Line { words, slope: 0. }];
        let picture = Picture { width: 900, height: 80, grey: vec![230; 900 * 80], dpi: 200. };
        read(&engine, &picture, &mut lines).await.unwrap();
        let said: Vec<String> =
            lines[0].words.iter().map(|word| word.iter().map(|letter| letter.ch).collect()).collect();
        said.join(" ")
    }

    #[tokio::test]
    async fn a_doubtful_code_is_read_as_latin() {
        let right = || Sayer("EV-0054-2890", 98);
        let read = once_more(right(), &["编号", "EV一0O54一289", "0的合同"], 90).await;
        assert_eq!(read, "编号 EV-0054-2890 的合同");
        assert_eq!(once_more(right(), &["EV-0054-2890"], 97).await, "EV-0054-2890", "no doubt");
        assert_eq!(once_more(Sayer("EV-0054-2890", 80), &["EV-O054-2890"], 90).await, "EV-O054-2890");
        assert_eq!(once_more(Sayer("號EV—0054—2890,", 98), &["EV-O054-2890"], 90).await, "EV—0054—2890");
        assert_eq!(once_more(Sayer("of the", 99), &["EV-O054-2890"], 90).await, "EV-O054-2890");
        assert_eq!(once_more(Sayer("EV-0", 99), &["EV-O054-2890"], 90).await, "EV-O054-2890", "too short");
        assert_eq!(once_more(right(), &["原告于2023年12月"], 80).await, "原告于2023年12月", "numbers alone");
    }

    #[test]
    fn a_code_ends_where_other_writing_begins() {
        let found = |text: &str| doubtful(&letters(text, 90));
        assert_eq!(found("编号EV-0054-2890，"), [[2, 14]]);
        assert_eq!(found("一EV-0054-2890一"), [[1, 13]]);
        assert_eq!(found("EV-0054、EV-0055"), [[0, 7], [8, 15]]);
        assert_eq!(found("EV-1 AB 12"), [[0usize; 2]; 0]);
        let mut crushed = letters("EV-0054", 99);
        assert_eq!(doubtful(&crushed), [[0usize; 2]; 0]);
        crushed[6].edges[2] = crushed[6].edges[0] + 1.;
        assert_eq!(doubtful(&crushed), [[0, 7]]);
        let mut apart = letters("EV-0054EV-0055", 90);
        apart[7..]
            .iter_mut()
            .for_each(|letter| letter.edges = [letter.edges[0] + 90., 30., letter.edges[2] + 90., 50.]);
        assert_eq!(doubtful(&apart), [[0, 7], [7, 14]]);
    }
}
