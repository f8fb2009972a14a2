//! The numbers in the margin of pleading paper, one beside every line from the top to the bottom of the page. They
//! are there to name a line by, not to be read: in the text they would stand between its words.

use evolume_model::text::Glyph;

/// Pleading paper has 25 to 32 lines.
const LINES: std::ops::RangeInclusive<usize> = 24..=34;
/// Share of the page's width in which the numbers end.
const MARGIN: f32 = 0.2;
/// How much the distances from one number to the next may differ, as a share of the usual one.
const EVEN: f32 = 0.1;
/// Share of the page's height that they cover at least.
const HIGH: f32 = 0.6;
/// So many distances above the first number nothing may stand over the column: else it is one of a table.
const ABOVE: f32 = 1.5;

/// A number by itself: its glyphs and where it stands.
struct Number {
    value: usize,
    glyphs: std::ops::Range<usize>,
    x0: f32,
    x1: f32,
    y: f32,
}

/// Leaves out the numbers of a page's lines, where it has them.
pub fn without_numbers(glyphs: Vec<Glyph>, width: f32, height: f32) -> Vec<Glyph> {
    let numbers: Vec<Number> =
        numbers(&glyphs).into_iter().filter(|number| number.x1 <= MARGIN * width).collect();
    let Some(column) = column(&numbers, height) else { return glyphs };
    if stands_in_text(&glyphs, &column) {
        return glyphs;
    }
    let mut left_out = vec![false; glyphs.len()];
    for number in column {
        left_out[number.glyphs.clone()].fill(true);
        // With the space or the line end that divides it from what follows.
        for (at, out) in left_out.iter_mut().enumerate().skip(number.glyphs.end) {
            if !glyphs[at].ch.is_whitespace() {
                break;
            }
            *out = true;
        }
    }
    let mut left_out = left_out.into_iter();
    glyphs.into_iter().filter(|_| !left_out.next().unwrap_or_default()).collect()
}

/// Digits with white space, or nothing, before and after them.
fn numbers(glyphs: &[Glyph]) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in glyphs.split_inclusive(|glyph| glyph.ch.is_whitespace()) {
        let start = at;
        at += word.len();
        let digits = word.iter().take_while(|glyph| glyph.ch.is_ascii_digit()).count();
        let alone = word.len() == digits || (word.len() == digits + 1 && word[digits].ch.is_whitespace());
        let text: String = word[..digits].iter().map(|glyph| glyph.ch).collect();
        let around = word[..digits].iter().filter_map(|glyph| glyph.rect).reduce(|a, b| a.union(&b));
        if let (true, Ok(value), Some(rect)) = (alone && digits <= 2, text.parse(), around) {
            let y = (rect.y0 + rect.y1) / 2.;
            found.push(Number { value, glyphs: start..start + digits, x0: rect.x0, x1: rect.x1, y });
        }
    }
    found
}

/// The numbers from 1 on, evenly one below the other over most of the page.
fn column(numbers: &[Number], height: f32) -> Option<Vec<&Number>> {
    numbers.iter().filter(|number| number.value == 1).find_map(|first| {
        let mut column = vec![first];
        while let Some(next) = numbers.iter().find(|next| {
            let last = column[column.len() - 1];
            // Aligned at the right or at the left.
            let aligned = (next.x1 - first.x1).abs() < 2. || (next.x0 - first.x0).abs() < 2.;
            next.value == last.value + 1 && next.y > last.y && aligned
        }) {
            column.push(next);
        }
        let step = (column[column.len() - 1].y - first.y) / (column.len() - 1).max(1) as f32;
        let even = column.windows(2).all(|two| (two[1].y - two[0].y - step).abs() <= EVEN * step);
        let high = step * (column.len() - 1) as f32 >= HIGH * height;
        (LINES.contains(&column.len()) && even && high).then_some(column)
    })
}

/// Whether anything else stands in the column or right above it, or to the left of it.
fn stands_in_text(glyphs: &[Glyph], column: &[&Number]) -> bool {
    let (Some(first), Some(last)) = (column.first(), column.last()) else { return true };
    let x1 = column.iter().map(|number| number.x1).fold(f32::MIN, f32::max);
    let step = (last.y - first.y) / (column.len() - 1).max(1) as f32;
    let rows = first.y - ABOVE * step..last.y + step / 2.;
    let own = |at: usize| column.iter().any(|number| number.glyphs.contains(&at));
    glyphs.iter().enumerate().any(|(at, glyph)| {
        glyph.rect.is_some_and(|rect| {
            let within = rect.x0 < x1 && rows.contains(&((rect.y0 + rect.y1) / 2.));
            within && !glyph.ch.is_whitespace() && !own(at)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use evolume_model::geometry::PageRect;

    fn put(glyphs: &mut Vec<Glyph>, text: &str, x: f32, y: f32) {
        for (at, ch) in text.chars().enumerate() {
            let x = x + 6. * at as f32;
            glyphs.push(Glyph::certain(ch, Some(PageRect::new(x, y, x + 6., y + 12.))));
        }
        glyphs.extend(['\r', '\n'].map(|ch| Glyph::certain(ch, None)));
    }

    /// Numbers at the right of 80, 24 points apart, and a line of text beside every second one.
    fn page(count: usize, heading: Option<&str>) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        put(&mut glyphs, "IN THE COURT", 200., 20.);
        if let Some(heading) = heading {
            put(&mut glyphs, heading, 60., 45.);
        }
        for number in 1..=count {
            let text = number.to_string();
            put(&mut glyphs, &text, 80. - 6. * text.len() as f32, 50. + 24. * number as f32);
        }
        for number in (1..=count).step_by(2) {
            put(&mut glyphs, "12 jurors", 110., 50. + 24. * number as f32);
        }
        glyphs
    }

    fn said(glyphs: Vec<Glyph>) -> String {
        let kept = without_numbers(glyphs, 612., 792.);
        kept.iter().map(|glyph| glyph.ch).collect::<String>().replace("\r\n", "/")
    }

    #[test]
    fn the_numbers_of_lines_are_left_out() {
        assert_eq!(said(page(28, None)), format!("IN THE COURT/{}", "12 jurors/".repeat(14)));
    }

    #[test]
    fn other_numbers_stay() {
        let all = |count, heading| {
            let glyphs = page(count, heading);
            let whole: String = glyphs.iter().map(|glyph| glyph.ch).collect();
            assert_eq!(said(glyphs), whole.replace("\r\n", "/"));
        };
        // A list is shorter, and a table says what its numbers are.
        all(12, None);
        all(28, Some("No."));
        let mut marked = page(28, None);
        put(&mut marked, "see", 60., 300.);
        assert!(said(marked).contains("/28/"));
        assert_eq!(said(Vec::new()), "");
    }
}
