//! The pages of a TIFF file, one after the other. Runs in the child.

use std::io::Cursor;

use evolume_model::code::Code;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::picture::{Picture, check_size};
use crate::refusal::Refusal;

/// More pages in one file are a trick.
const PAGE_LIMIT: usize = 10_000;

/// Hands every page to `take`.
pub fn each(bytes: &[u8], mut take: impl FnMut(Picture) -> Result<(), Refusal>) -> Result<(), Refusal> {
    let damaged = || Refusal::with::<TiffError>(Code::ImageDamaged);
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(damaged())?.with_limits(Limits::unlimited());
    for _ in 0..PAGE_LIMIT {
        let (width, height) = decoder.dimensions().map_err(damaged())?;
        check_size(width, height)?;
        let color = decoder.colortype().map_err(damaged())?;
        let data = decoder.read_image().map_err(damaged())?;
        let mut image = picture(color, data, width, height)
            .ok_or_else(|| Refusal::new(Code::FileUnsupported, format!("TIFF of {color:?}")))?;
        let mut dpi = density(&mut decoder);
        let orientation = number(&mut decoder, Tag::Orientation)
            .and_then(|n| Orientation::from_exif(n as u8))
            .unwrap_or(Orientation::NoTransforms);
        image.apply_orientation(orientation);
        if orientation.to_exif() >= 5 {
            dpi = dpi.map(|(x, y)| (y, x));
        }
        take(Picture { image, jpeg: None, dpi, photograph: false })?;
        if !decoder.more_images() {
            return Ok(());
        }
        decoder.next_image().map_err(damaged())?;
    }
    Ok(())
}

fn number(decoder: &mut Decoder<Cursor<&[u8]>>, tag: Tag) -> Option<u32> {
    decoder.find_tag(tag).ok()??.into_u32().ok()
}

fn density(decoder: &mut Decoder<Cursor<&[u8]>>) -> Option<(f32, f32)> {
    let unit = match number(decoder, Tag::ResolutionUnit).unwrap_or(2) {
        2 => 1.,
        3 => 2.54,
        _ => return None,
    };
    let mut read = |tag| match decoder.find_tag(tag).ok()?? {
        tiff::decoder::ifd::Value::Rational(n, d) if d > 0 => Some(n as f32 / d as f32 * unit),
        _ => None,
    };
    Some((read(Tag::XResolution)?, read(Tag::YResolution)?))
}

fn picture(color: ColorType, data: DecodingResult, width: u32, height: u32) -> Option<DynamicImage> {
    let eight = |data: Vec<u16>| data.into_iter().map(|v| (v >> 8) as u8).collect::<Vec<u8>>();
    match (color, data) {
        (ColorType::Gray(bits @ (1 | 2 | 4)), DecodingResult::U8(data)) => {
            GrayImage::from_raw(width, height, unpack(&data, bits, width as usize, height as usize))
                .map(DynamicImage::ImageLuma8)
        }
        (ColorType::Gray(8), DecodingResult::U8(data)) => {
            GrayImage::from_raw(width, height, data).map(DynamicImage::ImageLuma8)
        }
        (ColorType::Gray(16), DecodingResult::U16(data)) => {
            GrayImage::from_raw(width, height, eight(data)).map(DynamicImage::ImageLuma8)
        }
        (ColorType::RGB(8) | ColorType::YCbCr(8), DecodingResult::U8(data)) => {
            RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8)
        }
        (ColorType::RGB(16), DecodingResult::U16(data)) => {
            RgbImage::from_raw(width, height, eight(data)).map(DynamicImage::ImageRgb8)
        }
        (ColorType::RGBA(8), DecodingResult::U8(data)) => {
            RgbaImage::from_raw(width, height, data).map(DynamicImage::ImageRgba8)
        }
        (ColorType::CMYK(8), DecodingResult::U8(data)) => {
            let rgb = data
                .chunks_exact(4)
                .flat_map(|p| {
                    let ink = |v: u8| ((255 - u16::from(v)) * (255 - u16::from(p[3])) / 255) as u8;
                    [ink(p[0]), ink(p[1]), ink(p[2])]
                })
                .collect();
            RgbImage::from_raw(width, height, rgb).map(DynamicImage::ImageRgb8)
        }
        _ => None,
    }
}

/// Grey bytes from packed samples, rows starting on a byte.
fn unpack(data: &[u8], bits: u8, width: usize, height: usize) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let largest = (1u16 << bits) - 1;
    let stride = width.div_ceil(per_byte).max(1);
    data.chunks(stride)
        .take(height)
        .flat_map(|row| {
            (0..width).map(move |x| {
                let byte = row.get(x / per_byte).copied().unwrap_or(255);
                let shift = 8 - usize::from(bits) * (x % per_byte + 1);
                ((u16::from(byte) >> shift & largest) * 255 / largest) as u8
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_samples_are_unpacked() {
        assert_eq!(unpack(&[0b1010_0000, 0b1000_0000], 1, 2, 2), [255, 0, 255, 0]);
        assert_eq!(unpack(&[0x0f], 4, 2, 1), [0, 255]);
    }
}
