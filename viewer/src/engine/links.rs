//! Links of the PDFs and citations in the text: what is under the pointer, and where it leads.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use evolume_model::citation::{self, Goal};
use evolume_model::code::Code;
use evolume_model::geometry::{PagePoint, PageRect, ViewPoint};
use evolume_model::navigation::{LinkTarget, Navigation};
use evolume_model::text::PageText;
use evolume_model::viewing::{LinkDestination, PointedLink};

use super::fetched::Fetched;
use super::pages::Pages;
use super::{Effect, Engine};

/// A citation that leads somewhere.
#[derive(Debug)]
struct Cited {
    range: Range<usize>,
    goal: LinkDestination,
}

/// A link under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub page: u32,
    /// Page space.
    pub rects: Vec<PageRect>,
    pub goal: LinkDestination,
}

/// What is known about links.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// By position of the material.
    navigation: Fetched<u32, Rc<Navigation>>,
    /// By page; found when somebody points at its text.
    cited: HashMap<u32, Vec<Cited>>,
    /// The one under the pointer.
    pointed: Option<Link>,
}

impl Links {
    /// Whatever failed may be asked for again.
    pub fn forgive(&mut self) {
        self.navigation.forgive();
    }

    pub fn next_retry(&self, now: f64) -> Option<f64> {
        self.navigation.next_retry(now)
    }

    pub fn is_pointed(&self) -> bool {
        self.pointed.is_some()
    }

    /// The rectangles of the link that is pointed at, if it is on this page.
    pub fn pointed_on(&self, page: u32) -> &[PageRect] {
        self.pointed.as_ref().filter(|link| link.page == page).map_or(&[], |link| &link.rects)
    }

    pub fn point_at_nothing(&mut self) {
        self.pointed = None;
    }
}

impl Engine {
    /// Takes an answer to [`Effect::FetchNavigation`] in; what does not come is asked for later.
    pub(super) fn take_navigation(
        &mut self,
        now: f64,
        material: &str,
        navigation: Result<Rc<Navigation>, Code>,
    ) {
        let Some(material) = self.pages.position(material) else { return };
        match navigation {
            Ok(navigation) => self.links.navigation.put(material, navigation),
            // The page is readable without its links: no complaint.
            Err(code) => {
                self.links.navigation.fail(now, material, code);
            }
        }
    }

    /// Asks for the navigation data of the materials in view when all is at rest; forgets those behind.
    pub(super) fn want_navigation(
        &mut self,
        now: f64,
        visible: &Range<usize>,
        at_rest: bool,
        effects: &mut Vec<Effect>,
    ) {
        let material = |page: usize| self.pages.place(page).map_or(0, |place| place.0);
        let range = material(visible.start)..=material(visible.end.saturating_sub(1));
        self.links.navigation.keep(|material| range.contains(&material));
        self.links.cited.retain(|page, _| visible.contains(&(*page as usize)));
        if !at_rest {
            return;
        }
        for position in range {
            let Some(material) = self.pages.material(position) else { continue };
            let navigation =
                material.navigation.as_ref().filter(|_| self.links.navigation.wanted(position, now));
            if let Some(navigation) = navigation {
                let (material, blob) = (material.id.clone(), navigation.blob.clone());
                let fresh = self.links.navigation.ask(position);
                effects.push(Effect::FetchNavigation { material, blob, fresh });
            }
        }
    }

    /// Notes what is under the pointer.
    pub(super) fn point_at_link(&mut self, at: ViewPoint) {
        self.links.pointed = self.link_under(at);
    }

    /// The link or citation under a point of the viewport.
    pub(super) fn link_under(&mut self, at: ViewPoint) -> Option<Link> {
        let (page, point) = self.page_under(at)?;
        let (material, index) = self.pages.place(page as usize)?;
        if let Some(navigation) = self.links.navigation.get(material)
            && let Some(link) = navigation.link_at(index, point)
        {
            return Some(Link { page, rects: vec![link.rect], goal: self.goal(material, &link.target)? });
        }
        let text = Rc::clone(self.texts.get(page)?);
        let hit = text.hit(point).filter(|hit| hit.on)?;
        let cited = self.cited(page, &text).iter().find(|cited| cited.range.contains(&hit.index))?;
        Some(Link { page, rects: text.rects(cited.range.clone()), goal: cited.goal.clone() })
    }

    /// Where a link of a material's PDF leads.
    fn goal(&self, material: u32, target: &LinkTarget) -> Option<LinkDestination> {
        Some(match target {
            LinkTarget::Uri(uri) => LinkDestination::Uri { uri: uri.clone() },
            LinkTarget::Page(target) => {
                let own = self.pages.of_material(material);
                let page = own.start + (*target as usize).min(own.len().saturating_sub(1));
                LinkDestination::Page { page: self.pages.identity(page)? }
            }
        })
    }

    /// The citations of a page that lead somewhere.
    fn cited(&mut self, page: u32, text: &PageText) -> &[Cited] {
        // A title that is the only one so far need not stay so.
        if !self.pages.knows_all() {
            return &[];
        }
        let pages = &self.pages;
        self.links.cited.entry(page).or_insert_with(|| {
            let found = citation::find(text.as_str()).into_iter();
            found.filter_map(|found| Some(Cited { goal: lead(&found, pages)?, range: found.range })).collect()
        })
    }

    /// Points at the next link or citation in view, or at the one before; after the last comes the first.
    pub(super) fn step_link(&mut self, forward: bool, effects: &mut Vec<Effect>) {
        let links = self.links_in_view();
        let at = links.iter().position(|link| Some(link) == self.links.pointed.as_ref());
        let next = match at {
            Some(at) if forward => (at + 1) % links.len(),
            Some(at) => (at + links.len() - 1) % links.len(),
            None if forward => 0,
            None => links.len().saturating_sub(1),
        };
        self.links.pointed = links.into_iter().nth(next);
        effects.extend(self.links.pointed.as_ref().map(|link| {
            let text = self.texts.get(link.page).map(|text| written_in(text, &link.rects));
            Effect::Pointed(PointedLink { text: text.unwrap_or_default(), goal: link.goal.clone() })
        }));
    }

    /// Follows the link or citation that is pointed at.
    pub(super) fn follow_link(&self, effects: &mut Vec<Effect>) {
        let visible = self.camera.visible(self.pages.layout());
        let pointed = self.links.pointed.clone().filter(|link| visible.contains(&(link.page as usize)));
        effects.extend(pointed.map(|link| Effect::Follow(link.goal)));
    }

    /// All links and citations that show, from above.
    fn links_in_view(&mut self) -> Vec<Link> {
        let mut all = Vec::new();
        for page in self.camera.visible(self.pages.layout()).map(|page| page as u32) {
            let Some((material, index)) = self.pages.place(page as usize) else { continue };
            if let Some(navigation) = self.links.navigation.get(material) {
                let own = navigation.links.iter().filter(|link| link.page == index);
                all.extend(own.filter_map(|link| {
                    Some(Link { page, rects: vec![link.rect], goal: self.goal(material, &link.target)? })
                }));
            }
            let Some(text) = self.texts.get(page).cloned() else { continue };
            all.extend(self.cited(page, &text).iter().map(|cited| Link {
                page,
                rects: text.rects(cited.range.clone()),
                goal: cited.goal.clone(),
            }));
        }
        let shown = |link: Link| {
            let [x, y, _, height] = self.frame(link.page)?.rect_to_view(link.rects.first()?);
            (y + height > 0. && y < self.camera.height).then_some(((y, x), link))
        };
        let mut shown: Vec<_> = all.into_iter().filter_map(shown).collect();
        shown.sort_by(|((y, x), _), ((other_y, other_x), _)| y.total_cmp(other_y).then(x.total_cmp(other_x)));
        shown.into_iter().map(|(_, link)| link).collect()
    }
}

/// The characters whose middles lie in the rectangles.
fn written_in(text: &PageText, rects: &[PageRect]) -> String {
    let inside = |index: &usize| {
        let glyphs = text.rects(*index..index + 1);
        let middle =
            |glyph: &PageRect| PagePoint { x: (glyph.x0 + glyph.x1) / 2., y: (glyph.y0 + glyph.y1) / 2. };
        glyphs.first().is_some_and(|glyph| rects.iter().any(|rect| rect.contains(middle(glyph))))
    };
    text.as_str().chars().enumerate().filter(|(index, _)| inside(index)).map(|(_, ch)| ch).collect()
}

fn lead(found: &citation::Citation, pages: &Pages) -> Option<LinkDestination> {
    Some(match citation::resolve(found, pages.manifest())? {
        Goal::Page(number) => LinkDestination::Page { page: pages.identity(number as usize - 1)? },
        Goal::Elsewhere { volume, page } => LinkDestination::Volume { volume, page },
    })
}
