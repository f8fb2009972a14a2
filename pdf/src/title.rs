//! Titles in the outline whose bytes are GBK or UTF-8, without saying so. By the rules they are in PDF's own eight
//! bits, and so PDFium reads them: every byte as a character of its own.

/// The characters of GB 2312, which the server has from a library and the browser from itself.
pub trait Gb2312 {
    /// What two bytes stand for.
    fn read(&self, pair: [u8; 2]) -> Option<char>;

    /// Whether it is one of its ideographs.
    fn is_ideograph(&self, ch: char) -> bool;
}

/// PDF's own characters where they are other than Latin-1's, by their codes.
const OWN: [(u8, &str); 3] = [(0x18, "˘ˇˆ˙˝˛˚˜"), (0x80, "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž"), (0xa0, "€")];
/// What PDFium shows as a space: these bytes mean nothing in PDF.
const LOST: [u8; 2] = [0xad, 0x9f];

/// What such a title says, if it is one.
pub fn mended(title: &str, table: &impl Gb2312) -> Option<String> {
    let bytes: Vec<u8> = title.chars().map(byte).collect::<Option<_>>()?;
    if bytes.is_ascii() {
        return None;
    }
    utf8(&bytes, table).or_else(|| gbk(&bytes, table))
}

fn byte(ch: char) -> Option<u8> {
    let own = OWN.iter().find_map(|(from, chars)| {
        let at = chars.chars().position(|own| own == ch)?;
        Some(from + u8::try_from(at).ok()?)
    });
    own.or_else(|| u8::try_from(u32::from(ch)).ok())
}

/// Every sequence is whole. A lost byte is what makes the more usual character.
fn utf8(bytes: &[u8], table: &impl Gb2312) -> Option<String> {
    let mut text = String::new();
    let mut rest = bytes;
    while let Some((first, more)) = rest.split_first() {
        let length = match first {
            ..0x80 => {
                text.push(char::from(*first));
                rest = more;
                continue;
            }
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return None,
        };
        let sequence = rest.get(..length)?;
        let forms = forms(sequence);
        let read = |form: &Vec<u8>| std::str::from_utf8(form).ok().and_then(|text| text.chars().next());
        let mut chars = forms.iter().filter_map(read).collect::<Vec<_>>();
        chars.sort_by_key(|ch| !table.is_ideograph(*ch));
        text.push(*chars.first()?);
        rest = &rest[length..];
    }
    Some(text)
}

/// The bytes, and where one of them was lost, with either in its place.
fn forms(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![bytes.to_vec()];
    for at in (1..bytes.len()).filter(|at| bytes[*at] == b' ') {
        let with = |lost: u8| forms.iter().map(move |form| [&form[..at], &[lost], &form[at + 1..]].concat());
        forms = LOST.into_iter().flat_map(with).collect();
    }
    forms
}

/// Two bytes a character, of GB 2312: other pairs are as likely two letters with accents.
fn gbk(bytes: &[u8], table: &impl Gb2312) -> Option<String> {
    let mut text = String::new();
    let (mut rest, mut wide) = (bytes, 0);
    while let Some((first, more)) = rest.split_first() {
        if first.is_ascii() {
            text.push(char::from(*first));
            rest = more;
            continue;
        }
        // Half of a character beside white space is a lost byte; in GB 2312 that is the first of the two.
        let second = more.first().map(|second| if *second == b' ' { LOST[0] } else { *second })?;
        if second < 0xa1 || !(0xa1..=0xf7).contains(first) {
            return None;
        }
        text.push(table.read([*first, second])?);
        wide += 1;
        rest = &more[1..];
    }
    let letters = text.chars().filter(|ch| ch.is_alphabetic()).count();
    let ideographs = text.chars().filter(|ch| table.is_ideograph(*ch)).count();
    // "Größe" is one pair as well.
    (wide >= 2 && ideographs >= 2 && 2 * ideographs >= letters).then_some(text)
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;

    use super::*;

    struct Library;

    impl Gb2312 for Library {
        fn read(&self, pair: [u8; 2]) -> Option<char> {
            GBK.decode_without_bom_handling_and_without_replacement(&pair)?.chars().next()
        }

        fn is_ideograph(&self, ch: char) -> bool {
            let text = ch.to_string();
            matches!(*GBK.encode(&text).0, [0xb0..=0xf7, 0xa1..=0xff])
        }
    }

    /// As PDFium gives these bytes.
    fn shown(bytes: &[u8]) -> String {
        let own = |byte: u8| {
            let table = OWN.iter().rev().find(|(from, _)| *from <= byte);
            table.and_then(|(from, chars)| chars.chars().nth(usize::from(byte - from)))
        };
        let one = |byte: &u8| match byte {
            0x9f | 0xad => ' ',
            byte => own(*byte).unwrap_or(char::from(*byte)),
        };
        bytes.iter().map(one).collect()
    }

    #[test]
    fn titles_in_other_bytes_are_read() {
        for title in ["起诉状", "证据目录（一）", "第3次 庭审笔录", "原告中院正卷", "答辩状 2023-05"]
        {
            assert_eq!(mended(&shown(&GBK.encode(title).0), &Library).as_deref(), Some(title));
            assert_eq!(
                mended(&shown(title.as_bytes()), &Library).as_deref(),
                Some(title),
                "{}",
                shown(title.as_bytes())
            );
        }
    }

    #[test]
    fn titles_by_the_rules_stay() {
        for title in
            ["", "Chapter 1", "起诉状", "Größe der Übergänge", "Résumé été", "‘Anhang’ — Übersicht", "ÄÖÜ"]
        {
            assert_eq!(mended(title, &Library), None, "{title}");
        }
    }
}
