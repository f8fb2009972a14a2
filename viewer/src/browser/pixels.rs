//! A surface's pixels, in the form that is cheapest for how often they are painted.

use js_sys::{Reflect, Uint8ClampedArray};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, ImageBitmap, ImageData, OffscreenCanvas};

use crate::engine::scene::Draw;

/// What is painted of a surface.
pub enum Pixels {
    /// Decoded by the browser.
    Bitmap(ImageBitmap),
    /// Out of a render worker; copied onto the canvas as they are, which costs a tenth of what making a
    /// bitmap of them would.
    Fresh {
        /// The pixels.
        image: ImageData,
        /// Whether they have been on the canvas.
        painted: bool,
    },
    /// Painted again, or at another size: kept where the browser can draw them from.
    Kept(OffscreenCanvas),
}

impl Pixels {
    /// Pixels of a render worker.
    pub fn fresh(image: ImageData) -> Self {
        Self::Fresh { image, painted: false }
    }

    /// Width and height.
    pub fn size(&self) -> (u32, u32) {
        match self {
            Self::Bitmap(bitmap) => (bitmap.width(), bitmap.height()),
            Self::Fresh { image, .. } => (image.width(), image.height()),
            Self::Kept(canvas) => (canvas.width(), canvas.height()),
        }
    }

    /// Draws them where they belong on the context's canvas; `plain` when the context transforms nothing.
    /// Answers memory that is not needed any more.
    pub fn draw(
        &mut self,
        context: &CanvasRenderingContext2d,
        draw: &Draw,
        plain: bool,
    ) -> Result<Option<Uint8ClampedArray>, JsValue> {
        let [x, y, width, height] = draw.to;
        let (own_width, own_height) = self.size();
        let all = [0., 0., own_width.into(), own_height.into()];
        let [from_x, from_y, from_width, from_height] = draw.from.unwrap_or(all);
        let (across, down) = (width / from_width.max(1.), height / from_height.max(1.));
        let same = (width - from_width).abs() < 0.5 && (height - from_height).abs() < 0.5;
        let mut spare = None;
        if let Self::Fresh { image, painted } = self {
            if same && plain && draw.from.is_none() && !*painted {
                *painted = true;
                context.put_image_data(image, x.round(), y.round())?;
                return Ok(None);
            }
            let canvas = keep(image)?;
            spare = memory(image);
            *self = Self::Kept(canvas);
        }
        context.set_image_smoothing_enabled(!same);
        // Finer filters make no better letters when pixels are enlarged, and take four times as long.
        let quality = if across > 0.5 || down > 0.5 { "low" } else { "medium" };
        // Older browsers lack the property; the assignment then has no effect.
        let _ = Reflect::set(context, &"imageSmoothingQuality".into(), &quality.into());
        match self {
            Self::Bitmap(bitmap) => {
                context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    bitmap,
                    from_x,
                    from_y,
                    from_width,
                    from_height,
                    x,
                    y,
                    width,
                    height,
                )?;
            }
            Self::Kept(canvas) => {
                context.draw_image_with_offscreen_canvas_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    canvas,
                    from_x,
                    from_y,
                    from_width,
                    from_height,
                    x,
                    y,
                    width,
                    height,
                )?;
            }
            Self::Fresh { .. } => {}
        }
        Ok(spare)
    }

    /// Gives the memory back now, not when the collector comes by; answers what can be used again.
    pub fn release(self) -> Option<Uint8ClampedArray> {
        match self {
            Self::Bitmap(bitmap) => bitmap.close(),
            Self::Kept(canvas) => canvas.set_width(0),
            Self::Fresh { image, .. } => return memory(&image),
        }
        None
    }
}

/// The array behind image data; the bindings only know a copy of it.
fn memory(image: &ImageData) -> Option<Uint8ClampedArray> {
    Reflect::get(image, &"data".into()).ok()?.dyn_into().ok()
}

fn keep(image: &ImageData) -> Result<OffscreenCanvas, JsValue> {
    let canvas = OffscreenCanvas::new(image.width(), image.height())?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &"alpha".into(), &false.into())?;
    let context = canvas.get_context_with_context_options("2d", &options)?.ok_or("no 2d context")?;
    let context: web_sys::OffscreenCanvasRenderingContext2d = context.dyn_into()?;
    context.put_image_data(image, 0., 0.)?;
    Ok(canvas)
}
