//! What lies over a page's pixels beside the marks: hits, the selection, the caret and the link pointed at, in device
//! pixels.

use evolume_model::geometry::{PageFrame, PageRect, ViewPoint};

use super::Engine;
use super::scene::{Ink, Overlay, Shape};
use super::tiles::Placed;

/// How thick the caret is, in CSS pixels.
const CARET: f64 = 2.;

impl Engine {
    /// A page as it lies in the viewport, in device pixels.
    pub(super) fn device_frame(&self, page: usize, placed: &Placed) -> Option<PageFrame> {
        let size = self.pages.page(page)?.size();
        let rotation = self.pages.rotation(page);
        let scale = f64::from(placed.width) / f64::from(size.rotated(rotation).width.max(1.));
        let origin = ViewPoint { x: placed.x as f64, y: placed.y as f64 };
        Some(PageFrame { size, rotation, origin, scale })
    }

    /// The marks of a page, the last one on top.
    pub(super) fn shapes(&self, page: usize) -> Vec<Shape> {
        let own = self
            .pages
            .place(page)
            .and_then(|(material, index)| Some(self.marks.on(&self.pages.material(material)?.id, index)));
        own.unwrap_or_default().iter().cloned().map(Shape).collect()
    }

    pub(super) fn overlays(&self, page: u32, frame: &PageFrame) -> Vec<Overlay> {
        let overlay = |rect: &PageRect, ink| Overlay { to: frame.rect_to_view(rect), ink };
        let mut overlays = Vec::new();
        if let Some(text) = self.texts.get(page) {
            for (range, ink) in self.find.on(page) {
                overlays.extend(text.rects(range.clone()).iter().map(|rect| overlay(rect, ink)));
            }
        }
        if let Some((range, text)) = self.selected_on(page).zip(self.texts.get(page)) {
            overlays.extend(text.rects(range).iter().map(|rect| overlay(rect, Ink::Selection)));
        }
        if let Some(caret) = self.caret_on(page) {
            let [x, y, width, height] = frame.rect_to_view(&caret);
            let thick = CARET * self.camera.dpr;
            let to = [x - thick / 2., y - thick / 2., width + thick, height + thick];
            overlays.push(Overlay { to, ink: Ink::Caret });
        }
        overlays.extend(self.links.pointed_on(page).iter().map(|rect| overlay(rect, Ink::Link)));
        overlays
    }
}
