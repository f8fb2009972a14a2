//! A picture that becomes one page, and how large it may be.

use std::panic::{AssertUnwindSafe, catch_unwind};

use evolume_model::code::Code;
use image::DynamicImage;

use super::density::Density;
use crate::refusal::Refusal;

/// Images with more pixels are refused.
const MAX_PIXELS: u64 = 150_000_000;

/// One page to be.
pub struct Picture {
    /// Upright pixels without transparency.
    pub image: DynamicImage,
    /// The file's own bytes when PDFium may take them as they are.
    pub jpeg: Option<Vec<u8>>,
    /// What the file says of its resolution.
    pub density: Option<Density>,
    /// Whether losing a little sharpness is fine.
    pub photograph: bool,
}

/// Refuses images that would not fit into memory.
pub fn check_size(width: u32, height: u32) -> Result<(), Refusal> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Refusal::new(Code::ImageTooLarge, format!("{width} x {height} pixels")));
    }
    Ok(())
}

/// Decodes what a library may stumble over: its panic is the picture's fault, and costs no other page.
pub fn guarded<T>(decode: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(decode))
        .map_err(|_| Refusal::new(Code::ImageDamaged, "the library that decodes it gave up"))
}
