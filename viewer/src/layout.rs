//! Where every page of the volume lies: rows of one page or two, exact geometry from the manifest.
//!
//! Content space is in points, y down, with the volume's axis at x = 0; the camera maps it to the view.

use std::ops::Range;

use evolume_model::geometry::PageSize;
use evolume_model::wire::Arrangement;

/// Space between two rows, in points.
pub const GAP: f64 = 9.;
/// Space between two pages side by side, in points.
pub const SPINE: f64 = 3.;

/// A page's rectangle in content space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width as displayed.
    pub width: f64,
    /// Height as displayed.
    pub height: f64,
}

/// Pages side by side.
#[derive(Clone, Copy, Debug)]
struct Row {
    first: usize,
    y: f64,
    height: f64,
}

/// All pages' slots, from above.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    slots: Vec<Slot>,
    rows: Vec<Row>,
    height: f64,
}

impl Layout {
    /// Places pages of these sizes, as displayed.
    pub fn new(sizes: impl IntoIterator<Item = PageSize>, arrangement: Arrangement) -> Self {
        // A hostile manifest must not make the geometry degenerate.
        let side = |v: f32| if v.is_finite() { f64::from(v).clamp(1., 100_000.) } else { 1. };
        let mut sizes = sizes.into_iter().map(|size| (side(size.width), side(size.height))).peekable();
        let mut layout = Self { slots: Vec::new(), rows: Vec::new(), height: GAP };
        // A book begins with its cover, on the right.
        let mut left = arrangement != Arrangement::Book;
        while let Some(one) = sizes.next() {
            let pair = match arrangement {
                Arrangement::Continuous | Arrangement::Single => (None, None),
                Arrangement::Two | Arrangement::Book if left => (Some(one), sizes.next()),
                Arrangement::Two | Arrangement::Book => (None, Some(one)),
            };
            left = true;
            layout.add_row(
                if pair == (None, None) { [Some(one), None] } else { [pair.0, pair.1] },
                pair != (None, None),
            );
        }
        layout
    }

    /// Adds a row; `spread` when its pages lie on either side of the axis.
    fn add_row(&mut self, pages: [Option<(f64, f64)>; 2], spread: bool) {
        let height = pages.iter().flatten().map(|page| page.1).fold(0., f64::max);
        let y = self.height;
        self.rows.push(Row { first: self.slots.len(), y, height });
        for (side, page) in pages.into_iter().enumerate() {
            let Some((width, own)) = page else { continue };
            let x = match (spread, side) {
                (false, _) => -width / 2.,
                (true, 0) => -SPINE / 2. - width,
                (true, _) => SPINE / 2.,
            };
            self.slots.push(Slot { x, y: y + (height - own) / 2., width, height: own });
        }
        self.height = y + height + GAP;
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no page at all.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Height of all rows, outer gaps included.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// The slot of a page; `page` counts from 0.
    pub fn slot(&self, page: usize) -> Option<&Slot> {
        self.slots.get(page)
    }

    /// A page's row: as high as its highest page, as wide as it is to both sides of the axis together.
    pub fn row(&self, page: usize) -> Option<Slot> {
        self.slots.get(page)?;
        let at = self.rows.partition_point(|row| row.first <= page).checked_sub(1)?;
        let row = self.rows.get(at)?;
        let reach = self.slots[self.pages(at..at + 1)].iter().map(Slot::reach).fold(0., f64::max);
        Some(Slot { x: -reach, y: row.y, width: 2. * reach, height: row.height })
    }

    /// The pages whose rows show between two heights.
    pub fn between(&self, top: f64, bottom: f64) -> Range<usize> {
        let first = self.rows.partition_point(|row| row.y + row.height <= top);
        let end = self.rows.partition_point(|row| row.y < bottom);
        self.pages(first..end.max(first))
    }

    /// The first page of the row at a height, or of the nearest above; 0 in an empty volume.
    pub fn page_at(&self, y: f64) -> usize {
        let at = self.rows.partition_point(|row| row.y <= y).saturating_sub(1);
        self.rows.get(at).map_or(0, |row| row.first)
    }

    /// The page at a point, or the nearest one in its row.
    pub fn page_at_point(&self, x: f64, y: f64) -> usize {
        let at = self.rows.partition_point(|row| row.y <= y).saturating_sub(1);
        let away = |slot: &Slot| (slot.x - x).max(x - slot.x - slot.width).max(0.);
        let pages = self.pages(at..at + 1);
        pages.min_by(|a, b| away(&self.slots[*a]).total_cmp(&away(&self.slots[*b]))).unwrap_or(0)
    }

    fn pages(&self, rows: Range<usize>) -> Range<usize> {
        let first = |row: usize| self.rows.get(row).map_or(self.slots.len(), |row| row.first);
        first(rows.start)..first(rows.end)
    }
}

impl Slot {
    /// How far it goes to either side of the axis.
    pub fn reach(&self) -> f64 {
        self.x.abs().max((self.x + self.width).abs())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use evolume_model::category::Category;
    use evolume_model::volume::{Blob, Manifest, Material, Page, Part, Sheet, VolumeClass};
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
                parts: vec![Part {
                    first: 0,
                    count: sizes.len() as u32,
                    offset: 0,
                    blob: blob(m),
                    fonts: vec![],
                }],
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
                converted: None,
                recording: None,
                guide: None,
                fonts: vec![],
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
            bundle: None,
        }
    }

    /// As an engine lays a volume out that nobody has turned.
    pub(crate) fn layout(sizes: &[(f32, f32)], arrangement: Arrangement) -> Layout {
        Layout::new(sizes.iter().map(|&(width, height)| PageSize { width, height }), arrangement)
    }

    pub(crate) fn arrangement() -> impl Strategy<Value = Arrangement> {
        use Arrangement::{Book, Continuous, Single, Two};
        prop_oneof![Just(Continuous), Just(Single), Just(Two), Just(Book)]
    }

    #[test]
    fn a_book_begins_with_its_cover_on_the_right() {
        let book = layout(&[(100., 100.); 4], Arrangement::Book);
        let sides: Vec<bool> = book.slots.iter().map(|slot| slot.x > 0.).collect();
        assert_eq!(sides, [true, false, true, false]);
        assert_eq!(book.slots.iter().map(|slot| slot.y).collect::<Vec<_>>(), [9., 118., 118., 227.]);
        let two = layout(&[(100., 100.); 3], Arrangement::Two);
        assert_eq!(two.slots.iter().map(|slot| slot.y).collect::<Vec<_>>(), [9., 9., 118.]);
        assert_eq!(two.page_at_point(-20., 50.), 0);
        assert_eq!(two.page_at_point(20., 50.), 1);
        assert_eq!(two.page_at_point(20., 150.), 2, "the only one of its row");
    }

    proptest! {
        #[test]
        fn pages_never_overlap_and_are_found(sizes in proptest::collection::vec((1f32..3000., 1f32..3000.), 1..80),
                                            y in -100f64..100_000., arrangement in arrangement()) {
            let layout = layout(&sizes, arrangement);
            prop_assert_eq!(layout.len(), sizes.len());
            let apart = |a: &Slot, b: &Slot| a.y + a.height + GAP <= b.y + 1e-6 || a.x + a.width + SPINE <= b.x + 1e-6;
            for pair in layout.slots.windows(2) {
                prop_assert!(apart(&pair[0], &pair[1]), "{pair:?}");
            }
            for triple in layout.slots.windows(3) {
                prop_assert!(triple[0].y + triple[0].height + GAP <= triple[2].y + 1e-6, "{triple:?}");
            }
            let seen = layout.between(y, y + 500.);
            for (i, slot) in layout.slots.iter().enumerate() {
                let shows = slot.y < y + 500. && slot.y + slot.height > y;
                prop_assert!(!shows || seen.contains(&i));
                let row = layout.row(i).unwrap();
                let showing = row.y < y + 500. && row.y + row.height > y;
                prop_assert_eq!(showing, seen.contains(&i));
                prop_assert!(row.y <= slot.y && row.height >= slot.height && row.width >= slot.width);
                let middle = (slot.x + slot.width / 2., slot.y + slot.height / 2.);
                prop_assert_eq!(layout.page_at_point(middle.0, middle.1), i);
            }
        }
    }
}
