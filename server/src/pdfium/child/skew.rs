//! How far the lines of a scanned page lean, and setting them straight. Runs in the child.

use image::{GrayImage, Luma, imageops};

use crate::pdfium::protocol::unstraightened;

/// Width at which the lines are looked at; they are still apart there.
const WIDTH: u32 = 600;
/// Lines lean no more than this, in degrees; what leans farther is no skewed page.
const LARGEST: f32 = 12.;
const COARSE: f32 = 0.5;
const FINE: f32 = 0.1;
/// Grey values between the paper and what counts as ink.
const CONTRAST: u8 = 40;
/// Share of the page at each edge that is left out: scanners leave their shadow there.
const MARGIN: f32 = 0.04;
/// By how much the lines must stand out at the angle that is found, compared with none.
const CLEARER: f64 = 1.05;
/// Fewer dark points than this are no text.
const LEAST_INK: usize = 25;

/// What the dark points of a page tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slant {
    /// Degrees clockwise by which the lines lean.
    pub degrees: f32,
    /// There is hardly anything on the page.
    pub blank: bool,
}

/// Finds the angle at which the page's rows of ink and of paper are told apart best.
pub fn estimate(image: &GrayImage) -> Slant {
    let width = WIDTH.min(image.width()).max(1);
    let height = (image.height() * width / image.width().max(1)).clamp(1, 8 * WIDTH);
    let small = imageops::thumbnail(image, width, height);
    let points = ink(&small);
    if points.len() < LEAST_INK {
        return Slant { degrees: 0., blank: true };
    }
    let score = |degrees: f32| sharpness(&points, width, height, degrees);
    let best = |angles: &mut dyn Iterator<Item = f32>| {
        angles.map(|angle| (score(angle), angle)).max_by(|a, b| a.0.total_cmp(&b.0))
    };
    let steps = (LARGEST / COARSE) as i32;
    let Some((_, around)) = best(&mut (-steps..=steps).map(|step| step as f32 * COARSE)) else {
        return Slant::default();
    };
    let fine = (COARSE / FINE) as i32;
    let found = best(&mut (-fine..=fine).map(|step| around + step as f32 * FINE));
    let degrees = match found {
        // Best at the end of the range: a photograph's shadow, not lines.
        Some((clear, degrees)) if clear > CLEARER * score(0.) && around.abs() < LARGEST => {
            (degrees * 10.).round() / 10.
        }
        _ => 0.,
    };
    Slant { degrees, blank: false }
}

/// The dark points, without the edges.
fn ink(image: &GrayImage) -> Vec<(f32, f32)> {
    let mut counts = [0u32; 256];
    image.pixels().for_each(|pixel| counts[usize::from(pixel.0[0])] += 1);
    let half = image.pixels().len() as u32 / 2;
    let mut below = 0;
    let paper = counts.iter().position(|count| {
        below += count;
        below > half
    });
    let limit = u8::try_from(paper.unwrap_or(255)).unwrap_or(255).saturating_sub(CONTRAST);
    let (w, h) = (image.width() as f32, image.height() as f32);
    let inside = |at: f32, length: f32| at > MARGIN * length && at < (1. - MARGIN) * length;
    let dark = image.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] < limit);
    dark.map(|(x, y, _)| (x as f32, y as f32)).filter(|(x, y)| inside(*x, w) && inside(*y, h)).collect()
}

/// How much neighbouring rows differ when they are laid at this angle.
fn sharpness(points: &[(f32, f32)], width: u32, height: u32, degrees: f32) -> f64 {
    let slope = degrees.to_radians().tan();
    let middle = width as f32 / 2.;
    let mut rows = vec![0i64; height as usize];
    let last = rows.len() - 1;
    for (x, y) in points {
        let row = (y - slope * (x - middle)).round().max(0.) as usize;
        rows[row.min(last)] += 1;
    }
    rows.windows(2).map(|pair| ((pair[1] - pair[0]) * (pair[1] - pair[0])) as f64).sum()
}

/// The picture turned back by so many degrees, in the same frame; what comes in from outside is white.
pub fn straighten(image: &GrayImage, degrees: f32) -> GrayImage {
    let size = image.dimensions();
    GrayImage::from_fn(size.0, size.1, |x, y| {
        let (x, y) = unstraightened(x as f32 + 0.5, y as f32 + 0.5, size, degrees);
        let value = imageops::interpolate_bilinear(image, x - 0.5, y - 0.5);
        value.unwrap_or(Luma([255]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of dashes that lean by so many degrees.
    fn page(degrees: f32) -> GrayImage {
        let slope = degrees.to_radians().tan();
        GrayImage::from_fn(900, 1200, |x, y| {
            let along = y as f32 - slope * (x as f32 - 450.);
            let text = along.rem_euclid(40.) < 16. && x % 24 < 18;
            let inside = (120..780).contains(&x) && (150..1050).contains(&y);
            Luma([if text && inside { 40 } else { 235 }])
        })
    }

    #[test]
    fn the_slant_is_found_and_undone() {
        for degrees in [-6.3, -1.2, 0., 0.4, 3., 10.] {
            let page = page(degrees);
            let found = estimate(&page);
            assert!((found.degrees - degrees).abs() <= 0.25, "{degrees}: {found:?}");
            let rest = estimate(&straighten(&page, found.degrees));
            assert!(rest.degrees.abs() <= 0.3, "{degrees}: {rest:?}");
        }
    }

    #[test]
    fn what_leans_beyond_the_range_is_left_as_it_is() {
        for degrees in [-13., 15.] {
            assert_eq!(estimate(&page(degrees)).degrees, 0.);
        }
    }

    #[test]
    fn an_empty_page_is_blank() {
        assert!(estimate(&GrayImage::from_pixel(900, 1200, Luma([240]))).blank);
        assert!(estimate(&GrayImage::new(1, 1)).blank);
    }

    #[test]
    fn a_point_of_the_straight_picture_is_found_on_the_page() {
        let (x, y) = unstraightened(100., 50., (200, 100), 90.);
        assert!((x - 100.).abs() < 1e-3 && (y - 50.).abs() < 1e-3);
        let (x, y) = unstraightened(150., 50., (200, 100), 90.);
        assert!((x - 100.).abs() < 1e-3 && (y - 100.).abs() < 1e-3, "{x} {y}");
    }
}
