//! `cargo xtask test`: everything that must hold, in one command.

use anyhow::{Context, Result};

use crate::process::{cargo, node_bin, run as process};
use crate::stages::Stages;
use crate::{build, check, native, setup};

/// What to leave out.
#[derive(clap::Args)]
pub struct Options {
    /// Leave the browser tests out.
    #[arg(long)]
    skip_browser: bool,
}

/// Stops at the first stage that fails.
pub fn run(stages: &mut Stages, options: &Options) -> Result<()> {
    build(stages, native::Scope::Tests)?;
    check::run(stages, false)?;
    stages.run("rust tests", || {
        let mut test = cargo(["test", "--release", "--workspace", "--exclude", "xtask"]);
        test.env("EVOLUME_PDFIUM", setup::pdfium_path());
        process(test)
    })?;
    stages.run("xtask tests", || process(cargo(["test", "-p", "xtask"])))?;
    if !options.skip_browser {
        stages.run("browser tests", browser)?;
    }
    Ok(())
}

fn browser() -> Result<()> {
    let chromium =
        setup::chromium().context("no Chromium; set CHROMIUM to its path or use --skip-browser")?;
    let mut tests = node_bin("playwright", ["test", "-c", "e2e"]);
    tests.env("EVOLUME", native::program()).env("CHROMIUM", chromium);
    process(tests)
}
