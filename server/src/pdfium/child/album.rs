//! A PDF whose pages are one picture each, the same bytes every time. What is stored compressed goes in as it is, and
//! what has one bit a pixel keeps one. Runs in the child.

use evolume_model::code::Code;
use image::DynamicImage;
use pdf_writer::types::Predictor;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};

use super::density::Density;
use super::full_image::{self, PIXEL_LIMIT};
use super::picture::Picture;
use super::size;
use crate::pdfium::pixels;
use crate::refusal::Refusal;

/// Larger images are cut into tiles with this side, in pixels: who looks closely decodes only what is in view.
const TILE: u32 = 2048;
/// Quality of a photograph that has to be encoded again.
const QUALITY: u8 = 92;
/// A4, for a page that nobody can read.
const EMPTY: (f32, f32) = (595., 842.);

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);

/// The PDF while pages are added.
pub struct Album {
    pdf: Pdf,
    next: i32,
    pages: Vec<Ref>,
}

/// An image on a page: where its lower left corner is, and its size.
struct Placed {
    image: Ref,
    at: (f32, f32),
    size: (f32, f32),
}

impl Album {
    pub fn new() -> Self {
        Self { pdf: Pdf::new(), next: TREE.get() + 1, pages: Vec::new() }
    }

    /// A page of a picture.
    pub fn add(&mut self, picture: Picture) -> Result<(), Refusal> {
        let Picture { image, jpeg, density, photograph } = picture;
        let (wide, high) = (image.width(), image.height());
        let size = size::of(wide, high, density);
        if u64::from(wide) * u64::from(high) <= PIXEL_LIMIT {
            let image = match jpeg {
                Some(jpeg) => self.jpeg(&jpeg, wide, high),
                None => self.encoded(&image, photograph)?,
            };
            self.page(size, &[Placed { image, at: (0., 0.), size }]);
            return Ok(());
        }
        let (across, down) = (size.0 / wide as f32, size.1 / high as f32);
        let mut tiles = Vec::new();
        for y in (0..high).step_by(TILE as usize) {
            for x in (0..wide).step_by(TILE as usize) {
                let (w, h) = (TILE.min(wide - x), TILE.min(high - y));
                tiles.push(Placed {
                    image: self.encoded(&image.crop_imm(x, y, w, h), photograph)?,
                    at: (x as f32 * across, (high - y - h) as f32 * down),
                    size: (w as f32 * across, h as f32 * down),
                });
            }
        }
        self.page(size, &tiles);
        Ok(())
    }

    /// A page of a JPEG 2000 file of this size.
    pub fn add_jp2(&mut self, bytes: &[u8], (wide, high): (u32, u32), density: Option<Density>) {
        let id = self.id();
        let mut image = self.pdf.image_xobject(id, bytes);
        image.width(wide as i32).height(high as i32).filter(Filter::JpxDecode);
        image.finish();
        let size = size::of(wide, high, density);
        self.page(size, &[Placed { image: id, at: (0., 0.), size }]);
    }

    /// Keeps the place of a page that nobody can read.
    pub fn add_empty(&mut self) {
        self.page(EMPTY, &[]);
    }

    /// The whole.
    pub fn finish(mut self) -> Vec<u8> {
        self.pdf.catalog(CATALOG).pages(TREE);
        self.pdf.pages(TREE).count(self.pages.len() as i32).kids(self.pages);
        self.pdf.finish()
    }

    fn id(&mut self) -> Ref {
        self.next += 1;
        Ref::new(self.next - 1)
    }

    fn page(&mut self, size: (f32, f32), images: &[Placed]) {
        let (page, drawing) = (self.id(), self.id());
        let names: Vec<String> = (0..images.len()).map(|index| format!("I{index}")).collect();
        let mut content = Content::new();
        for (name, placed) in names.iter().zip(images) {
            let matrix = [placed.size.0, 0., 0., placed.size.1, placed.at.0, placed.at.1];
            content.save_state().transform(matrix).x_object(Name(name.as_bytes())).restore_state();
        }
        self.pdf.stream(drawing, &content.finish());
        let mut leaf = self.pdf.page(page);
        leaf.media_box(Rect::new(0., 0., size.0, size.1)).parent(TREE).contents(drawing);
        let mut resources = leaf.resources();
        let mut objects = resources.x_objects();
        for (name, placed) in names.iter().zip(images) {
            objects.pair(Name(name.as_bytes()), placed.image);
        }
        objects.finish();
        resources.finish();
        leaf.finish();
        self.pages.push(page);
    }

    fn encoded(&mut self, image: &DynamicImage, photograph: bool) -> Result<Ref, Refusal> {
        if photograph {
            let jpeg = pixels::jpeg(&pixels::on_white(image), QUALITY);
            // It is empty for what is too long or too wide for a JPEG.
            if !jpeg.is_empty() {
                return Ok(self.jpeg(&jpeg, image.width(), image.height()));
            }
        }
        self.lossless(image).ok_or_else(|| Refusal::new(Code::ImageDamaged, "it cannot be encoded"))
    }

    fn jpeg(&mut self, bytes: &[u8], wide: u32, high: u32) -> Ref {
        let id = self.id();
        let mut image = self.pdf.image_xobject(id, bytes);
        image.width(wide as i32).height(high as i32).bits_per_component(8).filter(Filter::DctDecode);
        match full_image::jpeg_components(bytes) {
            Some(1) => image.color_space().device_gray(),
            _ => image.color_space().device_rgb(),
        }
        image.finish();
        id
    }

    /// With as few bits as the image needs: the data of a PNG are those of a PDF.
    fn lossless(&mut self, image: &DynamicImage) -> Option<Ref> {
        let png = full_image::png(image)?;
        let (bits, grey) = (i32::from(*png.get(24)?), *png.get(25)? == 0);
        let (wide, high) = (image.width() as i32, image.height() as i32);
        let id = self.id();
        let data = png_data(&png)?;
        let mut object = self.pdf.image_xobject(id, &data);
        object.width(wide).height(high).bits_per_component(bits).filter(Filter::FlateDecode);
        if grey {
            object.color_space().device_gray();
        } else {
            object.color_space().device_rgb();
        }
        let mut parameters = object.decode_parms();
        parameters.predictor(Predictor::PngOptimum).columns(wide).bits_per_component(bits);
        parameters.colors(if grey { 1 } else { 3 });
        parameters.finish();
        object.finish();
        Some(id)
    }
}

/// What the IDAT chunks of a PNG hold.
fn png_data(png: &[u8]) -> Option<Vec<u8>> {
    let mut data = Vec::with_capacity(png.len());
    let mut at = 8usize;
    while at < png.len() {
        let length = u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?) as usize;
        if png.get(at + 4..at + 8)? == b"IDAT" {
            data.extend_from_slice(png.get(at + 8..at + 8 + length)?);
        }
        at = at.checked_add(length)?.checked_add(12)?;
    }
    Some(data)
}
