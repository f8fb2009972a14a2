//! After every event: what to want, what to start, what to let go, what to paint and to report.

use std::ops::Range;

use evolume_model::code::Code;
use evolume_model::viewing::Status;
use evolume_model::volume::SHEET_PAGES;

use super::{Effect, Engine, IDLE_MS, Job};
use crate::engine::cache::Surface;
use crate::engine::camera::UNIT;
use crate::engine::scene::{Draw, PagePaint, Scene};
use crate::engine::tiles::{self, Key, Kind, Method, Piece, Placed};

/// Running fetches farther away than this many pages from the view are cancelled.
const NEAR_PAGES: usize = 3;
/// The same for sheets of thumbnails.
const NEAR_SHEETS: usize = 4;

/// Bitmaps are kept for so many screens full.
const SCREENS: f64 = 3.;
/// On a small screen still so many bytes, if the machine allows.
const LEAST_BUDGET: u64 = 24 << 20;
/// Of a preview's bitmap.
const PREVIEW_BYTES: u64 = 6 << 20;
/// Of a sheet of thumbnails.
const THUMBS_BYTES: u64 = 2 << 20;

/// A page in view.
struct Seen {
    page: usize,
    /// As it lies in the viewport.
    turned: Placed,
    /// Before the reader turned it, and the part that shows: what bitmaps are made for.
    placed: Placed,
    window: Piece,
    method: Method,
}

impl Engine {
    pub(super) fn advance(&mut self, now: f64, effects: &mut Vec<Effect>) {
        self.find.tick(now);
        let visible = self.camera.visible(&self.layout);
        let seen = self.seen(visible.clone());
        let (readable, sharp, failed) = self.judge(&seen);
        self.was_readable |= readable && !seen.is_empty();
        self.was_sharp |= self.was_readable && sharp;

        self.cancel_far(&visible, effects);
        // While a jump waits for its sharp pixels, what is on the screen stays: a white flash helps nobody.
        let scene = if readable || now >= self.grace_until { self.compose(&seen) } else { self.hold() };
        let wants = self.wants(now, &seen, &visible);
        self.start(now, wants, effects);
        let at_rest = self.was_readable && sharp && now >= self.moved_at + IDLE_MS;
        self.want_texts(now, &visible, at_rest, effects);
        self.want_guides(now, &visible, at_rest, effects);
        self.tell_texts(&visible, at_rest, effects);
        let released = self.cache.shrink(self.budget(), self.updates);
        effects.extend(released.into_iter().map(Effect::Release));

        if scene != self.scene {
            self.scene = scene.clone();
            effects.push(Effect::Paint(scene));
        }
        let blank = self.scene.pages.iter().filter(|page| page.draws.is_empty() && page.problem.is_none());
        let blank = blank.count() as u32;
        let status = self.report(readable, sharp, failed, blank);
        if self.status != Some(status) {
            self.status = Some(status);
            effects.push(Effect::Report(status));
        }
        self.tell_failures(&seen, effects);
        self.tell_selection(effects);
        effects.extend(self.next_wake(now).map(|after| Effect::Wake { after }));
    }

    /// The pages in view, the one nearest to the middle first.
    fn seen(&self, visible: Range<usize>) -> Vec<Seen> {
        let mut seen: Vec<Seen> = visible
            .filter_map(|page| {
                let turned = Placed::new(&self.layout.slot(page)?, &self.camera);
                let window = self.unturned_window(page, &turned, &turned.window(&self.camera)?);
                let placed = self.unturned(page, &turned);
                let method = tiles::method(self.page(page)?, &placed, &self.camera);
                Some(Seen { page, turned, placed, window, method })
            })
            .collect();
        let middle = (self.camera.height * self.camera.dpr / 2.) as i64;
        seen.sort_by_key(|s| (s.turned.y + i64::from(s.turned.height) / 2 - middle).abs());
        seen
    }

    /// Whether there is something of a page that can be read.
    fn shows(&self, page: usize) -> bool {
        self.surfaces(page).any(|(_, surface)| surface.is_ready())
    }

    /// The surfaces that are of this page alone.
    fn surfaces(&self, page: usize) -> impl Iterator<Item = (Kind, Surface)> {
        self.cache.of_page(page as u32).filter(|(kind, _)| *kind != Kind::Thumbs)
    }

    fn ready(&self, page: usize, kind: Kind) -> bool {
        self.cache.get(&Key { page: page as u32, kind }).is_some_and(Surface::is_ready)
    }

    /// Whether a surface is neither there nor to be had.
    fn hopeless(&self, key: &Key) -> bool {
        matches!(self.cache.get(key), Some(Surface::Failed { retry: None, .. })) || self.source(key).is_none()
    }

    /// The blocks of a page at its size in which a surface is such.
    fn blocks(&self, s: &Seen, such: impl Fn(&Surface) -> bool) -> Vec<Piece> {
        self.surfaces(s.page)
            .filter(|(_, surface)| such(surface))
            .filter_map(|(kind, _)| match kind {
                Kind::Sharp { page_width, page_height, piece }
                    if (page_width, page_height) == (s.placed.width, s.placed.height) =>
                {
                    Some(piece)
                }
                _ => None,
            })
            .collect()
    }

    fn is_sharp(&self, s: &Seen) -> bool {
        match s.method {
            Method::One(kind) => self.ready(s.page, kind),
            Method::Blocks => {
                tiles::missing(&s.placed, &s.window, &self.blocks(s, Surface::is_ready)).is_empty()
            }
        }
    }

    /// Readable, sharp, and how many pages in view will never be sharp.
    fn judge(&self, seen: &[Seen]) -> (bool, bool, u32) {
        let (mut readable, mut sharp, mut failed) = (true, true, 0);
        for s in seen {
            let any = self.shows(s.page);
            let broken = self.broken(s);
            failed += u32::from(broken);
            readable &= any || broken;
            sharp &= broken || self.is_sharp(s);
        }
        (readable, sharp, failed)
    }

    /// Tells of pages that come into view, or are, and will not be sharp: once, until they have left.
    fn tell_failures(&mut self, seen: &[Seen], effects: &mut Vec<Effect>) {
        let failed: Vec<(u32, Code)> = seen.iter().filter_map(|s| self.failure(s.page as u32)).collect();
        let news = failed.iter().filter(|(page, _)| !self.told.contains(page));
        effects.extend(news.map(|(page, code)| Effect::Problem { code: *code, page: page + 1 }));
        self.told = failed.into_iter().map(|(page, _)| page).collect();
    }

    /// Why a page will never be sharp.
    fn failure(&self, page: u32) -> Option<(u32, Code)> {
        let endless = self.endless.contains(&page).then_some(Code::PageTimeout);
        let failed = self.surfaces(page as usize).find_map(|(kind, surface)| match surface {
            Surface::Failed { code, retry: None, .. } if kind != Kind::Preview => Some(code),
            _ => None,
        });
        Some((page, endless.or(failed)?))
    }

    fn broken(&self, s: &Seen) -> bool {
        let page = s.page as u32;
        if !self.knows(s.page) {
            return false;
        }
        self.page(s.page).is_some_and(|page| page.problem.is_some())
            || match s.method {
                Method::One(kind) => self.hopeless(&Key { page, kind }),
                Method::Blocks => self.surfaces(s.page).any(|(kind, x)| {
                    kind != Kind::Preview && matches!(x, Surface::Failed { retry: None, .. })
                }),
            }
            || (self.endless.contains(&page) && !self.is_sharp(s))
    }

    /// What is wanted, the most wanted first.
    fn wants(&self, now: f64, seen: &[Seen], visible: &Range<usize>) -> Vec<Key> {
        let mut wants = Vec::new();
        let key = |page: usize, kind| Key { page: page as u32, kind };
        if now < self.settled_at && self.was_readable && !seen.iter().all(|s| self.shows(s.page)) {
            wants.extend(self.sheets_wanted(visible));
        }
        if now >= self.grace_until {
            for s in seen.iter().filter(|s| !self.is_sharp(s)) {
                wants.push(key(s.page, Kind::Preview));
            }
        }
        // Whoever scrolls comes to the next page soon; a jump leads anywhere.
        if self.was_readable && self.scrolled_at >= self.moved_at {
            let beyond = [Some(visible.end), visible.start.checked_sub(1)].into_iter().flatten();
            wants.extend(beyond.map(|page| key(page, Kind::Preview)));
        }
        // Sharp pixels wait for the first previews, where there are any.
        let waits = |s: &Seen| !self.shows(s.page) && !self.hopeless(&key(s.page, Kind::Preview));
        if now < self.settled_at || (!self.was_readable && seen.iter().any(waits)) {
            return wants;
        }
        for s in seen {
            match s.method {
                Method::One(kind) => wants.push(key(s.page, kind)),
                Method::Blocks => {
                    let have = self.blocks(s, |surface| !surface.is_due(now));
                    wants.extend(tiles::missing(&s.placed, &s.window, &have).into_iter().map(|piece| {
                        let (page_width, page_height) = (s.placed.width, s.placed.height);
                        key(s.page, Kind::Sharp { page_width, page_height, piece })
                    }));
                }
            }
        }
        let idle = now >= self.moved_at + IDLE_MS && seen.iter().all(|s| self.is_sharp(s) || self.broken(s));
        if idle {
            let in_view = seen.iter().map(|s| match s.method {
                Method::One(kind) => self.bytes(&key(s.page, kind)),
                Method::Blocks => s.window.area() * 4,
            });
            let mut room = self.budget().saturating_sub(in_view.sum());
            wants.extend(self.neighbours(visible).into_iter().map_while(|key| {
                room = room.checked_sub(self.bytes(&key))?;
                Some(key)
            }));
        }
        wants
    }

    /// Bytes of bitmaps that may be kept: some screens full, as most readers turn back by a page or two.
    fn budget(&self) -> u64 {
        let screen = self.camera.width * self.camera.height * self.camera.dpr.powi(2) * 4.;
        self.settings.budget.min(LEAST_BUDGET.max((SCREENS * screen) as u64))
    }

    /// Bytes of a surface's bitmap, about.
    fn bytes(&self, key: &Key) -> u64 {
        match key.kind {
            Kind::Thumbs => THUMBS_BYTES,
            Kind::Preview => PREVIEW_BYTES,
            Kind::Sharp { piece, .. } => piece.area() * 4,
            Kind::Image { width } => {
                let image = self.page(key.page as usize).and_then(|page| page.image.as_ref());
                let ratio = image.map_or(0., |i| f64::from(i.height_px) / f64::from(i.width_px.max(1)));
                (f64::from(width).powi(2) * ratio * 4.) as u64
            }
        }
    }

    /// The pages just outside the view: previews of two, sharp pixels of one in either direction.
    fn neighbours(&self, visible: &Range<usize>) -> Vec<Key> {
        let mut wants = Vec::new();
        for distance in 0..2 {
            let below = visible.end.checked_add(distance);
            let above = visible.start.checked_sub(distance + 1);
            for page in [below, above].into_iter().flatten() {
                let (Some(slot), Some(entry)) = (self.layout.slot(page), self.page(page)) else { continue };
                let placed = self.unturned(page, &Placed::new(&slot, &self.camera));
                let page = page as u32;
                wants.push(Key { page, kind: Kind::Preview });
                if let (0, Method::One(kind)) = (distance, tiles::method(entry, &placed, &self.camera)) {
                    wants.push(Key { page, kind });
                }
            }
        }
        wants
    }

    /// Starts what is wanted and not yet there, as far as there is room.
    fn start(&mut self, now: f64, wants: Vec<Key>, effects: &mut Vec<Effect>) {
        let (mut renders, mut fetches) = (0, 0);
        for (_, key) in self.cache.running() {
            *if matches!(key.kind, Kind::Sharp { .. }) { &mut renders } else { &mut fetches } += 1;
        }
        for key in wants {
            let may = match self.cache.get(&key) {
                None => true,
                Some(surface) => surface.is_due(now),
            };
            self.cache.touch(&key, self.updates);
            if !may || self.page(key.page as usize).is_none_or(|page| page.problem.is_some()) {
                continue;
            }
            let Some(source) = self.source(&key) else { continue };
            let (used, room) = match source.renders() {
                true => (&mut renders, self.settings.renderers),
                false => (&mut fetches, self.settings.fetches),
            };
            if *used >= room {
                continue;
            }
            *used += 1;
            self.jobs += 1;
            let id = self.jobs;
            self.cache.set(key, Surface::Pending { job: id, since: now });
            let fresh = self.failures.contains_key(&key);
            effects.push(Effect::Start(Job { id, fresh, source }));
        }
    }

    /// Lets go of fetches that the reader has left behind; a render that runs is left to finish.
    fn cancel_far(&mut self, visible: &Range<usize>, effects: &mut Vec<Effect>) {
        let near = |key: &Key| {
            let pages =
                if key.kind == Kind::Thumbs { NEAR_SHEETS * SHEET_PAGES as usize } else { NEAR_PAGES };
            (visible.start.saturating_sub(pages)..visible.end + pages).contains(&(key.page as usize))
        };
        let far: Vec<(u32, Key)> = self
            .cache
            .running()
            .filter(|(_, key)| !near(key))
            .filter(|(_, key)| self.source(key).is_some_and(|source| !source.renders()))
            .collect();
        for (job, key) in far {
            self.cache.remove(&key);
            effects.push(Effect::Cancel(job));
        }
    }

    /// The scene, from above; marks what it paints as used.
    fn compose(&mut self, seen: &[Seen]) -> Scene {
        let mut pages: Vec<PagePaint> = Vec::new();
        for s in seen {
            let ladder = self.ladder(s);
            let mut draws = Vec::new();
            for (kind, job) in &ladder {
                self.cache.touch(&Key { page: s.page as u32, kind: *kind }, self.updates);
                draws.push(self.draw(s, *kind, *job));
            }
            if let (true, Some((key, bitmap, from))) = (draws.is_empty(), self.thumb(s.page)) {
                self.cache.touch(&key, self.updates);
                draws.push(Draw { from: Some(from), ..self.draw(s, Kind::Thumbs, bitmap) });
            }
            let told = self.page(s.page).filter(|_| self.knows(s.page));
            let problem = told.and_then(|page| page.problem).or_else(|| {
                self.surfaces(s.page).find_map(|(_, surface)| match surface {
                    Surface::Failed { code, retry: None, .. } => Some(code),
                    _ => None,
                })
            });
            let endless = self.endless.contains(&(s.page as u32)).then_some(Code::PageTimeout);
            let problem = problem.or(endless).filter(|_| draws.is_empty());
            let number = s.page as u32 + 1;
            let overlays = self.overlays(s.page as u32, &s.turned);
            let (placed, turn) = (s.turned, self.turned(s.page));
            pages.push(PagePaint { number, placed, turn, window: s.window, draws, overlays, problem });
        }
        pages.sort_by_key(|page| page.number);
        let frame = self.hold.frame().map(|frame| frame.map(|v| v * self.camera.dpr));
        Scene { pages, frame }
    }

    /// The scene that is on the screen, once more; marks what it paints as used.
    fn hold(&mut self) -> Scene {
        for bitmap in self.scene.pages.iter().flat_map(|page| &page.draws).map(|draw| draw.bitmap) {
            self.cache.touch_bitmap(bitmap, self.updates);
        }
        self.scene.clone()
    }

    /// The bitmaps to paint for a page, the coarsest first: nothing blank over something readable
    /// (invariant 5), nothing that a sharper one hides.
    fn ladder(&self, s: &Seen) -> Vec<(Kind, u32)> {
        let exact = (s.placed.width, s.placed.height);
        let mut whole: Option<(u32, Kind, u32)> = None;
        let mut blocks = Vec::new();
        for (kind, surface) in self.surfaces(s.page) {
            let Surface::Ready { job, .. } = surface else { continue };
            if s.method == Method::One(kind) {
                return vec![(kind, job)];
            }
            let width = match kind {
                Kind::Preview | Kind::Thumbs => 1,
                Kind::Image { width } => width,
                Kind::Sharp { page_width, page_height, piece } => {
                    if piece.area() < u64::from(page_width) * u64::from(page_height) {
                        blocks.push((page_width, page_height, kind, job));
                        continue;
                    }
                    page_width
                }
            };
            if whole.is_none_or(|(best, ..)| best < width) {
                whole = Some((width, kind, job));
            }
        }
        let sharp = s.method == Method::Blocks && self.is_sharp(s);
        blocks.retain(|(w, h, ..)| !sharp || (*w, *h) == exact);
        blocks.sort_by_key(|(w, h, kind, _)| ((*w, *h) == exact, *w, *kind));
        let whole = whole.filter(|_| !sharp).map(|(_, kind, job)| (kind, job));
        whole.into_iter().chain(blocks.into_iter().map(|(.., kind, job)| (kind, job))).collect()
    }

    fn draw(&self, s: &Seen, kind: Kind, bitmap: u32) -> Draw {
        let (x, y) = (s.placed.x as f64, s.placed.y as f64);
        let (w, h) = (f64::from(s.placed.width), f64::from(s.placed.height));
        let shares = match (kind, self.page(s.page)) {
            (Kind::Image { .. }, Some(page)) => {
                page.image.as_ref().map(|image| Self::image_rect(page, &image.rect))
            }
            _ => None,
        };
        let [sx, sy, sw, sh] = match kind {
            Kind::Sharp { page_width, page_height, piece } => {
                let (pw, ph) = (f64::from(page_width), f64::from(page_height));
                [
                    f64::from(piece.x) / pw,
                    f64::from(piece.y) / ph,
                    f64::from(piece.width) / pw,
                    f64::from(piece.height) / ph,
                ]
            }
            _ => shares.unwrap_or([0., 0., 1., 1.]),
        };
        Draw { bitmap, from: None, to: [x + sx * w, y + sy * h, sw * w, sh * h] }
    }

    fn report(&self, readable: bool, sharp: bool, failed: u32, blank: u32) -> Status {
        let (page, offset) = self.place();
        let (material, index) = self.numbering.place(page).unwrap_or_default();
        let height = self.layout.height().max(1.);
        let way = height - self.camera.span();
        Status {
            page: if self.layout.is_empty() { 0 } else { page as u32 + 1 },
            pages: self.layout.len() as u32,
            material,
            page_in_material: index + 1,
            zoom: (self.camera.scale / UNIT * 1e4).round() / 100.,
            fit: self.fit,
            offset: (offset * 1e4).round() / 1e4,
            readable,
            sharp,
            failed,
            blank,
            scroll: if way > 0. { (self.camera.y / way).clamp(0., 1.) } else { 0. },
            extent: (self.camera.span() / height).clamp(0., 1.),
            tool: self.hold.tool,
        }
    }

    /// When something is due without an event: sharp pixels, the neighbours, a retry.
    fn next_wake(&self, now: f64) -> Option<f64> {
        [
            Some(self.settled_at),
            Some(self.moved_at + IDLE_MS),
            self.cache.next_retry(now),
            self.texts.next_retry(now),
            Some(self.find.next_wake()),
            self.next_edge_step(),
        ]
        .into_iter()
        .flatten()
        .filter(|at| *at > now)
        .map(|at| at - now)
        .min_by(f64::total_cmp)
    }
}
