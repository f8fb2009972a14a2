//! What to paint: the bitmaps of the pages in view and what lies over them.

use super::Engine;
use super::cache::Surface;
use super::pages::Pages;
use super::plan::Seen;
use super::scene::{Draw, PagePaint, Scene};
use super::tiles::{Key, Kind, Method};

impl Engine {
    /// The scene, from above; marks what it paints as used.
    pub(super) fn compose(&mut self, seen: &[Seen]) -> Scene {
        let mut pages: Vec<PagePaint> = Vec::new();
        for s in seen {
            let ladder = self.ladder(s);
            let mut draws = Vec::new();
            for (kind, job) in &ladder {
                self.surfaces.touch(&Key { page: s.page as u32, kind: *kind });
                draws.push(self.draw(s, *kind, *job));
            }
            if let (true, Some((key, bitmap, from))) = (draws.is_empty(), self.thumb(s.page)) {
                self.surfaces.touch(&key);
                draws.push(Draw { from: Some(from), ..self.draw(s, Kind::Thumbs, bitmap) });
            }
            let known = self.pages.page(s.page).filter(|_| self.pages.knows(s.page));
            let problem = known.and_then(|page| page.problem).or_else(|| self.surfaces.problem(s.page));
            let problem = problem.filter(|_| draws.is_empty());
            let Some(frame) = self.device_frame(s.page, &s.turned) else { continue };
            pages.push(PagePaint {
                number: s.page as u32 + 1,
                placed: s.turned,
                turn: self.pages.turned(s.page),
                window: s.window,
                draws,
                frame,
                marks: self.shapes(s.page),
                overlays: self.overlays(s.page as u32, &frame),
                problem,
            });
        }
        pages.sort_by_key(|page| page.number);
        let frame = self.pointers.frame().map(|frame| frame.map(|v| v * self.camera.dpr));
        Scene { pages, frame }
    }

    /// The scene that is on the screen, once more; marks what it paints as used.
    pub(super) fn hold(&mut self) -> Scene {
        for bitmap in self.scene.pages.iter().flat_map(|page| &page.draws).map(|draw| draw.bitmap) {
            self.surfaces.touch_bitmap(bitmap);
        }
        self.scene.clone()
    }

    /// The bitmaps to paint for a page, the coarsest first: nothing blank over something readable
    /// (invariant 5), nothing that a sharper one hides.
    fn ladder(&self, s: &Seen) -> Vec<(Kind, u32)> {
        let exact = (s.placed.width, s.placed.height);
        let mut whole: Option<(u32, Kind, u32)> = None;
        let mut blocks = Vec::new();
        for (kind, surface) in self.surfaces.of_page(s.page) {
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
        let shares = match (kind, self.pages.page(s.page)) {
            (Kind::Image { .. }, Some(page)) => {
                page.image.as_ref().map(|image| Pages::image_rect(page, &image.rect))
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
}
