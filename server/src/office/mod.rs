//! Office documents and plain text: which kind a file is, and the PDF that LibreOffice makes of it.

mod convert;
mod kind;
pub mod plain;

pub use convert::{ConvertError, LibreOffice};
pub use kind::{Content, Office, in_compound, in_zip};
