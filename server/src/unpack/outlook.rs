//! Letters as Outlook keeps them (MS-OXMSG): a compound file of properties.

use std::io::{Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cfb::CompoundFile;
use evolume_model::code::Code;

use super::letter::{Body, Letter, Part};
use super::out::Out;
use crate::office::{Charset, charset};
use crate::refusal::Refusal;

/// The stream that says what it is.
pub const PROPERTIES: &str = "__properties_version1.0";
/// What a property may be long.
const LONG: u64 = 256 << 20;
/// Attachments that are looked for.
const PARTS: usize = 2_000;
/// Streams in a letter that lies in another.
const STREAMS: usize = 20_000;

mod tag {
    pub const SUBJECT: u16 = 0x0037;
    pub const SENT: u16 = 0x0039;
    pub const DELIVERED: u16 = 0x0e06;
    pub const SENDER: u16 = 0x0c1a;
    pub const SENDER_ADDRESS: u16 = 0x0c1f;
    pub const SENDER_SMTP: u16 = 0x5d01;
    pub const TO: u16 = 0x0e04;
    pub const CC: u16 = 0x0e03;
    pub const BCC: u16 = 0x0e02;
    pub const BODY: u16 = 0x1000;
    pub const RTF: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const DATA: u16 = 0x3701;
    pub const LONG_NAME: u16 = 0x3707;
    pub const NAME: u16 = 0x3704;
    pub const DISPLAY_NAME: u16 = 0x3001;
    pub const MEDIA_TYPE: u16 = 0x370e;
    pub const CONTENT_ID: u16 = 0x3712;
    pub const LOCATION: u16 = 0x3713;
    pub const CODE_PAGE: u16 = 0x3ffd;
    pub const INTERNET_CODE_PAGE: u16 = 0x3fde;
}

const TEXT_8: u16 = 0x001e;
const TEXT_16: u16 = 0x001f;
const BINARY: u16 = 0x0102;
const INTEGER: u16 = 0x0003;
const TIME: u16 = 0x0040;

/// The letter's page and its attachments.
pub fn letter(path: &Path, out: &mut Out) -> Result<(), Refusal> {
    let file = std::fs::File::open(path).map_err(Refusal::with(Code::FileUnreadable))?;
    let mut compound = CompoundFile::open(file).map_err(Refusal::with(Code::ContainerDamaged))?;
    read(&mut compound)?.put(true, out)
}

fn read<F: Read + Seek>(compound: &mut CompoundFile<F>) -> Result<Letter, Refusal> {
    let root = PathBuf::from("/");
    let mut folder = Folder::new(compound, root);
    let code_page = folder.integer(tag::CODE_PAGE).and_then(of_code_page);
    let internet = folder.integer(tag::INTERNET_CODE_PAGE).and_then(of_code_page);
    folder.charset = code_page.or(internet);
    // Its texts together tell best, where nothing is said or it cannot be true.
    let all: Vec<u8> = [tag::SUBJECT, tag::SENDER, tag::TO, tag::BODY]
        .into_iter()
        .filter_map(|tag| folder.bytes(tag, TEXT_8))
        .flatten()
        .collect();
    let fits = folder.charset.is_some_and(|charset| !charset.decode(&all).contains('\u{fffd}'));
    if !fits {
        folder.charset = charset(&all).or(folder.charset);
    }
    let address = folder.text(tag::SENDER_SMTP).or_else(|| folder.text(tag::SENDER_ADDRESS));
    // Within a company an address is a path.
    let address = address.filter(|address| address.contains('@'));
    let from = match (folder.text(tag::SENDER), address) {
        (Some(name), Some(address)) if name != address => format!("{name} <{address}>"),
        (name, address) => address.or(name).unwrap_or_default(),
    };
    let mut letter = Letter {
        from,
        to: folder.text(tag::TO).unwrap_or_default(),
        cc: folder.text(tag::CC).unwrap_or_default(),
        bcc: folder.text(tag::BCC).unwrap_or_default(),
        subject: folder.text(tag::SUBJECT).unwrap_or_default(),
        date: folder.time(tag::SENT).or_else(|| folder.time(tag::DELIVERED)).unwrap_or_default(),
        ..Letter::default()
    };
    let html = match folder.bytes(tag::HTML, BINARY).or_else(|| folder.bytes(tag::HTML, TEXT_8)) {
        Some(bytes) => {
            let own = internet.filter(|charset| !charset.decode(&bytes).contains('\u{fffd}'));
            let charset = charset(&bytes).or(own).or(folder.charset);
            charset.map(|charset| charset.decode(&bytes).into_owned())
        }
        None => folder.text(tag::HTML),
    };
    match (html, folder.text(tag::BODY)) {
        (Some(html), _) if !html.trim().is_empty() => letter.body.push(Body::Html(html)),
        (_, Some(text)) if !text.trim().is_empty() => letter.body.push(Body::Plain(text)),
        _ => {
            // Nothing but RTF: a document of its own.
            if let Some(rtf) = rtf(folder.bytes(tag::RTF, BINARY)) {
                let (name, media_type) = ("正文.rtf".to_owned(), "application/rtf".to_owned());
                letter.parts.push(Part { name, keys: vec![], media_type, bytes: rtf.into_bytes() });
            }
        }
    }
    let (charset, attached) = (folder.charset, folder.attachments());
    for (at, path) in attached.into_iter().enumerate() {
        letter.parts.extend(part(compound, path, charset, at + 1)?);
    }
    Ok(letter)
}

/// The library wants a whole head.
fn rtf(packed: Option<Vec<u8>>) -> Option<String> {
    compressed_rtf::decompress_rtf(&packed.filter(|packed| packed.len() >= 16)?).ok()
}

/// An attachment; nothing where it is only a name for what lies elsewhere.
fn part<F: Read + Seek>(
    compound: &mut CompoundFile<F>,
    path: PathBuf,
    charset: Option<Charset>,
    number: usize,
) -> Result<Option<Part>, Refusal> {
    let embedded = path.join(format!("__substg1.0_{:04X}000D", tag::DATA));
    let mut folder = Folder { charset, ..Folder::new(compound, path) };
    let name = folder
        .text(tag::LONG_NAME)
        .or_else(|| folder.text(tag::NAME))
        .or_else(|| folder.text(tag::DISPLAY_NAME));
    let name = name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| number.to_string());
    let id = folder.text(tag::CONTENT_ID).map(|id| format!("cid:{}", id.trim_matches(['<', '>'])));
    let place = folder.text(tag::LOCATION);
    let media_type = folder.text(tag::MEDIA_TYPE).unwrap_or_else(|| guessed(&name).to_owned());
    let keys = id.into_iter().chain(place).collect();
    if let Some(bytes) = folder.bytes(tag::DATA, BINARY) {
        return Ok(Some(Part { name, keys, media_type, bytes }));
    }
    if !compound.is_storage(embedded.join(PROPERTIES)) && !compound.is_stream(embedded.join(PROPERTIES)) {
        return Ok(None);
    }
    let bytes = whole(compound, &embedded).map_err(Refusal::with(Code::ContainerDamaged))?;
    let name = if name.to_ascii_lowercase().ends_with(".msg") { name } else { name + ".msg" };
    Ok(Some(Part { name, keys: Vec::new(), media_type: String::new(), bytes }))
}

/// A letter that lies in another, as a file of its own; the same bytes every time.
fn whole<F: Read + Seek>(compound: &mut CompoundFile<F>, storage: &Path) -> std::io::Result<Vec<u8>> {
    let mut made = CompoundFile::create(Cursor::new(Vec::new()))?;
    let entries: Vec<(PathBuf, bool)> = compound
        .walk_storage(storage)?
        .skip(1)
        .take(STREAMS)
        .map(|entry| (entry.path().to_owned(), entry.is_storage()))
        .collect();
    for (path, is_storage) in entries {
        let Ok(inside) = path.strip_prefix(storage) else { continue };
        let target = Path::new("/").join(inside);
        if is_storage {
            made.create_storage(&target)?;
            made.set_created_time(&target, SystemTime::UNIX_EPOCH)?;
            made.set_modified_time(&target, SystemTime::UNIX_EPOCH)?;
            continue;
        }
        let mut bytes = Vec::new();
        compound.open_stream(&path)?.take(LONG).read_to_end(&mut bytes)?;
        if inside == Path::new(PROPERTIES) && bytes.len() >= 24 {
            // At the top of a file its head is longer.
            bytes.splice(24..24, [0; 8]);
        }
        made.create_stream(&target)?.write_all(&bytes)?;
    }
    made.set_modified_time("/", SystemTime::UNIX_EPOCH)?;
    made.flush()?;
    Ok(made.into_inner().into_inner())
}

/// The properties of a letter or of one attachment.
struct Folder<'a, F> {
    compound: &'a mut CompoundFile<F>,
    path: PathBuf,
    fixed: Vec<u8>,
    charset: Option<Charset>,
}

impl<'a, F: Read + Seek> Folder<'a, F> {
    fn new(compound: &'a mut CompoundFile<F>, path: PathBuf) -> Self {
        let mut folder = Self { compound, fixed: Vec::new(), charset: None, path };
        folder.fixed = folder.stream(PROPERTIES).unwrap_or_default();
        folder
    }

    fn stream(&mut self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let stream = self.compound.open_stream(self.path.join(name)).ok()?;
        if stream.len() > LONG {
            return None;
        }
        stream.take(LONG).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn bytes(&mut self, tag: u16, kind: u16) -> Option<Vec<u8>> {
        self.stream(&format!("__substg1.0_{tag:04X}{kind:04X}"))
    }

    fn text(&mut self, tag: u16) -> Option<String> {
        let text = match self.bytes(tag, TEXT_16) {
            Some(bytes) => encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned(),
            None => {
                let bytes = self.bytes(tag, TEXT_8)?;
                let charset = self.charset.or_else(|| charset(&bytes));
                charset.map_or_else(
                    || String::from_utf8_lossy(&bytes).into_owned(),
                    |c| c.decode(&bytes).into_owned(),
                )
            }
        };
        let text = text.trim_end_matches('\0').replace('\0', " ");
        (!text.is_empty()).then_some(text)
    }

    /// A value that is no longer than eight bytes stands in the list itself.
    fn value(&self, tag: u16, kind: u16) -> Option<[u8; 8]> {
        // The head is of 32 bytes for a letter, 8 for an attachment; entries are of 16.
        let start = if self.path == Path::new("/") { 32 } else { 8 };
        let entries = self.fixed.get(start..)?.chunks_exact(16);
        let mut found =
            entries.filter(|entry| entry[..2] == kind.to_le_bytes() && entry[2..4] == tag.to_le_bytes());
        found.next()?[8..].try_into().ok()
    }

    fn integer(&self, tag: u16) -> Option<u32> {
        let [a, b, c, d, ..] = self.value(tag, INTEGER)?;
        Some(u32::from_le_bytes([a, b, c, d]))
    }

    /// In the world's time: the letter does not say where it was written.
    fn time(&self, tag: u16) -> Option<String> {
        // In tenths of microseconds since 1601.
        let seconds = u64::from_le_bytes(self.value(tag, TIME)?) / 10_000_000;
        let seconds = i64::try_from(seconds).ok()?.checked_sub(11_644_473_600)?;
        let date = mail_parser::DateTime::from_timestamp(seconds);
        let mail_parser::DateTime { year, month, day, hour, minute, second, .. } = date;
        Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC"))
    }

    fn attachments(&self) -> Vec<PathBuf> {
        let Ok(entries) = self.compound.read_storage(&self.path) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries
            .filter(|entry| entry.is_storage() && entry.name().starts_with("__attach_version1.0_"))
            .take(PARTS)
            .map(|entry| entry.path().to_owned())
            .collect();
        paths.sort();
        paths
    }
}

/// Windows' numbers of encodings.
fn of_code_page(page: u32) -> Option<Charset> {
    let label = match page {
        936 => "gbk",
        54936 => "gb18030",
        950 => "big5",
        932 => "shift_jis",
        949 => "euc-kr",
        65001 => "utf-8",
        20127 | 1200 => return None,
        page @ 1250..=1258 => return Charset::named(&format!("windows-{page}")),
        _ => return None,
    };
    Charset::named(label)
}

fn guessed(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unpack::Allowance;

    fn add(compound: &mut CompoundFile<Cursor<Vec<u8>>>, path: &str, bytes: &[u8]) {
        compound.create_stream(path).unwrap().write_all(bytes).unwrap();
    }

    fn sample() -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut properties = vec![0; 32];
        properties.extend([INTEGER.to_le_bytes(), tag::CODE_PAGE.to_le_bytes()].concat());
        properties.extend([0; 4]);
        properties.extend(936u64.to_le_bytes());
        add(&mut file, "/__properties_version1.0", &properties);
        let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
        add(&mut file, "/__substg1.0_0037001E", &gb("证据清单"));
        add(&mut file, "/__substg1.0_1000001E", &gb("请查收附件。"));
        let wide: Vec<u8> = "王法官".encode_utf16().flat_map(u16::to_le_bytes).collect();
        add(&mut file, "/__substg1.0_0C1A001F", &wide);
        file.create_storage("/__attach_version1.0_#00000000").unwrap();
        add(&mut file, "/__attach_version1.0_#00000000/__substg1.0_37010102", b"%PDF-1.7");
        add(&mut file, "/__attach_version1.0_#00000000/__substg1.0_3707001E", &gb("收据.pdf"));
        file.create_storage("/__attach_version1.0_#00000001").unwrap();
        file.create_storage("/__attach_version1.0_#00000001/__substg1.0_3701000D").unwrap();
        let inner = "/__attach_version1.0_#00000001/__substg1.0_3701000D";
        add(&mut file, &format!("{inner}/__properties_version1.0"), &[0; 24]);
        add(&mut file, &format!("{inner}/__substg1.0_0037001E"), b"inner");
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    type Files = Vec<(String, Vec<u8>)>;

    fn taken(bytes: &[u8]) -> Option<(String, Files)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter");
        std::fs::write(&path, bytes).unwrap();
        let mut out = Out::new(folder.path(), Allowance { members: 100, bytes: 1 << 24 });
        letter(&path, &mut out).ok()?;
        let page = std::fs::read_to_string(Out::page_file(folder.path())).unwrap();
        let members = out.finish().members.into_iter().enumerate();
        let files = members.map(|(at, m)| (m.path, std::fs::read(Out::file(folder.path(), at)).unwrap()));
        Some((page, files.collect()))
    }

    #[test]
    fn head_text_and_attachments_come_out() {
        let (page, files) = taken(&sample()).unwrap();
        for there in ["证据清单", "请查收附件。", "王法官", "收据.pdf"] {
            assert!(page.contains(there), "{there} not in {page}");
        }
        assert_eq!((files[0].0.as_str(), files[0].1.as_slice()), ("收据.pdf", b"%PDF-1.7".as_slice()));
        assert_eq!(files[1].0, "2.msg");
        let (inner, _) = taken(&files[1].1).unwrap();
        assert!(inner.contains("inner"));
        assert_eq!(taken(&sample()).unwrap().1, files, "the same bytes every time");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn a_damaged_letter_is_borne(hits in proptest::collection::vec((0usize..1 << 16, proptest::num::u8::ANY), 1..40)) {
            let mut bytes = sample();
            let length = bytes.len();
            for (at, byte) in hits {
                bytes[at % length] = byte;
            }
            if let Some((page, _)) = taken(&bytes) {
                proptest::prop_assert!(page.starts_with("<!DOCTYPE html>"));
            }
        }
    }
}
