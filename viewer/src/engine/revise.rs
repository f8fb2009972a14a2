//! More becomes known of a volume that is open: texts, links, thumbnails of pages that are shown already.

use evolume_model::volume::Manifest;

use super::Engine;

impl Engine {
    /// Takes a manifest of the same pages in; one of others is none of this volume's.
    pub(super) fn revise(&mut self, manifest: Manifest) {
        let pages =
            |manifest: &Manifest| manifest.materials.iter().map(|m| m.pages.len()).collect::<Vec<_>>();
        if pages(&manifest) != pages(&self.manifest) {
            return;
        }
        self.manifest = manifest;
        self.texts.doubt();
        self.links = Default::default();
    }
}
