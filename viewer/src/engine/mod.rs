//! The engine: the viewer's whole state and `update(Event) -> Vec<Effect>`.
//!
//! Pure (invariant 1): the clock comes in with every event, and what is to happen goes out as effects.

pub mod cache;
pub mod camera;
mod command;
mod compose;
mod event;
mod fetched;
pub mod find;
mod gesture;
pub mod layout;
mod links;
mod marks;
mod motion;
mod navigate;
mod overlay;
mod pages;
mod plan;
mod reading;
mod revise;
pub mod scene;
mod selection;
pub mod shrink;
mod source;
mod surfaces;
#[cfg(test)]
mod tests;
mod texts;
mod thumbs;
pub mod tiles;

use evolume_model::code::Code;
use evolume_model::excerpt::Known;
use evolume_model::page::PageRef;
use evolume_model::viewing::{Fit, Stage, Status};

use self::camera::Camera;
pub use self::event::{Cursor, Effect, Event, Job, Resize, Source};
use self::find::Find;
use self::gesture::Pointers;
pub use self::gesture::{Button, Modifiers, Phase, Pointer, PointerKind, Sample};
use self::links::Links;
use self::marks::Marks;
use self::motion::Motion;
use self::pages::Pages;
use self::scene::Scene;
use self::selection::TextSelection;
pub use self::source::Paper;
use self::surfaces::Surfaces;
use self::texts::Texts;

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
    settings: Settings,
    pages: Pages,
    camera: Camera,
    fit: Option<Fit>,
    motion: Motion,
    surfaces: Surfaces,
    pointers: Pointers,
    selection: TextSelection,
    texts: Texts,
    find: Find,
    links: Links,
    marks: Marks,
    /// A page that was chosen before its material was known, and how far down it.
    awaited: Option<(PageRef, f64)>,
    scene: Scene,
    /// How far the first view has come.
    stage: Stage,
    status: Option<Status>,
    /// The texts of the pages in view, as reported.
    read: reading::Reported,
}

impl Engine {
    /// An engine for a volume, at its first page, fitted to the width.
    pub fn new(known: impl Into<Known>, settings: Settings) -> Self {
        Self {
            settings,
            pages: Pages::new(known.into()),
            camera: Camera::default(),
            fit: Some(Fit::Width),
            motion: Motion::default(),
            surfaces: Surfaces::default(),
            pointers: Pointers::default(),
            selection: TextSelection::default(),
            texts: Texts::default(),
            find: Find::default(),
            links: Links::default(),
            marks: Marks::default(),
            awaited: None,
            scene: Scene::default(),
            stage: Stage::Opening,
            status: None,
            read: Vec::new(),
        }
    }

    /// Takes an event at a time in milliseconds and answers with what is to happen.
    pub fn update(&mut self, now: f64, event: Event) -> Vec<Effect> {
        self.surfaces.begin_update();
        let mut effects = Vec::new();
        let before = self.camera.y;
        self.take(now, event, &mut effects);
        self.motion.note_heading(before, self.camera.y);
        if self.camera.width > 0. && self.camera.height > 0. {
            self.advance(now, &mut effects);
        }
        effects
    }

    fn take(&mut self, now: f64, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Command(command) => self.command(now, command, effects),
            Event::AddHits(pages) => self.find.add(pages),
            Event::Pointer { phase, pointer } => self.point(now, phase, &pointer, effects),
            Event::Resize { width, height, dpr } => self.resize(now, (width, height), dpr),
            Event::Scroll { dx, dy } => self.scroll_by(now, dx, dy),
            Event::Zoom { factor, at } => self.zoom_by(now, factor, Some(at)),
            Event::Text { page, text } => self.take_text(now, &page, text, effects),
            Event::Navigation { material, navigation } => self.take_navigation(now, &material, navigation),
            Event::Tick => self.hold_gesture(now),
            Event::Ready { job, bytes } => {
                let learns = self.stage == Stage::Sharp;
                effects.extend(self.surfaces.done(now, job, bytes, learns).map(Effect::Release));
            }
            Event::Failed { job, code } => {
                // What failed for good is reported where it is missing.
                let page = self.surfaces.fail(now, job, code).filter(|_| code == Code::ServerGone);
                effects.extend(page.map(|page| self.problem(code, page)));
            }
            Event::Revise(manifest) => self.revise(now, *manifest, effects),
        }
        self.camera.clamp(self.pages.layout());
        if self.motion.moved_at(now) {
            self.drag_on();
        }
    }

    /// Whether the first view has been readable.
    fn is_readable(&self) -> bool {
        self.stage >= Stage::Readable
    }

    /// How far the first view has come.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    fn come_to(&mut self, readable: bool, sharp: bool) {
        if self.stage == Stage::Opening && readable {
            self.stage = Stage::Readable;
        }
        if self.stage == Stage::Readable && sharp {
            self.stage = Stage::Sharp;
        }
    }

    /// Something that the reader is to know of a page.
    fn problem(&self, code: Code, page: usize) -> Effect {
        Effect::Problem { code, page: self.pages.identity(page) }
    }
}
