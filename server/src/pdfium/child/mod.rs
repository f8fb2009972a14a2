//! What runs in the confined child: everything that reads bytes which somebody else made.

mod album;
mod attached;
mod cover;
mod density;
mod full_image;
mod listen;
mod page;
mod part;
mod password;
mod pdf;
mod picture;
mod samples;
mod scan;
mod sense;
mod size;
mod skew;
pub mod substitute;
mod tiff_directory;
mod tiff_kinds;
mod tiff_pages;
pub mod worker;
mod wrap;

pub use page::lacks_letters;
