//! White space inside of case numbers: `(2023) 京0105 民初 12345 号` is one phrase, not four words.

use crate::text::is_chinese;

/// Longer runs between the year and 号 are no code of a court and a procedure.
const CODE: usize = 20;

/// The text without the white space inside of its case numbers.
pub(super) fn tightened(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_at(&chars, at).unwrap_or(at);
        out.extend(chars[at..end].iter().filter(|ch| !ch.is_whitespace()));
        if end == at {
            out.push(chars[at]);
        }
        at = end.max(at + 1);
    }
    out
}

/// Where the case number ends that begins here: a year in brackets, a code that ends with digits, 号.
fn end_at(chars: &[char], at: usize) -> Option<usize> {
    if !"([（〔【".contains(chars[at]) {
        return None;
    }
    let mut dense = (at + 1..chars.len()).filter(|at| !chars[*at].is_whitespace()).map(|at| (at, chars[at]));
    let is_digit = |ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch);
    for _ in 0..4 {
        dense.next().filter(|(_, ch)| is_digit(*ch))?;
    }
    dense.next().filter(|(_, ch)| ")]）〕】".contains(*ch))?;
    let mut digits = 0;
    for (at, ch) in dense.take(CODE) {
        match ch {
            '号' | '號' if digits > 0 => return Some(at + 1),
            ch if is_digit(ch) => digits += 1,
            ch if is_chinese(ch) || ch == '-' => digits = 0,
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::tightened;

    #[test]
    fn only_case_numbers_lose_their_white_space() {
        for (text, tight) in [
            ("(2023) 京0105 民初 12345 号", "(2023)京0105民初12345号"),
            ("张三 〔2020〕　3 号 利息", "张三 〔2020〕3号 利息"),
            ("( 2023 ) 最高法民终 8 号", "(2023)最高法民终8号"),
            ("(2023) 借款 合同", "(2023) 借款 合同"),
            ("(2023) 京 OR 3号", "(2023) 京 OR 3号"),
            ("(2023", "(2023"),
            ("", ""),
        ] {
            assert_eq!(tightened(text), tight);
        }
    }
}
