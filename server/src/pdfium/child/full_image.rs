//! Finds the one image that makes up a page, for the browser's own decoder. Runs in the child.

use evolume_model::geometry::PageRect;
use evolume_pdf::CropBox;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, imageops};
use pdfium_render::prelude::*;

use super::pdf;
use crate::pdfium::pixels;
use crate::pdfium::protocol::ImageData;

/// Larger images are handed over reduced, and PDFium renders pieces of them.
pub const PIXEL_LIMIT: u64 = 32_000_000;
/// Pixels of a page that is reduced, and its quality.
const REDUCED: f32 = 16e6;
const REDUCED_QUALITY: u8 = 85;
/// Width of the comparison.
const PROBE: u32 = 200;
/// Mean difference of grey values above which the image is not what PDFium shows.
const TOLERANCE: f32 = 5.;
/// A PNG may be this much larger than the stream in the PDF, plus [`PNG_SLACK`].
const PNG_RATIO: f32 = 1.5;
const PNG_SLACK: usize = 16 << 10;

/// The image, when the page shows nothing else and shows it plainly.
pub fn find(page: &PdfPage<'_>, crop: &CropBox, preview: &RgbImage) -> Option<ImageData> {
    if !page.annotations().is_empty() {
        return None;
    }
    let mut found = None;
    for object in page.objects().iter() {
        match &object {
            PdfPageObject::Text(text) if !text.is_visible() => {}
            PdfPageObject::Image(_) if found.is_none() => found = Some(object),
            _ => return None,
        }
    }
    let object = found?;
    if object.get_clip_path().is_some_and(|clip| !clip.is_empty()) {
        return None;
    }
    let image = object.as_image_object()?;
    let rect = upright_rect(image, crop)?;
    let (width, height) = (image.width().ok()?, image.height().ok()?);
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > PIXEL_LIMIT {
        return None;
    }
    let filters: Vec<String> = image.filters().iter().map(|filter| filter.name().to_owned()).collect();
    tracing::debug!(?filters, width, height, "one image");
    let raw = image.get_raw_image_data().ok()?;
    let (bytes, media_type, decoded) = if filters == ["DCTDecode"] {
        let decoded = plain_jpeg(&raw)?;
        (raw, "image/jpeg", decoded)
    } else if filters.iter().any(|name| name == "DCTDecode" || name == "JPXDecode") {
        return None;
    } else {
        let decoded = image.get_raw_image().ok()?;
        let limit = (raw.len() as f32 * PNG_RATIO) as usize + PNG_SLACK;
        let png = png(&decoded).filter(|png| png.len() <= limit)?;
        (png, "image/png", decoded)
    };
    if (decoded.width(), decoded.height()) != (width, height) {
        return None;
    }
    let probe_height = (PROBE * preview.height() / preview.width()).clamp(1, 8 * PROBE);
    let shown: GrayImage =
        DynamicImage::ImageRgb8(imageops::thumbnail(preview, PROBE, probe_height)).into_luma8();
    let parts = [rect.x0 / crop.width, rect.y0 / crop.height, rect.x1 / crop.width, rect.y1 / crop.height];
    let alone = pixels::placed(&decoded, parts, PROBE, probe_height);
    let difference = pixels::difference(&shown, &alone);
    if difference > TOLERANCE {
        tracing::debug!(difference, ?rect, ?crop, "the image alone looks different");
        return None;
    }
    let media_type = media_type.to_owned();
    Some(ImageData { bytes, media_type, width, height, rect, reduced: false })
}

/// The page in fewer pixels, when all it shows is images with too many.
pub fn reduce(page: &PdfPage<'_>, crop: &CropBox) -> Option<ImageData> {
    if !page.annotations().is_empty() {
        return None;
    }
    let mut many = 0;
    for object in page.objects().iter() {
        match object {
            PdfPageObject::Text(text) if !text.is_visible() => {}
            PdfPageObject::Image(image) => many += image.width().ok()? as u64 * image.height().ok()? as u64,
            _ => return None,
        }
    }
    if many <= PIXEL_LIMIT {
        return None;
    }
    let scale = (REDUCED / (crop.width * crop.height)).sqrt();
    let side = |length: f32| ((length * scale).round() as u32).max(1);
    let (width, height) = (side(crop.width), side(crop.height));
    let shown = pdf::render(page, width, height).ok()?.into_rgb8();
    Some(ImageData {
        bytes: pixels::jpeg(&shown, REDUCED_QUALITY),
        media_type: "image/jpeg".to_owned(),
        width,
        height,
        rect: PageRect::new(0., 0., crop.width, crop.height),
        reduced: true,
    })
}

/// Where the image lies when it is neither turned, mirrored nor skewed.
fn upright_rect(image: &PdfPageImageObject<'_>, crop: &CropBox) -> Option<PageRect> {
    let matrix = image.matrix().ok()?;
    let (a, d) = (matrix.a(), matrix.d());
    let skew = matrix.b().abs().max(matrix.c().abs());
    if a <= 0. || d <= 0. || skew > 1e-3 * a.min(d) {
        return None;
    }
    let (left, bottom) = (matrix.e(), matrix.f());
    let bounds = PdfRect::new_from_values(bottom, left, bottom + d, left + a);
    let rect = crop.rect(&bounds);
    let inside = rect.x0 < crop.width && rect.y0 < crop.height && rect.x1 > 0. && rect.y1 > 0.;
    inside.then_some(rect)
}

/// Decodes a JPEG that every browser shows the same: 8 bits, grey or three components.
fn plain_jpeg(raw: &[u8]) -> Option<DynamicImage> {
    let components = jpeg_components(raw)?;
    if components != 1 && components != 3 {
        return None;
    }
    image::load_from_memory_with_format(raw, ImageFormat::Jpeg).ok()
}

/// Number of components of a JPEG that every program reads, and which has 8 bits.
pub fn jpeg_components(raw: &[u8]) -> Option<u8> {
    let frame = jpeg_frame(raw)?;
    (matches!(frame.marker, 0xc0..=0xc2) && frame.bits == 8).then_some(frame.components)
}

/// What a JPEG's frame header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JpegFrame {
    /// Which of the many kinds of JPEG it is.
    pub marker: u8,
    /// Of a sample.
    pub bits: u8,
    /// Colours.
    pub components: u8,
}

/// Finds the frame header.
pub fn jpeg_frame(raw: &[u8]) -> Option<JpegFrame> {
    let mut at = 2;
    loop {
        let [0xff, marker, high, low, ..] = *raw.get(at..)? else { return None };
        match marker {
            0xff => at += 1,
            // Tables have numbers among those of the frames.
            0xc0..=0xcf | 0xf7 if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some(JpegFrame { marker, bits: *raw.get(at + 4)?, components: *raw.get(at + 9)? });
            }
            0xda | 0xd9 => return None,
            _ => at += 2 + (usize::from(high) << 8 | usize::from(low)),
        }
    }
}

/// Encodes losslessly with as few bits as the image needs.
pub fn png(image: &DynamicImage) -> Option<Vec<u8>> {
    let rgb = pixels::on_white(image);
    let (width, height) = rgb.dimensions();
    let grey: Option<Vec<u8>> =
        rgb.pixels().map(|p| (p.0[0] == p.0[1] && p.0[1] == p.0[2]).then_some(p.0[0])).collect();
    let (color, depth, data) = match grey {
        Some(grey) if grey.iter().all(|v| *v == 0 || *v == 255) => {
            (png::ColorType::Grayscale, png::BitDepth::One, pack(&grey, width as usize))
        }
        Some(grey) => (png::ColorType::Grayscale, png::BitDepth::Eight, grey),
        None => (png::ColorType::Rgb, png::BitDepth::Eight, rgb.into_raw()),
    };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Balanced);
    if depth == png::BitDepth::One {
        encoder.set_filter(png::Filter::NoFilter);
    }
    encoder.write_header().ok()?.write_image_data(&data).ok()?;
    Some(out)
}

/// Eight pixels a byte, white is 1, rows start on a byte.
fn pack(grey: &[u8], width: usize) -> Vec<u8> {
    grey.chunks(width)
        .flat_map(|row| {
            row.chunks(8).map(|eight| {
                eight.iter().enumerate().fold(0, |byte, (i, v)| byte | u8::from(*v == 255) << (7 - i))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bilevel_image_takes_one_bit_a_pixel() {
        let mut image = GrayImage::new(9, 2);
        image.put_pixel(8, 1, image::Luma([255]));
        let bytes = png(&DynamicImage::ImageLuma8(image.clone())).unwrap();
        assert_eq!(bytes[24], 1, "bit depth");
        let back = image::load_from_memory(&bytes).unwrap().into_luma8();
        assert_eq!(back, image);
    }

    #[test]
    fn strange_bytes_are_no_jpeg() {
        assert_eq!(jpeg_components(b""), None);
        assert_eq!(jpeg_components(b"\xff\xd8\xff\xff\xff"), None);
        assert_eq!(jpeg_components(b"\xff\xd8\xff\xe0\0\0"), None);
    }
}
