//! Files on the disk: walking folders, first bytes, titles from names.

use std::path::{Path, PathBuf};

use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// A file's first bytes, which tell its format: a PDF's header may stand anywhere in the first kilobyte.
pub const HEAD: usize = 1024;
/// A zip's directory stands at its end; more of it than this is not looked at.
const DIRECTORY: u64 = 1 << 20;

/// All files named, and those in the folders named, sorted by name; hidden ones are left out.
pub fn walk(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = walkdir::WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()));
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "left out"),
            }
        }
    }
    files
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

/// A file's first bytes.
pub async fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    tokio::fs::File::open(path).await?.take(HEAD as u64).read_to_end(&mut head).await?;
    Ok(head)
}

/// The end of a zip, where its directory stands.
pub async fn directory(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    file.seek(std::io::SeekFrom::Start(length.saturating_sub(DIRECTORY))).await?;
    let mut end = Vec::new();
    file.take(DIRECTORY).read_to_end(&mut end).await?;
    Ok(end)
}

/// The title that a file's name gives: without extension and leading number.
pub fn title_of(name: &str) -> String {
    let stem =
        Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let rest = stem.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let title = if rest.len() < stem.len() {
        let cut = rest.trim_start_matches([' ', '_', '-', '.', '、', '\u{3000}']);
        if cut.len() < rest.len() && !cut.is_empty() { cut } else { &stem }
    } else {
        &stem
    };
    title.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_their_number() {
        for (name, title) in [
            ("03 民事起诉状.pdf", "民事起诉状"),
            ("03_答辩状.pdf", "答辩状"),
            ("12-庭审笔录.tiff", "庭审笔录"),
            ("3.传票.jpg", "传票"),
            ("2023年账目.pdf", "2023年账目"),
            ("0001.jpg", "0001"),
            ("scan.v2.pdf", "scan.v2"),
        ] {
            assert_eq!(title_of(name), title, "{name}");
        }
    }
}
