//! Running headers and footers. Many programs write them after or before everything else; here they are put where
//! they are on the page.

use evolume_model::text::Glyph;

/// How many lines at the end of the text may be headers, or footers at its beginning.
const LINES: usize = 4;
/// A page with fewer other lines has no headers.
const BODY: usize = 3;
/// How far, in points, a header may overlap the line below it.
const OVERLAP: f32 = 1.;

/// Top and bottom of a line in page space; `None` without ink.
fn extent(line: &[Glyph]) -> Option<(f32, f32)> {
    let rects = line.iter().filter_map(|glyph| glyph.rect);
    rects.map(|rect| (rect.y0, rect.y1)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Top and bottom of several lines together.
fn extents<'a>(lines: impl Iterator<Item = &'a Vec<Glyph>>) -> Option<(f32, f32)> {
    lines.filter_map(|line| extent(line)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Moves lines that are above all others but come last to the front, and lines that are below all others but come
/// first to the end.
pub fn in_place(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let is_break = |glyph: &Glyph| matches!(glyph.ch, '\r' | '\n');
    let lines: Vec<Vec<Glyph>> =
        glyphs.split(is_break).filter(|line| !line.is_empty()).map(<[Glyph]>::to_vec).collect();
    if lines.len() < BODY + 1 {
        return glyphs;
    }
    let least = lines.len().saturating_sub(LINES).max(BODY);
    let most = LINES.min(lines.len() - BODY);
    let above = extents(lines[..least].iter()).map(|(top, _)| top + OVERLAP);
    let below = extents(lines[most..].iter()).map(|(_, bottom)| bottom - OVERLAP);
    let (mut heads, mut body, mut feet) = (Vec::new(), Vec::new(), Vec::new());
    let count = lines.len();
    for (at, line) in lines.into_iter().enumerate() {
        let place = extent(&line);
        let is = |edge: Option<f32>, so: fn((f32, f32), f32) -> bool| {
            place.zip(edge).is_some_and(|(place, edge)| so(place, edge))
        };
        if at >= least && is(above, |(_, bottom), edge| bottom <= edge) {
            heads.push(line);
        } else if at < most && is(below, |(top, _), edge| top >= edge) {
            feet.push(line);
        } else {
            body.push(line);
        }
    }
    if heads.is_empty() && feet.is_empty() {
        return glyphs;
    }
    let mut out = Vec::with_capacity(glyphs.len() + 2 * count);
    for line in heads.into_iter().chain(body).chain(feet) {
        if !out.is_empty() {
            out.extend(['\r', '\n'].map(|ch| Glyph::certain(ch, None)));
        }
        out.extend(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use evolume_model::geometry::PageRect;

    /// A text whose lines, in this order, are at these heights.
    fn written(lines: &[(&str, f32)]) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        for (text, y) in lines {
            if !glyphs.is_empty() {
                glyphs.extend(['\r', '\n'].map(|ch| Glyph::certain(ch, None)));
            }
            for (at, ch) in text.chars().enumerate() {
                let x = at as f32 * 10.;
                glyphs.push(Glyph::certain(ch, Some(PageRect::new(x, *y, x + 10., y + 10.))));
            }
        }
        glyphs
    }

    fn read(lines: &[(&str, f32)]) -> String {
        in_place(written(lines)).iter().map(|glyph| glyph.ch).collect::<String>().replace("\r\n", "/")
    }

    #[test]
    fn heads_and_feet_are_read_where_they_stand() {
        let body = [("一", 100.), ("二", 120.), ("三", 140.), ("四", 160.)];
        let last = [&body[..], &[("页眉", 20.), ("第1页", 800.)]].concat();
        assert_eq!(read(&last), "页眉/一/二/三/四/第1页");
        let first = [&[("第1页", 800.), ("页眉", 20.)], &body[..]].concat();
        assert_eq!(read(&first), "页眉/一/二/三/四/第1页");
    }

    #[test]
    fn columns_and_short_pages_stay_as_they_are() {
        let columns = [("左一", 100.), ("左二", 120.), ("左三", 140.), ("右一", 100.), ("右二", 120.)];
        assert_eq!(read(&columns), "左一/左二/左三/右一/右二");
        assert_eq!(read(&[("下", 100.), ("中", 60.), ("上", 20.)]), "下/中/上");
        assert_eq!(in_place(Vec::new()).len(), 0);
    }
}
