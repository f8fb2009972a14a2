//! A page as a grey picture for OCR, upright, straight and at its scan's own resolution. Runs in the child.

use evolume_model::code::Code;
use evolume_model::geometry::Rotation;
use image::{GrayImage, Luma, RgbaImage, imageops};
use pdfium_render::prelude::*;

use super::pdf::{self, Document};
use super::skew;
use crate::pdfium::protocol::ScanData;
use crate::refusal::Refusal;

/// Pixels an inch of pages that are not scans, and of scans finer than [`FINEST`].
const USUAL: f32 = 300.;
const FINEST: f32 = 350.;
/// Coarser scans are shown twice as large: characters of 20 pixels are read best.
const COARSEST: f32 = 150.;
/// An image that covers less of the page is no scan of it.
const COVERS: f32 = 0.3;
/// A larger picture is made coarser.
const PIXELS: f32 = 40e6;
/// Lines that lean less are read as they are: turning them would only blur them.
const STRAIGHT: f32 = 2.;
/// How far the red of red ink lies above its green and blue.
const RED: u8 = 40;
/// Share of red pixels from which there is a stamp or red print on the page.
const STAMPED: f32 = 0.001;

/// Points of A4's longer side. A page longer than A3's is believed to be of A4: what labelled it did not know better.
const A4: f32 = 842.;
const A3: f32 = 1_230.;
/// A picture of which half is darker than this is light writing on something dark.
const DARK: u8 = 80;

/// The image that makes up most of a page.
#[derive(Clone, Copy, Debug)]
struct Scanned {
    /// Pixels an inch, by the page's size.
    dpi: f32,
    /// Of its longer side.
    pixels: f32,
}

/// Renders a page, turned clockwise from how it is displayed, with red ink or without.
///
/// At the scan's resolution a pixel of the picture is a pixel of the scan.
pub fn picture(document: &Document<'_>, index: u32, turn: Rotation, red: bool) -> Result<ScanData, Refusal> {
    let page = document.page(index)?;
    let (w, h) = (page.width().value.max(1.), page.height().value.max(1.));
    let wanted = resolution(&page).map_or(USUAL, |scan| scan.wanted(w.max(h)));
    let scale = (wanted / 72.).min((PIXELS / (w * h)).sqrt());
    let side = |length: f32| ((length * scale).round() as u32).max(1);
    let rendered = pdf::render(&page, side(w), side(h)).map_err(Refusal::with(Code::PageBroken))?;
    let (mut grey, share) = grey(&rendered.into_rgba8(), red);
    if is_dark(&grey) {
        imageops::invert(&mut grey);
    }
    let grey = match turn {
        Rotation::None => grey,
        Rotation::Quarter => imageops::rotate90(&grey),
        Rotation::Half => imageops::rotate180(&grey),
        Rotation::ThreeQuarters => imageops::rotate270(&grey),
    };
    let slant = skew::estimate(&grey);
    let straightened = slant.degrees.abs() >= STRAIGHT;
    let grey = if straightened { skew::straighten(&grey, slant.degrees) } else { grey };
    Ok(ScanData {
        width: grey.width(),
        height: grey.height(),
        scale,
        skew: slant.degrees,
        straightened,
        blank: slant.blank,
        red: share >= STAMPED,
        grey: grey.into_raw(),
    })
}

/// The finest image that covers much of the page.
fn resolution(page: &PdfPage<'_>) -> Option<Scanned> {
    let area = page.width().value * page.height().value;
    let of = |object: PdfPageObject<'_>| {
        let image = object.as_image_object()?;
        let matrix = image.matrix().ok()?;
        let wide = matrix.a().hypot(matrix.b());
        let high = matrix.c().hypot(matrix.d());
        let (across, down) = (image.width().ok()? as f32, image.height().ok()? as f32);
        let dpi = across * 72. / wide;
        let is_scan = wide * high >= COVERS * area && dpi.is_finite() && dpi > 1.;
        is_scan.then_some(Scanned { dpi, pixels: across.max(down) })
    };
    page.objects().iter().filter_map(of).max_by(|a, b| a.dpi.total_cmp(&b.dpi))
}

impl Scanned {
    /// Pixels an inch of the picture, on a page whose longer side has so many points.
    fn wanted(self, longer: f32) -> f32 {
        let believed = if longer > A3 { self.pixels * 72. / A4 } else { self.dpi };
        let enlarged = match believed {
            dpi if dpi > FINEST => USUAL / dpi,
            dpi if dpi < COARSEST => 2.,
            _ => 1.,
        };
        self.dpi * enlarged
    }
}

/// Grey values and the share of red pixels. Without red, red ink is as light as its red is: what is written
/// in black under a stamp stays.
fn grey(rgba: &RgbaImage, keep_red: bool) -> (GrayImage, f32) {
    let mut reds = 0u32;
    let mut grey = GrayImage::new(rgba.width(), rgba.height());
    for (from, to) in rgba.pixels().zip(grey.pixels_mut()) {
        let [r, g, b, _] = from.0;
        let red = r.saturating_sub(g.max(b)) > RED;
        reds += u32::from(red);
        let luma = (u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29) >> 8;
        *to = Luma([if red && !keep_red { r } else { luma as u8 }]);
    }
    (grey, reds as f32 / rgba.pixels().len().max(1) as f32)
}

/// Whether dark is the ground and not the writing.
fn is_dark(grey: &GrayImage) -> bool {
    let dark = grey.pixels().filter(|pixel| pixel.0[0] < DARK).count();
    2 * dark > grey.pixels().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    #[test]
    fn a_scan_is_drawn_at_its_own_pixels_when_those_are_fine() {
        let scan = |dpi, pixels| Scanned { dpi, pixels };
        // A4 at 200, 100 and 600 dpi, on A4.
        assert_eq!(scan(200., 2339.).wanted(842.), 200.);
        assert_eq!(scan(100., 1169.).wanted(842.), 200.);
        assert_eq!(scan(600., 7016.).wanted(842.), 300.);
        // 300 dpi labelled 96, and 72 dpi that are truly as few.
        assert_eq!(scan(96., 3507.).wanted(2630.), 96.);
        assert_eq!(scan(72., 1300.).wanted(1300.), 144.);
    }

    #[test]
    fn red_ink_goes_and_what_is_written_under_it_stays() {
        let mut page = RgbaImage::from_pixel(10, 10, Rgba([255, 255, 255, 255]));
        page.put_pixel(0, 0, Rgba([20, 20, 20, 255]));
        page.put_pixel(1, 0, Rgba([225, 40, 50, 255]));
        page.put_pixel(2, 0, Rgba([90, 20, 20, 255]));
        let (without, share) = grey(&page, false);
        let values = [0, 1, 2, 3].map(|x| without.get_pixel(x, 0).0[0]);
        assert_eq!(values, [20, 225, 90, 255]);
        assert_eq!(share, 0.02);
        let (with, _) = grey(&page, true);
        assert!(with.get_pixel(1, 0).0[0] < 110);
    }
}
