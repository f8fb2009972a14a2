//! Amounts in figures: 1,280.00元, 1280.00元 and 1280元 are the same.
//!
//! As with numbers in words, a phrase has its other spellings; the text stays as it stands.

use super::fold::{Gap, Unit};

/// After one of these a number is an amount, of which a fraction of zero says nothing.
const MONEY: &str = "元圆万亿";
/// Longer runs of digits are numbers of accounts.
const DIGITS: usize = 15;
const GROUP: usize = 3;

/// A number as a phrase has it.
#[derive(Debug, PartialEq)]
struct Amount {
    whole: String,
    /// Digits after the point.
    fraction: String,
    /// Units that it takes in the phrase.
    length: usize,
    money: bool,
}

/// How an amount is written.
#[derive(Clone, Copy)]
struct Style {
    grouped: bool,
    cents: bool,
}

/// The phrase with all its amounts written in each other way, and whether it begins or ends with one of them.
pub(super) fn spellings(units: &[Unit]) -> Vec<(Vec<Unit>, bool, bool)> {
    let mut all: Vec<(Vec<Unit>, bool, bool)> = Vec::new();
    for (grouped, cents) in [(false, false), (true, false), (false, true), (true, true)] {
        let spelled = spelled(units, Style { grouped, cents });
        if spelled.0 != units && all.iter().all(|(other, ..)| *other != spelled.0) {
            all.push(spelled);
        }
    }
    all
}

fn spelled(units: &[Unit], style: Style) -> (Vec<Unit>, bool, bool) {
    let mut out = Vec::with_capacity(units.len() + 4);
    let (mut at, mut begins, mut ends) = (0, false, false);
    while at < units.len() {
        match amount_at(units, at) {
            Some(amount) => {
                let gaps = std::iter::once(units[at].gap()).chain(std::iter::repeat(Gap::None));
                let written = amount.write(style);
                out.extend(written.chars().zip(gaps).map(|(ch, gap)| Unit::new(ch, gap)));
                begins |= at == 0;
                at += amount.length;
                ends |= at == units.len();
            }
            None => {
                out.push(units[at]);
                at += 1;
            }
        }
    }
    (out, begins, ends)
}

/// Whether a number in a text goes on beyond these units, to the left or to the right.
pub(super) fn goes_on(text: &[Unit], start: usize, end: usize) -> (bool, bool) {
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|unit| is_digit(*unit));
    let point = |at: Option<usize>, points: &str| {
        at.and_then(|at| text.get(at)).is_some_and(|unit| points.contains(unit.ch()))
    };
    let (before, behind) = (start.checked_sub(1), Some(end));
    let left = digit(before) || (point(before, ",.") && digit(start.checked_sub(2)));
    let right = digit(behind) || (point(behind, ",") && digit(Some(end + 1)));
    (left, right)
}

impl Amount {
    fn write(&self, style: Style) -> String {
        let mut text = String::new();
        for (at, digit) in self.whole.chars().enumerate() {
            if style.grouped && at > 0 && (self.whole.len() - at).is_multiple_of(GROUP) {
                text.push(',');
            }
            text.push(digit);
        }
        let nothing = self.fraction.chars().all(|digit| digit == '0');
        let fraction = match (self.money && nothing, style.cents) {
            (true, true) => "00",
            (true, false) => "",
            _ => &self.fraction,
        };
        if !fraction.is_empty() {
            text.push('.');
            text += fraction;
        }
        text
    }
}

/// The amount that begins with this unit; no date, no code, and nothing that is written in one way only.
fn amount_at(units: &[Unit], at: usize) -> Option<Amount> {
    if at > 0 {
        let before = units[at - 1];
        let code = before.ch().is_ascii_alphanumeric() && units[at].gap() == Gap::None;
        let inside = ",.".contains(before.ch()) && at > 1 && is_digit(units[at - 2]);
        if code || inside || units[at].gap().has_hyphen() {
            return None;
        }
    }
    let digits = |from: usize| {
        let more =
            (from..units.len()).take_while(|at| is_digit(units[*at]) && (*at == from || joins(units, *at)));
        more.count()
    };
    let text = |from: usize, count: usize| units[from..from + count].iter().map(|unit| unit.ch());
    let joined = |at: usize, ch: char| units.get(at).is_some_and(|unit| unit.ch() == ch && joins(units, at));
    let first = digits(at);
    let mut whole: String = text(at, first).collect();
    let mut end = at + first;
    let mut grouped = false;
    while (1..=GROUP).contains(&first)
        && joined(end, ',')
        && digits(end + 1) == GROUP
        && joins(units, end + 1)
    {
        whole.extend(text(end + 1, GROUP));
        end += 1 + GROUP;
        grouped = true;
    }
    let mut fraction = String::new();
    if joined(end, '.') && joins(units, end + 1) {
        let count = digits(end + 1);
        fraction.extend(text(end + 1, count));
        end += if count > 0 { 1 + count } else { 0 };
    }
    let behind = units.get(end);
    let money = behind.is_some_and(|unit| MONEY.contains(unit.ch()) && !unit.gap().has_hyphen());
    let part = behind.is_some_and(|unit| {
        unit.gap() != Gap::Space && (unit.ch().is_ascii_alphanumeric() || unit.gap().has_hyphen())
            || unit.ch() == '年'
    });
    let many = whole.len() > GROUP;
    let plain = !whole.starts_with('0') && whole.len() <= DIGITS && !whole.is_empty();
    ((plain && !part) && (many || grouped || money)).then_some(Amount {
        whole,
        fraction,
        length: end - at,
        money,
    })
}

/// Whether nothing is between a unit and the one before it.
fn joins(units: &[Unit], at: usize) -> bool {
    units.get(at).is_some_and(|unit| unit.gap() == Gap::None)
}

fn is_digit(unit: Unit) -> bool {
    unit.ch().is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn an_amount_has_its_other_spellings() {
        let shown = |text: &str| -> Vec<String> {
            let all = spellings(&fold(text).units);
            all.iter().map(|(units, ..)| units.iter().map(|unit| unit.ch()).collect()).collect()
        };
        assert_eq!(shown("1280元"), ["1,280元", "1280.00元", "1,280.00元"]);
        assert_eq!(shown("１，２８０.００元"), ["1280元", "1,280元", "1280.00元"]);
        assert_eq!(shown("1280"), ["1,280"]);
        assert_eq!(shown("1,280.50"), ["1280.50"]);
        assert_eq!(shown("12,345,678.9元"), ["12345678.9元"]);
        assert_eq!(shown("5元"), ["5.00元"]);
        assert_eq!(
            shown("付1280元、2000元"),
            ["付1,280元、2,000元", "付1280.00元、2000.00元", "付1,280.00元、2,000.00元"]
        );
        for none in
            ["2023年", "EV-2890", "a1280", "12,34", "1,2345", "12.5", "0123", "2023-05-12", "1280b", "12"]
        {
            assert_eq!(shown(none), [""; 0], "{none}");
        }
    }

    #[test]
    fn a_number_goes_on_behind_its_separators() {
        let text = fold("51,280.00,3").units;
        assert_eq!(goes_on(&text, 0, 2), (false, true));
        assert_eq!(goes_on(&text, 3, 6), (true, false));
        assert_eq!(goes_on(&text, 1, 2), (true, true));
    }
}
