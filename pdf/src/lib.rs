//! What PDFium reads from a PDF: page sizes, texts with boxes, links, outline. Ingest uses it, and so does the
//! browser for a reader's own file, so that both get the same.

mod margin;
mod outline;
mod page;
mod running;
mod title;

pub use outline::outline;
pub use page::{CropBox, flatten, links, page, rotation, text};
pub use title::Gb2312;
