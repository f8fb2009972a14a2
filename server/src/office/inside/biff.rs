//! Excel's binary workbooks (MS-XLS): which sheets are hidden, and the encryption, which is record by record.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use cfb::CompoundFile;
use md5::{Digest, Md5};
use rc4::consts::U256;
use rc4::{KeyInit, Rc4, StreamCipher};
use sha1::Sha1;

const FILE_PASS: u16 = 0x002f;
const BOUND_SHEET: u16 = 0x0085;
const BOF: u16 = 0x0809;
/// Records that are never encrypted.
const PLAIN: &[u16] = &[BOF, FILE_PASS, 0x00e1, 0x0194, 0x01b3, 0x0138, 0x0196];
/// A new key for each of these, counted from the stream's beginning.
const BLOCK: usize = 1024;
/// A larger stream is none.
const LONG: u64 = 512 << 20;

/// How a workbook is encrypted.
pub enum Key {
    /// As Excel 97 does it.
    Old { salt: [u8; 16], verifier: [u8; 16], hash: [u8; 16] },
    /// As Excel 2002 does it.
    New { salt: Vec<u8>, bits: u32, verifier: [u8; 16], hash: [u8; 20] },
    /// In a way that is not read here.
    Other,
}

struct Record {
    kind: u16,
    /// Of its content, in the stream.
    start: usize,
    length: usize,
}

/// How many of the sheets do not show.
pub fn hidden_sheets(file: &[u8]) -> u32 {
    let Some((_, stream)) = stream(file) else { return 0 };
    let sheets = records(&stream).filter(|record| record.kind == BOUND_SHEET && record.length > 5);
    sheets.filter(|record| stream[record.start + 4] & 3 != 0).count() as u32
}

/// How it is encrypted; nothing where it is not.
pub fn key(file: &[u8]) -> Option<Key> {
    let (_, stream) = stream(file)?;
    let pass = records(&stream).take(8).find(|record| record.kind == FILE_PASS)?;
    let content = &stream[pass.start..pass.start + pass.length];
    Some(read_key(content).unwrap_or(Key::Other))
}

/// The workbook without its encryption, if this word opens it.
pub fn decrypt(file: &[u8], key: &Key, word: &str) -> Option<Vec<u8>> {
    let (name, stream) = stream(file)?;
    let base = key.verified(word)?;
    // The key goes on over what is not encrypted.
    let mut open = stream.clone();
    for (at, block) in open.chunks_mut(BLOCK).enumerate() {
        key.cipher(&base, at as u32).apply_keystream(block);
    }
    for record in records(&stream) {
        let end = record.start + record.length;
        // A head is plain; so is where a sheet begins.
        let plain = match record.kind {
            kind if PLAIN.contains(&kind) => record.start - 4..end,
            BOUND_SHEET => record.start - 4..(record.start + 4).min(end),
            _ => record.start - 4..record.start,
        };
        open[plain.clone()].copy_from_slice(&stream[plain]);
        if record.kind == FILE_PASS {
            open[record.start - 4..record.start - 2].fill(0);
            open[record.start..end].fill(0);
        }
    }
    let mut compound = CompoundFile::open(Cursor::new(file.to_vec())).ok()?;
    let mut target = compound.open_stream(name).ok()?;
    target.seek(SeekFrom::Start(0)).ok()?;
    target.write_all(&open).ok()?;
    target.flush().ok()?;
    drop(target);
    compound.flush().ok()?;
    Some(compound.into_inner().into_inner())
}

fn stream(file: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let mut compound = CompoundFile::open(Cursor::new(file)).ok()?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| compound.is_stream(name))?;
    let mut bytes = Vec::new();
    compound.open_stream(name).ok()?.take(LONG).read_to_end(&mut bytes).ok()?;
    Some((name, bytes))
}

fn records(stream: &[u8]) -> impl Iterator<Item = Record> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let head: [u8; 4] = stream.get(at..at + 4)?.try_into().ok()?;
        let (kind, length) =
            (u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]])));
        let start = at + 4;
        at = start + length;
        (at <= stream.len()).then_some(Record { kind, start, length })
    })
}

fn read_key(content: &[u8]) -> Option<Key> {
    let word = |at: usize| Some(u16::from_le_bytes(content.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_le_bytes(content.get(at..at + 4)?.try_into().ok()?));
    if word(0)? != 1 {
        return None;
    }
    match (word(2)?, word(4)?) {
        (1, 1) => Some(Key::Old {
            salt: content.get(6..22)?.try_into().ok()?,
            verifier: content.get(22..38)?.try_into().ok()?,
            hash: content.get(38..54)?.try_into().ok()?,
        }),
        (2..=4, 2) => {
            // Version and flags, then a header of its own length, then the verifier.
            let header = 14;
            let bits = match long(header + 16)? {
                0 => 40,
                bits => bits,
            };
            let verifier = header + long(10)? as usize;
            let salt = long(verifier)? as usize;
            let at = verifier + 4 + salt;
            Some(Key::New {
                salt: content.get(verifier + 4..at)?.to_vec(),
                bits,
                verifier: content.get(at..at + 16)?.try_into().ok()?,
                hash: content.get(at + 20..at + 40)?.try_into().ok()?,
            })
        }
        _ => None,
    }
}

impl Key {
    /// What the keys of the blocks are made from, if the word is right.
    fn verified(&self, word: &str) -> Option<Vec<u8>> {
        let word: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        match self {
            Self::Old { salt, verifier, hash } => {
                let short = &Md5::digest(&word)[..5];
                let long: Vec<u8> = (0..16).flat_map(|_| short.iter().chain(salt)).copied().collect();
                let base = Md5::digest(long)[..5].to_vec();
                let mut both = [verifier.as_slice(), hash].concat();
                self.cipher(&base, 0).apply_keystream(&mut both);
                (Md5::digest(&both[..16])[..] == both[16..]).then_some(base)
            }
            Self::New { salt, verifier, hash, .. } => {
                let base = Sha1::new().chain_update(salt).chain_update(&word).finalize().to_vec();
                let mut both = [verifier.as_slice(), hash].concat();
                self.cipher(&base, 0).apply_keystream(&mut both);
                (Sha1::digest(&both[..16])[..] == both[16..]).then_some(base)
            }
            Self::Other => None,
        }
    }

    fn cipher(&self, base: &[u8], block: u32) -> Rc4<U256> {
        let block = block.to_le_bytes();
        match self {
            Self::New { bits, .. } => {
                let mut hash = Sha1::new().chain_update(base).chain_update(block).finalize().to_vec();
                match (*bits as usize / 8).clamp(5, 16) {
                    // A key of 40 bits is filled up.
                    5 => hash[5..16].fill(0),
                    length => hash.truncate(length),
                }
                hash.truncate(16);
                rc4(&hash)
            }
            _ => rc4(&Md5::new().chain_update(base).chain_update(block).finalize()),
        }
    }
}

/// RC4 goes over its key again and again, up to 256 bytes: a key of that length may be any shorter one.
fn rc4(key: &[u8]) -> Rc4<U256> {
    let repeated: [u8; 256] = std::array::from_fn(|at| key[at % key.len()]);
    Rc4::new(&repeated.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat()
    }

    fn workbook(stream: &[u8]) -> Vec<u8> {
        let mut compound = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        compound.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
        compound.flush().unwrap();
        compound.into_inner().into_inner()
    }

    #[test]
    fn a_key_may_be_repeated() {
        let mut data = b"Plaintext".to_vec();
        rc4(b"Key").apply_keystream(&mut data);
        assert_eq!(data, [0xbb, 0xf3, 0x16, 0xe8, 0xd9, 0x40, 0xaf, 0x0a, 0xd3]);
    }

    #[test]
    fn hidden_sheets_are_counted() {
        let sheet = |state: u8| record(BOUND_SHEET, &[0, 0, 0, 0, state, 0, 1, 0, b'a']);
        let stream = [record(BOF, &[0; 16]), sheet(0), sheet(1), sheet(2)].concat();
        assert_eq!(hidden_sheets(&workbook(&stream)), 2);
        assert_eq!(hidden_sheets(b"nothing of the kind"), 0);
        assert!(key(&workbook(&stream)).is_none());
    }

    #[test]
    fn what_was_encrypted_comes_back() {
        let word: Vec<u8> = "密码".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (salt, verifier) = ([7; 16], [9; 16]);
        let mut key = Key::Old { salt, verifier, hash: [0; 16] };
        let long: Vec<u8> = (0..16)
            .flat_map(|_| Md5::digest(&word)[..5].iter().copied().chain(salt).collect::<Vec<_>>())
            .collect();
        let base = Md5::digest(long)[..5].to_vec();
        let mut both = [verifier.as_slice(), &Md5::digest(verifier)[..]].concat();
        key.cipher(&base, 0).apply_keystream(&mut both);
        key =
            Key::Old { salt, verifier: both[..16].try_into().unwrap(), hash: both[16..].try_into().unwrap() };
        let pass = [&[1, 0, 1, 0, 1, 0][..], &salt, &both].concat();
        let text = vec![b'x'; 3000];
        let head = [record(BOF, &[0; 16]), record(FILE_PASS, &pass)].concat();
        let plain = [head.clone(), record(0x00fc, &text)].concat();
        let mut locked = plain.clone();
        for (at, block) in locked.chunks_mut(BLOCK).enumerate() {
            key.cipher(&base, at as u32).apply_keystream(block);
        }
        locked[..head.len() + 4].copy_from_slice(&plain[..head.len() + 4]);
        let file = workbook(&locked);
        let found = super::key(&file).unwrap();
        assert!(decrypt(&file, &found, "other").is_none());
        let open = decrypt(&file, &found, "密码").unwrap();
        let (_, stream) = stream(&open).unwrap();
        assert_eq!(stream[head.len() + 4..], text);
        assert!(super::key(&open).is_none());
    }
}
