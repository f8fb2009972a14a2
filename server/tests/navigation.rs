//! Outlines and links of PDFs, taken in by the real program; also of hostile ones.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::common::{Bench, assemble, stream};
use evolume_model::navigation::{LinkTarget, MAX_TITLE, Navigation};

/// Two pages; the first has links, the outline is given (objects from 8 on).
fn pdf(outlines: &[&str]) -> Vec<u8> {
    let annotation = |rect: &str, action: &str| format!("<</Type/Annot/Subtype/Link/Rect[{rect}]{action}>>");
    let annotations = [
        annotation("72 700 172 720", "/Dest[4 0 R/Fit]"),
        annotation("72 600 172 620", "/A<</S/URI/URI(https://www.court.gov.cn/)>>"),
        annotation("72 500 172 520", "/A<</S/URI/URI(javascript:alert\\(1\\))>>"),
        annotation("72 400 172 420", "/A<</S/GoTo/D[4 0 R/Fit]>>"),
        annotation("72 300 172 320", "/Dest[99 0 R/Fit]"),
    ];
    let page = |extra: &str| {
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R{extra}>>").into_bytes()
    };
    let labels = "/PageLabels<</Nums[0<</S/r>>1<</S/D/St 7>>]>>";
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R/Outlines 7 0 R{labels}>>").into_bytes(),
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>".to_vec(),
        page(&format!("/Annots[{}]", annotations.join(" "))),
        page(""),
        b"null".to_vec(),
        stream("", b"0 0 10 10 re f"),
        b"<</Type/Outlines/First 8 0 R/Last 8 0 R>>".to_vec(),
    ];
    objects.extend(outlines.iter().map(|entry| entry.as_bytes().to_vec()));
    assemble(&objects)
}

fn navigation(bench: &Bench, outlines: &[&str]) -> (Navigation, u32) {
    let (code, outcomes) = bench.ingest(&[bench.file("a.pdf", &pdf(outlines))], &[]);
    assert_eq!((code, outcomes[0]["pages"].as_u64()), (0, Some(2)));
    let manifest = bench.manifest();
    let named = manifest.materials[0].navigation.clone().unwrap();
    let bytes = bench.blob(&named.blob.sha256);
    assert_eq!(bytes.len() as u64, named.blob.bytes);
    (serde_json::from_slice(&bytes).unwrap(), named.outline)
}

#[test]
fn outline_links_and_labels_are_taken_in() {
    let bench = Bench::new();
    let (navigation, count) = navigation(
        &bench,
        &["<</Title(One)/Dest[3 0 R/Fit]/First 9 0 R/Last 9 0 R>>", "<</Title(Two)/Dest[4 0 R/Fit]>>"],
    );
    let outline: Vec<_> =
        navigation.outline.iter().map(|item| (item.title.as_str(), item.level, item.page)).collect();
    assert_eq!((outline, count), (vec![("One", 0, 0), ("Two", 1, 1)], 2));
    let targets: Vec<_> = navigation.links.iter().map(|link| (link.page, link.target.clone())).collect();
    let uri = LinkTarget::Uri("https://www.court.gov.cn/".into());
    assert_eq!(targets, [(0, LinkTarget::Page(1)), (0, uri), (0, LinkTarget::Page(1))]);
    let rect = navigation.links[0].rect;
    assert_eq!((rect.x0, rect.y0, rect.x1, rect.y1), (72., 122., 172., 142.));
    let manifest = bench.manifest();
    let labels: Vec<_> = manifest.materials[0].pages.iter().map(|page| page.label.as_deref()).collect();
    assert_eq!(labels, [Some("i"), Some("7")]);
    assert!(!bench.manifest_json().contains("outline\":["), "the manifest does not carry the outline");
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
}

#[test]
fn an_outline_that_leads_in_circles_ends() {
    let bench = Bench::new();
    let long =
        format!("<</Title({})/Dest[4 0 R/Fit]/Next 8 0 R/First 8 0 R/Last 8 0 R>>", "x".repeat(100_000));
    let (navigation, _) =
        navigation(&bench, &["<</Title(One)/Dest[3 0 R/Fit]/Next 9 0 R/First 9 0 R/Last 9 0 R>>", &long]);
    assert_eq!(navigation.outline.len(), 2);
    assert!(navigation.outline.iter().all(|item| item.title.chars().count() <= MAX_TITLE));
}
