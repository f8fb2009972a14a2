//! What lies over a page's pixels: marks, hits and the selection, in device pixels.

use evolume_model::geometry::{PageFrame, PageRect, ViewPoint};

use super::Engine;
use crate::scene::{Ink, Overlay};
use crate::tiles::Placed;

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
        let selected = self.select.span().filter(|span| span.page == page);
        if let Some((span, text)) = selected.and_then(|span| Some((span, self.texts.get(page)?))) {
            let rects = text.rects(span.range.clone());
            overlays.extend(rects.iter().map(|rect| overlay(rect, Ink::Selection)));
        }
        if let Some(link) = self.links.pointed.as_ref().filter(|link| link.page == page) {
            overlays.extend(link.rects.iter().map(|rect| overlay(rect, Ink::Link)));
        }
        overlays
    }
}
