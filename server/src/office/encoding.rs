//! In which encoding a text is: by its mark, by what it says of itself, else by how common the characters are that
//! each encoding makes of its bytes. What cannot be known is not guessed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use evolume_model::search::plain_form;

/// Chinese characters, the most frequent first; simplified.
const COMMON: &str = include_str!("common.txt");
/// So much of a text is looked at.
const SAMPLE: usize = 1 << 16;
/// What real Chinese scores at least.
const CREDIBLE: f32 = 2.;
/// From here on nothing else comes near.
const CERTAIN: f32 = 3.;
/// How far the best reading is ahead of the next, over all its characters, before it is believed.
const AHEAD: f32 = 6.;
/// A character that no text has.
const NEVER: f32 = -12.;

static RANKS: LazyLock<HashMap<char, usize>> =
    LazyLock::new(|| COMMON.chars().filter(|ch| *ch != '\n').enumerate().map(|(at, ch)| (ch, at)).collect());

/// How bytes become characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// One that browsers know.
    Web(&'static Encoding),
    /// UTF-32, which they do not.
    Utf32 {
        /// The most significant byte stands first.
        big: bool,
    },
}

impl Charset {
    /// By its name, e.g. `gb18030`, `big5` or `utf-32le`.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "utf-32" | "utf-32le" | "utf32" | "utf32le" => Some(Self::Utf32 { big: false }),
            "utf-32be" | "utf32be" => Some(Self::Utf32 { big: true }),
            name => Encoding::for_label(name.as_bytes()).map(Self::of),
        }
    }

    /// The name by which [`Charset::named`] knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Web(encoding) => encoding.name(),
            Self::Utf32 { big: false } => "utf-32le",
            Self::Utf32 { big: true } => "utf-32be",
        }
    }

    fn of(encoding: &'static Encoding) -> Self {
        // Its own superset: what GBK lacks would be lost.
        Self::Web(if encoding == GBK { GB18030 } else { encoding })
    }

    /// The text, without a mark; what stands for nothing becomes U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Web(encoding) => encoding.decode_with_bom_removal(bytes).0,
            Self::Utf32 { big } => {
                let unit = |unit: &[u8; 4]| {
                    let code = if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
                    char::from_u32(code).unwrap_or('\u{fffd}')
                };
                let (units, rest) = bytes.as_chunks::<4>();
                let text: String = units.iter().map(unit).skip_while(|ch| *ch == '\u{feff}').collect();
                Cow::Owned(if rest.is_empty() { text } else { text + "\u{fffd}" })
            }
        }
    }
}

/// The encoding of a text, or of its beginning; `None` when nobody can know it.
pub fn charset(bytes: &[u8]) -> Option<Charset> {
    if let Some(marked) = marked(bytes).or_else(|| wide(bytes)) {
        return Some(marked);
    }
    if is_utf8(bytes) {
        let shifts = bytes.is_ascii() && bytes.windows(2).any(|two| two == b"\x1b$" || two == b"\x1b(");
        if shifts {
            return Some(Charset::Web(ISO_2022_JP));
        }
        return match alike(bytes) {
            None => Some(Charset::Web(UTF_8)),
            Some(mean) => (mean >= CERTAIN).then_some(Charset::Web(GB18030)),
        };
    }
    declared(bytes).or_else(|| guess(bytes))
}

/// A byte order mark. That of UTF-32 begins like the one of UTF-16.
pub fn marked(bytes: &[u8]) -> Option<Charset> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] if bytes.len().is_multiple_of(4) => Some(Charset::Utf32 { big: false }),
        [0, 0, 0xfe, 0xff, ..] => Some(Charset::Utf32 { big: true }),
        _ => Encoding::for_bom(bytes).map(|(encoding, _)| Charset::of(encoding)),
    }
}

/// UTF-16 or UTF-32 without a mark, by the zeros in spaces, digits and line ends; few other bytes are zero.
fn wide(bytes: &[u8]) -> Option<Charset> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut zeros = [0; 4];
    for unit in sample.as_chunks::<4>().0 {
        for (zero, byte) in zeros.iter_mut().zip(unit) {
            *zero += usize::from(*byte == 0);
        }
    }
    let count = sample.len() / 4;
    if count > 0 && bytes.len().is_multiple_of(4) {
        // No character has a code beyond 0x10FFFF.
        if zeros[3] == count && zeros[2] * 10 > count * 9 {
            return Some(Charset::Utf32 { big: false });
        }
        if zeros[0] == count && zeros[1] * 10 > count * 9 {
            return Some(Charset::Utf32 { big: true });
        }
    }
    // No other encoding of a text has zeros.
    if zeros.iter().sum::<usize>() * 50 < count || !bytes.len().is_multiple_of(2) && bytes.len() < SAMPLE {
        return None;
    }
    let [little, big] =
        [UTF_16LE, UTF_16BE].map(|encoding| sensible(&encoding.decode_without_bom_handling(sample).0));
    match (little, big) {
        (little, big) if little > 0.6 && little > big + 0.2 => Some(Charset::Web(UTF_16LE)),
        (little, big) if big > 0.6 && big > little + 0.2 => Some(Charset::Web(UTF_16BE)),
        _ => None,
    }
}

/// The share of characters that are plain or common.
fn sensible(text: &str) -> f32 {
    let fine = |ch: &char| if ch.is_ascii() { !is_control(*ch) } else { score(*ch) >= 2. };
    text.chars().filter(fine).count() as f32 / text.chars().count().max(1) as f32
}

/// The end may have been cut off.
fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// A few Chinese characters in GBK may be letters in UTF-8, though of an alphabet that nobody expects: how common
/// the characters are, where it is so.
fn alike(bytes: &[u8]) -> Option<f32> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| bytes.len() < 64)?;
    let short = text.chars().all(|ch| ch < '\u{800}');
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    let reading = Reading::of(&GB18030.decode_without_bom_handling(bytes).0);
    (short && letters < 2 * reading.count && reading.mean >= CREDIBLE).then_some(reading.mean)
}

/// `charset=` near the beginning of HTML, where it can be true.
fn declared(bytes: &[u8]) -> Option<Charset> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    if !head.trim_start().starts_with('<') {
        return None;
    }
    let rest = head.split_once("charset=")?.1.trim_start_matches(['"', '\'', ' ']);
    let label = rest.split(|ch: char| !ch.is_ascii_alphanumeric() && ch != '-' && ch != '_').next()?;
    let charset = Encoding::for_label(label.as_bytes()).map(Charset::of)?;
    let text = charset.decode(bytes);
    let wrong = text.chars().filter(|ch| *ch == '\u{fffd}').count();
    (wrong <= 1 + text.len() / 1000).then_some(charset)
}

/// The reading of which the characters are common enough, and much more common than those of the others.
fn guess(bytes: &[u8]) -> Option<Charset> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut readings: Vec<(Reading, &'static Encoding)> = [GB18030, BIG5, UTF_16LE, UTF_16BE, UTF_8]
        .into_iter()
        .filter(|encoding| bytes.len().is_multiple_of(2) || ![UTF_16LE, UTF_16BE].contains(encoding))
        .map(|encoding| (Reading::of(&encoding.decode_without_bom_handling(sample).0), encoding))
        .collect();
    readings.sort_by(|(a, _), (b, _)| b.mean.total_cmp(&a.mean));
    let [(best, encoding), (next, _), ..] = readings[..] else { return None };
    let credible = best.mean >= CREDIBLE && (best.mean - next.mean) * best.count as f32 >= AHEAD;
    if credible && best.mean >= CERTAIN {
        return Some(Charset::of(encoding));
    }
    foreign(sample).or_else(|| credible.then(|| Charset::of(encoding)))
}

/// What is not Chinese.
fn foreign(sample: &[u8]) -> Option<Charset> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if [GBK, GB18030, BIG5].contains(&encoding) {
        return None;
    }
    let (text, _, wrong) = encoding.decode(sample);
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    let others = text.chars().filter(|ch| !ch.is_ascii()).count();
    (!wrong && (others >= 24 || letters >= 4 * others)).then(|| Charset::of(encoding))
}

/// How a text reads in one encoding.
#[derive(Clone, Copy, Debug)]
struct Reading {
    mean: f32,
    count: usize,
}

impl Reading {
    fn of(text: &str) -> Self {
        let (mut sum, mut count) = (0., 0);
        let mut chars = text.chars().peekable();
        while let Some(ch) = chars.next() {
            // The last one may have been cut in two.
            let cut = ch == '\u{fffd}' && chars.peek().is_none() && count > 4;
            if cut || ch.is_ascii() && !is_control(ch) {
                continue;
            }
            sum += score(ch);
            count += 1;
        }
        Self { mean: if count == 0 { NEVER } else { sum / count as f32 }, count }
    }
}

/// How likely a character is in a Chinese text.
fn score(ch: char) -> f32 {
    let plain = if RANKS.contains_key(&ch) { ch } else { plain_form(ch) };
    match RANKS.get(&plain) {
        Some(..200) => 5.,
        Some(..500) => 4.,
        Some(..1000) => 3.,
        Some(_) => 2.,
        None => match ch {
            '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{9f}' | '\u{fff0}'..='\u{ffff}' => NEVER,
            ch if is_control(ch) => NEVER,
            '\u{3000}'..='\u{301f}'
            | '\u{ff01}'..='\u{ff5e}'
            | '\u{2010}'..='\u{2027}'
            | '·'
            | '¥'
            | '\u{ffe5}' => 2.,
            '①'..='⑳' | '㈠'..='㈩' | '─'..='▟' | '□' | '■' | '○' | '●' | '◎' | '℃' | '×' | '°' => {
                0.
            }
            '\u{4e00}'..='\u{9fff}' => rare(plain),
            _ => -4.,
        },
    }
}

/// The characters of GB 2312 are less rare than the others.
fn rare(ch: char) -> f32 {
    let mut buffer = [0; 4];
    let (bytes, ..) = GBK.encode(ch.encode_utf8(&mut buffer));
    match bytes.as_ref() {
        [0xb0..=0xd7, 0xa1..=0xfe] => -1.,
        [0xd8..=0xf7, 0xa1..=0xfe] => -2.,
        _ => -4.,
    }
}

/// Controls that no text has.
pub fn is_control(ch: char) -> bool {
    // Old editors end a file with 0x1A; 0x1B changes the alphabet.
    ch < ' ' && !matches!(ch, '\t' | '\n' | '\r' | '\x0c' | '\x1a' | '\x1b') || ch == '\x7f'
}

#[cfg(test)]
mod tests;
