//! A measurement, printed: `cargo xtask bench storage`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that is printed")]

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use evolume_annotations::key::DocKey;
use evolume_server::http::{App, Transport, router};
use evolume_server::store::{Save, Store};
use tower::ServiceExt;

use crate::common::{Bench, numbered, text_pdf};

const PAGES: usize = 1_000;
const TURNS: usize = 50;
const MARKS: i64 = 500;

/// On both pairs, one after the other: what is taken in, what a reader waits for at the server, what is acknowledged.
#[ignore = "a measurement"]
#[tokio::test(flavor = "multi_thread")]
async fn storage() {
    let mut columns = Vec::new();
    for bench in Bench::on_each() {
        let file = bench.file("a.pdf", &text_pdf(&numbered(PAGES), ""));
        let begun = Instant::now();
        assert_eq!(bench.ingest(&[file], &[]).0, 0);
        let ingested = begun.elapsed();
        let store = bench.store().await;
        let turn = turns(&bench, &store).await;
        // A machine that has not been asked for any of it yet.
        let _ = std::fs::remove_dir_all(bench.data().join("cache"));
        let first = turns(&bench, &store).await;
        let mark = marks(&store).await;
        columns.push([ingested, first, turn, mark]);
    }
    println!("{:<32}{:>18}{:>18}", "", "SQLite + folder", "PostgreSQL + S3");
    let rows =
        ["1,000 pages ingested", "a page turned, nothing cached", "a page turned", "a mark made durable"];
    for (row, name) in rows.iter().enumerate() {
        let times = columns.iter().map(|column| format!("{:>15.2} ms", column[row].as_secs_f64() * 1000.));
        println!("{name:<32}{}", times.collect::<String>());
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// What a browser asks for when somebody goes to a page: its place, its preview, its part and its text.
async fn turns(bench: &Bench, store: &Store) -> Duration {
    let router = router(App::new(store.clone(), Transport::Loopback));
    let (volume, manifest) = (bench.volume(), bench.manifest());
    let mut times = Vec::new();
    for turn in 0..TURNS {
        let page = turn * PAGES / TURNS;
        let part = manifest.materials[0].part_of(page as u32).unwrap().0;
        let begun = Instant::now();
        for what in [
            format!("pages/{}/excerpt", page + 1),
            format!("pages/{}/preview", page + 1),
            format!("blobs/{}", part.blob.sha256),
            format!("pages/{}/text", page + 1),
        ] {
            let request = Request::get(format!("/api/v1/volumes/{volume}/{what}"));
            let request = request.header("host", "127.0.0.1").body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{what}");
            axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        }
        times.push(begun.elapsed());
    }
    median(times)
}

async fn marks(store: &Store) -> Duration {
    let key = DocKey::of_volume("v", "panel");
    let mut times = Vec::new();
    for seq in 1..=MARKS {
        let save = Save { update: vec![1; 300], author: "p".into(), replicas: vec![seq.unsigned_abs()] };
        let begun = Instant::now();
        store.append_update(&key, seq, 0, &save).await.unwrap();
        times.push(begun.elapsed());
    }
    median(times)
}
