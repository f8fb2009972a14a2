//! A letter as a page: its head, what is attached, its text. And what of it becomes files.

use std::fmt::Write;

use evolume_model::code::Code;

use super::out::Out;
use crate::office::plain;
use crate::refusal::Refusal;

/// A page with more pictures in it than this shows those that fit.
const PICTURES: usize = 20 << 20;
/// Longer heads are cut: a letter may go to thousands.
const LONG: usize = 2000;

/// What a letter says of itself, and what it has inside.
#[derive(Default)]
pub struct Letter {
    pub from: String,
    pub to: String,
    pub cc: String,
    pub bcc: String,
    pub date: String,
    pub subject: String,
    pub body: Vec<Body>,
    pub parts: Vec<Part>,
}

/// A run of the letter's own text.
pub enum Body {
    Plain(String),
    Html(String),
}

/// A file inside of a letter.
pub struct Part {
    pub name: String,
    /// By which the text may show it: an id or an address.
    pub keys: Vec<String>,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Letter {
    /// Writes the page and the attachments. A picture that the text shows is no attachment.
    pub fn put(self, headed: bool, out: &mut Out) -> Result<(), Refusal> {
        let (mut body, mut room) = (String::new(), PICTURES);
        let mut shown = vec![false; self.parts.len()];
        for run in &self.body {
            match run {
                Body::Plain(text) => {
                    for line in text.lines() {
                        let _ = write!(body, "<p style=\"margin:0\">{}</p>", spaced(line));
                    }
                }
                Body::Html(html) => body += &with_pictures(html, &self.parts, &mut shown, &mut room),
            }
        }
        let attached: Vec<&Part> =
            self.parts.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(part, _)| part).collect();
        let names: Vec<&str> = attached.iter().map(|part| part.name.as_str()).collect();
        let mut html = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>".to_owned();
        if headed {
            html += "<table width=\"100%\">";
            for (label, value) in [
                ("主题 Subject", &self.subject),
                ("发件人 From", &self.from),
                ("收件人 To", &self.to),
                ("抄送 Cc", &self.cc),
                ("密送 Bcc", &self.bcc),
                ("日期 Date", &self.date),
                ("附件 Attachments", &names.join("；")),
            ] {
                if !value.is_empty() {
                    let value: String = value.chars().take(LONG).collect();
                    let _ = write!(
                        html,
                        "<tr><td width=\"22%\" valign=\"top\">{label}</td><td>{}</td></tr>",
                        escape(&value)
                    );
                }
            }
            html += "</table><hr>";
        }
        html += &body;
        html += "</body></html>";
        if html.len() as u64 > plain::LIMIT {
            return Err(Refusal::new(Code::FileTooLarge, "its text is too long"));
        }
        out.page(&html)?;
        if headed {
            attached.iter().try_for_each(|part| out.put_bytes(&part.name, &part.bytes))?;
        }
        Ok(())
    }
}

/// The pictures that a text names, put into it.
fn with_pictures(html: &str, parts: &[Part], shown: &mut [bool], room: &mut usize) -> String {
    let mut html = html.to_owned();
    for (part, shown) in parts.iter().zip(shown) {
        if !part.media_type.starts_with("image/") || part.bytes.len() > *room {
            continue;
        }
        let mut data = None;
        for key in part.keys.iter().filter(|key| !key.is_empty()) {
            for quote in ['"', '\''] {
                let quoted = format!("{quote}{key}{quote}");
                if html.contains(&quoted) {
                    let data = data.get_or_insert_with(|| address(part));
                    html = html.replacen(&quoted, &format!("{quote}{data}{quote}"), 4);
                    *shown = true;
                }
            }
        }
        if data.is_some() {
            *room -= part.bytes.len();
        }
    }
    html
}

/// A picture as an address that holds it.
fn address(part: &Part) -> String {
    format!("data:{};base64,{}", part.media_type, data_encoding::BASE64.encode(&part.bytes))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A line of plain text; HTML would swallow its spaces.
fn spaced(line: &str) -> String {
    if line.trim().is_empty() {
        return "&nbsp;".to_owned();
    }
    escape(line).replace("  ", "&nbsp; ").replace('\t', "&nbsp; &nbsp; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unpack::Allowance;

    #[test]
    fn a_letter_shows_its_head_and_pictures_and_gives_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let part = |name: &str, key: &str, media_type: &str| Part {
            name: name.into(),
            keys: vec![format!("cid:{key}")],
            media_type: media_type.into(),
            bytes: name.as_bytes().to_vec(),
        };
        let letter = Letter {
            subject: "证据 <1>".into(),
            from: "甲 <a@b>".into(),
            body: vec![Body::Html("<p>见图<img src=\"cid:x\"></p>".into()), Body::Plain("a  b\n\n&".into())],
            parts: vec![part("图.png", "x", "image/png"), part("合同.pdf", "y", "application/pdf")],
            ..Letter::default()
        };
        let mut out = Out::new(folder.path(), Allowance::default());
        letter.put(true, &mut out).unwrap();
        let unpacked = out.finish();
        assert!(unpacked.page);
        assert_eq!(unpacked.members.len(), 1);
        assert_eq!(unpacked.members[0].path, "合同.pdf");
        let html = std::fs::read_to_string(Out::page_file(folder.path())).unwrap();
        for there in
            ["证据 &lt;1&gt;", "甲 &lt;a@b&gt;", "src=\"data:image/png;base64,", "a&nbsp; b", "合同.pdf"]
        {
            assert!(html.contains(there), "{there} not in {html}");
        }
        assert!(!html.contains("抄送"));
    }
}
