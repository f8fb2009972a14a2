//! What cargo does not fetch: the wasm target, npm packages, PDFium, Debian packages.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::process::{command, npm, output, run, run_quietly, succeeds, which};
use crate::stages::Stages;
use crate::stamp::{self, Inputs};
use crate::{root, wasm};

/// The PyPI wheel that carries PDFium for every platform.
const PDFIUM_WHEEL: &str = "pypdfium2==5.15.2";

/// An S3-compatible store for tests and for `cargo xtask run --postgres`, with what its server needs.
const MOTO: &[&str] = &["moto[s3]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];

/// Debian packages: the browser of the tests, and Chinese glyphs for the interface in it.
const DEBIAN: &[&str] = &["chromium", "fonts-noto-cjk"];
/// Debian packages with the other engines: Firefox, and WebKit with its driver and a screen to draw on.
const BROWSERS: &[&str] = &["firefox-esr", "webkit2gtk-driver", "xvfb"];
/// Debian packages that read the text of scans; without them scans stay unread, and all else works.
const OCR: &[&str] = &[
    "tesseract-ocr",
    "tesseract-ocr-chi-sim",
    "tesseract-ocr-chi-tra",
    "tesseract-ocr-chi-sim-vert",
    "tesseract-ocr-chi-tra-vert",
];
/// Debian packages that make PDFs of office documents; without them those are refused.
const OFFICE: &[&str] = &["libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui"];
/// Debian packages that mend or decode what the libraries here cannot; without them such files are refused.
const TOOLS: &[&str] = &["qpdf", "mupdf-tools", "libtiff-tools", "libheif-examples", "ffmpeg"];
/// PostgreSQL, which the store is tested on beside SQLite.
const POSTGRESQL: &[&str] = &["postgresql"];

/// Everything but the other browsers; quick when it is there already.
pub fn all(stages: &mut Stages) -> Result<()> {
    stages.beside("packages", packages, |stages| stages.run("setup", tools))?;
    moto_or_note(stages);
    Ok(())
}

/// What compiling needs.
pub fn tools() -> Result<()> {
    wasm_target()?;
    node_modules()?;
    pdfium()
}

/// Where the native PDFium lies.
pub fn pdfium_path() -> PathBuf {
    root().join("target/pdfium").join(pdfium_name())
}

/// The platform's name for the library.
pub fn pdfium_name() -> &'static str {
    if cfg!(windows) {
        "pdfium.dll"
    } else if cfg!(target_os = "macos") {
        "libpdfium.dylib"
    } else {
        "libpdfium.so"
    }
}

fn wasm_target() -> Result<()> {
    let sysroot = String::from_utf8(output(command("rustc", ["--print", "sysroot"]))?)?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(wasm::TARGET).is_dir() {
        return Ok(());
    }
    if which("rustup").is_none() {
        bail!("the Rust target {} is missing and there is no rustup to add it", wasm::TARGET);
    }
    run(command("rustup", ["target", "add", wasm::TARGET]))
}

/// npm packages.
pub fn node_modules() -> Result<()> {
    let version = output(command("node", ["--version"]))
        .context("Node.js 20 or later with npm is needed to build the web application")?;
    let version = String::from_utf8(version)?;
    if major(&version).is_none_or(|major| major < 20) {
        bail!("Node.js 20 or later is needed, this is {}", version.trim());
    }
    let root = root();
    let inputs = Inputs::default().word(version.trim()).path(&root.join("package-lock.json"))?;
    stamp::once("npm", inputs, &[&root.join("node_modules/.package-lock.json")], || {
        run(npm(["ci", "--no-audit", "--no-fund"]))
    })
}

/// The first number of a version such as `v20.1.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// PDFium for this platform.
pub fn pdfium() -> Result<()> {
    let library = pdfium_path();
    stamp::once("pdfium", Inputs::default().word(PDFIUM_WHEEL), &[&library], || {
        let python = python()?;
        if !succeeds(command(&python, ["-m", "pip", "--version"])) {
            bail!("{} has no pip; install it (Debian: python3-pip)", python.display());
        }
        let folder = root().join("target/pdfium");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let mut pip = command(
            &python,
            [
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--only-binary=:all:",
                "--dest",
                "target/pdfium",
            ],
        );
        pip.arg(PDFIUM_WHEEL);
        run(pip)?;
        let wheel = fs::read_dir(&folder)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .context("pip left no wheel behind")?;
        let unpacked = folder.join("wheel");
        let mut unpack = command(&python, ["-m", "zipfile", "-e"]);
        unpack.arg(&wheel).arg(&unpacked);
        run(unpack)?;
        fs::rename(unpacked.join("pypdfium2_raw").join(pdfium_name()), &library)
            .context("the wheel holds no PDFium for this platform")?;
        fs::remove_dir_all(&unpacked)?;
        Ok(fs::remove_file(&wheel)?)
    })
}

/// The Python that has `moto`.
pub fn moto_path() -> PathBuf {
    root().join("target/moto").join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// `moto`, in an environment of its own; without it all else works.
pub fn moto() -> Result<()> {
    let inputs = MOTO.iter().fold(Inputs::default(), |inputs, package| inputs.word(package));
    stamp::once("moto", inputs, &[&moto_path()], || {
        run_quietly(command(python()?, ["-m", "venv", "--clear", "target/moto"]))?;
        let mut pip =
            command(moto_path(), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(MOTO);
        run_quietly(pip)
    })
}

/// For tests, most of which need none.
pub fn moto_or_note(stages: &mut Stages) {
    if let Err(error) = stages.run("moto", moto) {
        println!("note: tests on a second S3-compatible store will be skipped: {error:#}");
    }
}

/// Python 3, under whichever name it has here.
pub fn python() -> Result<PathBuf> {
    ["python3", "python"]
        .into_iter()
        .filter_map(which)
        .find(|path| succeeds(command(path, ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"])))
        .context("Python 3.9 or later is needed to fetch PDFium and to draw the sample case")
}

/// Programs and fonts from Debian's packages.
pub fn packages() -> Result<()> {
    if which("dpkg-query").is_none() {
        if chromium().is_none() {
            println!("note: the browser tests need Chromium; set CHROMIUM to its path");
        }
        if which("tesseract").is_none() {
            println!("note: scans are read by Tesseract 5 with its languages chi_sim, chi_tra and eng");
        }
        if which("soffice").is_none() {
            println!("note: office documents are converted by LibreOffice 7 or later");
        }
        for program in ["qpdf", "mutool", "tiffcp", "heif-convert", "ffmpeg"] {
            if which(program).is_none() {
                println!("note: some damaged or unusual files need {program}");
            }
        }
        return Ok(());
    }
    install(DEBIAN, "the browser tests need")?;
    for (packages, purpose, without) in [
        (OCR, "to read the text of scans", "scans will not be read"),
        (OFFICE, "to take office documents", "office documents will be refused"),
        (TOOLS, "to take damaged PDFs, odd pictures and old recordings", "some of those will be refused"),
        (POSTGRESQL, "to test the store on PostgreSQL", "tests on PostgreSQL will be skipped"),
    ] {
        if let Err(error) = install(packages, purpose) {
            println!("note: {without}, {} cannot be installed: {error:#}", packages.join(" "));
        }
    }
    Ok(())
}

/// Firefox and WebKit, which only their own journey needs.
pub fn browsers() -> Result<()> {
    if which("dpkg-query").is_none() {
        println!("note: the journey in other browsers needs Firefox, WebKitWebDriver and Xvfb");
        return Ok(());
    }
    install(BROWSERS, "the journey in other browsers needs")
}

/// Installs what is missing of these packages; tells it when only root could.
fn install(packages: &[&str], purpose: &str) -> Result<()> {
    // The lists are fetched once, however many groups want something.
    static LISTS: OnceLock<()> = OnceLock::new();
    let missing: Vec<_> = packages
        .iter()
        .filter(|name| !(installed(name) || **name == "chromium" && chromium().is_some()))
        .copied()
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let root_user = output(command("id", ["-u"])).is_ok_and(|id| id.trim_ascii() == b"0");
    if !root_user {
        let names = missing.join(" ");
        println!("note: {purpose}: sudo apt-get install --no-install-recommends {names}");
        return Ok(());
    }
    if LISTS.get().is_none() {
        run_quietly(command("apt-get", ["update", "-q"]))?;
        LISTS.get_or_init(|| ());
    }
    let mut install = command("apt-get", ["install", "-y", "-q", "--no-install-recommends"]);
    install.args(missing).env("DEBIAN_FRONTEND", "noninteractive");
    run_quietly(install)
}

fn installed(package: &str) -> bool {
    command("dpkg-query", ["--show", "--showformat=${db:Status-Abbrev}", package])
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"ii"))
}

/// The browser of the tests.
pub fn chromium() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(which))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("3.11"), Some(3));
        assert_eq!(major("unknown"), None);
    }
}
