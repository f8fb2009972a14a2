//! The programs and libraries that open strangers' files: where they are, and within which limits they run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::pdfium::{FontLibrary, Limits};

/// Where they are, where somebody says it.
#[derive(Args, Clone, Debug)]
pub struct Tools {
    /// PDFium's library.
    #[arg(long, env = "EVOLUME_PDFIUM")]
    pub pdfium: Option<PathBuf>,
    /// Folder with the fonts that stand in for Chinese ones which a PDF does not embed; Noto CJK where the
    /// system has it when not given.
    #[arg(long, value_name = "DIR", env = "EVOLUME_FONTS")]
    pub fonts: Option<PathBuf>,
    /// LibreOffice, which makes PDFs of office documents: a path, or a name in PATH.
    #[arg(long, default_value = SOFFICE, env = "EVOLUME_SOFFICE")]
    pub soffice: PathBuf,
    /// ffmpeg, which makes a copy that browsers play of recordings that they do not: a path, or a name in PATH.
    #[arg(long, default_value = FFMPEG, env = "EVOLUME_FFMPEG")]
    pub ffmpeg: PathBuf,
}

impl Tools {
    /// The children's limits.
    pub fn limits(&self) -> anyhow::Result<Limits> {
        Ok(Limits {
            fonts: FontLibrary::find(self.fonts.as_deref()),
            soffice: self.soffice.clone(),
            ffmpeg: self.ffmpeg.clone(),
            ..limits(self.pdfium.as_deref())?
        })
    }
}

/// There is no PDFium.
#[derive(Debug, thiserror::Error)]
#[error("libpdfium.so is not to be found: give --pdfium or EVOLUME_PDFIUM, or put it beside the program")]
pub struct NoPdfium;

const LIBRARY: &str = "libpdfium.so";

/// PDFium as given, beside the program, or in a `pdfium` folder above it.
pub fn find_pdfium(given: Option<&Path>, program: &Path) -> Result<PathBuf, NoPdfium> {
    if let Some(given) = given {
        let file = if given.is_dir() { given.join(LIBRARY) } else { given.to_owned() };
        return file.is_file().then_some(file).ok_or(NoPdfium);
    }
    let beside = program.parent().map(|folder| folder.join(LIBRARY));
    let above = program.ancestors().skip(1).map(|folder| folder.join("pdfium").join(LIBRARY));
    beside.into_iter().chain(above).find(|file| file.is_file()).ok_or(NoPdfium)
}

/// LibreOffice when nobody says otherwise.
const SOFFICE: &str = "soffice";
/// What makes recordings playable when nobody says otherwise.
const FFMPEG: &str = "ffmpeg";
/// Seconds that one page may take when nobody says otherwise.
pub(super) const PAGE_TIMEOUT: u64 = 30;
/// Seconds that opening a file or cutting a part may take when nobody says otherwise.
pub(super) const FILE_TIMEOUT: u64 = 120;

/// The children's limits.
pub fn limits(pdfium: Option<&Path>) -> anyhow::Result<Limits> {
    let program = std::env::current_exe()?;
    let library = find_pdfium(pdfium, &program)?;
    Ok(Limits {
        program,
        library: std::path::absolute(library)?,
        fonts: FontLibrary::find(std::env::var_os("EVOLUME_FONTS").map(PathBuf::from).as_deref()),
        soffice: SOFFICE.into(),
        ffmpeg: FFMPEG.into(),
        page: Duration::from_secs(PAGE_TIMEOUT),
        file: Duration::from_secs(FILE_TIMEOUT),
        children: 1,
    })
}
