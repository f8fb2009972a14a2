//! Numbers as documents write them: 17, １７, 十七, 一百零三.

/// A larger number is not a page number.
const MAX: u32 = 999_999;

/// The number that starts at a position, from 1 to [`MAX`], and where it ends.
pub fn number(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let run =
        |is: fn(char) -> bool| chars.get(at..).unwrap_or_default().iter().take_while(|ch| is(**ch)).count();
    let digits = run(|ch| arabic(ch).is_some());
    let (value, length) = if digits > 0 {
        let all = chars[at..at + digits].iter().filter_map(|ch| arabic(*ch));
        (all.fold(0u32, |sum, digit| sum.saturating_mul(10).saturating_add(digit)), digits)
    } else {
        let length = run(|ch| chinese(ch).is_some());
        (value_of(&chars[at.min(chars.len())..][..length])?, length)
    };
    (1..=MAX).contains(&value).then_some((value, at + length))
}

fn arabic(ch: char) -> Option<u32> {
    match ch {
        '0'..='9' => ch.to_digit(10),
        '０'..='９' => Some(ch as u32 - '０' as u32),
        _ => None,
    }
}

/// The value of a digit, or of a power of ten.
fn chinese(ch: char) -> Option<u32> {
    const DIGITS: &str = "零一二三四五六七八九";
    match ch {
        '〇' => Some(0),
        '两' => Some(2),
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => DIGITS.chars().position(|digit| digit == ch).map(|digit| digit as u32),
    }
}

fn value_of(chars: &[char]) -> Option<u32> {
    let mut digits = chars.iter().filter_map(|ch| chinese(*ch)).peekable();
    digits.peek()?;
    if chars.iter().all(|ch| chinese(*ch).is_some_and(|value| value < 10)) {
        // 一七: digit by digit.
        return Some(digits.fold(0u32, |sum, digit| sum.saturating_mul(10).saturating_add(digit)));
    }
    let (mut sum, mut digit) = (0u32, None);
    for value in digits {
        if value < 10 {
            digit = Some(value);
        } else {
            sum = sum.saturating_add(digit.take().unwrap_or(1).saturating_mul(value));
        }
    }
    Some(sum.saturating_add(digit.unwrap_or(0)))
}
