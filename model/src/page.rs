//! A page's identity, and the number that people see (invariant 12).

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A page for ever: its material and its index in it. The number that people see follows from the order of
/// the materials and changes with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageRef {
    /// Id of the material.
    pub material: String,
    /// Index of the page in it, from 0.
    pub index: u32,
}

/// A volume's pages, from 0, in its materials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbering {
    /// The first page of each material.
    firsts: Vec<usize>,
    pages: usize,
}

impl Numbering {
    /// Of materials with so many pages.
    pub fn new(counts: impl IntoIterator<Item = usize>) -> Self {
        let mut pages = 0;
        let firsts = counts.into_iter().map(|count| {
            let first = pages;
            pages += count;
            first
        });
        Self { firsts: firsts.collect(), pages }
    }

    /// Number of pages.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Number of materials.
    pub fn materials(&self) -> usize {
        self.firsts.len()
    }

    /// A page's material and its index in it.
    pub fn place(&self, page: usize) -> Option<(u32, u32)> {
        let material = self.firsts.partition_point(|first| *first <= page).checked_sub(1)?;
        (page < self.pages).then(|| (material as u32, (page - self.firsts[material]) as u32))
    }

    /// The pages of a material.
    pub fn pages_of(&self, material: u32) -> Range<usize> {
        let first = |at: usize| self.firsts.get(at).copied().unwrap_or(self.pages);
        first(material as usize)..first(material as usize + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_page_has_one_place(counts in proptest::collection::vec(0..5usize, 0..20)) {
            let numbering = Numbering::new(counts.clone());
            let places: Vec<(u32, u32)> = (0..).map_while(|page| numbering.place(page)).collect();
            let expected = counts.iter().enumerate();
            let expected: Vec<(u32, u32)> =
                expected.flat_map(|(at, count)| (0..*count).map(move |index| (at as u32, index as u32))).collect();
            prop_assert_eq!(places.len(), numbering.pages());
            for (page, (material, index)) in places.iter().enumerate() {
                let own = numbering.pages_of(*material);
                prop_assert_eq!((own.start + *index as usize, own.len()), (page, counts[*material as usize]));
            }
            prop_assert_eq!(places, expected);
        }
    }
}
