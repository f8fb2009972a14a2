//! Office documents and plain text: which kind a file is, and the PDF that LibreOffice makes of it.

mod convert;
mod encoding;
mod inside;
mod kind;
pub mod plain;

pub use convert::{ConvertError, LibreOffice, lacking};
pub use encoding::{Charset, charset};
pub use inside::{Inside, look_inside};
pub use kind::{Content, Office, in_compound, in_zip};
