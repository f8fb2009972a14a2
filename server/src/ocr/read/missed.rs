//! Writing that the engine's analysis of a page has passed over, such as a heading whose letters stand far apart:
//! strips of ink between the lines that were read. They are looked at once more, each as a line.

use crate::ocr::engine::{Edges, Picture, stretches};

/// Share of the page at each edge that is left out: scanners leave their shadow there.
const MARGIN: f32 = 0.04;
/// How high a line of writing is, in inches: letters of 8 to 50 points.
const LINE: [f32; 2] = [0.09, 0.7];
/// Rows without ink that a character may have in itself, in inches.
const GAP: f32 = 0.02;
/// How wide it is at least, in heights: two characters.
const WIDE: f32 = 1.8;
/// Share of a strip that writing fills: less is a rule or dirt, more a picture.
const FILLED: [f32; 2] = [0.05, 0.6];
/// How much farther than the boxes of its letters a line that was read may reach, in heights (of a column, widths).
const AROUND: f32 = 0.2;
/// A page with more strips has a picture or a pattern on it.
const MOST: usize = 8;

/// The strips of a picture outside of the lines that are known, each with the place of its upper left corner.
pub fn strips(picture: &Picture, known: &[Edges]) -> Vec<(Picture, [f32; 2])> {
    let Some((width, height)) = picture.size() else { return Vec::new() };
    let paper = picture.paper();
    let mut rest = picture.clone();
    for [x0, y0, x1, y1] in known {
        let around = AROUND * (y1 - y0).min(x1 - x0);
        rest.fill([x0 - around, y0 - around, x1 + around, y1 + around], paper);
    }
    let ink = picture.ink();
    let (aside, above) = ((MARGIN * width as f32) as usize, (MARGIN * height as f32) as usize);
    let row = |y: usize| rest.row(y, [aside, width - aside]);
    let gap = (GAP * picture.dpi).max(1.) as usize;
    let inked = (above..height - above).map(|y| row(y).iter().any(|grey| *grey < ink));
    let mut found = Vec::new();
    for [top, bottom] in stretches(inked, gap - 1).into_iter().map(|rows| rows.map(|y| y + above)) {
        let high = bottom - top;
        if !(LINE[0] * picture.dpi..=LINE[1] * picture.dpi).contains(&(high as f32)) {
            continue;
        }
        let columns =
            |y: usize| row(y).iter().enumerate().filter(|(_, grey)| **grey < ink).map(|(x, _)| x + aside);
        let all = (top..bottom).flat_map(columns);
        let (Some(left), Some(right)) = (all.clone().min(), all.clone().max()) else { continue };
        let filled = all.count() as f32 / (high * (right + 1 - left)) as f32;
        if ((right + 1 - left) as f32) < WIDE * high as f32 || !(FILLED[0]..=FILLED[1]).contains(&filled) {
            continue;
        }
        // The engine wants paper around a line.
        let around = high / 2;
        let (x, y) = (left.saturating_sub(around), top.saturating_sub(around));
        let (x1, y1) = ((right + 1 + around).min(width), (bottom + around).min(height));
        // Of a line above or below only this one's own rows are shown.
        let shown = |at: usize| {
            if (top..bottom).contains(&at) { rest.row(at, [x, x1]).to_vec() } else { vec![paper; x1 - x] }
        };
        let grey = (y..y1).flat_map(shown).collect();
        let (width, height) = ((x1 - x) as u32, (y1 - y) as u32);
        found.push((Picture { width, height, grey, dpi: picture.dpi }, [x as f32, y as f32]));
    }
    if found.len() > MOST { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 8 by 10 inches with dark blocks as high as characters, at 100 dots an inch.
    fn page(blocks: &[[usize; 4]]) -> Picture {
        let (width, height) = (800, 1000);
        let mut grey = vec![230; width * height];
        for [x0, y0, x1, y1] in blocks {
            for y in *y0..*y1 {
                // Strokes, not a picture.
                (*x0..*x1).filter(|x| x % 4 < 2).for_each(|x| grey[y * width + x] = 20);
            }
        }
        Picture { width: 800, height: 1000, grey, dpi: 100. }
    }

    fn places(picture: &Picture, known: &[Edges]) -> Vec<[f32; 2]> {
        strips(picture, known).into_iter().map(|(_, place)| place).collect()
    }

    #[test]
    fn what_no_line_covers_is_a_strip_with_paper_around_it() {
        let page = page(&[[300, 200, 320, 220], [340, 200, 360, 220], [100, 300, 400, 320]]);
        let found = strips(&page, &[[102., 302., 398., 318.]]);
        let [(strip, place)] = found.as_slice() else { panic!("{} strips", found.len()) };
        assert_eq!((*place, strip.width, strip.height), ([290., 190.], 78, 40));
        assert_eq!(strip.grey.iter().filter(|grey| **grey == 20).count(), 2 * 10 * 20);
        assert_eq!(places(&page, &[]), [[290., 190.], [90., 290.]]);
    }

    #[test]
    fn rules_pictures_single_characters_and_shadows_are_none() {
        let rule = [100, 100, 700, 102];
        let tall = [100, 200, 700, 300];
        let single = [100, 400, 120, 420];
        let shadow = [0, 500, 30, 520];
        assert_eq!(places(&page(&[rule, tall, single, shadow]), &[]), [[0.; 2]; 0]);
        let solid = Picture { grey: vec![20; 800 * 1000], ..page(&[]) };
        assert_eq!(places(&solid, &[]), [[0.; 2]; 0]);
        let pattern: Vec<[usize; 4]> = (2..20).map(|n| [100, 45 * n, 700, 45 * n + 20]).collect();
        assert_eq!(places(&page(&pattern), &[]), [[0.; 2]; 0]);
        assert_eq!(places(&page(&pattern[..8]), &[]).len(), 8);
    }

    #[test]
    fn a_picture_without_its_pixels_has_none() {
        assert_eq!(places(&Picture { width: 10, height: 10, ..Picture::default() }, &[]), [[0.; 2]; 0]);
    }
}
