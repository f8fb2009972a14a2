//! Where every page of the volume lies: one column, exact geometry from the manifest.
//!
//! Content space is in points, y down, with the volume's axis at x = 0; the camera maps it to the view.

use std::ops::Range;

use evolume_model::volume::Manifest;

/// Space between two pages, in points.
pub const GAP: f64 = 9.;

/// A page's rectangle in content space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Left edge; pages are centred on x = 0.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width as displayed.
    pub width: f64,
    /// Height as displayed.
    pub height: f64,
}

/// All pages' slots, from above.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    slots: Vec<Slot>,
    height: f64,
}

impl Layout {
    /// Places the pages of a volume one below the other.
    pub fn new(manifest: &Manifest) -> Self {
        let mut y = GAP;
        let slots: Vec<Slot> = manifest
            .pages()
            .map(|(_, _, page)| {
                let size = page.size().rotated(page.rotation);
                // A hostile manifest must not make the geometry degenerate.
                let side = |v: f32| if v.is_finite() { f64::from(v).clamp(1., 100_000.) } else { 1. };
                let (width, height) = (side(size.width), side(size.height));
                let slot = Slot { x: -width / 2., y, width, height };
                y += height + GAP;
                slot
            })
            .collect();
        Self { slots, height: y }
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no page at all.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Height of the whole column, outer gaps included.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// The slot of a page; `page` counts from 0.
    pub fn slot(&self, page: usize) -> Option<&Slot> {
        self.slots.get(page)
    }

    /// The pages that show between two heights.
    pub fn between(&self, top: f64, bottom: f64) -> Range<usize> {
        let first = self.slots.partition_point(|s| s.y + s.height <= top);
        let end = self.slots.partition_point(|s| s.y < bottom);
        first..end.max(first)
    }

    /// The page at a height, or the nearest above; 0 in an empty volume.
    pub fn page_at(&self, y: f64) -> usize {
        self.slots.partition_point(|s| s.y <= y).saturating_sub(1)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use evolume_model::category::Category;
    use evolume_model::volume::{Blob, Material, Page, Part, Sheet, VolumeClass};
    use proptest::prelude::*;

    /// A volume with pages of these sizes, in materials of at most 20 pages.
    pub(crate) fn volume(sizes: &[(f32, f32)]) -> Manifest {
        let blob = |n: usize| Blob { sha256: format!("{n:064x}"), bytes: 1000 };
        let materials = sizes
            .chunks(20)
            .enumerate()
            .map(|(m, sizes)| Material {
                id: format!("m{m}"),
                title: format!("材料{m}"),
                category: Category::Other,
                original: blob(m),
                media_type: "application/pdf".into(),
                file_name: "a.pdf".into(),
                pages: sizes
                    .iter()
                    .map(|&(width, height)| Page {
                        width,
                        height,
                        rotation: Default::default(),
                        label: None,
                        image: None,
                        problem: None,
                        scan: None,
                    })
                    .collect(),
                parts: vec![Part { first: 0, count: sizes.len() as u32, offset: 0, blob: blob(m) }],
                sheets: sizes
                    .chunks(16)
                    .map(|pages| Sheet {
                        previews: blob(m),
                        preview_ends: (1..=pages.len() as u32).map(|n| n * 10).collect(),
                        texts: blob(m),
                        text_ends: vec![0; pages.len()],
                        thumbs: blob(m),
                    })
                    .collect(),
                outline: vec![],
                index: None,
            })
            .collect();
        Manifest {
            format: 1,
            volume: "v".into(),
            revision: 1,
            case_number: "（2023）京0105民初1号".into(),
            case_title: "借款".into(),
            title: "正卷".into(),
            class: VolumeClass::Main,
            materials,
            unread: None,
        }
    }

    proptest! {
        #[test]
        fn pages_never_overlap_and_are_found(sizes in proptest::collection::vec((1f32..3000., 1f32..3000.), 1..80),
                                            y in -100f64..100_000.) {
            let layout = Layout::new(&volume(&sizes));
            for pair in layout.slots.windows(2) {
                prop_assert!(pair[0].y + pair[0].height + GAP <= pair[1].y + 1e-6);
            }
            let seen = layout.between(y, y + 500.);
            for (i, slot) in layout.slots.iter().enumerate() {
                let shows = slot.y < y + 500. && slot.y + slot.height > y;
                prop_assert_eq!(shows, seen.contains(&i));
            }
        }
    }
}
