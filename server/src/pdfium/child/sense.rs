//! Whether the text that a PDF gives for a page can be what stands on it. Fonts without a right table of
//! characters give the numbers of their glyphs, bytes in the wrong order, or nothing; each looks like text and is
//! none. Doubt is for the text: whoever takes good text for rubbish loses it.

use std::ops::RangeInclusive;

use encoding_rs::{BIG5, Encoding, GBK, SHIFT_JIS};

/// Fewer characters tell nothing.
const FEWEST: usize = 4;
/// What is judged by how often it occurs needs more of them.
const MANY: usize = 20;
/// So many ideographs tell how common they are; more are not looked at.
const IDEOGRAPHS: std::ops::Range<usize> = 10..500;
/// Real text has at least this share of common ones; taken at random from all there are it is two in five.
const COMMON: f32 = 0.7;

/// Signs that lines and lists are made of; they say nothing for or against.
const FILLERS: &str = "-–—_.·…•/|~*□";
/// Signs that are rare beside letters and in formulas. A font whose glyphs are numbered as they first occur has
/// its most frequent letters here.
const ODD: &str = "!\"#$%&'@\\`{};?";

/// What a page's characters are, without white space and what fills lines.
struct Census {
    chars: Vec<char>,
    /// Characters that are none, those left out above too.
    none: usize,
    all: usize,
}

impl Census {
    fn of(text: &str, unmapped: usize) -> Self {
        let mut chars: Vec<char> =
            text.chars().filter(|ch| !ch.is_whitespace() && !FILLERS.contains(*ch)).collect();
        let none = chars.iter().filter(|ch| is_none(**ch)).count() + unmapped;
        let all = chars.len() + unmapped;
        chars.dedup();
        Self { chars, none, all }
    }

    fn count(&self, is: impl Fn(char) -> bool) -> usize {
        self.chars.iter().filter(|ch| is(**ch)).count()
    }

    /// The share of those that are so.
    fn share(&self, is: impl Fn(char) -> bool) -> f32 {
        self.count(is) as f32 / self.chars.len().max(1) as f32
    }

    /// How many different ones are so.
    fn kinds(&self, is: impl Fn(char) -> bool) -> usize {
        self.chars.iter().filter(|ch| is(**ch)).collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// Whether it is no text. `unmapped` glyphs stand for no character at all and are not in it.
pub fn is_rubbish(text: &str, unmapped: usize) -> bool {
    let census = Census::of(text, unmapped);
    if census.all < FEWEST {
        return false;
    }
    is_unmapped(&census)
        || is_swapped(&census)
        || is_mute(&census)
        || is_rare(&census)
        || (census.chars.len() >= MANY && (is_numbered(&census) || is_shifted(&census)))
}

/// Private use, not a character, or the sign for one that could not be read.
fn is_none(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{f0000}'..='\u{10ffff}')
}

fn is_unmapped(census: &Census) -> bool {
    census.none as f32 >= 0.3 * census.all as f32
}

/// UTF-16 with its bytes in the wrong order: Latin letters become ideographs and the like.
fn is_swapped(census: &Census) -> bool {
    let swapped = |ch: char| u32::from(ch) & 0xff == 0 && (0x20..0x7f).contains(&(u32::from(ch) >> 8));
    census.kinds(swapped) >= 3 && census.share(swapped) >= 0.5
}

/// Signs alone, without a letter or an ideograph; tables of figures are mostly digits.
fn is_mute(census: &Census) -> bool {
    let digits = census.share(char::is_numeric);
    census.chars.len() >= FEWEST && census.count(char::is_alphabetic) == 0 && digits < 0.5
}

/// Ideographs as nobody writes them, or letters of many scripts that nobody writes side by side.
fn is_rare(census: &Census) -> bool {
    let ideograph = |ch: &char| matches!(ch, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    let some: Vec<char> = census.chars.iter().copied().filter(ideograph).take(IDEOGRAPHS.end).collect();
    let common = some.iter().filter(|ch| is_common(**ch)).count() as f32;
    if some.len() >= IDEOGRAPHS.start && common < COMMON * some.len() as f32 {
        return true;
    }
    let far = |ch: char| {
        ch.is_alphabetic()
            && matches!(ch, '\u{530}'..='\u{1dff}' | '\u{a000}'..='\u{abff}' | '\u{2c00}'..='\u{2dff}')
    };
    let scripts = census.chars.iter().filter(|ch| far(**ch)).map(|ch| u32::from(*ch) >> 8);
    let scripts = scripts.collect::<std::collections::BTreeSet<_>>().len();
    scripts >= 4 && census.share(far) >= 0.2
}

/// In the first national sets: GB 2312, the frequent half of Big5, and of JIS.
fn is_common(ch: char) -> bool {
    is_simplified(ch) || within(ch, BIG5, 0xa4..=0xc6, 0x40) || within(ch, SHIFT_JIS, 0x88..=0x97, 0x40)
}

fn is_simplified(ch: char) -> bool {
    within(ch, GBK, 0xb0..=0xf7, 0xa1)
}

/// As the library has it.
pub struct Simplified;

impl evolume_pdf::Gb2312 for Simplified {
    fn read(&self, pair: [u8; 2]) -> Option<char> {
        GBK.decode_without_bom_handling_and_without_replacement(&pair)?.chars().next()
    }

    fn is_ideograph(&self, ch: char) -> bool {
        is_simplified(ch)
    }
}

fn within(ch: char, encoding: &'static Encoding, lead: RangeInclusive<u8>, from: u8) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, failed) = encoding.encode(ch.encode_utf8(&mut buffer));
    !failed && matches!(*bytes, [a, b] if lead.contains(&a) && b >= from)
}

/// Glyphs by their numbers in the order in which they first occur, or Chinese in eight bits taken for Latin.
fn is_numbered(census: &Census) -> bool {
    let odd = census.share(|ch| ODD.contains(ch)) >= 0.25 && census.share(char::is_alphabetic) <= 0.4;
    let sign = |ch: char| matches!(ch, '\u{a1}'..='\u{bf}') && ch != '·';
    let signs = census.share(sign) >= 0.1 && census.kinds(sign) >= 6;
    odd || signs || census.share(|ch| matches!(ch, '\u{a1}'..='\u{ff}')) >= 0.6
}

/// Latin letters by the numbers of their glyphs, 29 below the letters: "7KH TXLFN", with controls for spaces.
fn is_shifted(census: &Census) -> bool {
    let letters = census.count(|ch| ch.is_ascii_alphabetic()) as f32;
    let capitals = census.count(|ch| ch.is_ascii_uppercase()) as f32;
    let vowels = census.count(|ch| "AEIOUaeiou".contains(ch)) as f32;
    let between = census.none as f32 >= 0.05 * census.all as f32;
    between
        && letters >= 0.6 * census.chars.len() as f32
        && capitals > 0.9 * letters
        && vowels < 0.2 * letters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a font without a table gives it.
    fn shifted(text: &str) -> (String, usize) {
        let chars = || text.chars().map(|ch| char::from(ch as u8 - 29));
        (chars().filter(|ch| !ch.is_control()).collect(), chars().filter(char::is_ascii_control).count())
    }

    #[test]
    fn what_nobody_wrote_is_rubbish() {
        let (latin, spaces) = shifted("The quick brown fox jumps over the lazy dog and runs away");
        let gbk: String =
            GBK.encode("原告与被告签订借款合同一份").0.iter().map(|byte| char::from(*byte)).collect();
        for (text, unmapped) in [
            ("䴀甀氀琀椀挀漀氀漀爀 䈀氀愀挀欀", 0),
            ("\"7+%-", 0),
            ("\u{e012}\u{e013}\u{e014}a\u{e015}", 0),
            ("\u{fffd}\u{fffd}\u{fffd}书", 0),
            ("ab", 6),
            ("霼馫麤龘靐齾爩鱻鸞灪癵籲", 0),
            ("!\"#$ %&'$ ()\"*+ ,&!-$. /\"#%' $&!0\"", 0),
            (gbk.as_str(), 0),
            (latin.as_str(), spaces),
            ("ऀఀ܀ሀกᎠ ऄఄ܄ሄขᎤ abcdefgh", 0),
        ] {
            assert!(is_rubbish(text, unmapped), "{text}");
        }
    }

    #[test]
    fn what_somebody_wrote_is_text() {
        for text in [
            "",
            "— 3 —",
            "第12页",
            "与原件核对一致",
            "一一一一一一",
            "本院经审理查明：原告张三与被告李四签订借款合同一份，借款二十万元。",
            "臺灣臺中地方法院民事判決，原告主張被告積欠借款，請求返還。",
            "原告は被告に対し、金百万円を支払え。訴訟費用は被告の負担とする。",
            "1,280.00 3,400.50 99.9% 1/2 (12) 2023-05-12 ¥1280",
            "E = mc^2, x+y=z, a*b < c*d, f(x) = x^2 + 2*x + 1, {x | x > 0}",
            "let x = { a: 1, b: \"two\" }; if (a && b) { return x[0]; } // done",
            "Straßenverkehrsgesetz für über öffentliche Übergänge, Größe, Fußgänger",
            "Việc khởi kiện của nguyên đơn là có căn cứ pháp luật và được chấp nhận",
            "Ответчик обязан возвратить сумму займа истцу. Ο εναγόμενος υποχρεούται",
            "EV-0054-2890 EV-0711-DC5C SHA256 KGS PCS MM CBM QTY NWT GWT HS 8471",
            "……………………… 1 ……………………… 2 ________ 3",
            "\u{f0b7} 起诉状 \u{f0b7} 证据目录 \u{f0b7} 答辩状副本",
        ] {
            assert!(!is_rubbish(text, 0), "{text}");
        }
        assert!(!is_rubbish("THE PLAINTIFF AND THE DEFENDANT ENTERED INTO A CONTRACT OF LOAN", 5));
    }
}
