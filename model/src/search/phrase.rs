//! A phrase of a query, and where a text has it, exactly after folding or with one mistake.

use std::ops::Range;

use super::confusable::confusable;
use super::fold::{Folded, Unit, fold};
use super::number::{is_part, spellings};
use super::{Closeness, amount};
use crate::text::is_chinese;

/// Shorter phrases are only found exactly: with one mistake they would match too much.
const TOLERABLE: usize = 3;

/// What a clause offers: a phrase, or two near each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Phrase(Phrase),
    /// With the most characters that may be between them.
    Near(Phrase, Phrase, usize),
}

/// It has at least one letter, digit or ideograph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    folded: Folded,
    /// For each unit: whether a tolerant search may find another character, or none, in its place.
    wild: Vec<bool>,
    /// The same with its numbers spelled the other way.
    others: Vec<Other>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Other {
    folded: Folded,
    whole: Whole,
}

/// A number in another spelling must be the whole number of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    Anywhere,
    /// It begins with a number in words or digits: 二十二日 has no 12日.
    Begins,
    /// It begins or ends with an amount: 51,280元 has no 1280元, and 1,280,000 no 1280.
    Amount {
        begins: bool,
        ends: bool,
    },
}

impl Whole {
    fn admits(self, text: &Folded, units: Range<usize>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Begins => {
                let before = units.start.checked_sub(1).map(|at| text.units[at].ch());
                !before.is_some_and(is_part)
            }
            Self::Amount { begins, ends } => {
                let (left, right) = amount::goes_on(&text.units, units.start, units.end);
                !(begins && left || ends && right)
            }
        }
    }
}

/// Units of a text that match, and how well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub units: Range<usize>,
    pub closeness: Closeness,
}

impl Phrase {
    /// `None` without a letter, digit or ideograph.
    pub fn new(text: &str) -> Option<Self> {
        let folded = fold(text);
        folded.units.iter().any(|unit| unit.is_token()).then(|| {
            // Another digit makes another number, but an ideograph may be misread.
            let ideographs: Vec<bool> = folded.units.iter().map(|unit| is_ideograph(unit.ch())).collect();
            let enough = ideographs.iter().filter(|is| **is).count() >= TOLERABLE;
            let words = spellings(&folded.units).into_iter().map(|other| {
                let whole = if other.begins { Whole::Begins } else { Whole::Anywhere };
                Other { folded: folded.spelled(other.units), whole }
            });
            let amounts = amount::spellings(&folded.units).into_iter().map(|(units, begins, ends)| Other {
                folded: folded.spelled(units),
                whole: Whole::Amount { begins, ends },
            });
            let others = words.chain(amounts).collect();
            Self { wild: ideographs.into_iter().map(|is| is && enough).collect(), folded, others }
        })
    }

    /// Every exact match, from left to right without overlaps.
    pub fn exact(&self, text: &Folded) -> Vec<Match> {
        let mut found = places(&self.folded, text, Whole::Anywhere);
        for Other { folded, whole } in &self.others {
            found.extend(places(folded, text, *whole));
        }
        if !self.others.is_empty() {
            found.sort_by_key(|found| (found.units.start, std::cmp::Reverse(found.units.end)));
            found.dedup_by(|later, earlier| later.units.start < earlier.units.end);
        }
        found
    }

    /// Exact matches, and those with one wrong, missing or surplus character.
    pub fn tolerant(&self, text: &Folded) -> Vec<Match> {
        let mut found = self.exact(text);
        if !self.is_tolerable() {
            return found;
        }
        let exact = found.len();
        let mut behind = 0;
        for start in 0..text.units.len() {
            let next = found[..exact].partition_point(|exact| exact.units.end <= start);
            let limit = found[..exact].get(next).map_or(text.units.len(), |exact| exact.units.start);
            if start < behind || limit <= start {
                continue;
            }
            if let Some(near) = self.nearly_at(text, start).filter(|near| near.units.end <= limit) {
                behind = near.units.end;
                found.push(near);
            }
        }
        found.sort_by_key(|found| found.units.start);
        found
    }

    /// What the index holds of it, one after the other.
    #[cfg(any(test, feature = "index"))]
    pub fn tokens(&self) -> Vec<char> {
        tokens(&self.folded)
    }

    /// The same of its other spellings.
    #[cfg(any(test, feature = "index"))]
    pub fn other_tokens(&self) -> impl Iterator<Item = Vec<char>> {
        self.others.iter().map(|other| tokens(&other.folded))
    }

    /// Whether a tolerant search finds more than the phrase itself.
    pub fn is_tolerable(&self) -> bool {
        self.folded.units.iter().filter(|unit| unit.is_token()).nth(TOLERABLE - 1).is_some()
    }

    /// Whether a unit of a text matches the phrase's at this position.
    fn agrees(&self, at: usize, text: Unit) -> bool {
        agrees_at(&self.folded.units, at, text)
    }

    /// Whether the phrase from `at` on matches the text from `from` on.
    fn rest(&self, at: usize, text: &Folded, from: usize) -> bool {
        let rest = self.folded.units.len() - at;
        text.units
            .get(from..from + rest)
            .is_some_and(|window| window.iter().enumerate().all(|(i, unit)| self.agrees(at + i, *unit)))
    }

    fn nearly_at(&self, text: &Folded, start: usize) -> Option<Match> {
        let length = self.folded.units.len();
        let agree = |at: &usize| text.units.get(start + at).is_some_and(|unit| self.agrees(*at, *unit));
        let at = (0..length).take_while(agree).count();
        if at == length {
            return None;
        }
        let found = |length: usize, closeness| Some(Match { units: start..start + length, closeness });
        let other = text.units.get(start + at).filter(|_| self.rest(at + 1, text, start + at + 1));
        if other.is_some_and(|other| confusable(self.folded.units[at].ch(), other.ch())) {
            return found(length, Closeness::Confusable);
        }
        if !self.wild[at] {
            return None;
        }
        let last = at + 1 == length;
        // A missing first or last character counts as a wrong one, except at the page's end.
        let missing = if last { start + at == text.units.len() } else { self.rest(at + 1, text, start + at) };
        if at > 0 && missing {
            return found(length - 1, Closeness::Near);
        }
        if at > 0 && self.rest(at, text, start + at + 1) {
            return found(length + 1, Closeness::Near);
        }
        other.and_then(|_| found(length, Closeness::Near))
    }
}

#[cfg(any(test, feature = "index"))]
fn tokens(folded: &Folded) -> Vec<char> {
    folded.units.iter().filter(|unit| unit.is_token()).map(|unit| unit.ch()).collect()
}

/// Every exact match of a query in a text, without overlaps.
fn places(query: &Folded, text: &Folded, whole: Whole) -> Vec<Match> {
    let length = query.units.len();
    let first = query.units[0].code();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.units[from..].iter().position(|unit| unit.code() == first) {
        let start = from + start;
        from = start + 1;
        if stands_at(query, text, start) && whole.admits(text, start..start + length) {
            found.push(Match { units: start..start + length, closeness: Closeness::Exact });
            from = start + length;
        }
    }
    found
}

fn stands_at(Folded { units, tail, .. }: &Folded, text: &Folded, start: usize) -> bool {
    let Some(window) = text.units.get(start..start + units.len()) else { return false };
    let behind = text.units.get(start + units.len()).map_or(text.tail, |unit| unit.gap());
    (0..units.len()).all(|at| agrees_at(units, at, window[at]))
        && (!tail.has_hyphen() || behind.admits(*tail))
}

/// Whether a unit of a text matches the query's at this position.
fn agrees_at(query: &[Unit], at: usize, text: Unit) -> bool {
    let query = query[at];
    query.code() == text.code() && ((at == 0 && !query.gap().has_hyphen()) || text.gap().admits(query.gap()))
}

/// Chinese digits are folded to Arabic ones before.
fn is_ideograph(ch: char) -> bool {
    ch.is_alphanumeric() && is_chinese(ch)
}

/// The matches of two phrases that are near each other, in either order: at most `within` characters in between.
pub(super) fn near(one: &[Match], other: &[Match], within: usize) -> Vec<Match> {
    let close = |a: &Match, b: &Match| {
        let between =
            b.units.start.checked_sub(a.units.end).or_else(|| a.units.start.checked_sub(b.units.end));
        between.is_some_and(|between| between <= within)
    };
    let mut found: Vec<Match> = Vec::new();
    for (these, those) in [(one, other), (other, one)] {
        let beside = these.iter().filter(|this| {
            let from = those.partition_point(|that| that.units.end + within < this.units.start);
            those[from..]
                .iter()
                .take_while(|that| that.units.start <= this.units.end + within)
                .any(|that| close(this, that))
        });
        found.extend(beside.cloned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tolerant(text: &str, phrase: &str) -> Vec<(String, Closeness)> {
        let (folded, chars) = (fold(text), text.chars().collect::<Vec<_>>());
        let found = Phrase::new(phrase).unwrap().tolerant(&folded);
        found
            .into_iter()
            .map(|found| (chars[folded.range(found.units)].iter().collect(), found.closeness))
            .collect()
    }

    #[track_caller]
    fn check(text: &str, phrase: &str, expected: &[(&str, Closeness)]) {
        let expected: Vec<_> = expected.iter().map(|(text, close)| ((*text).to_owned(), *close)).collect();
        assert_eq!(tolerant(text, phrase), expected, "{phrase} in {text}");
    }

    #[test]
    fn one_character_may_be_wrong_missing_or_too_much() {
        use Closeness::{Confusable, Exact, Near};
        check(
            "原告沈知衡、沈知衝，沈石衡。",
            "沈知衡",
            &[("沈知衡", Exact), ("沈知衝", Confusable), ("沈石衡", Near)],
        );
        check("沈衡；沈知 、衡；甲沈知", "沈知衡", &[("沈衡", Near), ("沈知 、衡", Near), ("沈知", Near)]);
        check("戊戍年", "戊戌年", &[("戊戍年", Confusable)]);
        check("戊戊年间，戊丙申间", "戊戌年间", &[("戊戊年间", Confusable)]);
    }

    #[test]
    fn short_phrases_and_numbers_are_found_as_they_stand() {
        check("张二 李三", "张三", &[]);
        check("第70009号，第7OO08号", "第70008号", &[]);
        check(
            "EV-0001，EV-O001",
            "EV-0001",
            &[("EV-0001", Closeness::Exact), ("EV-O001", Closeness::Confusable)],
        );
    }
}
