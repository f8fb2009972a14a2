//! Encrypted office documents.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use evolume_model::code::Code;

use super::biff;
use crate::refusal::Refusal;

/// Excel's own password for workbooks that are only to be protected from changes.
const EXCEL: &str = "VelvetSweatshop";
/// What PowerPoint writes where a presentation is encrypted.
const ENCRYPTED_SLIDES: [u8; 4] = 0xf3d1_c4df_u32.to_le_bytes();

/// The package inside of an encrypted Word, Excel or PowerPoint file.
pub fn package(bytes: Vec<u8>, passwords: &[String]) -> Result<Vec<u8>, Refusal> {
    open(passwords, |word| office_crypto::decrypt_from_bytes(bytes.clone(), word).ok().filter(is_zip))
}

/// A binary document without its password; nothing where it has none.
pub fn binary(bytes: &[u8], workbook: bool, passwords: &[String]) -> Result<Option<Vec<u8>>, Refusal> {
    if workbook {
        let Some(key) = biff::key(bytes) else { return Ok(None) };
        return open(passwords, |word| biff::decrypt(bytes, &key, word)).map(Some);
    }
    if !is_locked(bytes) {
        return Ok(None);
    }
    open(passwords, |word| office_crypto::decrypt_from_bytes(bytes.to_vec(), word).ok()).map(Some)
}

fn open(passwords: &[String], attempt: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Vec<u8>, Refusal> {
    let words = std::iter::once(EXCEL).chain(passwords.iter().map(String::as_str));
    words.into_iter().find_map(attempt).ok_or_else(|| {
        if passwords.is_empty() {
            Refusal::new(Code::OfficePasswordRequired, "it is encrypted")
        } else {
            Refusal::new(Code::OfficePasswordWrong, "no password opens it")
        }
    })
}

#[allow(clippy::ptr_arg, reason = "for `filter`")]
fn is_zip(bytes: &Vec<u8>) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// A Word document or a presentation that says of itself that it is encrypted.
fn is_locked(bytes: &[u8]) -> bool {
    let Ok(mut file) = CompoundFile::open(Cursor::new(bytes)) else { return false };
    let mut start = |name: &str| {
        let mut head = Vec::new();
        file.open_stream(name).ok()?.take(32).read_to_end(&mut head).ok()?;
        Some(head)
    };
    let document =
        start("/WordDocument").is_some_and(|head| head.get(11).is_some_and(|flags| flags & 1 != 0));
    document || start("/Current User").is_some_and(|head| head.get(12..16) == Some(&ENCRYPTED_SLIDES))
}
