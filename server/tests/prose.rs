//! Copied text against the sample's own source text.
#![allow(clippy::print_stdout, reason = "prints what it measured")]

use std::path::{Path, PathBuf};

use crate::common::Bench;
use serde_json::Value;

/// Share of characters that must be right.
const RIGHT: f64 = 0.995;
/// Share of paragraphs, and rows of tables, that must be there from end to end; a row with a cell of several
/// lines is not.
const WHOLE: f64 = 0.8;

fn characters(text: &str) -> Vec<char> {
    text.chars().filter(|ch| !ch.is_whitespace()).collect()
}

/// Characters to put in, take out or change to get from one to the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn is_chinese(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{9fff}' | '，' | '。' | '、' | '；' | '：' | '（' | '）')
}

/// Spaces between two Chinese characters that the source does not have there.
fn strays(got: &str, truth: &str) -> Vec<String> {
    let chars: Vec<char> = got.chars().collect();
    let spaced =
        chars.windows(3).filter(|w| is_chinese(w[0]) && [' ', '\t'].contains(&w[1]) && is_chinese(w[2]));
    let wrong = |w: &&[char]| {
        let (left, right) = (w[0], w[2]);
        !truth.contains(&format!("{left} {right}")) && !truth.contains(&format!("{left}\n{right}"))
    };
    spaced.filter(wrong).map(|w| w.iter().collect()).collect()
}

#[test]
fn what_is_copied_is_what_was_written() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/sample");
    let truth = std::fs::read_to_string(sample.join("truth.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let volumes = truth["volumes"].as_array().unwrap();
    let born_digital = |volume: &Value| {
        let files = volume["files"].as_array().unwrap().clone();
        files.into_iter().filter(|file| file["kind"] == "text")
    };
    // The internal volume whole, and of the main one what comes first: pleas, tables, records.
    let files: Vec<Value> = volumes
        .iter()
        .flat_map(|volume| born_digital(volume).take(if volume["class"] == "internal" { 99 } else { 6 }))
        .collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| sample.join(file["path"].as_str().unwrap())).collect();
    let bench = Bench::new();
    let (code, outcomes) = bench.ingest(&paths, &[]);
    assert_eq!(code, 0, "{outcomes:?}");
    let (mut pages, mut all, mut wrong, mut paragraphs, mut whole) = (0, 0, 0, 0, 0);
    let mut stray = Vec::new();
    for page in files.iter().flat_map(|file| file["pages"].as_array().unwrap()) {
        pages += 1;
        let number = pages.to_string();
        let copied = bench.json(&["text", "--volume", crate::common::VOLUME, "--page", &number, "--json"]);
        let (copied, truth) = (copied["text"].as_str().unwrap(), page["text"].as_str().unwrap());
        let (got, expected) = (characters(copied), characters(truth));
        let errors = distance(&got, &expected);
        let lines: Vec<Vec<char>> = copied.lines().map(characters).collect();
        let kept = truth.lines().filter(|line| lines.contains(&characters(line))).count();
        if errors > 0 || kept < truth.lines().count() {
            println!(
                "page {pages}: {errors} of {} wrong, {kept} of {} paragraphs",
                expected.len(),
                truth.lines().count()
            );
        }
        (all, wrong) = (all + expected.len(), wrong + errors);
        (paragraphs, whole) = (paragraphs + truth.lines().count(), whole + kept);
        stray.extend(strays(copied, truth));
    }
    let right = 1. - wrong as f64 / f64::from(u32::try_from(all).unwrap());
    let kept = whole as f64 / paragraphs as f64;
    println!(
        "{pages} pages, {all} characters: {:.3} % right; {:.1} % of {paragraphs} paragraphs whole; {} stray spaces",
        right * 100.,
        kept * 100.,
        stray.len()
    );
    assert!(pages >= 30, "{pages} pages");
    assert!(right >= RIGHT, "{right}");
    assert!(kept >= WHOLE, "{kept}");
    assert_eq!(stray, Vec::<String>::new());
}

/// A thousand typeset pages in several fonts, some of them in vertical writing, whose text is known without its
/// lines and spaces.
#[test]
fn typeset_pages_of_known_text() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("EVOLUME_SHARED").map_or(beside, PathBuf::from).join("corpus/synthetic");
    let read = |name: &str| -> Option<Value> {
        serde_json::from_slice(&std::fs::read(folder.join(name)).ok()?).ok()
    };
    let (Some(texts), Some(truth)) = (read("vol1000.pagetext.json"), read("vol1000.truth.json")) else {
        println!("skipped: {} has no truth", folder.display());
        return;
    };
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[folder.join("vol1000.pdf")], &[]).0, 0);
    let clipped = truth["clipped_pages"].as_array().unwrap();
    let pages = truth["pages"].as_array().unwrap().iter().enumerate().filter(|(at, page)| {
        let wanted = at % 25 == 0 || page["vertical"] == true;
        wanted && !clipped.contains(&page["page"])
    });
    let (mut all, mut wrong, mut vertical) = (0, 0, 0);
    let mut stray = Vec::new();
    for (at, page) in pages {
        let number = (at + 1).to_string();
        let copied = bench.json(&["text", "--volume", crate::common::VOLUME, "--page", &number, "--json"]);
        let copied = copied["text"].as_str().unwrap();
        let expected = characters(texts[at].as_str().unwrap());
        let errors = distance(&characters(copied), &expected);
        if errors > 0 {
            println!("page {number}: {errors} of {} wrong", expected.len());
        }
        (all, wrong) = (all + expected.len(), wrong + errors);
        vertical += usize::from(page["vertical"] == true);
        // The truth has no spaces at all, so these are told only.
        stray.extend(strays(copied, ""));
    }
    let right = 1. - wrong as f64 / f64::from(u32::try_from(all).unwrap());
    println!("{all} characters, {vertical} pages vertical: {:.3} % right; strays {stray:?}", right * 100.);
    assert!(vertical >= 10, "{vertical}");
    assert!(right >= RIGHT, "{right}");
}
