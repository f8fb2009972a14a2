//! What is known of the pages: of a large volume only of those near the first one at first; later, while it is
//! open, texts, links and thumbnails that were not there before.

use evolume_model::geometry::PageSize;
use evolume_model::volume::{Manifest, Material, Page};

use super::Engine;
use crate::engine::layout::Layout;
use evolume_model::page::Numbering;

impl Engine {
    /// Takes a manifest of the same pages in; one of others is none of this volume's. The place stays.
    pub(super) fn revise(&mut self, manifest: Manifest) {
        if Numbering::new(manifest.materials.iter().map(|material| material.pages.len())) != self.numbering {
            return;
        }
        let (page, offset) = self.place();
        let (complete, known) = (self.knows_all(), self.knows(page));
        (self.manifest, self.first, self.here) = (manifest, 0, 0..self.numbering.pages());
        self.texts.doubt();
        self.links = Default::default();
        if !complete {
            let x = self.camera.x;
            self.layout = Layout::new(self.sizes(), self.arrangement);
            if !known {
                self.apply_fit(page);
            }
            self.go_to(page, offset);
            if known {
                self.camera.x = x;
            }
        }
    }

    /// A material that is known, by its position in the volume.
    pub(super) fn material(&self, position: u32) -> Option<&Material> {
        self.manifest.materials.get(position.checked_sub(self.first)? as usize)
    }

    /// A page; one that is not known is as the first one that is.
    pub(super) fn page(&self, page: usize) -> Option<&Page> {
        let (material, index) = self.numbering.place(page)?;
        let known = self.material(material).and_then(|material| material.pages.get(index as usize));
        known.or_else(|| self.blank())
    }

    /// As what those pages are taken that are not known.
    fn blank(&self) -> Option<&Page> {
        self.manifest.materials.iter().find_map(|material| material.pages.first())
    }

    pub(super) fn knows_all(&self) -> bool {
        self.here.len() == self.numbering.pages()
    }

    /// Whether more than its number is known.
    pub(super) fn knows(&self, page: usize) -> bool {
        self.here.contains(&page)
    }

    /// Sizes of all pages, as displayed.
    pub(super) fn sizes(&self) -> impl Iterator<Item = PageSize> {
        let displayed =
            |number: usize, page: &Page| page.size().rotated(page.rotation.plus(self.turned(number)));
        let blank = self.blank();
        let unknown = move |number: usize| {
            blank.map_or(PageSize { width: 1., height: 1. }, |page| displayed(number, page))
        };
        let before = (0..self.here.start).map(unknown);
        let known = self.manifest.pages().skip(self.skipped()).map(|(_, _, page)| page);
        let known = (self.here.clone()).zip(known).map(move |(number, page)| displayed(number, page));
        before.chain(known).chain((self.here.end..self.numbering.pages()).map(unknown))
    }

    /// How many of the manifest's pages are blank, before those that are known.
    fn skipped(&self) -> usize {
        self.here.start - self.numbering.pages_of(self.first).start
    }
}
