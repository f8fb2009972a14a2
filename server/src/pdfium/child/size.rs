//! How large the page of a picture is, in points: by what its file says where that can be believed, else by the paper
//! that its pixels fit. Runs in the child.

use super::density::Density;

/// Longer side of A4.
const A4: f32 = 842.;
/// Longer side of A3, and a little more.
const A3: f32 = 1_230.;
/// PDF pages may not be longer.
const LONGEST: f32 = 14_400.;
/// What programs write that do not know better, in pixels an inch.
const NOBODY_MEANT: [f32; 2] = [72., 96.];
/// Paper: the shorter and the longer side.
const PAPERS: [(f32, f32); 5] = [(842., 1191.), (595., 842.), (420., 595.), (612., 792.), (612., 1008.)];
/// What scanners are set to, in pixels an inch.
const SCANNERS: [f32; 7] = [100., 150., 200., 240., 300., 400., 600.];
/// Scans are a little shorter or longer than the paper.
const NEAR: f32 = 0.03;

/// The page's size in points.
pub fn of(width: u32, height: u32, density: Option<Density>) -> (f32, f32) {
    let (w, h) = (width as f32, height as f32);
    let claim = density.filter(|claim| believable(claim.x) && believable(claim.y));
    let square = density.is_none_or(|claim| (claim.x / claim.y - 1.).abs() < 0.02 || claim.x * claim.y == 0.);
    let meant = claim.filter(|claim| !NOBODY_MEANT.iter().any(|dpi| (claim.x - dpi).abs() < 1. && square));
    if square
        && meant.is_none()
        && let Some(dpi) = scanner(w, h)
    {
        return (w * 72. / dpi, h * 72. / dpi);
    }
    // Where the unit is not told, what looks like a scanner's resolution is one.
    if let Some(Density { x, y, .. }) = claim.filter(|claim| claim.inches || meant.is_some()) {
        let size = (w * 72. / x, h * 72. / y);
        let longest = if meant.is_some() { 2_600. } else { A3 };
        if (100. ..=longest).contains(&size.0.max(size.1)) && size.0.min(size.1) >= 10. {
            return size;
        }
    }
    let stretch = density.map_or(1., |claim| claim.x / claim.y);
    let stretch = if (0.25..=4.).contains(&stretch) { stretch } else { 1. };
    let (w, h) = (w, h * stretch);
    let side = |length: f32| (length * A4 / w.max(h)).clamp(1., LONGEST);
    (side(w), side(h))
}

fn believable(dpi: f32) -> bool {
    (71. ..=2400.).contains(&dpi)
}

/// The resolution at which the picture is a whole sheet of paper.
fn scanner(w: f32, h: f32) -> Option<f32> {
    let (short, long) = (w.min(h), w.max(h));
    let off = |(paper, dpi): ((f32, f32), f32)| {
        let of = |pixels: f32, points: f32| (pixels * 72. / dpi / points - 1.).abs();
        (of(short, paper.0).max(of(long, paper.1)), dpi)
    };
    let all = PAPERS.iter().flat_map(|paper| SCANNERS.iter().map(|dpi| off((*paper, *dpi))));
    all.filter(|(off, _)| *off <= NEAR).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, dpi)| dpi)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inches(x: f32, y: f32) -> Option<Density> {
        Some(Density { x, y, inches: true })
    }

    #[test]
    fn resolution_gives_the_size_when_believable() {
        assert_eq!(of(1654, 2339, inches(200., 200.)), (595.44, 842.04));
        assert_eq!(of(4000, 3000, inches(72., 72.)), (842., 631.5));
        assert_eq!(of(100, 100, inches(1., 1.)), (842., 842.));
        assert_eq!(of(800, 600, inches(96., 96.)), (600., 450.));
    }

    #[test]
    fn paper_is_believed_before_labels_that_nobody_meant() {
        for (w, h, long) in [(1654, 2339, 842.), (3508, 2480, 842.), (2550, 3300, 792.), (3300, 4677, 842.)] {
            for density in [None, inches(72., 72.), inches(96., 96.), inches(72.009, 72.009)] {
                let (width, height) = of(w, h, density);
                assert!((width.max(height) - long).abs() < 4., "{w} x {h}: {width} x {height}");
            }
        }
        // Said by somebody who knew.
        assert_eq!(of(1654, 2339, inches(100., 100.)).1, 1684.08);
        // On no paper, and still not as large as a door.
        assert!(of(1654, 2100, inches(72., 72.)).1 <= 842.);
    }

    #[test]
    fn a_fax_keeps_its_shape() {
        let known = of(600, 400, inches(204., 98.));
        assert!((known.0 / known.1 - 0.7206).abs() < 0.001, "{known:?}");
        assert_eq!(of(600, 400, Some(Density { x: 204., y: 98., inches: false })), known);
        let shape = of(600, 400, Some(Density { x: 2., y: 1., inches: false }));
        assert_eq!(shape, (631.5, 842.));
    }
}
