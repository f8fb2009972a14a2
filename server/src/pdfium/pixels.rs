//! Small operations on pixels: halving, greyness, comparing, encoding.

use image::{DynamicImage, GrayImage, Luma, RgbImage, Rgba, RgbaImage, imageops};

/// JPEG quality of previews: seen for a moment, fetched before anything else.
pub const PREVIEW_QUALITY: u8 = 40;
/// JPEG quality of thumbnail sprites.
pub const THUMB_QUALITY: u8 = 65;
/// From this on colours have as many pixels as brightness.
const FINE_QUALITY: u8 = 90;
/// A colour with all channels above this cannot be seen on white.
const LIGHT: u8 = 190;
/// The ground for such colours.
const DARK: Rgba<u8> = Rgba([24, 24, 24, 255]);
/// Channels of a grey pixel differ by no more than this.
const GREY_TOLERANCE: u8 = 6;

/// Halves width and height by averaging; odd last rows and columns are dropped.
pub fn halve(image: &RgbaImage) -> RgbImage {
    let (width, height) = ((image.width() / 2).max(1), (image.height() / 2).max(1));
    let stride = image.width() as usize * 4;
    let raw = image.as_raw();
    let mut out = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height as usize {
        let upper = &raw[2 * y * stride..][..stride];
        let lower_row = (2 * y + 1).min(image.height() as usize - 1);
        let lower = &raw[lower_row * stride..][..stride];
        for (a, b) in upper.chunks_exact(8).zip(lower.chunks_exact(8)).take(width as usize) {
            for channel in 0..3 {
                let sum = u16::from(a[channel])
                    + u16::from(a[channel + 4])
                    + u16::from(b[channel])
                    + u16::from(b[channel + 4]);
                out.push(((sum + 2) / 4) as u8);
            }
        }
    }
    RgbImage::from_raw(width, height, out).unwrap_or_else(|| RgbImage::new(width, height))
}

/// Whether no pixel has a colour.
pub fn is_grey(image: &RgbImage) -> bool {
    image.pixels().all(|p| {
        let [r, g, b] = p.0;
        r.abs_diff(g) <= GREY_TOLERANCE && g.abs_diff(b) <= GREY_TOLERANCE
    })
}

/// Encodes as JPEG, grey when the image is; empty when it cannot be encoded.
pub fn jpeg(image: &RgbImage, quality: u8) -> Vec<u8> {
    let (Ok(width), Ok(height)) = (u16::try_from(image.width()), u16::try_from(image.height())) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, quality);
    let done = if is_grey(image) {
        // Only for grey: in colour it gives a scan for each component, which not every decoder reads.
        encoder.set_optimized_huffman_tables(true);
        let grey: Vec<u8> = image.pixels().map(|p| p.0[1]).collect();
        encoder.encode(&grey, width, height, jpeg_encoder::ColorType::Luma)
    } else {
        // Red stamps and coloured lines of what is kept stay sharp.
        let fine = quality >= FINE_QUALITY;
        let factor =
            if fine { jpeg_encoder::SamplingFactor::F_1_1 } else { jpeg_encoder::SamplingFactor::F_2_2 };
        encoder.set_sampling_factor(factor);
        encoder.encode(image.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)
    };
    if done.is_ok() { out } else { Vec::new() }
}

/// Mean absolute difference of the grey values, 0 to 255; images of different size differ entirely.
pub fn difference(a: &GrayImage, b: &GrayImage) -> f32 {
    if a.dimensions() != b.dimensions() || a.is_empty() {
        return 255.;
    }
    let sum: u64 = a.pixels().zip(b.pixels()).map(|(a, b)| u64::from(a.0[0].abs_diff(b.0[0]))).sum();
    sum as f32 / a.len() as f32
}

/// Flattens transparency onto white.
pub fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    let mut out = RgbImage::new(rgba.width(), rgba.height());
    for (from, to) in rgba.pixels().zip(out.pixels_mut()) {
        let alpha = u16::from(from.0[3]);
        for channel in 0..3 {
            to.0[channel] = ((u16::from(from.0[channel]) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        }
    }
    out
}

/// Puts transparency onto a ground on which what is drawn can be seen: white, or nearly black for light letters on
/// nothing. Also says whether the ground is the dark one.
pub fn grounded(image: DynamicImage) -> (DynamicImage, bool) {
    if !image.color().has_alpha() {
        return (image, false);
    }
    let rgba = image.to_rgba8();
    let (mut seen, mut light) = (0u64, 0u64);
    for [r, g, b, alpha] in rgba.pixels().map(|pixel| pixel.0) {
        seen += u64::from(alpha);
        light += if r.min(g).min(b) >= LIGHT { u64::from(alpha) } else { 0 };
    }
    let all = 255 * rgba.pixels().len() as u64;
    let dark = seen > 0 && seen * 4 <= all * 3 && light * 100 >= seen * 95;
    if !dark {
        return (DynamicImage::ImageRgb8(on_white(&image)), false);
    }
    let mut ground = RgbaImage::from_pixel(rgba.width(), rgba.height(), DARK);
    imageops::overlay(&mut ground, &rgba, 0, 0);
    (DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(ground).into_rgb8()), true)
}

/// `image` scaled into the rectangle (fractions of the page) of a white page of this size.
pub fn placed(image: &DynamicImage, rect: [f32; 4], width: u32, height: u32) -> GrayImage {
    let mut page = GrayImage::from_pixel(width, height, Luma([255]));
    let at = |part: f32, length: u32| (part * length as f32).round() as i64;
    let (x0, y0) = (at(rect[0], width), at(rect[1], height));
    let (x1, y1) = (at(rect[2], width), at(rect[3], height));
    let (Ok(w), Ok(h)) = (u32::try_from(x1 - x0), u32::try_from(y1 - y0)) else { return page };
    if w == 0 || h == 0 || w > 4 * width || h > 4 * height {
        return page;
    }
    let small = DynamicImage::ImageRgb8(on_white(&image.thumbnail_exact(w, h))).into_luma8();
    imageops::replace(&mut page, &small, x0, y0);
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn halving_averages() {
        let mut image = RgbaImage::from_pixel(4, 2, Rgba([0, 0, 0, 255]));
        image.put_pixel(0, 0, Rgba([200, 0, 0, 255]));
        let half = halve(&image);
        assert_eq!(half.dimensions(), (2, 1));
        assert_eq!(half.get_pixel(0, 0), &Rgb([50, 0, 0]));
        assert_eq!(halve(&RgbaImage::new(1, 1)).dimensions(), (1, 1));
    }

    #[test]
    fn white_letters_on_nothing_are_put_on_something_dark() {
        let mut image = RgbaImage::from_pixel(10, 10, Rgba([0, 0, 0, 0]));
        image.put_pixel(4, 4, Rgba([255, 255, 255, 255]));
        let (shown, dark) = grounded(DynamicImage::ImageRgba8(image.clone()));
        assert!(dark && shown.color() == image::ColorType::Rgb8);
        let shown = shown.into_rgb8();
        assert!(shown.get_pixel(4, 4).0[0] == 255 && shown.get_pixel(0, 0).0[0] < 50);
        image.put_pixel(4, 4, Rgba([0, 0, 90, 255]));
        let (shown, dark) = grounded(DynamicImage::ImageRgba8(image));
        assert!(!dark && shown.into_rgb8().get_pixel(0, 0).0 == [255, 255, 255]);
    }

    #[test]
    fn a_photograph_survives_its_encoding() {
        let image = RgbImage::from_fn(60, 80, |x, y| Rgb([(x * 4) as u8, (y * 3) as u8, 200]));
        let back = image::load_from_memory(&jpeg(&image, 92)).unwrap().into_luma8();
        assert!(difference(&back, &DynamicImage::ImageRgb8(image.clone()).into_luma8()) < 3.);
        let parts = [0., 0., 1., 1.];
        let placed = placed(&DynamicImage::ImageRgb8(image), parts, 60, 80);
        assert!(difference(&back, &placed) < 3.);
    }

    #[test]
    fn a_grey_page_gives_a_grey_jpeg() {
        let grey = RgbImage::from_pixel(16, 16, Rgb([9, 10, 9]));
        let colour = RgbImage::from_pixel(16, 16, Rgb([200, 10, 9]));
        let decode = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().color();
        assert_eq!(decode(&jpeg(&grey, 70)), image::ColorType::L8);
        assert_eq!(decode(&jpeg(&colour, 70)), image::ColorType::Rgb8);
    }
}
