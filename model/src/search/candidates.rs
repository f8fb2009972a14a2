//! The pages that may match a query, as far as the index can tell from tokens and their positions.

use tantivy::query::{EnableScoring, PhraseQuery, Query as _, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyError, Term};

use super::Query;
use super::phrase::{Item, Phrase};

/// In order. A query without words may match every page.
pub(super) fn candidates(
    segment: &SegmentReader,
    field: Field,
    query: &Query,
) -> Result<Vec<DocId>, TantivyError> {
    let finder = Finder { segment, field, tolerant: query.tolerant };
    if query.clauses.is_empty() {
        return Ok((0..segment.max_doc()).collect());
    }
    let mut pages: Option<Vec<DocId>> = None;
    for clause in &query.clauses {
        let mut any = Vec::new();
        for item in clause {
            any = union(any, finder.item(item)?);
        }
        let all = match pages {
            Some(pages) => intersection(&pages, &any),
            None => any,
        };
        let none = all.is_empty();
        pages = Some(all);
        if none {
            break;
        }
    }
    let literal = query
        .literal
        .as_ref()
        .map(|literal| finder.with_others(finder.run(&literal.tokens())?, literal))
        .transpose()?;
    Ok(union(pages.unwrap_or_default(), literal.unwrap_or_default()))
}

struct Finder<'a> {
    segment: &'a SegmentReader,
    field: Field,
    tolerant: bool,
}

impl Finder<'_> {
    fn item(&self, item: &Item) -> Result<Vec<DocId>, TantivyError> {
        Ok(match item {
            Item::Phrase(phrase) => self.phrase(phrase)?,
            Item::Near(one, other, _) => intersection(&self.phrase(one)?, &self.phrase(other)?),
        })
    }

    fn phrase(&self, phrase: &Phrase) -> Result<Vec<DocId>, TantivyError> {
        let tokens = phrase.tokens();
        if !self.tolerant || !phrase.is_tolerable() {
            return self.with_others(self.run(&tokens)?, phrase);
        }
        // One mistake leaves one half intact. A half of a single token would be on too many pages.
        if tokens.len() > 3 {
            let (one, other) = tokens.split_at(tokens.len() / 2);
            return self.with_others(union(self.run(one)?, self.run(other)?), phrase);
        }
        let ends = [tokens[0], tokens[2]];
        let mut pages = union(self.run(&tokens[..2])?, self.run(&tokens[1..])?);
        // The middle one is wrong, or missing.
        for distance in [2, 1] {
            pages = union(pages, self.spaced(&[(0, ends[0]), (distance, ends[1])])?);
        }
        self.with_others(pages, phrase)
    }

    /// Adds the pages that have the phrase in another spelling.
    fn with_others(&self, mut pages: Vec<DocId>, phrase: &Phrase) -> Result<Vec<DocId>, TantivyError> {
        for tokens in phrase.other_tokens() {
            pages = union(pages, self.run(&tokens)?);
        }
        Ok(pages)
    }

    /// The pages that have these tokens in a row.
    fn run(&self, tokens: &[char]) -> Result<Vec<DocId>, TantivyError> {
        let spaced: Vec<(usize, char)> = tokens.iter().copied().enumerate().collect();
        self.spaced(&spaced)
    }

    /// The pages that have these tokens at these distances.
    fn spaced(&self, tokens: &[(usize, char)]) -> Result<Vec<DocId>, TantivyError> {
        let term = |token: char| Term::from_field_text(self.field, token.encode_utf8(&mut [0; 4]));
        let scoring = EnableScoring::disabled_from_schema(self.segment.schema());
        let weight = match tokens {
            [] => return Ok(Vec::new()),
            [(_, token)] => TermQuery::new(term(*token), IndexRecordOption::Basic).weight(scoring)?,
            _ => {
                let terms = tokens.iter().map(|(at, token)| (*at, term(*token))).collect();
                PhraseQuery::new_with_offset(terms).weight(scoring)?
            }
        };
        let mut scorer = weight.scorer(self.segment, 1.)?;
        let mut pages = Vec::new();
        while scorer.doc() != TERMINATED {
            pages.push(scorer.doc());
            scorer.advance();
        }
        Ok(pages)
    }
}

fn union(mut one: Vec<DocId>, other: Vec<DocId>) -> Vec<DocId> {
    if one.is_empty() {
        return other;
    }
    one.extend(other);
    one.sort_unstable();
    one.dedup();
    one
}

fn intersection(one: &[DocId], other: &[DocId]) -> Vec<DocId> {
    one.iter().copied().filter(|page| other.binary_search(page).is_ok()).collect()
}
