//! Accounts and members on the command line, and signing in with what it made.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::Write;
use std::process::{Output, Stdio};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use evolume_server::http::{App, Transport, router};
use serde_json::Value;
use tower::ServiceExt;

use crate::common::{Bench, CASE, numbered, text_pdf};

const PASSWORD: &str = "窗外的雨下了一夜";

fn with_input(bench: &Bench, arguments: &[&str], input: &str) -> Output {
    let mut command = bench.evolume();
    command.args(arguments).env("LANG", "C").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

async fn post(bench: &Bench, transport: Transport, body: &str) -> (StatusCode, Value, Vec<String>) {
    let request = Request::post("/api/v1/session").header("content-type", "application/json");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = router(App::new(bench.store().await, transport)).oneshot(request).await.unwrap();
    let status = response.status();
    let headers = response.headers();
    let told = [header::SET_COOKIE, header::RETRY_AFTER].map(|name| headers.get(name).cloned());
    let told = told.into_iter().flatten().map(|value| value.to_str().unwrap().to_owned()).collect();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap(), told)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_added_let_in_and_shut_out_on_each_database() {
    for bench in Bench::on_each() {
        let file = bench.file("a.pdf", &text_pdf(&numbered(1), ""));
        assert_eq!(bench.ingest(&[file], &["--class", "main"]).0, 0);
        let add = ["user", "add", "--login", "Wang.Li", "--name", "王丽", "--password-stdin"];
        let added = with_input(&bench, &add, &format!("{PASSWORD}\n"));
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        assert!(added.stdout.is_empty(), "nothing is printed that was typed");
        let twice = with_input(&bench, &add, PASSWORD);
        let said = String::from_utf8(twice.stderr).unwrap();
        assert!(twice.status.code() == Some(2) && said.contains("[login.taken]"), "{said}");
        let weak = with_input(
            &bench,
            &["user", "add", "--login", "x", "--name", "x", "--password-stdin"],
            "woaini1314\n",
        );
        let said = String::from_utf8(weak.stderr).unwrap();
        assert!(said.contains("[password.common]") && !said.contains("woaini"), "{said}");

        let body = format!(r#"{{"login":"wang.li","password":"{PASSWORD}"}}"#);
        let (status, session, told) = post(&bench, Transport::Tls, &body).await;
        assert_eq!((status, &session["principal"]["name"]), (StatusCode::OK, &"王丽".into()));
        assert!(told[0].starts_with("__Host-evolume_session=") && told[0].contains("; Secure"), "{told:?}");
        assert!(!told[0].contains(session["principal"]["id"].as_str().unwrap()));
        let (status, problem, told) = post(&bench, Transport::Plain, &body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &"identity.insecure".into()));
        assert!(told.is_empty());

        let why = |person: &str, act: &str| {
            let output = bench.run(&["why", person, act, CASE, "--json"]);
            let said: Value = serde_json::from_slice(&output.stdout).unwrap();
            (output.status.code().unwrap(), said["answers"][0]["rule"].as_str().unwrap().to_owned())
        };
        assert_eq!(why("public", "read"), (1, "public_only".into()));
        assert_eq!(why("wang.li", "read"), (1, "public_only".into()));
        let member = |words: &[&str]| {
            let arguments = [&["case", "member"], words, &["--case", CASE]].concat();
            bench.run(&arguments).status.code().unwrap()
        };
        assert_eq!(member(&["add", "--login", "wang.li", "--role", "lawyer", "--party", "原告"]), 0);
        assert_eq!(member(&["add", "--login", "nobody", "--role", "lawyer"]), 2);
        assert_ne!(member(&["add", "--login", "wang.li", "--role", "administrator"]), 0);
        let listed = bench.json(&["case", "member", "list", "--case", CASE, "--json"]);
        assert_eq!((&listed[0]["role"], &listed[0]["party"]), (&"lawyer".into(), &"原告".into()));
        assert_eq!(why("wang.li", "read"), (0, "allowed".into()));
        assert_eq!(why("wang.li", "annotate"), (0, "allowed".into()));
        assert_eq!(why("wang.li", "download"), (1, "not_of_role".into()));
        assert_eq!(why("wang.li", "share"), (1, "layer_closed".into()));
        assert_eq!(why("wang.li", "grant"), (1, "not_of_role".into()));
        assert_eq!(bench.run(&["case", "state", "--case", CASE, "archived"]).status.code(), Some(0));
        assert_eq!(member(&["add", "--login", "wang.li", "--role", "clerk"]), 0);
        assert_eq!(why("wang.li", "ingest"), (1, "frozen".into()));
        assert_eq!(member(&["remove", "--login", "wang.li"]), 0);
        assert_eq!(member(&["remove", "--login", "wang.li"]), 2);
        assert_eq!(why("wang.li", "read"), (1, "public_only".into()));

        assert_eq!(bench.run(&["user", "disable", "--login", "wang.li"]).status.code(), Some(0));
        let (status, problem, _) = post(&bench, Transport::Tls, &body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &"identity.wrong".into()));
        assert_eq!(bench.run(&["user", "enable", "--login", "wang.li"]).status.code(), Some(0));
        assert_eq!(post(&bench, Transport::Tls, &body).await.0, StatusCode::OK);
        // A code in the place of the password.
        let code = String::from_utf8(bench.run(&["user", "passwd", "--login", "wang.li"]).stdout).unwrap();
        assert_eq!(post(&bench, Transport::Tls, &body).await.0, StatusCode::UNAUTHORIZED);
        let redeem = serde_json::json!({
            "login": "wang.li", "code": code.trim(), "password": "窗外的雪下了一夜",
        });
        let (status, session, _) = post(&bench, Transport::Tls, &redeem.to_string()).await;
        assert_eq!((status, &session["account"]), (StatusCode::OK, &true.into()));
        let (status, problem, _) = post(&bench, Transport::Tls, &redeem.to_string()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &"identity.code".into()));
        let users = bench.json(&["user", "list", "--json"]);
        assert_eq!((users.as_array().unwrap().len(), &users[0]["login"]), (1, &"wang.li".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tries_are_told_to_wait_and_for_how_long() {
    for bench in Bench::on_each() {
        let add = ["user", "add", "--login", "wang", "--name", "王丽", "--password-stdin"];
        assert!(with_input(&bench, &add, PASSWORD).status.success());
        let body = r#"{"login":"wang","password":"not this one"}"#;
        let (first, ..) = post(&bench, Transport::Tls, body).await;
        assert_eq!(first, StatusCode::UNAUTHORIZED);
        let mut waits = Vec::new();
        for _ in 0..5 {
            let (status, problem, told) = post(&bench, Transport::Tls, body).await;
            if status == StatusCode::TOO_MANY_REQUESTS {
                assert_eq!(problem["code"], "identity.locked");
                waits.extend(told);
            }
        }
        assert_eq!(waits, ["1"]);
    }
}
