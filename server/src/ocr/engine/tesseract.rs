//! Tesseract, confined: a picture in a folder of its own goes in, hOCR comes out.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use evolume_model::code::Code;
use evolume_model::geometry::Rotation;
use futures::future::{BoxFuture, FutureExt};
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::{Layout, OcrError, Picture, Reading, Recognizer, hocr};
use crate::programs::{self, Confined};

/// More output than this is not about one page.
const OUTPUT: u64 = 64 << 20;
/// Names in the folder in which it runs.
const PICTURE: &str = "page.pgm";
const OUT: &str = "out";
/// Where its data is, when it is told.
const DATA: &str = "TESSDATA_PREFIX";
/// The orientation is believed from this confidence on.
const SURE: f32 = 2.;
/// Data that tells how a page lies.
const ORIENTATION: &str = "osd";
/// Automatic page segmentation; measured to read a page of running text better than as one block (6).
const PAGE: &str = "3";
/// A single line.
const LINE: &str = "7";
/// A block of lines.
const LINES: &str = "6";
/// Ends the names of data for writing that goes downwards.
const VERTICAL: &str = "_vert";
/// A block of such writing.
const COLUMN: &str = "5";
/// Data for Latin letters.
const LATIN: &str = "eng";

/// How to run it.
#[derive(Clone, Debug)]
pub struct Options {
    /// A path, or a name to look for in `PATH`.
    pub program: PathBuf,
    /// Language data, joined by `+`, the most likely first.
    pub languages: String,
    /// For one run over one picture.
    pub limit: Duration,
    /// Where its temporary folders go.
    pub scratch: PathBuf,
    /// The `evolume` program, which confines it.
    pub evolume: PathBuf,
}

/// An installed Tesseract.
#[derive(Debug)]
pub struct Tesseract {
    options: Options,
    languages: Vec<String>,
    downwards: Vec<String>,
    latin: Option<&'static str>,
    name: String,
    knows_turns: bool,
}

impl Tesseract {
    /// Looks whether the program and the data of all languages are there.
    pub async fn find(options: Options) -> Result<Self, OcrError> {
        let missing = |cause: String| OcrError::Unavailable { code: Code::OcrMissing, cause };
        let languages: Vec<String> =
            options.languages.split('+').map(|name| name.trim().to_owned()).collect();
        let plain = |name: &String| {
            !name.is_empty() && name.chars().all(|ch| ch.is_ascii_alphanumeric() || "_-/".contains(ch))
        };
        if let Some(name) = languages.iter().find(|name| !plain(name)) {
            let cause = format!("{name:?} is no name of a language");
            return Err(OcrError::Unavailable { code: Code::OcrLanguage, cause });
        }
        let program = options.program.display();
        let ask = async |argument: &str| {
            let mut command = command(&options);
            let run = command.arg(argument).output();
            match tokio::time::timeout(options.limit, run).await {
                Ok(Ok(output)) if output.status.success() => {
                    // Either stream, depending on the version.
                    Ok(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
                }
                Ok(Ok(output)) => Err(missing(format!("{program} {argument} ends with {}", output.status))),
                Ok(Err(error)) => Err(missing(format!(
                    "{program} cannot be started ({error}); Debian has it in tesseract-ocr"
                ))),
                Err(_) => Err(missing(format!("{program} {argument} does not end"))),
            }
        };
        let version = ask("--version").await?.lines().next().unwrap_or_default().to_owned();
        let known = ask("--list-langs").await?;
        let known: Vec<&str> = known.lines().map(str::trim).collect();
        if let Some(name) = languages.iter().find(|name| !known.contains(&name.as_str())) {
            let package = name.replace('_', "-");
            let cause = format!("there is no data for {name}; Debian has it in tesseract-ocr-{package}");
            return Err(OcrError::Unavailable { code: Code::OcrLanguage, cause });
        }
        let knows_turns = known.contains(&ORIENTATION);
        let downwards = languages.iter().map(|name| format!("{name}{VERTICAL}"));
        let downwards: Vec<String> = downwards.filter(|name| known.contains(&name.as_str())).collect();
        let latin = known.contains(&LATIN).then_some(LATIN);
        let name = format!("{version} {}", [languages.as_slice(), &downwards].concat().join("+"));
        Ok(Self { options, languages, downwards, latin, name, knows_turns })
    }

    /// Version and languages.
    pub fn about(&self) -> &str {
        &self.name
    }

    /// What it makes of a picture: the file that it writes in this format.
    async fn run(&self, picture: &Picture, format: &str, arguments: &[&str]) -> Result<String, OcrError> {
        let failed = |error: std::io::Error| OcrError::Failed(error.to_string());
        let folder = tempfile::tempdir_in(&self.options.scratch).map_err(failed)?;
        tokio::fs::write(folder.path().join(PICTURE), pgm(picture)).await.map_err(failed)?;
        let dpi = (picture.dpi.round().clamp(70., 2400.) as u32).to_string();
        // The name of a format ends the options: what comes after it is not heeded.
        let arguments = [&[PICTURE, OUT, "--dpi", dpi.as_str()], arguments].concat();
        let program = programs::find(&self.options.program).ok_or_else(|| {
            let cause = format!("there is no {} any more", self.options.program.display());
            OcrError::Unavailable { code: Code::OcrMissing, cause }
        })?;
        let environment: Vec<_> = environment().collect();
        // Its data may lie anywhere.
        let read: Vec<_> = std::env::var_os(DATA).into_iter().map(PathBuf::from).collect();
        let confined = Confined {
            environment: &environment,
            read: &read,
            nice: true,
            ..Confined::new(&self.options.evolume, self.options.limit)
        };
        match confined.run(folder.path(), &program, arguments).await.map_err(failed)? {
            Some(ended) if ended.well() => {
                read_output(&folder.path().join(format!("{OUT}.{format}"))).await.map_err(failed)
            }
            Some(ended) => Err(OcrError::Failed(ended.to_string())),
            None => Err(OcrError::Failed("the time limit has passed".to_owned())),
        }
    }
}

impl Recognizer for Tesseract {
    fn name(&self) -> &str {
        &self.name
    }

    fn languages(&self) -> &[String] {
        &self.languages
    }

    fn downwards(&self) -> &[String] {
        &self.downwards
    }

    fn latin(&self) -> Option<&str> {
        self.latin
    }

    fn read<'a>(
        &'a self,
        picture: &'a Picture,
        language: &'a str,
        layout: Layout,
    ) -> BoxFuture<'a, Result<Reading, OcrError>> {
        async move {
            let segmentation = match layout {
                Layout::Page => PAGE,
                Layout::Line => LINE,
                Layout::Lines => LINES,
                Layout::Column => COLUMN,
            };
            let arguments = ["-l", language, "--psm", segmentation, "-c", "hocr_char_boxes=1", "hocr"];
            let text = self.run(picture, "hocr", &arguments).await?;
            hocr::parse(&text).map_err(|error| OcrError::Failed(error.to_string()))
        }
        .boxed()
    }

    fn turn<'a>(&'a self, picture: &'a Picture) -> BoxFuture<'a, Result<Option<Rotation>, OcrError>> {
        async move {
            if !self.knows_turns {
                return Ok(None);
            }
            match self.run(picture, ORIENTATION, &["-l", ORIENTATION, "--psm", "0"]).await {
                Ok(text) => Ok(orientation(&text)),
                // It gives up on pages with few characters.
                Err(OcrError::Failed(cause)) => {
                    tracing::debug!(%cause, "no orientation");
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        }
        .boxed()
    }
}

/// Of this program's surroundings it gets where things are.
fn environment() -> impl Iterator<Item = (&'static str, OsString)> {
    let kept = [DATA, "LD_LIBRARY_PATH"].into_iter();
    let kept = kept.filter_map(|name| std::env::var_os(name).map(|value| (name, value)));
    kept.chain([("OMP_THREAD_LIMIT", "1".into())])
}

/// The program, which is asked about itself and reads nothing of a stranger's.
fn command(options: &Options) -> Command {
    let mut command = Command::new(&options.program);
    command.env_clear().envs(environment()).env("LC_ALL", "C");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn read_output(file: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    tokio::fs::File::open(file).await?.take(OUTPUT + 1).read_to_end(&mut bytes).await?;
    if bytes.len() as u64 > OUTPUT {
        return Err(std::io::Error::other("it writes too much"));
    }
    String::from_utf8(bytes).map_err(std::io::Error::other)
}

/// The simplest format that Leptonica reads.
fn pgm(picture: &Picture) -> Vec<u8> {
    let mut bytes = format!("P5\n{} {}\n255\n", picture.width, picture.height).into_bytes();
    bytes.extend_from_slice(&picture.grey);
    bytes
}

/// What `--psm 0` says: `Rotate` is how far to turn clockwise.
fn orientation(text: &str) -> Option<Rotation> {
    let value =
        |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f32>().ok());
    let sure = value("Orientation confidence:")? >= SURE;
    let degrees = value("Rotate:").filter(|_| sure)?;
    Rotation::try_from(degrees as u16).ok()
}

/// Whether there is a program of this name, for those who ask before they need it.
pub fn is_there(program: &Path) -> bool {
    programs::find(program).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orientation_is_read_when_it_is_sure() {
        let said = |confidence| {
            format!(
                "Page number: 0\nOrientation in degrees: 270\nRotate: 90\nOrientation confidence: {confidence}\nScript: Han\n"
            )
        };
        assert_eq!(orientation(&said("19.9")), Some(Rotation::Quarter));
        assert_eq!(orientation(&said("0.3")), None);
        assert_eq!(orientation("Too few characters"), None);
    }

    #[tokio::test]
    async fn what_is_missing_is_told_by_its_code() {
        let scratch = tempfile::tempdir().unwrap();
        let options = |program: &str, languages: &str| Options {
            program: program.into(),
            languages: languages.to_owned(),
            limit: Duration::from_secs(20),
            scratch: scratch.path().to_owned(),
            evolume: PathBuf::new(),
        };
        let nowhere = Tesseract::find(options("/nowhere/tesseract", "chi_sim")).await;
        assert_eq!(nowhere.unwrap_err().code(), Code::OcrMissing);
        let hostile = Tesseract::find(options("/nowhere/tesseract", "chi_sim+; rm")).await;
        assert_eq!(hostile.unwrap_err().code(), Code::OcrLanguage);
        let there = is_there(Path::new("tesseract"));
        assert!(
            there || std::env::var_os("CI").is_none(),
            "CI lacks what this test needs; install tesseract-ocr"
        );
        if there {
            let error = Tesseract::find(options("tesseract", "eng+kli_ngon")).await.unwrap_err();
            assert_eq!(error.code(), Code::OcrLanguage);
            assert!(error.to_string().contains("tesseract-ocr-kli-ngon"), "{error}");
        }
    }
}
