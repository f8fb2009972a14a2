//! Cutting a run of pages into a PDF of its own, the same bytes every time. Runs in the child.

use evolume_model::code::Code;
use pdfium_render::prelude::*;

use super::pdf::{self, Document};
use crate::pdfium::pixels;
use crate::refusal::Refusal;

/// Longer side of the renders that are compared.
const PROBE: u32 = 200;
/// Mean difference of grey values above which two pages count as different.
const TOLERANCE: f32 = 1.5;

/// The pages as a PDF, and whether each looks as in the original.
pub fn cut(
    pdfium: &Pdfium,
    document: &Document<'_>,
    first: u32,
    count: u32,
) -> Result<(Vec<u8>, bool), Refusal> {
    let broken = Code::PageBroken;
    let (start, end) = (first as i32, (first + count.max(1) - 1) as i32);
    // Whose boxes leave nothing of the page, that one is mended when it is opened.
    for index in start..=end {
        let size = document.inner.pages().page_size(index);
        if size.is_ok_and(|size| size.width().value <= 0. || size.height().value <= 0.) {
            document.page(index as u32)?;
        }
    }
    let mut part = pdfium.create_new_pdf().map_err(Refusal::with(broken))?;
    part.pages_mut()
        .copy_page_range_from_document(&document.inner, start..=end, 0)
        .map_err(Refusal::with(broken))?;
    let mut bytes = part.save_to_bytes().map_err(Refusal::with(broken))?;
    drop(part);
    normalise(&mut bytes);
    let faithful = is_faithful(pdfium, document, first, count, &bytes);
    Ok((bytes, faithful))
}

fn is_faithful(pdfium: &Pdfium, document: &Document<'_>, first: u32, count: u32, bytes: &[u8]) -> bool {
    let Ok(copy) = pdfium.load_pdf_from_byte_slice(bytes, None) else { return false };
    if copy.pages().len() != count as i32 {
        return false;
    }
    (0..count).all(|index| {
        let (Ok(was), Ok(is)) = (document.page(first + index), copy.pages().get(index as i32)) else {
            return false;
        };
        let (width, height) = pdf::fit(&was, PROBE, PROBE);
        if (width, height) != pdf::fit(&is, PROBE, PROBE) {
            return false;
        }
        match (pdf::render(&was, width, height), pdf::render(&is, width, height)) {
            (Ok(was), Ok(is)) => {
                was == is || pixels::difference(&was.into_luma8(), &is.into_luma8()) < TOLERANCE
            }
            _ => false,
        }
    })
}

/// Overwrites what PDFium makes up anew every time: the file identifier and the dates.
///
/// Only bytes are replaced, so the cross-reference table stays right.
pub fn normalise(bytes: &mut [u8]) {
    let tail = bytes.len().saturating_sub(4096);
    if let Some(at) = find(&bytes[tail..], b"/ID[") {
        let mut hex = false;
        for byte in &mut bytes[tail + at + 4..] {
            match *byte {
                b'<' => hex = true,
                b'>' => hex = false,
                b']' if !hex => break,
                _ if hex => *byte = b'0',
                _ => {}
            }
        }
    }
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], b"/CreationDate(D:") {
        from += at + b"/CreationDate(D:".len();
        for (byte, fixed) in bytes[from..].iter_mut().zip(b"20000101000000") {
            if !byte.is_ascii_digit() {
                break;
            }
            *byte = *fixed;
        }
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_dates_are_overwritten() {
        let mut bytes =
            b"/CreationDate(D:20261123110000+01'00') trailer<</ID[<0A1B><FF00>]/Size 3>>".to_vec();
        normalise(&mut bytes);
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            "/CreationDate(D:20000101000000+01'00') trailer<</ID[<0000><0000>]/Size 3>>"
        );
    }
}
