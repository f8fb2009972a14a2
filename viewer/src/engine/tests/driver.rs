//! Stands in for the host: sends events, keeps what a host would keep, and checks the invariants after each.

use super::*;

/// The page with this number, from 1, of a volume whose materials have twenty pages.
pub(super) fn identity(number: u32) -> PageRef {
    let page = number.saturating_sub(1);
    PageRef { material: format!("m{}", page / 20), index: page % 20 }
}

pub(super) fn problem(code: Code, number: u32) -> Effect {
    Effect::Problem { code, page: Some(identity(number)) }
}

pub(super) fn go_to(number: u32, offset: f64) -> Event {
    Event::Command(ViewerCommand::GoToNumber { number, offset })
}

pub(super) fn zoom_to(percent: f64) -> Event {
    Event::Command(ViewerCommand::ZoomTo { percent })
}

pub(super) fn scroll_to(fraction: f64) -> Event {
    Event::Command(ViewerCommand::ScrollTo { fraction })
}

pub(super) fn show_hit(number: u32, nth: u32) -> Event {
    Event::Command(ViewerCommand::ShowHit { page: identity(number), nth })
}

pub(super) fn put_marks(marks: Vec<MarkPaint>) -> Event {
    Event::Command(ViewerCommand::PutMarks { marks })
}

/// What a pointer does.
pub(super) fn pointer_event(phase: Phase, kind: PointerKind, id: i32, at: ViewPoint) -> Event {
    let sample = Sample { at, ..Sample::default() };
    Event::Pointer { phase, pointer: Pointer { id, kind, sample, clicks: 1, ..Pointer::default() } }
}

/// A mouse's main button goes down.
pub(super) fn press(at: ViewPoint, clicks: u32, extend: bool) -> Event {
    let (sample, modifiers) =
        (Sample { at, ..Sample::default() }, Modifiers { shift: extend, ..Modifiers::default() });
    Event::Pointer {
        phase: Phase::Down,
        pointer: Pointer { clicks, sample, modifiers, ..Pointer::default() },
    }
}

pub(super) fn move_to(at: ViewPoint) -> Event {
    pointer_event(Phase::Move, PointerKind::Mouse, 0, at)
}

pub(super) fn lift(at: ViewPoint) -> Event {
    pointer_event(Phase::Up, PointerKind::Mouse, 0, at)
}

/// An engine, the bitmaps that a host would hold, and the jobs that run.
pub(super) struct Driver {
    pub engine: Engine,
    pub now: f64,
    pub running: HashMap<u32, Job>,
    pub bitmaps: HashSet<u32>,
    pub painted: Option<Scene>,
    pub readable: HashSet<u32>,
    /// Pages whose text has been asked for and not yet answered.
    pub texts: Vec<u32>,
    pub selected: Option<Selection>,
    /// From what each bitmap was made.
    pub sources: HashMap<u32, Source>,
}

impl Driver {
    pub fn new(sizes: &[(f32, f32)], scanned: bool) -> Self {
        let mut manifest = volume(sizes);
        for sheet in manifest.materials.iter_mut().flat_map(|m| &mut m.sheets) {
            sheet.text_ends = (1..=sheet.text_ends.len() as u32).map(|n| n * 10).collect();
        }
        if scanned {
            for page in manifest.materials.iter_mut().flat_map(|m| &mut m.pages) {
                let rect = PageRect::new(0., 0., page.width, page.height);
                let blob = Blob { sha256: "f".repeat(64), bytes: 9 };
                let media_type = "image/jpeg".into();
                page.image = Some(Box::new(PageImage {
                    blob,
                    media_type,
                    width_px: 1654,
                    height_px: 2339,
                    rect,
                    reduced: false,
                }));
            }
        }
        let engine = Engine::new(manifest, Settings { budget: 60 << 20, renderers: 2, fetches: 4 });
        let (running, bitmaps) = Default::default();
        let (readable, texts, sources) = Default::default();
        Self { engine, now: 0., running, bitmaps, painted: None, readable, texts, selected: None, sources }
    }

    pub fn send(&mut self, event: Event) -> Vec<Effect> {
        self.now += 1.;
        let effects = self.engine.update(self.now, event);
        for effect in &effects {
            match effect {
                Effect::Start(job) => {
                    self.sources.insert(job.id, job.source.clone());
                    assert!(self.running.insert(job.id, job.clone()).is_none(), "a job's number is new");
                }
                Effect::Cancel(job) => {
                    self.running.remove(job);
                }
                Effect::Release(job) => {
                    self.bitmaps.remove(job);
                }
                Effect::Paint(scene) => self.painted = Some(scene.clone()),
                Effect::FetchText { page, .. } => {
                    let page = self.engine.pages.find(page).unwrap() as u32;
                    assert!(!self.texts.contains(&page), "a text is asked for once");
                    self.texts.push(page);
                }
                Effect::Selected(selection) => self.selected.clone_from(selection),
                _ => {}
            }
        }
        self.check();
        effects
    }

    pub fn check(&mut self) {
        let renders = self.running.values().filter(|job| job.source.renders()).count();
        assert!(renders <= 2 && self.running.len() - renders <= 4, "no more work at once than there is room");
        let Some(scene) = &self.painted else { return };
        let mut shown = HashSet::new();
        // Rounding to whole pixels may cost one where the gap itself is less than that.
        let slack = i64::from(SPINE * self.engine.camera.device_scale() < 1.);
        for pair in scene.pages.windows(2) {
            let (a, b) = (&pair[0].placed, &pair[1].placed);
            let below = a.y + i64::from(a.height) <= b.y + slack;
            assert!(below || a.x + i64::from(a.width) <= b.x + slack, "pages do not overlap");
        }
        for page in &scene.pages {
            let inks = page.overlays.iter().map(|overlay| overlay.to);
            let marks =
                page.marks.iter().flat_map(|mark| &mark.0.rects).map(|rect| page.frame.rect_to_view(rect));
            for [x, y, w, h] in inks.chain(marks) {
                let (left, top) = (page.placed.x as f64, page.placed.y as f64);
                let (width, height) = (f64::from(page.placed.width), f64::from(page.placed.height));
                assert!(
                    x >= left - 2.
                        && y >= top - 2.
                        && x + w <= left + width + 2.
                        && y + h <= top + height + 2.,
                    "ink stays on its page"
                );
            }
            for draw in &page.draws {
                assert!(self.bitmaps.contains(&draw.bitmap), "only bitmaps that are there are painted");
            }
            if page.draws.is_empty() {
                assert!(!self.readable.contains(&page.number), "nothing blank over something readable");
            } else {
                shown.insert(page.number);
            }
        }
        self.readable = shown;
    }

    /// Answers a running job as a host would.
    pub fn finish(&mut self, id: u32, fail: Option<Code>) -> Vec<Effect> {
        let Some(job) = self.running.remove(&id) else { return Vec::new() };
        if let Some(code) = fail {
            return self.send(Event::Failed { job: id, code });
        }
        let (width, height) = match job.source {
            Source::Thumbs { .. } => (640, 904),
            Source::Preview { .. } => (1000, 1414),
            Source::Image { size, .. } => size.map_or((1654, 2339), |size| (size.width, size.height)),
            Source::Render { piece, .. } => (piece.width, piece.height),
        };
        self.bitmaps.insert(id);
        self.send(Event::Ready { job: id, bytes: u64::from(width) * u64::from(height) * 4 })
    }

    /// Finishes everything, and what follows from it, until nothing runs.
    pub fn settle(&mut self) {
        self.now += SETTLE_MS;
        self.send(Event::Tick);
        for _ in 0..500 {
            let Some(id) = self.running.keys().min().copied() else { return };
            self.finish(id, None);
        }
        panic!("the engine never comes to rest");
    }

    pub fn play(&mut self, steps: Vec<Act>) {
        for step in steps {
            match step {
                Act::Event(event) => {
                    self.send(event);
                }
                Act::Texts(fail) => self.answer_texts(fail),
                Act::Wait(ms) => {
                    self.now += ms;
                    self.send(Event::Tick);
                }
                Act::Finish(n, fail) => {
                    let mut running: Vec<u32> = self.running.keys().copied().collect();
                    running.sort_unstable();
                    if let Some(id) = running.get(n) {
                        self.finish(*id, fail.then_some(Code::ServerGone));
                    }
                }
            }
        }
    }

    pub fn status(&self) -> Status {
        self.engine.status.clone().unwrap()
    }

    pub fn open(sizes: &[(f32, f32)], scanned: bool) -> Self {
        let mut driver = Self::new(sizes, scanned);
        driver.send(Event::Resize { width: 1200., height: 900., dpr: 1. });
        driver.settle();
        driver
    }
}
