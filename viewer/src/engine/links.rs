//! Links of the PDFs and citations in the text: what is under the pointer, and where it leads.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use evolume_model::citation::{self, Goal};
use evolume_model::code::Code;
use evolume_model::geometry::{PageRect, ViewPoint};
use evolume_model::guide::{Guide, LinkTarget};
use evolume_model::wire::Followed;

use super::{Effect, Engine, RETRY_MS};

#[derive(Debug)]
enum State {
    Asked,
    There(Rc<Guide>),
    Failed { retry: f64 },
}

/// A citation that leads somewhere.
#[derive(Debug)]
struct Cited {
    range: Range<usize>,
    goal: Followed,
}

/// A link under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub page: u32,
    /// Page space.
    pub rects: Vec<PageRect>,
    pub goal: Followed,
}

/// What is known about links.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// By position of the material.
    guides: HashMap<u32, State>,
    /// By page; found when somebody points at its text.
    cited: HashMap<u32, Vec<Cited>>,
    /// The one under the pointer.
    pub pointed: Option<Link>,
}

impl Links {
    /// Whatever failed may be asked for again.
    pub fn forgive(&mut self) {
        self.guides.retain(|_, state| !matches!(state, State::Failed { .. }));
    }
}

impl Engine {
    /// Takes an answer to [`Effect::FetchGuide`] in; a guide that does not come is asked for later.
    pub(super) fn take_guide(&mut self, now: f64, material: u32, guide: Result<Rc<Guide>, Code>) {
        let state = match guide {
            Ok(guide) => State::There(guide),
            // The page is readable without its links: no complaint.
            Err(_) => State::Failed { retry: now + RETRY_MS },
        };
        self.links.guides.insert(material, state);
    }

    /// Asks for the guides of the materials in view when all is at rest; forgets those behind.
    pub(super) fn want_guides(
        &mut self,
        now: f64,
        visible: &Range<usize>,
        at_rest: bool,
        effects: &mut Vec<Effect>,
    ) {
        let shown = self.places.get(visible.clone()).unwrap_or_default();
        let range = shown.first().map_or(0, |place| place.0)..=shown.last().map_or(0, |place| place.0);
        self.links.guides.retain(|material, state| matches!(state, State::Asked) || range.contains(material));
        self.links.cited.retain(|page, _| visible.contains(&(*page as usize)));
        if !at_rest {
            return;
        }
        for material in range {
            let wanted = match self.links.guides.get(&material) {
                None => true,
                Some(State::Failed { retry }) => now >= *retry,
                Some(_) => false,
            };
            let guide = self.manifest.materials.get(material as usize).and_then(|m| m.guide.as_ref());
            if let Some(guide) = guide.filter(|_| wanted) {
                effects.push(Effect::FetchGuide { material, blob: guide.blob.clone() });
                self.links.guides.insert(material, State::Asked);
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
        let (material, index) = *self.places.get(page as usize)?;
        if let Some(State::There(guide)) = self.links.guides.get(&material)
            && let Some(link) = guide.link_at(index, point)
        {
            let goal = match &link.target {
                LinkTarget::Uri(uri) => Followed::Uri { uri: uri.clone() },
                LinkTarget::Page(target) => {
                    let pages = self.manifest.materials.get(material as usize)?.pages.len() as u32;
                    // Pages of a material are together.
                    Followed::Page { page: page - index + (*target).min(pages.saturating_sub(1)) + 1 }
                }
            };
            return Some(Link { page, rects: vec![link.rect], goal });
        }
        let text = Rc::clone(self.texts.get(page)?);
        let hit = text.hit(point).filter(|hit| hit.on)?;
        let manifest = &self.manifest;
        let cited = self.links.cited.entry(page).or_insert_with(|| {
            let found = citation::find(text.as_str()).into_iter();
            found
                .filter_map(|found| Some(Cited { goal: lead(&found, manifest)?, range: found.range }))
                .collect()
        });
        let cited = cited.iter().find(|cited| cited.range.contains(&hit.index))?;
        Some(Link { page, rects: text.rects(cited.range.clone()), goal: cited.goal.clone() })
    }
}

fn lead(found: &citation::Citation, manifest: &evolume_model::volume::Manifest) -> Option<Followed> {
    Some(match citation::resolve(found, manifest)? {
        Goal::Page(page) => Followed::Page { page },
        Goal::Elsewhere { volume, page } => Followed::Volume { volume, page },
    })
}
