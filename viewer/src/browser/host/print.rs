//! Whole pages for paper, drawn by the same workers beside the engine's jobs.

use evolume_model::code::Code;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use web_sys::ImageData;

use super::Shared;
use crate::engine::{Event, Job};

/// Who waits for a whole page.
pub(super) struct Waiter {
    done: js_sys::Function,
    failed: js_sys::Function,
}

impl Waiter {
    pub(super) fn answer(self, picture: Result<ImageData, Code>) {
        // The functions of a promise throw nothing.
        let _ = match picture {
            Ok(image) => self.done.call1(&JsValue::NULL, &image),
            Err(code) => self.failed.call1(&JsValue::NULL, &code.as_str().into()),
        };
    }
}

/// Draws a whole page, from 1, for paper: a promise of its `ImageData`, which fails with a code.
pub fn paper(host: &Shared, page: u32, dpi: f64) -> Promise {
    Promise::new(&mut |done, failed| {
        let waiter = Waiter { done, failed };
        let mut host = host.borrow_mut();
        let source = page.checked_sub(1).and_then(|page| host.engine.paper(page, dpi));
        let Some(source) = source.filter(|_| !host.gone) else {
            return waiter.answer(Err(Code::PageBroken));
        };
        // The engine counts its jobs up, these are counted down.
        let id = u32::MAX - host.papers_asked;
        host.papers_asked += 1;
        if let Some(request) = host.request(Job { id, fresh: false, source }) {
            host.papers.insert(id, waiter);
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
