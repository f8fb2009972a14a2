//! Skipping a step whose inputs have not changed: a hash of them, kept beside the build.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::root;

/// Collects a step's inputs.
#[derive(Default)]
pub struct Inputs {
    hash: Sha256,
}

impl Inputs {
    /// A word: a version, a flag.
    pub fn word(mut self, word: &str) -> Self {
        self.hash.update(word.as_bytes());
        self.hash.update([0]);
        self
    }

    /// A file, or all files under a folder but those in `node_modules` and `dist`; absent is an input too.
    pub fn path(mut self, path: &Path) -> Result<Self> {
        for file in files(path)? {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(root()).unwrap_or(&file).to_string_lossy().into_owned();
            self = self.word(&name);
            self.hash.update((bytes.len() as u64).to_le_bytes());
            self.hash.update(&bytes);
        }
        Ok(self)
    }

    /// The hash, in hex digits.
    pub fn finish(self) -> String {
        hex::encode(self.hash.finalize())
    }
}

/// The files under a path, sorted.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_file() {
            found.push(path);
        } else if path.is_dir() {
            for entry in fs::read_dir(&path).with_context(|| format!("cannot list {}", path.display()))? {
                let entry = entry?;
                if entry.file_name() != "node_modules" && entry.file_name() != "dist" {
                    open.push(entry.path());
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Does the work unless it was done before with the same inputs and its results are still there.
pub fn once(name: &str, inputs: Inputs, results: &[&Path], work: impl FnOnce() -> Result<()>) -> Result<()> {
    once_in(&root().join("target/xtask"), name, inputs, results, work)
}

fn once_in(
    folder: &Path,
    name: &str,
    inputs: Inputs,
    results: &[&Path],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = folder.join(name);
    let hash = inputs.finish();
    let done = fs::read_to_string(&stamp).is_ok_and(|old| old == hash);
    if done && results.iter().all(|path| path.exists()) {
        return Ok(());
    }
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    work()?;
    fs::create_dir_all(folder)?;
    fs::write(&stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn works_once_for_the_same_inputs_and_again_for_others() {
        let folder = tempfile::tempdir().unwrap();
        let result = folder.path().join("result");
        let times = Cell::new(0);
        let once = |word: &str| {
            once_in(folder.path(), "step", Inputs::default().word(word), &[&result], || {
                times.set(times.get() + 1);
                Ok(fs::write(&result, word)?)
            })
            .unwrap();
            times.get()
        };
        assert_eq!((once("a"), once("a"), once("b"), once("b")), (1, 1, 2, 2));
        fs::remove_file(&result).unwrap();
        assert_eq!(once("b"), 3);
    }

    #[test]
    fn a_failure_leaves_no_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let fail = once_in(folder.path(), "step", Inputs::default(), &[], || anyhow::bail!("no"));
        assert!(fail.is_err() && !folder.path().join("step").exists());
    }

    #[test]
    fn contents_and_names_are_inputs() {
        let folder = tempfile::tempdir().unwrap();
        let hash = || Inputs::default().path(folder.path()).unwrap().finish();
        let empty = hash();
        fs::write(folder.path().join("a"), "1").unwrap();
        let one = hash();
        fs::write(folder.path().join("a"), "2").unwrap();
        let two = hash();
        fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        assert!(empty != one && one != two && two != hash());
    }
}
