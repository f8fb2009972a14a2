//! Carries the engine's effects out: fetches, workers, bitmaps, frames, timers, reports.

mod load;
mod notice;
mod print;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use evolume_model::code::Code;
use evolume_model::excerpt::Known;
use evolume_model::viewing::{PageLines, Stage};
use evolume_model::volume::Manifest;
use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, HtmlCanvasElement, Window};

use self::load::{Ahead, navigation, page_text, start};
use self::notice::{Notice, tell};
pub use self::print::paper;
use self::print::{Waiter, failure};
use crate::browser::paint::Painter;
use crate::browser::pixels::Pixels;
use crate::browser::pool::{News, Pool};
use crate::engine::scene::Scene;
use crate::engine::{Cursor, Effect, Engine, Event, Settings};

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
    /// The last one that the shell has heard of: what it says is on the screen.
    stage: Stage,
    frame: Option<i32>,
    timer: Option<i32>,
    on_frame: Closure<dyn FnMut()>,
    on_timer: Closure<dyn FnMut()>,
    gone: bool,
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
    notice::tell_panics(&listener);
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
            stage: Stage::Opening,
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
                    if host.stage < host.engine.stage() {
                        host.ask_for_frame();
                    }
                    host.listener.clone()
                };
                // Without a borrow: the shell may call back.
                tell(&listener, Notice::Status(status));
            }
            Effect::Problem { code, page } => notify(host, Notice::Problem { code, page }),
            Effect::Selected(selection) => notify(host, Notice::Selection { selection }),
            Effect::Mark(id) => notify(host, Notice::Mark { id }),
            Effect::Read(pages) => {
                let pages = pages.into_iter().map(|(page, text)| PageLines::of(page, &text)).collect();
                notify(host, Notice::Read { pages });
            }
            Effect::Follow(destination) => notify(host, Notice::Follow { destination }),
            Effect::Pointed(link) => notify(host, Notice::Link { link }),
            Effect::FetchNavigation { material, blob, fresh } => {
                let host = host.clone();
                spawn_local(async move {
                    let navigation = navigation(&host, &blob, fresh).await.map(Rc::new);
                    send(&host, Event::Navigation { material, navigation });
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

/// Without a borrow: the shell may call back.
fn notify(host: &Shared, notice: Notice) {
    let listener = host.borrow().listener.clone();
    tell(&listener, notice);
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
        // Each stage once, in order, when its pixels are painted.
        let (before, now) = (host.stage, host.engine.stage());
        host.stage = now;
        let passed =
            [Stage::Readable, Stage::Sharp].into_iter().filter(|stage| before < *stage && *stage <= now);
        let notices: Vec<Notice> = passed.map(|stage| Notice::Stage { stage }).collect();
        (host.listener.clone(), notices)
    };
    notices.into_iter().for_each(|notice| tell(&listener, notice));
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
