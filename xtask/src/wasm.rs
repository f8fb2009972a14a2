//! The viewer's wasm files: cargo, wasm-bindgen as a library, wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{cargo, node_bin, run};
use crate::root;
use crate::stamp::{self, Inputs};

/// The Rust target of everything that runs in the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The viewer's binary targets; each becomes one wasm file and one ES module.
pub const BINARIES: &[&str] = &["viewer", "render", "layers", "search", "local"];

/// What every browser of the last years has and rustc may use. The compiler has optimised already: a higher level takes
/// three times as long, and what it inlines makes the download larger once it is compressed.
const WASM_OPT: &[&str] = &[
    "-O1",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the npm package's wasm files into `pkg/dist`.
pub fn build() -> Result<()> {
    let mut build = cargo([
        "build",
        "-p",
        "evolume-viewer",
        "-p",
        "evolume-annotations",
        "--bins",
        "--profile",
        "wasm",
        "--target",
        TARGET,
    ]);
    // The frame pointer of a wasm build is cargo's own business: nobody's flags leak in.
    build.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    run(build)?;
    let built = target().join(TARGET).join("wasm");
    let dist = root().join("pkg/dist");
    fs::create_dir_all(&dist)?;
    // wasm-opt knows one core; the largest files are last in the list.
    let names = Mutex::new(BINARIES.iter().rev());
    let next = || names.lock().ok().and_then(|mut names| names.next());
    let work = || -> Result<()> {
        while let Some(name) = next() {
            bind(&built.join(format!("{name}.wasm")), name, &dist)?;
        }
        Ok(())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(BINARIES.len())).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("wasm-bindgen panicked")))
    })
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Makes `name.js`, `name.d.ts` and `name_bg.wasm` of one compiled binary.
fn bind(input: &Path, name: &str, dist: &Path) -> Result<()> {
    let work = target().join("xtask/wasm").join(name);
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    Bindgen::new()
        .input_path(input)
        .out_name(name)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        // Names differ with every change anywhere, the code of most files does not.
        .remove_name_section(true)
        .generate(&work)
        .with_context(|| format!("wasm-bindgen cannot read {name}.wasm"))?;
    let inputs = Inputs::default()
        .path(&work)?
        .word(&WASM_OPT.join(" "))
        .path(&root().join("node_modules/binaryen/package.json"))?;
    let outputs = [format!("{name}.js"), format!("{name}.d.ts"), format!("{name}_bg.wasm")];
    let results: Vec<_> = outputs.iter().map(|file| dist.join(file)).collect();
    let results: Vec<_> = results.iter().map(PathBuf::as_path).collect();
    stamp::once(&format!("wasm-{name}"), inputs, &results, || {
        let wasm = work.join(format!("{name}_bg.wasm"));
        let before = wasm.metadata()?.len();
        let small = work.join("small.wasm");
        let mut optimize = node_bin("wasm-opt", WASM_OPT);
        optimize.arg(&wasm).arg("-o").arg(&small);
        run(optimize)?;
        fs::rename(&small, &wasm)?;
        println!("{name}_bg.wasm: {} KiB, was {} KiB", wasm.metadata()?.len() / 1024, before / 1024);
        copy_tree(&work, dist)
    })
}

/// Copies every file; wasm-bindgen may leave snippets in folders.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}
