//! The web application, by Vite.

use anyhow::Result;

use crate::process::{npm, run};
use crate::root;
use crate::stamp::{self, Inputs};

/// Builds `www/dist`.
pub fn build() -> Result<()> {
    let root = root();
    let mut inputs = Inputs::default();
    for path in
        ["package-lock.json", "package.json", "tsconfig.json", "tsconfig.base.json", "www", "pkg", "pkg/dist"]
    {
        inputs = inputs.path(&root.join(path))?;
    }
    stamp::once("web", inputs, &[&root.join("www/dist/index.html")], || {
        run(npm(["run", "build", "-w", "www"]))
    })
}
