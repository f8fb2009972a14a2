//! Everything that is derived from one page: size, text, preview, thumbnail, image. Runs in the child.

use evolume_model::code::Code;
use evolume_model::geometry::PageRect;
use evolume_model::guide::{LinkTarget, MAX_PAGE_LINKS, is_address};
use evolume_model::text::{Glyph, LINE_END_HYPHENS, PageText, TextSource};
use evolume_model::volume::{THUMB_HEIGHT, THUMB_WIDTH};
use image::{RgbImage, imageops};
use pdfium_render::prelude::*;

use super::full_image;
use super::pdf::{self, Document};
use super::pixels;
use super::protocol::{PageData, Thumb};
use super::substitute;
use super::worker::Refusal;

/// Width of a preview, as displayed: A4 at 125 %, so that it is as good as sharp at first.
const PREVIEW_WIDTH: u32 = 1000;
/// And its height for very tall pages.
const PREVIEW_HEIGHT: u32 = 2000;
/// Grey values that differ by less are the same.
const BLANK: u8 = 24;
/// More characters on a page are dropped.
const TEXT_LIMIT: usize = 200_000;

/// Where the unrotated crop box lies in PDF user space.
#[derive(Clone, Copy, Debug)]
pub struct CropBox {
    left: f32,
    top: f32,
    /// Points.
    pub width: f32,
    /// Points.
    pub height: f32,
}

impl CropBox {
    fn of(page: &PdfPage<'_>, turned: bool) -> Self {
        let (w, h) = (page.width().value, page.height().value);
        let (width, height) = if turned { (h, w) } else { (w, h) };
        match page.boundaries().bounding() {
            Ok(found) => {
                let bounds = found.bounds;
                Self { left: bounds.left().value, top: bounds.top().value, width, height }
            }
            Err(_) => Self { left: 0., top: height, width, height },
        }
    }

    /// From PDF user space to page space.
    pub fn rect(&self, bounds: &PdfRect) -> PageRect {
        PageRect::new(
            bounds.left().value - self.left,
            self.top - bounds.top().value,
            bounds.right().value - self.left,
            self.top - bounds.bottom().value,
        )
    }
}

/// Derives it all.
pub fn derive(document: &Document<'_>, index: u32) -> Result<PageData, Refusal> {
    let broken = Code::PageBroken;
    let page = document.page(index)?;
    let rotation = match page.rotation().map_err(Refusal::with(broken))? {
        PdfPageRenderRotation::None => 0,
        PdfPageRenderRotation::Degrees90 => 90,
        PdfPageRenderRotation::Degrees180 => 180,
        PdfPageRenderRotation::Degrees270 => 270,
    };
    let crop = CropBox::of(&page, rotation % 180 == 90);
    if !(crop.width > 0. && crop.height > 0. && crop.width.is_finite() && crop.height.is_finite()) {
        return Err(Refusal::new(broken, "the page has no area"));
    }
    let (width, height) = pdf::fit(&page, PREVIEW_WIDTH, PREVIEW_HEIGHT);
    // Rendered at twice the size and scaled down: PDFium draws hairlines too heavy.
    let large = pdf::render(&page, width * 2, height * 2).map_err(Refusal::with(broken))?;
    let preview = pixels::halve(&large.into_rgba8());
    let thumb = thumbnail(&preview);
    let text = text(&page, &crop);
    let scan = text.is_empty().then(|| !is_blank(&preview));
    let image = if rotation == 0 { full_image::find(&page, &crop, &preview) } else { None };
    Ok(PageData {
        width: crop.width,
        height: crop.height,
        rotation,
        label: page.label().map(str::to_owned).filter(|label| !label.is_empty()),
        text: text.encode(),
        scan,
        preview: pixels::jpeg(&preview, pixels::PREVIEW_QUALITY),
        thumb,
        image,
        links: links(&page, &crop),
        fonts: substitute::take_wanted(),
    })
}

/// Whether there is nothing to be seen: a preview is white, or the grey of empty paper, all over.
fn is_blank(preview: &RgbImage) -> bool {
    let green = || preview.pixels().map(|pixel| pixel.0[1]);
    let brightest = green().max().unwrap_or(255);
    green().all(|value| brightest.abs_diff(value) < BLANK)
}

fn links(page: &PdfPage<'_>, crop: &CropBox) -> Vec<(PageRect, LinkTarget)> {
    let all = page.links();
    let found = (0..MAX_PAGE_LINKS).map_while(|at| all.get(at).ok());
    found
        .filter_map(|link| {
            let rect = crop.rect(&link.rect().ok()?);
            let sound = [rect.x0, rect.y0, rect.x1, rect.y1].iter().all(|v| v.is_finite() && v.abs() < 1e6);
            let target = link_target(&link)?;
            sound.then_some((rect, target))
        })
        .collect()
}

fn link_target(link: &PdfLink<'_>) -> Option<LinkTarget> {
    let inside = |page: i32| u32::try_from(page).ok().map(LinkTarget::Page);
    if let Some(destination) = link.destination() {
        return inside(destination.page_index().ok()?);
    }
    let action = link.action()?;
    match action.as_uri_action() {
        Some(uri) => uri.uri().ok().filter(|uri| is_address(uri)).map(LinkTarget::Uri),
        None => inside(pdf::local_target(&action)?),
    }
}

fn thumbnail(preview: &RgbImage) -> Thumb {
    let (w, h) = preview.dimensions();
    let scale = (THUMB_WIDTH as f32 / w as f32).min(THUMB_HEIGHT as f32 / h as f32).min(1.);
    let side = |length: u32| ((length as f32 * scale).round() as u32).max(1);
    let (width, height) = (side(w).min(THUMB_WIDTH), side(h).min(THUMB_HEIGHT));
    let small = imageops::thumbnail(preview, width, height);
    Thumb { width, height, rgb: small.into_raw() }
}

fn text(page: &PdfPage<'_>, crop: &CropBox) -> PageText {
    let Ok(text) = page.text() else { return PageText::default() };
    let mut glyphs = Vec::new();
    let mut high: Option<u32> = None;
    for found in text.chars().iter().take(TEXT_LIMIT) {
        let value = found.unicode_value();
        let value = match (high.take(), value) {
            (Some(high), 0xdc00..=0xdfff) => 0x10000 + ((high - 0xd800) << 10) + (value - 0xdc00),
            (_, 0xd800..=0xdbff) => {
                high = Some(value);
                continue;
            }
            (_, value) => value,
        };
        let Some(ch) = char::from_u32(value) else { continue };
        let rect = if ch.is_control() && !LINE_END_HYPHENS.contains(&ch) {
            None
        } else {
            found.loose_bounds().ok().map(|bounds| crop.rect(&bounds)).filter(|rect| {
                [rect.x0, rect.y0, rect.x1, rect.y1].iter().all(|v| v.is_finite() && v.abs() < 1e6)
            })
        };
        glyphs.push(Glyph::certain(ch, rect));
    }
    PageText::from_glyphs(TextSource::Pdf, glyphs)
}
