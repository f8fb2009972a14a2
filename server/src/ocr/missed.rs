//! Writing that the engine's analysis of a page has passed over, such as a heading whose letters stand far apart:
//! strips of ink between the lines that were read. They are looked at once more, each as a line.

use super::Picture;

/// Grey values between the paper and what counts as ink.
const CONTRAST: u8 = 60;
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
/// How much farther than the boxes of its letters a line that was read may reach, in heights.
const AROUND: f32 = 0.2;
/// A page with more strips has a picture or a pattern on it.
const MOST: usize = 8;

/// Left, upper, right and lower edge, in pixels.
type Edges = [f32; 4];

/// The strips of a picture outside of the lines that are known, each with the place of its upper left corner.
pub fn strips(picture: &Picture, known: &[Edges]) -> Vec<(Picture, [f32; 2])> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    if width == 0 || picture.grey.len() != width * height {
        return Vec::new();
    }
    let paper = median(&picture.grey);
    let mut rest = picture.grey.clone();
    for [x0, y0, x1, y1] in known {
        let around = AROUND * (y1 - y0);
        let (left, right) = (pixel(x0 - around, width), pixel(x1 + around, width));
        for row in pixel(y0 - around, height)..pixel(y1 + around, height) {
            rest[row * width + left..row * width + right].fill(paper);
        }
    }
    let ink = paper.saturating_sub(CONTRAST);
    let (aside, above) = ((MARGIN * width as f32) as usize, (MARGIN * height as f32) as usize);
    let row = |y: usize| &rest[y * width + aside..(y + 1) * width - aside];
    let inked: Vec<usize> =
        (above..height - above).filter(|y| row(*y).iter().any(|grey| *grey < ink)).collect();
    let gap = (GAP * picture.dpi).max(1.) as usize;
    let mut found = Vec::new();
    for rows in inked.chunk_by(|a, b| b - a <= gap) {
        let (Some(top), Some(last)) = (rows.first(), rows.last()) else { continue };
        let high = last + 1 - top;
        if !(LINE[0] * picture.dpi..=LINE[1] * picture.dpi).contains(&(high as f32)) {
            continue;
        }
        let columns =
            |y: &usize| row(*y).iter().enumerate().filter(|(_, grey)| **grey < ink).map(|(x, _)| x + aside);
        let (Some(left), Some(right)) =
            (rows.iter().flat_map(columns).min(), rows.iter().flat_map(columns).max())
        else {
            continue;
        };
        let filled = rows.iter().flat_map(columns).count() as f32 / (high * (right + 1 - left)) as f32;
        if ((right + 1 - left) as f32) < WIDE * high as f32 || !(FILLED[0]..=FILLED[1]).contains(&filled) {
            continue;
        }
        // The engine wants paper around a line.
        let around = high / 2;
        let (x, y) = (left.saturating_sub(around), top.saturating_sub(around));
        let (x1, y1) = ((right + 1 + around).min(width), (last + 1 + around).min(height));
        // Of a line above or below only this one's own rows are shown.
        let shown = |at: usize| {
            if (*top..=*last).contains(&at) {
                rest[at * width + x..at * width + x1].to_vec()
            } else {
                vec![paper; x1 - x]
            }
        };
        let grey = (y..y1).flat_map(shown).collect();
        let (width, height) = ((x1 - x) as u32, (y1 - y) as u32);
        found.push((Picture { width, height, grey, dpi: picture.dpi }, [x as f32, y as f32]));
    }
    if found.len() > MOST { Vec::new() } else { found }
}

fn pixel(at: f32, length: usize) -> usize {
    (at.max(0.) as usize).min(length)
}

/// The grey value of the paper: more than half of a page is not written on.
fn median(grey: &[u8]) -> u8 {
    let mut counts = [0usize; 256];
    grey.iter().for_each(|grey| counts[usize::from(*grey)] += 1);
    let mut below = 0;
    let middle = counts.iter().position(|count| {
        below += count;
        below > grey.len() / 2
    });
    middle.and_then(|grey| u8::try_from(grey).ok()).unwrap_or(u8::MAX)
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
