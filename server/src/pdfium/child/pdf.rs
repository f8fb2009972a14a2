//! An open PDF in the child: opening with passwords, its outline, rendering.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use evolume_model::code::Code;
use image::{DynamicImage, RgbaImage};
use pdfium_render::prelude::*;

use super::{password, sense};
use crate::pdfium::protocol::Opened;
use crate::refusal::Refusal;

/// A PDF that PDFium has opened.
pub struct Document<'a> {
    /// PDFium's own handle.
    pub inner: PdfDocument<'a>,
    path: PathBuf,
    password: Option<String>,
}

impl<'a> Document<'a> {
    /// Opens without a password, then with each of `passwords`.
    pub fn open(pdfium: &'a Pdfium, path: &Path, passwords: &[String]) -> Result<Self, Refusal> {
        let passwords: Vec<String> = passwords.iter().flat_map(|word| password::forms(word)).collect();
        let tries = std::iter::once(None).chain(passwords.iter().map(|word| Some(word.as_str())));
        for password in tries {
            let file = File::open(path).map_err(Refusal::with(Code::FileUnreadable))?;
            match pdfium.load_pdf_from_reader(BufReader::with_capacity(1 << 16, file), password) {
                Ok(inner) if inner.pages().is_empty() => {
                    return Err(Refusal::new(Code::PdfDamaged, "it has no pages"));
                }
                Ok(inner) => {
                    let (path, password) = (path.to_owned(), password.map(str::to_owned));
                    return Ok(Self { inner, path, password });
                }
                Err(PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::PasswordError)) => {}
                Err(error) => return Err(Refusal::with(Code::PdfDamaged)(error)),
            }
        }
        Err(if passwords.is_empty() {
            Refusal::new(Code::PdfPasswordRequired, "it is encrypted")
        } else {
            Refusal::new(Code::PdfPasswordWrong, "no password opens it")
        })
    }

    /// The same once more: PDFium asks for its fonts anew.
    pub fn again(&self, pdfium: &'a Pdfium) -> Result<Self, Refusal> {
        Self::open(pdfium, &self.path, self.password.as_slice())
    }

    /// Number of pages and outline.
    pub fn glance(&self) -> Opened {
        let pages = u32::try_from(self.inner.pages().len()).unwrap_or(0);
        Opened {
            pages,
            locked: self.password.is_some(),
            outline: evolume_pdf::outline(&self.inner, &sense::Simplified),
        }
    }

    /// A page.
    pub fn page(&self, index: u32) -> Result<PdfPage<'a>, Refusal> {
        let index = i32::try_from(index).map_err(Refusal::with(Code::PageBroken))?;
        evolume_pdf::page(&self.inner, index).map_err(Refusal::with(Code::PageBroken))
    }
}

/// Renders a page, turned for display, to exactly this many pixels.
pub fn render(page: &PdfPage<'_>, width: u32, height: u32) -> Result<DynamicImage, PdfiumError> {
    let config = PdfRenderConfig::new()
        .set_fixed_size(width as i32, height as i32)
        .set_format(PdfBitmapFormat::BGRx)
        .set_reverse_byte_order(true);
    let bitmap = page.render_with_config(&config)?;
    RgbaImage::from_raw(width, height, bitmap.as_rgba_bytes())
        .map(DynamicImage::ImageRgba8)
        .ok_or(PdfiumError::ImageError)
}

/// The size in pixels that fits a page, as displayed, into a box.
pub fn fit(page: &PdfPage<'_>, width: u32, height: u32) -> (u32, u32) {
    let (w, h) = (page.width().value.max(0.01), page.height().value.max(0.01));
    let scale = (width as f32 / w).min(height as f32 / h);
    let side = |length: f32, limit: u32| ((length * scale).round() as u32).clamp(1, limit);
    (side(w, width), side(h, height))
}
