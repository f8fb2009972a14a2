//! The HTTP interface: the real router, and once the real program.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use crate::common::{Bench, CASE, numbered, permit, revise, text_pdf};
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use evolume_model::api::Problem;
use evolume_model::excerpt::{self, Excerpt};
use evolume_model::volume::{Manifest, Material, VolumeClass};
use evolume_server::http;
use evolume_server::store::{Store, Target};
use proptest::prelude::*;
use tower::ServiceExt;

struct Served {
    bench: Bench,
    manifest: Manifest,
    router: axum::Router,
}

impl Served {
    async fn new() -> Self {
        let bench = Bench::new();
        let file = bench.file("01 起诉状\".pdf", &text_pdf(&numbered(3), ""));
        assert_eq!(bench.ingest(&[file], &["--case-title", "民间借贷纠纷", "--court", "某法院"]).0, 0);
        let store = Store::open(&bench.data()).await.unwrap();
        let volume = store.cases(&permit()).await.unwrap()[0].volumes[0].id.clone();
        let (_, manifest) = store.manifest_of(&permit(), &volume).await.unwrap();
        Self { bench, manifest, router: http::router(http::App::new(store, http::Transport::Loopback)) }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    fn base(&self) -> String {
        format!("/api/v1/volumes/{}", self.manifest.volume)
    }

    fn original(&self) -> String {
        format!("{}/materials/{}/original", self.base(), self.manifest.materials[0].id)
    }
}

async fn bytes(response: Response<Body>) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

async fn problem(response: Response<Body>) -> Problem {
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let status = response.status().as_u16();
    let problem: Problem = serde_json::from_slice(&bytes(response).await).unwrap();
    assert_eq!(problem.status, status);
    problem
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_manifest_and_text() {
    let served = Served::new().await;
    let cases: serde_json::Value =
        serde_json::from_slice(&bytes(served.get("/api/v1/cases", &[]).await).await).unwrap();
    assert_eq!(cases[0]["title"], "民间借贷纠纷");
    assert_eq!(cases[0]["volumes"][0]["pages"], 3);
    let path = format!("{}/manifest", served.base());
    let response = served.get(&path, &[]).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    let csp = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(csp.contains("default-src 'none'") && csp.contains("'wasm-unsafe-eval'"));
    let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
    let manifest: Manifest = serde_json::from_slice(&bytes(response).await).unwrap();
    assert_eq!(manifest, served.manifest);
    let again = served.get(&path, &[("if-none-match", &etag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let packed = served.get(&path, &[("accept-encoding", "br")]).await;
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "br");
    // A new file, and the server that is running sees it.
    let more = served.bench.file("02 答辩状.pdf", &text_pdf(&numbered(2), ""));
    served.bench.ingest(&[more], &[]);
    let newer = served.get(&path, &[("if-none-match", &etag)]).await;
    assert_eq!(newer.status(), StatusCode::OK);
    let text = served.get(&format!("{}/pages/5/text", served.base()), &[]).await;
    let text: serde_json::Value = serde_json::from_slice(&bytes(text).await).unwrap();
    assert_eq!(text, serde_json::json!({ "page": 5, "text": "page number 2" }));
    for page in ["0", "6", "-1", "99999999999", "x"] {
        let response = served.get(&format!("{}/pages/{page}/text", served.base()), &[]).await;
        assert!(response.status().is_client_error(), "{page}");
        problem(response).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_of_a_page_by_its_number() {
    let served = Served::new().await;
    let material = &served.manifest.materials[0];
    for page in 1..=3 {
        let path = format!("{}/pages/{page}/preview", served.base());
        let response = served.get(&path, &[]).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "image/jpeg");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "private, no-cache");
        let (blob, range) = material.preview_of(page - 1).unwrap();
        let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(etag, format!("\"{}-{}\"", blob.sha256, range.start));
        let blob = format!("{}/blobs/{}", served.base(), blob.sha256);
        let range = format!("bytes={}-{}", range.start, range.end - 1);
        let expected = bytes(served.get(&blob, &[("range", &range)]).await).await;
        assert_eq!(bytes(response).await, expected);
        let again = served.get(&path, &[("if-none-match", &etag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
    for page in ["0", "4", "-1", "99999999999", "x"] {
        let response = served.get(&format!("{}/pages/{page}/preview", served.base()), &[]).await;
        assert!(response.status().is_client_error(), "{page}");
        problem(response).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excerpt_of_a_small_volume_is_its_manifest() {
    let served = Served::new().await;
    for page in ["1", "0", "3", "4", "4294967295"] {
        let path = format!("{}/pages/{page}/excerpt", served.base());
        let response = served.get(&path, &[]).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
        let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
        let excerpt: Excerpt = serde_json::from_slice(&bytes(response).await).unwrap();
        assert_eq!(excerpt, Excerpt { manifest: served.manifest.clone(), rest: None });
        let again = served.get(&path, &[("if-none-match", &etag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
    for page in ["-1", "4294967296", "x", "1.5", "%00"] {
        let response = served.get(&format!("{}/pages/{page}/excerpt", served.base()), &[]).await;
        assert!(response.status().is_client_error(), "{page}");
        problem(response).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_by_its_material_stays_the_same_page() {
    let served = Served::new().await;
    let store = Store::open(&served.bench.data()).await.unwrap();
    let material = &served.manifest.materials[0];
    let of = |what: &str, material: &str, index: u32| {
        format!("{}/{what}?material={material}&index={index}", served.base())
    };
    let numbered = served.get(&format!("{}/pages/2/preview", served.base()), &[]).await;
    let before = bytes(served.get(&of("preview", &material.id, 1), &[]).await).await;
    assert_eq!(bytes(numbered).await, before);
    // Another material comes before it: page 2 is page 5 now.
    let another = Material { id: "0".repeat(32), ..material.clone() };
    revise(&store, &served.manifest.volume, |manifest| manifest.materials.insert(0, another.clone())).await;
    assert_eq!(bytes(served.get(&of("preview", &material.id, 1), &[]).await).await, before);
    let response = served.get(&of("excerpt", &material.id, 1), &[]).await;
    let excerpt: Excerpt = serde_json::from_slice(&bytes(response).await).unwrap();
    assert_eq!(excerpt.manifest.materials[1], *material);
    for path in ["excerpt", "preview"] {
        for (id, index) in [(material.id.as_str(), 3), (material.id.as_str(), u32::MAX), ("nothing", 0)] {
            assert_eq!(
                served.get(&of(path, id, index), &[]).await.status(),
                StatusCode::NOT_FOUND,
                "{id} {index}"
            );
        }
        for query in ["", "?material=x", "?index=1", "?material=x&index=-1", "?material=x&index=y"] {
            let response = served.get(&format!("{}/{path}{query}", served.base()), &[]).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
            problem(response).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_goes_out_in_the_form_that_is_asked_for() {
    let served = Served::new().await;
    let path = format!("{}/manifest", served.base());
    let mut tags = Vec::new();
    for (accepted, coding) in [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("br;q=0", None), ("", None)]
    {
        for _ in 0..2 {
            let response = served.get(&path, &[("accept-encoding", accepted)]).await;
            let headers = response.headers();
            assert_eq!(headers.get(header::CONTENT_ENCODING).map(|name| name.to_str().unwrap()), coding);
            let vary: Vec<_> = headers.get_all(header::VARY).iter().collect();
            assert_eq!(vary, ["accept-encoding"]);
            tags.push(headers[header::ETAG].to_str().unwrap().to_owned());
            assert_eq!(bytes(response).await.starts_with(b"{"), coding.is_none());
        }
    }
    tags.dedup();
    assert!(tags.len() == 1 && tags[0].starts_with("W/"), "one weak tag for every form: {tags:?}");
    // There are no ranges of it.
    let ranged = served.get(&path, &[("range", "bytes=0-9")]).await;
    assert_eq!(ranged.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_volume_is_opened_by_an_excerpt_whose_manifest_stays() {
    let served = Served::new().await;
    let store = Store::open(&served.bench.data()).await.unwrap();
    let material = &served.manifest.materials[0];
    let copy = |n: usize| Material { id: format!("{n:032x}"), ..material.clone() };
    let materials: Vec<Material> = (0..excerpt::SMALL).map(copy).collect();
    let volume = &served.manifest.volume;
    // One blob more, that no later manifest names.
    let bundle = store.put(b"no manifest".to_vec()).await.unwrap();
    revise(&store, volume, |manifest| {
        manifest.materials.clone_from(&materials);
        manifest.bundle = Some(bundle.clone());
    })
    .await;
    let (_, large) = store.manifest_of(&permit(), volume).await.unwrap();

    let response = served.get(&format!("{}/pages/3000/excerpt", served.base()), &[]).await;
    let excerpt: Excerpt = serde_json::from_slice(&bytes(response).await).unwrap();
    let rest = excerpt.rest.clone().unwrap();
    assert_eq!(rest.counts, vec![3; excerpt::SMALL]);
    assert!(excerpt.manifest.materials.len() < 40 && rest.material > 900, "{}", rest.material);
    let original = large.materials[rest.material as usize].clone();
    assert_eq!(excerpt.manifest.materials[0], Material { index: None, navigation: None, ..original });

    // Meanwhile another file comes: whoever has opened still gets what he was told of.
    let path = format!("{}/manifests/{}", served.base(), rest.whole);
    for _ in 0..2 {
        let response = served.get(&path, &[("accept-encoding", "br")]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let whole: Manifest = serde_json::from_slice(&bytes(served.get(&path, &[]).await).await).unwrap();
        assert_eq!(whole, large);
        revise(&store, volume, |manifest| {
            manifest.materials.truncate(1);
            manifest.bundle = None;
        })
        .await;
    }
    // What is no manifest, and those of other volumes, are none of this one's.
    let target = Target {
        case_number: CASE.to_owned(),
        case_title: None,
        court: None,
        volume_title: "副卷".to_owned(),
        class: VolumeClass::Internal,
    };
    let another = store.ensure_volume(&target).await.unwrap();
    revise(&store, &another, |manifest| manifest.materials.clone_from(&materials)).await;
    let theirs = store.current(&another).await.unwrap().unwrap().manifest;
    assert!(store.superseded(&permit(), &another, &theirs).await.unwrap().is_some());
    assert!(store.superseded(&permit(), volume, &bundle.sha256).await.unwrap().is_some());
    for hash in [&material.original.sha256, &bundle.sha256, &theirs, &"0".repeat(64), "%00", "..%2fx"] {
        let response = served.get(&format!("{}/manifests/{hash}", served.base()), &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{hash}");
        problem(response).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_of_a_blob() {
    let served = Served::new().await;
    let path = served.original();
    let whole = served.get(&path, &[]).await;
    assert_eq!(whole.status(), StatusCode::OK);
    assert_eq!(whole.headers()[header::CONTENT_TYPE], "application/pdf");
    assert!(whole.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    let etag = whole.headers()[header::ETAG].to_str().unwrap().to_owned();
    let whole = bytes(whole).await;
    let length = whole.len();
    for (range, expected) in [
        ("bytes=0-99".to_owned(), 0..100),
        ("bytes=10-".to_owned(), 10..length),
        ("bytes=-7".to_owned(), length - 7..length),
        (format!("bytes=5-{}", length * 9), 5..length),
    ] {
        let response = served.get(&path, &[("range", &range)]).await;
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT, "{range}");
        let content = format!("bytes {}-{}/{length}", expected.start, expected.end - 1);
        assert_eq!(response.headers()[header::CONTENT_RANGE], content);
        assert_eq!(response.headers()[header::CONTENT_LENGTH], expected.len().to_string());
        assert_eq!(bytes(response).await, whole[expected], "{range}");
    }
    for range in [format!("bytes={length}-"), "bytes=-0".to_owned()] {
        let response = served.get(&path, &[("range", &range)]).await;
        assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(response.headers()[header::CONTENT_RANGE], format!("bytes */{length}"));
        assert_eq!(problem(response).await.code.as_str(), "range.invalid");
    }
    let cached = served.get(&path, &[("if-none-match", &etag)]).await;
    assert_eq!(cached.status(), StatusCode::NOT_MODIFIED);
    let stale = served.get(&path, &[("range", "bytes=0-1"), ("if-range", "\"other\"")]).await;
    assert_eq!(stale.status(), StatusCode::OK);
    let material = &served.manifest.materials[0];
    let original = served.get(&format!("{}/materials/{}/original", served.base(), material.id), &[]).await;
    let disposition = original.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment;") && disposition.contains("filename*=UTF-8''01%20%E8"));
    assert_eq!(original.headers()["x-content-type-options"], "nosniff");
    assert_eq!(bytes(original).await, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_addresses_are_refused_with_a_problem() {
    let served = Served::new().await;
    let base = served.base();
    let long = "a".repeat(10_000);
    let hash = "0".repeat(64);
    // A blob that is there but that the manifest does not name.
    let store = Store::open(&served.bench.data()).await.unwrap();
    let secret = store.put(b"another volume's".to_vec()).await.unwrap().sha256;
    for path in [
        "/api",
        "/api/",
        "/api/v2/x",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/volumes/../cases/manifest",
        "/api/v1/volumes/%2e%2e/manifest",
        "/api/v1/volumes/%00/manifest",
        "/api/v1/volumes/%ff%fe/manifest",
        "/api/v1/volumes/..%2f..%2fetc/manifest",
        "/api/v1/volumes/' OR 1=1--/manifest".replace(' ', "%20").as_str(),
        &format!("/api/v1/volumes/{long}/manifest"),
        &format!("/api/v1/volumes/{}/manifest", "f".repeat(32)),
        &format!("{base}/blobs/{hash}"),
        &format!("{base}/blobs/{secret}"),
        &format!("{base}/blobs/..%2f..%2fevolume.sqlite"),
        &format!("{base}/blobs/%00"),
        &format!("{base}/materials/%2e%2e/original"),
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fx",
        "/no-such-file.js",
        "/some/place",
    ] {
        let response = served.get(path, &[]).await;
        assert!(response.status().is_client_error(), "{path}: {}", response.status());
        problem(response).await;
    }
    for (method, path) in [("POST", "/api/v1/cases"), ("DELETE", base.as_str()), ("PUT", "/")] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = served.router.clone().oneshot(request).await.unwrap();
        assert!(response.status().is_client_error(), "{method} {path}");
        problem(response).await;
    }
    let openapi = bytes(served.get("/api/v1/openapi.json", &[]).await).await;
    let openapi: serde_json::Value = serde_json::from_slice(&openapi).unwrap();
    assert!(openapi["paths"]["/api/v1/volumes/{volume}/blobs/{sha256}"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_in_the_store_is_a_problem_and_not_a_crash() {
    let served = Served::new().await;
    let path = served.original();
    std::fs::remove_file(served.bench.blob_path(&served.manifest.materials[0].original.sha256)).unwrap();
    let response = served.get(&path, &[]).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(problem(response).await.code.as_str(), "blob.missing");
    assert_eq!(served.get("/api/v1/health", &[]).await.status(), StatusCode::OK);
}

#[test]
fn random_ids_and_ranges_never_break_the_server() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let served = runtime.block_on(Served::new());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(96));
    let segment = "[a-z0-9%._~-]{0,40}";
    runner
        .run(&(segment, segment, "(bytes=)?[-0-9,]{0,24}"), |(a, b, range)| {
            let original = served.original();
            for path in [format!("/api/v1/volumes/{a}/blobs/{b}"), format!("/{a}/{b}"), original] {
                let Ok(uri) = path.parse::<axum::http::Uri>() else { continue };
                let request =
                    Request::builder().uri(uri).header("range", &range).body(Body::empty()).unwrap();
                let response = runtime.block_on(served.router.clone().oneshot(request)).unwrap();
                prop_assert!(!response.status().is_server_error(), "{path} {range}: {}", response.status());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_program_serves_and_stops() {
    let bench = Bench::new();
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(1), ""))], &[]);
    let mut child = crate::common::evolume()
        .args(["serve", "--no-ocr", "--port", "0", "--data"])
        .arg(bench.data())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap();
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    socket.write_all(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"status\":\"ok\""), "{answer}");
    let stopped = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(stopped.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
