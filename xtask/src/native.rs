//! The server, with the web application inside and PDFium beside it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{cargo, run, run_quietly};
use crate::root;
use crate::setup::{pdfium_name, pdfium_path};
use crate::stamp::Inputs;
use crate::wasm::target;

/// What of the workspace is built together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// `evolume` alone.
    Program,
    /// `evolume` with all tests and examples. Their dependencies have more features switched on, and would be
    /// compiled a second time if the program were built by itself before.
    Tests,
}

/// Compiles all that needs no web application, which is nearly all, while that is built.
pub fn libraries(scope: Scope) -> Result<()> {
    let mut build = scope.command();
    build.arg("--lib");
    run_quietly(build)
}

impl Scope {
    fn command(self) -> Command {
        match self {
            Self::Program => cargo(["build", "--release", "-p", "evolume-server"]),
            Self::Tests => cargo(["test", "--release", "--workspace", "--exclude", "xtask", "--no-run"]),
        }
    }
}

/// Tells the compiler when the files of the web application are other ones: it does not see that one has come or gone.
pub fn name_shell(command: &mut Command) -> Result<()> {
    let files = Inputs::default().path(&root().join("www/dist"))?;
    command.env("EVOLUME_SHELL", files.finish());
    Ok(())
}

/// Builds `evolume`.
pub fn build(scope: Scope) -> Result<()> {
    let mut build = scope.command();
    name_shell(&mut build)?;
    run(build)?;
    let beside = target().join("release").join(pdfium_name());
    let library = pdfium_path();
    if beside.metadata().map(|meta| meta.len()).ok() != Some(library.metadata()?.len()) {
        let partial = beside.with_extension("partial");
        fs::copy(&library, &partial).context("cannot copy PDFium beside the server")?;
        fs::rename(&partial, &beside)?;
    }
    Ok(())
}

/// The built program.
pub fn program() -> PathBuf {
    target().join("release").join(if cfg!(windows) { "evolume.exe" } else { "evolume" })
}
