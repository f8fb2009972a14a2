//! Containers: what is inside of an archive or a letter becomes files in a folder. Runs in the child, as they are
//! strangers' bytes; how much may come out is said by whoever asks.

mod archive;
mod letter;
mod mime;
pub mod names;
mod out;
mod outlook;

use std::path::Path;

use evolume_model::code::Code;
use serde::{Deserialize, Serialize};

pub use out::{Allowance, Member, Out, Unpacked};

use crate::office::Charset;
use crate::refusal::Refusal;

/// A file that holds others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    /// ZIP.
    Archive,
    /// A letter as it is sent (RFC 5322).
    Letter,
    /// A letter as Outlook keeps it.
    Outlook,
    /// A page of the web with its pictures (MHTML).
    WebPage,
}

impl Container {
    /// MIME type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Archive => "application/zip",
            Self::Letter => "message/rfc822",
            Self::Outlook => "application/vnd.ms-outlook",
            Self::WebPage => "multipart/related",
        }
    }

    /// A letter or a page by the first bytes of the file: fields, then an empty line. A text that begins with a
    /// few words and colons is none.
    pub fn sniff(head: &[u8], name: &Path) -> Option<Self> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let head = String::from_utf8_lossy(head.trim_ascii_start());
        let mut lines = head.lines().peekable();
        // How a letter begins in a mailbox.
        lines.next_if(|line| line.starts_with("From ") || line.starts_with(">From "));
        let mut fields = Vec::new();
        for line in lines.take_while(|line| !line.is_empty()) {
            if line.starts_with([' ', '\t']) && !fields.is_empty() {
                continue;
            }
            match line.split_once(':') {
                Some((field, _)) if is_field(field) => fields.push(field.to_ascii_lowercase()),
                // The head may be cut here.
                _ if fields.len() >= 3 => break,
                _ => return None,
            }
        }
        let has = |field: &str| fields.iter().any(|known| known == field);
        let known = ENVELOPE.iter().filter(|field| has(field)).count();
        let extension = name.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        let named = |endings: &[&str]| extension.as_deref().is_some_and(|ending| endings.contains(&ending));
        let related = head.to_ascii_lowercase().contains("multipart/related");
        let saved =
            has("snapshot-content-location") || head.contains("From: <Saved by") || named(&["mht", "mhtml"]);
        if has("mime-version") && saved && (related || named(&["mht", "mhtml"])) {
            return Some(Self::WebPage);
        }
        let sent =
            ["received", "message-id", "mime-version", "return-path", "delivered-to"].into_iter().any(has);
        (known >= 2 && sent || known >= 1 && named(&["eml"])).then_some(Self::Letter)
    }
}

/// Fields of which a letter has some.
const ENVELOPE: &[&str] = &[
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "sender",
    "delivered-to",
    "content-type",
    "reply-to",
];

fn is_field(name: &str) -> bool {
    (1..=60).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Takes a container apart. A letter's own page is written beside its members.
pub fn unpack(
    path: &Path,
    container: Container,
    passwords: &[String],
    chosen: Option<Charset>,
    out: &mut Out,
) -> Result<(), Refusal> {
    match container {
        Container::Archive => archive::unpack(path, passwords, chosen, out),
        Container::Letter => mime::letter(&read(path)?, chosen, out),
        Container::WebPage => mime::web_page(&read(path)?, chosen, out),
        Container::Outlook => outlook::letter(path, out),
    }
}

/// Larger letters are refused: they are held in memory.
const LETTER_LIMIT: u64 = 512 << 20;

fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    let length = std::fs::metadata(path).map_err(Refusal::with(Code::FileUnreadable))?.len();
    if length > LETTER_LIMIT {
        return Err(Refusal::new(Code::FileTooLarge, "too large for a letter"));
    }
    std::fs::read(path).map_err(Refusal::with(Code::FileUnreadable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_known_by_their_fields() {
        let sniff = |head: &str, name: &str| Container::sniff(head.as_bytes(), Path::new(name));
        let letter = "Received: from a\r\n\tby b\r\nFrom: a@b\r\nSubject: x\r\n\r\nFrom: text";
        assert_eq!(sniff(letter, "a.txt"), Some(Container::Letter));
        assert_eq!(sniff("From: a@b\nTo: c@d\n\ntext", "a.eml"), Some(Container::Letter));
        assert_eq!(sniff("From: a@b\nTo: c@d\n\ntext", "a.txt"), None);
        assert_eq!(sniff("审判长：现在开庭。\n", "a.txt"), None);
        assert_eq!(sniff("Judge: we begin.\nPlaintiff: yes.\n", "a.txt"), None);
        let page = "From: <Saved by Blink>\nSnapshot-Content-Location: http://a/\nSubject: x\nMIME-Version: 1.0\n\
                    Content-Type: multipart/related;\n\ttype=\"text/html\"\n\n";
        assert_eq!(sniff(page, "a"), Some(Container::WebPage));
    }
}
