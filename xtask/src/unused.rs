//! Dependencies that a crate names and never uses.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process::{cargo, output};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
}

/// Every dependency's name must occur in its crate's own files.
pub fn check() -> Result<()> {
    let json = output(cargo(["metadata", "--format-version", "1", "--no-deps", "--offline"]))?;
    let metadata: Metadata = serde_json::from_slice(&json).context("cargo metadata is malformed")?;
    let mut unused = Vec::new();
    for package in &metadata.packages {
        let folder = Path::new(&package.manifest_path).parent().context("a manifest without a folder")?;
        let source = sources(folder)?;
        let names = package.dependencies.iter().map(|d| d.rename.as_ref().unwrap_or(&d.name));
        let manifest = fs::read_to_string(&package.manifest_path)?;
        unused.extend(
            names
                .filter(|name| !occurs(&source, &name.replace('-', "_")) && !for_features(&manifest, name))
                .map(|name| format!("{}: {name}", package.name)),
        );
    }
    if !unused.is_empty() {
        bail!("unused dependencies\n{}", unused.join("\n"));
    }
    Ok(())
}

/// All Rust text of a crate, without other crates' folders inside it.
fn sources(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.join("Cargo.toml").exists() {
            text.push_str(&sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(text)
}

/// Whether the identifier occurs as a whole word.
fn occurs(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

/// A dependency that is only there to switch a feature on says so in its line: `# features`.
fn for_features(manifest: &str, name: &str) -> bool {
    manifest.lines().any(|line| line.starts_with(name) && line.ends_with("# features"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_only() {
        assert!(occurs("use serde_json::Value;", "serde_json"));
        assert!(!occurs("use serde_json::Value;", "serde"));
        assert!(occurs("serde::x; my_serde", "serde"));
    }

    #[test]
    fn a_dependency_may_be_there_for_its_features() {
        assert!(for_features("getrandom = { version = \"0.3\" } # features\n", "getrandom"));
        assert!(!for_features("getrandom = \"0.3\"\n", "getrandom"));
    }
}
