//! Whole pages for paper with their marks, drawn by the same workers beside the engine's jobs.

use evolume_model::code::Code;
use evolume_model::geometry::{PageFrame, PageSize, Rotation, ViewPoint};
use evolume_model::page::PageRef;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, ImageData, OffscreenCanvas};

use super::Shared;
use crate::browser::paint::marks;
use crate::engine::scene::Shape;
use crate::engine::{Event, Job, Paper};

/// Who waits for a whole page, and what is painted on it.
pub(super) struct Waiter {
    done: js_sys::Function,
    failed: js_sys::Function,
    size: PageSize,
    rotation: Rotation,
    marks: Vec<Shape>,
}

impl Waiter {
    pub(super) fn answer(self, picture: Result<ImageData, Code>) {
        let made = picture.and_then(|image| self.sheet(&image).map_err(|_| Code::RenderFailed));
        // The functions of a promise throw nothing.
        let _ = match made {
            Ok(sheet) => self.done.call1(&JsValue::NULL, &sheet),
            Err(code) => self.failed.call1(&JsValue::NULL, &code.as_str().into()),
        };
    }

    /// The page with its marks.
    fn sheet(&self, image: &ImageData) -> Result<OffscreenCanvas, JsValue> {
        let canvas = OffscreenCanvas::new(image.width(), image.height())?;
        let options = js_sys::Object::new();
        Reflect::set(&options, &"alpha".into(), &false.into())?;
        let context = canvas.get_context_with_context_options("2d", &options)?.ok_or("no 2d context")?;
        // The two kinds of canvas have the same methods, though no common type.
        let context: CanvasRenderingContext2d = context.unchecked_into();
        context.put_image_data(image, 0., 0.)?;
        let width = self.size.rotated(self.rotation).width.max(1.);
        let scale = f64::from(image.width()) / f64::from(width);
        let (size, rotation, origin) = (self.size, self.rotation, ViewPoint::default());
        marks::paint(&context, &self.marks, &PageFrame { size, rotation, origin, scale }, false);
        Ok(canvas)
    }
}

/// Draws a whole page for paper, with its marks or without: a promise of an `OffscreenCanvas`, which fails with a
/// code.
pub fn paper(host: &Shared, page: &PageRef, dpi: f64, with_marks: bool) -> Promise {
    Promise::new(&mut |done, failed| {
        let mut host = host.borrow_mut();
        let paper = host.engine.paper(page, dpi).filter(|_| !host.gone);
        let Some(Paper { source, size, rotation, marks }) = paper else {
            let _ = failed.call1(&JsValue::NULL, &Code::PageBroken.as_str().into());
            return;
        };
        let marks = if with_marks { marks } else { Vec::new() };
        // The engine counts its jobs up, these are counted down.
        let id = u32::MAX - host.papers_asked;
        host.papers_asked += 1;
        if let Some(request) = host.request(Job { id, fresh: false, source }) {
            host.papers.insert(id, Waiter { done, failed, size, rotation, marks });
            host.pool.submit(request);
        }
    })
}

/// What the engine is to know of a failed job; who waits for a page on paper hears of it here.
pub(super) fn failure(host: &Shared, job: u32, code: Code) -> Option<Event> {
    let waiter = host.borrow_mut().papers.remove(&job);
    match waiter {
        Some(waiter) => {
            waiter.answer(Err(code));
            None
        }
        None => Some(Event::Failed { job, code }),
    }
}
