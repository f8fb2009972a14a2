//! Whether the server lives, and whether it is ready: the database and the blobs asked, and nothing given away.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use evolume_server::http;
use serde_json::Value;
use tower::ServiceExt;

use crate::common::Bench;

struct Asked(axum::Router);

impl Asked {
    async fn new(bench: &Bench) -> Self {
        Self(http::router(http::App::new(bench.store().await, http::Transport::Plain)))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = self.0.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let cached =
            response.headers().get(header::CACHE_CONTROL).map(|value| value.to_str().unwrap().to_owned());
        assert!(path.ends_with("/health") || cached.as_deref() == Some("no-store"), "{path}");
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    /// Asks until it is so.
    async fn ready(&self, expected: StatusCode) -> Value {
        let begun = Instant::now();
        loop {
            let (status, body) = self.get("/api/v1/health/ready").await;
            if status == expected {
                return body;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{status} {body}");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_while_the_store_answers() {
    for bench in Bench::on_each() {
        let asked = Asked::new(&bench).await;
        for path in ["/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready"] {
            let (status, body) = asked.get(path).await;
            assert_eq!((status, &body["status"]), (StatusCode::OK, &Value::from("ok")), "{path}");
        }
        // The disk with the blobs is gone, and comes back.
        let blobs = bench.blobs_folder();
        let away = blobs.with_extension("away");
        std::fs::rename(&blobs, &away).unwrap();
        let told = asked.ready(StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!(told["code"], "store.unreachable");
        assert!(!told.to_string().contains(&bench.data().display().to_string()), "{told}");
        assert_eq!(asked.get("/api/v1/health/live").await.0, StatusCode::OK);
        std::fs::rename(&away, &blobs).unwrap();
        asked.ready(StatusCode::OK).await;
        // So is the table that it asks.
        bench.behind("ALTER TABLE cases RENAME TO files").await;
        let told = asked.ready(StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!(told["code"], "store.unreachable");
        assert!(!told.to_string().contains("cases"), "{told}");
        assert_eq!(asked.get("/api/v1/health").await.0, StatusCode::OK);
        bench.behind("ALTER TABLE files RENAME TO cases").await;
        asked.ready(StatusCode::OK).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_does_not_hold_up_who_asks() {
    let Some(bench) = Bench::on_postgres() else { return };
    let asked = Asked::new(&bench).await;
    let pool = sqlx::PgPool::connect(bench.database().unwrap().secret()).await.unwrap();
    let mut held = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let begun = Instant::now();
    // All who ask at once hear the same, and the database is asked once.
    let answers = futures::future::join_all((0..50).map(|_| asked.get("/api/v1/health/ready"))).await;
    assert!(answers.iter().all(|(status, _)| *status == StatusCode::SERVICE_UNAVAILABLE));
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(asked.get("/api/v1/health/live").await.0, StatusCode::OK);
    held.rollback().await.unwrap();
    asked.ready(StatusCode::OK).await;
}
