//! What may be an id, and what a person's name.

/// Ids of principals, meetings and marks are no longer than this.
pub const MAX_ID: usize = 64;

/// Whether a text can be an id that a client names: short, and safe in a URL, a header and a room name.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A person's name has no more characters.
pub const MAX_NAME: usize = 40;

/// Whether a character reverses or hides the text around it, or ends its line.
pub fn hides(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether a text can be a person's name: visible, short, on one line, and without characters that reverse
/// or hide the text around them.
pub fn is_name(text: &str) -> bool {
    text.trim() == text && !text.is_empty() && text.chars().count() <= MAX_NAME && !text.chars().any(hides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["王法官", "Ó Súilleabháin", "欧阳·娜"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", " ", " 王", "王\n", "\u{200b}", &"王".repeat(41)] {
            assert!(!is_name(name), "{name:?}");
        }
        assert!(!is_id(&"a".repeat(65)));
    }
}
