//! What a page says: beside its own text there is a picture, its text is none, its boxes are wrong, its words are in
//! fields; and a file that is damaged. All inputs are made here.
#![allow(clippy::print_stdout, reason = "tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;
use std::process::Command;

use crate::common::{Bench, assemble, installed, stream, text_pdf};
use evolume_model::text::PageText;
use evolume_model::volume::{Manifest, TextOrigin};
use evolume_server::ocr::engine::tesseract::is_there;

/// Grey paper of 600 x 800 pixels, with bars like lines of writing from one row to another.
fn paper(rows: std::ops::Range<usize>) -> Vec<u8> {
    let dark = |x: usize, y: usize| rows.contains(&y) && y % 24 < 10 && (60..540).contains(&x) && x % 12 < 7;
    (0..600 * 800).map(|at| if dark(at % 600, at / 600) { 20 } else { 240 }).collect()
}

/// A page of 600 x 800 points with that picture over all of it, or where `place` puts it, and text over it.
fn over(picture: &[u8], place: &str, text: &str) -> Vec<u8> {
    let content = format!("q {place} cm /I Do Q {text}");
    assemble(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R\
          /Resources<</XObject<</I 5 0 R>>/Font<</F1 6 0 R>>>>>>"
            .to_vec(),
        stream("", content.as_bytes()),
        stream(
            "/Type/XObject/Subtype/Image/Width 600/Height 800/BitsPerComponent 8/ColorSpace/DeviceGray",
            picture,
        ),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ])
}

fn line(y: usize, text: &str) -> String {
    format!("BT /F1 12 Tf 60 {y} Td ({text}) Tj ET ")
}

fn taken(bytes: &[u8]) -> (Bench, Manifest) {
    let bench = Bench::new();
    let file = bench.file("page.pdf", bytes);
    assert_eq!(bench.ingest(&[file], &[]).0, 0);
    let manifest = bench.manifest();
    (bench, manifest)
}

fn text(bench: &Bench, manifest: &Manifest) -> PageText {
    let (blob, range) = manifest.materials[0].text_of(0).unwrap();
    PageText::decode(&bench.blob(&blob.sha256)[range.start as usize..range.end as usize]).unwrap()
}

#[test]
fn a_picture_that_says_more_than_the_text_is_to_be_read() {
    let whole = "600 0 0 800 0 0";
    // A line every 24 points, as the writing in the picture.
    let layer: String = (0..31).map(|at| line(790 - 24 * at, &"word ".repeat(17))).collect();
    let stamp = line(780, "Case 1:20-cv-00123 Document 42");
    let all = paper(50..780);
    for (what, bytes, pending) in [
        ("a stamp over a scan", over(&all, whole, &stamp), true),
        ("a layer over all of it", over(&all, whole, &layer), false),
        ("a little writing under a long stamp", over(&paper(400..430), whole, &stamp), true),
        ("a stamp on empty paper", over(&paper(0..0), whole, &stamp), false),
        ("an illustration", over(&all, "200 0 0 250 300 400", &stamp), false),
    ] {
        let (bench, manifest) = taken(&bytes);
        let page = &manifest.materials[0].pages[0];
        assert_eq!(manifest.pending() == 1, pending, "{what}");
        assert_eq!(page.text_origin(), Some(TextOrigin::Pdf), "{what}");
        assert!(!text(&bench, &manifest).is_empty(), "{what}");
    }
}

#[test]
fn a_text_that_is_none_waits_to_be_read() {
    let (bench, manifest) = taken(&text_pdf(&["!\"#$ %&'$ +\"*@ ;&!?$".to_owned()], ""));
    assert_eq!((manifest.pending(), manifest.materials[0].pages[0].text_origin()), (1, None));
    assert!(text(&bench, &manifest).is_empty());
    let (_, manifest) = taken(&text_pdf(&["1,280.00 3,400.50 99.9% = 12 + 15".to_owned()], ""));
    assert_eq!(manifest.pending(), 0);
}

#[test]
fn a_crop_box_outside_of_the_page_is_none() {
    let (bench, manifest) = taken(&text_pdf(&["Anchor".to_owned()], "/CropBox[1000 1000 1200 1200]"));
    let page = &manifest.materials[0].pages[0];
    assert_eq!((page.width, page.height, page.problem), (595., 842., None));
    let rect = text(&bench, &manifest).rects(0..6)[0];
    assert!((rect.x0 - 72.).abs() < 2. && rect.y1 > 115. && rect.y1 < 130., "{rect:?}");
}

#[test]
fn words_in_fields_and_notes_are_the_pages_words() {
    let form = |text: &str| {
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>",
            format!("BT /F1 12 Tf 2 5 Td ({text}) Tj ET").as_bytes(),
        )
    };
    let object = |text: &str| text.as_bytes().to_vec();
    let pdf = assemble(&[
        object("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[8 0 R]/DR<</Font<</F1 5 0 R>>>>>>>>"),
        object("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        object(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[8 0 R 9 0 R 10 0 R]\
             /Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        ),
        stream("", b"BT /F1 14 Tf 72 760 Td (Bodyword) Tj ET"),
        object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"),
        form("Fieldword"),
        form("Noteword"),
        object(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(Fieldword)/Rect[72 700 272 720]/F 4/AP<</N 6 0 R>>/P 3 0 R>>",
        ),
        // Shown, though nothing says that it would be printed.
        object("<</Type/Annot/Subtype/FreeText/Contents(Noteword)/Rect[72 640 272 660]/F 0/AP<</N 7 0 R>>>>"),
        object("<</Type/Annot/Subtype/FreeText/Contents(Hidden)/Rect[72 540 272 560]/F 2/AP<</N 7 0 R>>>>"),
    ]);
    let (bench, manifest) = taken(&pdf);
    let text = text(&bench, &manifest);
    for (word, left, bottom) in [("Bodyword", 72., 760.), ("Fieldword", 74., 705.), ("Noteword", 74., 645.)] {
        assert_eq!(text.as_str().matches(word).count(), 1, "{word} in {:?}", text.as_str());
        let at = text.as_str().find(word).unwrap();
        let rect = text.rects(at..at + word.len())[0];
        let baseline = 842. - bottom;
        assert!(
            (rect.x0 - left).abs() < 3. && rect.y0 < baseline && rect.y1 > baseline - 1.,
            "{word}: {rect:?}"
        );
    }
}

#[test]
fn a_damaged_pdf_is_mended_and_says_so() {
    let there = ["qpdf", "mutool"].iter().all(|name| is_there(Path::new(name)));
    if !installed(there, "qpdf and mupdf-tools") {
        return;
    }
    // The catalogue lies in a compressed stream of objects, and what tells where that is has been cut off.
    let folder = tempfile::tempdir().unwrap();
    let [plain, packed] = ["plain.pdf", "packed.pdf"].map(|name| folder.path().join(name));
    std::fs::write(&plain, text_pdf(&["Anchor".to_owned()], "")).unwrap();
    let pack = ["--object-streams=generate", "--deterministic-id"];
    assert!(Command::new("qpdf").args(pack).arg(&plain).arg(&packed).status().unwrap().success());
    let whole = std::fs::read(&packed).unwrap();
    let table = b"/Type /XRef";
    let at = whole.windows(table.len()).rposition(|window| window == table).unwrap();
    let start = whole[..at].windows(3).rposition(|window| window == b"obj").unwrap();
    let damaged = &whole[..start - "9 0 ".len()];
    let (bench, manifest) = taken(damaged);
    let material = &manifest.materials[0];
    assert!(material.repaired, "PDFium opens it by itself");
    assert_eq!(bench.blob(&material.original.sha256), damaged, "the original is kept");
    assert_ne!(material.converted.as_ref(), Some(&material.original));
    assert_eq!(bench.json(&["search", "--json", "Anchor"])["total"], 1);
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
    // What nothing mends is refused as before.
    let (bench, nothing) = (Bench::new(), b"%PDF-1.7\nnothing of it is left".as_slice());
    let (_, outcomes) = bench.ingest(&[bench.file("nothing.pdf", nothing)], &[]);
    assert_eq!((&outcomes[0]["status"], &outcomes[0]["code"]), (&"refused".into(), &"pdf.damaged".into()));
}
