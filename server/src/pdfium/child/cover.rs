//! How much of what is to be seen on a page its own text accounts for. A scan with a filing stamp, a page number or
//! a watermark on it has a text, and is a scan all the same.

use evolume_model::geometry::{PageFrame, PageRect};
use evolume_model::text::PageText;
use evolume_pdf::CropBox;
use image::RgbImage;
use pdfium_render::prelude::*;

/// Pixels of the preview in a cell: less than a line is high.
const CELL: u32 = 8;
/// Grey values within a cell that differ by so much are writing, or anything else with an edge.
const CONTRAST: u8 = 60;
/// Pictures that cover a smaller share of the page are illustrations.
const PICTURE: f32 = 0.5;
/// A text that covers less of what is seen in the picture is not all that it says.
const MOST: f32 = 0.5;
/// A text that covers less of the page than a few lines do is a stamp, whatever else is on it.
const LITTLE: f32 = 0.03;
/// Cells that one word fills; fewer are dirt.
const WORD: usize = 16;
/// Characters that are higher, in points, are a watermark: what is written under them is not theirs.
const HIGHEST: f32 = 60.;
/// Pictures beyond this number, and forms within forms beyond this depth, are not looked at.
const PICTURES: usize = 4000;
const DEPTH: u32 = 4;

/// Cells of a page as displayed.
struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<bool>,
}

impl Grid {
    fn of(preview: &RgbImage) -> Self {
        let (columns, rows) =
            (preview.width().div_ceil(CELL) as usize, preview.height().div_ceil(CELL) as usize);
        Self { columns, rows, cells: vec![false; columns * rows] }
    }

    /// Marks what a rectangle (left, top, width, height in pixels) touches, and what lies right beside it.
    fn mark(&mut self, [x, y, width, height]: [f64; 4]) {
        let cell = |at: f64, length: usize| ((at / f64::from(CELL)).max(0.) as usize).min(length);
        let (left, right) = (cell(x, self.columns), cell(x + width + f64::from(CELL), self.columns));
        for row in cell(y, self.rows)..cell(y + height + f64::from(CELL), self.rows) {
            self.cells[row * self.columns + left..row * self.columns + right].fill(true);
        }
    }

    fn share(&self) -> f32 {
        self.cells.iter().filter(|cell| **cell).count() as f32 / self.cells.len().max(1) as f32
    }
}

/// Whether a picture covers the page and says more than the text.
pub fn leaves_more(
    page: &PdfPage<'_>,
    crop: &CropBox,
    text: &PageText,
    frame: PageFrame,
    preview: &RgbImage,
) -> bool {
    let mut picture = Grid::of(preview);
    for rect in pictures(page, crop) {
        picture.mark(frame.rect_to_view(&rect));
    }
    if picture.share() < PICTURE {
        return false;
    }
    let mut covered = Grid::of(preview);
    for rect in text.glyphs().filter_map(|glyph| glyph.rect) {
        if rect.height().min(rect.width()) <= HIGHEST {
            covered.mark(frame.rect_to_view(&rect));
        }
    }
    let (mut inside, mut beside) = (0, 0);
    for (at, row) in inked(preview).chunks(picture.columns.max(1)).enumerate() {
        for (column, _) in row.iter().enumerate().filter(|(_, inked)| **inked) {
            let cell = at * picture.columns + column;
            match (picture.cells[cell], covered.cells[cell]) {
                (true, true) => inside += 1,
                (true, false) => beside += 1,
                _ => {}
            }
        }
    }
    let share = inside as f32 / (inside + beside).max(1) as f32;
    beside >= WORD && (share < MOST || covered.share() < LITTLE)
}

/// The cells in which there is an edge, row by row.
fn inked(preview: &RgbImage) -> Vec<bool> {
    let grid = Grid::of(preview);
    let mut range = vec![(255u8, 0u8); grid.cells.len()];
    for (x, y, pixel) in preview.enumerate_pixels() {
        let (low, high) = &mut range[(y / CELL) as usize * grid.columns + (x / CELL) as usize];
        (*low, *high) = ((*low).min(pixel.0[1]), (*high).max(pixel.0[1]));
    }
    range.into_iter().map(|(low, high)| high.saturating_sub(low) >= CONTRAST).collect()
}

/// Where pictures lie on the page, those within forms too.
fn pictures(page: &PdfPage<'_>, crop: &CropBox) -> Vec<PageRect> {
    let mut found = Vec::new();
    for object in page.objects().iter() {
        collect(&object, None, 0, &mut found);
    }
    found.iter().map(|rect| crop.rect(rect)).collect()
}

fn collect(object: &PdfPageObject<'_>, place: Option<PdfMatrix>, depth: u32, found: &mut Vec<PdfRect>) {
    if found.len() >= PICTURES {
        return;
    }
    if let Some(form) = object.as_x_object_form_object() {
        let Ok(matrix) = form.matrix() else { return };
        let matrix = place.map_or(matrix, |place| matrix.multiply(place));
        if depth < DEPTH {
            form.iter().for_each(|object| collect(&object, Some(matrix), depth + 1, found));
        }
    } else if object.as_image_object().is_some()
        && let Ok(bounds) = object.bounds()
    {
        let bounds = place.map_or(bounds, |place| bounds.transform(place));
        found.push(bounds.to_rect());
    }
}
