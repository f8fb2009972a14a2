//! Text and HTML as LibreOffice gets them: in UTF-8, and HTML without scripts or anything from elsewhere.

use std::collections::HashSet;

use evolume_model::code::Code;

use super::encoding::{self, Charset};
use super::kind::Office;
use crate::refusal::Refusal;

/// Longer files are refused: they would be thousands of pages.
pub const LIMIT: u64 = 32 << 20;
/// A text in which more than one character in so many cannot be read is none.
const BAD: usize = 100;
/// Attributes that say how a thing looks, and load nothing.
const LOOKS: &[&str] = &["align", "valign", "bgcolor", "border", "width", "height", "style", "color", "size"];
/// What of a style is kept.
const STYLES: &[&str] = &[
    "background-color",
    "border",
    "border-collapse",
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "margin",
    "margin-left",
    "text-align",
    "text-decoration",
    "text-indent",
    "vertical-align",
    "width",
];

/// Whether these first bytes of a file are text: next to nothing in them stands for no character.
pub fn is_text(head: &[u8]) -> bool {
    match encoding::charset(head) {
        Some(charset) => is_readable(&charset.decode(head)),
        // In which encoding is for a person to say.
        None => {
            head.iter().filter(|byte| encoding::is_control(char::from(**byte))).count()
                <= 1 + head.len() / BAD
        }
    }
}

/// Whether a text is HTML.
pub fn is_html(head: &[u8]) -> bool {
    // Its tags are the same in most encodings.
    let text =
        encoding::charset(head).map_or_else(|| String::from_utf8_lossy(head), |charset| charset.decode(head));
    let mut rest = text.trim_start();
    // What may stand before the document.
    while let Some(end) = [("<?", "?>"), ("<!--", "-->")]
        .into_iter()
        .find_map(|(start, end)| rest.starts_with(start).then(|| rest.find(end).map(|at| at + end.len()))?)
    {
        rest = rest[end..].trim_start();
    }
    let start: String = rest.chars().take(14).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// Which of Microsoft's XML documents of one file it is.
pub fn office_xml(head: &[u8]) -> Option<Office> {
    let text = encoding::charset(head)?.decode(head);
    if !text.trim_start().starts_with("<?xml") {
        return None;
    }
    let kinds = [
        ("progid=\"Word.Document\"", Office::WordXml),
        ("<w:wordDocument", Office::WordXml),
        ("progid=\"Excel.Sheet\"", Office::ExcelXml),
        ("urn:schemas-microsoft-com:office:spreadsheet", Office::ExcelXml),
    ];
    kinds.into_iter().find(|(sign, _)| text.contains(sign)).map(|(_, office)| office)
}

/// The text of a file, lines ended by `\n`, in the encoding that somebody chose or in its own.
pub fn decode(bytes: &[u8], chosen: Option<Charset>) -> Result<String, Refusal> {
    let unknown = || Refusal::new(Code::TextEncodingUnknown, "its encoding cannot be known");
    let charset = match chosen {
        // What is marked is known.
        Some(chosen) => encoding::marked(bytes).unwrap_or(chosen),
        None if is_text(bytes) => encoding::charset(bytes).ok_or_else(unknown)?,
        None => return Err(Refusal::new(Code::FileUnsupported, "not a text")),
    };
    let text = charset.decode(bytes);
    if !is_readable(&text) {
        return Err(if chosen.is_some() {
            unknown()
        } else {
            Refusal::new(Code::FileUnsupported, "not a text")
        });
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn is_readable(text: &str) -> bool {
    let (mut bad, mut count) = (0, 0);
    for ch in text.chars() {
        count += 1;
        bad += usize::from(ch == '\u{fffd}' || encoding::is_control(ch));
    }
    bad <= 1 + count / BAD
}

/// HTML with what is written in it and how it looks; nothing in it runs, and nothing is fetched for it.
pub fn clean(html: &str) -> String {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_tags(["font", "u", "big"])
        .add_generic_attributes(LOOKS)
        // It is not on the page.
        .add_clean_content_tags(["title"])
        .filter_style_properties(STYLES.iter().copied().collect::<HashSet<_>>())
        .url_schemes(HashSet::from(["data", "http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            (_, "src") => value.starts_with("data:image/").then(|| value.into()),
            // A style could name a picture.
            (_, "style") if value.contains("url") => None,
            (_, "cite" | "background" | "data") => None,
            ("a", "href") => (!value.starts_with("data:")).then(|| value.into()),
            _ => Some(value.into()),
        });
    let body = cleaner.clean(html);
    format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{body}</body></html>")
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    const TEXT: &str = "审判长：现在开庭。\r\n原告：请求判令被告偿还借款本金及利息，共计 128000 元。\r\n";

    #[test]
    fn the_usual_encodings_are_told_apart() {
        let plain = TEXT.replace("\r\n", "\n");
        let wide = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            [mark.to_vec(), TEXT.encode_utf16().flat_map(bytes).collect()].concat()
        };
        let (gb, ..) = GB18030.encode(TEXT);
        for (name, bytes) in [
            ("UTF-8", TEXT.as_bytes().to_vec()),
            ("UTF-8 with a mark", [b"\xef\xbb\xbf", TEXT.as_bytes()].concat()),
            ("GB 18030", gb.into_owned()),
            ("UTF-16, little end first", wide(b"\xff\xfe", u16::to_le_bytes)),
            ("UTF-16, big end first", wide(b"\xfe\xff", u16::to_be_bytes)),
            ("UTF-16 without a mark", wide(b"", u16::to_le_bytes)),
        ] {
            assert!(is_text(&bytes), "{name}");
            assert_eq!(decode(&bytes, None).unwrap(), plain, "{name}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let noise: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(!is_text(&noise));
        assert_eq!(decode(&noise, None).unwrap_err().code, Code::FileUnsupported);
    }

    #[test]
    fn html_is_recognised_behind_what_may_precede_it() {
        assert!(is_html(b"\xef\xbb\xbf <!-- by hand --><!DOCTYPE HTML><p>"));
        assert!(is_html(b"<?xml version='1.0'?>\n<html xmlns='x'>"));
        assert!(!is_html(b"<note><html></note>") && !is_html(b"<?xml") && !is_html(b"text"));
    }

    #[test]
    fn html_loads_and_runs_nothing() {
        let html = "<html><head><link rel=stylesheet href=http://a/x.css><base href=file:///></head>\
            <body onload=alert(1) background=http://a/b.png><script>alert(2)</script>\
            <img src='file:///etc/hostname'><img src=http://a/c.png><img src='data:image/png;base64,AAAA'>\
            <iframe src=http://a/></iframe><p style=\"color:red;background:url(http://a/d.png)\">正文</p>\
            <p style=\"text-align:center\">中</p><table border=1><tr><td>格</td></tr></table>\
            <a href=http://a/e>链接</a><object data=http://a/f></object></body></html>";
        let cleaned = clean(html);
        for gone in
            ["script", "alert", "file:", "c.png", "d.png", "b.png", "x.css", "iframe", "object", "base h"]
        {
            assert!(!cleaned.contains(gone), "{gone} in {cleaned}");
        }
        for kept in ["正文", "text-align", "<table", "格", "链接", "data:image/png"] {
            assert!(cleaned.contains(kept), "{kept} not in {cleaned}");
        }
    }

    #[test]
    fn html_tells_its_encoding() {
        let (bytes, ..) = GB18030.encode("<html><meta charset=gb2312><p>镕</p></html>");
        assert!(decode(&bytes, None).unwrap().contains('镕'));
    }
}
