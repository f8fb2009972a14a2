//! Another manifest of the volume that is open: more is known of its pages, or they have come into another order.

use evolume_model::volume::Manifest;

use super::{Effect, Engine};

impl Engine {
    /// Takes a manifest in. Whatever belongs to a page stays on it; what was on pages that are gone goes with them,
    /// and the reader to the nearest page that is still there.
    pub(super) fn revise(&mut self, now: f64, manifest: Manifest, effects: &mut Vec<Effect>) {
        let (page, offset) = self.place();
        let (complete, known) = (self.pages.knows_all(), self.pages.knows(page));
        let texts = self.texts.sources(&self.pages);
        let moves = self.pages.revise(manifest);
        self.texts.revise(&moves, texts, &self.pages);
        self.links = Default::default();
        let kept = moves.page(page);
        if !moves.is_nothing() {
            let dropped = self.surfaces.renumber(|page| moves.page(page));
            effects.extend(dropped.released.into_iter().map(Effect::Release));
            effects.extend(dropped.cancelled.into_iter().map(Effect::Cancel));
            self.selection.renumber(&moves);
            self.find.renumber(&moves);
            self.read.clear();
            self.motion.pin(self.motion.pinned().map(|page| moves.nearest(page)));
            self.camera.alone = self.camera.alone.map(|page| moves.nearest(page));
            // The scene that is held shows pages under their old numbers.
            self.motion.deny_grace();
        }
        if !complete || !moves.is_nothing() {
            let x = self.camera.x;
            let page = moves.nearest(page);
            if !known || kept.is_none() {
                self.apply_fit(page);
            }
            self.go_to(page, kept.map_or(0., |_| offset));
            if known && kept.is_some() {
                self.camera.x = x;
            }
            // Beside a new neighbour, or near the new end, another page would count as the one that is read.
            if kept.is_some() && self.current() != page {
                self.motion.pin(kept);
            }
        }
        if let Some((page, offset)) = self.awaited.take()
            && let Some(page) = self.pages.find(&page)
        {
            self.choose(now, page, offset);
        }
    }
}
