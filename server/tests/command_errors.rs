//! A command that fails says so in one plain sentence, with what to do and a stable code, in the language of
//! whoever runs it.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use crate::common::{Bench, evolume, numbered, text_pdf};

fn run(arguments: &[&str], data: &Path, locale: &str) -> Output {
    let mut command = evolume();
    command.args(arguments).arg("--data").arg(data);
    command.env("LC_ALL", locale).env_remove("EVOLUME_LOG").output().unwrap()
}

/// One line, and exit code 2.
#[track_caller]
fn sentence(output: &Output) -> String {
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(!told.starts_with('{') && !told.contains("ERROR"), "{told} is a line of a log");
    told
}

#[test]
fn a_port_in_use_is_named() {
    let bench = Bench::new();
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let serve = ["serve", "--no-ocr", "--port", &port];
    let english = sentence(&run(&serve, &bench.data(), "C.UTF-8"));
    assert!(english.starts_with(&format!("Port {port} is in use.")), "{english}");
    assert!(english.contains("--port") && english.contains("[port.in_use]"), "{english}");
    let chinese = sentence(&run(&serve, &bench.data(), "zh_CN.UTF-8"));
    assert!(chinese.starts_with(&format!("端口 {port} 已被占用")), "{chinese}");
    assert!(chinese.contains("port.in_use"), "{chinese}");
}

#[test]
fn a_data_folder_that_is_none_is_named() {
    let bench = Bench::new();
    let file = bench.file("data", b"no folder");
    for command in [&["list"][..], &["serve", "--no-ocr", "--port", "0"], &["verify"]] {
        let told = sentence(&run(command, &file, "C.UTF-8"));
        assert!(told.contains(file.to_str().unwrap()) && told.contains("[data.forbidden]"), "{told}");
    }
    let chinese = sentence(&run(&["list"], &file, "zh_CN.UTF-8"));
    assert!(chinese.contains("数据目录") && chinese.contains("--data"), "{chinese}");
}

#[test]
fn a_damaged_database_and_one_of_a_newer_version_are_told_apart() {
    let bench = Bench::new();
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(1), ""))], &[]);
    let database = bench.data().join("evolume.sqlite");
    let newer = async {
        let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", database.display())).await.unwrap();
        let query = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'of the future', 1, x'00', 0)";
        sqlx::query(query).execute(&pool).await.unwrap();
        pool.close().await;
    };
    tokio::runtime::Runtime::new().unwrap().block_on(newer);
    let told = sentence(&run(&["list"], &bench.data(), "C.UTF-8"));
    assert!(told.contains("newer version") && told.contains("[data.newer]"), "{told}");

    for beside in ["evolume.sqlite-wal", "evolume.sqlite-shm"] {
        // They are there only while somebody has the database open.
        drop(std::fs::remove_file(bench.data().join(beside)));
    }
    std::fs::write(&database, b"this was a database once, and is one no more".repeat(100)).unwrap();
    let told = sentence(&run(&["list"], &bench.data(), "C.UTF-8"));
    assert!(told.contains("damaged") && told.contains("[data.corrupt]"), "{told}");
}

#[test]
fn a_database_that_cannot_be_had_is_named_without_its_password() {
    let bench = Bench::new();
    let gone = ["list", "--database", "postgres://evolume:secret@127.0.0.1:1/files"];
    let told = sentence(&run(&gone, &bench.data(), "C.UTF-8"));
    assert!(
        told.contains("postgres://127.0.0.1:1/files") && told.contains("[database.unreachable]"),
        "{told}"
    );
    assert!(!told.contains("secret"), "{told}");
    let wrong = ["list", "--database", "mysql://evolume:secret@127.0.0.1:1/files"];
    let told = sentence(&run(&wrong, &bench.data(), "zh_CN.UTF-8"));
    assert!(told.contains("数据库地址") && told.contains("database.address"), "{told}");
    assert!(!told.contains("secret"), "{told}");
    let elsewhere = format!("sqlite:{}", bench.folder.path().join("else.sqlite").display());
    let output = run(&["list", "--database", &elsewhere], &bench.data(), "C.UTF-8");
    assert!(output.status.success());
    assert!(bench.folder.path().join("else.sqlite").is_file());
    assert!(!bench.data().join("evolume.sqlite").exists());
}

#[test]
fn what_cannot_be_found_or_looked_for_is_said() {
    let bench = Bench::new();
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(1), ""))], &[]);
    let told = sentence(&run(&["search", "--volume", "副卷", "page"], &bench.data(), "C.UTF-8"));
    assert!(told.contains("副卷") && told.contains("[volume.unknown]"), "{told}");
    let told = sentence(&run(&["search", "，。"], &bench.data(), "zh_CN.UTF-8"));
    assert!(told.contains("检索词") && told.contains("search.query"), "{told}");
}
