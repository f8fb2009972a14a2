//! The engine: the viewer's whole state and `update(Event) -> Vec<Effect>`.
//!
//! Pure (invariant 1): the clock comes in with every event, and what is to happen goes out as effects.

pub mod cache;
pub mod camera;
mod event;
pub mod find;
mod gesture;
pub mod layout;
mod links;
mod navigate;
mod outcome;
mod overlay;
mod plan;
mod reading;
mod revise;
pub mod scene;
mod select;
pub mod shrink;
mod source;
#[cfg(test)]
mod tests;
mod texts;
mod thumbs;
pub mod tiles;
mod turn;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use evolume_model::code::Code;
use evolume_model::excerpt::Known;
use evolume_model::geometry::{Rotation, ViewPoint};
use evolume_model::guide::Guide;
use evolume_model::text::PageText;
use evolume_model::viewing::{Arrangement, Fit, Followed, MarkPaint, Selection, Status, Tool, View};
use evolume_model::volume::{Blob, Manifest, Substitute};

pub use self::event::{Cursor, Effect, Event, Job, Resize, Source};
use self::find::Find;
use self::gesture::tools::Hold;
use self::links::Links;
use self::select::Select;
pub use self::select::{Selecting, Step};
use self::texts::Texts;
use crate::engine::cache::{Cache, Surface};
use crate::engine::camera::{Camera, UNIT};
use crate::engine::layout::Layout;
use crate::engine::scene::Scene;
use crate::engine::tiles::Key;
use evolume_model::page::Numbering;

/// After a zoom gesture or a drag of the scrollbar, sharp pixels wait this long, in milliseconds.
const SETTLE_MS: f64 = 120.;
/// The neighbours are prepared when nothing has happened for this long, in milliseconds.
const IDLE_MS: f64 = 250.;
/// A chosen page may stay blank this long, in milliseconds, where its preview would but delay its pixels.
const GRACE_MS: f64 = 120.;
/// Weight of the latest sharp surface in the pace: less when it was slow, as its preview may be to blame.
const PACE_WEIGHTS: (f64, f64) = (0.5, 0.2);
/// A server that is gone is asked again after this long, times the number of failures so far.
const RETRY_MS: f64 = 2_000.;

/// What the machine allows.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Bytes of decoded bitmaps (invariant 6).
    pub budget: u64,
    /// Render workers.
    pub renderers: usize,
    /// Fetches and decodes at the same time.
    pub fetches: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { budget: 64 << 20, renderers: 1, fetches: 6 }
    }
}

/// The viewer's state.
#[derive(Debug)]
pub struct Engine {
    manifest: Manifest,
    /// Position in the volume of the manifest's first material.
    first: u32,
    numbering: Numbering,
    /// The pages, from 0, of which more than the number is known.
    here: Range<usize>,
    layout: Layout,
    arrangement: Arrangement,
    /// By which the reader has turned all pages, and single ones further.
    turn: Rotation,
    turns: HashMap<usize, Rotation>,
    /// When a page was last turned by scrolling past its end.
    flipped_at: f64,
    hold: Hold,
    camera: Camera,
    settings: Settings,
    cache: Cache,
    failures: HashMap<Key, u32>,
    /// Pages in view whose failure has been told.
    told: HashSet<u32>,
    /// Pages that PDFium is not done with in time, whatever the size: they stay as their previews.
    endless: HashSet<u32>,
    fit: Option<Fit>,
    /// The page that was chosen, as long as the reader has not moved on.
    pinned: Option<usize>,
    settled_at: f64,
    moved_at: f64,
    scrolled_at: f64,
    /// The last movement went towards the first page.
    heads_up: bool,
    /// Until when a page that was jumped to may wait for its sharp pixels.
    grace_until: f64,
    /// Milliseconds that sharp surfaces have taken of late.
    pace: f64,
    /// Sharp pixels wait until the first pages are readable.
    was_readable: bool,
    /// Sharp pixels have been seen: the workers are up.
    was_sharp: bool,
    jobs: u32,
    updates: u64,
    scene: Scene,
    status: Option<Status>,
    texts: Texts,
    /// The texts of the pages in view, as told.
    read: reading::Told,
    select: Select,
    find: Find,
    links: Links,
    pointer: Option<ViewPoint>,
    marks: Vec<MarkPaint>,
}

impl Engine {
    /// An engine for a volume, at its first page, fitted to the width.
    pub fn new(known: impl Into<Known>, settings: Settings) -> Self {
        let Known { manifest, first, counts, here } = known.into();
        let mut engine = Self {
            manifest,
            first: first as u32,
            numbering: Numbering::new(counts.into_iter().map(|count| count as usize)),
            here,
            layout: Layout::default(),
            arrangement: Arrangement::Continuous,
            turn: Rotation::None,
            turns: HashMap::new(),
            flipped_at: f64::NEG_INFINITY,
            hold: Hold::default(),
            camera: Camera::default(),
            settings,
            cache: Cache::default(),
            failures: HashMap::new(),
            told: HashSet::new(),
            endless: HashSet::new(),
            fit: Some(Fit::Width),
            pinned: Some(0),
            settled_at: 0.,
            moved_at: 0.,
            scrolled_at: f64::NEG_INFINITY,
            heads_up: false,
            grace_until: 0.,
            pace: GRACE_MS / 2.,
            was_readable: false,
            was_sharp: false,
            jobs: 0,
            updates: 0,
            scene: Scene::default(),
            status: None,
            texts: Texts::default(),
            read: Vec::new(),
            select: Select::default(),
            find: Find::default(),
            links: Links::default(),
            pointer: None,
            marks: Vec::new(),
        };
        engine.layout = Layout::new(engine.sizes(), engine.arrangement);
        engine
    }

    /// Takes an event at a time in milliseconds and answers with what is to happen.
    pub fn update(&mut self, now: f64, event: Event) -> Vec<Effect> {
        self.updates += 1;
        let mut effects = Vec::new();
        let before = self.camera.y;
        self.take(now, event, &mut effects);
        self.note_heading(before);
        if self.camera.width > 0. && self.camera.height > 0. {
            self.advance(now, &mut effects);
        }
        effects
    }

    fn take(&mut self, now: f64, event: Event, effects: &mut Vec<Effect>) {
        let moved = event.moves_the_view();
        if moved {
            self.moved_at = now;
            self.grace_until = 0.;
            self.find.give_up();
        }
        match event {
            Event::Resize { width, height, dpr } => {
                let first = self.camera.width <= 0.;
                let (page, offset) = self.place();
                (self.camera.width, self.camera.height) = (width.max(0.), height.max(0.));
                self.camera.dpr = if dpr.is_finite() { dpr.clamp(0.25, 8.) } else { 1. };
                self.apply_fit(page);
                self.go_to(page, if first { offset.max(-1.) } else { offset });
            }
            Event::Scroll { dx, dy } => {
                self.pinned = None;
                self.scroll(now, dx, dy);
                self.scrolled_at = now;
                // A leap is a fling or a dragged bar, not reading; one screen at a time is reading.
                if dy.abs() > 2. * self.camera.height {
                    self.settled_at = now + SETTLE_MS;
                }
            }
            Event::ScrollTo { fraction } => {
                self.pinned = None;
                let way = (self.layout.height() - self.camera.span()).max(0.);
                let y = way * if fraction.is_finite() { fraction.clamp(0., 1.) } else { 0. };
                self.camera.alone =
                    self.camera.alone.map(|_| self.layout.page_at(y + self.camera.span() / 3.));
                self.camera.y = y;
                self.settled_at = now + SETTLE_MS;
            }
            Event::Zoom { factor, at } => {
                self.pinned = None;
                self.fit = None;
                let at = at.unwrap_or_else(|| self.camera.center());
                self.camera.zoom_to(self.camera.scale * factor, at);
                self.settled_at = now + SETTLE_MS;
            }
            Event::ZoomTo { percent } => {
                self.fit = None;
                let at = match self.pinned {
                    // A chosen page stays at the upper edge.
                    Some(_) => ViewPoint { x: self.camera.width / 2., y: 0. },
                    None => self.camera.center(),
                };
                self.camera.zoom_to(percent / 100. * UNIT, at);
                self.settled_at = now;
            }
            Event::Fit(fit) => {
                self.fit = Some(fit);
                let (page, offset) = self.place();
                self.apply_fit(page);
                self.go_to(page, if fit == Fit::Page { 0. } else { offset });
                self.settled_at = now;
            }
            Event::GoTo { page, offset } => {
                self.jump(
                    now,
                    self.page_of(page),
                    if offset.is_finite() { offset.clamp(-1., 1.) } else { 0. },
                );
            }
            Event::AddHits(pages) => self.find.add(pages),
            Event::ClearHits => self.find = Find::default(),
            Event::ShowHit { page, nth } => {
                self.show_hit(now, self.page_of(page) as u32, nth as usize);
            }
            Event::Press { at, .. } if self.grasp(at) => {}
            Event::Press { at, clicks, extend } => self.press(now, at, clicks, extend),
            Event::Move { at } if self.pull(now, at) => {}
            Event::Move { at } => self.point(at),
            Event::Lift { at } if self.let_go(now, at) => {}
            Event::Lift { at } => self.lift(at, effects),
            Event::Selecting(event) => self.take_selecting(now, event, effects),
            Event::StepLink { forward } => self.step_link(forward, effects),
            Event::FollowLink => self.follow_link(effects),
            Event::Deselect => {
                self.hold = Hold::default();
                self.deselect();
            }
            Event::Marks(marks) => self.marks = marks,
            Event::Text { page, text } => {
                self.take_text(now, page, text, effects);
                self.text_for_selection(now, page);
                self.text_for_find(now, page);
            }
            Event::Guide { material, guide } => self.take_guide(now, material, guide),
            Event::View(view) => self.set_view(now, &view),
            Event::Tool(tool) => self.hold = Hold::take(tool),
            Event::Tick => self.scroll_at_edge(now),
            Event::Ready { job, bytes } => match self.cache.key_of(job) {
                Some(key) => {
                    self.failures.remove(&key);
                    self.note_pace(now, &key);
                    let surface = Surface::Ready { job, bytes, used: self.updates };
                    effects.extend(self.cache.set(key, surface).map(Effect::Release));
                }
                None => effects.push(Effect::Release(job)),
            },
            Event::Failed { job, code } => self.fail(now, job, code, effects),
            Event::Revise(manifest) => self.revise(*manifest),
            Event::Online => {
                self.cache.forgive();
                self.texts.forgive();
                self.links.forgive();
            }
        }
        self.camera.clamp(&self.layout);
        if moved {
            self.drag_on();
        }
    }
}
