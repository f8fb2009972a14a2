//! Queries, and what they find on a page.

use std::ops::Range;

use super::filter::{Filter, Place};
use super::fold::{Folded, fold};
use super::parse::{MAX_QUERY, Parsed, QueryError, parse};
use super::phrase::{Item, Match, Phrase, near};
use super::{Closeness, Hit, Snippet};

/// A parsed query. A page matches when it has one item of every clause and nothing that is excluded, or the whole
/// query literally; and when it passes the filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// All that was typed, if that is more than one phrase, so that any copied piece of text finds its page.
    pub(super) literal: Option<Phrase>,
    pub(super) clauses: Vec<Vec<Item>>,
    without: Vec<Phrase>,
    filters: Vec<Filter>,
    pub(super) tolerant: bool,
}

impl Query {
    /// Reads a query as typed.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let query = Self::read(text, Filter::default())?;
        query.looks_for_something().then_some(query).ok_or(QueryError::Empty)
    }

    /// Reads a query as typed, with a filter that was set separately.
    pub fn filtered(text: &str, filter: Filter) -> Result<Self, QueryError> {
        let query = Self::read(text, filter)?;
        query.looks_for_something().then_some(query).ok_or(QueryError::Empty)
    }

    /// The same query, with or without tolerance for OCR mistakes.
    #[must_use]
    pub fn tolerant(self, tolerant: bool) -> Self {
        Self { tolerant, ..self }
    }

    fn read(text: &str, filter: Filter) -> Result<Self, QueryError> {
        if text.chars().nth(MAX_QUERY).is_some() {
            return Err(QueryError::TooLong);
        }
        let Parsed { mut clauses, mut without, filter: mut typed } = parse(text)?;
        let whole = Phrase::new(text.trim());
        if clauses.is_empty() && (!without.is_empty() || typed.days.is_none()) {
            // Only exclusions or filters: then they are words after all.
            clauses = whole.iter().map(|phrase| vec![Item::Phrase(phrase.clone())]).collect();
            (without, typed) = Default::default();
        }
        let plain = without.is_empty()
            && matches!(clauses.as_slice(), [clause] if matches!(clause.as_slice(), [Item::Phrase(one)] if Some(one) == whole.as_ref()));
        let filters = [typed, filter].into_iter().filter(|filter| !filter.is_empty()).collect();
        Ok(Self { literal: whole.filter(|_| !plain), clauses, without, filters, tolerant: false })
    }

    fn looks_for_something(&self) -> bool {
        !self.clauses.is_empty() || self.filters.iter().any(|filter| filter.days.is_some())
    }

    /// Whether a material may have matching pages.
    pub fn admits(&self, place: &Place<'_>) -> bool {
        self.filters.iter().all(|filter| filter.admits(place))
    }

    /// Whether a page, by its index in the material, may match.
    pub fn admits_page(&self, place: &Place<'_>, page: u32) -> bool {
        self.filters.iter().all(|filter| filter.admits_page(place, page))
    }

    /// The exact matches in characters of the text, from left to right without overlaps.
    pub fn matches(&self, text: &str) -> Vec<Range<usize>> {
        let text = fold(text);
        let found = self.exact(&text).unwrap_or_default();
        found.into_iter().map(|found| text.range(found.units)).collect()
    }

    /// The hit of a page, if it matches.
    pub(super) fn look(&self, page: u32, text: &str, folded: &Folded) -> Option<Hit> {
        let exact = self.exact(folded);
        let mut closeness = Closeness::Exact;
        let mut found = exact.clone().unwrap_or_default();
        if self.tolerant
            && let Some(tolerant) = self.on_page(folded, &Phrase::tolerant)
        {
            // A page is as close as its worst indispensable match.
            let worst = tolerant.iter().map(|found| found.closeness).max();
            closeness = if exact.is_some() { closeness } else { worst.unwrap_or_default() };
            found.extend(tolerant);
        }
        found.sort_by_key(|found| (found.closeness != Closeness::Exact, found.units.start));
        let mut matches: Vec<Match> = Vec::with_capacity(found.len());
        for found in found {
            if found.closeness == Closeness::Exact || !matches.iter().any(|other| overlap(other, &found)) {
                matches.push(found);
            }
        }
        matches.dedup_by(|later, earlier| overlap(later, earlier));
        let snippet = Snippet::around(text, &folded.range(matches.first()?.units.clone()));
        let exact = matches.iter().filter(|found| found.closeness == Closeness::Exact).count() as u32;
        let matches = matches.into_iter().map(|found| {
            let range = folded.range(found.units);
            [range.start as u32, range.end as u32]
        });
        Some(Hit { page, matches: matches.collect(), exact, closeness, snippet })
    }

    /// The matches of a page that has the query exactly.
    fn exact(&self, text: &Folded) -> Option<Vec<Match>> {
        let literal = self.literal.as_ref().map(|literal| literal.exact(text)).unwrap_or_default();
        let mut found = match self.on_page(text, &Phrase::exact) {
            Some(found) => found,
            None if literal.is_empty() || !self.passes(text) => return None,
            None => Vec::new(),
        };
        found.extend(literal);
        found.sort_by_key(|found| (found.units.start, std::cmp::Reverse(found.units.end)));
        found.dedup_by(|later, earlier| overlap(later, earlier));
        Some(found)
    }

    /// Whether the text has one of the days that are asked for.
    fn passes(&self, text: &Folded) -> bool {
        self.filters.iter().all(|filter| filter.days_in(text).is_none_or(|days| !days.is_empty()))
    }

    /// The matches of all clauses, if the page has one item of each.
    fn on_page(&self, text: &Folded, of: &dyn Fn(&Phrase, &Folded) -> Vec<Match>) -> Option<Vec<Match>> {
        let mut all = Vec::new();
        for clause in &self.clauses {
            let before = all.len();
            for item in clause {
                all.extend(match item {
                    Item::Phrase(phrase) => of(phrase, text),
                    Item::Near(one, other, within) => near(&of(one, text), &of(other, text), *within),
                });
            }
            if all.len() == before {
                return None;
            }
        }
        if self.without.iter().any(|phrase| !phrase.exact(text).is_empty()) {
            return None;
        }
        for filter in &self.filters {
            let Some(days) = filter.days_in(text) else { continue };
            if days.is_empty() {
                return None;
            }
            if self.clauses.is_empty() {
                all.extend(days.into_iter().map(|units| Match { units, closeness: Closeness::Exact }));
            }
        }
        Some(all)
    }
}

fn overlap(one: &Match, other: &Match) -> bool {
    one.units.start < other.units.end && other.units.start < one.units.end
}
