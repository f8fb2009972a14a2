//! Every route of the OpenAPI document with every role's session, in every state of the case.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::*;

/// Routes of a volume: what one has to be allowed for an answer, and its status. `{…}` stands for what is there.
const OF_VOLUMES: [(&str, Act, u16); 12] = [
    ("manifest", Act::Read, 200),
    ("manifests/{sha256}", Act::Read, 200),
    ("blobs/{sha256}", Act::Read, 200),
    ("pages/{page}/excerpt", Act::Read, 200),
    ("excerpt", Act::Read, 200),
    ("pages/{page}/preview", Act::Read, 200),
    ("preview", Act::Read, 200),
    ("pages/{page}/text", Act::Copy, 200),
    ("materials/{material}/original", Act::Download, 200),
    ("layers", Act::Read, 200),
    ("acts", Act::Read, 200),
    // No socket is asked for: it comes so far and no further.
    ("rooms/{layer}", Act::Read, 400),
];

/// Notes what has been tried.
struct Tried<'a> {
    court: &'a Court,
    routes: RefCell<BTreeSet<String>>,
}

impl Tried<'_> {
    async fn send(
        &self,
        reader: &Reader,
        method: Method,
        route: &str,
        uri: &str,
        body: Option<&str>,
    ) -> Answer {
        self.routes.borrow_mut().insert(format!("{method} {route}"));
        self.court.send(Some(&reader.cookie), method, uri, body.map(str::to_owned)).await
    }
}

fn uri(route: &str, volume: &str, manifest: &Manifest, hash: &str) -> String {
    let material = &manifest.materials[0];
    let hash = if route.starts_with("manifests") { hash } else { &material.parts[0].blob.sha256 };
    let path = route
        .replace("{sha256}", hash)
        .replace("{page}", "1")
        .replace("{material}", &material.id)
        .replace("{layer}", "everybody");
    let query = match route {
        "excerpt" | "preview" => format!("?material={}&index=0", material.id),
        _ => String::new(),
    };
    format!("/api/v1/volumes/{volume}/{path}{query}")
}

async fn volumes(tried: &Tried<'_>, state: CaseState) {
    let court = tried.court;
    let absent = "0".repeat(32);
    for reader in &court.readers {
        for (class, manifest) in &court.volumes {
            let hash = court.store.current(&manifest.volume).await.unwrap().unwrap().manifest;
            for (route, act, status) in OF_VOLUMES {
                let name = format!("/api/v1/volumes/{{volume}}/{route}");
                let send = async |volume: &str| {
                    let uri = uri(route, volume, manifest, &hash);
                    tried.send(reader, Method::GET, &name, &uri, None).await
                };
                let answer = send(&manifest.volume).await;
                let about = format!("{} {class:?} {state} {route}", reader.login);
                if may(reader, *class, state, act) {
                    assert_eq!(answer.status.as_u16(), status, "{about}");
                } else if may(reader, *class, state, Act::Read) {
                    // They know that the volume is there, and not whether there is more.
                    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{about}");
                } else {
                    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{about}");
                    assert_eq!(answer, send(&absent).await, "{about}");
                }
            }
        }
    }
}

async fn lists(tried: &Tried<'_>, state: CaseState) {
    let court = tried.court;
    for reader in &court.readers {
        let known = |act| -> BTreeSet<String> {
            let volumes = court.volumes.iter().filter(|(class, _)| may(reader, *class, state, act));
            volumes.map(|(_, manifest)| manifest.volume.clone()).collect()
        };
        let cases = tried.send(reader, Method::GET, "/api/v1/cases", "/api/v1/cases", None).await.json();
        let volumes = cases.as_array().unwrap().iter().flat_map(|case| case["volumes"].as_array().unwrap());
        let listed: BTreeSet<_> = volumes.map(|volume| volume["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(listed, known(Act::Know), "{} {state}", reader.login);
        let body = r#"{"query":"secret"}"#;
        let found = tried.send(reader, Method::POST, "/api/v1/search", "/api/v1/search", Some(body)).await;
        let found = found.json();
        let hits = found["hits"].as_array().unwrap().iter();
        let hits: BTreeSet<_> = hits.map(|hit| hit["volume"].as_str().unwrap().to_owned()).collect();
        assert_eq!(hits, known(Act::Search), "{} {state}", reader.login);
        assert_eq!(found["total"], known(Act::Search).len(), "{} {state}", reader.login);
    }
}

async fn people(tried: &Tried<'_>, state: CaseState) {
    let court = tried.court;
    let spare = court.add(&format!("spare-{state}"), None).await;
    let (user, case) = (&spare.who.id, &court.case);
    for reader in &court.readers {
        let absent = court.get(reader, "/api/v1/nothing").await;
        let allowed = async |yes: bool, method: Method, route: &str, uri: &str, body: Option<&str>| {
            let answer = tried.send(reader, method.clone(), route, uri, body).await;
            let about = format!("{} {state} {method} {uri}", reader.login);
            if yes {
                assert!(answer.status.is_success(), "{about} {}", answer.status);
            } else {
                // Before anything else: not even that the request is malformed is told.
                let malformed = tried.send(reader, method, route, uri, body.map(|_| "{")).await;
                for answer in [answer, malformed] {
                    assert_eq!((answer.status, &answer.body), (absent.status, &absent.body), "{about}");
                }
            }
        };
        let admin = reader.login == "administrator";
        let users = "/api/v1/users";
        let new = format!(r#"{{"login":"new-{}-{state}","name":"新人"}}"#, reader.login);
        allowed(admin, Method::GET, users, users, None).await;
        allowed(admin, Method::POST, users, users, Some(&new)).await;
        let (route, uri) = ("/api/v1/users/{user}", format!("/api/v1/users/{user}"));
        allowed(admin, Method::PATCH, route, &uri, Some(r#"{"name":"改名"}"#)).await;
        let (route, uri) = ("/api/v1/users/{user}/code", format!("/api/v1/users/{user}/code"));
        allowed(admin, Method::POST, route, &uri, None).await;
        // Whatever class: of a case as a whole it says nothing.
        let grants = may(reader, VolumeClass::Internal, state, Act::Grant);
        let (route, uri) = ("/api/v1/cases/{case}/members", format!("/api/v1/cases/{case}/members"));
        allowed(grants, Method::GET, route, &uri, None).await;
        let member = format!(r#"{{"login":"{}","role":"party"}}"#, spare.login);
        allowed(grants, Method::POST, route, &uri, Some(&member)).await;
        let route = "/api/v1/cases/{case}/members/{user}/{role}";
        allowed(grants, Method::DELETE, route, &format!("{uri}/{user}/party"), None).await;
        allowed(false, Method::GET, "/api/v1/cases/{case}/members", "/api/v1/cases/0/members", None).await;
        for role in ["public", "administrator", "local"] {
            let member = format!(r#"{{"login":"{}","role":"{role}"}}"#, spare.login);
            let answer = court.send(Some(&reader.cookie), Method::POST, &uri, Some(member)).await;
            assert!(answer.status.is_client_error(), "{} gives {role}", reader.login);
        }
    }
}

async fn sessions(tried: &Tried<'_>) {
    let court = tried.court;
    for reader in &court.readers {
        let send = async |method, route, body| tried.send(reader, method, route, route, body).await;
        for route in [
            "/api/v1/health",
            "/api/v1/health/live",
            "/api/v1/health/ready",
            "/api/v1/session",
            "/api/v1/session/devices",
        ] {
            assert_eq!(send(Method::GET, route, None).await.status, StatusCode::OK, "{route}");
        }
        assert_eq!(send(Method::GET, "/api/v1/socket", None).await.status, StatusCode::BAD_REQUEST);
        let body = r#"{"old":"not this one","new":"窗外的雪下了一夜"}"#;
        let change = send(Method::POST, "/api/v1/session/password", Some(body)).await;
        assert_eq!(change.status, StatusCode::UNAUTHORIZED);
        let body = r#"{"login":"nobody-at-all","password":"x"}"#;
        let other = send(Method::POST, "/api/v1/session", Some(body)).await;
        assert!([401, 429].contains(&other.status.as_u16()), "{}", other.status);
        // A session that one has elsewhere.
        let there = court.sign_in(&reader.login).await;
        let devices = court.get(reader, "/api/v1/session/devices").await.json();
        let there_id = devices.as_array().unwrap().iter().find(|device| device["here"] == false).unwrap();
        let end = format!("/api/v1/session/devices/{}", there_id["id"].as_str().unwrap());
        let route = "/api/v1/session/devices/{device}";
        for status in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
            assert_eq!(tried.send(reader, Method::DELETE, route, &end, None).await.status, status);
        }
        let session = court.send(Some(&there), Method::GET, "/api/v1/session", None).await.json();
        assert_eq!(session["principal"]["id"], "");
        assert_eq!(send(Method::GET, "/api/v1/session", None).await.json()["account"], true);
    }
    // Another's device is none.
    let devices = court.get(&court.readers[0], "/api/v1/session/devices").await.json();
    let uri = format!("/api/v1/session/devices/{}", devices[0]["id"].as_str().unwrap());
    let other = court.send(Some(&court.readers[1].cookie), Method::DELETE, &uri, None).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    for (at, reader) in court.readers.iter().enumerate() {
        let route = ["/api/v1/session", "/api/v1/session/devices"][at % 2];
        let ended = tried.send(reader, Method::DELETE, route, route, None).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT);
        let session = court.get(reader, "/api/v1/session").await.json();
        assert_eq!((&session["principal"]["id"], &session["account"]), (&"".into(), &false.into()));
        assert_eq!(court.get(reader, "/api/v1/session/devices").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_each_role_as_the_matrix_says() {
    let court = Court::new().await;
    let tried = Tried { court: &court, routes: RefCell::default() };
    for &state in CaseState::ALL {
        court.set_state(state).await;
        volumes(&tried, state).await;
        lists(&tried, state).await;
        people(&tried, state).await;
    }
    sessions(&tried).await;
    let document = court.send(None, Method::GET, "/api/v1/openapi.json", None).await.json();
    let mut all = BTreeSet::new();
    for (route, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            all.insert(format!("{} {route}", method.to_uppercase()));
        }
    }
    assert_eq!(tried.routes.into_inner(), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_an_answer_does_not_tell_forbidden_from_absent() {
    const PAIRS: usize = 1_000;
    let court = Court::new().await;
    let lawyer = court.reader("lawyer");
    let forbidden = court.volume(VolumeClass::Internal).volume.clone();
    let absent = "0".repeat(32);
    let time = async |volume: &str| {
        let uri = format!("/api/v1/volumes/{volume}/manifest");
        let since = std::time::Instant::now();
        assert_eq!(court.get(lawyer, &uri).await.status, StatusCode::NOT_FOUND);
        since.elapsed()
    };
    let mut slower = 0;
    for pair in 0..PAIRS {
        // In turns, so that whatever else the computer does comes upon both.
        let (one, other) = if pair % 2 == 0 {
            let one = time(&forbidden).await;
            (one, time(&absent).await)
        } else {
            let other = time(&absent).await;
            (time(&forbidden).await, other)
        };
        slower += usize::from(one > other);
    }
    // With one query more for one of them it is nearly all or nearly none.
    let share = slower as f64 / PAIRS as f64;
    assert!((0.2..0.8).contains(&share), "forbidden is slower in {share} of the pairs");
}
