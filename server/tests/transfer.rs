//! Everything into another store, into a backup and back: identical, also when it is killed on the way.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use evolume_annotations::key::DocKey;
use evolume_model::volume::Blob;
use evolume_server::store::{Moment, ReadPage, Save, Store, StoreError};
use evolume_server::transfer::{self, BackupError};
use evolume_server::verify;
use futures::TryStreamExt;
use rand::Rng;

use crate::common::{Bench, numbered, permit, text_pdf};

fn quiet(_: u64, _: u64) {}

fn save(byte: u8, replicas: &[u64]) -> Save {
    Save { update: vec![byte; 40], author: "王法官".into(), replicas: replicas.to_vec() }
}

/// A store with something in every corner of it.
async fn furnished(bench: &Bench) -> Store {
    let files: Vec<PathBuf> = (0..3)
        .map(|n| bench.file(&format!("{n}.pdf"), &text_pdf(&numbered(n + 2), &format!("/N {n}"))))
        .collect();
    assert_eq!(bench.ingest(&files, &[]).0, 0);
    let (store, volume) = (bench.store().await, bench.volume());
    crate::common::revise(&store, &volume, |manifest| manifest.case_title.push('!')).await;
    let key = DocKey::of_volume(&volume, "panel");
    let now = 1_790_000_000_123;
    for seq in 1..=600 {
        let replicas: &[u64] = if seq == 1 { &[7, u64::MAX] } else { &[] };
        store.append_update(&key, seq, now + seq.unsigned_abs(), &save(seq as u8, replicas)).await.unwrap();
    }
    store.compact(&key, 500, b"state\0\xff").await.unwrap();
    store.insert_session("token", "p1", "王法官", now).await.unwrap();
    let page = ReadPage { scan: "{\"a\": \"\\u0000\"}".into(), text: vec![0, 1, 255] };
    store.keep_ocr_page("source", &page).await.unwrap();
    store
}

async fn blobs(store: &Store) -> Vec<Blob> {
    let mut blobs: Vec<Blob> = store.blobs(&permit()).list().try_collect().await.unwrap();
    blobs.sort_by(|a, b| a.sha256.cmp(&b.sha256));
    blobs
}

async fn assert_same(one: &Store, other: &Store) {
    assert_eq!(one.contents(&permit()).await.unwrap(), other.contents(&permit()).await.unwrap());
    assert_eq!(blobs(one).await, blobs(other).await);
    for store in [one, other] {
        let report = verify::run(store, &permit()).await.unwrap();
        assert_eq!((report.problems, report.surplus), (vec![], 0));
    }
}

/// A bench that nobody has opened yet.
async fn empty(bench: &Bench) -> Store {
    Store::open_to_fill(&bench.location()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn there_and_back_everything_is_the_same() {
    let first = Bench::new();
    let store = furnished(&first).await;
    let tables = store.contents(&permit()).await.unwrap();
    eprintln!("{tables:?}");
    assert!(tables.iter().filter(|table| table.rows > 0).count() >= 9);
    // By way of PostgreSQL, where there is one.
    let way: Vec<Bench> = [Bench::on_postgres(), Some(Bench::new())].into_iter().flatten().collect();
    let mut from = store.clone();
    for bench in &way {
        let to = empty(bench).await;
        let done = transfer::copy(&from, &to, &permit(), &quiet).await.unwrap();
        assert_eq!((done.copied, done.lost.as_slice()), (done.blobs, &[][..]));
        assert_same(&store, &to).await;
        // The same once more finds that all is there.
        let again = transfer::copy(&from, &to, &permit(), &quiet).await.unwrap();
        assert_eq!((again.copied, again.blobs), (0, done.blobs));
        from = bench.store().await;
    }
    // What works there now works with what has come.
    let key = DocKey::of_volume(first.volume(), "panel");
    assert_eq!(from.document_at(&permit(), &key, Moment::Seq(600)).await.unwrap().len(), 600);
    from.append_update(&key, 601, 0, &save(1, &[])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_holds_something_else_is_left_alone() {
    for bench in Bench::on_each() {
        let store = furnished(&bench).await;
        let other = bench.another();
        let occupied = furnished(&other).await;
        let before = (occupied.contents(&permit()).await.unwrap(), blobs(&occupied).await);
        let refused = transfer::copy(&store, &occupied, &permit(), &quiet).await;
        assert!(matches!(refused, Err(StoreError::Occupied)));
        assert_eq!((occupied.contents(&permit()).await.unwrap(), blobs(&occupied).await), before);
        // A new database over a folder of blobs that are somebody's.
        let third = bench.another();
        let half = empty(&third).await;
        half.put(b"somebody's".to_vec()).await.unwrap();
        let refused = transfer::copy(&store, &half, &permit(), &quiet).await;
        assert!(matches!(refused, Err(StoreError::Occupied)));
        let backup = bench.folder.path().join("files");
        let refused = transfer::backup(&store, &backup, &permit(), &quiet).await;
        assert!(matches!(refused, Err(BackupError::Occupied)));
        let told = bench.run(&["backup", backup.to_str().unwrap()]);
        assert_eq!(told.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&told.stderr).contains("[backup.occupied]"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_killed_goes_on_where_it_was() {
    for bench in Bench::on_each() {
        let store = furnished(&bench).await;
        for n in 0..200 {
            // More to copy, named by a volume.
            let blob = store.put(vec![n; 20_000]).await.unwrap();
            crate::common::revise(&store, &bench.volume(), |manifest| manifest.bundle = Some(blob.clone()))
                .await;
        }
        let to = bench.another();
        let command = || {
            let mut command = bench.evolume();
            command.args(["copy", "--json", "--to-data"]).arg(to.data());
            command.envs(to.database().iter().map(|url| ("EVOLUME_TO_DATABASE", url.secret())));
            let blobs = to.bucket().map(|bucket| bucket.url().as_given().to_owned());
            command.envs(blobs.iter().map(|url| ("EVOLUME_TO_BLOBS", url)));
            command
        };
        let mut kills = 0;
        for _ in 0..5 {
            let mut child = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..1500))).await;
            child.kill().unwrap();
            kills += u32::from(!child.wait().unwrap().success());
            // Nobody works on what is not whole, and nobody takes it for something else.
            match to.try_store().await {
                Err(StoreError::HalfCopied) => {
                    let told = to.run(&["list"]);
                    assert!(String::from_utf8_lossy(&told.stderr).contains("[data.half_copied]"));
                }
                opened => drop(opened.unwrap()),
            }
        }
        let done = command().output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        eprintln!("{kills} killed; then {}", String::from_utf8_lossy(&done.stdout));
        bench.behind("DELETE FROM leases").await;
        assert_same(&store, &to.store().await).await;
    }
}

/// Marks that were acknowledged: the last of each writer.
type Acknowledged = Arc<Mutex<HashMap<String, i64>>>;

/// Writes one mark after the other, and puts a snapshot in the place of some now and then.
async fn write_marks(store: Store, name: String, acknowledged: Acknowledged, stop: Arc<AtomicBool>) {
    let key = DocKey::of_volume("v", &name);
    // Faster than any hand; without a pace the backup would chase what grows as fast as it is read.
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    for seq in 1.. {
        pace.tick().await;
        if stop.load(Ordering::Relaxed) {
            return;
        }
        store.append_update(&key, seq, 0, &save(seq as u8, &[])).await.unwrap();
        acknowledged.lock().unwrap().insert(name.clone(), seq);
        if seq % 16 == 0 {
            store.compact(&key, seq, &seq.to_le_bytes()).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mark_acknowledged_before_a_backup_is_there_after_a_restore() {
    const WRITERS: usize = 20;
    for bench in Bench::on_each() {
        let store = furnished(&bench).await;
        let (acknowledged, stop) = (Acknowledged::default(), Arc::new(AtomicBool::new(false)));
        let mut writers = tokio::task::JoinSet::new();
        for number in 0..WRITERS {
            let name = format!("private-{number}");
            writers.spawn(write_marks(store.clone(), name, acknowledged.clone(), stop.clone()));
        }
        let folder = bench.folder.path().join("backup");
        let mut first_blobs = 0;
        for round in 0..3 {
            while acknowledged.lock().unwrap().len() < WRITERS {
                tokio::task::yield_now().await;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            let before = acknowledged.lock().unwrap().clone();
            let done = bench.run(&["backup", "--json", folder.to_str().unwrap()]);
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            let done: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
            let (blobs, copied) = (done["blobs"].as_u64().unwrap(), done["copied"].as_u64().unwrap());
            assert_eq!(copied, blobs - first_blobs, "only what is new");
            first_blobs = blobs;

            let to = bench.another();
            let mut restore = to.evolume();
            let told = restore.args(["restore", "--json"]).arg(&folder).output().unwrap();
            assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
            let restored = to.store().await;
            let marks: i64 = before.values().sum();
            for (name, last) in before {
                let key = DocKey::of_volume("v", &name);
                let there = restored.document_at(&permit(), &key, Moment::Seq(last)).await.unwrap();
                assert_eq!(there.len() as i64, last, "{name}");
                assert!(restored.last_update(&key).await.unwrap() >= last);
            }
            assert_eq!(verify::run(&restored, &permit()).await.unwrap().problems, []);
            eprintln!(
                "round {round}: {marks} marks acknowledged before, {blobs} files, {copied} of them new"
            );
        }
        stop.store(true, Ordering::Relaxed);
        while let Some(done) = writers.join_next().await {
            done.unwrap();
        }
        transfer::check(&folder).await.unwrap();
    }
}

fn some_blob(folder: &Path) -> PathBuf {
    let entries = walkdir::WalkDir::new(folder.join("blobs")).sort_by_file_name();
    entries.into_iter().map(|entry| entry.unwrap().into_path()).find(|path| path.is_file()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_found_out_and_never_restored_in_silence() {
    let bench = Bench::new();
    let store = furnished(&bench).await;
    let folder = bench.folder.path().join("backup");
    assert!(matches!(transfer::check(&folder).await, Err(BackupError::None)));
    transfer::backup(&store, &folder, &permit(), &quiet).await.unwrap();
    let whole = transfer::check(&folder).await.unwrap();

    let victim = some_blob(&folder);
    let bytes = std::fs::read(&victim).unwrap();
    std::fs::write(&victim, vec![b'x'; bytes.len()]).unwrap();
    let Err(BackupError::Damaged(names)) = transfer::check(&folder).await else { panic!("not found out") };
    assert_eq!(names.len(), 1);
    let told = bench.run(&["backup", "--check", folder.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&told.stderr).contains("[backup.damaged]"));
    // What is left comes back, and what is lost is named.
    let to = Bench::new();
    let mut restore = to.evolume();
    let told = restore.args(["restore", "--json"]).arg(&folder).output().unwrap();
    assert_eq!(told.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["lost"], serde_json::json!(names));

    std::fs::write(&victim, &bytes).unwrap();
    assert_eq!(transfer::check(&folder).await.unwrap(), whole);
    let database = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let database = database.into_iter().find(|path| path.extension().is_some_and(|end| end == "sqlite"));
    std::fs::write(database.unwrap(), "nothing").unwrap();
    let bench = Bench::new();
    let refused = transfer::restore(&folder, &empty(&bench).await, &permit(), &quiet).await;
    assert!(matches!(refused, Err(BackupError::Damaged(_))));
    // The next one mends what it can.
    transfer::backup(&store, &folder, &permit(), &quiet).await.unwrap();
    transfer::check(&folder).await.unwrap();
}
