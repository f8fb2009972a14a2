//! The foreign programs that make odd pictures plain. Each runs confined, in a folder with a copy of the file.

use std::ffi::OsString;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};

use evolume_model::code::Code;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::PictureError;
use crate::pdfium::Pool;
use crate::pdfium::protocol::{Helped, OddKind};
use crate::programs::{self, Confined};
use crate::refusal::Refusal;

/// Pictures of one file, made plain, may take so much of the disk together.
const DISK: u64 = 4 << 30;
/// Once so many pages took too long, the others of the file are not tried.
const TIMEOUTS: u32 = 5;
/// Pictures in one file from a telephone.
const PICTURES: u32 = 100;
/// Megabytes that libtiff may take for one picture; it takes 256 when nobody says otherwise.
const MEMORY: &str = "2048";

/// It ends well whatever it met: only its words tell of strips that it could not read.
const RGBA: &str = "tiff2rgba";

/// What is at hand for one file.
pub struct Tools<'a> {
    confined: Confined<'a>,
    scratch: &'a Path,
    source: &'a Path,
    /// Made when the first program runs; the original is never given to any.
    folder: Option<tempfile::TempDir>,
    bytes: u64,
    timeouts: u32,
}

impl<'a> Tools<'a> {
    pub fn new(pool: &'a Pool, scratch: &'a Path, source: &'a Path) -> Self {
        let confined = Confined { limit: pool.limits().page, ..pool.confined() };
        Self { confined, scratch, source, folder: None, bytes: 0, timeouts: 0 }
    }

    /// One page as a plain file; `None` where the program cannot read it.
    pub async fn plain(
        &mut self,
        page: u32,
        kind: OddKind,
        patches: &[(u64, Vec<u8>)],
    ) -> Result<Option<PathBuf>, PictureError> {
        let input = self.copy().await?;
        patch(&input, patches).await?;
        let out = input.with_file_name(format!("page-{page}.{}", extension(kind)));
        let (program, package, mut arguments): (_, _, Vec<OsString>) = match kind {
            OddKind::Bilevel => {
                let options = ["-m", MEMORY, "-c", "zip", "-f", "msb2lsb", "-s"];
                ("tiffcp", "libtiff-tools", options.map(OsString::from).into())
            }
            OddKind::Colour => {
                (RGBA, "libtiff-tools", ["-M", MEMORY, "-c", "zip"].map(OsString::from).into())
            }
            OddKind::Jpeg => {
                let options = ["-v", "error", "-nostdin", "-threads", "1", "-f", "jpeg_pipe", "-i"];
                ("ffmpeg", "ffmpeg", options.map(OsString::from).into())
            }
        };
        arguments.push(input.into());
        if kind == OddKind::Jpeg {
            arguments.extend(["-frames:v", "1", "-pix_fmt", "rgb24"].map(OsString::from));
        }
        arguments.push(out.clone().into());
        let made = self.run(program, package, arguments).await?;
        Ok(if made { self.kept(out).await? } else { None })
    }

    /// The pictures of a HEIF file, upright.
    pub async fn heif(&mut self) -> Result<Vec<Helped>, PictureError> {
        let input = self.copy().await?;
        let out = input.with_file_name("page.png");
        let arguments = [input.into_os_string(), out.clone().into_os_string()];
        if !self.run("heif-convert", "libheif-examples", arguments).await? {
            return Err(Refusal::new(Code::ImageDamaged, "heif-convert cannot read it").into());
        }
        // One picture has the name that was asked for, several have numbers.
        let mut files = vec![out.clone()];
        files.extend((1..=PICTURES).map(|number| out.with_file_name(format!("page-{number}.png"))));
        let mut pages = Vec::new();
        for file in files {
            if let Some(file) = self.kept(file).await? {
                pages.push(Helped { page: pages.len() as u32, file: Some(file) });
            }
        }
        if pages.is_empty() {
            return Err(Refusal::new(Code::ImageDamaged, "heif-convert made no picture").into());
        }
        Ok(pages)
    }

    /// A copy of the file in the programs' folder.
    async fn copy(&mut self) -> Result<PathBuf, PictureError> {
        if let Some(folder) = &self.folder {
            return Ok(folder.path().join("input"));
        }
        let folder = tempfile::tempdir_in(self.scratch)?;
        let input = folder.path().join("input");
        tokio::fs::copy(self.source, &input).await?;
        self.folder = Some(folder);
        Ok(input)
    }

    /// Whether the program says that all went well.
    async fn run(
        &mut self,
        program: &str,
        package: &str,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<bool, PictureError> {
        let missing = || {
            let cause = format!("there is no {program}; Debian has it in {package}");
            Refusal::new(Code::PictureProgramMissing, cause)
        };
        let found = programs::find(Path::new(program)).ok_or_else(missing)?;
        if self.timeouts >= TIMEOUTS {
            return Ok(false);
        }
        let folder = self.folder.as_ref().map_or(self.scratch, tempfile::TempDir::path);
        match self.confined.run(folder, &found, arguments).await? {
            Some(ended) if ended.well() && !(program == RGBA && complains(&ended.said)) => return Ok(true),
            Some(ended) => {
                tracing::info!(program, %ended, "a picture cannot be made plain");
                self.timeouts += u32::from(ended.killed());
            }
            None => {
                tracing::info!(program, "a picture took too long to be made plain");
                self.timeouts += 1;
            }
        }
        Ok(false)
    }

    /// The file, if it was made.
    async fn kept(&mut self, file: PathBuf) -> Result<Option<PathBuf>, PictureError> {
        let Ok(metadata) = tokio::fs::metadata(&file).await else { return Ok(None) };
        self.bytes += metadata.len();
        if self.bytes > DISK {
            return Err(Refusal::new(Code::FileTooLarge, "its pictures take too much of the disk").into());
        }
        Ok(Some(file))
    }
}

/// libtiff says everything in lines, and marks those that are of no consequence.
fn complains(said: &str) -> bool {
    said.lines().any(|line| !line.trim().is_empty() && !line.contains("Warning, "))
}

fn extension(kind: OddKind) -> &'static str {
    if kind == OddKind::Jpeg { "png" } else { "tif" }
}

/// Sets bytes of the copy; what does not lie in it is left out.
async fn patch(file: &Path, patches: &[(u64, Vec<u8>)]) -> std::io::Result<()> {
    if patches.is_empty() {
        return Ok(());
    }
    let mut file = tokio::fs::OpenOptions::new().write(true).open(file).await?;
    let length = file.metadata().await?.len();
    for (at, bytes) in patches {
        if at.checked_add(bytes.len() as u64).is_some_and(|end| end <= length) {
            file.seek(SeekFrom::Start(*at)).await?;
            file.write_all(bytes).await?;
        }
    }
    file.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_no_complaint() {
        assert!(!complains(
            "TIFFReadDirectory: Warning, Unknown field with tag 34821 (0x8805) encountered.\n"
        ));
        assert!(complains("LZWDecode: Not enough data at scanline 0 (short 3 bytes).\n"));
    }
}
