//! The life of a blob: what is named is there, what nothing names goes, and a growing volume's manifests share what
//! they have in common.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::cell::Cell;
use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};

use evolume_model::category::Category;
use evolume_model::geometry::Rotation;
use evolume_model::volume::{Blob, Manifest, Material, Page, Part, SHEET_PAGES, Sheet, Unseen, VolumeClass};
use evolume_server::store::{Keep, Store, StoreError, Target};
use evolume_server::verify;
use futures::TryStreamExt;
use rand::Rng;
use rand::seq::IndexedRandom;

use crate::common::{Bench, numbered, permit, revise, text_pdf};

const DAY: Duration = Duration::from_hours(24);

/// Nothing is spared for its age. A file system's clock stands still between two ticks, a bucket's for a second.
fn nothing(bench: &Bench) -> Keep {
    let skew = Duration::from_millis(if bench.bucket().is_some() { 1_200 } else { 50 });
    Keep { superseded: Duration::ZERO, young: Duration::ZERO, skew }
}

/// Until what has been put is old.
async fn grow_old(bench: &Bench) {
    tokio::time::sleep(2 * nothing(bench).skew).await;
}

fn target(volume: &str) -> Target {
    Target {
        case_number: "（2026）1".into(),
        case_title: None,
        court: None,
        volume_title: volume.into(),
        class: VolumeClass::Main,
    }
}

fn blob(name: String) -> Blob {
    Blob { sha256: evolume_server::store::sha256(name.as_bytes()), bytes: name.len() as u64 }
}

/// A material as ingest makes them, of blobs that are named only.
fn material(number: usize, count: u32) -> Material {
    let page = |_| Page {
        width: 595.276,
        height: 841.89,
        rotation: Rotation::None,
        label: None,
        image: None,
        problem: None,
        scan: None,
        text: None,
    };
    let sheet = |at: u32| {
        let ends: Vec<u32> = (1..=SHEET_PAGES.min(count - at * SHEET_PAGES)).map(|end| end * 9_876).collect();
        Sheet {
            previews: blob(format!("previews {number} {at}")),
            preview_ends: ends.clone(),
            texts: blob(format!("texts {number} {at}")),
            text_ends: ends,
            thumbs: blob(format!("thumbs {number} {at}")),
        }
    };
    let part = |at: u32| Part {
        first: at * 32,
        count: 32.min(count - at * 32),
        offset: 0,
        blob: blob(format!("part {number} {at}")),
        fonts: Vec::new(),
    };
    Material {
        id: format!("{number:032x}"),
        title: format!("证据材料之{number}"),
        category: Category::Other,
        original: blob(format!("original {number}")),
        media_type: "application/pdf".into(),
        file_name: format!("证据材料之{number}.pdf"),
        origin: None,
        unseen: Unseen::default(),
        converted: None,
        repaired: false,
        recording: None,
        pages: (0..count).map(page).collect(),
        parts: (0..count.div_ceil(32)).map(part).collect(),
        sheets: (0..count.div_ceil(SHEET_PAGES)).map(sheet).collect(),
        outline: Vec::new(),
        navigation: None,
        index: None,
        fonts: Vec::new(),
    }
}

async fn stored(store: &Store) -> (u64, u64) {
    let blobs: Vec<Blob> = store.blobs(&permit()).list().try_collect().await.unwrap();
    (blobs.len() as u64, blobs.iter().map(|blob| blob.bytes).sum())
}

/// With files of 80 pages, as in a volume of 40,000, the share is smaller still.
#[tokio::test]
async fn manifests_of_a_growing_volume_keep_less_than_twice_the_last() {
    const FILES: usize = 500;
    let pages = std::env::var("EVOLUME_TEST_PAGES").map_or(40, |pages| pages.parse().unwrap());
    let bench = Bench::new();
    let store = bench.store().await;
    let volume = store.ensure_volume(&target("正卷")).await.unwrap();
    for number in 0..FILES {
        revise(&store, &volume, |manifest| manifest.materials.push(material(number, pages))).await;
    }
    let current = store.current(&volume).await.unwrap().unwrap();
    let (json, manifest) = store.manifest(&permit(), &current.manifest).await.unwrap();
    assert_eq!((manifest.materials.len(), manifest.page_count()), (FILES, FILES * pages as usize));
    let (blobs, bytes) = stored(&store).await;
    eprintln!(
        "{} pages in {FILES} files: {bytes} bytes in {blobs} blobs, {:.2} times the last manifest",
        manifest.page_count(),
        bytes as f64 / json.len() as f64
    );
    assert!(bytes < 2 * json.len() as u64);

    // Whoever has an earlier revision open has all of it.
    let (_, whole) = store.manifest(&permit(), &current.manifest).await.unwrap();
    revise(&store, &volume, |manifest| drop(manifest.materials.remove(7))).await;
    assert_eq!(store.manifest(&permit(), &current.manifest).await.unwrap().1, whole);
    let now = store.manifest_of(&permit(), &volume).await.unwrap().1;
    assert_eq!(now.materials, [&whole.materials[..7], &whole.materials[8..]].concat());
    // And when nobody may any more, only the last one is left.
    grow_old(&bench).await;
    store.collect(&permit(), nothing(&bench), false).await.unwrap();
    let (_, left) = stored(&store).await;
    eprintln!("{left} bytes once the earlier ones are gone");
    assert!(left < json.len() as u64 * 5 / 4);
    assert_eq!(store.manifest_of(&permit(), &volume).await.unwrap().1, now);
}

#[tokio::test]
async fn what_nothing_names_goes_and_all_else_stays() {
    for bench in Bench::on_each() {
        let store = bench.store().await;
        let volume = store.ensure_volume(&target("正卷")).await.unwrap();
        let put = async |text: &str| store.put(text.as_bytes().to_vec()).await.unwrap();
        let [first, second, stray] = [put("first").await, put("second").await, put("stray").await];
        revise(&store, &volume, |manifest| manifest.bundle = Some(first.clone())).await;
        revise(&store, &volume, |manifest| manifest.bundle = Some(second.clone())).await;
        let there = async |blob: &Blob| store.blobs(&permit()).size(&blob.sha256).await.unwrap().is_some();

        // As the command line has it, everything is too young.
        let done = store.collect(&permit(), Keep::days(90), false).await.unwrap();
        assert_eq!((done.blobs, done.removed), (6, 0));
        grow_old(&bench).await;
        // One that works keeps what came after it began, named or not.
        let working = store.working().await.unwrap();
        let late = working.put(b"late".to_vec()).await.unwrap();
        grow_old(&bench).await;
        let keep = Keep { superseded: DAY, ..nothing(&bench) };
        let counted = store.collect(&permit(), keep, true).await.unwrap();
        assert_eq!((counted.removed, there(&stray).await), (1, true));
        let done = store.collect(&permit(), keep, false).await.unwrap();
        assert_eq!((done.removed, done.freed), (1, 5));
        assert!(!there(&stray).await && there(&first).await && there(&second).await && there(&late).await);
        let report = verify::run(&store, &permit()).await.unwrap();
        assert_eq!((report.problems, report.surplus, report.surplus_bytes), (vec![], 1, 4));

        // What is superseded goes after its time, and with it the leave to read it.
        assert!(store.superseded(&permit(), &volume, &first.sha256).await.unwrap().is_some());
        working.done().await;
        grow_old(&bench).await;
        let done = store.collect(&permit(), nothing(&bench), false).await.unwrap();
        assert_eq!(done.removed, 4, "first, late, and two manifests");
        assert!(store.superseded(&permit(), &volume, &first.sha256).await.unwrap().is_none());
        assert_eq!(verify::run(&store, &permit()).await.unwrap().surplus, 0);
        assert!(there(&second).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_collects_at_a_time_and_none_beside_a_copy() {
    for bench in Bench::on_each() {
        let store = bench.store().await;
        let copying = store.copying().await.unwrap();
        let refused = store.collect(&permit(), nothing(&bench), false).await;
        assert!(matches!(refused, Err(StoreError::Collecting)));
        copying.done().await;
        store.collect(&permit(), nothing(&bench), false).await.unwrap();
    }
}

/// A material that names these blobs and nothing else that is not there.
fn naming(blobs: &[Blob]) -> Material {
    let mut material = material(1, 0);
    material.original = blobs[0].clone();
    let part = |(at, blob): (usize, &Blob)| Part {
        first: at as u32,
        count: 1,
        offset: 0,
        blob: blob.clone(),
        fonts: Vec::new(),
    };
    material.parts = blobs.iter().enumerate().map(part).collect();
    material
}

/// Writers take from few contents, so that what one drops another one wants; all of it is old at once. Writers and
/// collectors are cut off wherever they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_that_is_named_is_ever_missing() {
    const WRITERS: usize = 6;
    const ROUNDS: usize = 40;
    for bench in Bench::on_each() {
        let mut writers = Vec::new();
        for number in 0..WRITERS {
            let store = bench.store().await;
            let volume = store.ensure_volume(&target(&format!("卷{number}"))).await.unwrap();
            writers.push(async move {
                for round in 0..ROUNDS {
                    let limit = Duration::from_millis(rand::rng().random_range(2..60));
                    if rand::rng().random_bool(0.3) {
                        drop(tokio::time::timeout(limit, write(&store, &volume)).await);
                    } else {
                        write(&store, &volume).await;
                    }
                    let manifest = store.manifest_of(&permit(), &volume).await.unwrap().1;
                    for blob in manifest.derived().chain(manifest.received()) {
                        let size = store.blobs(&permit()).size(&blob.sha256).await.unwrap();
                        assert_eq!(size, Some(blob.bytes), "writer {number}, round {round}");
                    }
                }
            });
        }
        let (store, written) = (bench.store().await, Cell::new(false));
        let mut removed = (0, 0, 0);
        let collect = async {
            while !written.get() {
                let cut = rand::rng().random_bool(0.3);
                let limit =
                    if cut { Duration::from_millis(rand::rng().random_range(1..150)) } else { Duration::MAX };
                match tokio::time::timeout(limit, store.collect(&permit(), nothing(&bench), false)).await {
                    Ok(Ok(done)) => {
                        removed = (removed.0 + 1, removed.1 + done.removed, removed.2 + done.claimed);
                    }
                    Ok(Err(StoreError::Collecting)) => {}
                    Ok(Err(error)) => panic!("{error}"),
                    // Nobody waits a minute here until its lease has ended, but for what it had begun to remove.
                    Err(_) => {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                        end_leases(&bench, "collect").await;
                    }
                }
            }
        };
        let write = async {
            futures::future::join_all(writers).await;
            written.set(true);
        };
        tokio::join!(write, collect);
        assert_eq!(verify::run(&store, &permit()).await.unwrap().problems, []);
        eprintln!("{} collections removed {} and found {} wanted again", removed.0, removed.1, removed.2);
        assert!(removed.1 > 0);
    }
}

async fn write(store: &Store, volume: &str) {
    let store = store.working().await.unwrap();
    let contents: Vec<u32> = (0..30).collect();
    let chosen: BTreeSet<u32> = contents.choose_multiple(&mut rand::rng(), 5).copied().collect();
    let mut blobs = Vec::new();
    for content in chosen {
        blobs.push(store.put(format!("content {content}").into_bytes()).await.unwrap());
    }
    let pause = Duration::from_millis(rand::rng().random_range(0..30));
    tokio::time::sleep(pause).await;
    revise(&store, volume, |manifest: &mut Manifest| manifest.materials = vec![naming(&blobs)]).await;
    store.done().await;
}

async fn end_leases(bench: &Bench, purpose: &'static str) {
    let ended = if purpose == "collect" {
        "DELETE FROM leases WHERE purpose = 'collect'"
    } else {
        "DELETE FROM leases"
    };
    bench.behind(ended).await;
}

/// Whole programs, killed: one takes files in whose blobs are there already, old and named by nothing; the other is
/// about to remove them.
#[tokio::test(flavor = "multi_thread")]
async fn programs_that_are_killed_lose_nothing_that_is_named() {
    const ROUNDS: usize = 3;
    for bench in Bench::on_each() {
        let files: Vec<_> = (0..3)
            .map(|n| bench.file(&format!("{n}.pdf"), &text_pdf(&numbered(n + 2), &format!("/N {n}"))))
            .collect();
        assert_eq!(bench.ingest(&files, &[]).0, 0);
        for round in 0..ROUNDS {
            // The volumes are forgotten, and their blobs grow old.
            bench.behind("DELETE FROM volumes").await;
            bench.behind("DELETE FROM superseded").await;
            end_leases(&bench, "all").await;
            let old = SystemTime::now() - 3 * DAY;
            for entry in walkdir::WalkDir::new(bench.blobs_folder()) {
                let entry = entry.unwrap();
                if entry.path().is_file() {
                    std::fs::File::options()
                        .write(true)
                        .open(entry.path())
                        .unwrap()
                        .set_modified(old)
                        .unwrap();
                }
            }
            let start = |mut command: std::process::Command| -> Child {
                command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            };
            let mut ingest = start(bench.ingest_command(&files));
            let mut collector = bench.evolume();
            collector.args(["gc", "--keep-days", "1"]);
            let mut collector = start(collector);
            let wait = Duration::from_millis(rand::rng().random_range(20..1500));
            tokio::time::sleep(wait).await;
            match round % 3 {
                0 => ingest.kill().unwrap(),
                1 => collector.kill().unwrap(),
                _ => {}
            }
            ingest.wait().unwrap();
            collector.wait().unwrap();
            assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]), "round {round}");
            // A collector that is dead holds nobody up once its lease has ended.
            end_leases(&bench, "all").await;
            let (code, outcomes) = bench.ingest(&files, &[]);
            assert_eq!(code, 0, "{outcomes:?}");
            assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]), "round {round}");
            assert_eq!(bench.manifest().materials.len(), files.len());
        }
    }
}
