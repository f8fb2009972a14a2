//! Numbers below ten thousand in words and in Arabic digits: 12月 and 十二月, 第577条 and 第五百七十七条 are the
//! same.
//!
//! A number is recognised only before what it counts: 十 alone is part of too many other words (十分, 十足). Digits
//! in a row (二〇二三) are handled by folding.

use super::fold::{Gap, Unit};

/// After one of these a number may be spelled the other way. 分 is not among them because of 十分.
const COUNTED: &str = "年月日号时点条款项页章节编岁天人万亿元份次名";
/// What each multiplies the digit before it by.
const PLACES: [(char, u32); 3] = [('千', 1000), ('百', 100), ('十', 10)];
/// A year of four digits is never spelled with 千.
const YEAR: char = '年';

/// A phrase with its numbers spelled the other way, and whether it begins with one of them.
pub(super) struct Spelling {
    pub units: Vec<Unit>,
    pub begins: bool,
}

/// The phrase with all numbers in Arabic digits, and with all numbers in words, where either differs from it.
pub(super) fn spellings(units: &[Unit]) -> Vec<Spelling> {
    let both = [spelled(units, arabic), spelled(units, spoken)];
    both.into_iter().flatten().collect()
}

/// Whether a character may be a part of a number.
pub(super) fn is_part(ch: char) -> bool {
    ch.is_ascii_digit() || PLACES.iter().any(|(place, _)| *place == ch)
}

fn spelled(units: &[Unit], write: fn(u32) -> String) -> Option<Spelling> {
    let mut spelling = Spelling { units: Vec::new(), begins: false };
    let mut changed = false;
    let mut at = 0;
    while at < units.len() {
        let more = units[at + 1..].iter().take_while(|unit| is_part(unit.ch()) && unit.gap() == Gap::None);
        let end = at + 1 + if is_part(units[at].ch()) { more.count() } else { 0 };
        let run: String = units[at..end].iter().map(|unit| unit.ch()).collect();
        // Digits after a point or a comma belong to the number before it.
        let fresh = !matches!(units[..at], [.., digit, point]
            if digit.ch().is_ascii_digit() && matches!(point.ch(), ',' | '.'));
        let counted = units.get(end).filter(|unit| COUNTED.contains(unit.ch()) && !unit.gap().has_hyphen());
        let number = counted
            .filter(|unit| fresh && !(unit.ch() == YEAR && run.len() == 4 && run.parse::<u32>().is_ok()))
            .and_then(|_| value(&run));
        match number.map(write).filter(|other| *other != run) {
            Some(other) => {
                changed = true;
                spelling.begins |= at == 0;
                let gaps = std::iter::once(units[at].gap()).chain(std::iter::repeat(Gap::None));
                spelling.units.extend(other.chars().zip(gaps).map(|(ch, gap)| Unit::new(ch, gap)));
            }
            None => spelling.units.extend_from_slice(&units[at..end]),
        }
        at = end;
    }
    changed.then_some(spelling)
}

/// The number, from 10 to 9999, that is spelled like this in either way.
fn value(run: &str) -> Option<u32> {
    let number = if run.chars().all(|ch| ch.is_ascii_digit()) {
        (run.len() <= 4).then(|| run.parse().ok()).flatten()?
    } else {
        let mut number = 0u32;
        let mut digit = None;
        for ch in run.chars() {
            match PLACES.iter().find(|(place, _)| *place == ch) {
                Some((_, times)) => number += digit.take().unwrap_or(1) * times,
                None => digit = ch.to_digit(10),
            }
            // More multipliers than any number has.
            if number > 99_999 {
                return None;
            }
        }
        number + digit.unwrap_or(0)
    };
    ((10..=9999).contains(&number) && (arabic(number) == run || spoken(number) == run)).then_some(number)
}

fn arabic(number: u32) -> String {
    number.to_string()
}

/// In words, with folded digits: 577 is 5百7十7, 105 is 1百05.
fn spoken(number: u32) -> String {
    let mut text = String::new();
    let mut rest = number;
    for (place, times) in PLACES {
        let digit = rest / times;
        rest %= times;
        if digit > 0 {
            if digit > 1 || times > 10 || !text.is_empty() {
                text += &digit.to_string();
            }
            text.push(place);
        } else if !text.is_empty() && !text.ends_with('0') && rest > 0 {
            text.push('0');
        }
    }
    if rest > 0 {
        text += &rest.to_string();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn numbers_are_spoken_and_read_again() {
        for (number, expected) in [
            (10, "十"),
            (12, "十2"),
            (20, "2十"),
            (105, "1百05"),
            (110, "1百1十"),
            (577, "5百7十7"),
            (1000, "1千"),
            (1001, "1千01"),
            (1010, "1千01十"),
            (2023, "2千02十3"),
        ] {
            assert_eq!(spoken(number), expected);
        }
        for number in 10..=9999 {
            assert_eq!((value(&spoken(number)), value(&arabic(number))), (Some(number), Some(number)));
        }
        for none in ["", "5", "012", "百", "十十", "2十十", "12十", "十0", "99999", "千千千千千千千千"]
        {
            assert_eq!(value(none), None, "{none}");
        }
    }

    #[test]
    fn a_phrase_has_its_other_spellings() {
        let shown = |text: &str| -> Vec<String> {
            let spellings = spellings(&fold(text).units);
            spellings.iter().map(|one| one.units.iter().map(|unit| unit.ch()).collect()).collect()
        };
        assert_eq!(shown("12月"), ["十2月"]);
        assert_eq!(shown("十二月二十日"), ["12月20日"]);
        assert_eq!(shown("10月十二日"), ["10月12日", "十月十2日"]);
        assert_eq!(shown("第五百七十七条"), ["第577条"]);
        assert_eq!(shown("签订，12月"), ["签订,十2月"]);
        for none in ["2023年", "5月", "十分", "12", "3,740元", "1.12元", "12-3号", "百万", "2-12"] {
            assert_eq!(shown(none), [""; 0], "{none}");
        }
    }
}
