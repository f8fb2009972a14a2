//! What a page says by itself, such as the stamp over a scan, and what was read beside it: one text, in which
//! nothing is said twice and everything stands where it stands on the page.

use evolume_model::geometry::{PageFrame, PageRect};
use evolume_model::text::{Glyph, PageText, TextSource, is_chinese};
use evolume_model::volume::TextOrigin;

/// How far a letter's middle may lie beside a given character that it repeats, in heights of that character.
const BESIDE: f32 = 0.3;
/// How much smaller or larger the letter may be; under a watermark other things are written.
const SIZES: std::ops::Range<f32> = 0.4..2.5;
/// A word of which a smaller share is left has been given already.
const LEFT: f32 = 0.5;
/// The PDF's own characters are certain.
const CERTAIN: u8 = 100;

/// The page's text: what it says itself, and the lines that were read, without what they repeat.
pub fn with(given: PageText, read: Vec<Vec<Glyph>>, frame: PageFrame) -> (PageText, Option<TextOrigin>) {
    let known: Vec<PageRect> =
        given.glyphs().filter(|glyph| !glyph.ch.is_whitespace()).filter_map(|glyph| glyph.rect).collect();
    let read = read.into_iter().map(|line| without(line, &known)).filter(|line| !line.is_empty());
    let read: Vec<Vec<Glyph>> = read.collect();
    let origin = match (given.is_empty(), read.is_empty()) {
        (true, true) => None,
        (true, false) => Some(TextOrigin::Ocr),
        (false, true) => return (given, Some(TextOrigin::Pdf)),
        (false, false) => Some(TextOrigin::Both),
    };
    let certain = |glyph| Glyph { confidence: Some(CERTAIN), ..glyph };
    let given: Vec<Glyph> = given.glyphs().map(certain).collect();
    let given: Vec<&[Glyph]> =
        given.split(|glyph| glyph.ch == '\n').filter(|line| !line.is_empty()).collect();
    let read: Vec<&[Glyph]> = read.iter().map(Vec::as_slice).collect();
    let lines = in_order(given, read, frame);
    let mut glyphs = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        glyphs.extend((at > 0).then(|| Glyph::certain('\n', None)));
        glyphs.extend_from_slice(line);
    }
    (PageText::from_glyphs(TextSource::Ocr, glyphs), origin)
}

/// A line without the letters that stand where given characters do, and without what is left of their words.
fn without(line: Vec<Glyph>, known: &[PageRect]) -> Vec<Glyph> {
    let repeats =
        |glyph: &Glyph| glyph.rect.is_some_and(|letter| known.iter().any(|rect| is_same(&letter, rect)));
    let mut kept: Vec<Glyph> = Vec::new();
    for word in line.split_inclusive(|glyph| glyph.ch == ' ') {
        let letters = word.iter().filter(|glyph| glyph.rect.is_some()).count();
        let new: Vec<Glyph> = word.iter().filter(|glyph| !repeats(glyph)).copied().collect();
        let left = new.iter().filter(|glyph| glyph.rect.is_some()).count();
        // Chinese has no words: what is left there stands for itself.
        let whole = left as f32 >= LEFT * letters as f32 || new.iter().any(|glyph| is_chinese(glyph.ch));
        if left > 0 && whole {
            kept.extend(new);
        }
    }
    while kept.last().is_some_and(|glyph| glyph.ch == ' ') {
        kept.pop();
    }
    kept
}

fn is_same(letter: &PageRect, given: &PageRect) -> bool {
    let side = given.height().min(given.width().max(given.height() / 2.));
    let around = BESIDE * side;
    let (x, y) = ((letter.x0 + letter.x1) / 2., (letter.y0 + letter.y1) / 2.);
    let size = letter.height().max(letter.width()) / given.height().max(given.width()).max(0.1);
    SIZES.contains(&size)
        && (given.x0 - around..given.x1 + around).contains(&x)
        && (given.y0 - around..given.y1 + around).contains(&y)
}

/// Every given line before the first that was read and lies lower, as the page is held to read it.
fn in_order<'a>(given: Vec<&'a [Glyph]>, read: Vec<&'a [Glyph]>, frame: PageFrame) -> Vec<&'a [Glyph]> {
    let middle = |line: &[Glyph]| {
        let rects = line.iter().filter_map(|glyph| glyph.rect);
        let around = rects.reduce(|a, b| a.union(&b))?;
        let [_, y, _, height] = frame.rect_to_view(&around);
        Some(y + height / 2.)
    };
    let heights: Vec<Option<f64>> = read.iter().map(|line| middle(line)).collect();
    let place = |line: &[Glyph]| {
        let at = middle(line);
        let below = heights.iter().position(|height| height.zip(at).is_some_and(|(height, at)| height > at));
        below.unwrap_or(read.len())
    };
    let mut placed: Vec<(usize, &[Glyph])> = given.into_iter().map(|line| (place(line), line)).collect();
    // Those for one place stay in their order.
    placed.sort_by_key(|(at, _)| *at);
    let mut placed = placed.into_iter().peekable();
    let mut lines = Vec::new();
    for (at, line) in read.iter().enumerate() {
        while let Some((_, given)) = placed.next_if(|(place, _)| *place <= at) {
            lines.push(given);
        }
        lines.push(*line);
    }
    lines.extend(placed.map(|(_, line)| line));
    lines
}

#[cfg(test)]
mod tests {
    use evolume_model::geometry::{PageSize, Rotation, ViewPoint};

    use super::*;

    /// Characters of 10 points beside each other.
    fn line(text: &str, x: f32, y: f32, confidence: Option<u8>) -> Vec<Glyph> {
        let glyph = |(at, ch)| {
            let x = x + 10. * at as f32;
            let rect = (ch != ' ').then(|| PageRect::new(x, y, x + 10., y + 10.));
            Glyph { ch, rect, confidence: rect.and(confidence) }
        };
        text.chars().enumerate().map(glyph).collect()
    }

    fn given(lines: &[(&str, f32, f32)]) -> PageText {
        let mut glyphs = Vec::new();
        for (text, x, y) in lines {
            glyphs.extend(line(text, *x, *y, None));
            glyphs.push(Glyph::certain('\n', None));
        }
        PageText::from_glyphs(TextSource::Pdf, glyphs)
    }

    fn merged(own: &[(&str, f32, f32)], read: &[(&str, f32, f32)]) -> (String, Option<TextOrigin>) {
        let frame = PageFrame {
            size: PageSize { width: 600., height: 800. },
            rotation: Rotation::None,
            origin: ViewPoint::default(),
            scale: 2.,
        };
        let read = read.iter().map(|(text, x, y)| line(text, *x, *y, Some(96))).collect();
        let (text, origin) = with(given(own), read, frame);
        (text.as_str().replace('\n', "/"), origin)
    }

    #[test]
    fn a_stamp_stands_in_its_place_and_once() {
        let own = [("Filed 08/31/22", 100., 20.), ("Page 3", 500., 780.)];
        let read = [
            ("Fi1ed 08/31/22", 101., 21.),
            ("原告张三", 100., 100.),
            ("被告李四", 100., 120.),
            ("Page 8", 500., 781.),
        ];
        assert_eq!(
            merged(&own, &read),
            ("Filed 08/31/22/原告张三/被告李四/Page 3".into(), Some(TextOrigin::Both))
        );
    }

    #[test]
    fn beside_a_stamp_on_one_line_the_rest_is_kept() {
        let own = [("核对", 290., 100.)];
        let read = [("原告与被告 核对 签字", 230., 100.)];
        assert_eq!(merged(&own, &read).0, "原告与被告 签字/核对");
        // Under a watermark other things are written.
        let mut glyphs = line("机", 100., 100., None);
        glyphs[0].rect = Some(PageRect::new(100., 100., 300., 300.));
        let read = vec![line("原告", 150., 150., Some(96))];
        let frame = PageFrame {
            size: PageSize { width: 600., height: 800. },
            rotation: Rotation::None,
            origin: ViewPoint::default(),
            scale: 1.,
        };
        let (text, origin) = with(PageText::from_glyphs(TextSource::Pdf, glyphs), read, frame);
        assert_eq!((text.as_str().len(), origin), ("机\n原告".len(), Some(TextOrigin::Both)));
        assert_eq!((text.confidence(0), text.source()), (Some(96), TextSource::Ocr));
    }

    #[test]
    fn one_side_alone_is_what_it_is() {
        let own = [("Page 3", 500., 780.)];
        assert_eq!(merged(&own, &[("Page 3", 500., 780.)]), ("Page 3".into(), Some(TextOrigin::Pdf)));
        assert_eq!(merged(&[], &[("原告", 0., 0.)]), ("原告".into(), Some(TextOrigin::Ocr)));
        assert_eq!(merged(&[], &[]), (String::new(), None));
    }
}
