//! The server, with the web application inside and PDFium beside it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::{cargo, run};
use crate::setup::{pdfium_name, pdfium_path};
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

/// Builds `evolume`.
pub fn build(scope: Scope) -> Result<()> {
    run(match scope {
        Scope::Program => cargo(["build", "--release", "-p", "evolume-server"]),
        Scope::Tests => cargo(["test", "--release", "--workspace", "--exclude", "xtask", "--no-run"]),
    })?;
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
