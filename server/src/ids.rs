//! Opaque ids. They are random when something is made and mean nothing (invariant 13): titles, orders and places
//! change, ids do not. Those of earlier versions are hashes and stay what they are.

use sha2::{Digest, Sha256};

const BYTES: usize = 16;

/// A new id.
pub fn random() -> String {
    hex::encode(rand::random::<[u8; BYTES]>())
}

/// A provisional principal's id, from the name: the same name is the same person.
pub fn principal(name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"principal");
    // As it was when ids were made of two texts, so that everybody keeps their marks.
    for part in [name, ""] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..BYTES])
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
    fn ids_are_ids_and_no_two_are_the_same() {
        assert!(is_id(&random()) && random() != random());
        assert!(is_id(&principal("王法官")) && principal("a") != principal("b"));
        assert!(!is_id("../etc/passwd") && !is_id("") && !is_id(&"A".repeat(32)));
    }

    #[test]
    fn a_name_keeps_the_id_that_it_has_always_had() {
        assert_eq!(principal("王法官"), "2390d1acd65930411fa860f80a589486");
    }
}
