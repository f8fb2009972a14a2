//! The channels of one socket: which rooms it is in, and what passes between them and the wire.
//!
//! A stock client's socket is one channel without packets around its frames; a window's has as many as it opens.

use std::collections::HashMap;

use axum::extract::ws::Message;
use bytes::Bytes;
use evolume_annotations::key::DocKey;
use evolume_annotations::mux::{Channel, Packet};
use evolume_model::code::Code;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::FuturesUnordered;

use super::admission::{Admitted, Reader};
use super::error::ApiError;
use super::socket::close_status;
use crate::clock::now;
use crate::rooms::{OPENS, Out, Rate, Seat, Socket};

/// Channels of one socket; a window opens a few for each volume that it shows.
const MAX_CHANNELS: usize = 32;
/// The one channel of a stock client.
const STOCK: Channel = 0;

/// What a socket does next.
pub enum Step {
    Nothing,
    Send(Message),
    End(Code),
}

type Judged = (Channel, Result<Admitted, ApiError>);

pub struct Channels {
    pub place: Socket,
    /// Questions about rights that are under way.
    pub judging: FuturesUnordered<BoxFuture<'static, Judged>>,
    reader: Reader,
    framing: Framing,
    open: HashMap<Channel, State>,
}

enum Framing {
    Stock,
    Multiplexed { last: Channel, opens: Rate },
}

enum State {
    Opening(DocKey),
    Open(DocKey, Seat),
}

impl Channels {
    /// Of a stock client, which is in its room from the beginning.
    pub fn of_one_room(
        place: Socket,
        reader: Reader,
        key: DocKey,
        Admitted { principal, rights }: Admitted,
        extended: bool,
    ) -> Result<Self, ApiError> {
        let seat = place.join(STOCK, key.clone(), principal, rights, extended).ok_or(ApiError::Busy)?;
        let open = HashMap::from([(STOCK, State::Open(key, seat))]);
        Ok(Self { place, judging: FuturesUnordered::new(), reader, framing: Framing::Stock, open })
    }

    /// Of a window, which opens them by packets.
    pub fn multiplexed(place: Socket, reader: Reader) -> Self {
        let framing = Framing::Multiplexed { last: 0, opens: Rate::new(now(), OPENS) };
        Self { place, judging: FuturesUnordered::new(), reader, framing, open: HashMap::new() }
    }

    /// A message from the client.
    pub async fn receive(&mut self, bytes: Bytes) -> Step {
        let Framing::Multiplexed { last, opens } = &mut self.framing else {
            return self.receive_frame(STOCK, bytes).await;
        };
        match Packet::decode(&bytes) {
            Ok(Packet::Open { channel, key }) => {
                if channel <= *last {
                    return Step::End(Code::RequestMalformed);
                }
                *last = channel;
                if !opens.take(now(), 1.) {
                    return Step::End(Code::RoomTooFast);
                }
                if self.open.len() >= MAX_CHANNELS {
                    return self.ended(channel, Code::RoomFull);
                }
                self.ask(channel, key.clone());
                self.open.insert(channel, State::Opening(key));
                Step::Nothing
            }
            Ok(Packet::Data { channel, frame }) => self.receive_frame(channel, bytes.slice_ref(frame)).await,
            Ok(Packet::Close { channel, .. }) => {
                self.leave_room(channel).await;
                Step::Nothing
            }
            // Only a server says that a channel is open.
            Ok(Packet::Opened { .. }) | Err(_) => Step::End(Code::RequestMalformed),
        }
    }

    /// A frame for a channel that is not open was under way when the channel ended.
    async fn receive_frame(&mut self, channel: Channel, frame: Bytes) -> Step {
        let Some(State::Open(_, seat)) = self.open.get(&channel) else { return Step::Nothing };
        if seat.send(frame).await { Step::Nothing } else { self.ended(channel, Code::ServerBusy) }
    }

    /// What a room sends; a channel that is not open any more has nothing to hear.
    pub fn take_out(&mut self, channel: Channel, out: Out) -> Step {
        if !self.open.contains_key(&channel) {
            return Step::Nothing;
        }
        match (out, &self.framing) {
            (Out::Frame(frame), Framing::Stock) => Step::Send(Message::Binary(frame)),
            (Out::Frame(frame), Framing::Multiplexed { .. }) => {
                send(&Packet::Data { channel, frame: &frame })
            }
            (Out::Close(code), _) => self.ended(channel, code),
        }
    }

    /// Asks anew what the reader may do in every open room.
    pub fn judge_again(&mut self) -> Step {
        let open: Vec<_> = self
            .open
            .iter()
            .filter_map(|(channel, state)| match state {
                State::Open(key, _) => Some((*channel, key.clone())),
                State::Opening(_) => None,
            })
            .collect();
        for (channel, key) in open {
            self.ask(channel, key);
        }
        Step::Nothing
    }

    fn ask(&self, channel: Channel, key: DocKey) {
        let reader = self.reader.clone();
        self.judging.push(async move { (channel, reader.judge(&key).await) }.boxed());
    }

    /// The answer to such a question.
    pub async fn judged(&mut self, channel: Channel, judged: Result<Admitted, ApiError>) -> Step {
        let Admitted { principal, rights } = match judged {
            Ok(admitted) => admitted,
            // Not this channel's alone.
            Err(ApiError::SessionOver) => return Step::End(Code::IdentityRequired),
            Err(error) => {
                let code = error.logged_code();
                return if self.leave_room(channel).await {
                    self.ended(channel, code)
                } else {
                    Step::Nothing
                };
            }
        };
        match self.open.get(&channel) {
            Some(State::Open(_, seat)) => {
                seat.set_rights(principal, rights).await;
                Step::Nothing
            }
            Some(State::Opening(key)) => {
                let key = key.clone();
                let Some(seat) = self.place.join(channel, key.clone(), principal, rights, true) else {
                    return self.ended(channel, Code::RoomFull);
                };
                self.open.insert(channel, State::Open(key, seat));
                send(&Packet::Opened { channel })
            }
            None => Step::Nothing,
        }
    }

    /// The channel is over and the client has to know; without channels a stock client's socket ends with it.
    fn ended(&mut self, channel: Channel, code: Code) -> Step {
        self.open.remove(&channel);
        match self.framing {
            Framing::Stock => Step::End(code),
            Framing::Multiplexed { .. } => {
                send(&Packet::Close { channel, status: close_status(code), reason: code.as_str() })
            }
        }
    }

    /// False when there was no such channel any more.
    async fn leave_room(&mut self, channel: Channel) -> bool {
        let state = self.open.remove(&channel);
        let known = state.is_some();
        if let Some(State::Open(_, seat)) = state {
            seat.leave().await;
        }
        known
    }

    /// Leaves every room.
    pub async fn leave(&mut self) {
        for (_, state) in self.open.drain() {
            if let State::Open(_, seat) = state {
                seat.leave().await;
            }
        }
    }
}

fn send(packet: &Packet<'_>) -> Step {
    Step::Send(Message::Binary(packet.encode().into()))
}
