//! The frame that is drawn and then enlarged, once.

use evolume_model::geometry::ViewPoint;
use evolume_model::viewing::Tool;

use crate::engine::Engine;

/// A frame with a shorter side, in CSS pixels, was a slip of the hand.
const SMALLEST: f64 = 8.;

#[derive(Debug)]
pub(super) struct Marquee {
    id: i32,
    from: ViewPoint,
    to: ViewPoint,
}

impl Marquee {
    pub fn new(id: i32, at: ViewPoint) -> Self {
        Self { id, from: at, to: at }
    }

    pub fn is_by(&self, id: i32) -> bool {
        self.id == id
    }

    pub fn moved(&mut self, id: i32, to: ViewPoint) {
        if self.is_by(id) {
            self.to = to;
        }
    }

    /// Left, upper edge, width, height in CSS pixels.
    pub fn frame(&self) -> [f64; 4] {
        let Self { from, to, .. } = self;
        [from.x.min(to.x), from.y.min(to.y), (from.x - to.x).abs(), (from.y - to.y).abs()]
    }
}

impl Engine {
    /// Zooms so that a frame fills the viewport.
    pub(super) fn enlarge(&mut self, now: f64, [x, y, width, height]: [f64; 4]) {
        if width.min(height) < SMALLEST {
            return;
        }
        self.pointers.tool = Tool::Select;
        self.fit = None;
        let camera = &mut self.camera;
        let factor = (camera.width / width).min(camera.height / height);
        camera.zoom_to(camera.scale * factor, ViewPoint { x: x + width / 2., y: y + height / 2. });
        // The frame's middle stayed where it was; now it goes to the viewport's.
        camera.x += (x + width / 2. - camera.width / 2.) / camera.scale;
        camera.y += (y + height / 2. - camera.height / 2.) / camera.scale;
        self.motion.pushed(now);
        self.motion.settle_at(now);
    }
}
