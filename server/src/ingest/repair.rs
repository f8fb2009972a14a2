//! PDFs that PDFium refuses are given once to programs that mend them: a broken table of contents, a missing end,
//! an encryption that PDFium takes for an empty file.

use std::path::{Path, PathBuf};

use evolume_model::code::Code;

use crate::pdfium::protocol::Opened;
use crate::pdfium::{CallError, Pool, Source};
use crate::programs;

/// Names in the folder of their own in which they run.
const DAMAGED: &str = "damaged.pdf";
const MENDED: &str = "mended.pdf";
/// A password goes in by a file: others can see arguments.
const PASSWORD: &str = "--password-file=password";

/// The programs in the order in which they are tried, each with its arguments.
const PROGRAMS: [(&str, &[&str]); 2] = [
    ("qpdf", &["--warning-exit-0", "--decrypt", PASSWORD, DAMAGED, MENDED]),
    ("mutool", &["clean", "-gg", DAMAGED, MENDED]),
];

/// Whether it is worth trying. Encryption of an unusual kind, PDFium takes for a missing password.
pub fn may_help(code: Code) -> bool {
    matches!(code, Code::PdfDamaged | Code::PdfPasswordRequired | Code::PdfPasswordWrong)
}

/// A mended copy in `scratch` that PDFium opens, or what it said of the file itself.
pub async fn opened(
    pool: &Pool,
    scratch: &Path,
    damaged: &Source,
    refusal: CallError,
) -> Result<(PathBuf, Opened), CallError> {
    for (name, arguments) in PROGRAMS {
        let Some(program) = programs::find(Path::new(name)) else {
            tracing::warn!("a damaged PDF is not mended: {name} is not installed");
            continue;
        };
        let none = String::new();
        let passwords = if arguments.contains(&PASSWORD) { damaged.passwords.as_slice() } else { &[] };
        for password in std::iter::once(&none).chain(passwords) {
            let path = match mended(pool, scratch, &damaged.path, password, &program, arguments).await {
                Ok(path) => path,
                Err(cause) => {
                    tracing::info!(%cause, "{name} cannot mend the PDF");
                    continue;
                }
            };
            let source = Source { path, passwords: damaged.passwords.clone() };
            match pool.lease(Some(&source)).await.open(&source).await {
                Ok(opened) => return Ok((source.path, opened)),
                Err(error) => tracing::info!(%error, "what {name} made of the PDF does not open either"),
            }
        }
    }
    Err(refusal)
}

/// What a program made of it.
async fn mended(
    pool: &Pool,
    scratch: &Path,
    damaged: &Path,
    password: &str,
    program: &Path,
    arguments: &[&str],
) -> std::io::Result<PathBuf> {
    let folder = tempfile::tempdir_in(scratch)?;
    tokio::fs::copy(damaged, folder.path().join(DAMAGED)).await?;
    tokio::fs::write(folder.path().join("password"), password).await?;
    let ended = pool.confined().run(folder.path(), program, arguments).await?;
    let ended = ended.ok_or_else(|| std::io::Error::other("it takes too long"))?;
    let made = folder.path().join(MENDED);
    // Some of them call it an error that there was something to mend.
    if !tokio::fs::try_exists(&made).await? {
        return Err(std::io::Error::other(ended.to_string()));
    }
    let kept = tempfile::Builder::new().prefix("mended").suffix(".pdf").tempfile_in(scratch)?;
    let (_, path) = kept.keep().map_err(|error| error.error)?;
    tokio::fs::rename(&made, &path).await?;
    Ok(path)
}
