//! A picture that becomes one page, and how large it may be.

use evolume_model::code::Code;
use image::DynamicImage;

use crate::refusal::Refusal;

/// Images with more pixels are refused.
const MAX_PIXELS: u64 = 150_000_000;

/// One page to be.
pub struct Picture {
    /// Upright pixels.
    pub image: DynamicImage,
    /// The file's own bytes when PDFium may take them as they are.
    pub jpeg: Option<Vec<u8>>,
    /// Pixels an inch.
    pub dpi: Option<(f32, f32)>,
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
