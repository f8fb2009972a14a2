//! Grey pictures of pages: what on them is ink, and pieces of them.

/// Grey values between the paper and what counts as ink.
const CONTRAST: u8 = 60;

/// One row in so many tells how columns lean.
const LEAN_ROWS: usize = 4;
/// Share of the width at each side that does not count.
const LEAN_MARGIN: f32 = 0.04;
/// What is tried, to each side: two degrees, in steps that move the ends of an A4 page by a pixel at 200 dpi.
const LEAN_STEPS: i32 = 70;
const LEAN_STEP: f32 = 0.0005;

/// Left, upper, right and lower edge, in pixels.
pub type Edges = [f32; 4];

/// A grey picture with a page's text, more or less upright.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// One byte a pixel, row by row.
    pub grey: Vec<u8>,
    /// Pixels an inch.
    pub dpi: f32,
}

impl Picture {
    /// Width and height; none when there are not as many pixels as these say.
    pub(in crate::ocr) fn size(&self) -> Option<(usize, usize)> {
        let (width, height) = (self.width as usize, self.height as usize);
        (width > 0 && self.grey.len() == width * height).then_some((width, height))
    }

    /// The grey value of the paper: more than half of a page is not written on.
    pub(in crate::ocr) fn paper(&self) -> u8 {
        let mut counts = [0usize; 256];
        self.grey.iter().for_each(|grey| counts[usize::from(*grey)] += 1);
        let mut below = 0;
        let middle = counts.iter().position(|count| {
            below += count;
            below > self.grey.len() / 2
        });
        middle.and_then(|grey| u8::try_from(grey).ok()).unwrap_or(u8::MAX)
    }

    /// What is darker is ink.
    pub(in crate::ocr) fn ink(&self) -> u8 {
        self.paper().saturating_sub(CONTRAST)
    }

    /// What is darker belongs to a stroke, and is not the blur between two of them.
    pub(in crate::ocr) fn stroke(&self) -> u8 {
        let ink = self.ink();
        let mut inked: Vec<u8> = self.grey.iter().copied().filter(|grey| *grey < ink).collect();
        inked.sort_unstable();
        let dark = inked.get(inked.len() / 4).copied().unwrap_or(ink);
        dark.midpoint(self.paper()).min(ink)
    }

    /// By how many pixels to the right columns of writing go with each row, within two degrees: where they stand
    /// upright, most columns of pixels have much ink or none.
    pub(in crate::ocr) fn lean(&self) -> f32 {
        let Some((width, height)) = self.size() else { return 0. };
        let ink = self.ink();
        // The scanner's shadow at the edge is upright and as long as the page.
        let aside = (LEAN_MARGIN * width as f32) as usize;
        let rows = (0..height).step_by(LEAN_ROWS);
        let inked: Vec<(i32, f32)> = rows
            .flat_map(|y| {
                let row = self.row(y, [aside, width - aside]).iter().enumerate();
                let down = y as f32 - height as f32 / 2.;
                row.filter(|(_, grey)| **grey < ink).map(move |(x, _)| (x as i32, down))
            })
            .collect();
        let mut counts = vec![0u64; width];
        let mut score = |lean: f32| {
            counts.fill(0);
            for (x, down) in &inked {
                let at = x - (lean * down).round() as i32;
                if let Some(count) = usize::try_from(at).ok().and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
            counts.iter().map(|count| count * count).sum::<u64>()
        };
        let leans = (-LEAN_STEPS..=LEAN_STEPS).map(|step| step as f32 * LEAN_STEP);
        // Of equals the most upright.
        let best = leans.max_by_key(|lean| (score(*lean), -(lean.abs() / LEAN_STEP) as i32));
        best.unwrap_or_default()
    }

    /// With each row moved to the left by as much as columns have gone to the right there, from the middle on.
    pub(in crate::ocr) fn upright(&self, lean: f32) -> Self {
        let Some((width, height)) = self.size() else { return self.clone() };
        let paper = self.paper();
        let mut grey = Vec::with_capacity(self.grey.len());
        for y in 0..height {
            let by = (lean * (y as f32 - height as f32 / 2.)).round() as i64;
            let row = self.row(y, [0, width]);
            let from = |x: usize| usize::try_from(x as i64 + by).ok().and_then(|x| row.get(x));
            grey.extend((0..width).map(|x| from(x).copied().unwrap_or(paper)));
        }
        Self { grey, width: self.width, height: self.height, dpi: self.dpi }
    }

    /// A row of the pixels between two columns.
    pub(in crate::ocr) fn row(&self, y: usize, [x0, x1]: [usize; 2]) -> &[u8] {
        let start = y * self.width as usize;
        &self.grey[start + x0..start + x1]
    }

    /// A piece: left, upper, right and lower edge lie within the picture.
    pub(in crate::ocr) fn cut(&self, [x0, y0, x1, y1]: [usize; 4]) -> Self {
        let grey = (y0..y1).flat_map(|y| self.row(y, [x0, x1]).iter().copied()).collect();
        Self { width: (x1 - x0) as u32, height: (y1 - y0) as u32, grey, dpi: self.dpi }
    }

    /// Turned by a quarter against the clock.
    pub(in crate::ocr) fn turned_back(&self) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let column = |x: usize| (0..height).map(move |y| self.grey[y * width + x]);
        let grey = (0..width).rev().flat_map(column).collect();
        Self { width: self.height, height: self.width, grey, dpi: self.dpi }
    }

    /// Paints over a piece, as far as it lies within the picture.
    pub(in crate::ocr) fn fill(&mut self, edges: Edges, grey: u8) {
        let (width, height) = (self.width as usize, self.height as usize);
        let [x0, y0, x1, y1] = edges;
        let (left, right) = (pixel(x0, width), pixel(x1, width));
        for row in pixel(y0, height)..pixel(y1, height) {
            self.grey[row * width + left..row * width + right.max(left)].fill(grey);
        }
    }

    /// The pieces one below the other with paper around each, and where each lies.
    pub(in crate::ocr) fn stacked(pieces: &[Self], paper: u8) -> (Self, Vec<[f32; 2]>) {
        let around = |piece: &Self| (piece.height as usize / 2).max(1);
        let side = pieces.iter().map(around).max().unwrap_or_default();
        let width = pieces.iter().map(|piece| piece.width as usize).max().unwrap_or_default() + 2 * side;
        let (mut grey, mut places) = (Vec::new(), Vec::new());
        for piece in pieces {
            grey.resize(grey.len() + around(piece) * width, paper);
            places.push([side as f32, (grey.len() / width.max(1)) as f32]);
            for y in 0..piece.height as usize {
                grey.resize(grey.len() + side, paper);
                grey.extend_from_slice(piece.row(y, [0, piece.width as usize]));
                grey.resize(grey.len() + width - side - piece.width as usize, paper);
            }
            grey.resize(grey.len() + around(piece) * width, paper);
        }
        let dpi = pieces.first().map_or(0., |piece| piece.dpi);
        let height = grey.len().checked_div(width).unwrap_or_default();
        (Self { width: width as u32, height: height as u32, grey, dpi }, places)
    }
}

/// The pixel at a place, within a length.
fn pixel(at: f32, length: usize) -> usize {
    (at.max(0.) as usize).min(length)
}

/// Stretches of the places that are `true`; gaps of up to `gap` places belong to them.
pub fn stretches(of: impl Iterator<Item = bool>, gap: usize) -> Vec<[usize; 2]> {
    let places: Vec<usize> = of.enumerate().filter(|(_, is)| *is).map(|(at, _)| at).collect();
    let stretches = places.chunk_by(|a, b| b - a <= gap + 1);
    stretches.filter_map(|places| Some([*places.first()?, places.last()? + 1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, grey: &[u8]) -> Picture {
        Picture { width, height: grey.len() as u32 / width, grey: grey.to_vec(), dpi: 100. }
    }

    #[test]
    fn pieces_are_cut_turned_and_stacked() {
        let page = picture(3, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(page.cut([1, 0, 3, 2]), picture(2, &[2, 3, 5, 6]));
        assert_eq!(page.turned_back(), picture(2, &[3, 6, 2, 5, 1, 4]));
        let (stack, places) = Picture::stacked(&[picture(1, &[7, 7]), picture(2, &[8, 8])], 9);
        let rows = [[9, 9, 9, 9], [9, 7, 9, 9], [9, 7, 9, 9], [9; 4], [9; 4], [9, 8, 8, 9], [9; 4]];
        assert_eq!((stack, places), (picture(4, rows.as_flattened()), vec![[1., 1.], [1., 5.]]));
        assert_eq!(Picture::stacked(&[], 9).0, Picture::default());
    }

    #[test]
    fn painting_stays_within_the_picture() {
        let mut page = picture(3, &[1, 2, 3, 4, 5, 6]);
        page.fill([1., 1., 9., 9.], 0);
        page.fill([5., -3., 4., 1.], 0);
        assert_eq!(page, picture(3, &[1, 2, 3, 4, 0, 0]));
        assert_eq!(picture(2, &[200, 190, 210, 20]).ink(), 200 - CONTRAST);
    }

    #[test]
    fn leaning_columns_are_put_upright() {
        let mut leaning = Picture { width: 200, height: 400, grey: vec![230; 200 * 400], dpi: 100. };
        for y in 0..400 {
            // By 8 pixels over the height, which is 0.02 a row.
            let x = 100. + (y as f32 - 200.) * 0.02;
            leaning.fill([x.round(), y as f32, x.round() + 10., y as f32 + 1.], 20);
        }
        let lean = leaning.lean();
        assert!((lean - 0.02).abs() < 0.002, "{lean}");
        let upright = leaning.upright(lean);
        assert!(upright.lean().abs() < 0.002);
        let wide = (0..200).filter(|x| (0..400).any(|y| upright.grey[y * 200 + x] < 100)).count();
        assert!(wide <= 12, "{wide}");
        assert_eq!(Picture::default().lean(), 0.);
    }

    #[test]
    fn strokes_are_darker_than_their_blur() {
        let page = picture(4, &[240, 240, 240, 240, 240, 170, 40, 40]);
        assert_eq!((page.ink(), page.stroke()), (180, 140));
    }

    #[test]
    fn stretches_bridge_small_gaps() {
        let of = |text: &str, gap| stretches(text.bytes().map(|byte| byte == b'x'), gap);
        assert_eq!(of(".xx..x.", 0), [[1, 3], [5, 6]]);
        assert_eq!(of(".xx..x.", 2), [[1, 6]]);
        assert_eq!(of("...", 2), [[0; 2]; 0]);
    }
}
