//! The messages of a room: the protocol of `y-websocket`, and three of Evolume's own for clients that ask
//! for them. One message is one WebSocket frame.

use crate::lib0::{Malformed, Reader, write_bytes, write_var};

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const QUERY_AWARENESS: u64 = 3;
/// Stock clients have no message of this number.
const EVOLUME: u64 = 100;

/// A message in either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// What the sender knows, as a state vector; the answer is a step 2.
    Step1(Vec<u8>),
    /// All that the other one lacked.
    Step2(Vec<u8>),
    /// A change.
    Update(Vec<u8>),
    /// Who is here.
    Awareness(Vec<Awareness>),
    /// Asks who is here.
    QueryAwareness,
    /// All of the first so many updates (steps 2 included) of this connection are durable.
    Saved(u64),
    /// An update was refused as a whole, with a stable code; the connection ends.
    Refused(String),
    /// The first message of a room: the server's time in milliseconds since 1970, and the name by which it knows the
    /// client's user. Marks are signed with both.
    Hello {
        /// When it was sent.
        now: u64,
        /// As it has to stand in new marks.
        name: String,
    },
}

/// One client's state, as Yjs calls it: JSON, or `null` when it has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awareness {
    /// The client's id in the document.
    pub client: u64,
    /// Counts up with every state.
    pub clock: u64,
    /// JSON.
    pub state: String,
}

impl Message {
    /// Reads a frame.
    pub fn decode(frame: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(frame);
        let message = match reader.var()? {
            SYNC => match reader.var()? {
                0 => Self::Step1(reader.bytes()?.to_vec()),
                1 => Self::Step2(reader.bytes()?.to_vec()),
                2 => Self::Update(reader.bytes()?.to_vec()),
                _ => return Err(Malformed),
            },
            AWARENESS => {
                let mut inner = Reader::new(reader.bytes()?);
                let mut states = Vec::new();
                for _ in 0..inner.count(3)? {
                    let (client, clock) = (inner.var()?, inner.var()?);
                    states.push(Awareness { client, clock, state: inner.str()?.to_owned() });
                }
                inner.end()?;
                Self::Awareness(states)
            }
            QUERY_AWARENESS => Self::QueryAwareness,
            EVOLUME => match reader.var()? {
                0 => Self::Saved(reader.var()?),
                1 => Self::Refused(reader.str()?.to_owned()),
                2 => Self::Hello { now: reader.var()?, name: reader.str()?.to_owned() },
                _ => return Err(Malformed),
            },
            _ => return Err(Malformed),
        };
        reader.end()?;
        Ok(message)
    }

    /// Writes a frame.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sync = |kind, bytes: &[u8]| {
            write_var(&mut out, SYNC);
            write_var(&mut out, kind);
            write_bytes(&mut out, bytes);
        };
        match self {
            Self::Step1(vector) => sync(0, vector),
            Self::Step2(update) => sync(1, update),
            Self::Update(update) => sync(2, update),
            Self::Awareness(states) => {
                let mut inner = Vec::new();
                write_var(&mut inner, states.len() as u64);
                for state in states {
                    write_var(&mut inner, state.client);
                    write_var(&mut inner, state.clock);
                    write_bytes(&mut inner, state.state.as_bytes());
                }
                write_var(&mut out, AWARENESS);
                write_bytes(&mut out, &inner);
            }
            Self::QueryAwareness => write_var(&mut out, QUERY_AWARENESS),
            Self::Saved(count) => {
                write_var(&mut out, EVOLUME);
                write_var(&mut out, 0);
                write_var(&mut out, *count);
            }
            Self::Refused(code) => {
                write_var(&mut out, EVOLUME);
                write_var(&mut out, 1);
                write_bytes(&mut out, code.as_bytes());
            }
            Self::Hello { now, name } => {
                write_var(&mut out, EVOLUME);
                write_var(&mut out, 2);
                write_var(&mut out, *now);
                write_bytes(&mut out, name.as_bytes());
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_round_trip() {
        for message in [
            Message::Step1(vec![0]),
            Message::Step2(vec![0, 0]),
            Message::Update(vec![1; 300]),
            Message::Awareness(vec![Awareness {
                client: 1 << 40, clock: 3, state: "{\"a\":\"页\"}".into()
            }]),
            Message::QueryAwareness,
            Message::Saved(12),
            Message::Refused("mark.forged".into()),
            Message::Hello { now: 1_764_000_000_000, name: "王法官".into() },
        ] {
            assert_eq!(Message::decode(&message.encode()), Ok(message));
        }
    }

    proptest! {
        #[test]
        fn strange_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Ok(message) = Message::decode(&bytes) {
                prop_assert_eq!(Message::decode(&message.encode()), Ok(message));
            }
        }
    }
}
