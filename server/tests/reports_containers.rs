//! The files behind reports: containers, letters, office documents, texts and sound. Each row of the list says what is
//! right; inputs and list are read where they are, and the test skips where they are not.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::{Path, PathBuf};

use crate::common::{Bench, VOLUME, installed};
use evolume_model::code::Code;
use evolume_model::volume::Manifest;

/// What is right of a row.
enum Right {
    /// Taken in; these words are on its pages or those of what is in it.
    Words(&'static [&'static str]),
    /// Refused with this code; taken with this password.
    Locked(Code, &'static str),
    /// A recording; whether a copy that plays can be made.
    Recording { plays: bool },
    /// Taken in or refused, within the time of a file.
    Ends,
    /// Taken in, with so many files attached, which follow.
    Attached(u32),
    /// Taken in, with so many hidden sheets, none of these words, and a picture.
    Workbook { hidden: u32, without: &'static str },
}

const ROWS: &[(&str, Right)] = &[
    ("files/apache+tika/gbk.zip", Right::Words(&[])),
    ("files/apache+tika/testMSG_chinese.msg", Right::Words(&["MSG格式測試", "張毓倫"])),
    ("files/apache+tika/testPDFPackage.pdf", Right::Attached(2)),
    ("files/apache+tika/testWORD2003.xml", Right::Words(&[])),
    (
        "files/apache+tika/testWORD_protected_passtika.doc",
        Right::Locked(Code::OfficePasswordRequired, "tika"),
    ),
    (
        "files/apache+tika/testEXCEL_protected_passtika.xls",
        Right::Locked(Code::OfficePasswordRequired, "tika"),
    ),
    ("files/apache+tika/testWORKS.wps", Right::Ends),
    ("files/apache+tika/testAMR.amr", Right::Recording { plays: true }),
    ("files/freelawproject+doctor/1.wma", Right::Recording { plays: true }),
    ("files/chardet+chardet/_chromium_Big5_with_no_encoding_specified.html", Right::Words(&["台北"])),
    ("files/chardet+chardet/bom-utf-32-le.srt", Right::Words(&["00:00:06"])),
    ("files/opendatalab+MinerU/xlsx_01.xlsx", Right::Workbook { hidden: 1, without: "DISPIMG" }),
    ("made/R6a-big5.txt", Right::Words(&["新臺幣", "被告未到庭陳述"])),
    ("made/R6e-utf16le-no-mark-only-han.txt", Right::Words(&["原告"])),
    ("made/R7-wechat-voice.amr", Right::Recording { plays: false }),
];

fn reports() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/reports");
    let there = folder.join("manifest.tsv").is_file();
    if !there {
        eprintln!("skipped: {} is not there", folder.display());
    }
    there.then_some(folder)
}

/// All texts of the volume, without white space.
fn text(bench: &Bench, manifest: &Manifest) -> String {
    let page = |number: usize| {
        let answer = bench.json(&["text", "--volume", VOLUME, "--page", &number.to_string(), "--json"]);
        answer["text"].as_str().unwrap().split_whitespace().collect::<String>()
    };
    (1..=manifest.page_count().min(30)).map(page).collect()
}

fn check(file: &Path, right: &Right) -> Result<(), String> {
    let bench = Bench::new();
    let one = [file.to_owned()];
    let (code, outcomes) = bench.ingest(&one, &[]);
    let said = format!("exit code {code}, {}", serde_json::json!(outcomes));
    let held = |holds: bool| if holds { Ok(()) } else { Err(said.clone()) };
    match right {
        Right::Words(words) => {
            held(outcomes[0]["status"] == "ok")?;
            let text = text(&bench, &bench.manifest());
            match words.iter().find(|word| !text.contains(**word)) {
                Some(word) => Err(format!("{word} is not in {text}")),
                None => Ok(()),
            }
        }
        Right::Locked(code, password) => {
            held(outcomes[0]["code"] == code.as_str() && outcomes[0]["status"] == "refused")?;
            let (_, wrong) = bench.ingest(&one, &["--password", "wrong"]);
            let (code, opened) = bench.ingest(&one, &["--password", "wrong", "--password", password]);
            let text = text(&bench, &bench.manifest());
            let right =
                wrong[0]["code"] == Code::OfficePasswordWrong.as_str() && code == 0 && !text.is_empty();
            if right { Ok(()) } else { Err(format!("{wrong:?}, {opened:?}, {text}")) }
        }
        Right::Recording { plays } => {
            held(code == 0)?;
            let recording = bench.manifest().materials[0].recording.clone();
            let copy = recording.ok_or("it is no recording")?.playable;
            if copy.is_some() == *plays { Ok(()) } else { Err(format!("its copy: {copy:?}")) }
        }
        Right::Ends => held(outcomes[0]["status"] != "failed"),
        Right::Attached(count) => {
            let manifest = bench.manifest();
            held(
                manifest.materials[0].unseen.attachments == *count
                    && manifest.materials.len() > *count as usize,
            )?;
            held(manifest.materials[1..].iter().all(|material| material.origin.is_some()))
        }
        Right::Workbook { hidden, without } => {
            held(code == 0)?;
            let manifest = bench.manifest();
            let text = text(&bench, &manifest);
            held(manifest.materials[0].unseen.hidden_sheets == *hidden)?;
            if text.contains(without) { Err(format!("{without} is in {text}")) } else { Ok(()) }
        }
    }
}

#[test]
fn every_row_is_as_it_should_be() {
    let Some(folder) = reports() else { return };
    let registry = Path::new("/usr/lib/libreoffice/share/registry");
    let office = ["writer", "calc"].iter().all(|name| registry.join(format!("{name}.xcd")).is_file());
    let packages = "libreoffice-writer-nogui, libreoffice-calc-nogui and ffmpeg";
    if !installed(office && Path::new("/usr/bin/ffmpeg").is_file(), packages) {
        return;
    }
    let wrong: Vec<String> = ROWS
        .iter()
        .filter(|(name, _)| folder.join(name).is_file())
        .filter_map(|(name, right)| {
            check(&folder.join(name), right).err().map(|why| format!("{name}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
