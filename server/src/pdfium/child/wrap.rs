//! Wraps an image file into a PDF, so that everything after it sees PDFs only. Runs in the child.

use std::io::Cursor;
use std::path::Path;

use evolume_model::code::Code;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use pdfium_render::prelude::*;

use super::album::Album;
use super::density::{self, Density};
use super::full_image::{PIXEL_LIMIT, jpeg_components, jpeg_frame};
use super::picture::{Picture, check_size, guarded};
use super::tiff_pages;
use crate::pdfium::pixels;
use crate::pdfium::protocol::{Helped, ImageFormat, Odd, OddKind, Wrapped};
use crate::refusal::Refusal;

/// Writes the PDF to `out`, unless pages need help first.
pub fn wrap(
    pdfium: &Pdfium,
    path: &Path,
    format: ImageFormat,
    out: &Path,
    helped: &[Helped],
) -> Result<Wrapped, Refusal> {
    let bytes = std::fs::read(path).map_err(Refusal::with(Code::FileUnreadable))?;
    let mut album = Album::new();
    let wrapped = match format {
        ImageFormat::Tiff => tiff_pages::each(bytes, helped, &mut album)?,
        ImageFormat::Heic | ImageFormat::Avif => {
            for helped in helped {
                album.add(Picture { photograph: true, ..made(helped)? })?;
            }
            Wrapped::default()
        }
        ImageFormat::Jp2 => {
            album.add_jp2(&bytes, jp2_size(&bytes)?, None);
            Wrapped::default()
        }
        ImageFormat::Jpeg if is_foreign(&bytes) => match helped {
            [] => Wrapped {
                odd: vec![Odd { page: 0, kind: OddKind::Jpeg, patches: vec![] }],
                ..Wrapped::default()
            },
            [helped, ..] => {
                // Sound for all that is known.
                let picture = made(helped).map_err(|refusal| Refusal::new(Code::FileUnsupported, refusal))?;
                album.add(Picture { density: density::of(&bytes, format), ..picture })?;
                Wrapped::default()
            }
        },
        _ => {
            let (picture, as_is) = decode(bytes, format)?;
            album.add(picture)?;
            Wrapped { as_is, ..Wrapped::default() }
        }
    };
    if wrapped.odd.is_empty() {
        let pdf = album.finish();
        if format == ImageFormat::Jp2 {
            check_decodes(pdfium, &pdf)?;
        }
        std::fs::write(out, pdf).map_err(Refusal::with(Code::FileUnreadable))?;
    }
    Ok(wrapped)
}

/// The picture, and its size when a browser may show the file itself.
fn decode(bytes: Vec<u8>, format: ImageFormat) -> Result<(Picture, Option<(u32, u32)>), Refusal> {
    let kind = match format {
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::WebP => image::ImageFormat::WebP,
        ImageFormat::Gif => image::ImageFormat::Gif,
        ImageFormat::Bmp => image::ImageFormat::Bmp,
        _ => image::ImageFormat::Jpeg,
    };
    let (image, orientation) = upright(&bytes, kind)?;
    let turned = orientation != Orientation::NoTransforms;
    let density = density::of(&bytes, format);
    let density = if orientation.to_exif() >= 5 { density.map(Density::turned) } else { density };
    let (image, dark) = pixels::grounded(image);
    let (width, height) = (image.width(), image.height());
    let simple = format == ImageFormat::Jpeg && matches!(jpeg_components(&bytes), Some(1 | 3));
    let small = u64::from(width) * u64::from(height) <= PIXEL_LIMIT;
    let shown = simple || matches!(format, ImageFormat::Png | ImageFormat::WebP);
    let as_is = (small && shown && !turned && !dark).then_some((width, height));
    let jpeg = (simple && !turned).then_some(bytes);
    let photograph = matches!(format, ImageFormat::Jpeg | ImageFormat::WebP);
    Ok((Picture { image, jpeg, density, photograph }, as_is))
}

/// The pixels as they are to be seen, and how they were turned for that.
fn upright(bytes: &[u8], kind: image::ImageFormat) -> Result<(DynamicImage, Orientation), Refusal> {
    let damaged = || Refusal::with::<image::ImageError>(Code::ImageDamaged);
    guarded(|| {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
        reader.limits(Limits::no_limits());
        let mut decoder = reader.into_decoder().map_err(damaged())?;
        let (width, height) = decoder.dimensions();
        check_size(width, height)?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut image = DynamicImage::from_decoder(decoder).map_err(damaged())?;
        image.apply_orientation(orientation);
        Ok((image, orientation))
    })?
}

/// What a foreign program made, a PNG that is upright already whatever its metadata say.
fn made(helped: &Helped) -> Result<Picture, Refusal> {
    let none = || Refusal::new(Code::ImageDamaged, "no program could read it");
    let file = helped.file.as_ref().ok_or_else(none)?;
    let bytes = std::fs::read(file).map_err(Refusal::with(Code::FileUnreadable))?;
    let mut reader = ImageReader::with_format(Cursor::new(&bytes), image::ImageFormat::Png);
    reader.limits(Limits::no_limits());
    let decoder = reader.into_decoder().map_err(Refusal::with(Code::ImageDamaged))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let image = DynamicImage::from_decoder(decoder).map_err(Refusal::with(Code::ImageDamaged))?;
    Ok(Picture { image: pixels::grounded(image).0, jpeg: None, density: None, photograph: false })
}

/// A JPEG of the kinds that no browser shows: lossless, near-lossless, arithmetic, or of 12 bits.
fn is_foreign(bytes: &[u8]) -> bool {
    jpeg_frame(bytes).is_some_and(|frame| !matches!(frame.marker, 0xc0..=0xc2) || frame.bits != 8)
}

/// Width and height by the header of the code stream, wherever that lies in its boxes.
fn jp2_size(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let damaged = || Refusal::new(Code::ImageDamaged, "there is no code stream in it");
    let at = bytes.windows(4).position(|window| window == [0xff, 0x4f, 0xff, 0x51]).ok_or_else(damaged)?;
    let number = |offset: usize| -> Option<u32> {
        Some(u32::from_be_bytes(bytes.get(at + offset..at + offset + 4)?.try_into().ok()?))
    };
    let side = |end: usize, start: usize| number(end)?.checked_sub(number(start)?).filter(|side| *side > 0);
    let (width, height) = side(8, 16).zip(side(12, 20)).ok_or_else(damaged)?;
    check_size(width, height)?;
    Ok((width, height))
}

/// PDFium shows a white page where it cannot decode an image.
fn check_decodes(pdfium: &Pdfium, pdf: &[u8]) -> Result<(), Refusal> {
    let decoded = || {
        let document = pdfium.load_pdf_from_byte_slice(pdf, None)?;
        let page = document.pages().get(0)?;
        let object = page.objects().get(0)?;
        object.as_image_object().ok_or(PdfiumError::ImageError)?.get_raw_image()
    };
    decoded().map(drop).map_err(Refusal::with(Code::ImageDamaged))
}
