//! `cargo xtask sample`: draws the sample case, or the big corpus of the measurements, with Python.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{command, run as process};
use crate::stages::Stages;
use crate::stamp::{self, Inputs};
use crate::{root, setup};

/// What to draw where.
#[derive(clap::Args)]
pub struct Options {
    /// The big corpus of the measurements instead of the sample case.
    #[arg(long)]
    big: bool,
    /// Folder to write; `tests/corpus/sample`, or `target/bench/corpus` with `--big`.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Draws in an environment of its own, with pinned packages.
pub fn run(stages: &mut Stages, options: &Options) -> Result<()> {
    let environment = root().join("target/sample-venv");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    stages.run("python packages", || {
        let requirements = root().join("xtask/sample/requirements.txt");
        stamp::once("sample-venv", Inputs::default().path(&requirements)?, &[&python], || {
            process(command(setup::python()?, ["-m", "venv", "--clear", "target/sample-venv"]))?;
            let mut pip = command(&python, ["-m", "pip", "install", "--quiet", "-r"]);
            pip.arg(requirements);
            process(pip)
        })
    })?;
    let (script, folder) = if options.big {
        ("xtask/sample/big.py", "target/bench/corpus")
    } else {
        ("xtask/sample/sample.py", "tests/corpus/sample")
    };
    stages.run("draw", || {
        let mut draw = command(&python, [script, "--out"]);
        draw.arg(options.out.clone().unwrap_or_else(|| folder.into()));
        process(draw)
    })
}
