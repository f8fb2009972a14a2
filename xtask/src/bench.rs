//! `cargo xtask bench`: measurements in the browser, side by side with other viewers.

use anyhow::{Context, Result};

use crate::process::{command, run as process};
use crate::stages::Stages;
use crate::{build, native, setup};

/// Passed through.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// For `e2e/bench/bench.mjs`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds first: what is measured is what a user gets.
pub fn run(stages: &mut Stages, options: &Options) -> Result<()> {
    build(stages)?;
    stages.run("bench", || {
        let chromium = setup::chromium().context("no Chromium; set CHROMIUM to its path")?;
        let mut bench = command("node", ["e2e/bench/bench.mjs"]);
        bench.args(&options.arguments).env("EVOLUME", native::program()).env("CHROMIUM", chromium);
        process(bench)
    })
}
