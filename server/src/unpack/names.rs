//! Names of files as somebody else wrote them: in which encoding they are, and what of them is fit to be shown.

use std::borrow::Cow;
use std::path::{Component, Path};

use encoding_rs::GB18030;

use crate::office::{Charset, charset};

/// Longer parts of a path are cut.
const LONG: usize = 200;
/// Folders within folders beyond this are not told.
const DEEP: usize = 32;

/// Names that are not UTF-8, read alike: one alone often says too little.
pub fn encoding_of<'a>(names: impl Iterator<Item = &'a [u8]>) -> Option<Charset> {
    let mut all = Vec::new();
    for name in names.filter(|name| std::str::from_utf8(name).is_err()) {
        all.extend_from_slice(name);
        all.push(b'\n');
    }
    // An even number would be looked at as UTF-16, which no name is.
    if all.len().is_multiple_of(2) {
        all.push(b'\n');
    }
    charset(&all)
}

/// A name in UTF-8 or in this encoding; by default GB 18030, by far the most frequent one here.
pub fn decode(name: &[u8], charset: Option<Charset>) -> Cow<'_, str> {
    match std::str::from_utf8(name) {
        Ok(name) => Cow::Borrowed(name),
        Err(_) => charset.unwrap_or(Charset::Web(GB18030)).decode(name),
    }
}

/// The name of a file on this disk, which may be of any bytes.
pub fn of_path(path: &Path) -> String {
    path.file_name().map(|name| of_bytes(name.as_encoded_bytes())).unwrap_or_default()
}

/// The whole path, to be shown.
pub fn shown(path: &Path) -> String {
    let parts = path.components().map(|part| match part {
        Component::RootDir => String::new(),
        part => of_bytes(part.as_os_str().as_encoded_bytes()),
    });
    let shown = parts.collect::<Vec<_>>().join("/");
    if shown.is_empty() && path.has_root() { "/".to_owned() } else { shown }
}

fn of_bytes(name: &[u8]) -> String {
    decode(name, encoding_of(std::iter::once(name))).into_owned()
}

/// A path inside of a container, as it is shown: it goes nowhere, and nothing in it steers a terminal or turns the
/// direction of what follows.
pub fn clean(path: &str) -> String {
    let parts = path.split(['/', '\\']).map(|part| {
        let shown = part.chars().filter(|ch| !ch.is_control() && !is_steering(*ch));
        shown.take(LONG).collect::<String>().trim().to_owned()
    });
    // A drive's letter, here and above say nothing of what is inside.
    let parts = parts.filter(|part| !matches!(part.as_str(), "" | "." | "..") && !part.ends_with(':'));
    let parts: Vec<_> = parts.take(DEEP).collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join("/") }
}

fn is_steering(ch: char) -> bool {
    matches!(ch, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_the_encoding_that_they_share() {
        let names = ["证据目录.pdf", "张三.jpg", "a.txt"].map(|name| GB18030.encode(name).0.into_owned());
        let charset = encoding_of(names.iter().map(Vec::as_slice));
        assert_eq!(decode(&names[1], charset), "张三.jpg");
        let names =
            ["證據目錄.pdf", "借據與收據.jpg"].map(|name| encoding_rs::BIG5.encode(name).0.into_owned());
        let charset = encoding_of(names.iter().map(Vec::as_slice));
        assert_eq!(decode(&names[1], charset), "借據與收據.jpg");
        assert_eq!(decode("é.pdf".as_bytes(), None), "é.pdf");
    }

    #[test]
    fn a_shown_path_goes_nowhere() {
        for (path, shown) in [
            ("../../etc/passwd", "etc/passwd"),
            ("C:\\卷\\a.pdf", "卷/a.pdf"),
            ("/a//./b", "a/b"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a\n\u{1b}[2Jb", "a[2Jb"),
            ("..", "-"),
        ] {
            assert_eq!(clean(path), shown);
        }
    }
}
