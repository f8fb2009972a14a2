//! Many real and hostile files: every one is taken or refused with a code, none crashes or hangs.
#![allow(clippy::print_stdout, reason = "prints a table")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::common::Bench;

fn shared() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::env::var_os("EVOLUME_SHARED").map_or(beside, PathBuf::from).join("corpus")
}

#[test]
fn every_file_of_the_corpus() {
    let corpus = shared();
    let files = corpus.join("files");
    if !files.is_dir() {
        println!("skipped: {} is not there", files.display());
        return;
    }
    let table = std::fs::read_to_string(corpus.join("manifest.tsv")).unwrap_or_default();
    let passwords: HashMap<&str, &str> = table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (path, _, password) = (columns.next()?, columns.next()?, columns.next()?);
            Some((path, password))
        })
        .collect();
    let bench = Bench::new();
    let mut bad = Vec::new();
    for path in evolume_server::ingest::walk(std::slice::from_ref(&files)) {
        let name = path.strip_prefix(&files).unwrap().to_string_lossy().into_owned();
        let password = passwords.get(name.as_str()).filter(|password| !password.is_empty());
        let options: Vec<&str> = password.into_iter().flat_map(|password| ["--password", password]).collect();
        let start = Instant::now();
        let (_, outcomes) = bench.ingest(std::slice::from_ref(&path), &options);
        let outcome = &outcomes[0];
        let (status, code) = (outcome["status"].as_str().unwrap(), outcome["code"].as_str().unwrap_or("-"));
        let (pages, ms) = (&outcome["pages"], start.elapsed().as_millis());
        println!("{status:8} {code:22} {pages:>4} pages {ms:>6} ms  {name}");
        if status == "failed" || (status == "ok") != (code == "-") {
            bad.push(name);
        }
    }
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
}

#[test]
fn the_sample_is_taken_whole() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/sample");
    let files: Vec<_> = evolume_server::ingest::walk(&[sample])
        .into_iter()
        .filter(|file| {
            let extension = file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
            ["pdf", "jpg", "jpeg", "png", "tif", "tiff", "webp"].contains(&extension.as_str())
        })
        .collect();
    assert!(files.len() > 5, "{files:?}");
    let (code, outcomes) = Bench::new().ingest(&files, &[]);
    assert_eq!(code, 0, "{outcomes:?}");
}
