//! Search by the real program: against what the sample and the big volume are known to hold.
#![allow(clippy::print_stdout, reason = "tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::common::{Bench, CASE, VOLUME, evolume, numbered, permit, revise, text_pdf};
use evolume_model::code::Code;
use evolume_model::volume::SearchIndex;
use evolume_server::index_maintenance;
use evolume_server::store::{Store, sha256};
use serde_json::Value;

/// Pages and counts of a query, by volume.
type Counts = BTreeMap<(String, u64), u64>;

fn search(bench: &Bench, query: &str) -> Counts {
    let output =
        evolume().args(["search", "--json", "--data"]).arg(bench.data()).args(["--", query]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(found["total"].as_u64(), Some(hits.len() as u64));
    let place = |hit: &Value| (hit["volume"].as_str().unwrap().to_owned(), hit["page"].as_u64().unwrap());
    for hit in hits {
        let snippet = hit["snippet"].as_str().unwrap();
        assert!(!snippet.contains('\n') && snippet.chars().count() <= 70, "{snippet:?}");
    }
    let counts: Counts = hits.iter().map(|hit| (place(hit), hit["count"].as_u64().unwrap())).collect();
    assert_eq!(counts.len(), hits.len(), "one hit per page");
    counts
}

#[test]
fn pages_are_found_and_printed() {
    let bench = Bench::new();
    let files = [
        bench.file("1 甲.pdf", &text_pdf(&numbered(20), "")),
        bench.file("2 乙.pdf", &text_pdf(&["Contract XDN-80, contract".to_owned()], "")),
    ];
    assert_eq!(bench.ingest(&files, &[]).0, 0);
    let volume = bench.volume();
    let found = bench.json(&["search", "--json", "--volume", VOLUME, "ｃｏｎｔｒａｃｔ"]);
    let hit = serde_json::json!({
        "volume": volume, "page": 21, "count": 2, "snippet": "Contract XDN-80, contract"
    });
    assert_eq!(found, serde_json::json!({ "total": 1, "hits": [hit] }));
    let pages: Vec<u64> = search(&bench, "number 1").keys().map(|(_, page)| *page).collect();
    assert_eq!(pages, [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    let list = bench.run(&["search", "--volume", &volume, "xdn-80"]);
    let list = String::from_utf8(list.stdout).unwrap();
    assert_eq!(list, "正卷 21 (1): Contract XDN-80, contract\n1 pages, 1 matches\n");
    let refused = bench.run(&["search", "--json", "，。"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains(Code::SearchQuery.as_str()));
}

/// What a program of another version has left: no index, or one of its own format. `ingest`, `index` and the
/// work beside the server make it anew; until then the volume is searched without it, and that is told.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_format_is_made_anew_and_not_misread() {
    let bench = Bench::new();
    let file = bench.file("a.pdf", &text_pdf(&numbered(3), ""));
    bench.ingest(std::slice::from_ref(&file), &[]);
    let store = Store::open(&bench.data()).await.unwrap();
    let volume = store.volume_states().await.unwrap()[0].volume.clone();
    let (_, complete) = store.manifest_of(&permit(), &volume).await.unwrap();
    let golden = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/search/cases.v2.index"));
    let golden = golden.unwrap();
    for by in ["ingest", "index", "serve"] {
        // Each has its own, so that none is superseded by the one before.
        let golden = store.put([golden.as_slice(), by.as_bytes()].concat()).await.unwrap();
        for index in [None, Some(SearchIndex { schema: 2, blob: golden.clone(), at: None })] {
            revise(&store, &volume, |old| old.materials[0].index.clone_from(&index)).await;
            let output = bench.run(&["search", "--json", "page"]);
            assert_eq!(output.status.code(), Some(3));
            assert_eq!(output.stdout, b"{\"total\":0,\"hits\":[]}\n");
            assert!(String::from_utf8_lossy(&output.stderr).contains(Code::SearchUnindexed.as_str()));
            match by {
                "ingest" => assert_eq!(bench.ingest(std::slice::from_ref(&file), &[]).0, 0),
                "index" => {
                    let made = bench.json(&["index", "--json"]);
                    assert_eq!(made, serde_json::json!({ "indexes": 1, "bundles": 0 }));
                }
                _ => {
                    let mended = async {
                        let read = async || store.manifest_of(&permit(), &volume).await.unwrap().1;
                        while read().await.materials[0].searchable().is_none() {
                            tokio::task::yield_now().await;
                        }
                    };
                    tokio::select! { () = index_maintenance::run(&store) => {}, () = mended => {} }
                }
            }
            let (_, now) = store.manifest_of(&permit(), &volume).await.unwrap();
            assert_eq!(now.materials, complete.materials);
            assert_eq!(search(&bench, "page").len(), 3);
        }
        // Whoever opened the volume before may still ask for what its manifest named.
        let superseded = store.superseded(&permit(), &volume, &golden.sha256).await.unwrap();
        assert_eq!(superseded, Some(golden.bytes), "{by}");
    }
    assert_eq!(index_maintenance::volume(&store, &volume).await.unwrap(), index_maintenance::Done::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_indexes_of_many_small_materials_are_in_one_bundle() {
    let bench = Bench::new();
    let files: Vec<PathBuf> = (0..32)
        .map(|n| bench.file(&format!("{n:02}.pdf"), &text_pdf(&[format!("page of file {n}")], "")))
        .collect();
    bench.ingest(&files, &[]);
    let made = bench.json(&["index", "--json"]);
    assert_eq!(made, serde_json::json!({ "indexes": 0, "bundles": 1 }));
    let manifest = bench.manifest();
    let bundle = manifest.bundle.clone().unwrap();
    let bytes = bench.blob(&bundle.sha256);
    assert_eq!(bytes.len() as u64, bundle.bytes);
    let mut end = 0;
    for material in &manifest.materials {
        let SearchIndex { blob, at, .. } = material.index.as_ref().unwrap();
        assert_eq!(at.map(|at| at as usize), Some(end));
        end += blob.bytes as usize;
        assert_eq!(sha256(&bytes[end - blob.bytes as usize..end]), blob.sha256);
    }
    assert_eq!(end, bytes.len());
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
    // One that has changed since leaves it and is fetched by itself; the others stay.
    let store = Store::open(&bench.data()).await.unwrap();
    revise(&store, &manifest.volume, |old| old.materials[3].index = None).await;
    let done = index_maintenance::volume(&store, &manifest.volume).await.unwrap();
    assert_eq!(done, index_maintenance::Done { indexes: 1, bundled: false });
    let now = bench.manifest();
    assert_eq!(now.bundle, Some(bundle));
    let inside = now.materials.iter().filter(|material| material.index.as_ref().unwrap().at.is_some());
    assert_eq!(inside.count(), 31);
}

#[test]
fn a_lost_index_is_seen() {
    let bench = Bench::new();
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(3), ""))], &[]);
    let index = bench.manifest().materials[0].index.clone().unwrap().blob;
    std::fs::remove_file(bench.blob_path(&index.sha256)).unwrap();
    let report: Value = serde_json::from_slice(&bench.run(&["verify", "--json"]).stdout).unwrap();
    assert_eq!(report["problems"][0]["code"], Code::BlobMissing.as_str());
    assert_eq!(bench.run(&["search", "--json", "page"]).status.code(), Some(2));
}

#[test]
fn the_sample_holds_what_its_truth_says() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/sample");
    let truth = std::fs::read(sample.join("truth.json")).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    let bench = Bench::new();
    let mut ids = BTreeMap::new();
    let mut readable = BTreeSet::new();
    for volume in truth["volumes"].as_array().unwrap() {
        let title = volume["title"].as_str().unwrap();
        let folder = sample.join(volume["folder"].as_str().unwrap());
        let mut ingest = evolume();
        ingest.args(["ingest", "--case", CASE, "--volume", title, "--data"]).arg(bench.data()).arg(folder);
        assert!(ingest.output().unwrap().status.success());
        // Scans and pictures have no text yet.
        let texts = volume["files"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|file| ["text", "noembed"].contains(&file["kind"].as_str().unwrap()));
        readable.extend(texts.map(|file| file["path"].as_str().unwrap().to_owned()));
    }
    for volume in bench.json(&["list", "--json"])[0]["volumes"].as_array().unwrap() {
        let text = |key: &str| volume[key].as_str().unwrap().to_owned();
        ids.insert(text("title"), text("id"));
    }
    let place = |entry: &Value| {
        let path = entry["path"].as_str().unwrap();
        let volume = ids[path.split('/').next().unwrap()].clone();
        readable.contains(path).then(|| (volume, entry["volume_page"].as_u64().unwrap()))
    };
    let markers = &truth["markers"];
    let counted = markers["counted"].as_array().unwrap();
    for term in counted {
        let pages = term["per_page"].as_array().unwrap();
        let expected: Counts =
            pages.iter().filter_map(|page| Some((place(page)?, page["count"].as_u64()?))).collect();
        assert_eq!(search(&bench, term["text"].as_str().unwrap()), expected, "{}", term["text"]);
    }
    let unique = markers["unique"].as_array().unwrap();
    for term in unique {
        let expected: Counts = place(term).map(|place| (place, 1)).into_iter().collect();
        assert_eq!(search(&bench, term["text"].as_str().unwrap()), expected, "{}", term["text"]);
    }
    println!("{} terms, recall and precision 1", counted.len() + unique.len());
}

/// Terms, codes, case numbers and names of the volume of 1,000 pages, some of them in vertical writing.
#[test]
fn the_big_volume_holds_what_its_truth_says() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("EVOLUME_SHARED").map_or(beside, PathBuf::from).join("corpus/synthetic");
    let read = |name: &str| -> Option<Value> {
        serde_json::from_slice(&std::fs::read(shared.join(name)).ok()?).ok()
    };
    let (Some(truth), Some(texts)) = (read("vol1000.truth.json"), read("vol1000.pagetext.json")) else {
        println!("skipped: {} has no truth", shared.display());
        return;
    };
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[shared.join("vol1000.pdf")], &[]).0, 0);
    let volume = bench.volume();
    // On these a table is cut off by the page's box: the truth counts what nobody can see.
    let clipped: BTreeSet<u64> =
        truth["clipped_pages"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    let check = |query: &str, expected: BTreeMap<u64, u64>| {
        let mut expected: Counts =
            expected.into_iter().map(|(page, count)| ((volume.clone(), page), count)).collect();
        let mut found = search(&bench, query);
        for counts in [&mut expected, &mut found] {
            counts.retain(|(_, page), _| !clipped.contains(page));
        }
        assert_eq!(found, expected, "{query}");
    };
    let terms = truth["terms"].as_object().unwrap();
    for (term, entry) in terms {
        let pages = entry["per_page"].as_object().unwrap();
        check(
            term,
            pages.iter().map(|(page, count)| (page.parse().unwrap(), count.as_u64().unwrap())).collect(),
        );
    }
    let texts: Vec<&str> = texts.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let pages = truth["pages"].as_array().unwrap();
    let vertical = pages.iter().filter(|page| page["vertical"] == true);
    for page in pages.iter().step_by(29).chain(vertical) {
        for kind in ["code", "case", "name"] {
            let query = page[kind].as_str().unwrap();
            let counts = (1..).zip(&texts).map(|(page, text)| (page, text.matches(query).count() as u64));
            check(query, counts.filter(|(_, count)| *count > 0).collect());
        }
    }
    println!("{} terms, recall and precision 1", terms.len());
}
