//! What part of the content the viewport shows, and at which scale.

use evolume_model::geometry::ViewPoint;
use evolume_model::viewing::Fit;

use crate::engine::layout::{GAP, Layout, Slot};

/// CSS pixels per point at 100 %.
pub const UNIT: f64 = 96. / 72.;
/// Smallest scale: 10 %.
pub const MIN_SCALE: f64 = 0.1 * UNIT;
/// Largest scale: 1600 %.
pub const MAX_SCALE: f64 = 16. * UNIT;

/// A scale and the content point in the viewport's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Content x at the left edge of the viewport.
    pub x: f64,
    /// Content y at the upper edge of the viewport.
    pub y: f64,
    /// CSS pixels per point.
    pub scale: f64,
    /// Viewport width in CSS pixels.
    pub width: f64,
    /// Viewport height in CSS pixels.
    pub height: f64,
    /// Device pixels per CSS pixel.
    pub dpr: f64,
    /// The only page that shows, where pages show alone.
    pub alone: Option<usize>,
}

impl Default for Camera {
    fn default() -> Self {
        Self { x: 0., y: 0., scale: UNIT, width: 0., height: 0., dpr: 1., alone: None }
    }
}

impl Camera {
    /// Content height of the viewport.
    pub fn span(&self) -> f64 {
        self.height / self.scale
    }

    /// Device pixels per point.
    pub fn device_scale(&self) -> f64 {
        self.scale * self.dpr
    }

    /// The pages that show.
    pub fn visible(&self, layout: &Layout) -> std::ops::Range<usize> {
        match self.alone.filter(|page| *page < layout.len()) {
            Some(page) => page..page + 1,
            None => layout.between(self.y, self.y + self.span()),
        }
    }

    /// The page that the reader is on: the one at a third of the viewport's height.
    pub fn current(&self, layout: &Layout) -> usize {
        let visible = self.visible(layout);
        let last = visible.end.saturating_sub(1);
        layout.page_at(self.y + self.span() / 3.).clamp(visible.start.min(last), last)
    }

    /// Changes the scale so that the content under `at` stays where it is.
    pub fn zoom_to(&mut self, scale: f64, at: ViewPoint) {
        let scale = if scale.is_finite() { scale.clamp(MIN_SCALE, MAX_SCALE) } else { self.scale };
        self.x += at.x / self.scale - at.x / scale;
        self.y += at.y / self.scale - at.y / scale;
        self.scale = scale;
    }

    /// The scale at which a page fits.
    pub fn fit_scale(&self, slot: &Slot, fit: Fit) -> f64 {
        let across = self.width / (slot.width + 2. * GAP);
        let scale = match fit {
            Fit::Width => across,
            Fit::Page => across.min(self.height / (slot.height + 2. * GAP)),
        };
        scale.clamp(MIN_SCALE, MAX_SCALE)
    }

    /// The middle of the viewport.
    pub fn center(&self) -> ViewPoint {
        ViewPoint { x: self.width / 2., y: self.height / 2. }
    }

    /// Keeps the content in view: centred where it is narrower than the viewport, else inside it.
    pub fn clamp(&mut self, layout: &Layout) {
        let span = self.span();
        let (top, bottom) = match self.alone.and_then(|page| layout.slot(page)) {
            Some(slot) => (slot.y - GAP, slot.y + slot.height + GAP),
            None => (0., layout.height()),
        };
        let lowest = bottom - span;
        self.y = if lowest < top { (top + lowest) / 2. } else { self.y.clamp(top, lowest) };
        let slots = self.visible(layout).filter_map(|page| layout.slot(page));
        let widest = slots.map(|slot| slot.reach()).fold(0., f64::max);
        let across = self.width / self.scale;
        let reach = widest + GAP;
        self.x = if 2. * reach <= across { -across / 2. } else { self.x.clamp(-reach, reach - across) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layout::tests::{arrangement, layout};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn zooming_keeps_the_point_under_the_pointer(x in 0f64..1600., y in 0f64..1000., factor in 0.2f64..5.) {
            let mut camera = Camera { x: -300., y: 5000., width: 1600., height: 1000., ..Default::default() };
            let content = |c: &Camera| (c.x + x / c.scale, c.y + y / c.scale);
            let before = content(&camera);
            camera.zoom_to(camera.scale * factor, ViewPoint { x, y });
            let after = content(&camera);
            prop_assert!((before.0 - after.0).abs() < 1e-6 && (before.1 - after.1).abs() < 1e-6);
        }

        #[test]
        fn a_clamped_camera_always_shows_a_page(y in -1e7f64..1e7, x in -1e7f64..1e7, scale in 0.05f64..40.,
                                               w in 10f64..4000., h in 30f64..4000.,
                                               arrangement in arrangement(), alone in prop::option::of(0usize..5)) {
            let layout = layout(&[(595., 842.), (1191., 842.), (10., 10.)], arrangement);
            let mut camera = Camera { x, y, width: w, height: h, alone, ..Default::default() };
            camera.zoom_to(scale, camera.center());
            camera.clamp(&layout);
            if camera.height / camera.scale > GAP {
                prop_assert!(!camera.visible(&layout).is_empty());
            }
            let again = { let mut c = camera; c.clamp(&layout); c };
            prop_assert!((again.y - camera.y).abs() < 1e-6);
        }
    }
}
