//! Who gets to see what, over HTTP and sockets: a case with a volume of each class, and a person of each role.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod random;
mod routes;
mod sockets;
mod withheld;

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use evolume_model::access::{self, Act, CaseState, LayerId, Principal, Resource, Role};
use evolume_model::volume::{Manifest, VolumeClass};
use evolume_server::http::{App, Transport, router};
use evolume_server::people::{NewUser, People};
use evolume_server::rooms::Rooms;
use evolume_server::store::{Appointment, Store};
use tower::ServiceExt;

use crate::common::{Bench, CASE, numbered, permit, text_pdf};

const PASSWORD: &str = "窗外的雨下了一夜";
const CLASSES: [(VolumeClass, &str); 4] = [
    (VolumeClass::Main, "main"),
    (VolumeClass::Internal, "internal"),
    (VolumeClass::Evidence, "evidence"),
    (VolumeClass::Public, "public"),
];

/// Somebody with a session.
pub struct Reader {
    pub who: Principal,
    pub login: String,
    pub cookie: String,
}

/// What came back, as far as it can tell anything.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub struct Court {
    pub bench: Bench,
    pub store: Store,
    pub people: People,
    pub router: axum::Router,
    pub rooms: Rooms,
    pub address: SocketAddr,
    pub case: String,
    pub volumes: Vec<(VolumeClass, Manifest)>,
    pub readers: Vec<Reader>,
}

impl Court {
    pub async fn new() -> Self {
        let bench = Bench::new();
        for (_, class) in CLASSES {
            let files = [
                bench.file(&format!("{class}1.pdf"), &text_pdf(&numbered(2), "")),
                bench.file(&format!("{class}2.pdf"), &text_pdf(&[format!("secret of {class}")], "")),
            ];
            let arguments = ["ingest", "--case", CASE, "--volume", class, "--class", class];
            let files = files.iter().map(|file| file.to_str().unwrap());
            let arguments: Vec<_> = arguments.into_iter().chain(files).collect();
            assert!(bench.run(&arguments).status.success());
        }
        let store = bench.store().await;
        let (case, _) = store.case_of_number(CASE).await.unwrap().unwrap();
        let mut volumes = Vec::new();
        for volume in store.cases(&permit()).await.unwrap().remove(0).volumes {
            let (_, manifest) = store.manifest_of(&permit(), &volume.id).await.unwrap();
            volumes.push((volume.class, manifest));
        }
        let app = App::new(store.clone(), Transport::Loopback);
        tokio::spawn(app.clone().watch_rights());
        let rooms = app.rooms().clone();
        let router = router(app);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = router.clone();
        tokio::spawn(async move { axum::serve(listener, served).await.unwrap() });
        let people = People::new(store.clone());
        let readers = Vec::new();
        let mut court = Self { bench, store, people, router, rooms, address, case, volumes, readers };
        for role in Role::of_members() {
            let reader = court.add(role.as_str(), Some(role)).await;
            court.readers.push(reader);
        }
        for login in ["administrator", "outsider"] {
            let reader = court.add(login, None).await;
            court.readers.push(reader);
        }
        court
    }

    /// Somebody new, with a role in the case and signed in.
    pub async fn add(&self, login: &str, role: Option<Role>) -> Reader {
        let new = NewUser { login, name: login, administrator: login == "administrator" };
        let user = self.people.add(&new, Some(PASSWORD)).await.unwrap();
        let mut roles: Vec<Role> = role.into_iter().collect();
        if let Some(role) = role {
            let new = Appointment { user: &user.id, role, party: "", since: 0, until: None };
            self.store.add_member(&permit(), &self.case, &new).await.unwrap();
        } else {
            roles.push(Role::Public);
        }
        roles.extend(user.administrator.then_some(Role::Administrator));
        let who = Principal { id: user.id, name: user.name, roles };
        Reader { who, login: login.to_owned(), cookie: self.sign_in(login).await }
    }

    /// A new session's cookie.
    pub async fn sign_in(&self, login: &str) -> String {
        let body = serde_json::json!({ "login": login, "password": PASSWORD }).to_string();
        let answer = self.send(None, Method::POST, "/api/v1/session", Some(body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{login}: {}", String::from_utf8_lossy(&answer.body));
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub fn reader(&self, login: &str) -> &Reader {
        self.readers.iter().find(|reader| reader.login == login).unwrap()
    }

    pub async fn send(
        &self,
        cookie: Option<&str>,
        method: Method,
        uri: &str,
        body: Option<String>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(body.map_or(Body::empty(), Body::from)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, mut headers) = (response.status(), response.headers().clone());
        headers.remove("x-request-id");
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        Answer { status, headers, body }
    }

    pub async fn get(&self, reader: &Reader, uri: &str) -> Answer {
        self.send(Some(&reader.cookie), Method::GET, uri, None).await
    }

    pub async fn set_state(&self, state: CaseState) {
        self.store.set_case_state(&permit(), &self.case, state).await.unwrap();
    }

    pub fn volume(&self, class: VolumeClass) -> &Manifest {
        &self.volumes.iter().find(|(known, _)| *known == class).unwrap().1
    }
}

/// What the matrix says.
fn may(reader: &Reader, class: VolumeClass, state: CaseState, act: Act) -> bool {
    let what = Resource { state, ..Resource::of_class(class) };
    access::decide(&reader.who, &what, None, act).allows()
}

fn rights(reader: &Reader, class: VolumeClass, state: CaseState, layer: &LayerId) -> access::Rights {
    access::rights(&reader.who, &Resource { state, ..Resource::of_class(class) }, layer)
}
