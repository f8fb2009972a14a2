//! `cargo xtask bench`: measurements in the browser, side by side with other viewers; and `cargo xtask bench storage`,
//! of both pairs of a database and a blob store.

use anyhow::{Context, Result};

use crate::process::{cargo, command, run as process};
use crate::stages::Stages;
use crate::{build, native, root, setup};

/// Passed through.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// For `e2e/bench/bench.mjs`; or `storage`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds first: what is measured is what a user gets.
pub fn run(stages: &mut Stages, options: &Options) -> Result<()> {
    if options.arguments == ["storage"] {
        build(stages, native::Scope::Tests)?;
        let mut test = cargo(["test", "--release", "--workspace", "--exclude", "xtask", "--test", "all"]);
        test.args(["--", "--ignored", "--nocapture", "bench::storage"]);
        native::name_shell(&mut test)?;
        return stages.run("bench", || process(test));
    }
    build(stages, native::Scope::Program)?;
    stages.run("case", many_pages)?;
    stages.run("bench", || {
        let chromium = setup::chromium().context("no Chromium; set CHROMIUM to its path")?;
        let mut bench = command("node", ["e2e/bench/bench.mjs"]);
        bench.args(&options.arguments).env("EVOLUME", native::program()).env("CHROMIUM", chromium);
        process(bench)
    })
}

/// Makes the index of a case of 10,000 pages, where the texts of the big volume are.
fn many_pages() -> Result<()> {
    let name = "vol1000.pagetext.json";
    let folders = ["../shared/corpus/synthetic", "target/bench/corpus"];
    let Some(texts) = folders.iter().map(|folder| root().join(folder).join(name)).find(|file| file.is_file())
    else {
        println!("skipped: no {name} (make it with `cargo xtask sample --big`)");
        return Ok(());
    };
    let index = root().join("target/bench/case.index");
    std::fs::create_dir_all(root().join("target/bench"))?;
    let mut run = cargo(["run", "--release", "--package", "evolume-tests", "--example", "many_pages", "--"]);
    run.args([texts, index]);
    process(run)
}
