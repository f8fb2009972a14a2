//! ZIP archives.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use encoding_rs::GB18030;
use evolume_model::code::Code;
use zip::read::{ArchiveOffset, Config, OwnedZipFileEntry, ZipFileEntry, ZipReadOptions};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

use super::names;
use super::out::{Out, PutError};
use crate::office::Charset;
use crate::refusal::Refusal;

/// What is so many times larger than its archive was made to do harm …
const RATIO: u64 = 250;
/// … when it is this large: a blank scan is packed very well, too.
const HARMLESS: u64 = 64 << 20;
/// What computers add by themselves.
const JUNK: &[&str] = &["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"];

/// Every file of the archive, in its order.
pub fn unpack(
    path: &Path,
    passwords: &[String],
    chosen: Option<Charset>,
    out: &mut Out,
) -> Result<(), Refusal> {
    let file = File::open(path).map_err(Refusal::with(Code::FileUnreadable))?;
    let length = file.metadata().map_err(Refusal::with(Code::FileUnreadable))?.len();
    let config = Config { archive_offset: ArchiveOffset::Detect };
    let mut archive = ZipIterable::try_new(BufReader::new(file), config).map_err(damaged)?;
    let mut entries = Vec::new();
    for entry in archive.files().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        if !entry.is_dir() && !is_junk(entry.name_raw()) {
            entries.push(entry);
        }
        if entries.len() > u16::MAX.into() {
            return Err(Refusal::new(Code::ContainerTooMany, "too many files in it"));
        }
    }
    if entries.is_empty() {
        return Err(Refusal::new(Code::ContainerEmpty, "no file is in it"));
    }
    // A name that is kept in UTF-8 too has been put in the place of the other.
    let encoding = chosen.or_else(|| names::encoding_of(entries.iter().map(ZipFileEntry::name_raw)));
    let mut reader = BufReader::new(File::open(path).map_err(Refusal::with(Code::FileUnreadable))?);
    let (mut sum, mut key) = (0, None);
    for entry in entries {
        let name = names::decode(entry.name_raw(), encoding).into_owned();
        if entry.is_symlink() {
            out.refuse(&name, Code::ContainerLink)?;
            continue;
        }
        let budget = HARMLESS.max(length.saturating_mul(RATIO)).saturating_sub(sum);
        sum += take(&mut reader, &entry.into(), &name, passwords, &mut key, budget, out)?;
    }
    Ok(())
}

/// Takes one file out; returns its length. The password that opened the last one is tried first.
fn take(
    reader: &mut BufReader<File>,
    entry: &OwnedZipFileEntry,
    name: &str,
    passwords: &[String],
    key: &mut Option<Vec<u8>>,
    budget: u64,
    out: &mut Out,
) -> Result<u64, Refusal> {
    let keys: Vec<Option<Vec<u8>>> = if entry.encrypted() {
        let all = passwords.iter().flat_map(|word| {
            // Chinese programs of before took it in their own encoding.
            [word.as_bytes().to_vec(), GB18030.encode(word).0.into_owned()]
        });
        key.iter().cloned().chain(all).map(Some).collect()
    } else {
        vec![None]
    };
    if keys.is_empty() {
        return Err(Refusal::new(Code::ContainerPasswordRequired, "a file in it is encrypted"));
    }
    let locked = entry.encrypted();
    for attempt in keys {
        let options = ZipReadOptions::new().password(attempt.as_deref());
        let content = match entry.as_ref().with_reader(reader, options) {
            Ok(content) => content,
            Err(ZipError::InvalidPassword) => continue,
            Err(ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_)) => {
                out.refuse(name, Code::FileUnsupported)?;
                return Ok(0);
            }
            Err(_) => break,
        };
        let mut counted = Counted { inner: content, count: 0, budget };
        match out.put(name, &mut counted) {
            Ok(()) => {
                *key = attempt;
                return Ok(counted.count);
            }
            Err(PutError::Refused(refusal)) => return Err(refusal),
            Err(PutError::Broken(_)) if counted.count > budget => {
                return Err(Refusal::new(Code::ContainerRatio, "far too much comes out of so little"));
            }
            // One wrong password in 256 is only found wrong by what it gives.
            Err(PutError::Broken(error)) => tracing::info!(%error, "a file of the archive breaks off"),
        }
    }
    if locked {
        return Err(Refusal::new(Code::ContainerPasswordWrong, "no password opens a file in it"));
    }
    out.refuse(name, Code::ContainerDamaged)?;
    Ok(0)
}

/// Gives up when more comes than may.
struct Counted<R> {
    inner: R,
    count: u64,
    budget: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        if self.count > self.budget { Err(io::Error::other("too much comes out of it")) } else { Ok(count) }
    }
}

fn is_junk(name: &[u8]) -> bool {
    name.split(|byte| matches!(byte, b'/' | b'\\'))
        .any(|part| JUNK.iter().any(|junk| junk.as_bytes() == part))
}

fn damaged(error: ZipError) -> Refusal {
    Refusal::new(Code::ContainerDamaged, error)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::unpack::{Allowance, Unpacked};

    fn sample() -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["证据/a.txt", "b.txt"] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&[b'x'; 300]).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn taken(bytes: &[u8], allowance: Allowance) -> Result<(Unpacked, u64), Refusal> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive");
        std::fs::write(&path, bytes).unwrap();
        let inside = folder.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        let mut out = Out::new(&inside, allowance);
        let done = unpack(&path, &[], None, &mut out);
        let files = std::fs::read_dir(&inside).unwrap().map(|file| file.unwrap().metadata().unwrap().len());
        let bytes = files.sum();
        done.map(|()| (out.finish(), bytes))
    }

    #[test]
    fn what_may_come_out_is_all_that_does() {
        let code =
            |members, bytes| taken(&sample(), Allowance { members, bytes }).map_err(|refusal| refusal.code);
        assert_eq!(code(2, 600).unwrap().1, 600);
        assert_eq!(code(1, 600).unwrap_err(), Code::ContainerTooMany);
        assert_eq!(code(2, 599).unwrap_err(), Code::ContainerTooLarge);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
        #[test]
        fn a_damaged_archive_is_borne(
            hits in proptest::collection::vec((0usize..1 << 12, proptest::num::u8::ANY), 1..20),
            cut in 0usize..600,
        ) {
            let mut bytes = sample();
            let length = bytes.len();
            for (at, byte) in hits {
                bytes[at % length] = byte;
            }
            bytes.truncate(length.max(cut) - if cut < 100 { cut } else { 0 });
            if let Ok((_, size)) = taken(&bytes, Allowance { members: 4, bytes: 5_000 }) {
                proptest::prop_assert!(size <= 5_000);
            }
        }
    }
}
