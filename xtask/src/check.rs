//! `cargo xtask check`: what a reviewer should not have to look for.

use std::fs;

use anyhow::{Result, bail};

use crate::process::{cargo, node_bin, npm, output, run as process};
use crate::stages::Stages;
use crate::{native, root, rules, setup, types, unused, wasm};

/// How to check.
#[derive(clap::Args)]
pub struct Options {
    /// Format and write generated files anew before checking.
    #[arg(long)]
    fix: bool,
}

/// What clippy must not let pass; the lints themselves are in the workspace's table.
const CLIPPY_FLAGS: &[&str] = &["--", "-D", "warnings"];

/// `cargo xtask check`.
pub fn command(stages: &mut Stages, options: &Options) -> Result<()> {
    setup::all(stages)?;
    run(stages, options.fix)
}

/// The checks that take no time come first.
pub fn run(stages: &mut Stages, fix: bool) -> Result<()> {
    if fix {
        stages.run("fix", || {
            types::write()?;
            process(cargo(["fmt", "--all"]))?;
            process(npm(["run", "--silent", "format"]))
        })?;
    }
    stages.run("rules", rules::check)?;
    stages.run("dependencies", unused::check)?;
    stages.run("generated", || {
        types::check()?;
        openapi()
    })?;
    stages.run("format", || process(cargo(["fmt", "--all", "--check"])))?;
    stages.run("clippy", || {
        // The release profile: its build scripts and procedural macros are there from the build.
        let mut native = cargo(["clippy", "--release", "--workspace", "--all-targets"]);
        native.args(CLIPPY_FLAGS);
        process(native)
    })?;
    stages.run("clippy wasm", || {
        let mut wasm =
            cargo(["clippy", "-p", "evolume-viewer", "--profile", "wasm", "--target", wasm::TARGET]);
        wasm.args(CLIPPY_FLAGS);
        process(wasm)
    })?;
    // prettier and eslint
    stages.run("lint", || process(npm(["run", "--silent", "lint"])))?;
    stages.run("tsc", || {
        for package in ["pkg", "www", "e2e"] {
            let config = format!("{package}/tsconfig.json");
            if root().join(&config).exists() {
                process(node_bin("tsc", ["--noEmit", "-p", &config]))?;
            }
        }
        Ok(())
    })
}

/// The committed description of the HTTP interface must be the server's own.
fn openapi() -> Result<()> {
    let path = root().join("docs/openapi.json");
    if !path.exists() || !native::program().exists() {
        return Ok(());
    }
    let now = output(crate::process::command(native::program(), ["openapi"]))?;
    if fs::read(path)? != now {
        bail!("docs/openapi.json is not what `evolume openapi` prints; write it anew");
    }
    Ok(())
}
