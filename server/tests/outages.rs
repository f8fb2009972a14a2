//! What happens when the database or the blob store fails: everybody is told by a code, nothing that was acknowledged
//! is lost, nothing is half there, and work goes on by itself when it is back. Each time twenty times.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use evolume_annotations::key::DocKey;
use evolume_model::api::Problem;
use evolume_model::code::Code;
use evolume_model::volume::Blob;
use evolume_server::http::{App, Transport, router};
use evolume_server::store::{Blobs, Fault, Location, Moment, Save, Store, StoreError};
use futures::TryStreamExt;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tower::ServiceExt;

use crate::common::proxy;
use crate::common::{Bench, numbered, permit, text_pdf};

const ROUNDS: u64 = 20;

fn blobs(store: &Store) -> &Blobs {
    store.blobs(&permit())
}

/// Something that a network does, another thing each time.
fn trouble(chance: &mut StdRng) -> proxy::Fault {
    match chance.random_range(0..4) {
        0 => proxy::Fault::Refuse,
        1 => proxy::Fault::Cut(chance.random_range(0..3000)),
        2 => proxy::Fault::CutAsked(chance.random_range(0..3000)),
        _ => proxy::Fault::Slow(Duration::from_millis(chance.random_range(1..20))),
    }
}

fn is_told(error: &StoreError) -> bool {
    error.code() == Code::StoreUnreachable
}

/// Asks until there is an answer; work goes on without anybody starting anything.
async fn until_it_is_back<T>(mut ask: impl AsyncFnMut() -> Result<T, StoreError>) -> T {
    let begun = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => assert!(is_told(&error) && begun.elapsed() < Duration::from_secs(15), "{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_fails_loses_nothing_that_it_has_acknowledged() {
    let Some(mut bench) = Bench::on_postgres() else { return };
    let beyond = bench.location();
    let database = bench.database_behind_a_proxy().await;
    let store = bench.store().await;
    let key = DocKey::of_volume("v", "panel");
    let mut chance = StdRng::seed_from_u64(14);
    let (mut next, mut acknowledged, mut failed) = (1_i64, Vec::new(), 0);
    for round in 0..ROUNDS {
        database.set(trouble(&mut chance));
        for _ in 0..3 {
            let save =
                Save { update: vec![round as u8], author: "p".into(), replicas: vec![next.cast_unsigned()] };
            match store.append_update(&key, next, 0, &save).await {
                Ok(()) => acknowledged.push(next),
                Err(error) => {
                    // It may be there all the same: the answer was cut off.
                    assert!(is_told(&error) || matches!(error, StoreError::Superseded), "{error}");
                    failed += 1;
                }
            }
            if let Ok(last) = store.last_update(&key).await {
                next = last + 1;
            }
        }
        database.set(proxy::Fault::None);
        next = until_it_is_back(async || store.last_update(&key).await).await + 1;
        let save = Save { update: vec![round as u8], author: "p".into(), replicas: Vec::new() };
        match store.append_update(&key, next, 0, &save).await {
            Ok(()) => acknowledged.push(next),
            Err(error) => assert!(is_told(&error) || matches!(error, StoreError::Superseded), "{error}"),
        }
        next = until_it_is_back(async || store.last_update(&key).await).await + 1;
    }
    let beyond = Store::open_at(&beyond).await.unwrap();
    let kept = beyond.document_at(&permit(), &key, Moment::Seq(i64::MAX)).await.unwrap();
    let kept: Vec<i64> = kept.iter().map(|change| change.seq).collect();
    assert_eq!(kept, (1..next).collect::<Vec<_>>());
    assert!(acknowledged.iter().all(|seq| kept.binary_search(seq).is_ok()));
    assert!(failed > 0 && acknowledged.len() > ROUNDS as usize / 2, "{failed} {}", acknowledged.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_says_nothing_is_not_waited_for_for_ever() {
    let Some(mut bench) = Bench::on_postgres() else { return };
    let database = bench.database_behind_a_proxy().await;
    let store = bench.store().await;
    database.set(proxy::Fault::Silent);
    let begun = Instant::now();
    let error = store.cases(&permit()).await.unwrap_err();
    assert!(is_told(&error) && begun.elapsed() < Duration::from_secs(40), "{error} {:?}", begun.elapsed());
    database.set(proxy::Fault::None);
    assert!(until_it_is_back(async || store.cases(&permit()).await).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_a_connection_left_says_so_and_serves_when_one_is_free() {
    let Some(bench) = Bench::on_postgres() else { return };
    let store = bench.store().await;
    let pool = sqlx::PgPool::connect(bench.database().unwrap().secret()).await.unwrap();
    let limit =
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$";
    let back = limit.replace("LIMIT 0", "LIMIT -1");
    // It does not bind a superuser, which the tests are: one who is none is needed.
    sqlx::raw_sql("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN; GRANT ALL ON SCHEMA public TO clerk")
        .execute(&pool)
        .await
        .unwrap();
    drop(store);
    sqlx::raw_sql(limit).execute(&pool).await.unwrap();
    let clerk = bench.database().unwrap().secret().replace("evolume@", "clerk@");
    let location = Location { database: Some(clerk.into()), ..bench.location() };
    let error = Store::open_at(&location).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Unreachable, "{error}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(back)).execute(&pool).await.unwrap();
    match Store::open_at(&location).await {
        Ok(_) => {}
        // The tables are another's: that is told too.
        Err(error) => assert_eq!(error.fault(), Fault::Denied, "{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_store_that_fails_has_all_or_nothing_of_a_blob() {
    let mut bench = Bench::on_s3();
    let beyond = bench.location();
    let proxy = bench.bucket_behind_a_proxy("&timeout=500ms&retries=1").await;
    let store = bench.store().await;
    let mut chance = StdRng::seed_from_u64(14);
    let (mut acknowledged, mut failed) = (Vec::<(Blob, Vec<u8>)>::new(), 0);
    for round in 0..ROUNDS {
        let mut fault = trouble(&mut chance);
        if let proxy::Fault::Cut(bytes) | proxy::Fault::CutAsked(bytes) = &mut fault {
            *bytes *= 60;
        }
        if round % 7 == 6 {
            fault = proxy::Fault::Silent;
        }
        proxy.set(fault);
        for at in 0..2_u64 {
            let bytes: Vec<u8> = (0..150_000_u64).map(|n| (n * (round + 3) + at) as u8).collect();
            match store.put(bytes.clone()).await {
                Ok(blob) => acknowledged.push((blob, bytes)),
                Err(error) => {
                    assert!(is_told(&error), "{fault:?}: {error}");
                    failed += 1;
                }
            }
        }
        // Nothing of this is here: it was put, and is read, by another.
        if let Some((blob, bytes)) = acknowledged.get(chance.random_range(0..acknowledged.len().max(1))) {
            let _ = std::fs::remove_dir_all(bench.data().join("cache"));
            match blobs(&store).slice(&blob.sha256, 10..70_000).await {
                Ok(part) => assert!(*part == bytes[10..70_000]),
                Err(error) => assert!(is_told(&error), "{fault:?}: {error}"),
            }
            match store.local(&permit(), &blob.sha256).await {
                Ok(file) => assert!(std::fs::read(&*file).unwrap() == *bytes),
                Err(error) => assert!(is_told(&error), "{fault:?}: {error}"),
            }
        }
        proxy.set(proxy::Fault::None);
        let bytes = round.to_le_bytes().repeat(20_000);
        let blob = until_it_is_back(async || store.put(bytes.clone()).await).await;
        acknowledged.push((blob, bytes));
    }
    let beyond = Store::open_at(&beyond).await.unwrap();
    for (blob, _) in &acknowledged {
        blobs(&beyond).check(blob).await.unwrap();
    }
    let all: Vec<Blob> = blobs(&beyond).list().try_collect().await.unwrap();
    for blob in &all {
        blobs(&beyond).check(blob).await.unwrap();
    }
    assert!(failed > 0 && all.len() >= ROUNDS as usize, "{failed} {}", all.len());
}

/// Every address that reads something, with what it has to have.
fn addresses(volume: &str, manifest: &evolume_model::volume::Manifest) -> Vec<String> {
    let material = &manifest.materials[0];
    let at = format!("material={}&index=0", material.id);
    let sheet = &material.sheets[0];
    [
        "cases".into(),
        "session".into(),
        format!("volumes/{volume}/manifest"),
        format!("volumes/{volume}/excerpt?{at}"),
        format!("volumes/{volume}/pages/1/excerpt"),
        format!("volumes/{volume}/pages/1/text"),
        format!("volumes/{volume}/pages/1/preview"),
        format!("volumes/{volume}/preview?{at}"),
        format!("volumes/{volume}/layers"),
        format!("volumes/{volume}/blobs/{}", sheet.thumbs.sha256),
        format!("volumes/{volume}/blobs/{}", material.parts[0].blob.sha256),
        format!("volumes/{volume}/materials/{}/original", material.id),
    ]
    .map(|path: String| format!("/api/v1/{path}"))
    .to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_tells_of_it_and_answers_again_afterwards() {
    let Some(mut bench) = Bench::on_postgres() else { return };
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(2), ""))], &[]);
    let (volume, manifest) = (bench.volume(), bench.manifest());
    let database = bench.database_behind_a_proxy().await;
    let bucket = bench.bucket_behind_a_proxy("&timeout=1s&retries=1").await;
    let store = bench.store().await;
    let addresses = addresses(&volume, &manifest);
    let cookie = "evolume_session=".to_owned() + &"0".repeat(64);
    let ask = async |router: &axum::Router, address: &str| {
        let request = Request::get(address).header("cookie", &cookie).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await)
    };
    for round in 0..ROUNDS {
        // A server that has nothing in memory, and nothing in its cache.
        let router = router(App::new(store.clone(), Transport::Loopback));
        let _ = std::fs::remove_dir_all(bench.data().join("cache"));
        let broken = if round % 2 == 0 { &database } else { &bucket };
        broken.set(if round % 4 < 2 { proxy::Fault::Refuse } else { proxy::Fault::Cut(round as usize) });
        let mut told = 0;
        for address in &addresses {
            let (status, body) = ask(&router, address).await;
            if status != StatusCode::OK {
                let problem: Problem = serde_json::from_slice(&body.unwrap()).unwrap();
                assert_eq!(
                    (status, problem.code),
                    (StatusCode::SERVICE_UNAVAILABLE, Code::StoreUnreachable),
                    "{address}"
                );
                told += 1;
            }
        }
        assert!(told >= 8, "{told} of {}", addresses.len());
        broken.set(proxy::Fault::None);
        until_it_is_back(async || store.cases(&permit()).await).await;
        for address in &addresses {
            let (status, body) = ask(&router, address).await;
            assert!(status == StatusCode::OK && body.is_ok(), "{address}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_tells_of_it() {
    let Some(mut bench) = Bench::on_postgres() else { return };
    let file = bench.file("a.pdf", &text_pdf(&numbered(2), ""));
    bench.ingest(std::slice::from_ref(&file), &[]);
    let volume = bench.volume();
    let database = bench.database_behind_a_proxy().await;
    let bucket = bench.bucket_behind_a_proxy("&timeout=1s&retries=1").await;
    let file = file.to_str().unwrap();
    let commands: [&[&str]; 8] = [
        &["list"],
        &["verify"],
        &["index"],
        &["text", "--volume", &volume, "--page", "1"],
        &["search", "page"],
        &["ocr"],
        &["ingest", "--case", "1", "--volume", "正卷", file],
        &["serve", "--no-ocr", "--port", "0"],
    ];
    for (proxy, code) in [(&database, "database.unreachable"), (&bucket, "blobs.unreachable")] {
        proxy.set(proxy::Fault::Refuse);
        for command in commands {
            let mut evolume = bench.evolume();
            evolume.args(command).env("LC_ALL", "zh_CN.UTF-8").stdin(Stdio::null());
            let output = tokio::task::spawn_blocking(move || evolume.output().unwrap()).await.unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{command:?}: {told}");
            // A server says more in its log.
            let lines = told.lines().filter(|line| !line.starts_with('{')).count();
            assert!(told.contains(&format!("［{code}］")) && lines == 1, "{command:?}: {told}");
        }
        proxy.set(proxy::Fault::None);
    }
    // In the middle of it.
    for (at, bytes) in (0..ROUNDS).map(|round| (round, 2_000 + 1_500 * round as usize)) {
        bucket.set(proxy::Fault::Cut(bytes));
        let many = bench.file(&format!("{at}.pdf"), &text_pdf(&[format!("round {at}")], ""));
        let mut ingest = bench.ingest_command(std::slice::from_ref(&many));
        let output = tokio::task::spawn_blocking(move || ingest.output().unwrap()).await.unwrap();
        let (shown, told) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        match output.status.code() {
            Some(0) => {}
            Some(2) => assert!(told.contains("blobs.unreachable"), "{told}"),
            code => panic!("{code:?} {shown} {told}"),
        }
        bucket.set(proxy::Fault::None);
        let mut ingest = bench.ingest_command(&[many]);
        assert!(tokio::task::spawn_blocking(move || ingest.status().unwrap()).await.unwrap().success());
    }
    let report = tokio::task::spawn_blocking(move || bench.json(&["verify", "--json"])).await.unwrap();
    assert_eq!(report["problems"], serde_json::json!([]));
}

/// A file system with that much room; `None`, and a word about it, for whoever may not mount one.
struct Small(std::path::PathBuf);

impl Small {
    fn mount(folder: &std::path::Path, megabytes: u32) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
        let there = mounted.is_ok_and(|output| output.status.success());
        if !there {
            eprintln!("skipped: only root can mount a small file system");
        }
        there.then(|| Self(folder.to_owned()))
    }

    fn fill(&self) -> std::path::PathBuf {
        let filler = self.0.join("filler");
        let mut file = std::fs::File::create(&filler).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
        filler
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l"]).arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_nothing_is_half_there() {
    let bench = Bench::new();
    let Some(small) = Small::mount(&bench.data(), 24) else { return };
    let store = bench.store().await;
    let key = DocKey::of_volume("v", "panel");
    let (mut next, mut acknowledged) = (1, Vec::new());
    let (mut refused_blobs, mut refused_marks) = (0, 0);
    for round in 0..ROUNDS {
        let filler = small.fill();
        for at in 0..4_u64 {
            match store.put(vec![(round * 4 + at) as u8; 300_000]).await {
                Ok(blob) => acknowledged.push(blob),
                Err(error) => {
                    assert_eq!((error.fault(), error.code()), (Fault::Full, Code::StoreFull), "{error}");
                    refused_blobs += 1;
                }
            }
        }
        for _ in 0..4 {
            let save = Save { update: vec![7; 100_000], author: "p".into(), replicas: Vec::new() };
            match store.append_update(&key, next, 0, &save).await {
                Ok(()) => next += 1,
                Err(error) => {
                    assert_eq!((error.fault(), error.code()), (Fault::Full, Code::StoreFull), "{error}");
                    refused_marks += 1;
                }
            }
        }
        // What is there can be read.
        assert_eq!(store.last_update(&key).await.unwrap(), next - 1);
        std::fs::remove_file(filler).unwrap();
        acknowledged.push(store.put(round.to_le_bytes().repeat(1000)).await.unwrap());
        let save = Save { update: vec![7], author: "p".into(), replicas: Vec::new() };
        store.append_update(&key, next, 0, &save).await.unwrap();
        next += 1;
    }
    assert!(refused_blobs > 0 && refused_marks > 0, "{refused_blobs} {refused_marks}");
    let all: Vec<Blob> = blobs(&store).list().try_collect().await.unwrap();
    for blob in all.iter().chain(&acknowledged) {
        blobs(&store).check(blob).await.unwrap();
    }
    let kept = store.document_at(&permit(), &key, Moment::Seq(i64::MAX)).await.unwrap();
    assert_eq!(kept.len() as i64, next - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_for_copies_readers_read_from_the_bucket() {
    let bench = Bench::on_s3();
    let Some(small) = Small::mount(&bench.folder.path().join("small"), 4) else { return };
    let location = Location { cache: Some(small.0.clone()), ..bench.location() };
    let store = Store::open_at(&location).await.unwrap();
    for round in 0..ROUNDS {
        let filler = small.fill();
        let bytes = round.to_le_bytes().repeat(40_000);
        let blob = store.put(bytes.clone()).await.unwrap();
        assert!(*blobs(&store).slice(&blob.sha256, 5..200_000).await.unwrap() == bytes[5..200_000]);
        assert!(*blobs(&store).read(&blob.sha256).await.unwrap() == *bytes);
        // A child has to have a file: older copies give way to it, where there are some.
        match store.local(&permit(), &blob.sha256).await {
            Ok(file) => assert_eq!(std::fs::read(&*file).unwrap(), bytes),
            Err(error) => assert_eq!(error.code(), Code::StoreFull, "{error}"),
        }
        std::fs::remove_file(filler).unwrap();
        assert_eq!(std::fs::read(&*store.local(&permit(), &blob.sha256).await.unwrap()).unwrap(), bytes);
    }
}
