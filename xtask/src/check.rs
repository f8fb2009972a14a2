//! `cargo xtask check`: what a reviewer should not have to look for.

use anyhow::Result;

use crate::process::{cargo, node_bin, npm, run as process};
use crate::stages::Stages;
use crate::{arrows, messages, root, rules, setup, types, unused, wasm};

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
            openapi()?;
            process(cargo(["fmt", "--all"]))?;
            process(npm(["run", "--silent", "format"]))
        })?;
    }
    stages.run("arrows", arrows::check)?;
    stages.run("rules", rules::check)?;
    stages.run("messages", messages::check)?;
    stages.run("dependencies", unused::check)?;
    stages.run("generated", types::check)?;
    stages.run("format", || process(cargo(["fmt", "--all", "--check"])))?;
    stages.run("clippy", || {
        // The release profile: its build scripts and procedural macros are there from the build.
        let mut native = cargo(["clippy", "--release", "--workspace", "--all-targets"]);
        native.args(CLIPPY_FLAGS);
        process(native)
    })?;
    stages.run("clippy wasm", || {
        let mut wasm = cargo([
            "clippy",
            "-p",
            "evolume-viewer",
            "-p",
            "evolume-annotations",
            "--profile",
            "wasm",
            "--target",
            wasm::TARGET,
        ]);
        wasm.args(CLIPPY_FLAGS);
        process(wasm)
    })?;
    // The types of the wasm files are made with them; without them every use is an error.
    if wasm::BINARIES.iter().any(|name| !root().join(format!("pkg/dist/{name}.d.ts")).exists()) {
        stages.run("wasm", wasm::build)?;
    }
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

/// The description of the HTTP interface is compared by a test of the server, the only one who can make it.
fn openapi() -> Result<()> {
    let mut test =
        cargo(["test", "--quiet", "--release", "--workspace", "--exclude", "xtask", "--lib", "openapi"]);
    test.env("EVOLUME_WRITE_OPENAPI", "1");
    process(test)
}
