//! Many layers over one socket: what opens, what does not, what happens when somebody is killed, slow, signed out
//! or let in no more.

use std::process::{Child, Stdio};

use evolume_annotations::key::{DocKey, Scope};
use evolume_annotations::mux::{PROTOCOL, Packet};
use evolume_annotations::sync::Awareness;
use evolume_server::rooms::{Effect, Room};
use evolume_server::store::{Stored, sha256};

use super::*;

/// A window's socket.
pub struct Window {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    opened: u64,
}

/// What comes over a channel.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Opened,
    Message(Message),
    Closed(u16, String),
}

impl Window {
    pub async fn connect(address: &str, cookie: Option<&str>) -> Result<Self, StatusCode> {
        Self::connect_with(address, cookie, &[("sec-websocket-protocol", PROTOCOL)]).await
    }

    async fn connect_with(
        address: &str,
        cookie: Option<&str>,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, StatusCode> {
        let mut request = format!("ws://{address}/api/v1/socket").into_client_request().unwrap();
        for (name, value) in headers.iter().copied().chain(cookie.map(|cookie| ("cookie", cookie))) {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream, opened: 0 }),
            Err(tungstenite::Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    async fn packet(&mut self, packet: &Packet<'_>) {
        self.stream.send(Frame::binary(packet.encode())).await.unwrap();
    }

    /// Asks for a document; the channel's number.
    pub async fn ask(&mut self, key: &DocKey) -> u64 {
        self.opened += 1;
        self.packet(&Packet::Open { channel: self.opened, key: key.clone() }).await;
        self.opened
    }

    pub async fn send(&mut self, channel: u64, message: &Message) {
        self.packet(&Packet::Data { channel, frame: &message.encode() }).await;
    }

    pub async fn next(&mut self) -> Result<(u64, Heard), Option<CloseFrame>> {
        loop {
            match self.stream.next().await {
                Some(Ok(Frame::Binary(bytes))) => {
                    return Ok(match Packet::decode(&bytes).unwrap() {
                        Packet::Opened { channel } => (channel, Heard::Opened),
                        Packet::Data { channel, frame } => {
                            (channel, Heard::Message(Message::decode(frame).unwrap()))
                        }
                        Packet::Close { channel, status, reason } => {
                            (channel, Heard::Closed(status, reason.to_owned()))
                        }
                        Packet::Open { .. } => panic!("a server opens nothing"),
                    });
                }
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                Some(Ok(Frame::Close(frame))) => return Err(frame),
                // Killed, or given up in the middle of a frame.
                Some(Err(_)) | None => return Err(None),
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits for something on a channel.
    pub async fn until(&mut self, channel: u64, heard: &Heard) {
        while self.next().await.unwrap() != (channel, take(heard)) {}
    }

    /// Opens a channel in a room that takes this reader.
    pub async fn enter(&mut self, key: &DocKey) -> u64 {
        let channel = self.ask(key).await;
        self.until(channel, &Heard::Opened).await;
        assert!(matches!(self.next().await, Ok((_, Heard::Message(Message::Hello { .. })))));
        assert!(matches!(self.next().await, Ok((_, Heard::Message(Message::Step1(_))))));
        channel
    }

    /// What the room of a channel holds.
    pub async fn layer(&mut self, channel: u64) -> Layer {
        self.send(channel, &Message::Step1(vec![0])).await;
        loop {
            if let (at, Heard::Message(Message::Step2(update))) = self.next().await.unwrap()
                && at == channel
            {
                let layer = Layer::new(0);
                layer.apply(&update).unwrap();
                return layer;
            }
        }
    }
}

fn take(heard: &Heard) -> Heard {
    match heard {
        Heard::Opened => Heard::Opened,
        Heard::Message(message) => Heard::Message(message.clone()),
        Heard::Closed(status, reason) => Heard::Closed(*status, reason.clone()),
    }
}

impl Served {
    async fn window(&self, user: Option<&User>) -> Window {
        let cookie = user.map(|user| user.cookie.as_str());
        Window::connect(&self.address.to_string(), cookie).await.unwrap()
    }

    fn key(&self, layer: &str) -> DocKey {
        DocKey::of_volume(&self.volume, layer)
    }

    async fn sign_out(&self, user: &User) {
        let out = Request::delete("/api/v1/session").header("cookie", &user.cookie);
        assert_eq!(self.request(out.body(Body::empty()).unwrap()).await.0, StatusCode::NO_CONTENT);
    }
}

fn closed(end: Option<CloseFrame>) -> (u16, String) {
    let end = end.expect("an end with a code");
    (end.code.into(), end.reason.to_string())
}

const SAVED: Heard = Heard::Message(Message::Saved(1));

#[tokio::test(flavor = "multi_thread")]
async fn three_layers_share_a_socket_and_a_forbidden_one_ends_only_itself() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    let mut window = served.window(Some(&wang)).await;
    let own = served.key(&format!("private-{}", wang.who.id));
    let mut channels = Vec::new();
    for key in [&own, &served.key("panel"), &served.key("everybody")] {
        channels.push(window.enter(key).await);
    }
    // Another's layer, a volume and a document that there are not, and a case's, which none is offered of: all alike.
    let case = DocKey { scope: Scope::Case(served.volume.clone()), name: "panel".into() };
    let foreign = served.key(&format!("private-{}", li.who.id));
    for key in [foreign, served.key("nothing"), DocKey::of_volume("0".repeat(16), "panel"), case] {
        let channel = window.ask(&key).await;
        assert_eq!(window.next().await, Ok((channel, Heard::Closed(4404, "not_found".into()))), "{key}");
    }
    let mut stock = served.connect(Some(&li), "panel").await.unwrap();
    assert!(matches!(stock.next().await, Ok(Message::Step1(_))));
    for (at, channel) in channels.iter().enumerate() {
        window.send(*channel, &update(7 + at as u64, &mark(&format!("m{at}"), &wang.who))).await;
        window.until(*channel, &SAVED).await;
    }
    for (at, channel) in channels.iter().enumerate() {
        assert_eq!(window.layer(*channel).await.marks(), [mark(&format!("m{at}"), &wang.who)]);
    }
    // Only the panel's went to the panel; what comes from there comes on its channel.
    assert!(matches!(stock.next().await, Ok(Message::Update(_))));
    assert_eq!(stock.layer().await.marks(), [mark("m1", &wang.who)]);
    stock.send(&update(20, &mark("li", &li.who))).await;
    let (channel, heard) = window.next().await.unwrap();
    assert_eq!(channel, channels[1]);
    assert!(matches!(heard, Heard::Message(Message::Update(_))));
    // What the room refuses closes that channel, and a new one may be opened.
    window.send(channels[1], &update(30, &mark("forged", &li.who))).await;
    window.until(channels[1], &Heard::Closed(4403, "mark.forged".into())).await;
    let again = window.enter(&served.key("panel")).await;
    assert_eq!(window.layer(again).await.len(), 2);
    assert_eq!(window.layer(channels[0]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_left_hears_nothing_more() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    let mut window = served.window(Some(&wang)).await;
    let (panel, everybody) = (served.key("panel"), served.key("everybody"));
    let (left, kept) = (window.enter(&panel).await, window.enter(&everybody).await);
    window.packet(&Packet::Close { channel: left, status: 1000, reason: "" }).await;
    // Under way when it was left: nobody takes it.
    window.send(left, &update(7, &mark("late", &wang.who))).await;
    assert!(window.layer(kept).await.is_empty());
    let mut stock = served.connect(Some(&li), "panel").await.unwrap();
    assert!(stock.layer().await.is_empty());
    stock.send(&update(8, &mark("li", &li.who))).await;
    while stock.next().await.unwrap() != Message::Saved(1) {}
    window.send(kept, &update(9, &mark("wang", &wang.who))).await;
    assert_eq!(window.next().await, Ok((kept, SAVED)));
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_that_are_not_as_they_should_be() {
    let served = Served::new().await;
    let wang = served.sign_in("王法官").await.unwrap();
    let address = served.address.to_string();
    let connect = async |headers: &[(&'static str, &str)]| {
        Window::connect_with(&address, Some(&wang.cookie), headers).await.err()
    };
    assert_eq!(connect(&[]).await, Some(StatusCode::BAD_REQUEST));
    let newer = [("sec-websocket-protocol", "evolume.mux.999")];
    assert_eq!(connect(&newer).await, Some(StatusCode::BAD_REQUEST));
    let foreign = [("sec-websocket-protocol", PROTOCOL), ("origin", "https://evil.example")];
    assert_eq!(connect(&foreign).await, Some(StatusCode::FORBIDDEN));

    let malformed = (4403, "request.malformed".to_owned());
    let everybody = served.key("everybody");
    let packets: [&[u8]; 3] = [&[], &[9, 9, 9], &Packet::Opened { channel: 1 }.encode()];
    for packet in packets {
        let mut window = served.window(Some(&wang)).await;
        window.enter(&everybody).await;
        window.stream.send(Frame::binary(packet.to_vec())).await.unwrap();
        assert_eq!(closed(window.next().await.unwrap_err()), malformed, "{packet:?}");
    }
    // A number is used once.
    let mut window = served.window(Some(&wang)).await;
    let channel = window.enter(&everybody).await;
    window.packet(&Packet::Open { channel, key: everybody.clone() }).await;
    assert_eq!(closed(window.next().await.unwrap_err()), malformed);
    // Opening costs the server something: not without end.
    let mut window = served.window(Some(&wang)).await;
    for _ in 0..40 {
        window.ask(&everybody).await;
    }
    let end = loop {
        if let Err(end) = window.next().await {
            break end;
        }
    };
    assert_eq!(closed(end), (4503, "room.too_fast".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_signs_out_loses_the_sockets_of_that_session_at_once() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    let elsewhere = served.sign_in("王法官").await.unwrap();
    let key = served.key("panel");
    let mut windows = Vec::new();
    for user in [&wang, &li, &elsewhere] {
        let mut window = served.window(Some(user)).await;
        let channel = window.enter(&key).await;
        windows.push((window, channel));
    }
    let mut stock = served.connect(Some(&wang), "panel").await.unwrap();
    assert!(matches!(stock.next().await, Ok(Message::Step1(_))));
    served.sign_out(&wang).await;
    let over = (4401, "identity.required".to_owned());
    assert_eq!(closed(windows[0].0.next().await.unwrap_err()), over);
    assert_eq!(closed(stock.next().await.unwrap_err()), over);
    for (window, channel) in &mut windows[1..] {
        assert!(window.layer(*channel).await.is_empty());
    }
    // The cookie opens nothing that needs a name.
    let mut again = served.window(Some(&wang)).await;
    let channel = again.ask(&key).await;
    assert_eq!(again.next().await, Ok((channel, Heard::Closed(4404, "not_found".into()))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_without_notice_is_found_out() {
    let served = Served::new().await;
    let wang = served.sign_in("王法官").await.unwrap();
    let mut window = served.window(Some(&wang)).await;
    window.enter(&served.key("everybody")).await;
    served.sql("DELETE FROM sessions").await;
    served.rooms.rights_changed();
    assert_eq!(closed(window.next().await.unwrap_err()), (4401, "identity.required".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_withdrawn_closes_the_channel_and_no_other() {
    let bench = Bench::new();
    let file = bench.file("a.pdf", &text_pdf(&numbered(1), ""));
    assert_eq!(bench.ingest(std::slice::from_ref(&file), &[]).0, 0);
    let mut second = crate::common::evolume();
    second
        .args(["ingest", "--case", crate::common::CASE, "--volume", "副卷", "--data"])
        .arg(bench.data())
        .arg(&file);
    assert!(second.status().unwrap().success());
    let served = Served::over(bench).await;
    let store = Store::open(&served.bench.data()).await.unwrap();
    let volumes = store.cases(&crate::common::permit()).await.unwrap().remove(0).volumes;
    let wang = served.sign_in("王法官").await.unwrap();
    let mut window = served.window(Some(&wang)).await;
    let gone = window.enter(&DocKey::of_volume(&volumes[0].id, "panel")).await;
    let kept = window.enter(&DocKey::of_volume(&volumes[1].id, "panel")).await;
    let mut stock = served.connect(Some(&wang), "panel").await.unwrap();
    assert_eq!(served.volume, volumes[0].id);
    assert!(matches!(stock.next().await, Ok(Message::Step1(_))));
    served.sql("DELETE FROM volumes WHERE title = '正卷'").await;
    served.rooms.rights_changed();
    assert_eq!(window.next().await, Ok((gone, Heard::Closed(4404, "not_found".into()))));
    assert_eq!(closed(stock.next().await.unwrap_err()), (4404, "not_found".into()));
    assert!(window.layer(kept).await.is_empty());
}

#[test]
fn rights_that_become_less_count_for_the_next_message() {
    let who = Principal { id: "wang".into(), name: "王法官".into(), roles: Vec::new() };
    let mut room: Room = Room::new(Stored::default()).unwrap();
    let write = Rights { read: true, write_own: true, write_others: false };
    room.join(0, 1, who.clone(), write, true);
    let Message::Update(first) = update(7, &mark("a", &who)) else { panic!() };
    let first = Message::Update(first).encode();
    assert!(matches!(room.receive(0, 1, &first)[..], [Effect::Save(_)]));
    room.saved();
    assert_eq!(room.set_rights(1, Rights { write_own: false, ..write }), []);
    let effects = room.receive(0, 1, &update(8, &mark("b", &who)).encode());
    assert!(matches!(effects[..], [_, Effect::Close { to: 1, code: Code::LayerReadOnly }]), "{effects:?}");
    room.join(0, 2, who, write, true);
    let effects = room.set_rights(2, Rights::default());
    assert!(matches!(effects[..], [Effect::Close { to: 2, code: Code::NotFound }]), "{effects:?}");
    assert!(room.is_empty());
}

#[test]
fn a_room_remembers_whose_refusals_cost_it_copies_after_they_left() {
    let who = Principal { id: "wang".into(), name: "王法官".into(), roles: Vec::new() };
    let other = Principal { id: "li".into(), name: "李法官".into(), roles: Vec::new() };
    let mut room: Room = Room::new(Stored::default()).unwrap();
    room.join(0, 1, who, Rights { read: true, write_own: true, write_others: false }, true);
    let effects = room.receive(0, 1, &update(7, &mark("forged", &other)).encode());
    assert!(matches!(effects[..], [_, Effect::Close { to: 1, code: Code::MarkForged }]), "{effects:?}");
    assert!(room.is_empty() && !room.is_over());
    room.tick(10_000);
    assert!(!room.is_over());
    room.tick(10 * 60_000);
    assert!(room.is_over());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_does_not_read_is_closed_and_lacks_nothing_when_it_comes_back() {
    let served = Served::new().await;
    let wang = served.sign_in("王法官").await.unwrap();
    let key = served.key("panel");
    let mut writer = served.window(Some(&wang)).await;
    let channel = writer.enter(&key).await;
    // Nearly as much as one message takes.
    let long = Layer::new(7);
    for number in 0..200 {
        let mark = Mark { note: "长".repeat(1_500), ..mark(&format!("long{number}"), &wang.who) };
        long.put(&mut long.parts().0.transact_mut(), &mark);
    }
    writer.send(channel, &Message::Update(long.state())).await;
    writer.until(channel, &SAVED).await;
    // More than the network holds, asked for and not read.
    let mut slow = served.window(Some(&wang)).await;
    let lazy = slow.enter(&key).await;
    for _ in 0..15 {
        slow.send(lazy, &Message::Step1(vec![0])).await;
    }
    // And more small ones than may wait, from several so that none is too fast.
    for client in 0..4 {
        let mut window = served.window(Some(&wang)).await;
        let channel = window.enter(&key).await;
        for clock in 1..180 {
            let here = Awareness { client, clock, state: "{}".into() };
            window.send(channel, &Message::Awareness(vec![here])).await;
        }
        window.send(channel, &update(client, &mark(&format!("m{client}"), &wang.who))).await;
        // Nobody waits for the slow one.
        window.until(channel, &SAVED).await;
    }
    let mut heard = 0;
    while slow.next().await.is_ok() {
        heard += 1;
    }
    assert!(heard < 4 * 180, "{heard}");
    let mut back = served.window(Some(&wang)).await;
    let channel = back.enter(&key).await;
    assert_eq!(back.layer(channel).await.len(), 204);
}

/// The real program over a data folder.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(bench: &Bench) -> Self {
        let mut child = bench
            .evolume()
            .args(["serve", "--no-ocr", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_has_all_that_it_acknowledged_and_nothing_twice() {
    for bench in Bench::on_each() {
        kill_and_look(&bench).await;
    }
}

async fn kill_and_look(bench: &Bench) {
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(1), ""))], &[]);
    let volume = bench.volume();
    let who = Principal { id: "wang".into(), name: "王法官".into(), roles: Vec::new() };
    let secret = "7".repeat(64);
    let store = bench.store().await;
    let now = u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    store.insert_session(&sha256(secret.as_bytes()), &who.id, &who.name, now).await.unwrap();
    let cookie = format!("evolume_session={secret}");
    let keys = [DocKey::of_volume(&volume, "private-wang"), DocKey::of_volume(&volume, "panel")];
    let marks = |round: u64, at: u64| mark(&format!("m{round}-{at}"), &who);
    for round in 0..3_u64 {
        let server = Program::start(bench);
        let mut window = Window::connect(&server.address, Some(&cookie)).await.unwrap();
        for (at, key) in (0..).zip(&keys) {
            let channel = window.enter(key).await;
            // Acknowledged and not yet acknowledged ones of the rounds before: whoever comes back sends all again.
            for earlier in 0..round {
                window.send(channel, &update(100 * earlier + at, &marks(earlier, at))).await;
            }
            window.send(channel, &update(100 * round + at, &marks(round, at))).await;
            window.until(channel, &Heard::Message(Message::Saved(round + 1))).await;
            assert_eq!(window.layer(channel).await.len() as u64, round + 1);
        }
        drop(server);
        while window.next().await.is_ok() {}
    }
    let server = Program::start(bench);
    let mut window = Window::connect(&server.address, Some(&cookie)).await.unwrap();
    for (at, key) in (0..).zip(&keys) {
        let channel = window.enter(key).await;
        let all: Vec<_> = (0..3).map(|round| marks(round, at)).collect();
        assert_eq!(sorted(window.layer(channel).await.marks()), all);
    }
}
