//! Conformance of the search, natively. The browser's half, over the same cases and the same index bytes,
//! is `e2e/quality/search.spec.ts`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use evolume_model::search::{Index, Query, SCHEMA_VERSION, Writer};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Suite {
    pages: Vec<String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    query: String,
    #[serde(default)]
    hits: Value,
    #[serde(default)]
    error: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("search")
}

fn suite() -> Suite {
    serde_json::from_slice(&std::fs::read(folder().join("cases.json")).unwrap()).unwrap()
}

fn packed(pages: &[String]) -> Vec<u8> {
    let mut writer = Writer::new().unwrap();
    pages.iter().for_each(|page| writer.add(page).unwrap());
    writer.finish().unwrap()
}

/// A hit as the cases write it: the page, then every match as it stands in the text.
fn written(pages: &[String], page: u32, matches: &[[u32; 2]]) -> Value {
    let chars: Vec<char> = pages[page as usize].chars().collect();
    let text = |[start, end]: &[u32; 2]| {
        Value::from(chars[*start as usize..*end as usize].iter().collect::<String>())
    };
    std::iter::once(Value::from(page)).chain(matches.iter().map(text)).collect()
}

#[test]
fn every_case_finds_what_it_says() {
    let Suite { pages, cases } = suite();
    let index = Index::open(packed(&pages)).unwrap();
    for case in cases {
        let Ok(query) = Query::parse(&case.query) else {
            assert!(case.error, "{:?} is refused", case.query);
            continue;
        };
        let hits = index.search(&query).unwrap();
        let hits: Value = hits.iter().map(|hit| written(&pages, hit.page, &hit.matches)).collect();
        assert!(!case.error && hits == case.hits, "{:?} finds {hits}, not {}", case.query, case.hits);
    }
}

/// The bytes that the browser's half reads. When they change, indexes out there are of another format:
/// raise `SCHEMA_VERSION`, run this with `EVOLUME_WRITE=1`, remove the old file.
#[test]
fn the_index_format_is_the_one_that_its_version_names() {
    let path = folder().join(format!("cases.v{SCHEMA_VERSION}.index"));
    let now = packed(&suite().pages);
    if std::env::var_os("EVOLUME_WRITE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert!(std::fs::read(&path).is_ok_and(|kept| kept == now), "{} differs", path.display());
}
