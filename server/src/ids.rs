//! Opaque ids: made from what they name, so that the same input gives the same id everywhere.

use sha2::{Digest, Sha256};

const BYTES: usize = 16;

fn id(kind: &str, parts: [&str; 2]) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..BYTES])
}

/// A case's id, from its number.
pub fn case(number: &str) -> String {
    id("case", [number, ""])
}

/// A volume's id, from its case and title.
pub fn volume(case: &str, title: &str) -> String {
    id("volume", [case, title])
}

/// A material's id, from its volume and the original's hash.
pub fn material(volume: &str, sha256: &str) -> String {
    id("material", [volume, sha256])
}

/// A provisional principal's id, from the name: the same name is the same person.
pub fn principal(name: &str) -> String {
    id("principal", [name, ""])
}

/// Whether this could be an id.
pub fn is_id(text: &str) -> bool {
    text.len() == 2 * BYTES && is_hex(text)
}

/// Whether this could be a SHA-256.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && is_hex(text)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_do_not_run_together() {
        assert_ne!(volume("ab", "c"), volume("a", "bc"));
        assert_ne!(case("a"), volume("a", ""));
        assert!(is_id(&case("（2023）京0105民初12345号")));
        assert!(!is_id("../etc/passwd") && !is_id("") && !is_id(&"A".repeat(32)));
    }
}
