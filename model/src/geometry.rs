//! Page space and view space, and the only conversions between them.
//!
//! Page space is in points (1/72 inch), y down, of the page's **unrotated** crop box (invariant 3).
//! View space is in CSS pixels, y down, of the viewport.

use serde::{Deserialize, Serialize};

/// A point on a page: points, y down, unrotated crop box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PagePoint {
    /// Points from the left edge.
    pub x: f32,
    /// Points from the upper edge.
    pub y: f32,
}

/// An axis-aligned rectangle on a page, `x0 <= x1` and `y0 <= y1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageRect {
    /// Left edge.
    pub x0: f32,
    /// Upper edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Lower edge.
    pub y1: f32,
}

impl PageRect {
    /// The rectangle with these corners, whichever way round they are given.
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) }
    }

    /// Width in points.
    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    /// Height in points.
    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, p: PagePoint) -> bool {
        p.x >= self.x0 && p.x <= self.x1 && p.y >= self.y0 && p.y <= self.y1
    }

    /// The smallest rectangle around both.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }
}

/// A point of the viewport: CSS pixels, y down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ViewPoint {
    /// CSS pixels from the left edge.
    pub x: f64,
    /// CSS pixels from the upper edge.
    pub y: f64,
}

/// A clockwise turn by quarters, as in a PDF page's `/Rotate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum Rotation {
    /// Upright.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// A quarter turn counter-clockwise.
    ThreeQuarters,
}

impl Rotation {
    /// Degrees clockwise: 0, 90, 180 or 270.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    pub fn plus(self, more: Self) -> Self {
        match (self.degrees() + more.degrees()) % 360 {
            90 => Self::Quarter,
            180 => Self::Half,
            270 => Self::ThreeQuarters,
            _ => Self::None,
        }
    }

    /// Maps a rectangle of the turned image back to the unturned one: `[left, upper edge, width, height]`, inside
    /// a turned image of `width` x `height`.
    pub fn unturned(self, part: [u32; 4], (width, height): (u32, u32)) -> [u32; 4] {
        let [x, y, w, h] = part;
        let (right, below) = (width.saturating_sub(x + w), height.saturating_sub(y + h));
        match self {
            Self::None => part,
            Self::Quarter => [y, right, h, w],
            Self::Half => [right, below, w, h],
            Self::ThreeQuarters => [below, x, h, w],
        }
    }

    /// The transform `[a, b, c, d, e, f]` (x' = ax + cy + e, y' = bx + dy + f) that turns what is drawn unturned at
    /// the rectangle's corner so that it fills the rectangle: left, upper edge, width, height as turned.
    pub fn transform(self, [x, y, width, height]: [f64; 4]) -> [f64; 6] {
        match self {
            Self::None => [1., 0., 0., 1., 0., 0.],
            Self::Quarter => [0., 1., -1., 0., x + width + y, y - x],
            Self::Half => [-1., 0., 0., -1., 2. * x + width, 2. * y + height],
            Self::ThreeQuarters => [0., -1., 1., 0., x - y, y + height + x],
        }
    }

    /// Whether it swaps width and height.
    pub fn swaps_axes(self) -> bool {
        matches!(self, Self::Quarter | Self::ThreeQuarters)
    }
}

impl From<Rotation> for u16 {
    fn from(rotation: Rotation) -> u16 {
        rotation.degrees()
    }
}

impl TryFrom<u16> for Rotation {
    type Error = RotationError;

    fn try_from(degrees: u16) -> Result<Self, RotationError> {
        match degrees {
            0 => Ok(Self::None),
            90 => Ok(Self::Quarter),
            180 => Ok(Self::Half),
            270 => Ok(Self::ThreeQuarters),
            _ => Err(RotationError(degrees)),
        }
    }
}

/// Degrees that are not 0, 90, 180 or 270.
#[derive(Debug, thiserror::Error)]
#[error("{0} degrees is not a quarter turn")]
pub struct RotationError(u16);

/// Width and height in points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    pub width: f32,
    pub height: f32,
}

impl PageSize {
    /// The size after the rotation.
    pub fn rotated(self, rotation: Rotation) -> Self {
        if rotation.swaps_axes() { Self { width: self.height, height: self.width } } else { self }
    }
}

/// A page as it lies in the viewport; converts between the two spaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageFrame {
    /// Unrotated size.
    pub size: PageSize,
    /// How the page is turned for display.
    pub rotation: Rotation,
    /// Where the upper left corner of the turned page lies.
    pub origin: ViewPoint,
    /// CSS pixels per point.
    pub scale: f64,
}

impl PageFrame {
    pub fn to_view(&self, p: PagePoint) -> ViewPoint {
        let (w, h) = (f64::from(self.size.width), f64::from(self.size.height));
        let (x, y) = (f64::from(p.x), f64::from(p.y));
        let (x, y) = match self.rotation {
            Rotation::None => (x, y),
            Rotation::Quarter => (h - y, x),
            Rotation::Half => (w - x, h - y),
            Rotation::ThreeQuarters => (y, w - x),
        };
        ViewPoint { x: self.origin.x + x * self.scale, y: self.origin.y + y * self.scale }
    }

    /// A rectangle in view space: left, upper edge, width, height.
    pub fn rect_to_view(&self, rect: &PageRect) -> [f64; 4] {
        let a = self.to_view(PagePoint { x: rect.x0, y: rect.y0 });
        let b = self.to_view(PagePoint { x: rect.x1, y: rect.y1 });
        [a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs()]
    }

    /// From view space to page space; points outside the page give coordinates outside it.
    pub fn to_page(&self, p: ViewPoint) -> PagePoint {
        let (w, h) = (f64::from(self.size.width), f64::from(self.size.height));
        let (x, y) = ((p.x - self.origin.x) / self.scale, (p.y - self.origin.y) / self.scale);
        let (x, y) = match self.rotation {
            Rotation::None => (x, y),
            Rotation::Quarter => (y, h - x),
            Rotation::Half => (w - x, h - y),
            Rotation::ThreeQuarters => (w - y, x),
        };
        PagePoint { x: x as f32, y: y as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_and_back(x in 0f32..2000., y in 0f32..2000., w in 1f32..2000., h in 1f32..2000.,
                          quarter in 0u16..4, scale in 0.05f64..64., ox in -1e6f64..1e6, oy in -1e6f64..1e6) {
            let rotation = Rotation::try_from(quarter * 90).unwrap();
            let frame = PageFrame { size: PageSize { width: w, height: h }, rotation,
                                    origin: ViewPoint { x: ox, y: oy }, scale };
            let back = frame.to_page(frame.to_view(PagePoint { x, y }));
            prop_assert!((back.x - x).abs() < 0.01 && (back.y - y).abs() < 0.01, "{back:?}");
        }
    }

    proptest! {
        #[test]
        fn turned_pixels_lie_where_turned_points_do(x in 0u32..300, y in 0u32..300, w in 1u32..300, h in 1u32..300,
                                                    quarter in 0u16..4) {
            let rotation = Rotation::try_from(quarter * 90).unwrap();
            let size = PageSize { width: 600., height: 700. };
            let origin = ViewPoint { x: 40., y: 90. };
            let frame = PageFrame { size, rotation, origin, scale: 1. };
            let turned = size.rotated(rotation);
            let (width, height) = (turned.width as u32, turned.height as u32);
            let [bx, by, bw, bh] = rotation.unturned([x, y, w, h], (width, height)).map(|v| v as f32);
            let back = frame.rect_to_view(&PageRect::new(bx, by, bx + bw, by + bh));
            prop_assert_eq!(back, [x as f64 + 40., y as f64 + 90., w as f64, h as f64]);
            let [a, b, c, d, e, f] = rotation.transform([40., 90., width.into(), height.into()]);
            let point = |px: f32, py: f32| {
                let (px, py) = (f64::from(px) + 40., f64::from(py) + 90.);
                ViewPoint { x: a * px + c * py + e, y: b * px + d * py + f }
            };
            prop_assert_eq!(point(bx, by), frame.to_view(PagePoint { x: bx, y: by }));
            prop_assert_eq!(point(bx + bw, by), frame.to_view(PagePoint { x: bx + bw, y: by }));
        }
    }

    #[test]
    fn a_quarter_turn_moves_the_upper_left_corner_to_the_upper_right() {
        let frame = PageFrame {
            size: PageSize { width: 100., height: 200. },
            rotation: Rotation::Quarter,
            origin: ViewPoint::default(),
            scale: 1.,
        };
        assert_eq!(frame.to_view(PagePoint { x: 0., y: 0. }), ViewPoint { x: 200., y: 0. });
    }
}
