//! Draws a scene on the canvas.

pub(super) mod marks;

use std::collections::HashMap;

use js_sys::{Reflect, Uint8ClampedArray};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use evolume_model::geometry::Rotation;

use crate::browser::pixels::Pixels;
use crate::engine::scene::{Ink, Overlay, PagePaint, Scene};

/// The colours around the page; the page itself stays white.
#[derive(Clone, Copy)]
struct Theme {
    desk: &'static str,
    edge: &'static str,
    faint: &'static str,
}

const LIGHT: Theme = Theme { desk: "#e9ebec", edge: "rgba(20,30,40,.16)", faint: "#8a9299" };
const DARK: Theme = Theme { desk: "#16191b", edge: "rgba(0,0,0,.6)", faint: "#8a9299" };

/// Ink of selected text.
const SELECTION: [u8; 3] = [181, 213, 255];
const CARET: [u8; 3] = [0, 0, 0];
/// Ink of hits, and of the chosen one.
const HIT: [u8; 3] = [255, 236, 140];
const CURRENT_HIT: [u8; 3] = [255, 186, 92];
/// Ink of a hit that is only underlined, and how much of its height the line takes.
const APPROXIMATE_HIT: [u8; 3] = [255, 160, 60];
const UNDERLINE: f64 = 0.16;
/// Ink of the link under the pointer, and of the line below it.
const LINK: [u8; 3] = [228, 240, 250];
const LINK_LINE: &str = "#1f5f8b";
/// Inside the frame that is being drawn.
const FRAME_FILL: &str = "rgba(31,95,139,.12)";
/// Space between a hit and its frame, in device pixels.
const FRAME: f64 = 4.;

/// A canvas and its context.
pub struct Painter {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    dark: bool,
}

impl Painter {
    /// Takes the canvas over.
    pub fn new(canvas: HtmlCanvasElement, dark: bool) -> Result<Self, JsValue> {
        let options = js_sys::Object::new();
        Reflect::set(&options, &"alpha".into(), &false.into())?;
        let context = canvas.get_context_with_context_options("2d", &options)?;
        let context = context.ok_or("no 2d context")?.dyn_into()?;
        Ok(Self { canvas, context, dark })
    }

    /// Chooses the colours.
    pub fn set_dark(&mut self, dark: bool) {
        self.dark = dark;
    }

    /// Draws one frame of `width` x `height` device pixels; answers memory that is not needed any more.
    pub fn paint(
        &self,
        scene: &Scene,
        bitmaps: &mut HashMap<u32, Pixels>,
        (width, height): (u32, u32),
    ) -> Vec<Uint8ClampedArray> {
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
        let theme = if self.dark { DARK } else { LIGHT };
        let context = &self.context;
        context.set_fill_style_str(theme.desk);
        context.fill_rect(0., 0., width.into(), height.into());
        let mut spare = Vec::new();
        for page in &scene.pages {
            self.page(page, bitmaps, theme, &mut spare);
        }
        if let Some([x, y, w, h]) = scene.frame {
            context.set_fill_style_str(FRAME_FILL);
            context.fill_rect(x, y, w, h);
            context.set_stroke_style_str(LINK_LINE);
            context.set_line_width(1.);
            context.stroke_rect(x, y, w, h);
        }
        spare
    }

    fn page(
        &self,
        page: &PagePaint,
        bitmaps: &mut HashMap<u32, Pixels>,
        theme: Theme,
        spare: &mut Vec<Uint8ClampedArray>,
    ) {
        let context = &self.context;
        let (x, y) = (page.placed.x as f64, page.placed.y as f64);
        let (w, h) = (f64::from(page.placed.width), f64::from(page.placed.height));
        context.set_fill_style_str(theme.edge);
        context.fill_rect(x - 1., y - 1., w + 2., h + 3.);
        context.set_fill_style_str("#fff");
        context.fill_rect(x, y, w, h);
        let plain = page.turn == Rotation::None;
        if !plain {
            let [a, b, c, d, e, f] = page.turn.transform([x, y, w, h]);
            context.save();
            // The numbers are finite, and so the call cannot fail.
            let _ = context.transform(a, b, c, d, e, f);
        }
        for draw in &page.draws {
            let Some(pixels) = bitmaps.get_mut(&draw.bitmap) else { continue };
            // A bitmap that was closed meanwhile throws; the next scene no longer names it.
            spare.extend(pixels.draw(context, draw, plain).ok().flatten());
        }
        if !plain {
            context.restore();
        }
        marks::paint(context, &page.marks, &page.frame, true);
        self.overlays(&page.overlays);
        if let Some(code) = page.problem {
            self.problem(&format!("{}  ·  {code}", page.number), [x, y, w, h], theme);
        }
    }

    fn overlays(&self, overlays: &[Overlay]) {
        if overlays.is_empty() {
            return;
        }
        let context = &self.context;
        // As ink on paper: what is black under it stays black.
        let _ = context.set_global_composite_operation("multiply");
        for overlay in overlays {
            let [x, mut y, w, mut h] = overlay.to;
            if matches!(overlay.ink, Ink::Hit { approximate: true, .. }) {
                let line = (h * UNDERLINE).max(2.);
                (y, h) = (y + h - line / 2., line);
            }
            let [r, g, b] = match overlay.ink {
                Ink::Hit { current: false, approximate: true, .. } => APPROXIMATE_HIT,
                Ink::Selection => SELECTION,
                Ink::Caret => CARET,
                Ink::Link => LINK,
                Ink::Hit { current: false, .. } => HIT,
                Ink::Hit { current: true, .. } => CURRENT_HIT,
            };
            context.set_fill_style_str(&format!("rgb({r} {g} {b})"));
            context.fill_rect(x, y, w, h);
        }
        let _ = context.set_global_composite_operation("source-over");
        for overlay in overlays {
            let [x, y, w, h] = overlay.to;
            match overlay.ink {
                Ink::Hit { framed: true, .. } => marks::frame(context, [x, y, w, h], CURRENT_HIT, FRAME),
                Ink::Link => {
                    context.set_fill_style_str(LINK_LINE);
                    context.fill_rect(x, y + h, w, (h / 16.).clamp(1., 3.));
                }
                _ => {}
            }
        }
    }

    fn problem(&self, text: &str, [x, y, w, h]: [f64; 4], theme: Theme) {
        let context = &self.context;
        let size = (w / 30.).clamp(10., 28.);
        context.set_fill_style_str(theme.faint);
        context.set_font(&format!("{size}px sans-serif"));
        context.set_text_align("center");
        let _ = context.fill_text("⚠", x + w / 2., y + h / 2. - size);
        let _ = context.fill_text_with_max_width(text, x + w / 2., y + h / 2. + size, w * 0.9);
    }
}
