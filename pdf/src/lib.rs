//! What a PDF says, by PDFium: the size of its pages, their texts with boxes, links, outline. Ingest and the
//! browser, where a reader's own file is opened without a server, ask here, so that both get the same.

mod outline;
mod page;
mod running;

pub use outline::outline;
pub use page::{CropBox, links, rotation, text};
