//! The lines of a page: which way they run, how far they extend, which of them form a block.
//!
//! A line runs to the right, or another way on a turned page or in vertical writing. Everything is computed along
//! and across the line, so that it holds for every direction.

use std::ops::Range;

use super::{CharBox, Hit, PageText};
use crate::geometry::{PagePoint, PageRect};

/// How much more a distance across lines counts than the same distance along them.
const LINE_PULL: f32 = 4.;
/// The largest gap between two lines of a block, as a share of their height.
const BLOCK_GAP: f32 = 2.;

/// Which way a line runs on the unrotated page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Right,
    Down,
    Left,
    Up,
}

/// An interval on an axis, `from <= to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub from: f32,
    pub to: f32,
}

impl Extent {
    fn union(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    pub fn length(self) -> f32 {
        self.to - self.from
    }

    pub fn middle(self) -> f32 {
        (self.from + self.to) / 2.
    }

    /// How far outside a value is; 0 inside.
    fn away(self, v: f32) -> f32 {
        (self.from - v).max(v - self.to).max(0.)
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

impl Direction {
    /// A rectangle's extent in the direction.
    pub fn along(self, r: &PageRect) -> Extent {
        match self {
            Self::Right => Extent { from: r.x0, to: r.x1 },
            Self::Down => Extent { from: r.y0, to: r.y1 },
            Self::Left => Extent { from: -r.x1, to: -r.x0 },
            Self::Up => Extent { from: -r.y1, to: -r.y0 },
        }
    }

    /// And across it, the direction in which lines follow each other.
    pub fn across(self, r: &PageRect) -> Extent {
        match self {
            Self::Right => Extent { from: r.y0, to: r.y1 },
            Self::Down => Extent { from: -r.x1, to: -r.x0 },
            Self::Left => Extent { from: -r.y1, to: -r.y0 },
            Self::Up => Extent { from: r.x0, to: r.x1 },
        }
    }

    fn point(self, p: PagePoint) -> (f32, f32) {
        match self {
            Self::Right => (p.x, p.y),
            Self::Down => (p.y, -p.x),
            Self::Left => (-p.x, -p.y),
            Self::Up => (-p.y, p.x),
        }
    }

    /// The rectangle with these extents.
    fn rect(self, along: Extent, across: Extent) -> PageRect {
        match self {
            Self::Right => PageRect::new(along.from, across.from, along.to, across.to),
            Self::Down => PageRect::new(-across.from, along.from, -across.to, along.to),
            Self::Left => PageRect::new(-along.from, -across.from, -along.to, -across.to),
            Self::Up => PageRect::new(across.from, -along.from, across.to, -along.to),
        }
    }

    /// The direction from the first box to the last; `None` when there is only one.
    fn of(boxes: &[PageRect]) -> Option<Self> {
        let (first, last) = (boxes.first()?, boxes.last().filter(|_| boxes.len() > 1)?);
        let (dx, dy) = (last.x0 + last.x1 - first.x0 - first.x1, last.y0 + last.y1 - first.y0 - first.y1);
        Some(match (dx.abs() >= dy.abs(), dx >= 0., dy >= 0.) {
            (true, true, _) => Self::Right,
            (true, false, _) => Self::Left,
            (false, _, true) => Self::Down,
            (false, _, false) => Self::Up,
        })
    }
}

/// A line that has ink.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its characters, without the line end.
    pub range: Range<usize>,
    pub direction: Direction,
    pub along: Extent,
    pub across: Extent,
}

impl Line {
    /// Whether this line follows below another one of the same direction.
    pub fn is_under(&self, above: &Self) -> bool {
        self.direction == above.direction
            && self.across.middle() > above.across.middle()
            && self.across.from >= above.across.middle()
            && self.along.overlaps(above.along)
    }
}

/// All lines in reading order.
pub(super) fn lines(text: &PageText) -> Vec<Line> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (at, ch) in text.text.chars().enumerate() {
        if ch == '\n' {
            ranges.push(start..at);
            start = at + 1;
        }
    }
    ranges.push(start..text.len());
    let inked: Vec<(Range<usize>, Vec<PageRect>)> = ranges
        .into_iter()
        .map(|range| {
            let boxes = &text.boxes[range.clone()];
            (range, boxes.iter().filter(|bounds| bounds.has_ink()).map(CharBox::rect).collect::<Vec<_>>())
        })
        .filter(|(_, boxes)| !boxes.is_empty())
        .collect();
    // A single character takes the direction of the page's longest line.
    let usual = inked
        .iter()
        .max_by_key(|(_, boxes)| boxes.len())
        .and_then(|(_, boxes)| Direction::of(boxes))
        .unwrap_or(Direction::Right);
    inked
        .into_iter()
        .map(|(range, boxes)| {
            let direction = Direction::of(&boxes).unwrap_or(usual);
            let around = boxes.iter().copied().reduce(|a, b| a.union(&b)).unwrap_or_default();
            Line { range, direction, along: direction.along(&around), across: direction.across(&around) }
        })
        .collect()
}

/// The line of a position between two characters.
pub(super) fn line_of(lines: &[Line], place: usize) -> Option<usize> {
    let at = lines.partition_point(|line| line.range.end < place);
    (!lines.is_empty()).then(|| at.min(lines.len() - 1))
}

/// The nearest character of the nearest line of the nearest block.
pub(super) fn hit(text: &PageText, point: PagePoint) -> Option<Hit> {
    let lines = lines(text);
    let mut nearest: Option<(f32, &[Line])> = None;
    for block in lines.chunk_by(|a, b| {
        b.is_under(a) && b.across.from - a.across.to < BLOCK_GAP * a.across.length().max(b.across.length())
    }) {
        let (along, across) = point_of(&block[0], point);
        let whole = |extent: fn(&Line) -> Extent| block.iter().map(extent).reduce(Extent::union);
        let (Some(wide), Some(high)) = (whole(|line| line.along), whole(|line| line.across)) else {
            continue;
        };
        let distance = wide.away(along) + high.away(across) * LINE_PULL;
        if nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, block));
        }
    }
    let (_, block) = nearest?;
    let line = block.iter().min_by(|a, b| {
        let (along, across) = point_of(a, point);
        let far = |line: &Line| line.across.away(across) * 1e3 + line.along.away(along);
        far(a).total_cmp(&far(b))
    })?;
    let (along, _) = point_of(line, point);
    let (index, place) = on_line(text, line, along)?;
    let rect = text.boxes[index].rect();
    Some(Hit { index, place, on: rect.contains(point) })
}

fn point_of(line: &Line, point: PagePoint) -> (f32, f32) {
    line.direction.point(point)
}

/// The character of a line nearest to a distance along it, and the nearest position between characters.
fn on_line(text: &PageText, line: &Line, along: f32) -> Option<(usize, usize)> {
    let inked = line.range.clone().filter(|index| text.boxes[*index].has_ink());
    let extent = |index: usize| line.direction.along(&text.boxes[index].rect());
    let index = inked.min_by(|a, b| extent(*a).away(along).total_cmp(&extent(*b).away(along)))?;
    Some((index, index + usize::from(along > extent(index).middle())))
}

/// Where to draw a caret: a rectangle without thickness. `None` on a page without characters.
pub(super) fn caret(text: &PageText, place: usize) -> Option<PageRect> {
    let lines = lines(text);
    let line = lines.get(line_of(&lines, place)?)?;
    let extent = |index: usize| line.direction.along(&text.boxes[index].rect());
    let mut inked = line.range.clone().filter(|index| text.boxes[*index].has_ink());
    let behind = inked.clone().find(|index| *index >= place).map(|index| extent(index).from);
    let at = behind.or_else(|| inked.rfind(|index| *index < place).map(|index| extent(index).to))?;
    Some(line.direction.rect(Extent { from: at, to: at }, line.across))
}

/// The position on the previous or next line that is as far along as `along`, or else as `place`. Returns the
/// position, `None` beyond the first and the last line, and how far along that is.
pub(super) fn beside(
    text: &PageText,
    place: usize,
    down: bool,
    along: Option<f32>,
) -> (Option<usize>, Option<f32>) {
    let lines = lines(text);
    let Some(at) = line_of(&lines, place) else { return (None, along) };
    let own = || caret(text, place).map(|rect| lines[at].direction.along(&rect).from);
    let along = along.or_else(own);
    let next = if down { at.checked_add(1) } else { at.checked_sub(1) };
    let found = next.and_then(|at| lines.get(at)).and_then(|line| {
        let (_, place) = on_line(text, line, along?)?;
        Some(place)
    });
    (found, along)
}

#[cfg(test)]
mod tests {
    use super::super::{Glyph, TextSource};
    use super::*;

    /// Lines of characters of 10 x 10, each with its first corner and its direction.
    fn page(lines: &[(&str, f32, f32, f32, f32)]) -> PageText {
        let mut glyphs = Vec::new();
        for (line, x, y, dx, dy) in lines {
            for (n, ch) in line.chars().enumerate() {
                let (x, y) = (x + dx * 10. * n as f32, y + dy * 10. * n as f32);
                glyphs.push(Glyph::certain(ch, Some(PageRect::new(x, y, x + 10., y + 10.))));
            }
            glyphs.push(Glyph::certain('\n', None));
        }
        PageText::from_glyphs(TextSource::Pdf, glyphs)
    }

    #[track_caller]
    fn place(text: &PageText, x: f32, y: f32) -> usize {
        hit(text, PagePoint { x, y }).unwrap().place
    }

    #[test]
    fn beside_a_short_line_of_a_column_is_that_line() {
        let text = page(&[
            ("左栏第一行", 0., 0., 1., 0.),
            ("短", 0., 15., 1., 0.),
            ("左栏第三行", 0., 30., 1., 0.),
            ("右栏第一行", 70., 0., 1., 0.),
            ("右栏第二行", 70., 15., 1., 0.),
        ]);
        assert_eq!(place(&text, 45., 20.), 7, "behind the short line, not in the other column");
        assert_eq!(place(&text, 71., 20.), 20);
        assert_eq!(place(&text, 300., 300.), 25);
    }

    #[test]
    fn a_turned_page_has_lines_too() {
        // Upwards, the next line to the right: a page with /Rotate 90.
        let text = page(&[("原告张三", 0., 100., 0., -1.), ("被告李四", 20., 100., 0., -1.)]);
        assert_eq!(place(&text, 5., 94.), 2, "the second character's later half");
        assert_eq!(place(&text, 25., 200.), 5);
        assert_eq!(place(&text, 25., -50.), 9);
        assert_eq!(caret(&text, 5), Some(PageRect::new(20., 110., 30., 110.)));
        // Upside down.
        let text = page(&[("原告张三", 100., 100., -1., 0.), ("被告李四", 100., 80., -1., 0.)]);
        assert_eq!(place(&text, 82., 105.), 3);
        assert_eq!(place(&text, 200., 85.), 5);
    }

    #[test]
    fn a_caret_goes_up_and_down() {
        let text =
            page(&[("原告张三", 0., 0., 1., 0.), ("被告", 0., 20., 1., 0.), ("第三人王", 0., 40., 1., 0.)]);
        let (below, along) = beside(&text, 3, true, None);
        assert_eq!((below, along), (Some(7), Some(30.)));
        assert_eq!(beside(&text, 7, true, along).0, Some(11), "as far along as it was");
        assert_eq!(beside(&text, 11, true, along).0, None);
        assert_eq!(beside(&text, 7, false, None).0, Some(2));
    }
}
