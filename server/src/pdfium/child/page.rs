//! Everything that is derived from one page: size, text, preview, thumbnail, image. Runs in the child.

use evolume_model::code::Code;
use evolume_model::fonts;
use evolume_model::geometry::{PageFrame, PageSize, Rotation, ViewPoint};
use evolume_model::navigation::MAX_LINKS;
use evolume_model::text::PageText;
use evolume_model::volume::{THUMB_HEIGHT, THUMB_WIDTH};
use evolume_pdf::CropBox;
use image::{RgbImage, imageops};
use pdfium_render::prelude::*;

use super::pdf::{self, Document};
use super::substitute;
use super::{cover, full_image, sense};
use crate::pdfium::protocol::{PageData, Thumb};
use crate::pdfium::{bounds, pixels};
use crate::refusal::Refusal;

/// Width of a preview, as displayed: A4 at 125 %, so that it is as good as sharp at first.
const PREVIEW_WIDTH: u32 = 1000;
/// And its height for very tall pages.
const PREVIEW_HEIGHT: u32 = 2000;
/// Grey values that differ by less are the same.
const BLANK: u8 = 24;

/// Derives it all.
pub fn derive<'a>(pdfium: &'a Pdfium, document: &Document<'a>, index: u32) -> Result<PageData, Refusal> {
    let broken = Code::PageBroken;
    let page = document.page(index)?;
    let rotation = evolume_pdf::rotation(&page).map_err(Refusal::with(broken))?;
    let crop = CropBox::of(&page, rotation);
    if !crop.has_area() {
        return Err(Refusal::new(broken, "the page has no area"));
    }
    let (text, unmapped) = text(pdfium, document, &page, &crop, index)?;
    if !substitute::is_european() && text.as_str().chars().any(fonts::is_european) && lacks_letters(&page) {
        let again = document.again(pdfium)?;
        return substitute::european(|| derive(pdfium, &again, index));
    }
    let (width, height) = pdf::fit(&page, PREVIEW_WIDTH, PREVIEW_HEIGHT);
    // Rendered at twice the size and scaled down: PDFium draws hairlines too heavy.
    let large = pdf::render(&page, width * 2, height * 2).map_err(Refusal::with(broken))?;
    let preview = pixels::halve(&large.into_rgba8());
    let thumb = thumbnail(&preview);
    // A text that is none does not hide what can be read from the pixels.
    let text = if sense::is_rubbish(text.as_str(), unmapped) { PageText::default() } else { text };
    let frame = PageFrame {
        size: PageSize { width: crop.width, height: crop.height },
        rotation,
        origin: ViewPoint::default(),
        scale: f64::from(preview.width()) / f64::from(page.width().value.max(0.01)),
    };
    let scan = match text.is_empty() {
        true => Some(!is_blank(&preview)),
        false => cover::leaves_more(&page, &crop, &text, frame, &preview).then_some(true),
    };
    let upright = rotation == Rotation::None;
    let image = upright
        .then(|| full_image::find(&page, &crop, &preview).or_else(|| full_image::reduce(&page, &crop)));
    Ok(PageData {
        width: crop.width,
        height: crop.height,
        rotation: rotation.into(),
        label: page
            .label()
            .filter(|label| !label.is_empty())
            .map(|label| label.chars().take(bounds::LABEL).collect()),
        text: text.encode(),
        scan,
        preview: pixels::jpeg(&preview, pixels::PREVIEW_QUALITY),
        thumb,
        image: image.flatten(),
        links: evolume_pdf::links(&page, &crop).into_iter().take(MAX_LINKS).collect(),
        fonts: substitute::take_wanted(),
    })
}

/// The page's text, with what fields and notes say. These are read in a copy: the page itself is shown as it is.
fn text<'a>(
    pdfium: &'a Pdfium,
    document: &Document<'a>,
    page: &PdfPage<'_>,
    crop: &CropBox,
    index: u32,
) -> Result<(PageText, usize), Refusal> {
    if page.annotations().is_empty() {
        return Ok(evolume_pdf::text(page, crop));
    }
    let copy = document.again(pdfium)?;
    let mut flat = copy.page(index)?;
    let page = if evolume_pdf::flatten(&mut flat) { &flat } else { page };
    Ok(evolume_pdf::text(page, crop))
}

/// Whether PDFium's own fonts are to show letters that they do not have.
pub fn lacks_letters(page: &PdfPage<'_>) -> bool {
    page.objects().iter().any(|object| {
        object.as_text_object().is_some_and(|text| {
            text.text().chars().any(fonts::is_european) && text.font().is_embedded().is_ok_and(|is| !is)
        })
    })
}

/// Whether there is nothing to be seen: a preview is white, or the grey of empty paper, all over.
fn is_blank(preview: &RgbImage) -> bool {
    let green = || preview.pixels().map(|pixel| pixel.0[1]);
    let brightest = green().max().unwrap_or(255);
    green().all(|value| brightest.abs_diff(value) < BLANK)
}

fn thumbnail(preview: &RgbImage) -> Thumb {
    let (w, h) = preview.dimensions();
    let scale = (THUMB_WIDTH as f32 / w as f32).min(THUMB_HEIGHT as f32 / h as f32).min(1.);
    let side = |length: u32| ((length as f32 * scale).round() as u32).max(1);
    let (width, height) = (side(w).min(THUMB_WIDTH), side(h).min(THUMB_HEIGHT));
    let small = imageops::thumbnail(preview, width, height);
    Thumb { width, height, rgb: small.into_raw() }
}
