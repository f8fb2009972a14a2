//! Picture files into PDFs. The child decodes what its libraries know; what is odd (faxes, old compressions, what
//! telephones take) is made plain by a foreign program first, page by page, so that a bad page costs only itself.

mod tools;

use std::path::{Path, PathBuf};

use evolume_model::code::Code;

use crate::pdfium::protocol::{Helped, ImageFormat, Odd, Request, Wrapped};
use crate::pdfium::{CallError, Pool};
use crate::refusal::Refusal;
use tools::Tools;

/// Pages that may need help; a child that claims more lies.
const ODD_PAGES: usize = 10_000;
/// Once the odd ones by their tags, once those that turned out odd; then nothing is new.
const ROUNDS: usize = 3;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file is at fault, or a program is missing.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The child gave no answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The disk is at fault.
    #[error("the disk: {0}")]
    Io(#[from] std::io::Error),
}

/// The PDF of a picture file in `scratch`, and what is to be known of its pages.
pub async fn wrap(
    pool: &Pool,
    scratch: &Path,
    path: &Path,
    format: ImageFormat,
) -> Result<(PathBuf, Wrapped), PictureError> {
    let out = scratch.join("wrapped.pdf");
    let mut tools = Tools::new(pool, scratch, path);
    let mut helped = match format {
        ImageFormat::Heic | ImageFormat::Avif => tools.heif().await?,
        _ => Vec::new(),
    };
    for _ in 0..ROUNDS {
        let request =
            Request::Wrap { path: path.to_owned(), format, out: out.clone(), helped: helped.clone() };
        let wrapped = pool.lease(None).await.wrap(request).await?;
        if wrapped.odd.is_empty() {
            return Ok((out, wrapped));
        }
        if wrapped.odd.len() > ODD_PAGES {
            return Err(Refusal::new(Code::ImageDamaged, "too many odd pages").into());
        }
        for Odd { page, kind, patches } in wrapped.odd {
            let file = tools.plain(page, kind, &patches).await?;
            helped.push(Helped { page, file });
        }
    }
    Err(Refusal::new(Code::ImageDamaged, "its pages stay odd").into())
}
