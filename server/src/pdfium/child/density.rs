//! The resolution that an image file claims for itself.

use crate::pdfium::protocol::ImageFormat;

const INCH_IN_METRES: f32 = 0.0254;

/// A claim, unchecked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Density {
    /// Pixels to the right in a unit of length.
    pub x: f32,
    /// Pixels downwards.
    pub y: f32,
    /// The unit is an inch; else it is not known, and only the shape of a pixel is.
    pub inches: bool,
}

impl Density {
    /// Of a picture that was turned by a quarter.
    pub fn turned(self) -> Self {
        Self { x: self.y, y: self.x, ..self }
    }
}

/// What the file says.
pub fn of(bytes: &[u8], format: ImageFormat) -> Option<Density> {
    match format {
        ImageFormat::Jpeg => jfif(bytes),
        ImageFormat::Png => phys(bytes),
        ImageFormat::Bmp => bitmap(bytes),
        _ => None,
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn jfif(bytes: &[u8]) -> Option<Density> {
    if bytes.get(2..4)? != [0xff, 0xe0] || bytes.get(6..11)? != b"JFIF\0" {
        return None;
    }
    let (x, y) = (f32::from(be16(bytes, 14)?), f32::from(be16(bytes, 16)?));
    match bytes.get(13)? {
        0 => Some(Density { x, y, inches: false }),
        1 => Some(Density { x, y, inches: true }),
        2 => Some(Density { x: x * 2.54, y: y * 2.54, inches: true }),
        _ => None,
    }
}

fn phys(bytes: &[u8]) -> Option<Density> {
    let mut at = 8usize;
    loop {
        let length = be32(bytes, at)? as usize;
        match bytes.get(at + 4..at + 8)? {
            b"pHYs" => {
                let (x, y) = (be32(bytes, at + 8)? as f32, be32(bytes, at + 12)? as f32);
                let metres = *bytes.get(at + 16)? == 1;
                let unit = if metres { INCH_IN_METRES } else { 1. };
                return Some(Density { x: x * unit, y: y * unit, inches: metres });
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

fn bitmap(bytes: &[u8]) -> Option<Density> {
    let metre = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as f32);
    let (x, y) = (metre(38)? * INCH_IN_METRES, metre(42)? * INCH_IN_METRES);
    Some(Density { x, y, inches: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jfif_header_tells_its_density() {
        let head = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\xc8\0\xc8\0\0";
        assert_eq!(of(head, ImageFormat::Jpeg), Some(Density { x: 200., y: 200., inches: true }));
        assert_eq!(of(&head[..12], ImageFormat::Jpeg), None);
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffxxxx", ImageFormat::Png), None);
    }
}
