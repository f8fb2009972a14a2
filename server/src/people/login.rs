//! Logins, prepared so that two that read the same are the same; and passwords, so that the same keys give the same
//! bytes on every keyboard.

use evolume_model::access::hides;
use unicode_normalization::UnicodeNormalization;

use super::PeopleError;

/// Characters of a login.
const MAX_LOGIN: usize = 64;

/// By what somebody is known at sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Compatibility forms and cases are folded: full-width letters, capitals, ligatures.
    pub fn prepare(text: &str) -> Result<Self, PeopleError> {
        let folded: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        let folded = folded.trim();
        let fits = (1..=MAX_LOGIN).contains(&folded.chars().count());
        let odd = |ch: char| hides(ch) || ch.is_whitespace();
        if !fits || folded.chars().any(odd) {
            return Err(PeopleError::Login);
        }
        Ok(Self(folded.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One form for what looks the same, as RFC 8265 (OpaqueString) has it: nothing is folded.
pub fn prepare_password(text: &str) -> String {
    text.chars().map(|ch| if ch.is_whitespace() { ' ' } else { ch }).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_is_the_same_login() {
        for text in ["wang.li", "Wang.Li", "ＷＡＮＧ．ＬＩ", " wang.li "] {
            assert_eq!(Login::prepare(text).unwrap().as_str(), "wang.li", "{text}");
        }
        assert_eq!(Login::prepare("王丽").unwrap().as_str(), "王丽");
        assert_eq!(Login::prepare("STRASSE").unwrap(), Login::prepare("strasse").unwrap());
        for text in ["", " ", "a b", "a\u{200b}b", "a\nb", "\u{202e}ab", &"a".repeat(65)] {
            assert!(matches!(Login::prepare(text), Err(PeopleError::Login)), "{text:?}");
        }
    }

    #[test]
    fn a_password_is_the_same_on_every_keyboard_and_otherwise_as_typed() {
        assert_eq!(prepare_password("cafe\u{301}\u{3000}x"), "café x");
        assert_ne!(prepare_password("Abc"), prepare_password("abc"));
        assert_ne!(prepare_password("ａbc"), prepare_password("abc"));
    }
}
