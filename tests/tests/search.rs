//! Conformance of the search, natively. The browser's half, over the same cases and the same index bytes,
//! is `e2e/quality/search.spec.ts`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use evolume_model::category::Category;
use evolume_model::code::Code;
use evolume_model::search::{Filter, Hit, Index, IndexError, Place, Query, SCHEMA_VERSION, Writer, hit};
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
    tolerant: bool,
    #[serde(default)]
    filter: Filter,
    #[serde(default)]
    hits: Value,
    #[serde(default)]
    error: Option<Code>,
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

/// The only material: the fourth page has a mark.
const PLACE: Place<'_> =
    Place { id: "cases", title: "cases", category: Category::Other, first: 1, marked: &[3] };

/// A hit as the cases write it: the page, then every match as it stands in the text, `≈` before those that
/// are not exact.
fn written(pages: &[String], hit: &Hit) -> Value {
    let chars: Vec<char> = pages[hit.page as usize].chars().collect();
    let text = |(at, [start, end]): (usize, &[u32; 2])| {
        let mark = if at < hit.exact as usize { "" } else { "≈" };
        let text: String = chars[*start as usize..*end as usize].iter().collect();
        Value::from(format!("{mark}{text}"))
    };
    std::iter::once(Value::from(hit.page)).chain(hit.matches.iter().enumerate().map(text)).collect()
}

#[test]
fn every_case_finds_what_it_says() {
    let Suite { pages, cases } = suite();
    let index = Index::open(packed(&pages)).unwrap();
    for case in cases {
        let query = match Query::filtered(&case.query, case.filter) {
            Ok(query) => query.tolerant(case.tolerant),
            Err(error) => {
                assert_eq!(Some(error.code()), case.error, "{:?}", case.query);
                continue;
            }
        };
        let mut hits = index.search(&query, &PLACE).unwrap();
        hits.sort_by_key(|hit| hit.closeness);
        let hits: Value = hits.iter().map(|hit| written(&pages, hit)).collect();
        assert!(
            case.error.is_none() && hits == case.hits,
            "{:?} finds {hits}, not {}",
            case.query,
            case.hits
        );
    }
}

/// Any two and more characters of any page, through the index; `e2e/quality/search.spec.ts` asks the same in
/// the browser, and the model's own tests ask random pages.
#[test]
fn any_part_of_any_page_is_found_on_it() {
    let Suite { pages, .. } = suite();
    let index = Index::open(packed(&pages)).unwrap();
    let mut asked = 0;
    for (number, page) in (0..).zip(&pages) {
        let chars: Vec<char> = page.chars().collect();
        for length in [2, 3, 5, 9, 17] {
            for part in chars.windows(length) {
                let part: String = part.iter().collect();
                let Ok(query) = Query::parse(&part) else { continue };
                let hits = index.search(&query, &Place::ALONE).unwrap();
                let expected = hit(number, page, &query);
                assert!(expected.is_some() && hits.contains(expected.as_ref().unwrap()), "{part:?}");
                asked += 1;
            }
        }
    }
    assert!(asked > 1000, "{asked}");
}

/// The bytes that the browser's half reads. When they change, indexes out there are of another format:
/// raise `SCHEMA_VERSION`, run this with `EVOLUME_WRITE=1`, keep the old file for the test below.
#[test]
fn the_index_format_is_the_one_that_its_version_names() {
    let path = folder().join(format!("cases.v{SCHEMA_VERSION}.index"));
    let now = packed(&suite().pages);
    if std::env::var_os("EVOLUME_WRITE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert!(std::fs::read(&path).is_ok_and(|kept| kept == now), "{} differs", path.display());
}

/// An index as programs before this one made them, kept as it was: it is told from one of now, not misread.
#[test]
fn an_index_of_an_older_format_is_refused() {
    let old = std::fs::read(folder().join("cases.v2.index")).unwrap();
    assert!(matches!(Index::open(old), Err(IndexError::Container)));
    let mut other = packed(&suite().pages);
    other[8] += 1;
    assert!(matches!(Index::open(other), Err(IndexError::Format(format)) if format == SCHEMA_VERSION + 1));
}
