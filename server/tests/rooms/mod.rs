//! Rooms over real sockets and a real store: names, who comes in where, durability, a store that fails, a
//! server that stops.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod history;
mod windows;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;

use crate::common::{Bench, numbered, permit, text_pdf};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use evolume_annotations::document::Document;
use evolume_annotations::layer::Layer;
use evolume_annotations::sync::Message;
use evolume_model::access::{Principal, Rights};
use evolume_model::api::{LayerSummary, Problem, Session};
use evolume_model::code::Code;
use evolume_model::geometry::PageRect;
use evolume_model::mark::{Author, Colour, Mark, Target};
use evolume_model::page::PageRef;
use evolume_server::http::{App, Transport, router};
use evolume_server::rooms::Rooms;
use evolume_server::store::Store;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Message as Frame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tower::ServiceExt;
use yrs::Transact;

struct Served {
    bench: Arc<Bench>,
    volume: String,
    router: axum::Router,
    rooms: Rooms,
    address: SocketAddr,
}

impl Served {
    async fn new() -> Self {
        let bench = Bench::new();
        let file = bench.file("a.pdf", &text_pdf(&numbered(2), ""));
        assert_eq!(bench.ingest(&[file], &[]).0, 0);
        Self::over(bench).await
    }

    /// A server over what an earlier one has left, or beside one that runs.
    async fn over(bench: impl Into<Arc<Bench>>) -> Self {
        let bench = bench.into();
        let store = bench.store().await;
        let volume = store.cases(&permit()).await.unwrap()[0].volumes[0].id.clone();
        let app = App::new(store, Transport::Loopback);
        let rooms = app.rooms().clone();
        let router = router(app);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = router.clone();
        tokio::spawn(async move { axum::serve(listener, served).await.unwrap() });
        Self { bench, volume, router, rooms, address }
    }

    async fn request(&self, request: Request<Body>) -> (StatusCode, Vec<u8>, Option<String>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let cookie = response.headers().get(header::SET_COOKIE).map(|c| c.to_str().unwrap().to_owned());
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec(), cookie)
    }

    async fn sign_in(&self, name: &str) -> Result<User, (StatusCode, String)> {
        let body = serde_json::json!({ "name": name }).to_string();
        let request = Request::post("/api/v1/session").header("content-type", "application/json");
        let (status, body, cookie) = self.request(request.body(Body::from(body)).unwrap()).await;
        if status != StatusCode::OK {
            let problem: Problem = serde_json::from_slice(&body).unwrap();
            return Err((status, problem.code.as_str().to_owned()));
        }
        let cookie = cookie.unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let session: Session = serde_json::from_slice(&body).unwrap();
        Ok(User { who: session.principal, cookie: cookie.split(';').next().unwrap().to_owned() })
    }

    async fn connect(&self, user: Option<&User>, layer: &str) -> Result<Socket, StatusCode> {
        self.connect_with(user, layer, &[]).await
    }

    async fn connect_with(
        &self,
        user: Option<&User>,
        layer: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, StatusCode> {
        let (address, volume) = (self.address, &self.volume);
        let url = format!("ws://{address}/api/v1/volumes/{volume}/rooms/{layer}?evolume=1");
        let mut request = url.into_client_request().unwrap();
        if let Some(user) = user {
            request.headers_mut().insert("cookie", user.cookie.parse().unwrap());
        }
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Socket { stream }),
            Err(tungstenite::Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The database, behind the server's back.
    async fn database(&self) -> sqlx::SqlitePool {
        let url = format!("sqlite://{}", self.bench.data().join("evolume.sqlite").display());
        sqlx::SqlitePool::connect(&url).await.unwrap()
    }

    async fn sql(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.database().await).await.unwrap();
    }

    async fn count(&self, table: &str) -> i64 {
        let query = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        sqlx::query_scalar(query).fetch_one(&self.database().await).await.unwrap()
    }
}

struct User {
    who: Principal,
    cookie: String,
}

struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    async fn send(&mut self, message: &Message) {
        self.stream.send(Frame::binary(message.encode())).await.unwrap();
    }

    /// The next message, or how the connection ended.
    async fn next(&mut self) -> Result<Message, Option<CloseFrame>> {
        loop {
            match self.stream.next().await {
                Some(Ok(Frame::Binary(frame))) => match Message::decode(&frame).unwrap() {
                    Message::Hello { .. } => {}
                    message => return Ok(message),
                },
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                Some(Ok(Frame::Close(frame))) => return Err(frame),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What the room holds.
    async fn layer(&mut self) -> Layer {
        self.send(&Message::Step1(vec![0])).await;
        loop {
            if let Message::Step2(update) = self.next().await.unwrap() {
                let layer = Layer::new(0);
                layer.apply(&update).unwrap();
                return layer;
            }
        }
    }
}

fn mark(id: &str, who: &Principal) -> Mark {
    let page = PageRef { material: "m".into(), index: 0 };
    let rects = vec![PageRect::new(1., 2., 30., 14.)];
    let target = Target::Text { page, start: 0, end: 2, rects, quote: "page".into() };
    let author = Author { id: who.id.clone(), name: who.name.clone() };
    let mark = Mark::new(id.into(), "highlight".into(), target, Colour::Blue, author, 1);
    Mark { note: "要点".into(), ..mark }
}

/// A layer has no order of its own.
fn sorted(mut annotations: Vec<Mark>) -> Vec<Mark> {
    annotations.sort_by(|a, b| a.id.cmp(&b.id));
    annotations
}

/// A layer of its own with one mark: what somebody made offline.
fn update(replica: u64, mark: &Mark) -> Message {
    let layer = Layer::new(replica);
    layer.put(&mut layer.parts().0.transact_mut(), mark);
    Message::Update(layer.state())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_is_acknowledged_spread_and_there_after_a_restart() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    assert_ne!(wang.who.id, li.who.id);
    assert_eq!(served.sign_in("王法官").await.unwrap().who, wang.who);
    let mut one = served.connect(Some(&wang), "panel").await.unwrap();
    let mut two = served.connect(Some(&li), "panel").await.unwrap();
    assert!(matches!(one.next().await, Ok(Message::Step1(_))));
    assert!(matches!(two.next().await, Ok(Message::Step1(_))));
    one.send(&update(7, &mark("a", &wang.who))).await;
    assert_eq!(one.next().await, Ok(Message::Saved(1)));
    assert!(matches!(two.next().await, Ok(Message::Update(_))));
    drop((one, two));
    let Served { bench, .. } = served;
    let served = Served::over(bench).await;
    let mut again = served.connect(Some(&wang), "panel").await.unwrap();
    assert_eq!(again.layer().await.marks(), [mark("a", &wang.who)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_last_one_leaves_a_snapshot_takes_the_place_of_the_updates() {
    let served = Served::new().await;
    let wang = served.sign_in("王法官").await.unwrap();
    let mut socket = served.connect(Some(&wang), "panel").await.unwrap();
    for number in 0..20 {
        socket.send(&update(1_000 + number, &mark(&format!("m{number}"), &wang.who))).await;
        while socket.next().await.unwrap() != Message::Saved(number + 1) {}
    }
    assert_eq!(served.count("document_updates").await, 20);
    socket.stream.close(None).await.unwrap();
    while served.count("document_updates").await > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(served.count("document_snapshots").await, 1);
    let mut socket = served.connect(Some(&wang), "panel").await.unwrap();
    assert_eq!(socket.layer().await.len(), 20);
    // The numbers go on where they were.
    socket.send(&update(2_000, &mark("last", &wang.who))).await;
    while socket.next().await.unwrap() != Message::Saved(1) {}
    assert_eq!(socket.layer().await.len(), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_in_where() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    let own = format!("private-{}", wang.who.id);
    served.connect(Some(&wang), &own).await.unwrap();
    let not_found = StatusCode::NOT_FOUND;
    // Another's private layer looks like one that there is not.
    for layer in [own.as_str(), "private-0", "nothing", "private-", "..%2fpanel"] {
        assert_eq!(served.connect(Some(&li), layer).await.err(), Some(not_found), "{layer}");
    }
    assert_eq!(served.connect(None, "panel").await.err(), Some(not_found));
    assert_eq!(served.connect(None, &own).await.err(), Some(not_found));
    served.connect(None, "everybody").await.unwrap();
    let own_page = format!("http://{}", served.address);
    served.connect_with(Some(&wang), "panel", &[("origin", &own_page)]).await.unwrap();
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let refused = served.connect_with(Some(&wang), "panel", &[("origin", origin)]).await;
        assert_eq!(refused.err(), Some(StatusCode::FORBIDDEN), "{origin}");
    }
    // A name that points here is not loopback, whatever cookie comes with it.
    let rebound = served.connect_with(Some(&wang), "panel", &[("host", "evil.example")]).await;
    assert_eq!(rebound.err(), Some(not_found));
    let plain = Request::get(format!("/api/v1/volumes/{}/rooms/everybody", served.volume));
    let (status, body, _) = served.request(plain.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(serde_json::from_slice::<Problem>(&body).unwrap().code.as_str(), "request.malformed");
    let layers = Request::get(format!("/api/v1/volumes/{}/layers", served.volume));
    let layers = layers.header("cookie", &wang.cookie).body(Body::empty()).unwrap();
    let layers: Vec<LayerSummary> = serde_json::from_slice(&served.request(layers).await.1).unwrap();
    assert_eq!(layers.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), [&own, "panel", "everybody"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names() {
    let served = Served::new().await;
    for name in ["", "  ", "a\nb", &"王".repeat(41), "\u{202e}x"] {
        let refused = served.sign_in(name).await.err().unwrap();
        assert_eq!(refused, (StatusCode::BAD_REQUEST, "identity.name".into()), "{name:?}");
    }
    let user = served.sign_in(" 王法官 ").await.unwrap();
    assert_eq!(user.who.name, "王法官");
    let session = async |cookie: &str| {
        let request = Request::get("/api/v1/session").header("cookie", cookie);
        let (_, body, _) = served.request(request.body(Body::empty()).unwrap()).await;
        serde_json::from_slice::<Session>(&body).unwrap().principal
    };
    assert_eq!(session(&user.cookie).await, user.who);
    assert!(!session("evolume_session=00").await.is_known());
    assert!(!session(&format!("evolume_session={}", "0".repeat(64))).await.is_known());
    let out = Request::delete("/api/v1/session").header("cookie", &user.cookie);
    assert_eq!(served.request(out.body(Body::empty()).unwrap()).await.0, StatusCode::NO_CONTENT);
    assert!(!session(&user.cookie).await.is_known());
    let foreign = Request::post("/api/v1/session")
        .header("content-type", "application/json")
        .header("host", "127.0.0.1")
        .header("origin", "https://evil.example");
    let (status, ..) = served.request(foreign.body(Body::from("{\"name\":\"x\"}")).unwrap()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn off_loopback_nobody_has_a_name_and_only_public_volumes_are_readable() {
    let served = Served::new().await;
    let store = Store::open(&served.bench.data()).await.unwrap();
    let router = router(App::new(store, Transport::Plain));
    let call = async |request: Request<Body>| {
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap())
    };
    let post = Request::post("/api/v1/session").header("content-type", "application/json");
    let (status, body) = call(post.body(Body::from("{\"name\":\"x\"}")).unwrap()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(String::from_utf8_lossy(&body).contains("identity.unavailable"));
    let manifest = Request::get(format!("/api/v1/volumes/{}/manifest", served.volume));
    assert_eq!(call(manifest.body(Body::empty()).unwrap()).await.0, StatusCode::NOT_FOUND);
    let (_, cases) = call(Request::get("/api/v1/cases").body(Body::empty()).unwrap()).await;
    assert_eq!(&cases[..], b"[]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_saves_acknowledges_and_spreads_nothing() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    let mut one = served.connect(Some(&wang), "panel").await.unwrap();
    let mut two = served.connect(Some(&li), "panel").await.unwrap();
    assert!(matches!(two.next().await, Ok(Message::Step1(_))));
    assert!(matches!(one.next().await, Ok(Message::Step1(_))));
    // The replica's row is the second of the transaction: the first must not stay.
    served
        .sql("CREATE TRIGGER broken BEFORE INSERT ON document_replicas BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await;
    one.send(&update(7, &mark("a", &wang.who))).await;
    assert_eq!(one.next().await, Ok(Message::Refused("layer.not_saved".into())));
    for socket in [&mut one, &mut two] {
        let close = socket.next().await.unwrap_err().unwrap();
        assert_eq!((u16::from(close.code), close.reason.as_str()), (4503, "layer.not_saved"));
    }
    served.sql("DROP TRIGGER broken").await;
    let mut one = served.connect(Some(&wang), "panel").await.unwrap();
    assert_eq!(one.layer().await.len(), 0);
    one.send(&update(7, &mark("a", &wang.who))).await;
    while one.next().await.unwrap() != Message::Saved(1) {}
    let mut two = served.connect(Some(&li), "panel").await.unwrap();
    assert_eq!(two.layer().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_lose_nothing_and_end_no_room() {
    for bench in Bench::on_each() {
        assert_eq!(bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(1), ""))], &[]).0, 0);
        // Two machines, where the database and the blobs are on neither.
        let other = bench.bucket().map(|_| Arc::new(bench.beside()));
        let bench = Arc::new(bench);
        let (here, there) = (Served::over(bench.clone()).await, Served::over(other.unwrap_or(bench)).await);
        let (wang, li) = (here.sign_in("王法官").await.unwrap(), there.sign_in("李法官").await.unwrap());
        // A session of one is one of the other.
        let mut one = here.connect(Some(&li), "panel").await.unwrap();
        let mut two = there.connect(Some(&wang), "panel").await.unwrap();
        assert!(matches!(one.next().await, Ok(Message::Step1(_))));
        assert!(matches!(two.next().await, Ok(Message::Step1(_))));
        // Each writes where the other has written since.
        for round in 0..5 {
            one.send(&update(100 + round, &mark(&format!("l{round}"), &li.who))).await;
            while one.next().await.unwrap() != Message::Saved(round + 1) {}
            two.send(&update(200 + round, &mark(&format!("w{round}"), &wang.who))).await;
            while two.next().await.unwrap() != Message::Saved(round + 1) {}
            assert_eq!(two.layer().await.len() as u64, 2 * round + 2);
        }
        // Both at once.
        one.send(&update(300, &mark("l", &li.who))).await;
        two.send(&update(400, &mark("w", &wang.who))).await;
        while one.next().await.unwrap() != Message::Saved(6) {}
        while two.next().await.unwrap() != Message::Saved(6) {}
        // The rooms live: whoever comes in anew sees everything, and so does everybody else there from then on.
        for (server, socket) in [(&here, &mut one), (&there, &mut two)] {
            let mut new = server.connect(Some(&wang), "panel").await.unwrap();
            assert_eq!(new.layer().await.len(), 12);
            assert_eq!(socket.layer().await.len(), 12);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_closes_one_connection_only() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    let mut one = served.connect(Some(&wang), "panel").await.unwrap();
    let mut two = served.connect(Some(&li), "panel").await.unwrap();
    assert!(matches!(one.next().await, Ok(Message::Step1(_))));
    one.send(&update(7, &mark("a", &li.who))).await;
    assert_eq!(one.next().await, Ok(Message::Refused("mark.forged".into())));
    let close = one.next().await.unwrap_err().unwrap();
    assert_eq!((u16::from(close.code), close.reason.as_str()), (4403, "mark.forged"));
    assert!(two.layer().await.is_empty());
    let mut text = served.connect(Some(&wang), "panel").await.unwrap();
    assert!(matches!(text.next().await, Ok(Message::Step1(_))));
    text.stream.send(Frame::text("hello")).await.unwrap();
    assert_eq!(u16::from(text.next().await.unwrap_err().unwrap().code), 4403);
    assert!(two.layer().await.is_empty());
}

#[test]
fn a_stopping_server_says_so_and_waits() {
    let bench = Bench::new();
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(1), ""))], &[]);
    let volume = bench.volume();
    let mut child = crate::common::evolume()
        .args(["serve", "--no-ocr", "--port", "0", "--data"])
        .arg(bench.data())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = format!("ws://{address}/api/v1/volumes/{volume}/rooms/everybody");
        let (stream, _) = connect_async(url).await.unwrap();
        let mut socket = Socket { stream };
        assert!(matches!(socket.next().await, Ok(Message::Step1(_))));
        let stopped = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert!(stopped.success());
        assert_eq!(u16::from(socket.next().await.unwrap_err().unwrap().code), 1001);
    });
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
