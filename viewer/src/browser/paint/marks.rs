//! Paints the marks of a page: the same on the screen and on paper.

use evolume_model::geometry::PageFrame;
use web_sys::CanvasRenderingContext2d;

use crate::engine::scene::Shape;

/// Paints marks, the last one on top; `frame` leads from page space to the context's pixels. Which one is chosen
/// shows on the screen alone.
pub fn paint(context: &CanvasRenderingContext2d, marks: &[Shape], frame: &PageFrame, on_screen: bool) {
    if marks.is_empty() {
        return;
    }
    // As ink on paper: what is black under it stays black. The operation's name is a known one.
    let _ = context.set_global_composite_operation("multiply");
    for Shape(mark) in marks {
        context.set_fill_style_str(&css(mark.colour));
        for rect in &mark.rects {
            let [x, y, w, h] = frame.rect_to_view(rect);
            context.fill_rect(x, y, w, h);
        }
    }
    let _ = context.set_global_composite_operation("source-over");
    for Shape(mark) in marks.iter().filter(|Shape(mark)| on_screen && mark.active) {
        for rect in &mark.rects {
            self::frame(context, frame.rect_to_view(rect), mark.colour, 1.);
        }
    }
}

/// A line around a rectangle, so far outside, in a darker tone of the colour.
pub fn frame(context: &CanvasRenderingContext2d, [x, y, w, h]: [f64; 4], colour: [u8; 3], space: f64) {
    let dark = colour.map(|channel| (u16::from(channel) * 3 / 5) as u8);
    context.set_stroke_style_str(&css(dark));
    context.set_line_width(2.);
    context.stroke_rect(x - space, y - space, w + 2. * space, h + 2. * space);
}

fn css([r, g, b]: [u8; 3]) -> String {
    format!("rgb({r} {g} {b})")
}
