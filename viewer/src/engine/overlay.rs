//! What lies over a page's pixels: marks, hits and the selection, in device pixels.

use evolume_model::geometry::{PageFrame, PageRect, ViewPoint};

use super::Engine;
use crate::engine::scene::{Ink, Overlay};
use crate::engine::tiles::Placed;

/// How thick the caret is, in CSS pixels.
const CARET: f64 = 2.;

impl Engine {
    pub(super) fn overlays(&self, page: u32, placed: &Placed) -> Vec<Overlay> {
        let Some(entry) = self.page(page as usize) else { return Vec::new() };
        let rotation = self.rotation(page as usize);
        let size = entry.size().rotated(rotation);
        let frame = PageFrame {
            size: entry.size(),
            rotation,
            origin: ViewPoint { x: placed.x as f64, y: placed.y as f64 },
            scale: f64::from(placed.width) / f64::from(size.width.max(1.)),
        };
        let overlay = |rect: &PageRect, ink| Overlay { to: frame.rect_to_view(rect), ink };
        let marks = self.marks.iter().filter(|mark| mark.page == page + 1);
        let mut overlays: Vec<Overlay> = marks
            .flat_map(|mark| {
                let ink = Ink::Marker { colour: mark.colour, active: mark.active };
                mark.rects.iter().map(move |rect| (rect, ink))
            })
            .map(|(rect, ink)| overlay(rect, ink))
            .collect();
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
        if let Some(link) = self.links.pointed.as_ref().filter(|link| link.page == page) {
            overlays.extend(link.rects.iter().map(|rect| overlay(rect, Ink::Link)));
        }
        overlays
    }
}
