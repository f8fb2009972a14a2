//! An open PDF in the child: opening with passwords, its outline, rendering.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use evolume_model::code::Code;
use evolume_model::guide::{MAX_DEPTH, MAX_OUTLINE, MAX_TITLE};
use image::{DynamicImage, RgbaImage};
use pdfium_render::prelude::*;

use super::protocol::Opened;
use super::worker::Refusal;

/// A PDF that PDFium has opened.
pub struct Document<'a> {
    /// PDFium's own handle.
    pub inner: PdfDocument<'a>,
    locked: bool,
}

impl<'a> Document<'a> {
    /// Opens without a password, then with each of `passwords`.
    pub fn open(pdfium: &'a Pdfium, path: &Path, passwords: &[String]) -> Result<Self, Refusal> {
        let tries = std::iter::once(None).chain(passwords.iter().map(|word| Some(word.as_str())));
        for password in tries {
            let file = File::open(path).map_err(Refusal::with(Code::FileUnreadable))?;
            match pdfium.load_pdf_from_reader(BufReader::with_capacity(1 << 16, file), password) {
                Ok(inner) if inner.pages().is_empty() => {
                    return Err(Refusal::new(Code::PdfDamaged, "it has no pages"));
                }
                Ok(inner) => return Ok(Self { inner, locked: password.is_some() }),
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

    /// Number of pages and outline.
    pub fn glance(&self) -> Opened {
        let pages = u32::try_from(self.inner.pages().len()).unwrap_or(0);
        let mut flat = Flat { pages, seen: HashSet::new(), entries: Vec::new() };
        if let Some(root) = self.inner.bookmarks().root() {
            // `root` is the first entry of the top level.
            flat.add(root, 0);
        }
        Opened { pages, locked: self.locked, outline: flat.entries }
    }

    /// A page.
    pub fn page(&self, index: u32) -> Result<PdfPage<'a>, Refusal> {
        let index = i32::try_from(index).map_err(Refusal::with(Code::PageBroken))?;
        self.inner.pages().get(index).map_err(Refusal::with(Code::PageBroken))
    }
}

/// An outline on its way into a list.
struct Flat<'a> {
    pages: u32,
    /// Every entry once: a hostile outline leads in circles.
    seen: HashSet<PdfBookmark<'a>>,
    /// Title, level, page.
    entries: Vec<(String, u32, u32)>,
}

impl<'a> Flat<'a> {
    fn add(&mut self, first: PdfBookmark<'a>, level: u32) {
        let mut next = Some(first);
        while let Some(entry) = next {
            if self.seen.len() >= MAX_OUTLINE || !self.seen.insert(entry.clone()) {
                return;
            }
            let target = target(&entry).and_then(|page| u32::try_from(page).ok());
            let title = entry.title().unwrap_or_default();
            let title = title.trim_matches(|ch: char| ch.is_whitespace() || ch.is_control());
            if let (Some(page), false) = (target.filter(|page| *page < self.pages), title.is_empty()) {
                self.entries.push((title.chars().take(MAX_TITLE).collect(), level, page));
            }
            if level < MAX_DEPTH
                && let Some(child) = entry.first_child()
            {
                self.add(child, level + 1);
            }
            next = entry.next_sibling();
        }
    }
}

fn target(entry: &PdfBookmark<'_>) -> Option<i32> {
    if let Some(destination) = entry.destination() {
        return destination.page_index().ok();
    }
    local_target(&entry.action()?)
}

/// The page that an action inside the document leads to.
pub fn local_target(action: &PdfAction<'_>) -> Option<i32> {
    action.as_local_destination_action()?.destination().ok()?.page_index().ok()
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
