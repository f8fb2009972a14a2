//! One page: its crop box, text and links.

use evolume_model::geometry::{PageRect, Rotation};
use evolume_model::navigation::{LinkTarget, MAX_PAGE_LINKS, is_address};
use evolume_model::text::{Glyph, LINE_END_HYPHENS, PageText, TextSource};
use pdfium_render::prelude::*;

use crate::outline::local_target;
use crate::{margin, running};

/// Characters of a page; further ones are dropped.
const TEXT_LIMIT: usize = 200_000;
/// A line is level if it rises or sinks by less than this share of its length.
const LEVEL: f32 = 0.05;
/// The least and the most of an em that is below the baseline. Fonts that claim anything else are wrong.
const BELOW: [f32; 2] = [0.12, 0.25];

/// Larger than any page, in points.
const EVERYTHING: f32 = 1e5;
/// Annotations beyond this number are not looked at.
const ANNOTATIONS: usize = 10_000;

/// A page. A crop box that lies outside of the media box would leave nothing of it, and is taken for none.
pub fn page<'a>(document: &PdfDocument<'a>, index: PdfPageIndex) -> Result<PdfPage<'a>, PdfiumError> {
    let mut page = document.pages().get(index)?;
    if page.width().value > 0. && page.height().value > 0. {
        return Ok(page);
    }
    // What is left of it is then the media box.
    let all = PdfRect::new_from_values(-EVERYTHING, -EVERYTHING, EVERYTHING, EVERYTHING);
    page.boundaries_mut().set_crop(all)?;
    // PDFium looks at the boxes when it opens a page.
    drop(page);
    document.pages().get(index)
}

/// Makes what fields and notes show a part of the page's content, so that it is read with the rest; says whether
/// anything has come to it. Its links are gone then.
pub fn flatten(page: &mut PdfPage<'_>) -> bool {
    let mut any = false;
    for at in 0..page.annotations().len().min(ANNOTATIONS) {
        let Ok(mut annotation) = page.annotations_mut().get(at) else { continue };
        let shows = !matches!(
            annotation.annotation_type(),
            PdfPageAnnotationType::Link | PdfPageAnnotationType::Popup | PdfPageAnnotationType::Unknown
        );
        let shows = shows && !annotation.is_hidden() && !annotation.is_printable_but_not_viewable();
        // Only what would be printed is put into the content.
        any |= shows && annotation.set_is_printed(true).is_ok();
    }
    any && page.flatten().is_ok()
}

/// The unrotated crop box in PDF user space.
#[derive(Clone, Copy, Debug)]
pub struct CropBox {
    left: f32,
    top: f32,
    pub width: f32,
    pub height: f32,
}

impl CropBox {
    /// The crop box of a page that is displayed with this rotation.
    pub fn of(page: &PdfPage<'_>, rotation: Rotation) -> Self {
        let turned = matches!(rotation, Rotation::Quarter | Rotation::ThreeQuarters);
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

    pub fn has_area(&self) -> bool {
        self.width > 0. && self.height > 0. && self.width.is_finite() && self.height.is_finite()
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

/// The rotation with which the page is displayed.
pub fn rotation(page: &PdfPage<'_>) -> Result<Rotation, PdfiumError> {
    Ok(match page.rotation()? {
        PdfPageRenderRotation::None => Rotation::None,
        PdfPageRenderRotation::Degrees90 => Rotation::Quarter,
        PdfPageRenderRotation::Degrees180 => Rotation::Half,
        PdfPageRenderRotation::Degrees270 => Rotation::ThreeQuarters,
    })
}

/// The page's links, except those that lead nowhere.
pub fn links(page: &PdfPage<'_>, crop: &CropBox) -> Vec<(PageRect, LinkTarget)> {
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
        None => inside(local_target(&action)?),
    }
}

/// The page's characters with their boxes, and how many glyphs there are besides that stand for no character.
pub fn text(page: &PdfPage<'_>, crop: &CropBox) -> (PageText, usize) {
    let Ok(text) = page.text() else { return (PageText::default(), 0) };
    let mut glyphs = Vec::new();
    let mut unmapped = 0;
    let mut high: Option<u32> = None;
    let mut band: Option<Band> = None;
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
        let Some(ch) = char::from_u32(value) else {
            unmapped += 1;
            continue;
        };
        let is_layout = ch.is_whitespace() || LINE_END_HYPHENS.contains(&ch);
        unmapped += usize::from(ch.is_control() && !is_layout);
        let rect = if ch.is_control() && !LINE_END_HYPHENS.contains(&ch) {
            None
        } else {
            found.loose_bounds().ok().map(|bounds| crop.rect(&one_em(&found, bounds, &mut band))).filter(
                |rect| [rect.x0, rect.y0, rect.x1, rect.y1].iter().all(|v| v.is_finite() && v.abs() < 1e6),
            )
        };
        glyphs.push(Glyph::certain(ch, rect));
    }
    (
        PageText::from_glyphs(
            TextSource::Pdf,
            running::in_place(margin::without_numbers(glyphs, crop.width, crop.height)),
        ),
        unmapped,
    )
}

/// Extents across a line: of PDFium's boxes, and of those that are made of them.
struct Band {
    level: bool,
    loose: (f32, f32),
    em: (f32, f32),
}

fn extent(bounds: &PdfRect, level: bool) -> (f32, f32) {
    if level {
        (bounds.bottom().value, bounds.top().value)
    } else {
        (bounds.left().value, bounds.right().value)
    }
}

/// A character's box, one em high, divided by the baseline in the ratio of the font's ascent and descent. They are
/// the font's and not the character's, so that the boxes of a line are even.
///
/// PDFium's own box has the height of the font's bounding box, with room for accents on capitals and anything else
/// that the font draws: often half as high again as the writing. It is used where a line is neither level nor
/// upright, and where the font does not give its measures.
fn one_em(found: &PdfPageTextChar<'_>, bounds: PdfRect, last: &mut Option<Band>) -> PdfRect {
    if bounds.width().value <= 0. || bounds.height().value <= 0. {
        return bounds;
    }
    // Asking for the font is slow in the browser. While the height of the boxes stays the same, so does the font.
    if last.as_ref().is_none_or(|band| extent(&bounds, band.level) != band.loose) {
        *last = band(found, &bounds);
    }
    let Some(Band { level, em: (from, to), .. }) = *last else { return bounds };
    if level {
        PdfRect::new_from_values(from, bounds.left().value, to, bounds.right().value)
    } else {
        PdfRect::new_from_values(bounds.bottom().value, from, bounds.top().value, to)
    }
}

fn band(found: &PdfPageTextChar<'_>, bounds: &PdfRect) -> Option<Band> {
    let size = found.unscaled_font_size();
    let object = found.text_object().ok()?;
    let font = object.font();
    let (ascent, descent) = (font.ascent(size).ok()?.value, font.descent(size).ok()?.value);
    let share = -descent / (ascent - descent);
    if !share.is_finite() {
        return None;
    }
    let below = share.clamp(BELOW[0], BELOW[1]) * size.value;
    let matrix = found.matrix().ok()?;
    let (x, y) = found.origin().ok()?;
    let level = matrix.b().abs() <= LEVEL * matrix.a().abs();
    let upright = matrix.a().abs() <= LEVEL * matrix.b().abs();
    // The baseline, and the length of one font unit upwards, across the line.
    let (base, up) = if level { (y.value, matrix.d()) } else { (x.value, matrix.c()) };
    let (from, to) = (base - up * below, base + up * (size.value - below));
    (level != upright).then(|| Band { level, loose: extent(bounds, level), em: (from.min(to), from.max(to)) })
}
