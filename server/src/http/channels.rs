//! The channels of one socket: which rooms it is in, and what passes between them and the wire.
//!
//! A stock client's socket is one channel without packets around its frames; a window's has as many as it opens.

use std::collections::HashMap;

use axum::extract::ws::Message;
use bytes::Bytes;
use evolume_annotations::key::{DocKey, Scope};
use evolume_annotations::mux::{Channel, Packet};
use evolume_model::access::LayerId;
use evolume_model::code::Code;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::FuturesUnordered;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::admission::Admission;
use crate::clock::now;
use crate::rights::{Entry, Person};
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

/// Whoever opened a socket.
#[derive(Clone)]
pub struct Reader {
    admission: Admission,
    person: Person,
}

impl Reader {
    pub fn new(admission: Admission, person: Person) -> Self {
        Self { admission, person }
    }

    /// What they may do in a document now; at least read it. Another's looks like one that does not exist, and no
    /// case offers any yet.
    async fn judge(&self, key: &DocKey) -> Result<Entry, Code> {
        let (Scope::Volume(volume), Some(layer)) = (&key.scope, LayerId::parse(&key.name)) else {
            return Err(Code::NotFound);
        };
        let entry = match self.admission.entry(&self.person, volume, &layer).await {
            Ok(None) if !self.admission.is_current(&self.person).await.unwrap_or(true) => {
                return Err(Code::IdentityRequired);
            }
            entry => entry,
        };
        match entry {
            Ok(entry) => entry.ok_or(Code::NotFound),
            Err(error) => {
                tracing::error!(%error, document = %key, "rights cannot be looked up");
                Err(error.code())
            }
        }
    }
}

type Judged = (Channel, Result<Entry, Code>);

pub struct Channels {
    pub place: Socket,
    /// Questions about rights that are under way.
    pub judging: FuturesUnordered<BoxFuture<'static, Judged>>,
    /// Sessions that end.
    pub ended: broadcast::Receiver<String>,
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
    fn new(place: Socket, reader: Reader, framing: Framing) -> Self {
        let ended = reader.admission.ended_sessions();
        Self { place, judging: FuturesUnordered::new(), ended, reader, framing, open: HashMap::new() }
    }

    /// Of a stock client, which is in its room from the beginning; `None` when there is no place.
    pub fn of_one_room(
        place: Socket,
        reader: Reader,
        key: DocKey,
        entry: Entry,
        extended: bool,
    ) -> Option<Self> {
        let seat = place.join(STOCK, key.clone(), reader.person.principal(), entry, extended)?;
        let mut channels = Self::new(place, reader, Framing::Stock);
        channels.open.insert(STOCK, State::Open(key, seat));
        // What became of the rights while nobody listened.
        channels.judge_again();
        Some(channels)
    }

    /// Of a window, which opens them by packets.
    pub fn multiplexed(place: Socket, reader: Reader) -> Self {
        Self::new(place, reader, Framing::Multiplexed { last: 0, opens: Rate::new(now(), OPENS) })
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
    pub async fn judged(&mut self, channel: Channel, judged: Result<Entry, Code>) -> Step {
        match (self.open.get(&channel), judged) {
            // It has been left meanwhile.
            (None, _) => Step::Nothing,
            // Nothing that it has open is theirs any more.
            (Some(_), Err(code @ Code::IdentityRequired)) => Step::End(code),
            (Some(_), Err(code)) => {
                self.leave_room(channel).await;
                self.ended(channel, code)
            }
            (Some(State::Open(_, seat)), Ok(entry)) => {
                seat.set_rights(entry.rights).await;
                Step::Nothing
            }
            (Some(State::Opening(key)), Ok(entry)) => {
                let (key, principal) = (key.clone(), self.reader.person.principal());
                let Some(seat) = self.place.join(channel, key.clone(), principal, entry, true) else {
                    return self.ended(channel, Code::RoomFull);
                };
                self.open.insert(channel, State::Open(key, seat));
                send(&Packet::Opened { channel })
            }
        }
    }

    /// A session has ended, or so many that not all were heard of.
    pub fn session_ended(&mut self, ended: Result<String, RecvError>) -> Step {
        match (ended, &self.reader.person) {
            (Ok(ended), Person::Named { session, .. }) if ended == *session => {
                Step::End(Code::IdentityRequired)
            }
            (Ok(_), _) => Step::Nothing,
            (Err(RecvError::Lagged(_)), _) => self.judge_again(),
            (Err(RecvError::Closed), _) => Step::End(Code::ServerBusy),
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

    async fn leave_room(&mut self, channel: Channel) {
        if let Some(State::Open(_, seat)) = self.open.remove(&channel) {
            seat.leave().await;
        }
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

/// What a code means for a client: come again, do not send that again, do not come again.
pub(super) fn close_status(code: Code) -> u16 {
    match code {
        Code::RoomSlow
        | Code::RoomFull
        | Code::RoomTooFast
        | Code::LayerNotSaved
        | Code::ServerBusy
        | Code::StoreUnreachable
        | Code::StoreReadOnly
        | Code::StoreFull
        | Code::ServerInternal => 4503,
        Code::IdentityRequired => 4401,
        Code::NotFound => 4404,
        _ => 4403,
    }
}
