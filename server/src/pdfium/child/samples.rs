//! A TIFF's samples as pixels. Runs in the child.

use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use tiff::ColorType;
use tiff::decoder::DecodingResult;

/// What a sample beside the colours means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Nothing that is known.
    Unknown,
    /// How opaque the pixel is; its colours are multiplied by that already.
    Associated,
    /// How opaque the pixel is.
    Alpha,
}

impl Extra {
    /// By the number in the file.
    pub fn of(number: Option<u64>) -> Self {
        match number {
            Some(1) => Self::Associated,
            Some(2) => Self::Alpha,
            _ => Self::Unknown,
        }
    }
}

/// The image, if these colours are known here.
pub fn image(
    color: ColorType,
    data: DecodingResult,
    extra: Extra,
    (width, height): (u32, u32),
) -> Option<DynamicImage> {
    let grey = |data| GrayImage::from_raw(width, height, data).map(DynamicImage::ImageLuma8);
    let rgb = |data| RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8);
    let eight = |data: Vec<u16>| data.into_iter().map(|value| (value >> 8) as u8).collect::<Vec<u8>>();
    match (color, data) {
        (ColorType::Gray(bits @ (1 | 2 | 4)), DecodingResult::U8(data)) => {
            grey(unpack(&data, bits, width as usize, height as usize))
        }
        (ColorType::Gray(8), DecodingResult::U8(data)) => grey(data),
        (ColorType::Gray(16), DecodingResult::U16(data)) => grey(eight(data)),
        (ColorType::Multiband { bit_depth: 8, num_samples: 2 }, DecodingResult::U8(mut data)) => {
            match extra {
                Extra::Unknown => grey(data.into_iter().step_by(2).collect()),
                Extra::Associated | Extra::Alpha => {
                    divide(&mut data, 2, extra);
                    GrayAlphaImage::from_raw(width, height, data).map(DynamicImage::ImageLumaA8)
                }
            }
        }
        (ColorType::RGB(8), DecodingResult::U8(data)) => rgb(data),
        (ColorType::YCbCr(8), DecodingResult::U8(mut data)) => {
            data.chunks_exact_mut(3).for_each(ycbcr);
            rgb(data)
        }
        (ColorType::RGB(16), DecodingResult::U16(data)) => rgb(eight(data)),
        (ColorType::RGBA(8), DecodingResult::U8(mut data)) => {
            divide(&mut data, 4, extra);
            RgbaImage::from_raw(width, height, data).map(DynamicImage::ImageRgba8)
        }
        (ColorType::CMYK(8), DecodingResult::U8(data)) => rgb(data.chunks_exact(4).flat_map(ink).collect()),
        _ => None,
    }
}

/// Takes the multiplication by the last sample back.
fn divide(data: &mut [u8], samples: usize, extra: Extra) {
    if extra != Extra::Associated {
        return;
    }
    for pixel in data.chunks_exact_mut(samples) {
        let alpha = u32::from(pixel[samples - 1]);
        for value in pixel[..samples - 1].iter_mut().filter(|_| alpha > 0 && alpha < 255) {
            *value = (u32::from(*value) * 255 / alpha).min(255) as u8;
        }
    }
}

fn ink(cmyk: &[u8]) -> [u8; 3] {
    let light = |value: u8| ((255 - u16::from(value)) * (255 - u16::from(cmyk[3])) / 255) as u8;
    [light(cmyk[0]), light(cmyk[1]), light(cmyk[2])]
}

/// Brightness and two differences of colour, over the whole range, into red, green and blue.
fn ycbcr(pixel: &mut [u8]) {
    let [y, cb, cr] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
    let (cb, cr) = (cb - 128., cr - 128.);
    let value = |value: f32| value.round().clamp(0., 255.) as u8;
    pixel[0] = value(y + 1.402 * cr);
    pixel[1] = value(y - 0.344_14 * cb - 0.714_14 * cr);
    pixel[2] = value(y + 1.772 * cb);
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

    #[test]
    fn white_paper_is_white_and_red_ink_is_red() {
        let mut pixels = [255, 128, 128, 76, 85, 255];
        pixels.chunks_exact_mut(3).for_each(ycbcr);
        assert_eq!(pixels[..3], [255, 255, 255]);
        assert!(pixels[3] > 250 && pixels[4] < 3 && pixels[5] < 3, "{pixels:?}");
    }

    #[test]
    fn a_colour_that_was_multiplied_is_had_back() {
        let data = DecodingResult::U8(vec![100, 128, 7, 0]);
        let color = ColorType::Multiband { bit_depth: 8, num_samples: 2 };
        let image = image(color, data, Extra::Associated, (2, 1)).unwrap().into_luma_alpha8();
        assert_eq!(image.into_raw(), [199, 128, 7, 0]);
    }
}
