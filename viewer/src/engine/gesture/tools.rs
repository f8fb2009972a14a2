//! What the main button does: select, push the pages like a hand, or draw the frame that is to be enlarged.

use evolume_model::geometry::ViewPoint;
use evolume_model::viewing::Tool;

use crate::engine::{Cursor, Engine};

/// A frame with a shorter side, in CSS pixels, was a slip of the hand.
const SMALLEST: f64 = 8.;

/// The tool, and where its button went down.
#[derive(Debug, Default)]
pub(in crate::engine) struct Hold {
    pub tool: Tool,
    from: Option<ViewPoint>,
    at: ViewPoint,
}

impl Hold {
    /// Takes up a tool.
    pub fn take(tool: Tool) -> Self {
        Self { tool, ..Self::default() }
    }

    /// How the pointer looks, unless the tool selects.
    pub fn cursor(&self) -> Option<Cursor> {
        match self.tool {
            Tool::Select => None,
            Tool::Hand if self.from.is_some() => Some(Cursor::Grabbing),
            Tool::Hand => Some(Cursor::Hand),
            Tool::Marquee => Some(Cursor::Cross),
        }
    }

    /// The frame that is being drawn: left, upper edge, width, height in CSS pixels.
    pub fn frame(&self) -> Option<[f64; 4]> {
        let from = self.from.filter(|_| self.tool == Tool::Marquee)?;
        let (x, y) = (from.x.min(self.at.x), from.y.min(self.at.y));
        Some([x, y, (from.x - self.at.x).abs(), (from.y - self.at.y).abs()])
    }
}

impl Engine {
    /// The button goes down; false when the tool leaves it to the selection.
    pub(in crate::engine) fn grasp(&mut self, at: ViewPoint) -> bool {
        if self.hold.tool == Tool::Select {
            return false;
        }
        (self.hold.from, self.hold.at) = (Some(at), at);
        self.pointer = Some(at);
        true
    }

    /// The pointer moves.
    pub(in crate::engine) fn pull(&mut self, now: f64, at: ViewPoint) -> bool {
        if self.hold.tool == Tool::Select {
            return false;
        }
        let last = std::mem::replace(&mut self.hold.at, at);
        self.pointer = Some(at);
        if self.hold.tool == Tool::Hand && self.hold.from.is_some() {
            self.moved_at = now;
            self.pinned = None;
            self.scroll(now, last.x - at.x, last.y - at.y);
        }
        true
    }

    /// The button goes up.
    pub(in crate::engine) fn let_go(&mut self, now: f64, at: ViewPoint) -> bool {
        if self.hold.tool == Tool::Select {
            return false;
        }
        self.hold.at = at;
        let frame = self.hold.frame();
        self.hold.from = None;
        if let Some(frame) = frame.filter(|[.., width, height]| width.min(*height) >= SMALLEST) {
            self.hold = Hold::default();
            self.enlarge(now, frame);
        }
        true
    }

    /// Zooms so that a frame fills the viewport.
    fn enlarge(&mut self, now: f64, [x, y, width, height]: [f64; 4]) {
        self.fit = None;
        self.pinned = None;
        let camera = &mut self.camera;
        let factor = (camera.width / width).min(camera.height / height);
        camera.zoom_to(camera.scale * factor, ViewPoint { x: x + width / 2., y: y + height / 2. });
        // The frame's middle stayed where it was; now it goes to the viewport's.
        camera.x += (x + width / 2. - camera.width / 2.) / camera.scale;
        camera.y += (y + height / 2. - camera.height / 2.) / camera.scale;
        self.moved_at = now;
        self.settled_at = now;
    }
}
