//! How well a scanned volume is searched: terms, codes, case numbers and names, against the truth of the volume of
//! text that it was made of.
//!
//! Reading its 300 pages takes long; so this is measured only where somebody has done it: `EVOLUME_SCANNED` names
//! the data folder, with `scan300.pdf` (`cargo xtask sample --big`) taken in as a volume and read. The truths lie
//! beside the project or in `target/bench/corpus`.
#![allow(clippy::print_stdout, reason = "prints what it measured and tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use evolume_model::search::{MAX_QUERY, Query};
use evolume_server::search::run;
use evolume_server::store::Store;
use serde_json::Value;

/// Share of the occurrences that are to be found.
const EXACT: f64 = 0.97;
const TOLERANT: f64 = 0.995;

/// Pages of the scan, from 1, with how often a text is on each.
type Counts = BTreeMap<u32, u64>;

fn read(name: &str) -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let beside = std::env::var_os("EVOLUME_SHARED").map_or(root.join("../shared"), PathBuf::from);
    let folders = [beside.join("corpus/synthetic"), root.join("target/bench/corpus")];
    let bytes = folders.iter().find_map(|folder| std::fs::read(folder.join(name)).ok())?;
    serde_json::from_slice(&bytes).ok()
}

/// Found, expected, and found where expected.
#[derive(Debug, Default)]
struct Tally {
    found: u64,
    expected: u64,
    right: u64,
}

impl Tally {
    fn add(&mut self, found: &Counts, expected: &Counts) {
        self.found += found.values().sum::<u64>();
        self.expected += expected.values().sum::<u64>();
        let right = expected.iter().map(|(page, count)| found.get(page).copied().unwrap_or(0).min(*count));
        self.right += right.sum::<u64>();
    }

    fn recall(&self) -> f64 {
        self.right as f64 / self.expected as f64
    }

    fn precision(&self) -> f64 {
        self.right as f64 / self.found as f64
    }
}

/// What the volume of text says of each page of the scan.
fn expected(queries: &mut BTreeMap<String, Counts>) -> Option<()> {
    let (truth, texts, scan) =
        (read("vol1000.truth.json")?, read("vol1000.pagetext.json")?, read("scan300.truth.json")?);
    let texts: Vec<&str> = texts.as_array()?.iter().filter_map(Value::as_str).collect();
    let clipped: Vec<u64> = truth["clipped_pages"].as_array()?.iter().filter_map(Value::as_u64).collect();
    let map: Vec<u64> = scan["page_map"].as_array()?.iter().filter_map(Value::as_u64).collect();
    let pages = truth["pages"].as_array()?;
    let mut wanted: Vec<&str> = truth["terms"].as_object()?.keys().map(String::as_str).collect();
    for number in &map {
        let page = &pages[*number as usize - 1];
        wanted.extend(["code", "case", "name"].iter().filter_map(|kind| page[*kind].as_str()));
    }
    for query in wanted {
        let counts = (1..).zip(&map).filter(|(_, number)| !clipped.contains(number));
        let count = |number: &u64| texts[*number as usize - 1].matches(query).count() as u64;
        let counts = counts.map(|(page, number)| (page, count(number))).filter(|(_, count)| *count > 0);
        queries.insert(query.to_owned(), counts.collect());
    }
    Some(())
}

#[tokio::test]
async fn a_scanned_volume_is_found_as_it_was_written() {
    let mut queries = BTreeMap::new();
    let (Some(data), Some(())) = (std::env::var_os("EVOLUME_SCANNED"), expected(&mut queries)) else {
        println!("skipped: EVOLUME_SCANNED is not set, or there is no truth");
        return;
    };
    let store = Store::open(Path::new(&data)).await.unwrap();
    let volumes = store.cases().await.unwrap().into_iter().flat_map(|case| case.volumes);
    let volume = volumes.into_iter().find(|volume| volume.pages == 300).unwrap().id;
    let pending = store.manifest_of(&volume).await.unwrap().1.pending();
    println!("{} texts are looked for; {pending} pages are not read", queries.len());
    for (tolerant, least) in [(false, EXACT), (true, TOLERANT)] {
        let mut all = Tally::default();
        for (query, expected) in &queries {
            assert!(query.chars().count() <= MAX_QUERY);
            let parsed = Query::parse(query).unwrap().tolerant(tolerant);
            let found = run(&store, std::slice::from_ref(&volume), &parsed).await.unwrap();
            assert!(found.unindexed.is_empty());
            let found: Counts = found.hits.iter().map(|hit| (hit.page, u64::from(hit.count))).collect();
            let mut one = Tally::default();
            one.add(&found, expected);
            if one.right < one.expected && std::env::var_os("EVOLUME_VERBOSE").is_some() {
                println!("  {query}: {} of {}, {} found", one.right, one.expected, one.found);
            }
            all.add(&found, expected);
        }
        println!(
            "tolerant {tolerant}: recall {:.4} ({} of {}), precision {:.4}",
            all.recall(),
            all.right,
            all.expected,
            all.precision()
        );
        assert!(all.recall() >= least, "{}", all.recall());
    }
}
