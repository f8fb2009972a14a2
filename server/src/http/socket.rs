//! A room's WebSocket: frames in and out, life signs, and an end with a code.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use evolume_annotations::layer::MAX_UPDATE;
use evolume_model::access::LayerId;
use evolume_model::api::Problem;
use evolume_model::code::Code;
use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::time::{Instant, MissedTickBehavior, timeout};

use super::error::ApiError;
use super::extract::{Params, SameOrigin};
use crate::admission::Readable;
use crate::rooms::{Event, Out, Rooms, Seat};
use crate::store::LayerKey;

const PING: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(60);
const SEND_TIME: Duration = Duration::from_secs(10);
/// Somewhat more than a room takes, so that the room can say why it does not.
const MAX_MESSAGE: usize = 2 * MAX_UPDATE;

/// Close codes: the server goes away; anything else is 4000 and up, with the stable code as the reason.
const GOING_AWAY: u16 = 1001;
const REFUSED: u16 = 4403;
const AGAIN: u16 = 4503;

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
    _: SameOrigin,
    readable: Readable,
    Params((volume, layer)): Params<(String, String)>,
    Query(ask): Query<Ask>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    // A layer that is not this reader's looks like one that does not exist.
    let layer = LayerId::parse(&layer).ok_or(ApiError::NotFound)?;
    let rights = readable.rights(&layer).ok_or(ApiError::NotFound)?;
    let upgrade = upgrade.map_err(|_| ApiError::Malformed)?;
    let key = LayerKey { volume, layer: layer.to_string() };
    let seat = rooms
        .join(key, readable.member.principal().clone(), rights, ask.evolume.is_some())
        .ok_or(ApiError::Busy)?;
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    Ok(upgrade.on_upgrade(async move |socket| rooms.spawn(serve(socket, seat))))
}

async fn serve(socket: WebSocket, mut seat: Seat) {
    let (mut sink, mut stream) = socket.split();
    let mut ping = tokio::time::interval(PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let farewell = loop {
        let message = tokio::select! {
            () = seat.stop.cancelled() => break Some((GOING_AWAY, "")),
            () = seat.slow.cancelled() => break Some((AGAIN, Code::RoomSlow.as_str())),
            out = seat.out.recv() => match out {
                Some(Out::Frame(frame)) => Message::Binary(frame),
                Some(Out::Close(code)) => break Some((close_code(code), code.as_str())),
                None => break Some((AGAIN, Code::ServerBusy.as_str())),
            },
            message = stream.next() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Binary(frame))) => {
                        if seat.room.send(Event::Frame { from: seat.connection, frame }).await.is_err() {
                            break Some((AGAIN, Code::ServerBusy.as_str()));
                        }
                        continue;
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Text(_))) => break Some((REFUSED, Code::LayerMalformed.as_str())),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() > SILENCE {
                    break None;
                }
                Message::Ping(bytes::Bytes::new())
            }
        };
        if !matches!(timeout(SEND_TIME, sink.send(message)).await, Ok(Ok(()))) {
            break None;
        }
    };
    // Fails only when the room is over, which then knows.
    drop(seat.room.send(Event::Leave(seat.connection)).await);
    if let Some((code, reason)) = farewell {
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        // The other side may be gone already.
        drop(timeout(SEND_TIME, sink.send(close)).await);
    }
}

fn close_code(code: Code) -> u16 {
    match code {
        Code::RoomSlow
        | Code::RoomFull
        | Code::RoomTooFast
        | Code::LayerNotSaved
        | Code::ServerBusy
        | Code::ServerInternal => AGAIN,
        _ => REFUSED,
    }
}
