//! After every event: what to want, what to start, what to let go and what to report.

use std::ops::Range;

use evolume_model::code::Code;
use evolume_model::viewing::Status;
use evolume_model::volume::SHEET_PAGES;

use super::cache::Surface;
use super::camera::UNIT;
use super::tiles::{self, Key, Kind, Method, Piece, Placed};
use super::{Effect, Engine, Job};

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
pub(super) struct Seen {
    pub page: usize,
    /// As it lies in the viewport.
    pub turned: Placed,
    /// Before the reader turned it, and the part that shows: what bitmaps are made for.
    pub placed: Placed,
    pub window: Piece,
    pub method: Method,
}

impl Engine {
    pub(super) fn advance(&mut self, now: f64, effects: &mut Vec<Effect>) {
        self.find.tick(now);
        let visible = self.camera.visible(self.pages.layout());
        let seen = self.seen(visible.clone());
        let (readable, sharp, failed) = self.judge(&seen);
        self.come_to(readable && (!seen.is_empty() || self.pages.count() == 0), sharp);

        self.cancel_far(&visible, effects);
        // While a jump waits for its sharp pixels, what is on the screen stays: a white flash helps nobody.
        let scene = if readable || !self.motion.has_grace(now) { self.compose(&seen) } else { self.hold() };
        let wants = self.wants(now, &seen, &visible);
        self.start(now, wants, effects);
        let at_rest = self.is_readable() && sharp && self.motion.is_idle(now);
        self.want_texts(now, &visible, at_rest, effects);
        self.want_navigation(now, &visible, at_rest, effects);
        self.report_texts(&visible, at_rest, effects);
        let released = self.surfaces.shrink(self.budget());
        effects.extend(released.into_iter().map(Effect::Release));

        if scene != self.scene {
            self.scene = scene.clone();
            effects.push(Effect::Paint(scene));
        }
        let blank = self.scene.pages.iter().filter(|page| page.draws.is_empty() && page.problem.is_none());
        let blank = blank.count() as u32;
        let status = self.report(readable, sharp, failed, blank);
        if self.status.as_ref() != Some(&status) {
            self.status = Some(status.clone());
            effects.push(Effect::Report(status));
        }
        self.report_failures(&seen, effects);
        self.report_selection(effects);
        effects.extend(self.next_wake(now).map(|after| Effect::Wake { after }));
    }

    /// The pages in view, the one nearest to the middle first.
    fn seen(&self, visible: Range<usize>) -> Vec<Seen> {
        let mut seen: Vec<Seen> = visible
            .filter_map(|page| {
                let turned = Placed::new(&self.pages.layout().slot(page)?, &self.camera);
                let window = self.pages.unturned_window(page, &turned, &turned.window(&self.camera)?);
                let placed = self.pages.unturned(page, &turned);
                let method = tiles::method(self.pages.page(page)?, &placed, &self.camera);
                Some(Seen { page, turned, placed, window, method })
            })
            .collect();
        let middle = (self.camera.height * self.camera.dpr / 2.) as i64;
        seen.sort_by_key(|s| (s.turned.y + i64::from(s.turned.height) / 2 - middle).abs());
        seen
    }

    /// Whether a surface is neither there nor to be had.
    fn hopeless(&self, key: &Key) -> bool {
        matches!(self.surfaces.get(key), Some(Surface::Failed { retry: None, .. }))
            || self.source(key).is_none()
    }

    /// Tiles at the page's current size whose surface satisfies `such`.
    fn blocks(&self, s: &Seen, such: impl Fn(&Surface) -> bool) -> Vec<Piece> {
        self.surfaces
            .of_page(s.page)
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

    pub(super) fn is_sharp(&self, s: &Seen) -> bool {
        match s.method {
            Method::One(kind) => self.surfaces.is_ready(s.page, kind),
            Method::Blocks => {
                tiles::missing(&s.placed, &s.window, &self.blocks(s, Surface::is_ready)).is_empty()
            }
        }
    }

    /// Readable, sharp, and how many pages in view will never be sharp.
    fn judge(&self, seen: &[Seen]) -> (bool, bool, u32) {
        let (mut readable, mut sharp, mut failed) = (true, true, 0);
        for s in seen {
            let any = self.surfaces.shows(s.page);
            let broken = self.broken(s);
            failed += u32::from(broken);
            readable &= any || broken;
            sharp &= broken || self.is_sharp(s);
        }
        (readable, sharp, failed)
    }

    /// Reports the pages that come into view, or are, and will not be sharp: once, until they have left.
    fn report_failures(&mut self, seen: &[Seen], effects: &mut Vec<Effect>) {
        let failed = seen.iter().filter_map(|s| Some((s.page, self.surfaces.failure(s.page)?)));
        let failed: Vec<(usize, Code)> = failed.collect();
        let news = self.surfaces.report(&failed);
        effects.extend(news.into_iter().map(|(page, code)| self.problem(code, page)));
    }

    fn broken(&self, s: &Seen) -> bool {
        if !self.pages.knows(s.page) {
            return false;
        }
        let lost = |(kind, x): (Kind, Surface)| {
            kind != Kind::Preview && matches!(x, Surface::Failed { retry: None, .. })
        };
        self.pages.page(s.page).is_some_and(|page| page.problem.is_some())
            || match s.method {
                Method::One(kind) => self.hopeless(&Key { page: s.page as u32, kind }),
                Method::Blocks => self.surfaces.of_page(s.page).any(lost),
            }
            || (self.surfaces.is_timed_out(s.page) && !self.is_sharp(s))
    }

    /// What is wanted, the most wanted first.
    fn wants(&self, now: f64, seen: &[Seen], visible: &Range<usize>) -> Vec<Key> {
        let mut wants = Vec::new();
        let key = |page: usize, kind| Key { page: page as u32, kind };
        if !self.motion.is_settled(now)
            && self.is_readable()
            && !seen.iter().all(|s| self.surfaces.shows(s.page))
        {
            wants.extend(self.sheets_wanted(visible));
        }
        if !self.motion.has_grace(now) {
            for s in seen.iter().filter(|s| !self.is_sharp(s)) {
                wants.push(key(s.page, Kind::Preview));
            }
        }
        // Whoever scrolls comes to the next page soon; a jump leads anywhere.
        if self.is_readable() && self.motion.reads_on() {
            let beyond = [Some(visible.end), visible.start.checked_sub(1)].into_iter().flatten();
            wants.extend(beyond.map(|page| key(page, Kind::Preview)));
        }
        // Sharp pixels wait for the first previews, where there are any.
        let waits = |s: &Seen| !self.surfaces.shows(s.page) && !self.hopeless(&key(s.page, Kind::Preview));
        if !self.motion.is_settled(now) || (!self.is_readable() && seen.iter().any(waits)) {
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
        let idle = self.motion.is_idle(now) && seen.iter().all(|s| self.is_sharp(s) || self.broken(s));
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
                let image = self.pages.page(key.page as usize).and_then(|page| page.image.as_ref());
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
                let (Some(slot), Some(entry)) = (self.pages.layout().slot(page), self.pages.page(page))
                else {
                    continue;
                };
                let placed = self.pages.unturned(page, &Placed::new(&slot, &self.camera));
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
        for (_, key) in self.surfaces.running() {
            *if matches!(key.kind, Kind::Sharp { .. }) { &mut renders } else { &mut fetches } += 1;
        }
        for key in wants {
            let may = match self.surfaces.get(&key) {
                None => true,
                Some(surface) => surface.is_due(now),
            };
            self.surfaces.touch(&key);
            if !may || self.pages.page(key.page as usize).is_none_or(|page| page.problem.is_some()) {
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
            let (id, fresh) = self.surfaces.begin(now, key);
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
            .surfaces
            .running()
            .filter(|(_, key)| !near(key))
            .filter(|(_, key)| self.source(key).is_some_and(|source| !source.renders()))
            .collect();
        for (job, key) in far {
            self.surfaces.forget(&key);
            effects.push(Effect::Cancel(job));
        }
    }

    fn report(&self, readable: bool, sharp: bool, failed: u32, blank: u32) -> Status {
        let (page, offset) = self.place();
        let (material, index) = self.pages.place(page).unwrap_or_default();
        let height = self.pages.layout().height().max(1.);
        let way = height - self.camera.span();
        Status {
            page: if self.pages.count() == 0 { 0 } else { page as u32 + 1 },
            at: self.pages.identity(page),
            pages: self.pages.count() as u32,
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
            tool: self.pointers.tool(),
        }
    }

    /// When something is due without an event: sharp pixels, the neighbours, a retry, a gesture that goes on.
    fn next_wake(&self, now: f64) -> Option<f64> {
        let [settled, idle] = self.motion.wakes();
        [
            Some(settled),
            Some(idle),
            self.surfaces.next_retry(now),
            self.texts.next_retry(now),
            self.links.next_retry(now),
            Some(self.find.next_wake()),
            self.next_edge_step(),
            self.pointers.next_wake(),
        ]
        .into_iter()
        .flatten()
        .filter(|at| *at > now)
        .map(|at| at - now)
        .min_by(f64::total_cmp)
    }
}
