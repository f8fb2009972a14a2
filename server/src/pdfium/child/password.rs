//! A password as it is typed, and as programs may have made it ready before they encrypted with it.

/// What normalisation made of these five before a mistake in it was mended (Corrigendum 4 of Unicode); passwords
/// are made ready by the older rules.
const BEFORE_CORRECTION: [(char, char); 5] = [
    ('\u{2f868}', '\u{2136a}'),
    ('\u{2f874}', '\u{5f33}'),
    ('\u{2f91f}', '\u{43ab}'),
    ('\u{2f95f}', '\u{7aae}'),
    ('\u{2f9bf}', '\u{4d57}'),
];

/// The forms to try, as typed first: white space at the ends belongs to it.
pub fn forms(typed: &str) -> Vec<String> {
    let older = typed.chars().map(|ch| {
        let found = BEFORE_CORRECTION.iter().find(|(from, _)| *from == ch);
        found.map_or(ch, |(_, to)| *to)
    });
    let older: String = older.collect();
    let mut forms = vec![typed.to_owned()];
    for text in [typed, older.as_str()] {
        // Those with characters that no password may have are tried as they are.
        if let Ok(prepared) = stringprep::saslprep(text)
            && !forms.iter().any(|form| *form == prepared)
        {
            forms.push(prepared.into_owned());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_typed_and_as_made_ready() {
        assert_eq!(forms("tika"), ["tika"]);
        assert_eq!(forms("    "), ["    "]);
        assert_eq!(forms("ﬁne\u{ad}Ⅸ"), ["ﬁne\u{ad}Ⅸ", "fineIX"]);
        assert!(forms("a\u{2f874}").contains(&"a\u{5f33}".to_owned()));
        assert_eq!(forms("\u{7}"), ["\u{7}"]);
    }
}
