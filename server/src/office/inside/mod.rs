//! What has to be known of an office document, and changed in it, before LibreOffice gets it: a password, pictures
//! and sheets that it would not show as they are seen elsewhere. Runs in the child.

mod biff;
mod drawing;
mod package;
mod sheet;
mod unlock;
mod workbook;

use std::fs::File;
use std::path::Path;

use evolume_model::code::Code;
use serde::{Deserialize, Serialize};

use super::kind::{Content, Office, in_zip};
use crate::refusal::Refusal;

/// What was found inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    /// What it is, when only that had to be found out.
    pub office: Option<Office>,
    /// Whether LibreOffice is to get what was written in the document's place.
    pub changed: bool,
    /// Sheets that do not show.
    pub hidden_sheets: u32,
}

/// Looks, and writes to `out` what is to be another. Without a kind the document is encrypted.
pub fn look_inside(
    path: &Path,
    office: Option<Office>,
    passwords: &[String],
    out: &Path,
) -> Result<Inside, Refusal> {
    let written = |bytes: &[u8]| std::fs::write(out, bytes).map_err(Refusal::with(Code::ServerInternal));
    let mut inside = Inside { office, ..Inside::default() };
    match office {
        None => {
            let bytes = unlock::package(read(path)?, passwords)?;
            let end = &bytes[bytes.len().saturating_sub(1 << 20)..];
            let Some(Content::Office(office)) = in_zip(&bytes[..bytes.len().min(1024)], end) else {
                return Err(Refusal::new(Code::OfficeDamaged, "what was encrypted is no office document"));
            };
            written(&bytes)?;
            inside = Inside { office: Some(office), changed: true, hidden_sheets: 0 };
            if office == Office::Xlsx {
                let (workbook, hidden) = workbook::adapt(std::io::Cursor::new(&bytes))?;
                inside.hidden_sheets = hidden;
                workbook.iter().try_for_each(|workbook| written(workbook))?;
            }
        }
        Some(Office::Doc | Office::Xls | Office::Ppt) => {
            let bytes = read(path)?;
            let opened = unlock::binary(&bytes, office == Some(Office::Xls), passwords)?;
            if let Some(opened) = &opened {
                written(opened)?;
                inside.changed = true;
            }
            if office == Some(Office::Xls) {
                inside.hidden_sheets = biff::hidden_sheets(opened.as_deref().unwrap_or(&bytes));
            }
        }
        Some(Office::Xlsx) => {
            let file = File::open(path).map_err(Refusal::with(Code::FileUnreadable))?;
            let (workbook, hidden) = workbook::adapt(std::io::BufReader::new(file))?;
            inside.hidden_sheets = hidden;
            if let Some(workbook) = workbook {
                written(&workbook)?;
                inside.changed = true;
            }
        }
        Some(Office::Odt | Office::Ods | Office::Odp) => {
            let file = File::open(path).map_err(Refusal::with(Code::FileUnreadable))?;
            inside.hidden_sheets =
                package::open_document(std::io::BufReader::new(file), office == Some(Office::Ods))?;
        }
        Some(_) => {}
    }
    Ok(inside)
}

/// Office documents are not larger: see the format's own limit.
fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    std::fs::read(path).map_err(Refusal::with(Code::FileUnreadable))
}
