//! The scene: all that `paint` needs for one frame, in device pixels.

use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::geometry::{PageFrame, Rotation};
use evolume_model::viewing::MarkPaint;

use crate::engine::tiles::{Piece, Placed};

/// A bitmap on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// The job whose bitmap it is.
    pub bitmap: u32,
    /// Which part of it, in its own pixels: left, upper edge, width, height; absent for all of it.
    pub from: Option<[f64; 4]>,
    /// Where on the viewport: left, upper edge, width, height; before the page is turned around its corner.
    pub to: [f64; 4],
}

/// What lies over the pixels of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlay {
    /// Where on the viewport: left, upper edge, width, height.
    pub to: [f64; 4],
    /// With which ink.
    pub ink: Ink,
}

/// How an overlay is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Selected text.
    Selection,
    /// Where the keyboard is in the text.
    Caret,
    /// Text that was looked for.
    Hit {
        /// The one that was chosen.
        current: bool,
        /// With a frame: it has just been jumped to.
        framed: bool,
        /// Underlined only: it is not quite what was looked for.
        approximate: bool,
    },
    /// The link or citation under the pointer.
    Link,
}

/// A mark as it is painted, shared with whoever keeps it. Two are equal only when they are the same one, so that
/// comparing scenes never looks into a mark.
#[derive(Clone, Debug)]
pub struct Shape(pub Rc<MarkPaint>);

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A page of the scene.
#[derive(Clone, Debug, PartialEq)]
pub struct PagePaint {
    /// Volume page number, from 1.
    pub number: u32,
    /// Its rectangle.
    pub placed: Placed,
    /// How its bitmaps are turned into it.
    pub turn: Rotation,
    /// The visible part, in the page's own pixels before it is turned.
    pub window: Piece,
    /// From the coarsest to the sharpest.
    pub draws: Vec<Draw>,
    /// From page space to the viewport, for the marks.
    pub frame: PageFrame,
    /// Over the pixels, the last one on top.
    pub marks: Vec<Shape>,
    /// Over the marks, the last one on top.
    pub overlays: Vec<Overlay>,
    /// Set when the page cannot be shown.
    pub problem: Option<Code>,
}

/// One frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Visible pages from above.
    pub pages: Vec<PagePaint>,
    /// A frame that is being drawn: left, upper edge, width, height.
    pub frame: Option<[f64; 4]>,
}
