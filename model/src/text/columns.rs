//! Vertical writing: PDFium ends a line after nearly every character of a column; this removes those line ends.

use super::CharBox;

/// How far apart two characters of a column may be, or overlap, or be out of line, as a share of their size. Lines
/// of horizontal text are farther apart.
const APART: f32 = 0.15;
const ASIDE: f32 = 0.25;

/// Removes line ends between two characters of one column.
pub(super) fn join(glyphs: &mut Vec<(char, CharBox)>) {
    let kept: Vec<bool> = (0..glyphs.len()).map(|at| !is_inside_column(glyphs, at)).collect();
    let mut kept = kept.into_iter();
    glyphs.retain(|_| kept.next().unwrap_or(true));
}

/// Whether this is a line end between two pieces of the same column.
fn is_inside_column(glyphs: &[(char, CharBox)], at: usize) -> bool {
    if glyphs[at].0 != '\n' {
        return false;
    }
    // The characters with ink of the line before, backwards, and of the line after.
    let line = |(ch, _): &&(char, CharBox)| *ch != '\n';
    let ink = |(_, bounds): &(char, CharBox)| bounds.has_ink().then_some(*bounds);
    let mut before = glyphs[..at].iter().rev().take_while(line).filter_map(ink);
    let mut behind = glyphs[at + 1..].iter().take_while(line).filter_map(ink);
    let (Some(last), Some(first)) = (before.next(), behind.next()) else { return false };
    stacked(&last, &first)
        && before.next().is_none_or(|above| stacked(&above, &last))
        && behind.next().is_none_or(|below| stacked(&first, &below))
}

/// Whether the second is directly under the first.
fn stacked(above: &CharBox, below: &CharBox) -> bool {
    let (a, b) = (above.rect(), below.rect());
    let (wide, high) = (a.width().max(b.width()), a.height().max(b.height()));
    ((a.x0 + a.x1) - (b.x0 + b.x1)).abs() / 2. <= ASIDE * wide && (b.y0 - a.y1).abs() <= APART * high
}
