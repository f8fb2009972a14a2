//! Data folders of earlier versions open in this one, unchanged.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::common::Bench;
use axum::body::Body;
use axum::http::{Request, header};
use evolume_annotations::document::Document;
use evolume_annotations::key::DocKey;
use evolume_annotations::layer::Layer;
use evolume_annotations::sync::Message;
use evolume_model::mark::{Mark, Target};
use evolume_server::http::{App, Transport, router};
use evolume_server::store::{Moment, Store};
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tower::ServiceExt;

/// A copy of a golden folder: nothing may write into the original.
fn golden(name: &str) -> (Bench, Value) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(name);
    let bench = Bench::new();
    copy_tree(&from, &bench.data());
    let expected = std::fs::read_to_string(from.join("expected.json")).unwrap();
    std::fs::remove_file(bench.data().join("expected.json")).unwrap();
    (bench, serde_json::from_str(&expected).unwrap())
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in walkdir::WalkDir::new(from).min_depth(1) {
        let entry = entry.unwrap();
        let target: PathBuf = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.path().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn volumes_of_the_first_format_are_what_they_were() {
    let (bench, expected) = golden("data-1");
    let volume = expected["volume"].as_str().unwrap();
    let verified = bench.run(&["verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    assert_eq!(bench.json(&["list", "--json"]), expected["list"]);
    assert_eq!(bench.json(&["search", "--json", "--volume", volume, "page number 4"]), expected["search"]);
    let text = bench.run(&["text", "--volume", volume, "--page", "4"]);
    assert_eq!(String::from_utf8(text.stdout).unwrap(), expected["text"].as_str().unwrap());
    let manifest: Value = serde_json::from_str(&bench.manifest_json()).unwrap();
    assert_eq!(manifest, expected["manifest"]);
}

#[test]
fn a_file_of_the_first_format_is_known_again() {
    let (bench, expected) = golden("data-1");
    // Its id came from its hash then; what is there keeps it.
    let file = bench.file("编号.pdf", &crate::common::text_pdf(&crate::common::numbered(40), ""));
    let (code, outcomes) = bench.ingest(&[file], &[]);
    assert_eq!((code, &outcomes[0]["status"]), (0, &"ok".into()), "{outcomes:?}");
    let manifest: Value = serde_json::from_str(&bench.manifest_json()).unwrap();
    assert_eq!(manifest, expected["manifest"]);
}

/// The same fields, by their names of then.
fn as_the_first_version_showed_it(mark: &Mark) -> Value {
    let Target::Text { page, start, end, rects, quote } = &mark.target else { panic!("{mark:?}") };
    let anchor = serde_json::json!({
        "material": page.material,
        "page": page.index,
        "start": start,
        "end": end,
        "rects": rects,
        "quote": quote,
    });
    serde_json::json!({
        "id": mark.id,
        "kind": mark.kind,
        "anchor": anchor,
        "colour": mark.style.colour,
        "note": mark.note,
        "author": mark.author,
        "author_name": mark.author_name,
        "created": mark.created,
        "updated": mark.updated,
    })
}

/// What a room sends to somebody who knows nothing.
async fn room(address: SocketAddr, volume: &str, layer: &str, cookie: &str) -> Vec<u8> {
    let url = format!("ws://{address}/api/v1/volumes/{volume}/rooms/{layer}");
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    let (mut stream, _) = connect_async(request).await.unwrap();
    stream.send(Frame::binary(Message::Step1(vec![0]).encode())).await.unwrap();
    loop {
        if let Frame::Binary(frame) = stream.next().await.unwrap().unwrap()
            && let Message::Step2(update) = Message::decode(&frame).unwrap()
        {
            return update;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_of_the_first_version_are_what_they_were() {
    let (bench, expected) = golden("data-1");
    let volume = expected["volume"].as_str().unwrap();
    let store = Store::open(&bench.data()).await.unwrap();
    let router = router(App::new(store.clone(), Transport::Loopback));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = router.clone();
    tokio::spawn(async move { axum::serve(listener, served).await.unwrap() });
    let name = serde_json::json!({ "name": "王法官" }).to_string();
    let request = Request::post("/api/v1/session").header("content-type", "application/json");
    let response = router.oneshot(request.body(Body::from(name)).unwrap()).await.unwrap();
    let cookie =
        response.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();

    let private = format!("private-{}", expected["authors"]["王法官"].as_str().unwrap());
    for (kind, name) in [("private", private.as_str()), ("panel", "panel"), ("everybody", "everybody")] {
        let update = room(address, volume, name, &cookie).await;
        let layer = Layer::new(0);
        layer.apply(&update).unwrap();
        let mut marks: Vec<Value> = layer.marks().iter().map(as_the_first_version_showed_it).collect();
        marks.sort_by_key(|mark| (mark["created"].as_u64(), mark["id"].to_string()));
        assert_eq!(Value::Array(marks), expected["marks"][kind], "{kind}");
        // Their history begins with what that version had kept of them.
        let key = DocKey::of_volume(volume, name);
        let history = Layer::new(0);
        for change in store.document_at(&crate::common::permit(), &key, Moment::Seq(i64::MAX)).await.unwrap()
        {
            history.apply(&change.update).unwrap();
        }
        assert_eq!(history.state(), layer.state(), "{kind}");
    }
}
