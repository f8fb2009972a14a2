//! The store on each database that is here: the same outcomes, also with several servers at once.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::time::{Duration, Instant};

use crate::common::{Bench, permit};
use evolume_annotations::key::{DocKey, Scope};
use evolume_model::code::Code;
use evolume_model::volume::{Manifest, VolumeClass};
use evolume_server::store::{
    Change, Fault, Location, Moment, ReadPage, SESSION_LIFETIME, Save, Store, StoreError, Target, Turn,
};

fn save(byte: u8, replicas: &[u64]) -> Save {
    Save { update: vec![byte], author: "p".into(), replicas: replicas.to_vec() }
}

fn target(case: &str, volume: &str) -> Target {
    Target {
        case_number: case.into(),
        case_title: Some("合同纠纷".into()),
        court: None,
        volume_title: volume.into(),
        class: VolumeClass::Main,
    }
}

fn panel() -> DocKey {
    DocKey::of_volume("v", "panel")
}

#[tokio::test]
async fn an_update_of_a_server_that_is_behind_is_refused() {
    for bench in Bench::on_each() {
        let (store, key) = (bench.store().await, panel());
        assert_eq!(store.document(&permit(), &key).await.unwrap().1, 0);
        store.append_update(&key, 1, 0, &save(1, &[7])).await.unwrap();
        store.append_update(&key, 2, 0, &save(2, &[])).await.unwrap();
        // The number is taken.
        let taken = store.append_update(&key, 2, 0, &save(9, &[8])).await;
        assert!(matches!(taken, Err(StoreError::Superseded)));
        store.compact(&key, 2, b"two").await.unwrap();
        // The number is free, and yet not.
        let late = store.append_update(&key, 1, 0, &save(9, &[8])).await;
        assert!(matches!(late, Err(StoreError::Superseded)));
        store.append_update(&key, 3, 0, &save(3, &[])).await.unwrap();
        // An older snapshot does not take a newer one's place.
        store.compact(&key, 1, b"one").await.unwrap();
        let (stored, seq) = store.document(&permit(), &key).await.unwrap();
        assert_eq!((stored.updates, seq), (vec![b"two".to_vec(), vec![3]], 3));
        assert_eq!(stored.replicas, [(7, "p".to_owned())].into());
    }
}

#[tokio::test]
async fn documents_of_a_case_and_of_a_volume_are_apart() {
    for bench in Bench::on_each() {
        let store = bench.store().await;
        let volume = DocKey::of_volume("one", "notes");
        let case = DocKey { scope: Scope::Case("one".into()), name: "notes".into() };
        store.append_update(&volume, 1, 0, &save(1, &[7])).await.unwrap();
        store.append_update(&case, 1, 0, &save(2, &[7])).await.unwrap();
        store.compact(&case, 1, b"case").await.unwrap();
        assert_eq!(store.document(&permit(), &volume).await.unwrap().0.updates, [[1]]);
        assert_eq!(store.document(&permit(), &case).await.unwrap().0.updates, [b"case"]);
    }
}

#[tokio::test]
async fn history_keeps_numbers_authors_and_times() {
    for bench in Bench::on_each() {
        let (store, key) = (bench.store().await, panel());
        let now = 1_790_000_000_123;
        for seq in 1..=5 {
            store.append_update(&key, seq, now + seq.unsigned_abs(), &save(seq as u8, &[])).await.unwrap();
        }
        store.compact(&key, 3, b"three").await.unwrap();
        let changes = store.document_at(&permit(), &key, Moment::Time(now + 4)).await.unwrap();
        let expected: Vec<Change> = (1..=4_u8)
            .map(|seq| Change {
                seq: seq.into(),
                at: now + u64::from(seq),
                author: "p".into(),
                update: vec![seq],
            })
            .collect();
        assert_eq!(changes, expected);
        let chunks = store.chunks(&permit()).await.unwrap();
        assert_eq!(chunks.iter().map(|chunk| (chunk.first, chunk.last)).collect::<Vec<_>>(), [(1, 3)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_servers_that_write_the_same_number_one_does() {
    const SERVERS: u64 = 6;
    for bench in Bench::on_each() {
        let key = panel();
        let mut stores = Vec::new();
        for _ in 0..SERVERS {
            stores.push(bench.store().await);
        }
        for seq in 1..=10 {
            let mut tries = tokio::task::JoinSet::new();
            for (server, store) in (0..).zip(&stores) {
                let (store, key) = (store.clone(), key.clone());
                tries.spawn(async move {
                    let done = store.append_update(&key, seq, 0, &save(server, &[])).await;
                    // While others still try: what has gone into the archive is taken too.
                    let snapshot =
                        if done.is_ok() { store.compact(&key, seq, &[server]).await } else { Ok(()) };
                    (server, done, snapshot)
                });
            }
            let mut winners = Vec::new();
            for (server, done, snapshot) in tries.join_all().await {
                snapshot.unwrap();
                match done {
                    Ok(()) => winners.push(server),
                    Err(StoreError::Superseded) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            assert_eq!(winners.len(), 1, "update {seq}");
            let (stored, last) = stores[0].document(&permit(), &key).await.unwrap();
            assert_eq!((stored.updates, last), (vec![winners], seq));
        }
        let changes = stores[0].document_at(&permit(), &key, Moment::Seq(10)).await.unwrap();
        assert_eq!(changes.iter().map(|change| change.seq).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_start_together_make_one_database_and_one_volume() {
    for bench in Bench::on_each() {
        let mut starts = tokio::task::JoinSet::new();
        for number in 0..6 {
            let location = bench.location();
            starts.spawn(async move {
                let store = Store::open_at(&location).await.unwrap();
                let own = store.ensure_volume(&target("（2026）1", &format!("卷{number}"))).await.unwrap();
                (own, store.ensure_volume(&target("（2026）1", "正卷")).await.unwrap())
            });
        }
        let made = starts.join_all().await;
        assert!(made.iter().all(|(own, shared)| *shared == made[0].1 && own != shared));
        let cases = bench.store().await.cases(&permit()).await.unwrap();
        assert_eq!((cases.len(), cases[0].volumes.len()), (1, 7));
        assert_eq!(cases[0].title, "合同纠纷");
    }
}

#[tokio::test]
async fn cases_are_sorted_by_their_numbers_characters() {
    for bench in Bench::on_each() {
        let store = bench.store().await;
        for number in ["b", "（2026）2", "B", "a", "（2026）10"] {
            store.ensure_volume(&target(number, "正卷")).await.unwrap();
        }
        let cases = store.cases(&permit()).await.unwrap();
        let numbers: Vec<_> = cases.iter().map(|case| case.number.as_str()).collect();
        assert_eq!(numbers, ["B", "a", "b", "（2026）10", "（2026）2"]);
    }
}

#[tokio::test]
async fn two_at_once_both_count_and_what_changes_nothing_is_no_revision() {
    for bench in Bench::on_each() {
        let store = bench.store().await;
        let volume = store.ensure_volume(&target("（2026）1", "正卷")).await.unwrap();
        let permit = permit();
        let old = store.put(b"old".to_vec()).await.unwrap();
        let mut others = 0;
        store
            .revise(&permit, &volume, async |manifest| {
                // Another one publishes between the reading and the publishing of this one, twice.
                if others < 2 {
                    others += 1;
                    let title = format!("{}{others}", manifest.title);
                    let other = async |theirs: &mut Manifest| {
                        theirs.title.clone_from(&title);
                        theirs.bundle = Some(old.clone());
                        Ok::<_, StoreError>(())
                    };
                    Box::pin(store.revise(&permit, &volume, other)).await?;
                }
                manifest.case_title.push('!');
                manifest.bundle = None;
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let (revision, manifest) = store.manifest_of(&permit, &volume).await.unwrap();
        assert_eq!((revision, manifest.revision), (3, 3));
        assert_eq!((manifest.title.as_str(), manifest.case_title.as_str()), ("正卷12", "合同纠纷!"));
        assert_eq!(store.superseded(&permit, &volume, &old.sha256).await.unwrap(), Some(3));
        store.revise(&permit, &volume, async |_| Ok::<_, StoreError>(())).await.unwrap();
        assert_eq!(store.manifest_of(&permit, &volume).await.unwrap().0, 3);
        let nothing = store.revise(&permit, "another", async |_| Ok::<_, StoreError>(())).await;
        assert!(matches!(nothing, Err(StoreError::NoVolume)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_of_several_servers_all_count() {
    for bench in Bench::on_each() {
        let volume = bench.store().await.ensure_volume(&target("（2026）1", "正卷")).await.unwrap();
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (store, volume) = (bench.store().await, volume.clone());
            writers.spawn(async move {
                for _ in 0..5 {
                    let add = async |manifest: &mut Manifest| {
                        manifest.title.push('+');
                        Ok::<_, StoreError>(())
                    };
                    store.revise(&permit(), &volume, add).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let (revision, manifest) = bench.store().await.manifest_of(&permit(), &volume).await.unwrap();
        assert_eq!((revision, manifest.title), (20, format!("正卷{}", "+".repeat(20))));
    }
}

#[tokio::test]
async fn sessions_and_pages_that_were_read() {
    for bench in Bench::on_each() {
        let store = bench.store().await;
        let now = 1_790_000_000_000;
        store.insert_session("one", "p1", "王法官", now).await.unwrap();
        let found = store.session("one", now + SESSION_LIFETIME).await.unwrap();
        assert_eq!(found, Some(("p1".into(), "王法官".into())));
        assert_eq!(store.session("one", now + SESSION_LIFETIME + 1).await.unwrap(), None);
        // The next one that begins takes those with it that are over.
        store.insert_session("two", "p2", "李法官", now + SESSION_LIFETIME + 1).await.unwrap();
        assert_eq!(store.session("one", now).await.unwrap(), None);
        store.delete_session("two").await.unwrap();
        assert_eq!(store.session("two", now).await.unwrap(), None);

        let page = ReadPage { scan: "{\"a\": \"\\u0000\"}".into(), text: vec![0, 1, 255] };
        for source in ["one", "two", "three"] {
            store.keep_ocr_page(source, &page).await.unwrap();
        }
        let other = ReadPage { scan: "{}".into(), text: Vec::new() };
        store.keep_ocr_page("one", &other).await.unwrap();
        assert_eq!(store.ocr_page("one").await.unwrap(), Some(page.clone()));
        store.drop_ocr_pages(&["one".into(), "three".into(), "four".into()]).await.unwrap();
        assert_eq!(store.ocr_page("one").await.unwrap(), None);
        assert_eq!(store.ocr_page("two").await.unwrap(), Some(page));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_turn_to_read_is_one_programs_at_a_time() {
    for bench in Bench::on_each() {
        let (one, two) = (bench.store().await, bench.store().await);
        let held = Turn::try_take(&one).await.unwrap().unwrap();
        assert!(Turn::try_take(&two).await.unwrap().is_none());
        let waiting = tokio::spawn(async move { Turn::take(&two).await.map(|turn| (turn, two)) });
        drop(held);
        let (_turn, _two) = waiting.await.unwrap().unwrap();
        assert!(Turn::try_take(&one).await.unwrap().is_none());
    }
}

/// One statement on the database, behind the store's back.
pub async fn behind(bench: &Bench, statement: &'static str) {
    match bench.database() {
        Some(url) => {
            // Also where the database has been made read-only.
            let url = format!("{}&options[default_transaction_read_only]=off", url.secret());
            let pool = sqlx::PgPool::connect(&url).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
            pool.close().await;
        }
        None => {
            let url = format!("sqlite://{}", bench.data().join("evolume.sqlite").display());
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}

#[tokio::test]
async fn a_newer_database_is_named_and_left_alone() {
    for bench in Bench::on_each() {
        drop(bench.store().await);
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'of the future', true, '', 0)";
        behind(&bench, newer).await;
        behind(&bench, "ALTER TABLE volumes RENAME TO folders").await;
        let error = bench.try_store().await.unwrap_err();
        assert_eq!(error.fault(), Fault::Newer, "{error}");
        behind(&bench, "SELECT id FROM folders").await;
    }
}

#[tokio::test]
async fn what_is_the_matter_with_postgres_is_told_apart() {
    let Some(bench) = Bench::on_postgres() else { return };
    let store = bench.store().await;
    let opened = async |change: &dyn Fn(&str) -> String| {
        let url = change(bench.database().unwrap().secret()).into();
        Store::open_at(&Location { database: Some(url), ..bench.location() }).await.unwrap_err()
    };
    let begun = Instant::now();
    let gone = opened(&|url| url.replace("host=/", "host=/nothing/")).await;
    assert_eq!((gone.fault(), gone.code()), (Fault::Unreachable, Code::StoreUnreachable), "{gone}");
    assert!(begun.elapsed() < Duration::from_secs(15));
    let nothing = opened(&|url| url.replace("localhost/t", "localhost/nothing")).await;
    assert_eq!(nothing.fault(), Fault::Denied, "{nothing}");
    assert_eq!(opened(&|_| "mysql://localhost/t".into()).await.fault(), Fault::Address);
    behind(&bench, "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        .await;
    let latin = opened(&|url| {
        let (head, tail) = url.split_once('?').unwrap();
        format!("{}/latin?{tail}", head.rsplit_once('/').unwrap().0)
    });
    assert_eq!(latin.await.fault(), Fault::Encoding);

    // Read-only from the next session on, and the sessions that there are end.
    behind(&bench, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$").await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    behind(&bench, others).await;
    let refused = store.append_update(&panel(), 1, 0, &save(1, &[])).await.unwrap_err();
    assert_eq!((refused.fault(), refused.code()), (Fault::ReadOnly, Code::StoreReadOnly), "{refused}");
    assert_eq!(store.document(&permit(), &panel()).await.unwrap().1, 0);
    // When it takes writes again, work goes on by itself.
    behind(&bench, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET ALL', current_database()); END $$")
        .await;
    behind(&bench, others).await;
    store.append_update(&panel(), 1, 0, &save(1, &[])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_there_however_often_the_connection_is_cut() {
    let Some(bench) = Bench::on_postgres() else { return };
    let (store, key) = (bench.store().await, panel());
    let pool = sqlx::PgPool::connect(bench.database().unwrap().secret()).await.unwrap();
    let cuts = tokio::spawn(async move {
        let cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE datname = current_database() AND query NOT LIKE '%pg_terminate_backend%'";
        let mut cuts = 0;
        while cuts < 20 {
            cuts += sqlx::query_scalar::<_, i64>(cut).fetch_one(&pool).await.unwrap().min(1);
        }
    });
    let (mut next, mut acknowledged, mut failed) = (1, Vec::new(), 0);
    while !cuts.is_finished() || acknowledged.len() < 20 {
        match store.append_update(&key, next, 0, &save(1, &[])).await {
            Ok(()) => acknowledged.push(next),
            Err(error) => {
                // Cut after the commit and before the answer: it is there and was not acknowledged.
                let told = matches!(error, StoreError::Superseded) || error.fault() == Fault::Unreachable;
                assert!(told, "{error}");
                failed += 1;
            }
        }
        if let Ok(last) = store.last_update(&key).await {
            next = last + 1;
        }
    }
    cuts.await.unwrap();
    let kept = store.document_at(&permit(), &key, Moment::Seq(i64::MAX)).await.unwrap();
    let kept: Vec<i64> = kept.iter().map(|change| change.seq).collect();
    assert!(acknowledged.iter().all(|seq| kept.binary_search(seq).is_ok()));
    eprintln!("{} acknowledged, {} kept, {failed} cut off", acknowledged.len(), kept.len());
}

/// Prints what both take, side by side.
#[tokio::test]
async fn how_long_updates_take() {
    const UPDATES: i64 = 500;
    for bench in Bench::on_each() {
        let (store, key) = (bench.store().await, panel());
        let begun = Instant::now();
        for seq in 1..=UPDATES {
            store.append_update(&key, seq, 0, &save(1, &[seq.unsigned_abs()])).await.unwrap();
        }
        let written = begun.elapsed();
        for _ in 0..20 {
            assert_eq!(store.document(&permit(), &key).await.unwrap().1, UPDATES);
        }
        let read = begun.elapsed() - written;
        let kind = if bench.database().is_some() { "PostgreSQL" } else { "SQLite" };
        eprintln!("{kind}: {UPDATES} updates written in {written:?}, read twenty times in {read:?}");
    }
}
