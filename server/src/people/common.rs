//! Passwords that everybody tries first.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// One a line, in lower case: the commonest of eight characters and more, and what people in Chinese offices choose.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Whether a password is among them, whatever its capitals and widths, or is one of them with a few digits or signs
/// more, or the same few characters over and over.
pub fn is_common(password: &str) -> bool {
    let folded: String = password.nfkc().flat_map(char::to_lowercase).collect();
    let bare = folded.trim_end_matches(|ch: char| !ch.is_alphabetic());
    COMMON.contains(folded.as_str()) || COMMON.contains(bare) || is_repeated(&folded)
}

fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| chars.len() > period && chars.iter().zip(&chars[period..]).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_is_common() {
        for password in [
            "password",
            "Password",
            "Password2026!",
            "woaini1314",
            "１２３４５６７８",
            "abababababab",
            "aaaaaaaaaa",
            "Admin@123",
        ] {
            assert!(is_common(password), "{password}");
        }
        for password in ["窗外的雨下了一夜", "correct horse battery", "kM4-tulip-9xq", "abcabcabd-1"]
        {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_holds_what_the_rules_let_through() {
        let lines: Vec<_> = include_str!("common_passwords.txt").lines().collect();
        assert!(lines.len() > 1_000 && lines.is_sorted());
        assert!(lines.iter().all(|line| line.chars().count() >= 8 && line.to_lowercase() == *line));
    }
}
