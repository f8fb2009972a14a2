//! What an update of a layer contains, read before anything else touches it.
//!
//! A Yjs update can declare huge counts, nest without end and hold things that no layer holds. Only the
//! kinds of content that a layer is made of pass here, with every length checked against the bytes that
//! are really there; so the CRDT library gets to see nothing else.

use std::collections::BTreeMap;

use crate::lib0::{Malformed, Reader};

/// The one root of a layer's document.
pub const ROOT: &str = "marks";

/// Clocks stay far from where 32 bits end.
const MAX_CLOCK: u64 = 1 << 30;
/// A list of rectangles is a list of lists of numbers.
const MAX_DEPTH: u32 = 3;

const RIGHT_ORIGIN: u8 = 0x40;
const ORIGIN: u8 = 0x80;
const PARENT_SUB: u8 = 0x20;

/// A program that writes, and how far it has come: Yjs calls it a client.
pub type Replica = u64;

/// What an update brings and what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Per replica the clocks that it brings, without a gap.
    pub brings: BTreeMap<Replica, (u32, u32)>,
    /// Per replica the clock up to which it refers.
    pub needs: BTreeMap<Replica, u32>,
}

impl Contents {
    /// Reads an update (version 1); fails when it is malformed or not one of a layer.
    pub fn read(update: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(update);
        let mut contents = Self::default();
        for _ in 0..reader.count(3)? {
            let structs = reader.count(2)?;
            let replica = reader.var()?;
            let start = clock(&mut reader)?;
            let mut end = start;
            for _ in 0..structs {
                let length = contents.read_struct(&mut reader)?;
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
    fn read_struct(&mut self, reader: &mut Reader<'_>) -> Result<u64, Malformed> {
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
                1 if reader.str()? == ROOT => true,
                0 => {
                    self.read_id(reader)?;
                    false
                }
                _ => return Err(Malformed),
            };
            if info & PARENT_SUB != 0 {
                reader.str()?;
            } else if root {
                // The root is a map: nothing lies in it without a key.
                return Err(Malformed);
            }
        }
        match kind {
            // Deleted.
            1 => length(reader),
            // Text, in UTF-16 units.
            4 => match reader.str()?.encode_utf16().count() {
                0 => Err(Malformed),
                units => Ok(units as u64),
            },
            // A map or a text.
            7 => match reader.byte()? {
                1 | 2 => Ok(1),
                _ => Err(Malformed),
            },
            // Plain values.
            8 => {
                let values = reader.count(1)?;
                for _ in 0..values {
                    read_value(reader, 0)?;
                }
                if values == 0 { Err(Malformed) } else { Ok(values as u64) }
            }
            // Formats, embedded things, documents, moves: no layer has them.
            _ => Err(Malformed),
        }
    }

    fn read_deletions(&mut self, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        for _ in 0..reader.count(2)? {
            let replica = reader.var()?;
            for _ in 0..reader.count(2)? {
                let start = reader.var()?;
                let length = length(reader)?;
                self.need(replica, start + length)?;
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

fn read_value(reader: &mut Reader<'_>, depth: u32) -> Result<(), Malformed> {
    match reader.byte()? {
        // Integer, 32-bit float, 64-bit float, string, list.
        125 => reader.skip_signed(),
        124 => reader.take(4).map(drop),
        123 => reader.take(8).map(drop),
        119 => reader.str().map(drop),
        117 if depth < MAX_DEPTH => (0..reader.count(1)?).try_for_each(|_| read_value(reader, depth + 1)),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use yrs::updates::decoder::Decode;
    use yrs::{Array, Doc, Map, MapPrelim, ReadTxn, Text, TextPrelim, Transact};

    fn update(edit: impl FnOnce(&mut yrs::TransactionMut<'_>)) -> Vec<u8> {
        let doc = Doc::with_client_id(7);
        edit(&mut doc.transact_mut());
        doc.transact().encode_state_as_update_v1(&yrs::StateVector::default())
    }

    #[test]
    fn an_update_says_what_it_brings() {
        let bytes = update(|txn| {
            use yrs::WriteTxn;
            let marks = txn.get_or_insert_map(ROOT);
            let mark = marks.insert(txn, "a", MapPrelim::from([("page", 3)]));
            let note = mark.insert(txn, "note", TextPrelim::new("笔记😀"));
            note.push(txn, "!");
            marks.remove(txn, "a");
            marks.insert(txn, "b", MapPrelim::default());
        });
        let contents = Contents::read(&bytes).unwrap();
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
        let contents = Contents::read(&second).unwrap();
        assert!(!contents.fits(|_| 0));
        assert!(contents.fits(|replica| u32::from(replica == 7)));
    }

    #[test]
    fn what_no_layer_holds_is_refused() {
        use yrs::WriteTxn;
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
            update(|txn| {
                let marks = txn.get_or_insert_map(ROOT);
                marks.insert(txn, "a", vec![1_u8, 2]);
            }),
        ] {
            assert_eq!(Contents::read(&foreign), Err(Malformed));
        }
    }

    #[test]
    fn deep_nesting_and_huge_counts_are_refused() {
        let mut deep = vec![1, 1, 7, 0, 0x28, 1, 5];
        deep.extend(ROOT.bytes());
        deep.extend([1, b'a', 1]);
        deep.extend([117, 1].repeat(20_000));
        assert_eq!(Contents::read(&deep), Err(Malformed));
        let flagged_garbage = [1, 1, 7, 0, 0x60, 1, 0];
        assert_eq!(Contents::read(&flagged_garbage), Err(Malformed));
        let huge = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1, 0];
        assert_eq!(Contents::read(&huge), Err(Malformed));
    }

    proptest! {
        #[test]
        fn what_passes_never_breaks_the_library(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        ) {
            let _ = Contents::read(&bytes);
            // A real update with a few wrong bytes gets deeper than noise.
            let mut real = update(|txn| {
                use yrs::WriteTxn;
                let marks = txn.get_or_insert_map(ROOT);
                let mark = marks.insert(txn, "a", MapPrelim::from([("quote", "借款")]));
                mark.insert(txn, "note", TextPrelim::new("note"));
                marks.remove(txn, "a");
            });
            for (at, byte) in flips {
                let at = at.index(real.len());
                real[at] = byte;
            }
            if Contents::read(&real).is_ok() {
                let update = yrs::Update::decode_v1(&real);
                prop_assert!(update.is_ok());
            }
        }
    }
}
