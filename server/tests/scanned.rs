//! How well a scanned volume is searched: terms, codes, case numbers and names, against the truth of the volume of
//! text that it was made of.
//!
//! Reading its 300 pages takes long; so this is measured only where somebody has done it: `EVOLUME_SCANNED` names
//! the data folder, with `scan300.pdf` (`cargo xtask sample --big`) taken in as a volume and read. The truths lie
//! where that writes them, in `target/bench/corpus`, or in the folder that `EVOLUME_SCANNED_TRUTH` names.
//!
//! What is asked for are the volume's terms and the codes of its pages (EV-0054-2890), which must be found, and case
//! numbers and names, whose rare characters Tesseract often does not know: how many of them are found is printed.
#![allow(clippy::print_stdout, reason = "prints what it measured and tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use evolume_model::search::Query;
use evolume_server::rights::{Act, Permit};
use evolume_server::search::run;
use evolume_server::store::Store;
use serde_json::Value;

/// Share of the terms' occurrences that are to be found.
const EXACT: f64 = 0.97;
/// The same of codes.
const CODES: f64 = 0.97;
/// The same of terms in which a mistake is tolerated: those of three and more characters.
const TOLERANT: f64 = 0.995;
const TOLERABLE: usize = 3;

/// Pages of the scan, from 1, with how often a text is on each.
type Counts = BTreeMap<u32, u64>;

fn read(name: &str) -> Option<Value> {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench/corpus");
    let folder = std::env::var_os("EVOLUME_SCANNED_TRUTH").map_or(made, PathBuf::from);
    serde_json::from_slice(&std::fs::read(folder.join(name)).ok()?).ok()
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

/// What the volume of text says of each page of the scan, for its terms, its codes, and the rest.
fn expected() -> Option<[BTreeMap<String, Counts>; 3]> {
    let (truth, texts, scan) =
        (read("vol1000.truth.json")?, read("vol1000.pagetext.json")?, read("scan300.truth.json")?);
    let texts: Vec<&str> = texts.as_array()?.iter().filter_map(Value::as_str).collect();
    let map: Vec<u64> = scan["page_map"].as_array()?.iter().filter_map(Value::as_u64).collect();
    let counts = |query: &str| -> Counts {
        let count = |number: &u64| texts[*number as usize - 1].matches(query).count() as u64;
        let counts = (1..).zip(&map).map(|(page, number)| (page, count(number)));
        counts.filter(|(_, count)| *count > 0).collect()
    };
    let terms: BTreeMap<_, _> =
        truth["terms"].as_object()?.keys().map(|term| (term.clone(), counts(term))).collect();
    let named = |kinds: &[&str]| -> BTreeMap<String, Counts> {
        let pages = map.iter().map(|number| &truth["pages"][*number as usize - 1]);
        let named = pages.flat_map(|page| kinds.iter().filter_map(|kind| page[*kind].as_str()));
        let named = named.filter(|text| !terms.contains_key(*text));
        named.map(|text| (text.to_owned(), counts(text))).collect()
    };
    let (codes, others) = (named(&["code"]), named(&["case", "name"]));
    Some([terms, codes, others])
}

#[tokio::test]
async fn a_scanned_volume_is_found_as_it_was_written() {
    let (Some(data), Some([terms, codes, others])) = (std::env::var_os("EVOLUME_SCANNED"), expected()) else {
        println!("skipped: EVOLUME_SCANNED is not set, or there is no truth");
        return;
    };
    let store = Store::open(Path::new(&data)).await.unwrap();
    let permit = Permit::server(Act::CommandLine);
    let volumes = store.cases(&permit).await.unwrap().into_iter().flat_map(|case| case.volumes);
    let volume = volumes.into_iter().find(|volume| volume.pages == 300).unwrap().id;
    assert_eq!(store.manifest_of(&permit, &volume).await.unwrap().1.pending(), 0);
    let tolerable = |text: &str| text.chars().filter(|ch| ch.is_alphanumeric()).count() >= TOLERABLE;
    let longer = terms.iter().filter(|(term, _)| tolerable(term));
    let longer = longer.map(|(term, counts)| (term.clone(), counts.clone())).collect();
    let mut short = Vec::new();
    for (what, queries, tolerant, least) in [
        ("terms", &terms, false, EXACT),
        ("terms of three and more", &longer, true, TOLERANT),
        ("codes", &codes, false, CODES),
        ("case numbers and names", &others, false, 0.),
        ("case numbers and names", &others, true, 0.),
    ] {
        let mut all = Tally::default();
        for (query, expected) in queries {
            let parsed = Query::parse(query).unwrap().tolerant(tolerant);
            let found = run(&store, &permit, std::slice::from_ref(&volume), &parsed).await.unwrap();
            assert!(found.unindexed.is_empty());
            all.add(&found.hits.iter().map(|hit| (hit.page, u64::from(hit.count))).collect(), expected);
        }
        let (recall, precision) = (all.recall(), all.precision());
        println!(
            "{} {what}, tolerant {tolerant}: recall {recall:.4} ({} of {}), precision {precision:.4}",
            queries.len(),
            all.right,
            all.expected
        );
        if recall < least {
            short.push(format!("{what}, tolerant {tolerant}: {recall:.4} of {least}"));
        }
    }
    assert!(short.is_empty(), "{short:?}");
}
