//! `cargo xtask test`: everything that must hold, in one command; or the parts of it that are named.

use anyhow::{Context, Result};

use crate::parts::{self, Chosen, Step};
use crate::process::{cargo, node_bin, npm, run as process};
use crate::stages::Stages;
use crate::{build, check, native, setup};

/// What to test.
#[derive(clap::Args)]
#[command(after_help = parts::help())]
pub struct Options {
    /// Parts, each of which builds only what it needs; without any, everything.
    #[arg(conflicts_with = "skip_browser")]
    parts: Vec<String>,
    /// Leave the browser tests out.
    #[arg(long)]
    skip_browser: bool,
}

/// Stops at the first stage that fails.
pub fn run(stages: &mut Stages, options: &Options) -> Result<()> {
    let chosen = parts::choose(&options.parts)?;
    if chosen.is_empty() { everything(stages, options.skip_browser) } else { some(stages, &chosen) }
}

fn everything(stages: &mut Stages, skip_browser: bool) -> Result<()> {
    build(stages, native::Scope::Tests)?;
    check::run(stages, false)?;
    setup::moto_or_note(stages);
    stages.run("rust tests", || {
        let mut test = cargo(["test", "--release", "--workspace", "--exclude", "xtask"]);
        native::name_shell(&mut test)?;
        test.env("EVOLUME_PDFIUM", setup::pdfium_path());
        process(test)
    })?;
    stages.run("xtask tests", || process(cargo(["test", "-p", "xtask"])))?;
    stages.run("typescript tests", typescript)?;
    if !skip_browser {
        stages.run("browser tests", || chromium(&[]))?;
        stages.run("other browsers", other_browsers)?;
    }
    Ok(())
}

fn some(stages: &mut Stages, chosen: &[Chosen]) -> Result<()> {
    let steps = || chosen.iter().flat_map(|part| part.steps);
    if steps().any(|step| matches!(step, Step::Chromium | Step::OtherBrowsers)) {
        build(stages, native::Scope::Tests)?;
    } else if steps().any(|step| *step == Step::TypeScript) {
        stages.run("npm packages", setup::node_modules)?;
    }
    if steps().any(|step| matches!(step, Step::Cargo(_))) {
        stages.run("pdfium", setup::pdfium)?;
    }
    for part in chosen {
        stages.run(part.name, || part.steps.iter().try_for_each(|step| one(*step, &part.files)))?;
    }
    Ok(())
}

fn one(step: Step, files: &[String]) -> Result<()> {
    match step {
        Step::Cargo(line) => {
            let (options, filters): (Vec<_>, Vec<_>) =
                line.split(' ').partition(|word| !word.ends_with("::"));
            let mut test = cargo(["test"]);
            test.args(options).arg("--").args(filters).env("EVOLUME_PDFIUM", setup::pdfium_path());
            process(test)
        }
        Step::TypeScript => typescript(),
        Step::Chromium => chromium(files),
        Step::OtherBrowsers => other_browsers(),
    }
}

fn typescript() -> Result<()> {
    process(npm(["run", "--silent", "test"]))
}

/// Firefox and WebKit, the same steps in each.
fn other_browsers() -> Result<()> {
    setup::browsers()?;
    let mut tests = node_bin("playwright", ["test", "-c", "e2e/browsers"]);
    tests.env("EVOLUME", native::program());
    process(tests)
}

fn chromium(files: &[String]) -> Result<()> {
    let chromium =
        setup::chromium().context("no Chromium; set CHROMIUM to its path or use --skip-browser")?;
    let mut tests = node_bin("playwright", ["test", "-c", "e2e"]);
    tests.args(files).env("EVOLUME", native::program()).env("CHROMIUM", chromium);
    process(tests)
}
