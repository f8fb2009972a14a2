//! The resolution that an image file claims for itself, in pixels an inch.

use crate::pdfium::protocol::ImageFormat;

const INCH_IN_METRES: f32 = 0.0254;

/// The claim, unchecked.
pub fn of(bytes: &[u8], format: ImageFormat) -> Option<(f32, f32)> {
    match format {
        ImageFormat::Jpeg => jfif(bytes),
        ImageFormat::Png => phys(bytes),
        _ => None,
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn jfif(bytes: &[u8]) -> Option<(f32, f32)> {
    if bytes.get(2..4)? != [0xff, 0xe0] || bytes.get(6..11)? != b"JFIF\0" {
        return None;
    }
    let (x, y) = (f32::from(be16(bytes, 14)?), f32::from(be16(bytes, 16)?));
    match bytes.get(13)? {
        1 => Some((x, y)),
        2 => Some((x * 2.54, y * 2.54)),
        _ => None,
    }
}

fn phys(bytes: &[u8]) -> Option<(f32, f32)> {
    let mut at = 8;
    loop {
        let length = be32(bytes, at)? as usize;
        match bytes.get(at + 4..at + 8)? {
            b"pHYs" if *bytes.get(at + 16)? == 1 => {
                let metre = |at| be32(bytes, at).map(|n| n as f32 * INCH_IN_METRES);
                return Some((metre(at + 8)?, metre(at + 12)?));
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jfif_header_tells_its_density() {
        let head = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\xc8\0\xc8\0\0";
        assert_eq!(of(head, ImageFormat::Jpeg), Some((200., 200.)));
        assert_eq!(of(&head[..12], ImageFormat::Jpeg), None);
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffxxxx", ImageFormat::Png), None);
    }
}
