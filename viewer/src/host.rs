//! Carries the engine's effects out: fetches, workers, bitmaps, frames, timers, reports.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use crate::render_job::{FontRequest, RenderRequest};
use evolume_model::code::Code;
use evolume_model::excerpt::Known;
use evolume_model::guide::Guide;
use evolume_model::text::PageText;
use evolume_model::viewing::{Followed, PageLines, PointedLink, Selection, Status};
use evolume_model::volume::{Blob, Manifest};
use js_sys::{Array, Promise};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, HtmlCanvasElement, ImageBitmap, ImageData, Window};

use crate::engine::{Cursor, Effect, Engine, Event, Job, Settings, Source};
use crate::fetch;
use crate::paint::Painter;
use crate::pixels::Pixels;
use crate::pool::{News, Pool};
use crate::scene::Scene;

/// A page that takes longer is given up.
const RENDER_LIMIT_MS: u32 = 20_000;

/// How the shell sets the viewer up.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// Render workers; by default one less than the machine has cores, at most four.
    pub workers: Option<usize>,
    /// Milliseconds that drawing a piece of a page may take.
    pub render_limit: Option<u32>,
    /// Megabytes of decoded bitmaps.
    pub budget_mb: Option<u64>,
    /// Dark surroundings.
    #[serde(default)]
    pub dark: bool,
    /// Where blobs lie that are not the volume's own: addresses by SHA-256.
    #[serde(default)]
    pub addresses: HashMap<String, String>,
    /// Opens the parts.
    pub password: Option<String>,
}

/// What the shell is told, as JSON.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Notice {
    Status(Status),
    Problem { code: Code, page: Option<u32> },
    Selection { selection: Option<Selection> },
    Mark { id: Option<String> },
    Follow { followed: Followed },
    Link { link: PointedLink },
    Read { pages: Vec<PageLines> },
    FirstReadable,
    FirstSharp,
}

thread_local! {
    // The panic hook has to reach the shell from wherever the panic happens.
    static LISTENER: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// The viewer in a page.
pub struct Host {
    engine: Engine,
    canvas: HtmlCanvasElement,
    /// Device pixels of the canvas; asking the element in every frame would force a layout.
    size: (u32, u32),
    painter: Painter,
    pool: Pool,
    bitmaps: HashMap<u32, Pixels>,
    fetches: HashMap<u32, AbortController>,
    papers: HashMap<u32, Waiter>,
    papers_asked: u32,
    window: Window,
    base: String,
    addresses: HashMap<String, String>,
    password: Option<String>,
    ahead: Option<Ahead>,
    listener: js_sys::Function,
    scene: Scene,
    /// The canvas does not show the scene yet.
    stale: bool,
    status: Option<Status>,
    told: (bool, bool),
    frame: Option<i32>,
    timer: Option<i32>,
    on_frame: Closure<dyn FnMut()>,
    on_timer: Closure<dyn FnMut()>,
    gone: bool,
}

/// Who waits for a whole page.
struct Waiter {
    done: js_sys::Function,
    failed: js_sys::Function,
}

impl Waiter {
    fn answer(self, picture: Result<ImageData, Code>) {
        // The functions of a promise throw nothing.
        let _ = match picture {
            Ok(image) => self.done.call1(&JsValue::NULL, &image),
            Err(code) => self.failed.call1(&JsValue::NULL, &code.as_str().into()),
        };
    }
}

/// A preview that was asked for before the viewer was there.
struct Ahead {
    sha256: String,
    start: u32,
    bitmap: Promise,
}

impl Ahead {
    fn read(array: Array) -> Option<Self> {
        let sha256 = array.get(0).as_string()?;
        let start = array.get(1).as_f64()? as u32;
        Some(Self { sha256, start, bitmap: array.get(2).dyn_into().ok()? })
    }

    /// The bitmap, if the job wants this one.
    fn answers(&self, job: &Job) -> bool {
        matches!(&job.source, Source::Preview { blob, range }
            if !job.fresh && blob.sha256 == self.sha256 && range.start == self.start)
    }
}

/// A shared host; events come from many places.
pub type Shared = Rc<RefCell<Host>>;

/// Sets a viewer up on a canvas.
pub fn create(
    canvas: HtmlCanvasElement,
    known: Known,
    base: String,
    config: &str,
    start_worker: js_sys::Function,
    listener: js_sys::Function,
    ahead: Option<Array>,
) -> Result<Shared, JsValue> {
    let config: Config = serde_json::from_str(config).map_err(|e| JsValue::from_str(&e.to_string()))?;
    let window = web_sys::window().ok_or("no window")?;
    let cores = window.navigator().hardware_concurrency() as usize;
    let renderers = config.workers.unwrap_or(cores.saturating_sub(1)).clamp(1, 4);
    let limit = config.render_limit.unwrap_or(RENDER_LIMIT_MS);
    let budget = config.budget_mb.map_or(Settings::default().budget, |mb| mb << 20);
    LISTENER.with(|slot| *slot.borrow_mut() = Some(listener.clone()));
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        LISTENER.with(|slot| {
            if let Some(listener) = slot.borrow().as_ref() {
                tell(listener, Notice::Problem { code: Code::ViewerPanic, page: None });
            }
        });
    }));
    let painter = Painter::new(canvas.clone(), config.dark)?;
    Ok(Rc::new_cyclic(|me: &Weak<RefCell<Host>>| {
        let (for_pool, for_frame, for_timer) = (me.clone(), me.clone(), me.clone());
        RefCell::new(Host {
            engine: Engine::new(known, Settings { budget, renderers, ..Settings::default() }),
            canvas,
            size: (1, 1),
            painter,
            pool: Pool::new(start_worker, renderers, limit, move |number, news| {
                if let Some(host) = for_pool.upgrade() {
                    worker(&host, number, news);
                }
            }),
            bitmaps: HashMap::new(),
            fetches: HashMap::new(),
            papers: HashMap::new(),
            papers_asked: 0,
            window,
            base,
            addresses: config.addresses,
            password: config.password,
            ahead: ahead.and_then(Ahead::read),
            listener,
            scene: Scene::default(),
            stale: true,
            status: None,
            told: (false, false),
            frame: None,
            timer: None,
            on_frame: Closure::new(move || for_frame.upgrade().iter().for_each(frame)),
            on_timer: Closure::new(move || {
                if let Some(host) = for_timer.upgrade() {
                    host.borrow_mut().timer = None;
                    send(&host, Event::Tick);
                }
            }),
            gone: false,
        })
    }))
}

/// Gives the engine an event and carries out what follows.
pub fn send(host: &Shared, event: Event) {
    let effects = {
        let mut host = host.borrow_mut();
        if host.gone {
            return;
        }
        let now = host.now();
        host.engine.update(now, event)
    };
    for effect in effects {
        match effect {
            Effect::Start(job) => start(host, job),
            Effect::Cancel(job) => {
                let controller = host.borrow_mut().fetches.remove(&job);
                if let Some(controller) = controller {
                    controller.abort();
                }
            }
            Effect::Release(job) => {
                let mut host = host.borrow_mut();
                if let Some(memory) = host.bitmaps.remove(&job).and_then(Pixels::release) {
                    host.pool.recycle(memory);
                }
            }
            Effect::Paint(scene) => {
                let mut host = host.borrow_mut();
                host.scene = scene;
                host.repaint();
            }
            Effect::Report(status) => {
                let listener = {
                    let mut host = host.borrow_mut();
                    host.status = Some(status);
                    if host.told != (true, true) {
                        host.ask_for_frame();
                    }
                    host.listener.clone()
                };
                // Without a borrow: the shell may call back.
                tell(&listener, Notice::Status(status));
            }
            Effect::Problem { code, page } => {
                let listener = host.borrow().listener.clone();
                tell(&listener, Notice::Problem { code, page: Some(page) });
            }
            Effect::Selected(selection) => {
                let listener = host.borrow().listener.clone();
                tell(&listener, Notice::Selection { selection });
            }
            Effect::Mark(id) => {
                let listener = host.borrow().listener.clone();
                tell(&listener, Notice::Mark { id });
            }
            Effect::Read(pages) => {
                let listener = host.borrow().listener.clone();
                let pages = pages.iter().map(|(page, text)| PageLines::of(*page, text)).collect();
                tell(&listener, Notice::Read { pages });
            }
            Effect::Follow(followed) => {
                let listener = host.borrow().listener.clone();
                tell(&listener, Notice::Follow { followed });
            }
            Effect::Pointed(link) => {
                let listener = host.borrow().listener.clone();
                tell(&listener, Notice::Link { link });
            }
            Effect::FetchGuide { material, blob } => {
                let host = host.clone();
                spawn_local(async move {
                    let guide = guide(&host, &blob).await.map(Rc::new);
                    send(&host, Event::Guide { material, guide });
                });
            }
            Effect::Cursor(cursor) => {
                let name = match cursor {
                    Cursor::Plain => "default",
                    Cursor::Text => "text",
                    Cursor::Mark | Cursor::Link => "pointer",
                    Cursor::Hand => "grab",
                    Cursor::Grabbing => "grabbing",
                    Cursor::Cross => "crosshair",
                };
                // A cursor that cannot be set is no reason to stop.
                let _ = host.borrow().canvas.style().set_property("cursor", name);
            }
            Effect::FetchText { page, blob, range, fresh } => {
                let host = host.clone();
                spawn_local(async move {
                    let text = page_text(&host, &blob, range, fresh).await.map(Rc::new);
                    send(&host, Event::Text { page, text });
                });
            }
            Effect::Wake { after } => host.borrow_mut().wake(after),
        }
    }
}

/// Asks the engine something.
pub fn ask<T>(host: &Shared, question: impl FnOnce(&Engine) -> T) -> T {
    question(&host.borrow().engine)
}

/// Tells the engine the canvas's size.
pub fn resize(host: &Shared) {
    let event = {
        let mut host = host.borrow_mut();
        let dpr = host.window.device_pixel_ratio();
        let (width, height) = (host.canvas.client_width().into(), host.canvas.client_height().into());
        let device = |length: f64| (length * dpr).round().max(1.) as u32;
        host.size = (device(width), device(height));
        host.repaint();
        Event::Resize { width, height, dpr }
    };
    send(host, event);
}

/// More is known of the volume; `addresses` as in [`Config`].
pub fn revise(host: &Shared, manifest: Manifest, addresses: HashMap<String, String>) {
    host.borrow_mut().addresses = addresses;
    send(host, Event::Revise(Box::new(manifest)));
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

/// Chooses the colours around the page.
pub fn set_dark(host: &Shared, dark: bool) {
    let mut host = host.borrow_mut();
    host.painter.set_dark(dark);
    host.repaint();
}

/// Stops everything; later events are ignored.
pub fn destroy(host: &Shared) {
    let mut host = host.borrow_mut();
    host.gone = true;
    if let Some(frame) = host.frame.take() {
        let _ = host.window.cancel_animation_frame(frame);
    }
    if let Some(timer) = host.timer.take() {
        host.window.clear_timeout_with_handle(timer);
    }
    host.fetches.drain().for_each(|(_, controller)| controller.abort());
    host.bitmaps.drain().for_each(|(_, pixels)| drop(pixels.release()));
    host.pool.close();
    host.papers.drain().for_each(|(_, waiter)| waiter.answer(Err(Code::RenderFailed)));
}

fn tell(listener: &js_sys::Function, notice: Notice) {
    if let Ok(json) = serde_json::to_string(&notice) {
        // What the shell throws is the shell's; it must not stop the viewer.
        let _ = listener.call1(&JsValue::NULL, &json.into());
    }
}

impl Host {
    fn now(&self) -> f64 {
        self.window.performance().map_or(0., |performance| performance.now())
    }

    fn repaint(&mut self) {
        self.stale = true;
        self.ask_for_frame();
    }

    fn ask_for_frame(&mut self) {
        if self.frame.is_none() {
            let callback = self.on_frame.as_ref().unchecked_ref();
            self.frame = self.window.request_animation_frame(callback).ok();
        }
    }

    fn wake(&mut self, after: f64) {
        if let Some(timer) = self.timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
        let callback = self.on_timer.as_ref().unchecked_ref();
        let after = after.clamp(0., 60_000.).ceil() as i32 + 1;
        self.timer = self.window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, after).ok();
    }

    /// What a render worker is asked.
    fn request(&self, job: Job) -> Option<RenderRequest> {
        let Source::Render { blob, page, page_width, page_height, piece, oversample, fonts } = job.source
        else {
            return None;
        };
        let fonts = fonts.into_iter().map(|font| FontRequest {
            face: font.face,
            url: self.url(&font.blob.sha256),
            sha256: font.blob.sha256,
        });
        Some(RenderRequest {
            job: job.id,
            url: self.url(&blob.sha256),
            sha256: blob.sha256,
            page,
            page_width,
            page_height,
            piece: [piece.x, piece.y, piece.width, piece.height],
            oversample,
            fresh: job.fresh,
            password: self.password.clone(),
            fonts: fonts.collect(),
        })
    }

    fn url(&self, sha256: &str) -> String {
        let elsewhere = self.addresses.get(sha256);
        elsewhere.cloned().unwrap_or_else(|| format!("{}/blobs/{sha256}", self.base))
    }
}

fn frame(host: &Shared) {
    let (listener, notices) = {
        let mut host = host.borrow_mut();
        host.frame = None;
        if std::mem::take(&mut host.stale) {
            let Host { painter, scene, bitmaps, size, .. } = &mut *host;
            let spare = painter.paint(scene, bitmaps, *size);
            spare.into_iter().for_each(|memory| host.pool.recycle(memory));
        }
        let mut notices = Vec::new();
        if let Some(status) = host.status {
            if status.readable && !host.told.0 {
                host.told.0 = true;
                notices.push(Notice::FirstReadable);
            }
            if status.sharp && !host.told.1 {
                host.told.1 = true;
                notices.push(Notice::FirstSharp);
            }
        }
        (host.listener.clone(), notices)
    };
    notices.into_iter().for_each(|notice| tell(&listener, notice));
}

fn start(host: &Shared, job: Job) {
    match job.source {
        Source::Render { .. } => {
            let mut host = host.borrow_mut();
            if let Some(request) = host.request(job) {
                host.pool.submit(request);
            }
        }
        Source::Thumbs { .. } | Source::Preview { .. } | Source::Image { .. } => {
            let Ok(controller) = AbortController::new() else { return };
            host.borrow_mut().fetches.insert(job.id, controller.clone());
            let host = host.clone();
            spawn_local(async move {
                let made = load(&host, &job, &controller).await;
                let wanted = host.borrow_mut().fetches.remove(&job.id).is_some();
                let done = match made {
                    Ok(bitmap) if wanted => keep(&host, job.id, Pixels::Bitmap(bitmap)),
                    Ok(bitmap) => return bitmap.close(),
                    Err(_) if !wanted => return,
                    Err(code) => Event::Failed { job: job.id, code },
                };
                send(&host, done);
            });
        }
    }
}

async fn load(host: &Shared, job: &Job, controller: &AbortController) -> Result<ImageBitmap, Code> {
    // Only the job that wants it takes it: the first one may be of a page that was left at once.
    let ahead = {
        let mut host = host.borrow_mut();
        let wanted = host.ahead.as_ref().is_some_and(|ahead| ahead.answers(job));
        if wanted { host.ahead.take() } else { None }
    };
    if let Some(Ahead { bitmap, .. }) = ahead {
        host.borrow_mut().pool.warm_up();
        let bitmap = JsFuture::from(bitmap).await.ok().and_then(|bitmap| bitmap.dyn_into().ok());
        // When it did not come, the ordinary way tells why.
        if let Some(bitmap) = bitmap {
            return Ok(bitmap);
        }
    }
    let signal = controller.signal();
    let (blob, range) = match &job.source {
        Source::Preview { blob, range } => (blob, Some(range.clone())),
        Source::Thumbs { blob } | Source::Image { blob, .. } => (blob, None),
        Source::Render { .. } => return Err(Code::RenderFailed),
    };
    let url = host.borrow().url(&blob.sha256);
    let request = fetch::Request { url: &url, range, fresh: job.fresh, signal: Some(&signal) };
    let bytes = fetch::bytes(request).await?;
    // The workers start when the first page's bytes are there, so that they do not delay them.
    host.borrow_mut().pool.warm_up();
    match &job.source {
        Source::Image { blob, media_type, size } => {
            let decoding = fetch::decode(&bytes, media_type, *size);
            let (bitmap, verified) = futures::join!(decoding, fetch::verify(&bytes, &blob.sha256));
            verified.and(bitmap)
        }
        _ => fetch::decode(&bytes, "image/jpeg", None).await,
    }
}

async fn page_text(
    host: &Shared,
    blob: &Blob,
    range: std::ops::Range<u32>,
    fresh: bool,
) -> Result<PageText, Code> {
    let url = host.borrow().url(&blob.sha256);
    let request = fetch::Request { url: &url, range: Some(range), fresh, signal: None };
    let bytes = fetch::bytes(request).await?;
    PageText::decode(&bytes.to_vec()).map_err(|_| Code::BlobCorrupt)
}

async fn guide(host: &Shared, blob: &Blob) -> Result<Guide, Code> {
    let url = host.borrow().url(&blob.sha256);
    let bytes = fetch::bytes(fetch::Request { url: &url, ..Default::default() }).await?;
    serde_json::from_slice(&bytes.to_vec()).map_err(|_| Code::BlobCorrupt)
}

fn keep(host: &Shared, job: u32, pixels: Pixels) -> Event {
    let (width, height) = pixels.size();
    let bytes = u64::from(width) * u64::from(height) * 4;
    host.borrow_mut().bitmaps.insert(job, pixels);
    Event::Ready { job, bytes }
}

fn worker(host: &Shared, number: u32, news: News) {
    if host.borrow().gone {
        return;
    }
    let lost = host.borrow_mut().pool.take(number, &news);
    let answered = |job: u32| host.borrow_mut().papers.remove(&job);
    let answer = match news {
        News::Ready | News::Drawing(_) | News::Overdue | News::Dead => None,
        News::Done(job, image) => match answered(job) {
            Some(waiter) => {
                waiter.answer(Ok(image));
                None
            }
            None => Some(keep(host, job, Pixels::fresh(image))),
        },
        News::Failed(job, code) => failure(host, job, code),
    };
    if let Some(event) = answer {
        send(host, event);
    }
    for (job, code) in lost {
        if let Some(event) = failure(host, job, code) {
            send(host, event);
        }
    }
}

/// What the engine is to know of a failed job; who waits for a page on paper hears of it here.
fn failure(host: &Shared, job: u32, code: Code) -> Option<Event> {
    let waiter = host.borrow_mut().papers.remove(&job);
    match waiter {
        Some(waiter) => {
            waiter.answer(Err(code));
            None
        }
        None => Some(Event::Failed { job, code }),
    }
}
