//! The web application and the npm package, by Vite.

use anyhow::Result;

use crate::process::{npm, run};
use crate::root;
use crate::stamp::{self, Inputs};
use crate::wasm::BINARIES;

/// Builds `www/dist`, and `pkg/dist/lib` as it is published.
pub fn build() -> Result<()> {
    let shared = ["package-lock.json", "tsconfig.base.json", "pkg"];
    let app = inputs(&shared)?.path(&root().join("www"))?.finish();
    package("www", &app, "www/dist/index.html")?;
    package("pkg", &inputs(&shared)?.finish(), "pkg/dist/lib/evolume.js")
}

/// Sources that both builds read, and the viewer's wasm files.
fn inputs(paths: &[&str]) -> Result<Inputs> {
    let mut inputs = Inputs::default();
    for path in paths {
        inputs = inputs.path(&root().join(path))?;
    }
    for name in BINARIES {
        for file in [format!("{name}.js"), format!("{name}.d.ts"), format!("{name}_bg.wasm")] {
            inputs = inputs.path(&root().join("pkg/dist").join(file))?;
        }
    }
    Ok(inputs)
}

fn package(name: &str, inputs: &str, result: &str) -> Result<()> {
    stamp::once(&format!("npm-{name}"), Inputs::default().word(inputs), &[&root().join(result)], || {
        run(npm(["run", "build", "-w", name]))
    })
}
