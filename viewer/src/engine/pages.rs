//! The volume's pages: what is known of each, its identity and its number, how it is turned and where it lies.

use std::collections::HashMap;
use std::ops::Range;

use evolume_model::excerpt::Known;
use evolume_model::geometry::{PageSize, Rotation};
use evolume_model::page::{Numbering, PageRef};
use evolume_model::viewing::{Arrangement, View};
use evolume_model::volume::{Manifest, Material, Page, Scan, TextOrigin};

use super::layout::Layout;
use super::tiles::{Piece, Placed};

/// Pages count from 0.
#[derive(Debug)]
pub(super) struct Pages {
    manifest: Manifest,
    /// Position in the volume of the manifest's first material.
    first: u32,
    numbering: Numbering,
    /// The pages of which more than the number is known.
    here: Range<usize>,
    layout: Layout,
    view: View,
    /// The single pages that the reader has turned further.
    turns: HashMap<usize, Rotation>,
}

/// What tells a page's text from the one that it had before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TextSource {
    bytes: usize,
    scan: Option<Scan>,
    origin: Option<TextOrigin>,
}

/// Where the pages of one manifest are in the next one.
#[derive(Debug)]
pub(super) struct Moves {
    old: Numbering,
    /// By position of the old material, its pages in the new order; empty when they are gone.
    new: Vec<Range<usize>>,
    /// Pages of the new manifest.
    pages: usize,
}

impl Moves {
    /// The page's new number.
    pub fn page(&self, page: usize) -> Option<usize> {
        let (material, index) = self.old.place(page)?;
        let pages = self.new.get(material as usize)?;
        Some(pages.start + index as usize).filter(|page| pages.contains(page))
    }

    /// The page's new number, or that of the nearest page that is still there.
    pub fn nearest(&self, page: usize) -> usize {
        let behind = (page..self.old.pages()).find_map(|page| self.page(page));
        let before = || (0..page.min(self.old.pages())).rev().find_map(|page| self.page(page));
        behind.or_else(before).unwrap_or(0).min(self.pages.saturating_sub(1))
    }

    /// Whether every page keeps its number.
    pub fn is_nothing(&self) -> bool {
        self.pages == self.old.pages()
            && (0..).zip(&self.new).all(|(material, pages)| *pages == self.old.pages_of(material))
    }
}

impl Pages {
    pub fn new(known: Known) -> Self {
        let Known { manifest, first, counts, here } = known;
        let numbering = Numbering::new(counts.into_iter().map(|count| count as usize));
        let (layout, view, turns) = Default::default();
        let mut pages = Self { manifest, first: first as u32, numbering, here, layout, view, turns };
        pages.lay_out();
        pages
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    pub fn count(&self) -> usize {
        self.numbering.pages()
    }

    /// Position of a page's material, and the page's index in it.
    pub fn place(&self, page: usize) -> Option<(u32, u32)> {
        self.numbering.place(page)
    }

    /// The pages of a material.
    pub fn of_material(&self, position: u32) -> Range<usize> {
        self.numbering.pages_of(position)
    }

    /// A material that is known, by its position in the volume.
    pub fn material(&self, position: u32) -> Option<&Material> {
        self.manifest.materials.get(position.checked_sub(self.first)? as usize)
    }

    /// A page's identity, once its material is known.
    pub fn identity(&self, page: usize) -> Option<PageRef> {
        let (material, index) = self.place(page)?;
        Some(PageRef { material: self.material(material)?.id.clone(), index })
    }

    /// The page of this identity, once its material is known.
    pub fn find(&self, page: &PageRef) -> Option<usize> {
        let position = self.position(&page.material)?;
        let pages = self.of_material(position);
        Some(pages.start + page.index as usize).filter(|page| pages.contains(page))
    }

    /// The position of a material that is known.
    pub fn position(&self, material: &str) -> Option<u32> {
        let at = self.manifest.materials.iter().position(|own| own.id == material)?;
        Some(self.first + at as u32)
    }

    /// A page; one that is not known is as the first one that is.
    pub fn page(&self, page: usize) -> Option<&Page> {
        let (material, index) = self.place(page)?;
        let known = self.material(material).and_then(|material| material.pages.get(index as usize));
        known.or_else(|| self.stand_in())
    }

    /// Stands in for pages whose metadata has not been loaded.
    fn stand_in(&self) -> Option<&Page> {
        self.manifest.materials.iter().find_map(|material| material.pages.first())
    }

    pub fn knows_all(&self) -> bool {
        self.here.len() == self.numbering.pages()
    }

    /// Whether more than its number is known.
    pub fn knows(&self, page: usize) -> bool {
        self.here.contains(&page)
    }

    /// The last page whose material is known.
    pub fn last_known(&self) -> usize {
        self.here.end.saturating_sub(1)
    }

    pub fn set_view(&mut self, view: View) {
        self.view = view;
        self.find_turns();
        self.lay_out();
    }

    /// Where a page's text comes from, if it is known to have one.
    pub fn text_source(&self, number: usize) -> Option<TextSource> {
        let (position, index) = self.place(number)?;
        let (_, range) = self.material(position)?.text_of(index)?;
        let page = self.page(number)?;
        Some(TextSource { bytes: range.len(), scan: page.scan, origin: page.text })
    }

    /// Takes another manifest of the volume; answers where the pages went.
    pub fn revise(&mut self, manifest: Manifest) -> Moves {
        let numbering = Numbering::new(manifest.materials.iter().map(|material| material.pages.len()));
        let mut new = HashMap::new();
        for (position, material) in (0..).zip(&manifest.materials) {
            new.entry(material.id.as_str()).or_insert_with(|| numbering.pages_of(position));
        }
        let same_counts = numbering == self.numbering;
        let moved = (0..self.numbering.materials() as u32).map(|position| match self.material(position) {
            // Each only once, or two pages would become one.
            Some(material) => new.remove(material.id.as_str()).unwrap_or_default(),
            // An excerpt does not know this one by name.
            None if same_counts => numbering.pages_of(position),
            None => 0..0,
        });
        let new = moved.collect();
        let pages = numbering.pages();
        let laid_out = self.knows_all();
        let old = std::mem::replace(&mut self.numbering, numbering);
        (self.manifest, self.first, self.here) = (manifest, 0, 0..pages);
        self.find_turns();
        let moves = Moves { old, new, pages };
        if !laid_out || !moves.is_nothing() {
            self.lay_out();
        }
        moves
    }

    fn find_turns(&mut self) {
        let turned = self.view.turns.iter().filter(|(_, turn)| *turn != Rotation::None);
        self.turns = turned.filter_map(|(page, turn)| Some((self.find(page)?, *turn))).collect();
    }

    fn lay_out(&mut self) {
        self.layout = Layout::new(self.sizes(), self.view.arrangement);
    }

    /// Sizes of all pages, as displayed.
    fn sizes(&self) -> impl Iterator<Item = PageSize> {
        let displayed =
            |number: usize, page: &Page| page.size().rotated(page.rotation.plus(self.turned(number)));
        let stand_in = self.stand_in();
        let unknown = move |number: usize| {
            stand_in.map_or(PageSize { width: 1., height: 1. }, |page| displayed(number, page))
        };
        // Of the first material some pages may be known by number alone.
        let skipped = self.here.start - self.numbering.pages_of(self.first).start;
        let before = (0..self.here.start).map(unknown);
        let known = self.manifest.pages().skip(skipped).map(|(_, _, page)| page);
        let known = (self.here.clone()).zip(known).map(move |(number, page)| displayed(number, page));
        before.chain(known).chain((self.here.end..self.numbering.pages()).map(unknown))
    }

    /// How far the reader has turned a page.
    pub fn turned(&self, page: usize) -> Rotation {
        self.turns.get(&page).map_or(self.view.turn, |turn| self.view.turn.plus(*turn))
    }

    /// How a page is turned for display, by its PDF and by the reader.
    pub fn rotation(&self, page: usize) -> Rotation {
        let own = self.page(page).map_or(Rotation::None, |entry| entry.rotation);
        own.plus(self.turned(page))
    }

    /// A page's place before the reader turned it: its bitmaps are made for this one, and turned when they
    /// are painted.
    pub fn unturned(&self, page: usize, placed: &Placed) -> Placed {
        let Placed { x, y, width, height } = *placed;
        if self.turned(page).swaps_axes() { Placed { x, y, width: height, height: width } } else { *placed }
    }

    /// The part of it that shows, in its own device pixels.
    pub fn unturned_window(&self, page: usize, placed: &Placed, window: &Piece) -> Piece {
        let part = [window.x, window.y, window.width, window.height];
        let [x, y, width, height] = self.turned(page).unturned(part, (placed.width, placed.height));
        Piece { x, y, width, height }
    }

    /// Whether one page shows at a time.
    pub fn shows_one(&self) -> bool {
        self.view.arrangement == Arrangement::Single
    }

    #[cfg(test)]
    pub fn manifest_mut(&mut self) -> &mut Manifest {
        &mut self.manifest
    }
}
