//! Many rooms over one WebSocket: a window opens a channel for each document and closes it again.
//!
//! A channel lives as a socket of its own would: it is asked for, opened or refused, carries the frames of
//! [`crate::sync`] unchanged, and ends with a close code and a stable code as the reason. The client numbers its
//! channels and never uses a number twice on one socket, so that what is still under way to a channel that has
//! ended is not mistaken for another's. One packet is one WebSocket message.

use crate::key::{DocKey, Scope};
use crate::lib0::{Malformed, Reader, write_bytes, write_var};

/// The WebSocket subprotocol; the number counts up when old and new no longer understand each other.
pub const PROTOCOL: &str = "evolume.mux.1";

const OPEN: u64 = 0;
const OPENED: u64 = 1;
const DATA: u64 = 2;
const CLOSE: u64 = 3;

const VOLUME: u64 = 0;
const CASE: u64 = 1;

/// The number of a channel on its socket.
pub type Channel = u64;

/// What one WebSocket message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// From the client: it wants to take part in a document.
    Open { channel: Channel, key: DocKey },
    /// From the server: it may, and the room listens.
    Opened { channel: Channel },
    /// A frame to or from the room.
    Data { channel: Channel, frame: &'a [u8] },
    /// The channel has ended; `status` is what a socket's close code would be.
    Close { channel: Channel, status: u16, reason: &'a str },
}

impl<'a> Packet<'a> {
    /// Reads one WebSocket message.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let (kind, channel) = (reader.var()?, reader.var()?);
        let packet = match kind {
            OPEN => {
                let scope = match reader.var()? {
                    VOLUME => Scope::Volume,
                    CASE => Scope::Case,
                    _ => return Err(Malformed),
                };
                let scope = scope(reader.str()?.to_owned());
                let key = DocKey { scope, name: reader.str()?.to_owned() };
                if !key.is_valid() {
                    return Err(Malformed);
                }
                Self::Open { channel, key }
            }
            OPENED => Self::Opened { channel },
            DATA => Self::Data { channel, frame: reader.take(reader.left())? },
            CLOSE => {
                let status = u16::try_from(reader.var()?).map_err(|_| Malformed)?;
                Self::Close { channel, status, reason: reader.str()? }
            }
            _ => return Err(Malformed),
        };
        reader.end()?;
        Ok(packet)
    }

    /// Writes one WebSocket message.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut head = |kind, channel: &Channel| {
            write_var(&mut out, kind);
            write_var(&mut out, *channel);
        };
        match self {
            Self::Open { channel, key } => {
                head(OPEN, channel);
                let scope = if matches!(key.scope, Scope::Volume(_)) { VOLUME } else { CASE };
                write_var(&mut out, scope);
                write_bytes(&mut out, key.scope.id().as_bytes());
                write_bytes(&mut out, key.name.as_bytes());
            }
            Self::Opened { channel } => head(OPENED, channel),
            Self::Data { channel, frame } => {
                head(DATA, channel);
                out.extend_from_slice(frame);
            }
            Self::Close { channel, status, reason } => {
                head(CLOSE, channel);
                write_var(&mut out, u64::from(*status));
                write_bytes(&mut out, reason.as_bytes());
            }
        }
        out
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lib0::MAX_INTEGER;

    /// The very bytes: the browser's half of the protocol is written in TypeScript and tested on the same.
    #[test]
    fn the_bytes_are_these() {
        let key = DocKey::of_volume("v1", "panel");
        let open = [0, 1, 0, 2, b'v', b'1', 5, b'p', b'a', b'n', b'e', b'l'];
        assert_eq!(Packet::Open { channel: 1, key }.encode(), open);
        assert_eq!(Packet::Opened { channel: 300 }.encode(), [1, 0xac, 2]);
        assert_eq!(Packet::Data { channel: 2, frame: &[9, 8] }.encode(), [2, 2, 9, 8]);
        let close = Packet::Close { channel: 2, status: 4403, reason: "a.b" };
        assert_eq!(close.encode(), [3, 2, 0xb3, 0x22, 3, b'a', b'.', b'b']);
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        for (id, name) in
            [("", "panel"), ("v", ""), ("v/1", "panel"), ("v", "a b"), (&"v".repeat(65), "panel")]
        {
            let key = DocKey { scope: Scope::Case(id.to_owned()), name: name.to_owned() };
            assert_eq!(Packet::decode(&Packet::Open { channel: 1, key }.encode()), Err(Malformed));
        }
    }

    fn keys() -> impl Strategy<Value = DocKey> {
        (any::<bool>(), "[A-Za-z0-9_-]{1,64}", "[a-z]{1,9}-[A-Za-z0-9_-]{0,64}").prop_map(
            |(case, id, name)| DocKey { scope: if case { Scope::Case(id) } else { Scope::Volume(id) }, name },
        )
    }

    proptest! {
        #[test]
        fn packets_round_trip(
            channel in 0..=MAX_INTEGER,
            key in keys(),
            frame in proptest::collection::vec(any::<u8>(), 0..300),
            status: u16,
            reason in ".{0,40}",
        ) {
            for packet in [
                Packet::Open { channel, key },
                Packet::Opened { channel },
                Packet::Data { channel, frame: &frame },
                Packet::Close { channel, status, reason: &reason },
            ] {
                let bytes = packet.encode();
                prop_assert_eq!(Packet::decode(&bytes), Ok(packet));
            }
        }

        #[test]
        fn strange_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Ok(packet) = Packet::decode(&bytes) {
                let again = packet.encode();
                prop_assert_eq!(Packet::decode(&again), Ok(packet));
            }
        }
    }
}
