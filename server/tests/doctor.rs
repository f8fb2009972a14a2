//! `evolume doctor`: a line for everything, in the reader's language, whatever is missing.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::Output;

use crate::common::Bench;

/// Every line's name, in its order.
const NAMES: [&str; 17] = [
    "database",
    "blobs",
    "disk",
    "clock",
    "fonts",
    "pdfium",
    "tesseract",
    "libreoffice",
    "qpdf",
    "mutool",
    "libtiff",
    "heif",
    "ffmpeg",
    "confinement",
    "confinement-programs",
    "user",
    "open-files",
];

struct Found(Vec<serde_json::Value>);

impl Found {
    fn of(output: &Output) -> Self {
        let error = || panic!("{}", String::from_utf8_lossy(&output.stderr));
        Self(serde_json::from_slice(&output.stdout).unwrap_or_else(|_| error()))
    }

    fn level(&self, name: &str) -> &str {
        self.find(name)["level"].as_str().unwrap()
    }

    fn message(&self, name: &str) -> &str {
        self.find(name)["message"].as_str().unwrap()
    }

    fn find(&self, name: &str) -> &serde_json::Value {
        self.0.iter().find(|found| found["name"] == name).unwrap()
    }
}

fn doctor(bench: &Bench, options: &[&str]) -> (i32, Found) {
    let output = bench.run(&[&["doctor", "--json"], options].concat());
    (output.status.code().unwrap(), Found::of(&output))
}

#[test]
fn it_looks_at_everything_and_makes_nothing() {
    let bench = Bench::new();
    let (code, found) = doctor(&bench, &[]);
    let names: Vec<_> = found.0.iter().map(|found| found["name"].as_str().unwrap()).collect();
    assert_eq!(names[..NAMES.len()], NAMES);
    assert_eq!((code, found.level("pdfium"), found.level("blobs")), (0, "ok", "ok"), "{:?}", found.0);
    assert!(!bench.data().exists());
    // What there is later is looked at as it is.
    let engine = found.message("database").to_owned();
    assert_eq!(bench.run(&["list"]).status.code(), Some(0));
    let (code, found) = doctor(&bench, &[]);
    assert_eq!((code, found.level("database")), (0, "ok"));
    assert!(found.message("database").starts_with("SQLite 3."), "{}", found.message("database"));
    assert_ne!(found.message("database"), engine);
}

#[test]
fn lines_are_in_the_readers_language() {
    let bench = Bench::new();
    for (locale, first, blobs) in [
        ("zh_CN.UTF-8", "正常 database：还没有数据库", "正常 blobs："),
        ("C", "ok database: There is none yet", "ok blobs: "),
    ] {
        let output = bench.evolume().arg("doctor").env("LC_ALL", locale).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with(first) && lines[1].starts_with(blobs), "{text}");
        assert_eq!(lines.len(), NAMES.len() + 1);
    }
}

#[test]
fn each_fault_is_a_problem_and_the_rest_is_looked_at() {
    let bench = Bench::new();
    let url = "postgres://evolume:secret@127.0.0.1:1/files";
    let (code, found) = doctor(&bench, &["--database", url]);
    assert_eq!((code, found.level("database"), found.level("pdfium")), (1, "problem", "ok"));
    assert!(found.message("database").contains("[database.unreachable]"), "{}", found.message("database"));
    assert!(!found.message("database").contains("secret"));

    let nowhere =
        ["--pdfium", "/nowhere", "--tesseract", "/nowhere", "--soffice", "/nowhere", "--ffmpeg", "/nowhere"];
    let (code, found) = doctor(&bench, &nowhere);
    assert_eq!((code, found.level("pdfium"), found.level("tesseract")), (1, "problem", "warning"));
    assert_eq!((found.level("libreoffice"), found.level("ffmpeg")), ("warning", "warning"));
    // A library that is none.
    let library = bench.file("libpdfium.so", b"no library");
    let (code, found) = doctor(&bench, &["--pdfium", library.to_str().unwrap()]);
    assert_eq!((code, found.level("pdfium")), (1, "problem"));

    std::fs::write(bench.data(), "no folder").unwrap();
    let (code, found) = doctor(&bench, &[]);
    assert_eq!((code, found.level("blobs"), found.level("database")), (1, "problem", "problem"));
}

#[tokio::test]
async fn a_newer_database_is_told_and_left_alone() {
    for bench in Bench::on_each() {
        drop(bench.store().await);
        let (code, found) = doctor(&bench, &[]);
        assert_eq!((code, found.level("database"), found.level("clock")), (0, "ok", "ok"), "{:?}", found.0);
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'of the future', true, '', 0)";
        bench.behind(newer).await;
        let (code, found) = doctor(&bench, &[]);
        assert_eq!((code, found.level("database")), (1, "problem"));
        assert!(found.message("database").contains("[data.newer]"), "{}", found.message("database"));
    }
}

#[test]
fn programs_that_are_there_are_named() {
    let (_, found) = doctor(&Bench::new(), &["--ffmpeg", "/bin/sh"]);
    assert_eq!((found.level("ffmpeg"), found.message("ffmpeg")), ("ok", "/bin/sh"));
}
