//! What runs in the confined child: everything that reads bytes which somebody else made.

mod album;
mod attached;
mod density;
mod full_image;
mod listen;
mod page;
mod part;
mod pdf;
mod picture;
mod samples;
mod scan;
mod size;
mod skew;
pub mod substitute;
mod tiff_directory;
mod tiff_kinds;
mod tiff_pages;
pub mod worker;
mod wrap;

pub use page::lacks_letters;
