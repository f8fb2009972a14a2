//! Clean text: what somebody would type who copies the page by hand. Line ends inside a paragraph are removed,
//! paragraphs kept, table cells separated by tabs, and no spaces left between Chinese characters.

use std::ops::Range;

use super::lines::{Extent, Line, lines};
use super::{PageText, is_chinese};

/// A gap this wide, in ems, is a space even between Chinese characters.
const WORD_GAP: f32 = 0.9;
/// A gap this wide, in ems, separates columns.
const CELL_GAP: f32 = 1.8;
/// How far from the edge a full line may end, in ems.
const EDGE: f32 = 0.3;
/// A line that begins this far from the edge, in ems, is indented.
const INDENT: f32 = 0.8;
/// How far apart two lines of a paragraph may be, as a multiple of the usual distance.
const LOOSE: f32 = 1.35;

/// How two lines are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    /// Nothing: they are one paragraph.
    Same,
    /// Cells of one row.
    Cell,
    Paragraph,
}

/// The clean text of a range of characters.
pub(super) fn prose(text: &PageText, range: Range<usize>) -> String {
    let chars: Vec<char> = text.as_str().chars().collect();
    let lines = lines(text);
    let joints = joints(text, &chars, &lines);
    let mut out = String::new();
    let mut before: Option<usize> = None;
    for (at, line) in lines.iter().enumerate() {
        let part = line.range.start.max(range.start)..line.range.end.min(range.end);
        if part.is_empty() {
            continue;
        }
        let line = clean(text, &chars, line, part);
        if line.is_empty() {
            continue;
        }
        match before.map(|before| if before + 1 == at { joints[before] } else { Joint::Paragraph }) {
            None => {}
            Some(Joint::Paragraph) => out.push('\n'),
            Some(Joint::Cell) => out.push('\t'),
            Some(Joint::Same) => join(&mut out, &line),
        }
        before = Some(at);
        out.push_str(&line);
    }
    out
}

/// Adds the space before a line that continues a paragraph, or removes the hyphen of a broken word.
pub(super) fn join(out: &mut String, line: &str) {
    let (Some(last), Some(next)) = (out.chars().next_back(), line.chars().next()) else { return };
    let lower = |ch: char| ch.is_lowercase();
    if last == '-' {
        // Between lower-case letters it breaks a word; other hyphens are part of a number or a name.
        if out.chars().rev().nth(1).is_some_and(lower) && lower(next) {
            out.pop();
        }
    } else if !is_wide(last) && !is_wide(next) && !last.is_whitespace() {
        out.push(' ');
    }
}

/// The characters of a line, with white space only where it has a meaning.
fn clean(text: &PageText, chars: &[char], line: &Line, part: Range<usize>) -> String {
    let em = line.across.length();
    let extent = |at: usize| text.boxes[at].has_ink().then(|| line.direction.along(&text.boxes[at].rect()));
    let mut out = String::new();
    // The last character that is not a space, and where it ends.
    let mut last: Option<(char, Option<Extent>)> = None;
    let mut spaced = false;
    for at in part {
        let ch = chars[at];
        // An ideographic space is there on purpose.
        if ch.is_whitespace() && ch != '\u{3000}' {
            spaced = true;
            continue;
        }
        if let Some((before, ended)) = last.filter(|_| spaced) {
            let gap = match (ended, extent(at)) {
                (Some(ended), Some(begins)) => begins.from - ended.to,
                _ => 0.,
            };
            let wide = match (is_wide(before), is_wide(ch)) {
                (true, true) => gap > WORD_GAP * em,
                (false, false) => true,
                _ => gap > WORD_GAP / 2. * em,
            };
            if gap > CELL_GAP * em {
                out.push('\t');
            } else if wide {
                out.push(' ');
            }
        }
        out.push(ch);
        (last, spaced) = (Some((ch, extent(at))), false);
    }
    out
}

/// Characters without spaces between them: Chinese and its punctuation.
fn is_wide(ch: char) -> bool {
    is_chinese(ch)
        || matches!(ch, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '①'..='⓿')
}

/// How each line is separated from the next one.
fn joints(text: &PageText, chars: &[char], lines: &[Line]) -> Vec<Joint> {
    let mut joints = vec![Joint::Paragraph; lines.len()];
    let mut start = 0;
    // Lines that follow each other downwards are a column of text.
    for column in lines.chunk_by(|a, b| b.is_under(a)) {
        let (left, right) = edges(column);
        let pitch = pitch(column);
        for (at, pair) in column.windows(2).enumerate() {
            let [above, below] = pair else { continue };
            let em = above.across.length().max(below.across.length());
            let near = below.across.middle() - above.across.middle() <= LOOSE * pitch;
            let alike = above.across.length().min(below.across.length()) > 0.7 * em;
            let full = above.along.to + unit(text, chars, below) > right - EDGE * em;
            let flush = below.along.from - left < INDENT * em;
            let rows = is_row(text, chars, above) || is_row(text, chars, below);
            if near && alike && full && flush && !rows {
                joints[start + at] = Joint::Same;
            }
        }
        start += column.len();
    }
    for (at, pair) in lines.windows(2).enumerate() {
        let [before, behind] = pair else { continue };
        let beside = before.direction == behind.direction
            && behind.along.from >= before.along.to
            && (before.across.middle() - behind.across.middle()).abs() < before.across.length() / 2.;
        if beside {
            joints[at] = Joint::Cell;
        }
    }
    joints
}

/// Whether the paragraph of a line continues with the first line of the next page.
pub(super) fn goes_on(last: &PageText, above: &[Line], at: usize, next: &PageText, below: &[Line]) -> bool {
    let chars = |text: &PageText| text.as_str().chars().collect::<Vec<char>>();
    let (last_chars, next_chars) = (chars(last), chars(next));
    let (Some(line), Some(first)) = (above.get(at), below.first()) else { return false };
    // The column that ends with the line, and the column that begins the next page. The page number is in neither.
    let from = (1..=at).rev().find(|at| !above[*at].is_under(&above[at - 1])).unwrap_or(0);
    let to = (1..below.len()).find(|at| !below[*at].is_under(&below[at - 1])).unwrap_or(below.len());
    // A single line does not show how long a full line is.
    if from == at {
        return false;
    }
    let (edge, right) = edges(&above[from..=at]);
    let left = edges(&below[..to]).0.min(edge);
    let em = line.across.length().max(first.across.length());
    let alike = line.direction == first.direction
        && line.across.length().min(first.across.length()) > 0.7 * em
        && line.range.len() > 1;
    let full = line.along.to + unit(next, &next_chars, first) > right - EDGE * em;
    let flush = first.along.from - left < INDENT * em;
    alike && full && flush && !is_row(last, &last_chars, line) && !is_row(next, &next_chars, first)
}

/// Whether a line has gaps so wide that it is a row of cells rather than running text.
fn is_row(text: &PageText, chars: &[char], line: &Line) -> bool {
    let inked = line.range.clone().filter(|at| !chars[*at].is_whitespace() && text.boxes[*at].has_ink());
    let mut last: Option<f32> = None;
    inked.map(|at| line.direction.along(&text.boxes[at].rect())).any(|extent| {
        let gap = last.replace(extent.to).map_or(0., |ended| extent.from - ended);
        gap > WORD_GAP * line.across.length()
    })
}

/// Where a column's lines begin and end: the outermost edges that more than one line has.
fn edges(column: &[Line]) -> (f32, f32) {
    let em = column[0].across.length();
    let outermost = |edges: Vec<f32>| {
        let shared = |edge: &f32| edges.iter().filter(|other| (*other - edge).abs() < em).count() > 1;
        let all = edges.iter().copied().reduce(f32::min).unwrap_or_default();
        edges.iter().copied().filter(shared).reduce(f32::min).unwrap_or(all)
    };
    let left = outermost(column.iter().map(|line| line.along.from).collect());
    let right = -outermost(column.iter().map(|line| -line.along.to).collect());
    (left, right)
}

/// The usual distance between two lines.
fn pitch(column: &[Line]) -> f32 {
    let mut all: Vec<f32> =
        column.windows(2).map(|pair| pair[1].across.middle() - pair[0].across.middle()).collect();
    all.sort_by(f32::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// Length of what cannot be broken at the start of a line: a word, or a character with its punctuation.
fn unit(text: &PageText, chars: &[char], line: &Line) -> f32 {
    let mut end = line.range.start;
    for at in line.range.clone() {
        let ch = chars[at];
        let punctuation = !ch.is_alphanumeric() && !ch.is_whitespace();
        if at > line.range.start && (ch.is_whitespace() || is_wide(ch) && !punctuation) {
            break;
        }
        end = at + 1;
        let next = chars.get(end).is_some_and(|next| next.is_alphanumeric());
        if is_wide(ch) && !punctuation && next {
            break;
        }
    }
    let boxes = text.boxes[line.range.start..end].iter().filter(|bounds| bounds.has_ink());
    let extents = boxes.map(|bounds| line.direction.along(&bounds.rect()));
    extents.map(|extent| extent.to).reduce(f32::max).map_or(0., |to| to - line.along.from)
}

#[cfg(test)]
mod tests {
    use super::super::{Glyph, TextSource};
    use super::*;
    use crate::geometry::PageRect;
    use proptest::prelude::*;

    /// Lines 20 points apart. A Chinese character is 10 wide, a Latin one 5, `_` a space of 10, ` ` one of 2.5.
    fn page(lines: &[&str]) -> PageText {
        let mut glyphs = Vec::new();
        for (row, line) in lines.iter().enumerate() {
            let (mut x, y) = (50., 50. + 20. * row as f32);
            for ch in line.chars() {
                let (ch, width, ink) = match ch {
                    '_' => (' ', 10., false),
                    ' ' => (' ', 2.5, false),
                    ch => (ch, if is_wide(ch) { 10. } else { 5. }, true),
                };
                glyphs.push(Glyph::certain(ch, ink.then(|| PageRect::new(x, y, x + width, y + 10.))));
                x += width;
            }
            glyphs.push(Glyph::certain('\n', None));
        }
        PageText::from_glyphs(TextSource::Pdf, glyphs)
    }

    #[track_caller]
    fn check(lines: &[&str], expect: &str) {
        let text = page(lines);
        assert_eq!(text.prose(0..text.len()), expect);
    }

    #[test]
    fn lines_of_a_paragraph_are_joined_and_paragraphs_kept() {
        check(
            &[
                "__原告：沈知衡，男，住北京市云岭区",
                "松风路 18 号院 6 号楼 2 单元，联系电话",
                "未提供。",
                "__被告：北京云杉岭木业有限公司，住",
                "所地北京市云岭区。",
            ],
            "原告：沈知衡，男，住北京市云岭区松风路18号院6号楼2单元，联系电话未提供。\n\
             被告：北京云杉岭木业有限公司，住所地北京市云岭区。",
        );
    }

    #[test]
    fn spaces_go_between_chinese_characters_only() {
        check(&["民 事 起 诉 状"], "民事起诉状");
        check(&["审　判　长_苏砚秋"], "审　判　长 苏砚秋");
        check(&["Evolume reads 卷宗 well"], "Evolume reads卷宗well");
    }

    #[test]
    fn latin_lines_are_joined_by_a_space_and_broken_words_mended() {
        check(
            &["The judgment of the first in\u{fffe}", "stance was appealed by the", "defendant."],
            "The judgment of the first instance was appealed by the defendant.",
        );
        check(&["Contract number of YSL-JK\u{fffe}", "2021-003."], "Contract number of YSL-JK-2021-003.");
    }

    #[test]
    fn columns_of_a_table_are_parted_by_tabs() {
        check(
            &["笔次__本金__起息日", "2__800,000__2021.03.22"],
            "笔次\t本金\t起息日\n2\t800,000\t2021.03.22",
        );
    }

    #[test]
    fn a_part_of_a_line_is_only_that_part() {
        let text = page(&["原告甲乙丙", "丁戊"]);
        assert_eq!(text.prose(2..7), "甲乙丙丁");
        assert_eq!(text.prose(5..5), "");
    }

    proptest! {
        #[test]
        fn every_character_but_spaces_and_hyphens_stays(lines in proptest::collection::vec("[原告a-c ，_]{0,20}", 0..6),
                                                        from in 0usize..60, to in 0usize..80) {
            let text = page(&lines.iter().map(String::as_str).collect::<Vec<_>>());
            let (from, to) = (from.min(text.len()), to.min(text.len()));
            let kept = |s: &str| s.chars().filter(|ch| !ch.is_whitespace() && *ch != '-').collect::<String>();
            if from <= to {
                prop_assert_eq!(kept(&text.prose(from..to)), kept(&text.slice(from..to)));
            }
        }
    }
}
