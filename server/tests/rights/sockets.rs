//! Every message of a socket with every role, in every layer; and rights that end while a socket is open.

use std::time::{Duration, Instant};

use evolume_annotations::document::Document;
use evolume_annotations::layer::Layer;
use evolume_annotations::sync::{Awareness, Message};
use evolume_model::geometry::PageRect;
use evolume_model::mark::{Author, Colour, Mark, Target};
use evolume_model::page::PageRef;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message as Frame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use yrs::Transact;

use super::*;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(court: &Court, reader: &Reader, volume: &str, layer: &str) -> Result<Stream, StatusCode> {
    let url = format!("ws://{}/api/v1/volumes/{volume}/rooms/{layer}?evolume=1", court.address);
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("cookie", reader.cookie.parse().unwrap());
    match connect_async(request).await {
        Ok((mut stream, _)) => {
            // The server's first sign of life is answered before anything else is said: an answer that the server has
            // not read when it closes would take the reason with it.
            while !matches!(stream.next().await, Some(Ok(Frame::Ping(_)))) {}
            stream.flush().await.unwrap();
            Ok(stream)
        }
        Err(tungstenite::Error::Http(response)) => Err(response.status()),
        Err(error) => panic!("{error}"),
    }
}

async fn send(stream: &mut Stream, message: &Message) {
    stream.send(Frame::binary(message.encode())).await.unwrap();
}

/// The next message of the kind that is waited for, or the reason why the socket was closed.
async fn until(stream: &mut Stream, wanted: impl Fn(&Message) -> bool) -> Result<Message, String> {
    loop {
        match stream.next().await {
            Some(Ok(Frame::Binary(frame))) => {
                let message = Message::decode(&frame).unwrap();
                if wanted(&message) {
                    return Ok(message);
                }
            }
            Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
            Some(Ok(Frame::Close(Some(frame)))) => return Err(format!("{} {}", frame.code, frame.reason)),
            other => panic!("{other:?}"),
        }
    }
}

/// A document with one mark, as somebody's program makes it.
fn with_mark(replica: u64, who: &Principal) -> Vec<u8> {
    let page = PageRef { material: "m".into(), index: 0 };
    let rects = vec![PageRect::new(1., 2., 30., 14.)];
    let target = Target::Text { page, start: 0, end: 2, rects, quote: "page".into() };
    let author = Author { id: who.id.clone(), name: who.name.clone() };
    let mark = Mark::new(format!("m{replica}"), "highlight".into(), target, Colour::Blue, author, 1);
    let layer = Layer::new(replica);
    layer.put(&mut layer.parts().0.transact_mut(), &mark);
    layer.state()
}

fn layers(reader: &Reader) -> [LayerId; 5] {
    [
        LayerId::Private(reader.who.id.clone()),
        LayerId::Private("another".into()),
        LayerId::Panel,
        LayerId::Meeting("m1".into()),
        LayerId::Everybody,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_of_each_role_is_taken_or_refused_as_the_matrix_says() {
    let court = Court::new().await;
    let mut replica = 1_000;
    for state in [CaseState::Pending, CaseState::Archived] {
        court.set_state(state).await;
        for reader in &court.readers {
            for (class, manifest) in &court.volumes {
                for layer in layers(reader) {
                    let about = format!("{} {class:?} {state} {layer}", reader.login);
                    let rights = rights(reader, *class, state, &layer);
                    let connected = connect(&court, reader, &manifest.volume, &layer.to_string()).await;
                    let Ok(mut stream) = connected else {
                        assert!(!rights.read, "{about}");
                        let absent = connect(&court, reader, &"0".repeat(32), &layer.to_string()).await;
                        assert_eq!(connected.err(), absent.err(), "{about}");
                        continue;
                    };
                    assert!(rights.read, "{about}");
                    // What everybody may say who is in the room.
                    send(&mut stream, &Message::QueryAwareness).await;
                    let state = Awareness { client: replica, clock: 1, state: "{}".into() };
                    send(&mut stream, &Message::Awareness(vec![state])).await;
                    send(&mut stream, &Message::Step1(vec![0])).await;
                    until(&mut stream, |message| matches!(message, Message::Step2(_))).await.unwrap();
                    // What is empty changes nothing.
                    send(&mut stream, &Message::Step2(Layer::new(1).state())).await;
                    let saved = |message: &Message| matches!(message, Message::Saved(_));
                    until(&mut stream, saved).await.unwrap();
                    // What only those may who write, in either of the two forms that it has.
                    replica += 1;
                    let update = with_mark(replica, &reader.who);
                    let step2 = replica % 2 == 0;
                    send(&mut stream, &if step2 { Message::Step2(update) } else { Message::Update(update) })
                        .await;
                    let outcome = until(&mut stream, |message| matches!(message, Message::Saved(2))).await;
                    if rights.write_own {
                        assert!(outcome.is_ok(), "{about} {outcome:?}");
                    } else {
                        assert_eq!(outcome, Err("4403 layer.read_only".into()), "{about}");
                        continue;
                    }
                    // What only a server says.
                    for message in [Message::Saved(1), Message::Refused("x".into())] {
                        let mut stream =
                            connect(&court, reader, &manifest.volume, &layer.to_string()).await.unwrap();
                        send(&mut stream, &message).await;
                        let closed = until(&mut stream, |_| false).await;
                        assert_eq!(closed, Err("4403 layer.malformed".into()), "{about}");
                    }
                }
            }
        }
    }
}

/// Waits until a socket is closed, and for how long.
async fn closed(stream: &mut Stream, since: Instant) -> (String, Duration) {
    let reason = until(stream, |_| false).await.unwrap_err();
    (reason, since.elapsed())
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_case_is_out_of_its_rooms_within_a_second() {
    let court = Court::new().await;
    let (main, judge) = (&court.volume(VolumeClass::Main).volume, court.reader("panel_judge"));
    let mut panel = connect(&court, judge, main, "panel").await.unwrap();
    let mut kept = connect(&court, court.reader("rapporteur"), main, "panel").await.unwrap();
    let uri = format!("/api/v1/cases/{}/members/{}/panel_judge", court.case, judge.who.id);
    let clerk = court.reader("clerk");
    let since = Instant::now();
    assert_eq!(
        court.send(Some(&clerk.cookie), Method::DELETE, &uri, None).await.status,
        StatusCode::NO_CONTENT
    );
    let (reason, took) = closed(&mut panel, since).await;
    assert!(reason == "4404 not_found" && took < SECOND, "{reason} {took:?}");
    assert_eq!(connect(&court, judge, main, "panel").await.err(), Some(StatusCode::NOT_FOUND));
    send(&mut kept, &Message::Step1(vec![0])).await;
    until(&mut kept, |message| matches!(message, Message::Step2(_))).await.unwrap();

    // The same by a command, of which the server hears by the database alone.
    let mut panel = connect(&court, court.reader("assessor"), main, "panel").await.unwrap();
    let remove = ["case", "member", "remove", "--case", CASE, "--login", "assessor"];
    assert!(court.bench.run(&remove).status.success());
    let (reason, took) = closed(&mut panel, Instant::now()).await;
    assert!(reason == "4404 not_found" && took < SECOND, "{reason} {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_becomes_less_stays_and_writes_no_more() {
    let court = Court::new().await;
    let (main, judge) = (&court.volume(VolumeClass::Main).volume, court.reader("panel_judge"));
    let supervisor = Appointment { user: &judge.who.id, role: Role::Party, party: "", since: 0, until: None };
    court.store.add_member(&permit(), &court.case, &supervisor).await.unwrap();
    let mut everybody = connect(&court, judge, main, "everybody").await.unwrap();
    send(&mut everybody, &Message::Update(with_mark(1, &judge.who))).await;
    until(&mut everybody, |message| matches!(message, Message::Saved(1))).await.unwrap();
    let (user, role, now) = (&judge.who.id, Some(Role::PanelJudge), evolume_server::clock::now());
    assert!(court.store.remove_member(&permit(), &court.case, user, role, now).await.unwrap());
    court.rooms.rights_changed();
    // Rights come to the room by the same queue as messages: one refusal shows that they are there.
    let until_refused = async {
        for replica in 2.. {
            let update = Message::Update(with_mark(replica, &judge.who));
            if everybody.send(Frame::binary(update.encode())).await.is_err() {
                break;
            }
            let saved = |message: &Message| matches!(message, Message::Saved(_));
            if let Err(reason) = until(&mut everybody, saved).await {
                return reason;
            }
        }
        panic!("the socket ended without a reason");
    };
    let reason = tokio::time::timeout(SECOND, until_refused).await.unwrap();
    assert_eq!(reason, "4403 layer.read_only");
    connect(&court, judge, main, "everybody").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_or_has_another_password_is_signed_out_everywhere_within_a_second() {
    let court = Court::new().await;
    let main = &court.volume(VolumeClass::Main).volume;
    for (login, arguments) in [
        ("lawyer", vec!["user", "disable", "--login", "lawyer"]),
        ("party", vec!["user", "passwd", "--login", "party"]),
    ] {
        let reader = court.reader(login);
        let mut socket = connect(&court, reader, main, "everybody").await.unwrap();
        assert!(court.bench.run(&arguments).status.success());
        let (reason, took) = closed(&mut socket, Instant::now()).await;
        assert!(reason == "4401 identity.required" && took < SECOND, "{login}: {reason} {took:?}");
        let session = court.get(reader, "/api/v1/session").await.json();
        assert_eq!(session["principal"]["id"], "");
    }
}
