//! OCR by the real program: a scan of the sample is read, searched, and does without when nobody can read it.
#![allow(clippy::print_stdout, reason = "tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::{Path, PathBuf};

use crate::common::{Bench, tesseract};
use evolume_model::code::Code;
use evolume_model::volume::ScanState;
use serde_json::Value;

/// Two scanned pages without a text.
const FILE: &str = "证据卷/12 催款函.pdf";
/// What the first of them says, by the truth of the sample.
const SAID: &str = "最后一笔借款";

fn scan() -> PathBuf {
    sample().join(FILE)
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/sample")
}

fn found(bench: &Bench) -> Vec<u64> {
    let found = bench.json(&["search", "--json", SAID]);
    found["hits"].as_array().unwrap().iter().map(|hit| hit["page"].as_u64().unwrap()).collect()
}

/// The pages of the scan that say it.
fn expected() -> Vec<u64> {
    let truth = std::fs::read(sample().join("truth.json")).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    let volumes = truth["volumes"].as_array().unwrap();
    let mut files = volumes.iter().flat_map(|volume| volume["files"].as_array().unwrap());
    let file = files.find(|file| file["path"] == FILE).unwrap();
    let pages = (1..).zip(file["pages"].as_array().unwrap());
    pages
        .filter(|(_, page)| page["text"].as_str().unwrap().contains(SAID))
        .map(|(number, _)| number)
        .collect()
}

#[test]
fn a_scan_is_found_by_its_words_once_it_is_read() {
    if !tesseract() {
        return;
    }
    let bench = Bench::new();
    let (code, outcomes) = bench.ingest(&[scan()], &[]);
    assert_eq!((code, outcomes.len()), (0, 1));
    let before = bench.manifest();
    assert_eq!((before.pending(), before.unread), (2, None), "readable first, read afterwards");
    assert_eq!(found(&bench), [0; 0]);

    assert_eq!(bench.ingest(&[scan()], &["--wait-ocr"]).0, 0);
    let after = bench.manifest();
    assert_eq!((after.pending(), after.unread), (0, None));
    assert!(after.revision > before.revision);
    let states = after.pages().map(|(.., page)| page.scan.unwrap().state);
    assert_eq!(states.collect::<Vec<_>>(), [ScanState::Read; 2]);
    let expected = expected();
    assert_eq!(expected.len(), 1);
    assert_eq!(found(&bench), expected);
    // Whoever opened the volume before still gets the texts of its manifest.
    for sheet in &before.materials[0].sheets {
        assert_eq!(bench.blob(&sheet.texts.sha256).len() as u64, sheet.texts.bytes);
    }
    let verified = bench.json(&["verify", "--json"]);
    assert_eq!(verified["problems"], serde_json::json!([]));
    // There is nothing left to do.
    let again = bench.json(&["ocr", "--json"]);
    assert_eq!(again, serde_json::json!({ "pages": 0, "failed": 0 }));
}

/// Columns of writing with numbers that lie on their side, leaning a little, under a heading that goes across: set
/// in Noto Serif CJK.
#[test]
fn vertical_writing_is_read_with_its_numbers() {
    if !tesseract() {
        return;
    }
    let bench = Bench::new();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/vertical.png");
    assert_eq!(bench.ingest(&[page], &["--wait-ocr", "--ocr-lang", "chi_tra"]).0, 0);
    for said in [
        "證人結文",
        "原告於民國112年3月10日向被告借款新臺幣50萬元",
        "EV-0711-DC5C",
        "該筆款項係原告返還先前之借款",
        "就借貸關係之存在負舉證責任",
    ] {
        assert_eq!(
            bench.json(&["search", "--json", said])["hits"].as_array().map(Vec::len),
            Some(1),
            "{said}"
        );
    }
}

#[test]
fn without_an_engine_the_volume_is_there_and_says_why_its_scans_are_not_read() {
    let bench = Bench::new();
    let options = ["--wait-ocr", "--tesseract", "/nowhere/tesseract"];
    let output = bench.ingest_command(&[scan()]).args(options).output().unwrap();
    let outcome: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((outcome["status"].as_str(), outcome["pages"].as_u64()), (Some("ok"), Some(2)));
    assert_eq!(output.status.code(), Some(3), "it was asked to wait for what cannot be");
    assert!(String::from_utf8_lossy(&output.stderr).contains(Code::OcrMissing.as_str()));
    let manifest = bench.manifest();
    assert_eq!((manifest.page_count(), manifest.pending()), (2, 2));
    assert_eq!(manifest.unread, Some(Code::OcrMissing));
    let verified = bench.json(&["verify", "--json"]);
    assert_eq!(verified["problems"], serde_json::json!([]));
}
