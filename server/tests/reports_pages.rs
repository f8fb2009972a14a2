//! What pages say, row by row of files behind public bug reports: scans with a text on them, texts that are none,
//! boxes, outlines, fields, passwords, damaged files. The files lie beside the repository; without them nothing of
//! this is tested here, and says so.
#![allow(clippy::print_stdout, reason = "prints a table and tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::{Path, PathBuf};

use crate::common::{Bench, tesseract};
use evolume_model::volume::TextOrigin;

/// What is right of a file, in its one volume.
#[derive(Clone, Copy)]
struct Row {
    file: &'static str,
    password: Option<&'static str>,
    /// Whether it is read by OCR before it is looked at.
    read: bool,
    /// Where the text of its first page comes from.
    origin: TextOrigin,
    /// What is found once on its first page.
    once: &'static [&'static str],
    /// How a word begins that is there, but is not read right to its end.
    begins: &'static str,
    /// What its first page does not say.
    never: fn(&str) -> bool,
    outline: &'static [&'static str],
}

const PLAIN: Row = Row {
    file: "",
    password: None,
    read: false,
    origin: TextOrigin::Pdf,
    once: &[],
    begins: "",
    never: |_| false,
    outline: &[],
};

const ROWS: &[Row] = &[
    Row {
        file: "files/freelawproject+doctor/ca4_17.pdf",
        read: true,
        origin: TextOrigin::Both,
        once: &["Appeal: 17-2218", "APPEARANCE OF COUNSEL FORM"],
        ..PLAIN
    },
    Row {
        file: "made/R4b-scan-with-stamp.pdf",
        read: true,
        origin: TextOrigin::Both,
        once: &["Case 1:20-cv-00123", "Document 42"],
        // Its W is drawn as an H would be, and read so.
        begins: "SECRET",
        ..PLAIN
    },
    Row {
        file: "files/ocrmypdf+OCRmyPDF/cmyk.pdf",
        read: true,
        origin: TextOrigin::Ocr,
        once: &["Multicolor"],
        never: |text| text.chars().any(|ch| u32::from(ch) > 0x3400 && u32::from(ch) & 0xff == 0),
        ..PLAIN
    },
    Row {
        file: "files/ocrmypdf+OCRmyPDF/truetype_font_nomapping.pdf",
        read: true,
        origin: TextOrigin::Ocr,
        once: &["Phone"],
        never: |text| text.contains("\"7+%-"),
        ..PLAIN
    },
    Row {
        file: "files/freelawproject+doctor/gov.uscourts.cacd.652774.40.0.pdf",
        once: &["Case 8:16-cv-01261-DOC-KES"],
        never: |text| text.lines().any(|line| line.trim().parse::<u8>().is_ok_and(|n| (1..=28).contains(&n))),
        ..PLAIN
    },
    Row {
        file: "made/R1-outline-encodings.pdf",
        outline: &["起诉状", "不服名单", "证据目录", "庭审笔录", "答辩状"],
        ..PLAIN
    },
    Row { file: "made/R3d-crop-outside.pdf", once: &["Anchor"], ..PLAIN },
    Row { file: "made/R11-words-in-annotations.pdf", once: &["BODYWORD", "FIELDWORD", "NOTEWORD"], ..PLAIN },
    Row { file: "files/apache+tika/testPassword4Spaces.pdf", password: Some("    "), ..PLAIN },
    Row {
        file: "files/pdf-association+safedocs/unicode-test-U2F874-correct.pdf",
        password: Some("Password\u{2f874}!"),
        ..PLAIN
    },
];

fn reports() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("EVOLUME_SHARED").map_or(beside, PathBuf::from);
    Some(shared.join("corpus/reports")).filter(|folder| folder.is_dir())
}

/// What is wrong with a row.
fn wrong(row: &Row, folder: &Path) -> Vec<String> {
    let (bench, mut wrong) = (Bench::new(), Vec::new());
    let path = folder.join(row.file);
    if row.password.is_some() {
        let (_, outcomes) = bench.ingest(std::slice::from_ref(&path), &[]);
        if outcomes[0]["code"] != "pdf.password_required" {
            wrong.push(format!("without a password: {}", outcomes[0]));
        }
    }
    let mut options: Vec<&str> = row.password.into_iter().flat_map(|word| ["--password", word]).collect();
    // However busy the machine is.
    let wait = ["--wait-ocr", "--ocr-timeout", "900"];
    options.extend(wait.iter().filter(|_| row.read));
    let (_, outcomes) = bench.ingest(&[path], &options);
    if outcomes[0]["status"] != "ok" || outcomes[0]["broken"] != 0 {
        wrong.push(outcomes[0].to_string());
        return wrong;
    }
    let manifest = bench.manifest();
    let material = &manifest.materials[0];
    if material.pages[0].text_origin() != Some(row.origin) {
        wrong.push(format!("its text comes from {:?}", material.pages[0].text_origin()));
    }
    let page = ["text", "--raw", "--json", "--volume", crate::common::VOLUME, "--page", "1"];
    let text = bench.json(&page)["text"].as_str().unwrap().to_owned();
    for word in row.once {
        if text.matches(word).count() != 1 {
            wrong.push(format!("{word} is {} times in {text:?}", text.matches(word).count()));
        }
        let found = bench.json(&["search", "--json", &format!("\"{word}\"")]);
        if found["hits"][0]["page"] != 1 {
            wrong.push(format!("{word} is not found"));
        }
    }
    if !text.contains(row.begins) {
        wrong.push(format!("nothing begins with {} in {text:?}", row.begins));
    }
    if (row.never)(&text) {
        wrong.push(format!("it says {text:?}"));
    }
    let titles: Vec<String> = material
        .navigation
        .iter()
        .flat_map(|navigation| {
            let json: serde_json::Value =
                serde_json::from_slice(&bench.blob(&navigation.blob.sha256)).unwrap();
            let entries = json["outline"].as_array().cloned().unwrap_or_default();
            entries.into_iter().map(|entry| entry["title"].as_str().unwrap().to_owned())
        })
        .collect();
    if titles != row.outline {
        wrong.push(format!("its outline is {titles:?}"));
    }
    wrong
}

#[test]
fn every_row_says_what_is_right() {
    let Some(folder) = reports() else {
        println!("skipped: the reports are not there");
        return;
    };
    let reads = tesseract();
    let mut bad = Vec::new();
    for row in ROWS {
        if row.read && !reads {
            println!("skipped: {} wants tesseract", row.file);
            continue;
        }
        let wrong = wrong(row, &folder);
        println!("{} {}", if wrong.is_empty() { "right" } else { "WRONG" }, row.file);
        bad.extend(wrong.into_iter().map(|wrong| format!("{}: {wrong}", row.file)));
    }
    assert!(bad.is_empty(), "{bad:#?}");
}
