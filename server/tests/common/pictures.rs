//! Helpers of the tests of pictures: TIFFs made by hand, and what is seen on a page.

use std::path::{Path, PathBuf};
use std::process::Command;

use evolume_model::volume::Material;
use image::{RgbImage, imageops};

use super::{Bench, installed};

/// A field of a TIFF's directory: tag, kind (3 a short, 4 a long, 5 a fraction), values.
pub type Field = (u16, u16, Vec<u32>);

/// One picture of a TIFF.
#[derive(Clone)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub bits: Vec<u32>,
    pub compression: u32,
    pub photometric: u32,
    pub strips: Vec<Vec<u8>>,
    pub more: Vec<Field>,
}

impl Picture {
    /// Uncompressed, in one strip.
    pub fn new(width: u32, height: u32, bits: &[u32], photometric: u32, data: Vec<u8>) -> Self {
        let bits = bits.to_vec();
        Self { width, height, bits, compression: 1, photometric, strips: vec![data], more: vec![] }
    }

    pub fn with(mut self, tag: u16, kind: u16, values: &[u32]) -> Self {
        self.more.retain(|field| field.0 != tag);
        self.more.push((tag, kind, values.to_vec()));
        self
    }

    pub fn dpi(self, x: u32, y: u32, unit: u32) -> Self {
        self.with(282, 5, &[x, 1]).with(283, 5, &[y, 1]).with(296, 3, &[unit])
    }
}

/// A little-endian TIFF of these pictures; `last` is where the chain goes on after them, as the index of a picture.
pub fn tiff(pictures: &[Picture], last: Option<usize>) -> Vec<u8> {
    let mut out = b"II\x2a\0\0\0\0\0".to_vec();
    let mut link = 4;
    let mut starts = Vec::new();
    for picture in pictures {
        let mut offsets = Vec::new();
        for strip in &picture.strips {
            offsets.push(out.len() as u32);
            out.extend(strip);
        }
        let rows = picture.height.div_ceil(picture.strips.len() as u32);
        let samples = picture.bits.len() as u32;
        let planes = picture.more.iter().any(|field| field.0 == 284 && field.2 == [2]);
        let mut fields: Vec<Field> = vec![
            (256, 4, vec![picture.width]),
            (257, 4, vec![picture.height]),
            (258, 3, picture.bits.clone()),
            (259, 3, vec![picture.compression]),
            (262, 3, vec![picture.photometric]),
            (273, 4, offsets),
            (277, 3, vec![samples]),
            (278, 4, vec![if planes { picture.height } else { rows }]),
            (279, 4, picture.strips.iter().map(|strip| strip.len() as u32).collect()),
        ];
        fields.retain(|field| !picture.more.iter().any(|more| more.0 == field.0));
        fields.extend(picture.more.clone());
        fields.sort();
        let mut directory = (fields.len() as u16).to_le_bytes().to_vec();
        for (tag, kind, values) in fields {
            let bytes: Vec<u8> = match kind {
                3 => values.iter().flat_map(|value| (*value as u16).to_le_bytes()).collect(),
                _ => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            };
            let count = values.len() as u32 / if kind == 5 { 2 } else { 1 };
            directory.extend(tag.to_le_bytes());
            directory.extend(kind.to_le_bytes());
            directory.extend(count.to_le_bytes());
            if bytes.len() <= 4 {
                directory.extend([bytes.as_slice(), &[0; 4]].concat().iter().take(4));
            } else {
                directory.extend((out.len() as u32).to_le_bytes());
                out.extend(bytes);
            }
        }
        let start = out.len() as u32;
        starts.push(start);
        out[link..link + 4].copy_from_slice(&start.to_le_bytes());
        out.extend(directory);
        link = out.len();
        out.extend([0; 4]);
    }
    if let Some(index) = last {
        out[link..link + 4].copy_from_slice(&starts[index].to_le_bytes());
    }
    out
}

/// What is shown of a page: its image where it is one, else its preview.
pub fn seen(bench: &Bench, material: &Material, index: u32) -> RgbImage {
    let bytes = match &material.pages[index as usize].image {
        Some(image) => bench.blob(&image.blob.sha256),
        None => {
            let (blob, range) = material.preview_of(index).unwrap();
            bench.blob(&blob.sha256)[range.start as usize..range.end as usize].to_vec()
        }
    };
    image::load_from_memory(&bytes).unwrap().into_rgb8()
}

/// The mean colour around a point, given in parts of width and height.
pub fn colour(image: &RgbImage, (x, y): (f32, f32)) -> [u8; 3] {
    let side = (image.width().min(image.height()) / 50).max(1);
    let at = |part: f32, length: u32| ((part * length as f32) as u32).min(length - side);
    let patch = imageops::crop_imm(image, at(x, image.width()), at(y, image.height()), side, side).to_image();
    let mut sums = [0u32; 3];
    patch.pixels().for_each(|pixel| (0..3).for_each(|channel| sums[channel] += u32::from(pixel.0[channel])));
    sums.map(|sum| (sum / patch.pixels().len() as u32) as u8)
}

/// Whether two colours are the same within three parts of a hundred.
pub fn near(a: [u8; 3], b: [u8; 3]) -> bool {
    (0..3).all(|channel| a[channel].abs_diff(b[channel]) <= 8)
}

/// Compares two pictures at many points.
pub fn assert_alike(name: &str, is: &RgbImage, truth: &RgbImage) {
    for (x, y) in (1..13).flat_map(|x| (1..13).map(move |y| (x as f32 / 13., y as f32 / 13.))) {
        let (is, truth) = (colour(is, (x, y)), colour(truth, (x, y)));
        assert!(near(is, truth), "{name} at {x}, {y}: {is:?}, not {truth:?}");
    }
}

/// Share of dark pixels.
pub fn ink(image: &RgbImage) -> f32 {
    let dark = image.pixels().filter(|pixel| pixel.0[1] < 100).count();
    dark as f32 / image.pixels().len() as f32
}

/// Whether a program is there, by its Debian package.
pub fn program(name: &str, package: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    installed(std::env::split_paths(&path).any(|folder| folder.join(name).is_file()), package)
}

/// Runs a program that makes a file out of another.
pub fn made_by(program: &str, options: &[&str], input: &Path, output: &Path) -> PathBuf {
    let mut command = Command::new(program);
    let status = command.args(options).arg(input).arg(output).status().unwrap();
    assert!(status.success(), "{program} {options:?}");
    output.to_owned()
}
