//! Letters as they are sent (RFC 5322), and pages of the web that are kept like them (MHTML).

use std::borrow::Cow;

use evolume_model::code::Code;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{
    Addr, Address, DateTime, Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use super::letter::{Body, Letter, Part};
use super::names;
use super::out::Out;
use crate::office::{Charset, charset};
use crate::refusal::Refusal;

/// Parts of one letter that are looked at.
const PARTS: usize = 10_000;

/// The letter's page and its attachments.
pub fn letter(bytes: &[u8], chosen: Option<Charset>, out: &mut Out) -> Result<(), Refusal> {
    read(bytes, chosen)?.put(true, out)
}

/// The page alone: what it is made of is shown in it.
pub fn web_page(bytes: &[u8], chosen: Option<Charset>, out: &mut Out) -> Result<(), Refusal> {
    let mut page = read(bytes, chosen)?;
    let first = page.body.iter().position(|run| matches!(run, Body::Html(_)));
    let first = first.ok_or_else(|| Refusal::new(Code::ContainerDamaged, "there is no page in it"))?;
    page.body = vec![page.body.swap_remove(first)];
    page.put(false, out)
}

fn read(bytes: &[u8], chosen: Option<Charset>) -> Result<Letter, Refusal> {
    let parsed = MessageParser::default().parse(bytes);
    let message = parsed.ok_or_else(|| Refusal::new(Code::ContainerDamaged, "it has no head"))?;
    if message.parts.len() > PARTS {
        return Err(Refusal::new(Code::ContainerTooMany, "too many parts"));
    }
    let source = Source { bytes, chosen };
    let again = source.head_again(message.root_part());
    let head = again.as_deref().and_then(|text| MessageParser::default().parse(text));
    let head = head.as_ref().unwrap_or(&message);
    let runs = if message.html_body.is_empty() { &message.text_body } else { &message.html_body };
    let mut letter = Letter {
        from: addresses(head.from()),
        to: addresses(head.to()),
        cc: addresses(head.cc()),
        bcc: addresses(head.bcc()),
        date: head.date().map(date).unwrap_or_default(),
        subject: head.subject().unwrap_or_default().to_owned(),
        ..Letter::default()
    };
    for part in runs.iter().filter_map(|id| message.part(*id)) {
        match &part.body {
            PartType::Text(text) => letter.body.push(Body::Plain(source.text(part, text).into_owned())),
            PartType::Html(text) => letter.body.push(Body::Html(source.text(part, text).into_owned())),
            _ => {}
        }
    }
    for (id, part) in (0..).zip(&message.parts) {
        let text = part.is_text() || part.is_text_html();
        let read = text && (message.html_body.contains(&id) || message.text_body.contains(&id));
        if !read && !matches!(part.body, PartType::Multipart(_)) {
            let number = letter.parts.len() + 1;
            letter.parts.push(source.part(part, number));
        }
    }
    Ok(letter)
}

struct Source<'a> {
    bytes: &'a [u8],
    chosen: Option<Charset>,
}

impl Source<'_> {
    /// The head of a part in UTF-8, where somebody wrote it in another encoding without saying so.
    fn head_again(&self, part: &MessagePart<'_>) -> Option<String> {
        let head = self.bytes.get(part.offset_header as usize..part.offset_body as usize)?;
        std::str::from_utf8(head).err()?;
        let charset = self.chosen.or_else(|| names::encoding_of(std::iter::once(head)));
        Some(names::decode(head, charset).into_owned() + "\r\n\r\n")
    }

    /// The bytes as they were before they were made fit for the journey.
    fn bytes_of<'b>(&self, part: &'b MessagePart<'_>) -> Cow<'b, [u8]> {
        let raw = || self.bytes.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
        match &part.body {
            PartType::Text(text) | PartType::Html(text) => match part.encoding {
                Encoding::None => Some(raw().to_vec()),
                Encoding::QuotedPrintable => quoted_printable_decode(raw()),
                Encoding::Base64 => base64_decode(raw()),
            }
            .map_or(Cow::Borrowed(text.as_bytes()), Cow::Owned),
            _ => Cow::Borrowed(part.contents()),
        }
    }

    /// A text that says nothing of its encoding, or something impossible, is read by its bytes.
    fn text<'b>(&self, part: &MessagePart<'_>, text: &'b str) -> Cow<'b, str> {
        let declared = part.content_type().and_then(|kind| kind.attribute("charset"));
        let says = declared.is_some_and(|name| !name.eq_ignore_ascii_case("us-ascii"));
        if says && !text.contains('\u{fffd}') {
            return Cow::Borrowed(text);
        }
        let bytes = self.bytes_of(part);
        match self.chosen.or_else(|| charset(&bytes)) {
            Some(charset) => Cow::Owned(charset.decode(&bytes).into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    fn part(&self, part: &MessagePart<'_>, number: usize) -> Part {
        let again = self.head_again(part);
        let head = again.as_deref().and_then(|text| MessageParser::default().parse(text));
        let name = head.as_ref().map_or_else(|| part.attachment_name(), |head| head.attachment_name());
        let kind = part.content_type();
        let media_type = kind
            .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
            .unwrap_or_default();
        let media_type = media_type.to_ascii_lowercase();
        let subject = part.message().and_then(Message::subject);
        let name = match (name, subject) {
            (Some(name), _) if !name.trim().is_empty() => words(name),
            (_, Some(subject)) => format!("{subject}.eml"),
            // The pictures of a page have an address only.
            _ => format!("{number}.{}", ending(&media_type)),
        };
        let id = part.content_id().map(|id| format!("cid:{}", id.trim_matches(['<', '>'])));
        let place = part.content_location().map(str::to_owned);
        Part {
            name,
            keys: id.into_iter().chain(place).collect(),
            media_type,
            bytes: self.bytes_of(part).into_owned(),
        }
    }
}

/// A name in which somebody put encoded words, which belong into other fields.
fn words(name: &str) -> String {
    if !name.contains("=?") {
        return name.to_owned();
    }
    let field = format!("Subject: {}\r\n\r\n", name.replace(['\r', '\n'], " "));
    let read = MessageParser::default().parse(field.as_bytes());
    read.as_ref().and_then(Message::subject).unwrap_or(name).to_owned()
}

fn ending(media_type: &str) -> &str {
    match media_type {
        "message/rfc822" => "eml",
        "text/plain" => "txt",
        "text/html" => "html",
        "image/jpeg" => "jpg",
        "text/calendar" => "ics",
        _ => {
            media_type.rsplit_once('/').map(|(_, kind)| kind).filter(|kind| kind.len() <= 4).unwrap_or("bin")
        }
    }
}

fn addresses(all: Option<&Address<'_>>) -> String {
    let one = |addr: &Addr<'_>| match (addr.name(), addr.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (one, other) => one.or(other).unwrap_or_default().to_owned(),
    };
    let all: Vec<String> = all.into_iter().flat_map(|all| all.iter()).map(one).collect();
    all.join("；")
}

/// As it was where it was written.
fn date(date: &DateTime) -> String {
    let DateTime { year, month, day, hour, minute, second, tz_before_gmt, tz_hour, tz_minute } = date;
    let sign = if *tz_before_gmt { '-' } else { '+' };
    format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} {sign}{tz_hour:02}:{tz_minute:02}"
    )
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030};

    use super::*;
    use crate::unpack::Allowance;

    fn taken(bytes: &[u8]) -> (String, Vec<(String, Vec<u8>)>) {
        let folder = tempfile::tempdir().unwrap();
        let mut out = Out::new(folder.path(), Allowance::default());
        letter(bytes, None, &mut out).unwrap();
        let page = std::fs::read_to_string(Out::page_file(folder.path())).unwrap();
        let members = out.finish().members.into_iter().enumerate();
        let files = members.map(|(at, m)| (m.path, std::fs::read(Out::file(folder.path(), at)).unwrap()));
        (page, files.collect())
    }

    #[test]
    fn chinese_letters_are_read_however_they_say_it() {
        let gb = |text: &str| GB18030.encode(text).0.into_owned();
        let b64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
        let subject = format!("=?GB2312?B?{}?=", b64(&gb("关于证据的说明")));
        let mut bytes = format!(
            "From: =?UTF-8?B?{}?= <li@example.cn>\r\nTo: a@b.cn\r\nSubject: {subject}\r\n\
             Date: Mon, 15 May 2023 09:30:00 +0800\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
             Content-Type: text/plain; charset=gbk\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--x\r\n\
             Content-Type: text/plain; charset=big5\r\n\
             Content-Disposition: attachment; filename*=GBK''%D6%A4%BE%DD.txt\r\n\r\n",
            b64("李律师".as_bytes()),
            b64(&gb("附上合同一份。"))
        )
        .into_bytes();
        let attached = BIG5.encode("證據一").0.into_owned();
        bytes.extend(&attached);
        bytes.extend(b"\r\n--x\r\nContent-Type: application/pdf; name=\"");
        bytes.extend(gb("借款合同"));
        bytes.extend(b".pdf\"\r\nContent-Disposition: attachment\r\n\r\n%PDF-\r\n--x--\r\n");
        let (page, files) = taken(&bytes);
        for there in
            ["关于证据的说明", "李律师 &lt;li@example.cn&gt;", "2023-05-15 09:30:00 +08:00", "附上合同一份。"]
        {
            assert!(page.contains(there), "{there} not in {page}");
        }
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["证据.txt", "借款合同.pdf"]);
        assert_eq!(files[0].1, attached, "a file comes out as it went in");
    }

    #[test]
    fn a_letter_in_a_letter_comes_out_whole() {
        let inner = "From: c@d\r\nSubject: inner\r\nMessage-ID: <1@d>\r\n\r\nhello";
        let outer = format!(
            "From: a@b\r\nSubject: outer\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
             --x\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--x--\r\n"
        );
        let (_, files) = taken(outer.as_bytes());
        assert_eq!(files[0].0, "inner.eml");
        assert!(String::from_utf8_lossy(&files[0].1).starts_with("From: c@d"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_after_a_head_are_borne(body in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let mut bytes = b"From: a@b\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=\"".to_vec();
            bytes.extend(&body[..body.len() / 2]);
            bytes.extend(b"\"\r\n\r\n--");
            bytes.extend(&body[body.len() / 2..]);
            let folder = tempfile::tempdir().unwrap();
            let mut out = Out::new(folder.path(), Allowance { members: 20, bytes: 1 << 16 });
            // It may be refused; it must not do more.
            let read = letter(&bytes, None, &mut out);
            proptest::prop_assert!(read.is_ok() == out.finish().page || read.is_err());
        }
    }
}
