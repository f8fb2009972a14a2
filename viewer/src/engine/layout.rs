//! Where every page of the volume lies: rows of one page or two, exact geometry from the manifest.
//!
//! Content space is in points, y down, with the volume's axis at x = 0; the camera maps it to the view.

use std::ops::Range;

use evolume_model::geometry::PageSize;
use evolume_model::viewing::Arrangement;

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

/// A page's width and height.
type Size = (f64, f64);

/// Rows of the same kind, one below the other: there are volumes of tens of thousands of pages, and most of their
/// pages are alike.
#[derive(Clone, Debug)]
struct Block {
    /// The first page, and the first row.
    first: usize,
    at: usize,
    rows: usize,
    /// Upper edge of the first row.
    y: f64,
    height: f64,
    /// To the left and to the right of the axis, or on it.
    sides: [Option<Size>; 2],
    spread: bool,
}

impl Block {
    fn row_y(&self, row: usize) -> f64 {
        self.y + row as f64 * (self.height + GAP)
    }

    fn bottom(&self) -> f64 {
        self.row_y(self.rows - 1) + self.height
    }

    /// Pages in a row.
    fn across(&self) -> usize {
        self.sides.iter().flatten().count()
    }

    /// Where a side's page lies in a row whose upper edge is at `y`.
    fn slot(&self, side: usize, y: f64) -> Option<Slot> {
        let (width, height) = self.sides[side]?;
        let x = match (self.spread, side) {
            (false, _) => -width / 2.,
            (true, 0) => -SPINE / 2. - width,
            (true, _) => SPINE / 2.,
        };
        Some(Slot { x, y: y + (self.height - height) / 2., width, height })
    }
}

/// All pages' slots, from above.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    blocks: Vec<Block>,
    pages: usize,
    height: f64,
}

impl Layout {
    /// Places pages of these sizes, as displayed.
    pub fn new(sizes: impl IntoIterator<Item = PageSize>, arrangement: Arrangement) -> Self {
        // A hostile manifest must not make the geometry degenerate.
        let side = |v: f32| if v.is_finite() { f64::from(v).clamp(1., 100_000.) } else { 1. };
        let mut sizes = sizes.into_iter().map(|size| (side(size.width), side(size.height)));
        let mut layout = Self { blocks: Vec::new(), pages: 0, height: GAP };
        // A book begins with its cover, on the right.
        let mut left = arrangement != Arrangement::Book;
        while let Some(one) = sizes.next() {
            match arrangement {
                Arrangement::Continuous | Arrangement::Single => layout.add_row([Some(one), None], false),
                Arrangement::Two | Arrangement::Book if left => {
                    layout.add_row([Some(one), sizes.next()], true);
                }
                Arrangement::Two | Arrangement::Book => layout.add_row([None, Some(one)], true),
            }
            left = true;
        }
        layout
    }

    /// Adds a row; `spread` when its pages lie on either side of the axis.
    fn add_row(&mut self, sides: [Option<Size>; 2], spread: bool) {
        let first = self.pages;
        self.pages += sides.iter().flatten().count();
        let at = match self.blocks.last_mut() {
            Some(block) if (block.sides, block.spread) == (sides, spread) => {
                block.rows += 1;
                self.height = block.bottom() + GAP;
                return;
            }
            last => last.map_or(0, |block| block.at + block.rows),
        };
        let height = sides.iter().flatten().map(|size| size.1).fold(0., f64::max);
        self.blocks.push(Block { first, at, rows: 1, y: self.height, height, sides, spread });
        self.height += height + GAP;
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.pages
    }

    /// Whether there is no page at all.
    pub fn is_empty(&self) -> bool {
        self.pages == 0
    }

    /// Height of all rows, outer gaps included.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// The slot of a page; `page` counts from 0.
    pub fn slot(&self, page: usize) -> Option<Slot> {
        let (block, row) = self.row_of(page)?;
        let y = block.row_y(row);
        let mut slots = (0..2).filter_map(|side| block.slot(side, y));
        slots.nth((page - block.first) % block.across())
    }

    /// A page's row: as high as its highest page, as wide as it is to both sides of the axis together.
    pub fn row(&self, page: usize) -> Option<Slot> {
        let (block, row) = self.row_of(page)?;
        let y = block.row_y(row);
        let reach = (0..2).filter_map(|side| block.slot(side, y)).map(|slot| slot.reach()).fold(0., f64::max);
        Some(Slot { x: -reach, y, width: 2. * reach, height: block.height })
    }

    /// A page's block, and its row in it.
    fn row_of(&self, page: usize) -> Option<(&Block, usize)> {
        let at = self.blocks.partition_point(|block| block.first <= page).checked_sub(1)?;
        let block = self.blocks.get(at).filter(|_| page < self.pages)?;
        Some((block, (page - block.first) / block.across()))
    }

    /// The pages whose rows show between two heights.
    pub fn between(&self, top: f64, bottom: f64) -> Range<usize> {
        let first = self.rows_while(|y, height| y + height <= top);
        let end = self.rows_while(|y, _| y < bottom);
        self.pages(first..end.max(first))
    }

    /// The first page of the row at a height, or of the nearest above; 0 in an empty volume.
    pub fn page_at(&self, y: f64) -> usize {
        self.pages(self.row_at(y)).start
    }

    /// The page at a point, or the nearest one in its row.
    pub fn page_at_point(&self, x: f64, y: f64) -> usize {
        let away = |page: &usize| {
            self.slot(*page).map_or(0., |slot| (slot.x - x).max(x - slot.x - slot.width).max(0.))
        };
        self.pages(self.row_at(y)).min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(0)
    }

    fn row_at(&self, y: f64) -> Range<usize> {
        let at = self.rows_while(|row, _| row <= y).saturating_sub(1);
        at..at + 1
    }

    /// How many rows there are, from above, of whose upper edge and height this is true.
    fn rows_while(&self, such: impl Fn(f64, f64) -> bool) -> usize {
        let at = self.blocks.partition_point(|block| such(block.row_y(block.rows - 1), block.height));
        let Some(block) = self.blocks.get(at) else {
            return self.blocks.last().map_or(0, |block| block.at + block.rows);
        };
        let (mut low, mut high) = (0, block.rows - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if such(block.row_y(middle), block.height) { low = middle + 1 } else { high = middle }
        }
        block.at + low
    }

    fn pages(&self, rows: Range<usize>) -> Range<usize> {
        let first = |row: usize| {
            let at = self.blocks.partition_point(|block| block.at <= row).saturating_sub(1);
            self.blocks
                .get(at)
                .map_or(0, |block| (block.first + (row - block.at) * block.across()).min(self.pages))
        };
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
    use evolume_model::volume::{Blob, Manifest, Material, Page, Part, Sheet, Unseen, VolumeClass};
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
                        text: None,
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
                origin: None,
                unseen: Unseen::default(),
                converted: None,
                repaired: false,
                recording: None,
                navigation: None,
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

    fn slots(layout: &Layout) -> Vec<Slot> {
        (0..layout.len()).map_while(|page| layout.slot(page)).collect()
    }

    #[test]
    fn a_book_begins_with_its_cover_on_the_right() {
        let book = layout(&[(100., 100.); 4], Arrangement::Book);
        let sides: Vec<bool> = slots(&book).iter().map(|slot| slot.x > 0.).collect();
        assert_eq!(sides, [true, false, true, false]);
        assert_eq!(slots(&book).iter().map(|slot| slot.y).collect::<Vec<_>>(), [9., 118., 118., 227.]);
        let two = layout(&[(100., 100.); 3], Arrangement::Two);
        assert_eq!(slots(&two).iter().map(|slot| slot.y).collect::<Vec<_>>(), [9., 9., 118.]);
        assert_eq!(two.page_at_point(-20., 50.), 0);
        assert_eq!(two.page_at_point(20., 50.), 1);
        assert_eq!(two.page_at_point(20., 150.), 2, "the only one of its row");
    }

    /// Many of them alike, in runs.
    fn sizes() -> impl Strategy<Value = Vec<(f32, f32)>> {
        let size = (prop_oneof![Just(595f32), 1f32..3000.], prop_oneof![Just(842f32), 1f32..3000.]);
        let runs = proptest::collection::vec((size, 1..12usize), 1..20);
        runs.prop_map(|runs| runs.into_iter().flat_map(|(size, count)| vec![size; count]).collect())
    }

    proptest! {
        #[test]
        fn pages_never_overlap_and_are_found(sizes in sizes(),
                                            y in -100f64..100_000., arrangement in arrangement()) {
            let layout = layout(&sizes, arrangement);
            prop_assert_eq!(layout.len(), sizes.len());
            let apart = |a: &Slot, b: &Slot| a.y + a.height + GAP <= b.y + 1e-6 || a.x + a.width + SPINE <= b.x + 1e-6;
            let slots = slots(&layout);
            for pair in slots.windows(2) {
                prop_assert!(apart(&pair[0], &pair[1]), "{pair:?}");
            }
            for triple in slots.windows(3) {
                prop_assert!(triple[0].y + triple[0].height + GAP <= triple[2].y + 1e-6, "{triple:?}");
            }
            let seen = layout.between(y, y + 500.);
            for (i, slot) in slots.iter().enumerate() {
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
