//! From what a surface is made.

use evolume_model::geometry::{PageRect, PageSize, Rotation};
use evolume_model::page::PageRef;
use evolume_model::volume::{Page, SHEET_PAGES};

use super::pages::Pages;
use super::scene::Shape;
use super::tiles::{self, Key, Kind, Piece};
use super::{Engine, Resize, Source};

/// Pixels of a page on paper, along its longer side, at most.
const PAPER_SIDE: f64 = 5000.;

/// A page for paper.
#[derive(Clone, Debug)]
pub struct Paper {
    pub source: Source,
    /// In points, before it is turned.
    pub size: PageSize,
    pub rotation: Rotation,
    /// The last one on top.
    pub marks: Vec<Shape>,
}

impl Pages {
    /// How to make a surface; `None` when the manifest has nothing to make it from.
    pub(super) fn source(&self, key: &Key) -> Option<Source> {
        let (material, index) = self.place(key.page as usize)?;
        let material = self.material(material)?;
        let page = material.pages.get(index as usize)?;
        match key.kind {
            Kind::Thumbs => {
                let sheet = material.sheets.get((index / SHEET_PAGES) as usize)?;
                let made = sheet.thumbs.bytes > 0;
                made.then(|| Source::Thumbs { blob: sheet.thumbs.clone() })
            }
            Kind::Preview => {
                let (blob, range) = material.preview_of(index)?;
                Some(Source::Preview { blob: blob.clone(), range })
            }
            Kind::Image { width } => {
                let image = page.image.as_ref()?;
                let ratio = f64::from(image.height_px) / f64::from(image.width_px.max(1));
                let height = ((f64::from(width) * ratio).round() as u32).clamp(1, image.height_px.max(1));
                let (blob, media_type) = (image.blob.clone(), image.media_type.clone());
                let fine = width.saturating_mul(2) < image.width_px;
                let size = (width != image.width_px).then_some(Resize { width, height, fine });
                Some(Source::Image { blob, media_type, size })
            }
            Kind::Sharp { page_width, page_height, piece } => {
                let (part, page_in_part) = material.part_of(index)?;
                let size = page.size().rotated(page.rotation);
                let fine = f64::from(page_width) >= f64::from(size.width) * tiles::OVERSAMPLE_BELOW;
                Some(Source::Render {
                    blob: part.blob.clone(),
                    page: page_in_part,
                    page_width,
                    page_height,
                    piece,
                    oversample: if fine { 1 } else { 2 },
                    fonts: material.fonts_of(part).cloned().collect(),
                })
            }
        }
    }

    /// How to draw a whole page on paper; a huge one is drawn coarser.
    fn paper(&self, page: usize, dpi: f64) -> Option<Source> {
        let size = self.page(page).map(|page| page.size().rotated(page.rotation))?;
        let (w, h) = (f64::from(size.width), f64::from(size.height));
        let scale = (dpi.clamp(36., 600.) / 72.).min(PAPER_SIDE / w.max(h).max(1.));
        let [width, height] = [w, h].map(|side| (side * scale).round().max(1.) as u32);
        let piece = Piece { x: 0, y: 0, width, height };
        let kind = Kind::Sharp { page_width: width, page_height: height, piece };
        self.source(&Key { page: page as u32, kind })
    }

    /// The rectangle of a page's image in shares of the page.
    pub(super) fn image_rect(page: &Page, rect: &PageRect) -> [f64; 4] {
        let (w, h) = (f64::from(page.width.max(1.)), f64::from(page.height.max(1.)));
        [
            f64::from(rect.x0) / w,
            f64::from(rect.y0) / h,
            f64::from(rect.width()) / w,
            f64::from(rect.height()) / h,
        ]
    }
}

impl Engine {
    /// How to make a surface; `None` when there is nothing to make it from, or it takes too long.
    pub(super) fn source(&self, key: &Key) -> Option<Source> {
        let sharp = matches!(key.kind, Kind::Sharp { .. });
        let timed_out = sharp && self.surfaces.is_timed_out(key.page as usize);
        if timed_out { None } else { self.pages.source(key) }
    }

    /// How to draw a whole page on paper, as its PDF has it turned, and the marks on it.
    pub fn paper(&self, page: &PageRef, dpi: f64) -> Option<Paper> {
        let number = self.pages.find(page)?;
        let source = self.pages.paper(number, dpi).filter(|_| !self.surfaces.is_timed_out(number))?;
        let entry = self.pages.page(number)?;
        let marks = self.marks.on(&page.material, page.index).iter().cloned().map(Shape).collect();
        Some(Paper { source, size: entry.size(), rotation: entry.rotation, marks })
    }
}
