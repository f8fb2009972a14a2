//! WebSockets: the stock address of one room, and a window's own that carries many. Life signs, rights asked for
//! anew while a socket is open, and an end with a code.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use evolume_annotations::key::DocKey;
use evolume_annotations::layer::MAX_UPDATE;
use evolume_annotations::mux::PROTOCOL;
use evolume_model::access::LayerId;
use evolume_model::api::Problem;
use evolume_model::code::Code;
use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::channels::{Channels, Reader, Step, close_status};
use super::error::ApiError;
use super::extract::{Caller, Params, SameOrigin};
use crate::admission::{Admission, Readable};
use crate::rooms::Rooms;

const PING: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(60);
const SEND_TIME: Duration = Duration::from_secs(10);
/// How long a right that was withdrawn without notice, by another server say, may still be used.
const RECHECK: Duration = Duration::from_secs(30);
/// Somewhat more than a room takes, so that the room can say why it does not.
const MAX_MESSAGE: usize = 2 * MAX_UPDATE;

/// The close code of a server that goes away; those of [`close_status`] come with the stable code as the reason.
const GOING_AWAY: u16 = 1001;

/// What a client asks of the room beside the stock protocol.
#[derive(Debug, Deserialize)]
pub struct Ask {
    /// Present for Evolume's own messages: acknowledgements and refusals.
    evolume: Option<String>,
}

/// A layer's room, as a WebSocket that speaks the protocol of `y-websocket`. With `?evolume=1` the server
/// acknowledges what is durable and says why it refuses.
#[utoipa::path(
    get, path = "/api/v1/volumes/{volume}/rooms/{layer}",
    params(("volume" = String, Path, description = "Volume id"),
           ("layer" = String, Path, description = "Layer id: `panel`, `everybody`, `private-ID`, `meeting-ID`"),
           ("evolume" = Option<String>, Query, description = "Present for Evolume's own messages")),
    responses((status = 101), (status = 400, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem))
)]
pub async fn open(
    State(rooms): State<Rooms>,
    State(admission): State<Admission>,
    _: SameOrigin,
    readable: Readable,
    Params((volume, layer)): Params<(String, String)>,
    Query(ask): Query<Ask>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    // A layer that is not this reader's looks like one that does not exist.
    let layer = LayerId::parse(&layer).ok_or(ApiError::NotFound)?;
    let entry = readable.entry(&layer).ok_or(ApiError::NotFound)?;
    let upgrade = upgrade.map_err(|_| ApiError::Malformed)?;
    let place = rooms.connect().ok_or(ApiError::Busy)?;
    let key = DocKey::of_volume(volume, layer.to_string());
    let reader = Reader::new(admission, readable.person);
    let channels =
        Channels::of_one_room(place, reader, key, entry, ask.evolume.is_some()).ok_or(ApiError::Busy)?;
    Ok(upgraded(upgrade, rooms, channels))
}

/// All rooms of a window over one WebSocket, by the packets of `evolume.mux.1`.
#[utoipa::path(
    get, path = "/api/v1/socket",
    responses((status = 101), (status = 400, body = Problem), (status = 403, body = Problem),
              (status = 503, body = Problem))
)]
pub async fn open_window(
    State(rooms): State<Rooms>,
    State(admission): State<Admission>,
    _: SameOrigin,
    Caller(person): Caller,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| ApiError::Malformed)?.protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(ApiError::Malformed);
    }
    let place = rooms.connect().ok_or(ApiError::Busy)?;
    Ok(upgraded(upgrade, rooms, Channels::multiplexed(place, Reader::new(admission, person))))
}

fn upgraded(upgrade: WebSocketUpgrade, rooms: Rooms, channels: Channels) -> Response {
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    upgrade.on_upgrade(async move |socket| rooms.spawn(serve(socket, channels)))
}

async fn serve(socket: WebSocket, mut channels: Channels) {
    let (mut sink, mut stream) = socket.split();
    let mut ping = tokio::time::interval(PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut recheck = interval_at(Instant::now() + RECHECK, RECHECK);
    recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let farewell = loop {
        let step = tokio::select! {
            () = channels.place.stop.cancelled() => break Some((GOING_AWAY, "")),
            () = channels.place.slow.cancelled() => Step::End(Code::RoomSlow),
            ended = channels.ended.recv() => channels.session_ended(ended),
            Some((channel, out)) = channels.place.out.recv() => channels.take_out(channel, out),
            Some((channel, judged)) = channels.judging.next() => channels.judged(channel, judged).await,
            Ok(()) = channels.place.rights.changed() => channels.judge_again(),
            _ = recheck.tick() => channels.judge_again(),
            message = stream.next() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Binary(bytes))) => channels.receive(bytes).await,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Step::Nothing,
                    Some(Ok(Message::Text(_))) => Step::End(Code::LayerMalformed),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() > SILENCE {
                    break None;
                }
                Step::Send(Message::Ping(bytes::Bytes::new()))
            }
        };
        match step {
            Step::Nothing => {}
            Step::Send(message) => {
                let sent = tokio::select! {
                    sent = timeout(SEND_TIME, sink.send(message)) => matches!(sent, Ok(Ok(()))),
                    // In the middle of a message there is no saying why.
                    () = channels.place.slow.cancelled() => false,
                };
                if !sent {
                    break None;
                }
            }
            Step::End(code) => break Some((close_status(code), code.as_str())),
        }
    };
    channels.leave().await;
    if let Some((code, reason)) = farewell {
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        // The other side may be gone already.
        drop(timeout(SEND_TIME, sink.send(close)).await);
    }
}
