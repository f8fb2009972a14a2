//! Days, and where a text mentions them: 2023年5月12日, 二〇二三年五月十二日, 2023-05-12, 2023.5.12, 2023/5/12.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::fold::{Folded, Gap};

/// A day of the calendar as the number that its eight digits make: 20230512.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Day(u32);

impl Day {
    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let known = (1000..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        known.then(|| Self(year * 10_000 + month * 100 + day))
    }
}

/// The first and the last day of a period.
pub type Days = [Day; 2];

const FIRST: Day = Day(0);
const LAST: Day = Day(u32::MAX);

/// Reads `2023`, `2023-05` and `2023-05-12`, or a range of two with `..` between, either of which may be missing.
/// Dots, slashes and 年月日 are accepted in place of hyphens.
pub fn parse_days(text: &str) -> Option<Days> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let days = [
        if from.is_empty() { FIRST } else { *parse_one(from)?.start() },
        if to.is_empty() { LAST } else { *parse_one(to)?.end() },
    ];
    (days[0] <= days[1] && (days[0] != FIRST || days[1] != LAST)).then_some(days)
}

/// The days of a year or a month, or a single day.
fn parse_one(text: &str) -> Option<RangeInclusive<Day>> {
    let separated = |ch| matches!(ch, '-' | '.' | '/' | '年' | '月' | '日');
    let text = text.strip_suffix(['年', '月', '日']).unwrap_or(text);
    let mut numbers = [None; 3];
    for (at, part) in text.split(separated).enumerate() {
        *numbers.get_mut(at)? = Some(part.parse::<u32>().ok()?);
    }
    let [year, month, day] = numbers;
    let year = year?;
    Some(
        Day::new(year, month.unwrap_or(1), day.unwrap_or(1))?
            ..=Day::new(year, month.unwrap_or(12), day.unwrap_or(31))?,
    )
}

/// Every day that a text mentions, with the units that mention it.
pub(super) fn days_in(text: &Folded) -> Vec<(Day, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.units.len() {
        let reader = Reader { text, at };
        match reader.day() {
            Some((day, end)) => {
                found.push((day, at..end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

struct Reader<'a> {
    text: &'a Folded,
    at: usize,
}

impl Reader<'_> {
    /// The day that starts here, and where it ends.
    fn day(mut self) -> Option<(Day, usize)> {
        let before = self.at.checked_sub(1).and_then(|at| self.char(at));
        let first = self.text.units.get(self.at)?;
        // Not in the middle of a number.
        if !first.ch().is_ascii_digit()
            || (first.gap() == Gap::None && before.is_some_and(|ch| ch.is_ascii_digit()))
        {
            return None;
        }
        let year = self.digits(4, 4)?;
        let day = if self.take('年') { self.written(year)? } else { self.separated(year)? };
        Some((day, self.at))
    }

    /// Month and day after 年.
    fn written(&mut self, year: u32) -> Option<Day> {
        let month = self.number()?;
        self.take('月').then_some(())?;
        let day = self.number()?;
        self.take('日').then_some(())?;
        Day::new(year, month, day)
    }

    /// Month and day, each after the same separator.
    fn separated(&mut self, year: u32) -> Option<Day> {
        let separator = self.separator()?;
        let month = self.digits(1, 2)?;
        (self.separator()? == separator).then_some(())?;
        let day = self.digits(1, 2)?;
        let behind = self.text.units.get(self.at);
        let ends = behind.is_none_or(|unit| !unit.ch().is_ascii_digit() || unit.gap() != Gap::None);
        ends.then(|| Day::new(year, month, day)).flatten()
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.units.get(at).map(|unit| unit.ch())
    }

    fn take(&mut self, ch: char) -> bool {
        let here = self.char(self.at) == Some(ch);
        self.at += usize::from(here);
        here
    }

    /// What separates numbers where there is no 年: a dot, a slash, or the gap of a hyphen.
    fn separator(&mut self) -> Option<char> {
        let unit = self.text.units.get(self.at)?;
        match (unit.ch(), unit.gap()) {
            (ch @ ('.' | '/'), _) => {
                self.at += 1;
                Some(ch)
            }
            (_, Gap::Hyphen | Gap::Break) => Some('-'),
            _ => None,
        }
    }

    /// Between `least` and `most` digits without a hyphen among them.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let mut value = 0;
        let mut count = 0;
        while count < most
            && let Some(unit) = self.text.units.get(self.at)
            && let Some(digit) = unit.ch().to_digit(10)
            && (count == 0 || unit.gap() == Gap::None)
        {
            value = value * 10 + digit;
            (count, self.at) = (count + 1, self.at + 1);
        }
        (count >= least).then_some(value)
    }

    /// A month or a day, in digits or with 十.
    fn number(&mut self) -> Option<u32> {
        let tens = self.digits(1, 2);
        if !self.take('十') {
            return tens;
        }
        Some(tens.unwrap_or(1) * 10 + self.digits(1, 1).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(u32, &str)]) {
        let (folded, chars) = (fold(text), text.chars().collect::<Vec<_>>());
        let found: Vec<(u32, String)> = days_in(&folded)
            .into_iter()
            .map(|(day, units)| (day.0, chars[folded.range(units)].iter().collect()))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(day, text)| (*day, (*text).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        check("于2023年5月12日签订", &[(20_230_512, "2023年5月12日")]);
        check("二〇二三年十一月八日", &[(20_231_108, "二〇二三年十一月八日")]);
        check("二○二三年十二月\n三十一日", &[(20_231_231, "二○二三年十二月\n三十一日")]);
        check(
            "2023-05-12，2023.5.12、2023/05/1",
            &[(20_230_512, "2023-05-12"), (20_230_512, "2023.5.12"), (20_230_501, "2023/05/1")],
        );
        check("2023 年 10 月 20 日", &[(20_231_020, "2023 年 10 月 20 日")]);
        for none in ["2023年13月1日", "12023-05-12", "2023-05-123", "2023-05.12", "2023年5月", "20230512"]
        {
            check(none, &[]);
        }
    }

    #[test]
    fn bounds_are_years_months_or_days() {
        let days = |text: &str| parse_days(text).map(|[from, to]| (from.0, to.0));
        assert_eq!(days("2023"), Some((20_230_101, 20_231_231)));
        assert_eq!(days("2023-05"), Some((20_230_501, 20_230_531)));
        assert_eq!(days("2022-07-01..2023"), Some((20_220_701, 20_231_231)));
        assert_eq!(days("..2023年5月12日"), Some((0, 20_230_512)));
        assert_eq!(days("2023.."), Some((20_230_101, u32::MAX)));
        for none in [
            "",
            "..",
            "2023-13",
            "5",
            "2023-05-12-1",
            "2023..2022",
            "昨天",
            "999999",
            "4294967295",
            "99999999999",
        ] {
            assert_eq!(days(none), None, "{none}");
        }
    }
}
