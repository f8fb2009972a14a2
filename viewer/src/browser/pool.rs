//! The render workers: started when first needed, replaced when they die or take too long over a page.

use std::collections::VecDeque;

use crate::browser::render_job::{RenderReply, RenderRequest};
use evolume_model::code::Code;
use js_sys::{Array, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::prelude::*;
use web_sys::{ImageData, MessageEvent, Worker};

use crate::browser::fetch;

/// After so many deaths no worker is started any more: the browser cannot do it.
const MAX_DEATHS: u32 = 6;

/// What a worker tells.
pub enum News {
    /// It is up.
    Ready,
    /// A job's pixels.
    Done(u32, ImageData),
    /// A job's page is being drawn.
    Drawing(u32),
    /// A job failed.
    Failed(u32, Code),
    /// Its page has been drawn for longer than any page may take.
    Overdue,
    /// It is gone.
    Dead,
}

/// When the browser has painted; at once where it does not tell.
async fn next_frame() {
    let frame = js_sys::Promise::new(&mut |done, _| {
        let asked = web_sys::window().and_then(|window| window.request_animation_frame(&done).ok());
        if asked.is_none() {
            let _ = done.call0(&JsValue::NULL);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(frame).await;
}

type Listen = dyn Fn(u32, News);

struct Member {
    number: u32,
    worker: Worker,
    ready: bool,
    job: Option<u32>,
    alarm: Option<Alarm>,
    _closures: [Closure<dyn FnMut(JsValue)>; 2],
}

impl Drop for Member {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// Rings once, unless it is dropped before.
struct Alarm {
    handle: i32,
    _ring: Closure<dyn FnMut()>,
}

impl Alarm {
    fn set(after_ms: u32, ring: impl FnMut() + 'static) -> Option<Self> {
        let ring: Closure<dyn FnMut()> = Closure::new(ring);
        let after = i32::try_from(after_ms).unwrap_or(i32::MAX);
        let handle = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(ring.as_ref().unchecked_ref(), after)
            .ok()?;
        Some(Self { handle, _ring: ring })
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.handle);
        }
    }
}

/// The workers and the jobs that wait for one.
pub struct Pool {
    /// Gives a worker that has just been started.
    start: js_sys::Function,
    most: usize,
    /// Milliseconds that drawing a piece may take.
    limit: u32,
    listen: std::rc::Rc<Listen>,
    members: Vec<Member>,
    waiting: VecDeque<RenderRequest>,
    started: u32,
    deaths: u32,
}

impl Pool {
    /// No worker yet; drawing a piece may take `limit` milliseconds; `listen` is called with a worker's
    /// number and its news.
    pub fn new(
        start: js_sys::Function,
        most: usize,
        limit: u32,
        listen: impl Fn(u32, News) + 'static,
    ) -> Self {
        let listen = std::rc::Rc::new(listen);
        Self { start, most, limit, listen, members: vec![], waiting: VecDeque::new(), started: 0, deaths: 0 }
    }

    /// Ends all workers, and lets no other start.
    pub fn close(&mut self) {
        self.most = 0;
        self.members.clear();
        self.waiting.clear();
    }

    /// Starts the first worker ahead of need.
    pub fn warm_up(&mut self) {
        if self.members.is_empty() && self.most > 0 {
            self.grow();
        }
    }

    /// Hands a job to a free worker, or keeps it until one is.
    pub fn submit(&mut self, request: RenderRequest) {
        // A reader's own file is here already.
        if self.members.iter().all(|m| !m.ready) && !request.url.starts_with("blob:") {
            // The part comes while the worker does, and then out of the browser's cache; but not before what
            // is readable has been painted. A failure is the worker's to tell, when it asks again.
            for url in request.fonts.iter().map(|font| &font.url).chain([&request.url]) {
                let url = url.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    next_frame().await;
                    let _ = fetch::bytes(fetch::Request { url: &url, ..Default::default() }).await;
                });
            }
        }
        self.waiting.push_back(request);
        let free = self.members.iter().filter(|m| m.job.is_none()).count();
        if free < self.waiting.len() && self.members.len() < self.most {
            self.grow();
        }
        self.hand_out();
    }

    /// Gives memory of pixels to a worker for its next ones: new memory costs as much as a copy.
    pub fn recycle(&self, memory: Uint8ClampedArray) {
        if let Some(member) = self.members.iter().find(|m| m.ready) {
            // What cannot be handed over is left to the collector.
            let _ = member.worker.post_message_with_transfer(&memory, &Array::of1(&memory.buffer()));
        }
    }

    /// Takes a worker's news in; answers the jobs that are lost by it, and why.
    pub fn take(&mut self, number: u32, news: &News) -> Vec<(u32, Code)> {
        let mut lost = Vec::new();
        match news {
            News::Ready => {
                if let Some(member) = self.members.iter_mut().find(|m| m.number == number) {
                    member.ready = true;
                }
            }
            News::Done(..) | News::Failed(..) => {
                if let Some(member) = self.members.iter_mut().find(|m| m.number == number) {
                    member.job = None;
                    member.alarm = None;
                }
            }
            News::Drawing(job) => {
                let listen = self.listen.clone();
                if let Some(member) = self.members.iter_mut().find(|m| m.number == number)
                    && member.job == Some(*job)
                {
                    member.alarm = Alarm::set(self.limit, move || listen(number, News::Overdue));
                }
            }
            // PDFium cannot be interrupted: another worker takes this one's place.
            News::Overdue => {
                if let Some(job) = self.end(number) {
                    lost.push((job, Code::PageTimeout));
                    self.grow();
                }
            }
            News::Dead => {
                self.deaths += 1;
                lost.extend(self.end(number).map(|job| (job, Code::RenderFailed)));
                if self.deaths < MAX_DEATHS {
                    self.grow();
                } else if self.members.is_empty() {
                    lost.extend(self.waiting.drain(..).map(|request| (request.job, Code::RenderFailed)));
                }
            }
        }
        self.hand_out();
        lost
    }

    /// Ends a worker; answers what it was at.
    fn end(&mut self, number: u32) -> Option<u32> {
        let at = self.members.iter().position(|m| m.number == number)?;
        self.members.remove(at).job
    }

    fn grow(&mut self) {
        let Some(worker) = self.start.call0(&JsValue::NULL).ok().and_then(|w| w.dyn_into::<Worker>().ok())
        else {
            return;
        };
        self.started += 1;
        let number = self.started;
        let listen = self.listen.clone();
        let on_message: Closure<dyn FnMut(JsValue)> = Closure::new(move |event: JsValue| {
            let news = event.dyn_into::<MessageEvent>().ok().and_then(|event| read(&event.data()));
            listen(number, news.unwrap_or(News::Dead));
        });
        let listen = self.listen.clone();
        let on_error: Closure<dyn FnMut(JsValue)> = Closure::new(move |_| listen(number, News::Dead));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let _closures = [on_message, on_error];
        self.members.push(Member { number, worker, ready: false, job: None, alarm: None, _closures });
    }

    fn hand_out(&mut self) {
        for member in self.members.iter_mut().filter(|m| m.ready && m.job.is_none()) {
            let Some(request) = self.waiting.pop_front() else { return };
            let Ok(bytes) = postcard::to_stdvec(&request) else { continue };
            if member.worker.post_message(&Uint8Array::from(bytes.as_slice())).is_ok() {
                member.job = Some(request.job);
            } else {
                self.waiting.push_front(request);
                return;
            }
        }
    }
}

/// `[header, pixels?]` from the worker; anything else means that it could not start.
fn read(data: &JsValue) -> Option<News> {
    let message: &Array = data.dyn_ref()?;
    let header: Uint8Array = message.get(0).dyn_into().ok()?;
    match postcard::from_bytes(&header.to_vec()).ok()? {
        RenderReply::Ready => Some(News::Ready),
        RenderReply::Drawing { job } => Some(News::Drawing(job)),
        RenderReply::Done { job, width, height } => {
            let pixels: Uint8ClampedArray = message.get(1).dyn_into().ok()?;
            let image = ImageData::new_with_js_u8_clamped_array_and_sh(&pixels, width, height).ok()?;
            Some(News::Done(job, image))
        }
        RenderReply::Failed { job, code } => Some(News::Failed(job, code)),
    }
}
