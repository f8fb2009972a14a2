//! The pages of a TIFF file, one after the other. What the library is known to decode rightly it decodes; for the
//! rest there has to be help. A page that is damaged costs only itself. Runs in the child.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use evolume_model::code::Code;
use image::DynamicImage;
use image::metadata::Orientation;
use tiff::TiffError;
use tiff::decoder::{Decoder, Limits};

use super::album::Album;
use super::density::Density;
use super::full_image;
use super::picture::{Picture, guarded};
use super::samples::{self, Extra};
use super::tiff_directory::{Chain, Directory, tag};
use super::tiff_kinds::{JPEG, OLD_JPEG, is_known, is_plain, odd, pages, size};
use crate::pdfium::pixels;
use crate::pdfium::protocol::{Helped, Wrapped};
use crate::refusal::Refusal;

/// Pixels of the largest picture, in 16 bits and three colours.
const DECODED: usize = 1_000_000_000;

/// Adds every page to the album, unless some need help first: then it says which.
pub fn each(mut bytes: Vec<u8>, helped: &[Helped], album: &mut Album) -> Result<Wrapped, Refusal> {
    let chain = Chain::read(&bytes);
    let pages = pages(&chain.directories, &bytes);
    let helped: HashMap<u32, &Helped> = helped.iter().map(|helped| (helped.page, helped)).collect();
    let numbered = || (0u32..).zip(&pages);
    let mut wrapped = Wrapped::default();
    for (page, directory) in numbered() {
        if !helped.contains_key(&page) && size(directory, &bytes).is_ok() && !is_plain(directory, &bytes) {
            wrapped.odd.push(odd(page, directory, &bytes));
        }
    }
    if !wrapped.odd.is_empty() {
        return Ok(wrapped);
    }
    let mut fault = Refusal::new(Code::ImageDamaged, "there is no picture in it");
    for (page, directory) in numbered() {
        let image = match helped.get(&page) {
            None => decode(&mut bytes, directory),
            Some(Helped { file: Some(file), .. }) => read(file),
            Some(_) => {
                let known = is_known(directory, &bytes);
                let code = if known { Code::ImageDamaged } else { Code::FileUnsupported };
                Err(Refusal::new(code, "no program could read it"))
            }
        };
        match image.and_then(|(image, jpeg)| album.add(picture(directory, &bytes, image, jpeg))) {
            Ok(()) => {}
            Err(refusal) if helped.contains_key(&page) || refusal.code != Code::ImageDamaged => {
                tracing::debug!(page, %refusal, "a page of a TIFF cannot be read");
                wrapped.broken.push(page);
                album.add_empty();
                fault = refusal;
            }
            // Another program may do better.
            Err(refusal) => {
                tracing::debug!(page, %refusal, "a page of a TIFF needs help");
                wrapped.odd.push(odd(page, directory, &bytes));
            }
        }
    }
    if wrapped.odd.is_empty() && wrapped.broken.len() == pages.len() {
        return Err(fault);
    }
    if chain.torn {
        wrapped.broken.push(pages.len() as u32);
        album.add_empty();
    }
    Ok(wrapped)
}

type Decoded = (DynamicImage, Option<Vec<u8>>);

/// The pixels of a page, and the JPEG that it is.
fn decode(bytes: &mut [u8], directory: &Directory) -> Result<Decoded, Refusal> {
    let (width, height) = size(directory, bytes)?;
    if directory.number(bytes, tag::COMPRESSION) == Some(OLD_JPEG) {
        return old_jpeg(bytes, directory, (width, height));
    }
    let extra = Extra::of(directory.number(bytes, tag::EXTRA_SAMPLES));
    for (at, patch) in directory.alone() {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        if let Some(place) = bytes.get_mut(at..at.saturating_add(patch.len())) {
            place.copy_from_slice(&patch);
        }
    }
    let data = guarded(|| {
        let mut limits = Limits::default();
        limits.decoding_buffer_size = DECODED;
        limits.intermediate_buffer_size = DECODED;
        let mut decoder = Decoder::new(Cursor::new(&*bytes))?.with_limits(limits);
        Ok::<_, TiffError>((decoder.colortype()?, decoder.read_image()?))
    });
    let damaged = |cause: String| Refusal::new(Code::ImageDamaged, cause);
    let (color, data) = data?.map_err(|error| damaged(error.to_string()))?;
    let image = samples::image(color, data, extra, (width, height))
        .ok_or_else(|| damaged(format!("a TIFF of {color:?}")))?;
    Ok((image, None))
}

/// The first of the two ways in which JPEGs were put into TIFFs: most often a whole file lies there.
fn old_jpeg(bytes: &[u8], directory: &Directory, size: (u32, u32)) -> Result<Decoded, Refusal> {
    for (start, length) in [(tag::STRIP_OFFSETS, tag::STRIP_BYTES), (tag::JPEG_OFFSET, tag::JPEG_LENGTH)] {
        let Some(start) = directory.number(bytes, start).and_then(|start| usize::try_from(start).ok()) else {
            continue;
        };
        let length: u64 = directory.numbers(bytes, length).iter().fold(0, |sum, n| sum.saturating_add(*n));
        let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(bytes.len());
        let file = bytes.get(start..end).filter(|file| file.starts_with(&[0xff, 0xd8, 0xff]));
        let Some(file) = file else { continue };
        let decoded = guarded(|| image::load_from_memory_with_format(file, image::ImageFormat::Jpeg))?;
        if let Ok(image) = decoded
            && (image.width(), image.height()) == size
        {
            let plain = matches!(full_image::jpeg_components(file), Some(1 | 3));
            return Ok((image, plain.then(|| file.to_vec())));
        }
    }
    Err(Refusal::new(Code::ImageDamaged, "no whole JPEG lies in it"))
}

/// A page that a foreign program made plain.
fn read(file: &Path) -> Result<Decoded, Refusal> {
    let mut bytes = std::fs::read(file).map_err(Refusal::with(Code::FileUnreadable))?;
    let chain = Chain::read(&bytes);
    let first = chain.directories.first().filter(|directory| is_plain(directory, &bytes));
    decode(&mut bytes, first.ok_or_else(|| Refusal::new(Code::ImageDamaged, "it was not made plain"))?)
}

fn picture(directory: &Directory, bytes: &[u8], image: DynamicImage, jpeg: Option<Vec<u8>>) -> Picture {
    let orientation = Orientation::from_exif(directory.orientation).unwrap_or(Orientation::NoTransforms);
    let (mut image, _) = pixels::grounded(image);
    image.apply_orientation(orientation);
    let density = density(directory, bytes);
    let turned = orientation.to_exif() >= 5;
    let photograph = matches!(directory.number(bytes, tag::COMPRESSION), Some(OLD_JPEG | JPEG));
    Picture {
        image,
        jpeg: jpeg.filter(|_| orientation == Orientation::NoTransforms),
        density: if turned { density.map(Density::turned) } else { density },
        photograph,
    }
}

fn density(directory: &Directory, bytes: &[u8]) -> Option<Density> {
    let (inches, unit) = match directory.number(bytes, tag::RESOLUTION_UNIT).unwrap_or(2) {
        2 => (true, 1.),
        3 => (true, 2.54),
        _ => (false, 1.),
    };
    let read = |tag| Some(directory.fraction(bytes, tag, 0)? * unit);
    Some(Density { x: read(tag::X_RESOLUTION)?, y: read(tag::Y_RESOLUTION)?, inches })
}
