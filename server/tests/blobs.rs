//! Blobs in an S3-compatible store, and the cache before it.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use crate::common::s3::{self, Bucket};
use crate::common::{Bench, evolume, numbered, permit, text_pdf};
use evolume_model::code::Code;
use evolume_model::volume::{Blob, Manifest};
use evolume_server::store::{Blobs, BlobsUrl, Fault, Location, Store, StoreError};
use futures::{StreamExt, TryStreamExt};

const MB: usize = 1 << 20;

/// Bytes of which no piece is another one's.
fn bytes(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8 ^ seed).collect()
}

fn blobs(store: &Store) -> &Blobs {
    store.blobs(&permit())
}

/// Files in the cache, without those that are being written.
fn copies(bench: &Bench) -> Vec<PathBuf> {
    let cache = bench.data().join("cache");
    let entries = walkdir::WalkDir::new(cache).min_depth(2).into_iter().map(Result::unwrap);
    let copies = entries
        .filter(|entry| entry.file_type().is_file() && !entry.path().to_string_lossy().contains("partial"));
    copies.map(walkdir::DirEntry::into_path).collect()
}

fn copy(bench: &Bench, sha256: &str) -> PathBuf {
    bench.data().join("cache").join(&sha256[..2]).join(&sha256[2..])
}

#[tokio::test]
async fn what_is_stored_comes_back_by_every_way() {
    for bench in [Some(Bench::new()), Some(Bench::on_s3()), Bench::on_moto()].into_iter().flatten() {
        let store = bench.store().await;
        let blobs = blobs(&store);
        let mut all = Vec::new();
        for (seed, length) in [0, 1, 100_000, 3 * MB + 5, 17 * MB + 1].into_iter().enumerate() {
            let bytes = bytes(length, seed as u8);
            let file = bench.file("a", &bytes);
            let blob =
                if seed % 2 == 0 { store.put_file(&file).await } else { store.put(bytes.clone()).await };
            let blob = blob.unwrap();
            assert_eq!(blob, Blob { sha256: evolume_server::store::sha256(&bytes), bytes: length as u64 });
            assert_eq!(store.put_file(&file).await.unwrap(), blob);
            // As this machine has it, and as another one does.
            for here in [true, false] {
                if !here && bench.bucket().is_some() {
                    std::fs::remove_dir_all(bench.data().join("cache")).unwrap();
                }
                assert_eq!(
                    std::fs::read(&*store.local(&permit(), &blob.sha256).await.unwrap()).unwrap(),
                    bytes
                );
                if !here && bench.bucket().is_some() {
                    std::fs::remove_dir_all(bench.data().join("cache")).unwrap();
                }
                if length > 1 {
                    let range = length / 3..length - 1;
                    let streamed =
                        blobs.stream(&blob.sha256, range.start as u64..range.end as u64).await.unwrap();
                    let streamed: Vec<_> = streamed.try_collect().await.unwrap();
                    assert!(streamed.concat() == bytes[range]);
                }
                assert!(*blobs.read(&blob.sha256).await.unwrap() == *bytes);
            }
            blobs.check(&blob).await.unwrap();
            all.push(blob);
        }
        let mut listed: Vec<Blob> = blobs.list().try_collect().await.unwrap();
        listed.sort_by_key(|blob| blob.bytes);
        assert_eq!(listed, all);
        for blob in &all {
            blobs.remove(&blob.sha256).await.unwrap();
            blobs.remove(&blob.sha256).await.unwrap();
            assert_eq!(blobs.size(&blob.sha256).await.unwrap(), None);
            let gone = [
                blobs.read(&blob.sha256).await.unwrap_err(),
                store.local(&permit(), &blob.sha256).await.unwrap_err(),
                blobs.slice(&blob.sha256, 0..1).await.unwrap_err(),
            ];
            assert!(gone.iter().all(|error| error.code() == Code::BlobMissing), "{gone:?}");
        }
        assert_eq!(blobs.list().count().await, 0);
    }
}

#[tokio::test]
async fn nothing_takes_the_place_of_a_blob() {
    let bench = Bench::on_s3();
    let store = bench.store().await;
    let blob = store.put(b"hello".to_vec()).await.unwrap();
    let path = bench.blob_path(&blob.sha256);
    std::fs::write(&path, b"hell").unwrap();
    let other = store.put(b"hello".to_vec()).await.unwrap_err();
    assert_eq!(other.code(), Code::BlobCorrupt);
    assert_eq!(std::fs::read(&path).unwrap(), b"hell");
    // Many at once, of which each may be the one that creates it.
    let same = bytes(200_000, 1);
    let puts = futures::future::join_all((0..16).map(|_| store.put(same.clone()))).await;
    assert!(puts.iter().all(Result::is_ok), "{puts:?}");
    let large = bench.file("large", &bytes(17 * MB, 1));
    let puts = futures::future::join_all((0..3).map(|_| store.put_file(&large))).await;
    assert!(puts.iter().all(Result::is_ok), "{puts:?}");
    blobs(&store).check(puts[0].as_ref().unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_wait_for_a_blob_make_one_download() {
    let bench = Bench::on_s3();
    let blob = bench.store().await.put(bytes(5 * MB, 1)).await.unwrap();
    std::fs::remove_dir_all(bench.data().join("cache")).unwrap();
    let store = bench.store().await;
    let before = bench.bucket().unwrap().reads(&blob.sha256);
    let mut readers = tokio::task::JoinSet::new();
    for at in 0..40 {
        let (store, sha256) = (store.clone(), blob.sha256.clone());
        readers.spawn(async move {
            let start = at * 100_000;
            let part = blobs(&store).slice(&sha256, start..start + 1000).await.unwrap();
            assert!(*part == bytes(5 * MB, 1)[start as usize..][..1000]);
        });
    }
    readers.join_all().await;
    assert_eq!(bench.bucket().unwrap().reads(&blob.sha256) - before, 1);
    // A reader who goes away does not end it for those who come.
    std::fs::remove_dir_all(bench.data().join("cache")).unwrap();
    let reading = tokio::spawn({
        let (store, sha256) = (store.clone(), blob.sha256.clone());
        async move { blobs(&store).read(&sha256).await }
    });
    tokio::task::yield_now().await;
    reading.abort();
    assert_eq!(blobs(&store).read(&blob.sha256).await.unwrap().len(), 5 * MB);
    assert!(bench.bucket().unwrap().reads(&blob.sha256) - before <= 2);
}

#[tokio::test]
async fn ranges_of_what_is_large_go_through_and_are_not_kept() {
    let bench = Bench::on_s3();
    let large = bytes(20 * MB, 3);
    let file = bench.file("large", &large);
    let blob = bench.store().await.put_file(&file).await.unwrap();
    std::fs::remove_dir_all(bench.data().join("cache")).unwrap();
    let store = bench.store().await;
    for at in [0, 10 * MB, 20 * MB - 100] {
        let part = blobs(&store).slice(&blob.sha256, at as u64..at as u64 + 100).await.unwrap();
        assert_eq!(part, large[at..at + 100]);
    }
    assert!(copies(&bench).is_empty());
    // A child wants all of it; from then on it is here.
    assert_eq!(store.local(&permit(), &blob.sha256).await.unwrap().metadata().unwrap().len(), blob.bytes);
    let reads = bench.bucket().unwrap().reads(&blob.sha256);
    assert_eq!(blobs(&store).slice(&blob.sha256, 5..9).await.unwrap(), large[5..9]);
    assert_eq!((copies(&bench).len(), bench.bucket().unwrap().reads(&blob.sha256)), (1, reads));
}

#[tokio::test]
async fn what_is_damaged_reaches_nobody() {
    let bench = Bench::on_s3();
    let store = bench.store().await;
    let blob = store.put(bytes(100_000, 1)).await.unwrap();
    // A copy that has gone bad is fetched again.
    let mut bad = bytes(100_000, 1);
    bad[500] ^= 1;
    for _ in 0..2 {
        std::fs::write(copy(&bench, &blob.sha256), &bad).unwrap();
        let file = store.local(&permit(), &blob.sha256).await.unwrap();
        assert_eq!(std::fs::read(&*file).unwrap(), bytes(100_000, 1));
        std::fs::write(copy(&bench, &blob.sha256), &bad[..100]).unwrap();
        assert!(*blobs(&store).slice(&blob.sha256, 200..300).await.unwrap() == bytes(100_000, 1)[200..300]);
        std::fs::write(copy(&bench, &blob.sha256), &bad).unwrap();
        assert!(*blobs(&store).read(&blob.sha256).await.unwrap() == *bytes(100_000, 1));
    }
    // A store that gives other bytes than it was given.
    std::fs::remove_dir_all(bench.data().join("cache")).unwrap();
    std::fs::write(bench.blob_path(&blob.sha256), &bad).unwrap();
    let refused = [
        blobs(&store).read(&blob.sha256).await.unwrap_err(),
        blobs(&store).slice(&blob.sha256, 0..10).await.unwrap_err(),
        store.local(&permit(), &blob.sha256).await.unwrap_err(),
        blobs(&store).check(&blob).await.unwrap_err(),
    ];
    assert!(refused.iter().all(|error| error.code() == Code::BlobCorrupt), "{refused:?}");
    assert!(copies(&bench).is_empty());
}

#[tokio::test]
async fn the_cache_keeps_its_size_and_what_is_used() {
    let bench = Bench::on_s3();
    let location = Location { cache_bytes: 4 * MB as u64, ..bench.location() };
    let store = Store::open_at(&location).await.unwrap();
    let one = store.put(bytes(MB / 2, 1)).await.unwrap();
    let held = store.local(&permit(), &one.sha256).await.unwrap();
    let two = store.put(bytes(MB / 2, 2)).await.unwrap();
    let old = SystemTime::now() - Duration::from_hours(2);
    for (age, blob) in [(1, &one), (2, &two)] {
        let file = std::fs::File::options().write(true).open(copy(&bench, &blob.sha256)).unwrap();
        file.set_modified(old + Duration::from_secs(age)).unwrap();
    }
    // The older one of them is used once more.
    blobs(&store).slice(&one.sha256, 0..1).await.unwrap();
    for seed in 3..9 {
        store.put(bytes(MB / 2, seed)).await.unwrap();
        let all: u64 = copies(&bench).iter().map(|path| path.metadata().unwrap().len()).sum();
        assert!(all <= location.cache_bytes, "{all}");
    }
    assert!(copy(&bench, &one.sha256).exists() && !copy(&bench, &two.sha256).exists());
    // More than there is room for: all are there, and what is in use stays.
    for seed in 9..20 {
        store.put(bytes(MB / 2, seed)).await.unwrap();
    }
    assert!(!copy(&bench, &one.sha256).exists());
    assert_eq!(std::fs::read(&*held).unwrap(), bytes(MB / 2, 1));
    assert_eq!(blobs(&store).read(&two.sha256).await.unwrap(), bytes(MB / 2, 2));
    // What is larger than half of it is not kept, and a child has it all the same.
    let large = store.put(bytes(3 * MB, 1)).await.unwrap();
    assert_eq!(
        std::fs::read(&*store.local(&permit(), &large.sha256).await.unwrap()).unwrap(),
        bytes(3 * MB, 1)
    );
    assert!(!copy(&bench, &large.sha256).exists());
    let links = held.parent().unwrap().to_owned();
    drop(held);
    assert!(!links.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cache_may_be_deleted_while_it_is_used() {
    let bench = Bench::on_s3();
    let (here, there) = (bench.store().await, bench.store().await);
    let mut all = Vec::new();
    for seed in 0..10 {
        all.push(here.put(bytes(200_000, seed)).await.unwrap());
    }
    let cache = bench.data().join("cache");
    let deleting = tokio::task::spawn_blocking(move || {
        for _ in 0..200 {
            // What comes meanwhile makes a folder that is not empty.
            let _ = std::fs::remove_dir_all(&cache);
        }
    });
    let mut readers = tokio::task::JoinSet::new();
    for store in [here, there] {
        let all = all.clone();
        readers.spawn(async move {
            for round in 0..10 {
                for (seed, blob) in (0..).zip(&all) {
                    let file = store.local(&permit(), &blob.sha256).await.unwrap();
                    assert_eq!(std::fs::read(&*file).unwrap(), bytes(200_000, seed), "{round}");
                    let part = blobs(&store).slice(&blob.sha256, 7..99).await.unwrap();
                    assert!(*part == bytes(200_000, seed)[7..99]);
                }
            }
        });
    }
    readers.join_all().await;
    deleting.await.unwrap();
}

/// Every blob of the volume as that machine gives it.
async fn read_all(bench: &Bench, volume: &str) -> Manifest {
    let store = bench.store().await;
    let (_, manifest) = store.manifest_of(&permit(), volume).await.unwrap();
    for blob in manifest.derived().chain(manifest.received()) {
        assert_eq!(blobs(&store).read(&blob.sha256).await.unwrap().len() as u64, blob.bytes);
    }
    manifest
}

#[tokio::test(flavor = "multi_thread")]
async fn two_machines_on_one_database_and_bucket_both_take_in_and_read() {
    let Some(here) = Bench::on_postgres() else { return };
    let there = here.beside();
    for round in 0..2 {
        let mut running = Vec::new();
        for (bench, name, turned) in [(&here, "甲", "/Rotate 90"), (&there, "乙", "")] {
            let file = bench.file(&format!("{name}{round}.pdf"), &text_pdf(&numbered(2 + round), turned));
            // The same file at both too: whoever comes second finds it there.
            let same = bench.file(&format!("共{round}.pdf"), &text_pdf(&numbered(6 + round), ""));
            running.push(bench.ingest_command(&[file, same]).stdout(Stdio::null()).spawn().unwrap());
        }
        for mut child in running {
            assert!(tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap().success());
        }
        let volume = tokio::task::block_in_place(|| here.volume());
        let (one, two) = (read_all(&here, &volume).await, read_all(&there, &volume).await);
        assert_eq!(one, two);
        assert_eq!(one.materials.len(), 3 * (round + 1));
        for bench in [&here, &there] {
            let report = tokio::task::block_in_place(|| bench.json(&["verify", "--json"]));
            assert_eq!(report["problems"], serde_json::json!([]));
        }
    }
}

#[tokio::test]
async fn what_is_the_matter_with_a_bucket_is_told_apart() {
    let bench = Bench::on_s3();
    let bucket = bench.bucket().unwrap();
    let opened = async |url: BlobsUrl| {
        let location = Location { blobs: Some(url), ..bench.location() };
        Store::open_at(&location).await.unwrap_err()
    };
    let other = Bucket { name: "nowhere".into(), ..bucket.clone() };
    assert_eq!(opened(other.url()).await.fault(), Fault::NoBucket);
    let wrong =
        bench.file("credentials", b"[default]\naws_access_key_id=evolume\naws_secret_access_key=wrong\n");
    let denied = opened(Bucket { credentials: wrong, ..bucket.clone() }.url()).await;
    assert_eq!(denied.fault(), Fault::BlobsDenied, "{denied}");
    let nothing = Bucket { credentials: bench.data().join("nothing"), ..bucket.clone() };
    assert_eq!(opened(nothing.url()).await.fault(), Fault::Credentials);
    let gone = opened(
        Bucket { endpoint: "http://127.0.0.1:9".into(), options: "&retries=1".into(), ..bucket.clone() }
            .url(),
    )
    .await;
    assert_eq!((gone.fault(), gone.code()), (Fault::BlobsUnreachable, Code::StoreUnreachable), "{gone}");
    for url in ["s3://", "gs://court/files", "s3://court?secret_access_key=x"] {
        let error = opened(url.into()).await;
        assert!(matches!(error, StoreError::BlobsAddress), "{url}: {error}");
    }
}

/// By the variables of the environment, as everybody gives them to other programs; and nothing of them is shown.
#[test]
fn the_usual_variables_are_understood_and_not_shown() {
    let bench = Bench::on_s3();
    let bucket = bench.bucket().unwrap();
    let run = |secret: &str, arguments: &[&str]| {
        let mut command = evolume();
        command.env("EVOLUME_BLOBS", format!("s3://{}/files", bucket.name)).env("EVOLUME_LOG", "trace");
        command.env("AWS_ENDPOINT_URL", &bucket.endpoint).env("AWS_REGION", "cn-north-1").env("LC_ALL", "C");
        command.env("AWS_ACCESS_KEY_ID", s3::KEY.0).env("AWS_SECRET_ACCESS_KEY", secret);
        let output = command.args(arguments).arg("--data").arg(bench.data()).output().unwrap();
        let shown = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(shown).unwrap())
    };
    let file = bench.file("a.pdf", &text_pdf(&numbered(2), ""));
    let ingest = ["ingest", "--case", "1", "--volume", "正卷", file.to_str().unwrap()];
    let (code, shown) = run(s3::KEY.1, &ingest);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("object_store") || shown.contains("hyper"), "nothing was logged of the client");
    let (code, more) = run(s3::KEY.1, &["verify"]);
    assert_eq!(code, Some(0), "{more}");
    let (code, denied) = run("a-wrong-secret", &["list"]);
    assert!(code == Some(2) && denied.contains("blobs.denied"), "{denied}");
    for shown in [shown, more, denied] {
        assert!(!shown.contains(s3::KEY.1) && !shown.contains("a-wrong-secret"));
    }
    let mut command = evolume();
    command.env("EVOLUME_BLOBS", format!("s3://{}/files", bucket.name)).env("HOME", bench.folder.path());
    for variable in ["AWS_ACCESS_KEY_ID", "AWS_SHARED_CREDENTIALS_FILE"] {
        command.env_remove(variable);
    }
    let output =
        command.env("LC_ALL", "zh_CN.UTF-8").arg("list").arg("--data").arg(bench.data()).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("［blobs.credentials］"));
}
