//! What to paint and what to want: the surfaces of a page at a scale.
//!
//! A page has a ladder of surfaces: its preview, then sharp pixels at the exact device scale, as one
//! surface while that is small, else as blocks of a grid. Blocks asked for together are one piece, so
//! that a viewport costs few renders.

use evolume_model::geometry::Rotation;
use evolume_model::volume::Page;

use crate::engine::camera::Camera;
use crate::engine::layout::Slot;

/// Side of the grid that blocks snap to, in device pixels.
pub const GRID: u32 = 128;
/// A page with at most this many device pixels is always one surface.
pub const WHOLE_PIXELS: u64 = 4_000_000;
/// The largest piece asked for at once.
pub const PIECE_PIXELS: u64 = 3_000_000;
/// An image page is decoded whole up to this many pixels; beyond, PDFium renders blocks.
pub const IMAGE_PIXELS: u64 = 17_000_000;
/// Below this many device pixels per point PDFium draws hairlines and fake bold too heavy, so it is
/// asked for twice the size, which is then scaled down.
pub const OVERSAMPLE_BELOW: f64 = 1.9;

/// A rectangle of device pixels: left, upper edge, width, height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Piece {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Piece {
    /// Number of pixels.
    pub fn area(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Whether the other lies wholly inside.
    pub fn covers(&self, other: &Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && self.x + self.width >= other.x + other.width
            && self.y + self.height >= other.y + other.height
    }
}

/// One rung of a page's ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The thumbnails of a sheet of pages, kept under its first page: shown while nothing better is there.
    Thumbs,
    /// The preview made at ingest.
    Preview,
    /// The page's one image by the browser's decoder: as it is, or halved as often as the zoom allows,
    /// because scaling while decoding takes as long as the decoding, and on the main thread.
    Image {
        /// Pixels.
        width: u32,
    },
    /// A piece of the page at the size where the whole is `page_width` x `page_height` device pixels.
    Sharp {
        /// Width of the whole page.
        page_width: u32,
        /// Height of the whole page.
        page_height: u32,
        /// The piece of it.
        piece: Piece,
    },
}

/// A surface of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Page of the volume, from 0.
    pub page: u32,
    /// Which of its surfaces.
    pub kind: Kind,
}

/// A page as it lies in the viewport, snapped to device pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Left edge in device pixels; may be negative.
    pub x: i64,
    /// Upper edge.
    pub y: i64,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Placed {
    /// Where a slot lies for a camera.
    pub fn new(slot: &Slot, camera: &Camera) -> Self {
        let scale = camera.device_scale();
        Self {
            x: ((slot.x - camera.x) * scale).round() as i64,
            y: ((slot.y - camera.y) * scale).round() as i64,
            width: ((slot.width * scale).round() as u32).max(1),
            height: ((slot.height * scale).round() as u32).max(1),
        }
    }

    /// The part of the page inside the viewport, in the page's own device pixels.
    pub fn window(&self, camera: &Camera) -> Option<Piece> {
        let clip = |start: i64, length: u32, view: f64| {
            let view = (view * camera.dpr).round() as i64;
            let a = (-start).clamp(0, i64::from(length));
            let b = (view - start).clamp(0, i64::from(length));
            (b > a).then_some((a as u32, (b - a) as u32))
        };
        let (x, width) = clip(self.x, self.width, camera.width)?;
        let (y, height) = clip(self.y, self.height, camera.height)?;
        Some(Piece { x, y, width, height })
    }

    fn area(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// How a page's sharp pixels are made at a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// One surface.
    One(Kind),
    /// Blocks of the grid.
    Blocks,
}

/// Chooses how to make a page's sharp pixels.
pub fn method(page: &Page, placed: &Placed, camera: &Camera) -> Method {
    if let Some(image) = page.image.as_ref().filter(|_| page.rotation == Rotation::None) {
        let share = f64::from(image.rect.width()) / f64::from(page.width.max(1.));
        let wanted = (f64::from(placed.width) * share).round().max(1.) as u32;
        let own = image.width_px.max(1);
        let enough = wanted <= own || !image.reduced;
        let ratio = f64::from(image.height_px) / f64::from(own);
        let pixels = |width: u32| (f64::from(width) * f64::from(width) * ratio) as u64;
        let width = if wanted >= own { own } else { own >> (own / wanted).ilog2() };
        if let Some(width) =
            [width, wanted.min(own)].into_iter().find(|width| enough && pixels(*width) <= IMAGE_PIXELS)
        {
            return Method::One(Kind::Image { width });
        }
    }
    let view = (camera.width * camera.height * camera.dpr * camera.dpr) as u64;
    if placed.area() <= WHOLE_PIXELS.max(view * 3 / 2) {
        let piece = Piece { x: 0, y: 0, width: placed.width, height: placed.height };
        let (page_width, page_height) = (placed.width, placed.height);
        Method::One(Kind::Sharp { page_width, page_height, piece })
    } else {
        Method::Blocks
    }
}

/// The pieces still to be asked for so that `window` is covered, given the pieces already there.
///
/// Pieces snap to [`GRID`], never exceed [`PIECE_PIXELS`] by more than a grid row, and lie inside the page.
pub fn missing(placed: &Placed, window: &Piece, have: &[Piece]) -> Vec<Piece> {
    let cell = |col: u32, row: u32| {
        let (x, y) = (col * GRID, row * GRID);
        Piece { x, y, width: GRID.min(placed.width - x), height: GRID.min(placed.height - y) }
    };
    let cols = window.x / GRID..(window.x + window.width).div_ceil(GRID);
    let rows = window.y / GRID..(window.y + window.height).div_ceil(GRID);
    let mut bounds: Option<(u32, u32, u32, u32)> = None;
    for row in rows {
        for col in cols.clone() {
            if !have.iter().any(|piece| piece.covers(&cell(col, row))) {
                let (c0, r0, c1, r1) = bounds.unwrap_or((col, row, col, row));
                bounds = Some((c0.min(col), r0.min(row), c1.max(col), r1.max(row)));
            }
        }
    }
    let Some((c0, r0, c1, r1)) = bounds else { return Vec::new() };
    let (first, last) = (cell(c0, r0), cell(c1, r1));
    let width = last.x + last.width - first.x;
    let rows_each = (PIECE_PIXELS / (u64::from(width) * u64::from(GRID))).clamp(1, 1 << 16) as u32;
    (r0..=r1)
        .step_by(rows_each as usize)
        .map(|row| {
            let end = cell(c0, (row + rows_each - 1).min(r1));
            let y = row * GRID;
            Piece { x: first.x, y, width, height: end.y + end.height - y }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layout::tests::volume;
    use evolume_model::geometry::PageRect;
    use evolume_model::volume::{Blob, PageImage};
    use proptest::prelude::*;

    const REDUCED: u32 = 3000;

    #[test]
    fn an_image_is_halved_while_the_zoom_allows_and_never_enlarged() {
        let mut page = volume(&[(595., 842.)]).materials[0].pages[0].clone();
        let rect = PageRect::new(0., 0., 595., 842.);
        let blob = Blob { sha256: "f".repeat(64), bytes: 9 };
        let method_at = |width: u32, (width_px, height_px): (u32, u32), page: &mut Page| {
            let media_type = "image/jpeg".into();
            let reduced = width_px == REDUCED;
            let image = PageImage { blob: blob.clone(), media_type, width_px, height_px, rect, reduced };
            page.image = Some(Box::new(image));
            let placed = Placed { x: 0, y: 0, width, height: width * 1414 / 1000 };
            method(page, &placed, &Camera { width: 1600., height: 1000., ..Camera::default() })
        };
        let scan = (1654, 2339);
        for (shown, decoded) in
            [(1240, 1654), (1654, 1654), (4000, 1654), (828, 1654), (827, 827), (400, 413)]
        {
            assert_eq!(
                method_at(shown, scan, &mut page),
                Method::One(Kind::Image { width: decoded }),
                "{shown}"
            );
        }
        // Too large to be held whole: as large as it is shown, or in pieces.
        let huge = (8000, 11_314);
        assert_eq!(method_at(3000, huge, &mut page), Method::One(Kind::Image { width: 3000 }));
        assert_eq!(method_at(7000, huge, &mut page), Method::Blocks);
        // There is more to be seen than the image has.
        let reduced = (REDUCED, 4242);
        assert_eq!(method_at(3000, reduced, &mut page), Method::One(Kind::Image { width: 3000 }));
        assert_eq!(method_at(3001, reduced, &mut page), Method::Blocks);
    }

    proptest! {
        #[test]
        fn asked_pieces_cover_the_window_and_stay_on_the_page(
            w in 1u32..20_000, h in 1u32..20_000, fx in 0f64..1., fy in 0f64..1., vw in 1u32..3000, vh in 1u32..3000
        ) {
            let placed = Placed { x: 0, y: 0, width: w, height: h };
            let x = (f64::from(w - 1) * fx) as u32;
            let y = (f64::from(h - 1) * fy) as u32;
            let window = Piece { x, y, width: vw.min(w - x), height: vh.min(h - y) };
            let pieces = missing(&placed, &window, &[]);
            for piece in &pieces {
                prop_assert!(piece.x + piece.width <= w && piece.y + piece.height <= h);
                prop_assert!(piece.area() <= PIECE_PIXELS + u64::from(GRID) * u64::from(piece.width));
            }
            prop_assert!(missing(&placed, &window, &pieces).is_empty());
            let covered: u64 = pieces.iter().map(Piece::area).sum();
            prop_assert!(covered >= window.area());
        }
    }
}
