//! The server, with the web application inside and PDFium beside it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::{cargo, run};
use crate::setup::{pdfium_name, pdfium_path};
use crate::wasm::target;

/// Builds `evolume`.
pub fn build() -> Result<()> {
    run(cargo(["build", "--release", "-p", "evolume-server"]))?;
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
