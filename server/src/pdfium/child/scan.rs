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

/// Renders a page, turned clockwise from how it is displayed, with red ink or without.
///
/// At the scan's resolution a pixel of the picture is a pixel of the scan.
pub fn picture(document: &Document<'_>, index: u32, turn: Rotation, red: bool) -> Result<ScanData, Refusal> {
    let page = document.page(index)?;
    let (w, h) = (page.width().value.max(1.), page.height().value.max(1.));
    let wanted = match resolution(&page) {
        Some(dpi) if dpi > FINEST => USUAL,
        Some(dpi) if dpi < COARSEST => 2. * dpi,
        Some(dpi) => dpi,
        None => USUAL,
    };
    let scale = (wanted / 72.).min((PIXELS / (w * h)).sqrt());
    let side = |length: f32| ((length * scale).round() as u32).max(1);
    let rendered = pdf::render(&page, side(w), side(h)).map_err(Refusal::with(Code::PageBroken))?;
    let (grey, share) = grey(&rendered.into_rgba8(), red);
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

/// Pixels an inch of the finest image that covers much of the page.
fn resolution(page: &PdfPage<'_>) -> Option<f32> {
    let area = page.width().value * page.height().value;
    let of = |object: PdfPageObject<'_>| {
        let image = object.as_image_object()?;
        let matrix = image.matrix().ok()?;
        let wide = matrix.a().hypot(matrix.b());
        let high = matrix.c().hypot(matrix.d());
        let dpi = image.width().ok()? as f32 * 72. / wide;
        (wide * high >= COVERS * area && dpi.is_finite() && dpi > 1.).then_some(dpi)
    };
    page.objects().iter().filter_map(of).max_by(f32::total_cmp)
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

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

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
