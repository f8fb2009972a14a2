//! What an update contains, read before anything else touches it.
//!
//! A Yjs update can declare huge counts, nest without end and hold things that no document of ours holds. Only
//! what the document's [`Schema`] lists passes here, with every length checked against the bytes that are
//! really there; so the CRDT library gets to see nothing else.

use std::collections::BTreeMap;

use crate::lib0::{Malformed, Reader};
use crate::schema::{Content, Schema, Shared, Value};

/// Clocks stay far from where 32 bits end.
const MAX_CLOCK: u64 = 1 << 30;

const RIGHT_ORIGIN: u8 = 0x40;
const ORIGIN: u8 = 0x80;
const PARENT_SUB: u8 = 0x20;

/// One open document of one program, numbered at random; Yjs calls it a client.
pub type Replica = u64;

/// What an update brings and what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Per replica the clocks that it brings, without a gap.
    pub brings: BTreeMap<Replica, (u32, u32)>,
    /// Per replica the clock up to which it refers.
    pub needs: BTreeMap<Replica, u32>,
    /// Whether it lists deletions, known ones or not.
    pub deletes: bool,
}

impl Contents {
    /// Reads an update (version 1); fails when it is malformed or not within the schema.
    pub fn read(update: &[u8], schema: &Schema) -> Result<Self, Malformed> {
        let mut reader = Reader::new(update);
        let mut contents = Self::default();
        for _ in 0..reader.count(3)? {
            let structs = reader.count(2)?;
            let replica = reader.var()?;
            let start = clock(&mut reader)?;
            let mut end = start;
            for _ in 0..structs {
                let length = contents.read_struct(&mut reader, schema)?;
                end = u32::try_from(u64::from(end) + length).map_err(|_| Malformed)?;
            }
            if u64::from(end) > MAX_CLOCK || contents.brings.insert(replica, (start, end)).is_some() {
                return Err(Malformed);
            }
        }
        contents.read_deletions(&mut reader)?;
        reader.end()?;
        Ok(contents)
    }

    /// Whether a document that knows these clocks can take the update as a whole.
    pub fn fits(&self, known: impl Fn(Replica) -> u32) -> bool {
        let brought = |replica| self.brings.get(&replica).map_or(0, |(_, end)| *end);
        self.brings.iter().all(|(replica, (start, _))| *start <= known(*replica))
            && self.needs.iter().all(|(&replica, &clock)| clock <= known(replica).max(brought(replica)))
    }

    /// Replicas that write something new.
    pub fn writers(&self, known: impl Fn(Replica) -> u32) -> impl Iterator<Item = Replica> {
        self.brings.iter().filter(move |(replica, (_, end))| *end > known(**replica)).map(|(r, _)| *r)
    }

    fn need(&mut self, replica: Replica, end: u64) -> Result<(), Malformed> {
        let end = u32::try_from(end).ok().filter(|end| u64::from(*end) <= MAX_CLOCK).ok_or(Malformed)?;
        let needed = self.needs.entry(replica).or_default();
        *needed = end.max(*needed);
        Ok(())
    }

    fn read_id(&mut self, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        let replica = reader.var()?;
        let clock = reader.var()?;
        self.need(replica, clock + 1)
    }

    /// Returns how many clocks it takes.
    fn read_struct(&mut self, reader: &mut Reader<'_>, schema: &Schema) -> Result<u64, Malformed> {
        let info = reader.byte()?;
        let kind = info & 0x1f;
        // Collected garbage; it has no place, and so no flags.
        if info == 0 {
            return length(reader);
        }
        if info & ORIGIN != 0 {
            self.read_id(reader)?;
        }
        if info & RIGHT_ORIGIN != 0 {
            self.read_id(reader)?;
        }
        if info & (ORIGIN | RIGHT_ORIGIN) == 0 {
            let root = match reader.var()? {
                1 => Some(schema.root(reader.str()?).ok_or(Malformed)?),
                0 => {
                    self.read_id(reader)?;
                    None
                }
                _ => return Err(Malformed),
            };
            let key = info & PARENT_SUB != 0;
            if key {
                reader.str()?;
            }
            // A map has nothing without a key, and a text nothing with one.
            if root.is_some_and(|root| key != (root == Shared::Map)) {
                return Err(Malformed);
            }
        }
        if kind == 1 {
            // Deleted.
            return length(reader);
        }
        let content = match kind {
            3 => Content::Bytes,
            4 => Content::Characters,
            7 => match reader.byte()? {
                1 => Content::Shared(Shared::Map),
                2 => Content::Shared(Shared::Text),
                _ => return Err(Malformed),
            },
            8 => Content::Values,
            // Formats, embedded things, documents, moves.
            _ => return Err(Malformed),
        };
        if !schema.allows(content) {
            return Err(Malformed);
        }
        let clocks = match content {
            Content::Shared(_) => 1,
            Content::Bytes => reader.bytes().map(|_| 1)?,
            // Text counts in UTF-16 units.
            Content::Characters => reader.str()?.encode_utf16().count() as u64,
            Content::Values => {
                let values = reader.count(1)?;
                (0..values).try_for_each(|_| read_value(reader, schema, 0))?;
                values as u64
            }
        };
        if clocks == 0 { Err(Malformed) } else { Ok(clocks) }
    }

    fn read_deletions(&mut self, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        for _ in 0..reader.count(2)? {
            let replica = reader.var()?;
            for _ in 0..reader.count(2)? {
                let start = reader.var()?;
                let length = length(reader)?;
                self.need(replica, start + length)?;
                self.deletes = true;
            }
        }
        Ok(())
    }
}

fn clock(reader: &mut Reader<'_>) -> Result<u32, Malformed> {
    let clock = reader.var()?;
    if clock <= MAX_CLOCK { u32::try_from(clock).map_err(|_| Malformed) } else { Err(Malformed) }
}

fn length(reader: &mut Reader<'_>) -> Result<u64, Malformed> {
    match reader.var()? {
        0 => Err(Malformed),
        length if length <= MAX_CLOCK => Ok(length),
        _ => Err(Malformed),
    }
}

fn read_value(reader: &mut Reader<'_>, schema: &Schema, depth: u32) -> Result<(), Malformed> {
    let tag = reader.byte()?;
    let value = match tag {
        126 => Value::Null,
        125 => Value::Integer,
        124 => Value::Float32,
        123 => Value::Float64,
        120 | 121 => Value::Bool,
        119 => Value::String,
        117 => Value::Array,
        116 => Value::Bytes,
        _ => return Err(Malformed),
    };
    if !schema.allows_value(value) {
        return Err(Malformed);
    }
    match value {
        Value::Null | Value::Bool => Ok(()),
        Value::Integer => reader.skip_integer(),
        Value::Float32 => reader.take(4).map(drop),
        Value::Float64 => reader.take(8).map(drop),
        Value::String => reader.str().map(drop),
        Value::Bytes => reader.bytes().map(drop),
        Value::Array if depth < schema.depth => {
            (0..reader.count(1)?).try_for_each(|_| read_value(reader, schema, depth + 1))
        }
        Value::Array => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::layer::{Layer, ROOT};
    use proptest::prelude::*;
    use yrs::updates::decoder::Decode;
    use yrs::{Any, Array, Doc, Map, MapPrelim, ReadTxn, Text, TextPrelim, Transact, WriteTxn};

    fn read(update: &[u8]) -> Result<Contents, Malformed> {
        Contents::read(update, &Layer::SCHEMA)
    }

    fn value(value: Any) -> Vec<u8> {
        update(|txn| {
            txn.get_or_insert_map(ROOT).insert(txn, "a", value);
        })
    }

    fn update(edit: impl FnOnce(&mut yrs::TransactionMut<'_>)) -> Vec<u8> {
        let doc = Doc::with_client_id(7);
        edit(&mut doc.transact_mut());
        doc.transact().encode_state_as_update_v1(&yrs::StateVector::default())
    }

    #[test]
    fn an_update_says_what_it_brings() {
        let bytes = update(|txn| {
            let marks = txn.get_or_insert_map(ROOT);
            let mark = marks.insert(txn, "a", MapPrelim::from([("page", 3)]));
            let note = mark.insert(txn, "note", TextPrelim::new("笔记😀"));
            note.push(txn, "!");
            marks.remove(txn, "a");
            marks.insert(txn, "b", MapPrelim::default());
        });
        let contents = read(&bytes).unwrap();
        assert_eq!(contents.brings.len(), 1);
        let (start, end) = contents.brings[&7];
        assert_eq!((start, end), (0, 9));
        assert!(contents.fits(|_| 0));
        assert_eq!(contents.writers(|_| 0).count(), 1);
        assert_eq!(contents.writers(|_| 9).count(), 0);
    }

    #[test]
    fn what_follows_something_unknown_does_not_fit() {
        let doc = Doc::with_client_id(7);
        let marks = doc.get_or_insert_map(ROOT);
        marks.insert(&mut doc.transact_mut(), "a", MapPrelim::default());
        let before = doc.transact().state_vector();
        marks.insert(&mut doc.transact_mut(), "b", MapPrelim::default());
        let second = doc.transact().encode_diff_v1(&before);
        let contents = read(&second).unwrap();
        assert!(!contents.fits(|_| 0));
        assert!(contents.fits(|replica| u32::from(replica == 7)));
    }

    #[test]
    fn what_no_layer_holds_is_refused() {
        for foreign in [
            update(|txn| {
                txn.get_or_insert_text("other").push(txn, "x");
            }),
            update(|txn| {
                txn.get_or_insert_array(ROOT).push_back(txn, 1);
            }),
            update(|txn| {
                let marks = txn.get_or_insert_map(ROOT);
                marks.insert(txn, "a", Doc::new());
            }),
            value(Any::Undefined),
            value(Any::Number(yrs::any::Number::Int((1 << 60) + 1))),
            value(Any::from_json(r#"{"a":1}"#).unwrap()),
            value(Any::from(vec![Any::Undefined])),
        ] {
            assert_eq!(read(&foreign), Err(Malformed));
        }
    }

    #[test]
    fn every_allowed_value_is_read() {
        let nested = (0..3).fold(Any::from(1), |inner, _| Any::from(vec![inner]));
        for any in [
            Any::Null,
            Any::Bool(true),
            Any::Bool(false),
            Any::from(-0x7fff_ffff),
            Any::from(0.1_f32),
            Any::from(1e300),
            Any::from("字"),
            Any::Buffer([1_u8, 2].into()),
            Any::from(vec![Any::Null, Any::Buffer([3_u8].into())]),
            nested.clone(),
        ] {
            let bytes = value(any);
            assert!(read(&bytes).is_ok(), "{bytes:?}");
        }
        assert!(read(&value(Any::from(vec![nested]))).is_err());
        // As stock Yjs writes a `Uint8Array` that is set in a map.
        let bytes = update(|txn| {
            txn.get_or_insert_map(ROOT).insert(txn, "a", vec![1_u8, 2]);
        });
        assert!(bytes.windows(3).any(|part| part == [2, 1, 2]));
        assert!(read(&bytes).is_ok());
    }

    #[test]
    fn a_root_is_what_the_schema_says() {
        let text = update(|txn| {
            txn.get_or_insert_text("note").push(txn, "x");
        });
        let schema = Schema { roots: &[("note", Shared::Text)], ..Layer::SCHEMA };
        assert!(Contents::read(&text, &schema).is_ok());
        let schema = Schema { roots: &[("note", Shared::Map)], ..Layer::SCHEMA };
        assert_eq!(Contents::read(&text, &schema), Err(Malformed));
        let schema = Schema { contents: &[], ..Schema { roots: &[("note", Shared::Text)], ..Layer::SCHEMA } };
        assert_eq!(Contents::read(&text, &schema), Err(Malformed));
    }

    #[test]
    fn deep_nesting_and_huge_counts_are_refused() {
        let mut deep = vec![1, 1, 7, 0, 0x28, 1, 5];
        deep.extend(ROOT.bytes());
        deep.extend([1, b'a', 1]);
        deep.extend([117, 1].repeat(20_000));
        assert_eq!(read(&deep), Err(Malformed));
        let flagged_garbage = [1, 1, 7, 0, 0x60, 1, 0];
        assert_eq!(read(&flagged_garbage), Err(Malformed));
        let huge = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1, 0];
        assert_eq!(read(&huge), Err(Malformed));
    }

    proptest! {
        #[test]
        fn what_passes_never_breaks_the_library(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        ) {
            let _ = read(&bytes);
            // A real update with a few wrong bytes gets deeper than noise.
            let mut real = update(|txn| {
                    let marks = txn.get_or_insert_map(ROOT);
                let mark = marks.insert(txn, "a", MapPrelim::from([("quote", "借款")]));
                mark.insert(txn, "note", TextPrelim::new("note"));
                marks.remove(txn, "a");
            });
            for (at, byte) in flips {
                let at = at.index(real.len());
                real[at] = byte;
            }
            if read(&real).is_ok() {
                let update = yrs::Update::decode_v1(&real);
                prop_assert!(update.is_ok());
            }
        }
    }
}
