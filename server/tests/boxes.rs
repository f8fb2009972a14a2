//! Highlights cover what was found: the boxes of matches against where the glyphs are known to stand.
#![allow(clippy::print_stdout, reason = "prints what it measured and tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::{Path, PathBuf};

use crate::common::{Bench, assemble, image_pdf, pdfium, permit, stream, tesseract};
use evolume_model::geometry::{PagePoint, PageRect, Rotation};
use evolume_model::search::Query;
use evolume_model::text::PageText;
use evolume_server::config;
use evolume_server::pages;
use evolume_server::pdfium::{Limits, Pool, Source};
use evolume_server::store::Store;

/// Share of the area of found and known boxes that they have in common.
const COVERED: f32 = 0.8;
/// The crop box: page space begins in its upper left corner.
const CROP: [f32; 4] = [20., 30., 560., 800.];
/// Ascent and descent of an em in thousandths: Helvetica's, and that of the Chinese font, which fills its em.
const LATIN: [f32; 2] = [718., -207.];
const CHINESE: [f32; 2] = [880., -120.];

/// Page 1 of the volume.
async fn first_page(bench: &Bench) -> PageText {
    let store = Store::open(&bench.data()).await.unwrap();
    pages::page_text(&store, &permit(), &bench.manifest(), 1).await.unwrap()
}

/// The boxes of each match.
fn found(text: &PageText, query: &str) -> Vec<Vec<PageRect>> {
    let query = Query::parse(query).unwrap();
    query.matches(text.as_str()).into_iter().map(|range| text.rects(range)).collect()
}

/// Intersection over union of two sets of boxes, none of which overlap within a set.
fn iou(found: &[PageRect], known: &[PageRect]) -> f32 {
    let area = |rects: &[PageRect]| rects.iter().map(|rect| rect.width() * rect.height()).sum::<f32>();
    let mut common = 0.;
    for a in found {
        for b in known {
            let width = a.x1.min(b.x1) - a.x0.max(b.x0);
            let height = a.y1.min(b.y1) - a.y0.max(b.y0);
            common += width.max(0.) * height.max(0.);
        }
    }
    common / (area(found) + area(known) - common)
}

/// Where a run of glyphs stands, by its baseline in PDF user space.
fn known(x: f32, baseline: f32, width: f32, size: f32, [ascent, descent]: [f32; 2]) -> PageRect {
    let top = CROP[3] - baseline;
    PageRect::new(x - CROP[0], top - ascent * size / 1000., x - CROP[0] + width, top - descent * size / 1000.)
}

fn hex(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}

/// Latin in Helvetica, whose widths the standard gives, and Chinese one em wide, at several sizes, through a
/// matrix and turned; on two lines, and in a cropped page.
fn document() -> Vec<u8> {
    let content = format!(
        "BT /F1 24 Tf 72 700 Td (the loan agreement) Tj ET
         BT /F1 9 Tf 72 660 Td (rate of 24%) Tj ET
         BT /F2 14 Tf 0 1 -1 0 540 200 Tm <{}> Tj ET
         BT /F2 16 Tf 100 600 Td <{}> Tj ET
         BT /F2 16 Tf 300 500 Td <{}> Tj ET
         BT /F2 16 Tf 100 470 Td <{}> Tj ET
         q 1.5 0 0 1.5 0 0 cm BT /F2 12 Tf 80 240 Td <{}> Tj ET Q",
        hex("本页背面另有手写批注"),
        hex("原告沈知衡与被告贺兰汀签订"),
        hex("双方约定连带保"),
        hex("证责任自本判决生效"),
        hex("另有借款合同一份"),
    );
    let [left, bottom, right, top] = CROP;
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/CropBox[{left} {bottom} {right} {top}]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>"
    );
    assemble(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page.into_bytes(),
        stream("", content.as_bytes()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[7 0 R]>>"
            .to_vec(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 8 0 R\
          /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>"
            .to_vec(),
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0\
          /Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
            .to_vec(),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_of_matches_are_where_the_glyphs_stand() {
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[bench.file("a.pdf", &document())], &[]).0, 0);
    let text = first_page(&bench).await;
    // "the loan agreement": t 278, h 556, e 556, space 278; l 222, o 556, a 556, n 556; per thousand of 24 points.
    let before = (278. + 556. + 556. + 278.) * 0.024;
    let loan = (222. + 556. + 556. + 556.) * 0.024;
    let rate = (333. + 556. + 278. + 556.) * 0.009;
    // Runs upward: what is above the baseline is to the left of it.
    let upward = known(540., 200. + 6. * 14., 0., 14., [0., 0.]);
    let upward = PageRect::new(upward.x0 - 0.88 * 14., upward.y0 - 28., upward.x0 + 0.12 * 14., upward.y0);
    let cases = [
        ("rate", vec![known(72., 660., rate, 9., LATIN)]),
        ("手写", vec![upward]),
        ("loan", vec![known(72. + before, 700., loan, 24., LATIN)]),
        ("沈知衡", vec![known(132., 600., 48., 16., CHINESE)]),
        ("贺兰汀", vec![known(228., 600., 48., 16., CHINESE)]),
        ("连带保证责任", vec![known(364., 500., 48., 16., CHINESE), known(100., 470., 48., 16., CHINESE)]),
        ("借款合同", vec![known(120. + 36., 360., 72., 18., CHINESE)]),
    ];
    for (query, known) in cases {
        let found = found(&text, query);
        assert_eq!(found.len(), 1, "{query} in {:?}", text.as_str());
        let covered = iou(&found[0], &known);
        println!("{query}: {covered:.3}");
        assert!(covered >= COVERED, "{query}: {covered}, {:?} for {known:?}", found[0]);
    }
}

/// A page of the sample as its text knows it, and the same page as a picture that is read.
#[tokio::test(flavor = "multi_thread")]
async fn boxes_of_a_scan_have_the_middle_of_what_was_found() {
    if !tesseract() {
        return;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/sample/证据卷/02 借款合同.pdf");
    let printed = Bench::new();
    assert_eq!(printed.ingest(std::slice::from_ref(&file), &[]).0, 0);
    let printed = first_page(&printed).await;

    let scanned = Bench::new();
    let scan = scanned.file("scan.pdf", &photographed(file).await);
    assert_eq!(scanned.ingest(&[scan], &["--wait-ocr"]).0, 0);
    let read = first_page(&scanned).await;
    let size = scanned.manifest().materials[0].pages[0].size();
    // Both are A4, the picture on a page of other points.
    let (across, down) = (size.width / 595.28, size.height / 841.89);
    let mut asked = 0;
    for query in ["借款合同", "沈知衡", "利息", "北京云杉岭木业有限公司", "人民币"] {
        let known = found(&printed, query);
        let boxes = found(&read, query);
        assert!(!known.is_empty(), "{query} is not on the page");
        for (known, boxes) in known.iter().flatten().zip(boxes.iter().flatten()) {
            let middle =
                PagePoint { x: (known.x0 + known.x1) / 2. * across, y: (known.y0 + known.y1) / 2. * down };
            assert!(boxes.contains(middle), "{query}: {middle:?} is not in {boxes:?}");
            asked += 1;
        }
        assert_eq!(known.len(), boxes.len(), "{query} in {:?}", read.as_str());
    }
    println!("{asked} boxes have their middles");
    assert!(asked >= 5);
}

/// The first page of a PDF as a PDF of one grey image.
async fn photographed(path: PathBuf) -> Vec<u8> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_evolume"));
    let limits = Limits { program, ..config::limits(Some(&pdfium())).unwrap() };
    let pool = Pool::new(limits);
    let source = Source { path, passwords: Vec::new() };
    let data = pool.lease(Some(&source)).await.scan(&source, 0, Rotation::None, false).await.unwrap();
    let (width, height) = (data.width, data.height);
    let dictionary = format!("/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceGray");
    image_pdf(&dictionary, &data.grey, "q 600 0 0 800 0 0 cm /I Do Q")
}
