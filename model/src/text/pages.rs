//! Clean text over several pages: a paragraph that crosses a page break is joined.

use std::ops::Range;

use super::PageText;
use super::lines::{Line, lines};
use super::prose::{goes_on, join, prose as on_page};

/// The longest line that can be a page number, in characters.
const NUMBER: usize = 16;

/// The clean text of ranges of pages, in reading order.
pub(super) fn prose(pages: &[(&PageText, Range<usize>)]) -> String {
    let mut out = String::new();
    let mut before: Option<(&PageText, Range<usize>)> = None;
    for (text, range) in pages {
        let here = on_page(text, range.clone());
        if here.is_empty() {
            continue;
        }
        match before.replace((text, range.clone())) {
            None => out.push_str(&here),
            Some((last, selected)) => match continued(last, &selected, text, range) {
                Some(end) => {
                    // Drop the page number after the last line.
                    let number = on_page(last, end..selected.end);
                    let kept = out.len() - number.len();
                    out.truncate(out[..kept].trim_end().len());
                    join(&mut out, &here);
                    out.push_str(&here);
                }
                None => {
                    out.push('\n');
                    out.push_str(&here);
                }
            },
        }
    }
    out
}

/// Where the last line of a page's running text ends, if its paragraph continues on the next page.
fn continued(
    last: &PageText,
    selected: &Range<usize>,
    next: &PageText,
    range: &Range<usize>,
) -> Option<usize> {
    let (above, below) = (lines(last), lines(next));
    let within = |line: &&Line| line.range.start < selected.end && line.range.end > selected.start;
    let mut ends = above.iter().enumerate().rev().filter(|(_, line)| within(line));
    let (mut at, mut line) = ends.next()?;
    if is_page_number(&last.slice(line.range.clone())) {
        (at, line) = ends.next()?;
    }
    let first = below.first().filter(|first| first.range.start >= range.start)?;
    let whole = line.range.end <= selected.end && first.range.end <= range.end;
    (whole && goes_on(last, &above, at, next, &below)).then_some(line.range.end)
}

/// Whether a line is nothing but a page's number: `- 3 -`, `第3页 共5页`, `3/5`.
fn is_page_number(line: &str) -> bool {
    let number = |ch: char| {
        ch.is_ascii_digit() || ch.is_whitespace() || "-—–－·/第页共，,〇一二三四五六七八九十".contains(ch)
    };
    line.chars().count() <= NUMBER && line.chars().any(|ch| ch.is_ascii_digit()) && line.chars().all(number)
}

#[cfg(test)]
mod tests {
    use super::super::{Glyph, TextSource};
    use super::*;
    use crate::geometry::PageRect;

    /// Lines of characters of 10 x 10, 20 apart, each with its indent.
    fn page(lines: &[(f32, &str)]) -> PageText {
        let mut glyphs = Vec::new();
        for (row, (indent, line)) in lines.iter().enumerate() {
            let y = 50. + 20. * row as f32;
            for (n, ch) in line.chars().enumerate() {
                let x = 50. + indent + 10. * n as f32;
                let ink = (ch != ' ').then(|| PageRect::new(x, y, x + 10., y + 10.));
                glyphs.push(Glyph::certain(ch, ink));
            }
            glyphs.push(Glyph::certain('\n', None));
        }
        PageText::from_glyphs(TextSource::Pdf, glyphs)
    }

    #[track_caller]
    fn check(pages: &[&PageText], expect: &str) {
        let parts: Vec<_> = pages.iter().map(|text| (*text, 0..text.len())).collect();
        assert_eq!(prose(&parts), expect);
    }

    #[test]
    fn a_paragraph_goes_on_over_the_page_number() {
        let first =
            page(&[(20., "原告沈知衡诉称被告云杉岭"), (0., "公司向其借款三百八十万元分五"), (60., "— 1 —")]);
        let second = page(&[(0., "笔交付，至今未还。"), (20., "被告辩称并非如此，请求驳回"), (60., "— 2 —")]);
        check(
            &[&first, &second],
            "原告沈知衡诉称被告云杉岭公司向其借款三百八十万元分五笔交付，至今未还。\n被告辩称并非如此，请求驳回\n— 2 —",
        );
    }

    #[test]
    fn a_paragraph_that_ends_with_the_page_is_kept_apart() {
        let ended = page(&[(20., "原告沈知衡诉称被告云杉岭"), (0., "公司欠款。"), (60., "— 1 —")]);
        let next = page(&[(0., "民事答辩状之正文自此处开始者"), (0., "被告")]);
        check(
            &[&ended, &next],
            "原告沈知衡诉称被告云杉岭公司欠款。\n— 1 —\n民事答辩状之正文自此处开始者被告",
        );
        let full = page(&[(20., "原告沈知衡诉称被告云杉岭"), (0., "公司向其借款三百八十万元分五")]);
        let indented = page(&[(20., "被告辩称并非如此，请求驳"), (0., "回其诉请。")]);
        check(
            &[&full, &indented],
            "原告沈知衡诉称被告云杉岭公司向其借款三百八十万元分五\n被告辩称并非如此，请求驳回其诉请。",
        );
    }

    #[test]
    fn pages_without_text_and_parts_of_pages() {
        let empty = PageText::default();
        let text = page(&[(0., "甲乙丙丁")]);
        assert_eq!(prose(&[(&empty, 0..0), (&text, 1..3), (&empty, 0..0), (&text, 0..1)]), "乙丙\n甲");
        assert_eq!(prose(&[]), "");
    }
}
