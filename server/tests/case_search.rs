//! Search over all volumes that one may read, through the real router.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use crate::common::{Bench, permit, text_pdf};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use evolume_model::api::Problem;
use evolume_model::code::Code;
use evolume_model::search::wire::{CaseFound, CaseQuery};
use evolume_server::http;
use evolume_server::store::Store;
use proptest::prelude::*;
use tower::ServiceExt;

struct Court {
    bench: Bench,
    router: axum::Router,
}

impl Court {
    /// Two cases: one with a main and a public volume, one with a main volume; `known` callers read them all.
    async fn new(known: bool) -> Self {
        let bench = Bench::new();
        for (case, volume, class, pages) in [
            ("(2023)1", "main", "main", ["Loan to Hartwell", "nothing", "Hartwell and Hartwell"]),
            ("(2023)1", "open", "public", ["Judgment: Hartwell", "x", "y"]),
            ("(2023)2", "other", "main", ["Hartweli, misread", "Hartwell", "z"]),
        ] {
            let pages = pages.map(str::to_owned);
            let file = bench.file(&format!("{volume}.pdf"), &text_pdf(&pages, ""));
            let arguments = ["ingest", "--case", case, "--volume", volume, "--class", class];
            let file = file.to_str().unwrap();
            assert!(bench.run(&[&arguments[..], &[file]].concat()).status.success());
        }
        let store = Store::open(&bench.data()).await.unwrap();
        let transport = if known { http::Transport::Loopback } else { http::Transport::Plain };
        Self { bench, router: http::router(http::App::new(store, transport)) }
    }

    async fn post(&self, body: Vec<u8>, headers: &[(&str, &str)]) -> (StatusCode, Vec<u8>) {
        let mut request = Request::post("/api/v1/search").header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    async fn find(&self, query: &CaseQuery) -> CaseFound {
        let (status, body) = self.post(serde_json::to_vec(query).unwrap(), &[]).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    async fn refused(&self, body: &str, headers: &[(&str, &str)]) -> (StatusCode, Code) {
        let (status, body) = self.post(body.into(), headers).await;
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        (status, problem.code)
    }
}

fn query(text: &str) -> CaseQuery {
    CaseQuery { query: text.to_owned(), ..CaseQuery::default() }
}

/// Volume, page and count.
fn places(found: &CaseFound) -> Vec<(&str, u32, u32)> {
    found.hits.iter().map(|hit| (hit.volume_title.as_str(), hit.page, hit.count)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_volume_that_one_may_read_is_searched_and_no_other_is_counted() {
    let court = Court::new(true).await;
    let found = court.find(&query("hartwell")).await;
    let mut all = places(&found);
    all.sort_unstable();
    assert_eq!(all, [("main", 1, 1), ("main", 3, 2), ("open", 1, 1), ("other", 2, 1)]);
    assert_eq!((found.total, found.matches, found.complete, found.unsearched), (4, 5, true, 0));
    assert_eq!(found.hits[0].case_number, "(2023)1");
    // The command line finds the same.
    let listed = court.bench.json(&["search", "--json", "hartwell"]);
    assert_eq!(listed["total"], 4);

    let public = Court::new(false).await;
    let found = public.find(&query("hartwell")).await;
    assert_eq!(places(&found), [("open", 1, 1)]);
    assert_eq!((found.total, found.matches), (1, 1));
    let id = public.bench.json(&["list", "--json"])[0]["volumes"][0]["id"].as_str().unwrap().to_owned();
    let aimed = CaseQuery { volume: Some(id), ..query("loan") };
    assert_eq!(public.find(&aimed).await.total, 0, "asking for a volume by id opens no door");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_come_in_pages_that_neither_repeat_nor_leave_out() {
    let court = Court::new(true).await;
    let whole = court.find(&CaseQuery { tolerant: true, ..query("hartwell") }).await;
    assert_eq!(whole.total, 5);
    let approximate: Vec<bool> = whole.hits.iter().map(|hit| hit.approximate).collect();
    assert_eq!(approximate, [false, false, false, false, true], "exact ones come first");
    let mut pieces = Vec::new();
    let mut cursor = None;
    loop {
        let asked = CaseQuery { tolerant: true, limit: Some(2), cursor, ..query("hartwell") };
        let piece = court.find(&asked).await;
        assert_eq!(piece.total, 5);
        pieces.extend(piece.hits);
        cursor = piece.next;
        if cursor.is_none() {
            break;
        }
        assert!(pieces.len() < 6);
    }
    assert_eq!(pieces, whole.hits);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_it_down() {
    let court = Court::new(true).await;
    let only = |asked: CaseQuery| {
        let court = &court;
        async move { court.find(&asked).await.total }
    };
    let pages = CaseQuery { pages: Some("2-3".into()), ..query("hartwell") };
    assert_eq!(only(pages).await, 2);
    let material = CaseQuery { material: Some("other".into()), ..query("hartwell") };
    assert_eq!(only(material).await, 1);
    let case = court.bench.json(&["list", "--json"])[0]["id"].as_str().unwrap().to_owned();
    let ids = CaseQuery { case: Some(case), ..query("hartwell") };
    assert!((1..=3).contains(&only(ids).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_for_is_refused_with_a_code() {
    let court = Court::new(true).await;
    let bad = StatusCode::BAD_REQUEST;
    for (body, code) in [
        (r#"{"query":""}"#, Code::SearchQuery),
        (r#"{"query":"，。"}"#, Code::SearchQuery),
        (r#"{"query":"a","pages":"9-3"}"#, Code::SearchPages),
        (r#"{"query":"a","date":"yesterday"}"#, Code::SearchDate),
        (r#"{"query":"a","category":"nonsense"}"#, Code::SearchCategory),
        (r#"{"query":"a","limit":0}"#, Code::RequestMalformed),
        (r#"{"query":"a","limit":100000}"#, Code::RequestMalformed),
        (r#"{"query":"a","cursor":"1"}"#, Code::RequestMalformed),
        (r#"{"query":"a","surplus":1}"#, Code::RequestMalformed),
        (r#"{"query":7}"#, Code::RequestMalformed),
        ("[", Code::RequestMalformed),
    ] {
        assert_eq!(court.refused(body, &[]).await, (bad, code), "{body}");
    }
    let foreign = [("origin", "https://elsewhere.example"), ("host", "localhost")];
    let answer = court.refused(r#"{"query":"hartwell"}"#, &foreign).await;
    assert_eq!(answer, (StatusCode::FORBIDDEN, Code::OriginForeign));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_index_hides_nothing_else() {
    let court = Court::new(true).await;
    let volume = court.bench.json(&["list", "--json"])[0]["volumes"][0]["id"].as_str().unwrap().to_owned();
    let store = Store::open(&court.bench.data()).await.unwrap();
    let (_, manifest) = store.manifest_of(&permit(), &volume).await.unwrap();
    let before = court.find(&query("hartwell")).await;
    let lost = before.hits.iter().filter(|hit| hit.volume == volume).count() as u32;
    let index = &manifest.materials[0].index.as_ref().unwrap().blob.sha256;
    std::fs::write(court.bench.blob_path(index), b"not an index").unwrap();
    // Another server, which has nothing of it in memory.
    let fresh =
        Court { router: http::router(http::App::new(store, http::Transport::Loopback)), bench: court.bench };
    let found = fresh.find(&query("hartwell")).await;
    assert_eq!((found.total, found.unsearched), (before.total - lost, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_body_breaks_the_server(
        text in "\\PC{0,60}", pages in proptest::option::of("[0-9-]{0,12}"),
        date in proptest::option::of("[0-9.年月-]{0,14}"), cursor in proptest::option::of("[0-9a-z.]{0,20}"),
        limit in proptest::option::of(any::<u32>()), tolerant: bool,
    ) {
        let asked = CaseQuery { query: text, pages, date, cursor, limit, tolerant, ..CaseQuery::default() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (status, _) = runtime.block_on(async {
            let store = Store::open(&EMPTY.data()).await.unwrap();
            let router = http::router(http::App::new(store, http::Transport::Loopback));
            Court { router, bench: Bench::new() }.post(serde_json::to_vec(&asked).unwrap(), &[]).await
        });
        prop_assert!(status.is_success() || status.is_client_error(), "{status}");
    }
}

/// A volume of one page, made once.
static EMPTY: std::sync::LazyLock<Bench> = std::sync::LazyLock::new(|| {
    let bench = Bench::new();
    let file = bench.file("a.pdf", &text_pdf(&["page 2023-05-12".to_owned()], ""));
    bench.ingest(&[file], &[]);
    bench
});
