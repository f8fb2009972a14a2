//! Wraps an image file into a PDF, so that everything after it sees PDFs only. Runs in the child.

use std::io::Cursor;
use std::path::Path;

use evolume_model::code::Code;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use pdfium_render::prelude::*;

use super::full_image::{PIXEL_LIMIT, jpeg_components};
use super::picture::{Picture, check_size};
use super::{density, part, tiff_pages};
use crate::pdfium::pixels;
use crate::pdfium::protocol::{ImageFormat, Wrapped};
use crate::refusal::Refusal;

/// Larger images are cut into tiles with this side, in pixels: who looks closely decodes only what is in view.
const TILE: u32 = 2048;
/// Quality of a photograph that has to be encoded again.
const QUALITY: u8 = 92;
/// Longer side of A4 in points.
const A4: f32 = 842.;
/// PDF pages may not be longer.
const LONGEST: f32 = 14_400.;

/// Writes the PDF to `out`.
pub fn wrap(pdfium: &Pdfium, path: &Path, format: ImageFormat, out: &Path) -> Result<Wrapped, Refusal> {
    let bytes = std::fs::read(path).map_err(Refusal::with(Code::FileUnreadable))?;
    let damaged = || Refusal::with::<PdfiumError>(Code::ImageDamaged);
    let mut document = pdfium.create_new_pdf().map_err(damaged())?;
    let mut as_is = None;
    if format == ImageFormat::Tiff {
        tiff_pages::each(&bytes, |picture| add(&mut document, picture))?;
    } else {
        let (picture, turned) = decode(bytes, format)?;
        let (width, height) = (picture.image.width(), picture.image.height());
        let small = u64::from(width) * u64::from(height) <= PIXEL_LIMIT;
        let plain = format != ImageFormat::Jpeg || picture.jpeg.is_some();
        as_is = (small && plain && !turned).then_some((width, height));
        add(&mut document, picture)?;
    }
    let mut pdf = document.save_to_bytes().map_err(damaged())?;
    part::normalise(&mut pdf);
    std::fs::write(out, pdf).map_err(Refusal::with(Code::FileUnreadable))?;
    Ok(Wrapped { as_is })
}

fn decode(bytes: Vec<u8>, format: ImageFormat) -> Result<(Picture, bool), Refusal> {
    let damaged = || Refusal::with::<image::ImageError>(Code::ImageDamaged);
    let kind = match format {
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::WebP => image::ImageFormat::WebP,
        _ => image::ImageFormat::Jpeg,
    };
    let mut reader = ImageReader::with_format(Cursor::new(&bytes), kind);
    reader.limits(Limits::no_limits());
    let mut decoder = reader.into_decoder().map_err(damaged())?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged())?;
    let turned = orientation != Orientation::NoTransforms;
    image.apply_orientation(orientation);
    let dpi = density::of(&bytes, format).map(|(x, y)| match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (y, x),
        _ => (x, y),
    });
    let simple = matches!(jpeg_components(&bytes), Some(1 | 3));
    let jpeg = (format == ImageFormat::Jpeg && simple && !turned).then_some(bytes);
    Ok((
        Picture { image, jpeg, dpi, photograph: matches!(format, ImageFormat::Jpeg | ImageFormat::WebP) },
        turned,
    ))
}

fn add(document: &mut PdfDocument<'_>, picture: Picture) -> Result<(), Refusal> {
    let damaged = || Refusal::with::<PdfiumError>(Code::ImageDamaged);
    let (width, height) = page_size(picture.image.width(), picture.image.height(), picture.dpi);
    let size = PdfPagePaperSize::Custom(PdfPoints::new(width), PdfPoints::new(height));
    let mut page = document.pages_mut().create_page_at_end(size).map_err(damaged())?;
    let (wide, high) = (picture.image.width(), picture.image.height());
    if u64::from(wide) * u64::from(high) <= PIXEL_LIMIT {
        let mut object = object(document, picture).map_err(damaged())?;
        object.scale(width, height).map_err(damaged())?;
        page.objects_mut().add_image_object(object).map_err(damaged())?;
        return Ok(());
    }
    let (across, down) = (width / wide as f32, height / high as f32);
    for (y, x) in
        (0..high).step_by(TILE as usize).flat_map(|y| (0..wide).step_by(TILE as usize).map(move |x| (y, x)))
    {
        let (w, h) = (TILE.min(wide - x), TILE.min(high - y));
        let tile = Picture { image: picture.image.crop_imm(x, y, w, h), jpeg: None, ..picture };
        let mut object = object(document, tile).map_err(damaged())?;
        object.scale(w as f32 * across, h as f32 * down).map_err(damaged())?;
        let (left, bottom) = (x as f32 * across, (high - y - h) as f32 * down);
        object.translate(PdfPoints::new(left), PdfPoints::new(bottom)).map_err(damaged())?;
        page.objects_mut().add_image_object(object).map_err(damaged())?;
    }
    Ok(())
}

/// The picture as an object of a point's side.
fn object<'a>(document: &PdfDocument<'a>, picture: Picture) -> Result<PdfPageImageObject<'a>, PdfiumError> {
    match picture.jpeg {
        Some(jpeg) => PdfPageImageObject::new_from_jpeg_reader(document, Cursor::new(jpeg)),
        None if picture.photograph => {
            let jpeg = pixels::jpeg(&pixels::on_white(&picture.image), QUALITY);
            PdfPageImageObject::new_from_jpeg_reader(document, Cursor::new(jpeg))
        }
        None => lossless(document, &picture.image),
    }
}

fn lossless<'a>(
    document: &PdfDocument<'a>,
    image: &DynamicImage,
) -> Result<PdfPageImageObject<'a>, PdfiumError> {
    let rgb = pixels::on_white(image);
    let (width, height) = (rgb.width() as i32, rgb.height() as i32);
    let grey = rgb.pixels().all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2]);
    let (format, mut rows) =
        if grey { (PdfBitmapFormat::Gray, rows(&rgb, 1)) } else { (PdfBitmapFormat::BGR, rows(&rgb, 3)) };
    let bitmap = PdfBitmap::from_bytes(width, height, format, &mut rows)?;
    let size = DynamicImage::new_luma8(1, 1);
    let mut object = PdfPageImageObject::new(document, &size)?;
    object.set_bitmap(&bitmap)?;
    Ok(object)
}

/// Pixels as PDFium wants them: blue first, rows filled up to four bytes.
fn rows(rgb: &RgbImage, channels: usize) -> Vec<u8> {
    let used = rgb.width() as usize * channels;
    let stride = used.div_ceil(4) * 4;
    let mut out = Vec::with_capacity(stride * rgb.height() as usize);
    for row in rgb.rows() {
        for pixel in row {
            let [r, g, b] = pixel.0;
            out.extend_from_slice(&[b, g, r][3 - channels..]);
        }
        out.resize(out.len() + stride - used, 0);
    }
    out
}

/// The page's size in points: from the resolution when it is believable, else as long as A4.
fn page_size(width: u32, height: u32, dpi: Option<(f32, f32)>) -> (f32, f32) {
    let (w, h) = (width as f32, height as f32);
    if let Some((x, y)) = dpi {
        let size = (w * 72. / x, h * 72. / y);
        let longer = size.0.max(size.1);
        let believable = (72. ..=2400.).contains(&x) && (72. ..=2400.).contains(&y);
        if believable && (100. ..=2_600.).contains(&longer) && size.0.min(size.1) >= 10. {
            return size;
        }
    }
    let scale = A4 / w.max(h);
    let side = |length: f32| (length * scale).clamp(1., LONGEST);
    (side(w), side(h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolution_gives_the_size_when_believable() {
        assert_eq!(page_size(1654, 2339, Some((200., 200.))), (595.44, 842.04));
        let (w, h) = page_size(4000, 3000, Some((72., 72.)));
        assert_eq!((w, h), (842., 631.5));
        assert_eq!(page_size(100, 100, Some((1., 1.))), (842., 842.));
    }
}
