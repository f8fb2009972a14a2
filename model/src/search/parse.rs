//! The query language.
//!
//! Words side by side must all be on the page. `OR`, `或` or `|` between words asks for one of them and binds
//! tighter. `-word`, `NOT` or `非` excludes a word. Quotation marks make a phrase; `NEAR/20` or `近/20` limits the
//! distance between two. `material:`, `category:`, `page:`, `date:` and `has:mark`, or 材料, 类别, 页, 日期 and
//! 批注:有, narrow the search.
//!
//! A space separates words only beside Chinese, and only words of two or more characters: `Zhang San` and
//! `审　判　长` are phrases. An operator without operands is an ordinary word.

use super::date::parse_days;
use super::filter::{parse_category, parse_pages};
use super::phrase::{Item, Phrase};
use super::{Filter, case_number};
use crate::code::Code;
use crate::text::is_chinese;

/// The distance that `NEAR` without a number allows, in characters.
const NEAR: usize = 10;
/// After a digit these do not begin a new word.
const UNITS: &str = "年月日号號元条條项項页頁时時分岁歲万萬亿億份次第级級楼樓室栋棟层層天个個％";

/// The longest query, in characters.
pub const MAX_QUERY: usize = 256;

/// Why a query is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is neither a letter, digit or ideograph nor a date to look for.
    #[error("the query has no letter, digit or ideograph")]
    Empty,
    #[error("the query has more than {MAX_QUERY} characters")]
    TooLong,
    /// The value of `page:` is neither a number nor a range.
    #[error("pages are asked for like 3 or 3-9")]
    Pages,
    /// The value of `date:` is neither a day, month or year nor a range.
    #[error("dates are asked for like 2023, 2023-05, 2023-05-12 or 2023-05..2023-06")]
    Date,
    /// The value of `category:` is not a category.
    #[error("there is no such category")]
    Category,
}

impl QueryError {
    pub fn code(self) -> Code {
        match self {
            Self::Empty | Self::TooLong => Code::SearchQuery,
            Self::Pages => Code::SearchPages,
            Self::Date => Code::SearchDate,
            Self::Category => Code::SearchCategory,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// Of each clause one item must be on the page.
    pub clauses: Vec<Vec<Item>>,
    /// None of these may be on the page.
    pub without: Vec<Phrase>,
    pub filter: Filter,
}

#[derive(Debug, PartialEq)]
enum Token {
    Phrase(String),
    Or,
    And,
    Not,
    Near(usize),
}

/// Reads a query; only filters can be malformed.
pub(super) fn parse(text: &str) -> Result<Parsed, QueryError> {
    let mut parsed = Parsed::default();
    let mut tokens = Vec::new();
    for token in split(&case_number::tightened(text)) {
        match token {
            Raw::Word(word) if narrow(&mut parsed.filter, &word)? => {}
            raw => tokens.push(raw),
        }
    }
    let mut before = Before::Nothing;
    for token in joined(tokens) {
        before = match token {
            Token::Or => Before::Or,
            Token::And => Before::Nothing,
            Token::Not => Before::Not,
            Token::Near(within) => Before::Near(within),
            Token::Phrase(text) => {
                if let Some(phrase) = Phrase::new(&text) {
                    parsed.add(before, phrase);
                }
                Before::Nothing
            }
        };
    }
    Ok(parsed)
}

enum Before {
    Nothing,
    Or,
    Not,
    Near(usize),
}

impl Parsed {
    fn add(&mut self, before: Before, phrase: Phrase) {
        let last = self.clauses.last_mut().and_then(|clause| clause.last_mut());
        match (before, last) {
            (Before::Not, _) => self.without.push(phrase),
            (Before::Or, Some(_)) => {
                if let Some(clause) = self.clauses.last_mut() {
                    clause.push(Item::Phrase(phrase));
                }
            }
            (Before::Near(within), Some(Item::Near(_, one, _))) => {
                let one = one.clone();
                self.clauses.push(vec![Item::Near(one, phrase, within)]);
            }
            (Before::Near(within), Some(last)) => {
                let (Item::Phrase(one) | Item::Near(_, one, _)) = last;
                *last = Item::Near(one.clone(), phrase, within);
            }
            _ => self.clauses.push(vec![Item::Phrase(phrase)]),
        }
    }
}

/// A piece of the query before words are joined to phrases.
enum Raw {
    Word(String),
    Quoted(String),
    /// `-` without a space after it.
    Minus,
    Bar,
}

/// Cuts at white space, bars and quotation marks.
fn split(text: &str) -> Vec<Raw> {
    let mut raws = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    let mut begun = true;
    while let Some(ch) = chars.next() {
        let fresh = word.is_empty();
        if ch.is_whitespace() || matches!(ch, '|' | '｜') {
            flush(&mut word, &mut raws);
            if !ch.is_whitespace() {
                raws.push(Raw::Bar);
            }
            begun = false;
        } else if let Some(end) = closing(ch).filter(|_| fresh) {
            let mut quoted = String::new();
            while let Some(ch) = chars.next_if(|ch| *ch != end) {
                quoted.push(ch);
            }
            // The closing mark may not be typed yet.
            chars.next();
            raws.push(Raw::Quoted(quoted));
        } else if matches!(ch, '-' | '－')
            && fresh
            && !begun
            && chars.peek().is_some_and(|next| !next.is_whitespace())
        {
            raws.push(Raw::Minus);
        } else {
            word.push(ch);
        }
    }
    flush(&mut word, &mut raws);
    raws
}

fn flush(word: &mut String, raws: &mut Vec<Raw>) {
    if !word.is_empty() {
        raws.push(Raw::Word(std::mem::take(word)));
    }
}

fn closing(ch: char) -> Option<char> {
    Some(match ch {
        '"' => '"',
        '＂' => '＂',
        '“' => '”',
        '「' => '」',
        '『' => '』',
        _ => return None,
    })
}

/// Takes a word that is a filter out of the query; false for any other word.
fn narrow(filter: &mut Filter, word: &str) -> Result<bool, QueryError> {
    let Some((key, value)) = word.split_once(':').filter(|(_, value)| !value.is_empty()) else {
        return Ok(false);
    };
    // The Chinese keys are ordinary words too, so a value that makes no sense is part of the text.
    let latin = key.is_ascii();
    let given = |read: bool, error: QueryError| if read || !latin { Ok(read) } else { Err(error) };
    match key {
        "material" | "材料" => {
            filter.materials.push(value.to_owned());
            Ok(true)
        }
        "category" | "类别" | "類別" => {
            let category = parse_category(value);
            filter.categories.extend(category);
            given(category.is_some(), QueryError::Category)
        }
        "page" | "页" | "頁" => {
            let pages = parse_pages(value);
            filter.pages = pages.or(filter.pages);
            given(pages.is_some(), QueryError::Pages)
        }
        "date" | "日期" => {
            let days = parse_days(value);
            filter.days = days.or(filter.days);
            given(days.is_some(), QueryError::Date)
        }
        "has" | "批注" => {
            let marked = matches!(value, "mark" | "marks" | "有");
            filter.marked |= marked;
            Ok(marked)
        }
        _ => Ok(false),
    }
}

/// Joins the words of a phrase again and recognises the operators.
fn joined(raws: Vec<Raw>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    // The word that the next one may belong to.
    let mut last: Option<String> = None;
    for raw in raws {
        let word = match raw {
            Raw::Bar => {
                last = None;
                tokens.push(Token::Or);
                continue;
            }
            Raw::Minus => {
                last = None;
                tokens.push(Token::Not);
                continue;
            }
            Raw::Quoted(phrase) => {
                last = None;
                tokens.push(Token::Phrase(phrase));
                continue;
            }
            Raw::Word(word) => word,
        };
        if let Some(operator) = operator(&word) {
            last = None;
            tokens.push(operator);
            continue;
        }
        match (&last, tokens.last_mut()) {
            (Some(before), Some(Token::Phrase(phrase))) if belongs(before, &word) => {
                phrase.push(' ');
                phrase.push_str(&word);
            }
            _ => tokens.push(Token::Phrase(word.clone())),
        }
        last = Some(word);
    }
    tokens
}

fn operator(word: &str) -> Option<Token> {
    let near = |rest: &str| match rest.strip_prefix('/') {
        Some(number) => number.parse().ok().map(Token::Near),
        None => rest.is_empty().then_some(Token::Near(NEAR)),
    };
    match word {
        "OR" | "或" => Some(Token::Or),
        "AND" => Some(Token::And),
        "NOT" | "非" => Some(Token::Not),
        word => word
            .strip_prefix("NEAR")
            .or_else(|| word.strip_prefix('近').filter(|rest| !rest.is_empty()))
            .and_then(near),
    }
}

/// Whether a word continues the phrase of the word before it.
fn belongs(before: &str, word: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), word.chars().next()) else { return false };
    let short = |word: &str| word.chars().nth(1).is_none();
    (!is_chinese(last) && !is_chinese(first))
        || short(before)
        || short(word)
        || (last.is_ascii_digit() && UNITS.contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clauses separated by `;`, alternatives by `|`, exclusions after `-`.
    fn shown(text: &str) -> String {
        let parsed = parse(text).unwrap();
        let item = |item: &Item| match item {
            Item::Phrase(phrase) => phrase.tokens().iter().collect::<String>(),
            Item::Near(one, other, within) => {
                let tokens = |phrase: &Phrase| phrase.tokens().iter().collect::<String>();
                format!("{}~{within}~{}", tokens(one), tokens(other))
            }
        };
        let clause = |clause: &Vec<Item>| clause.iter().map(item).collect::<Vec<_>>().join("|");
        let mut shown = parsed.clauses.iter().map(clause).collect::<Vec<_>>().join(";");
        for phrase in &parsed.without {
            shown.push('-');
            shown.extend(phrase.tokens());
        }
        shown
    }

    #[test]
    fn operators_are_read() {
        for (query, expected) in [
            ("张三", "张3"),
            ("借款 合同", "借款;合同"),
            ("借款　合同", "借款;合同"),
            ("借款 AND 合同", "借款;合同"),
            ("借款 OR 贷款 合同", "借款|贷款;合同"),
            ("借款|贷款｜欠款", "借款|贷款|欠款"),
            ("借款 或 贷款", "借款|贷款"),
            ("借款 -贷款", "借款-贷款"),
            ("借款 NOT 贷款 非 欠款", "借款-贷款-欠款"),
            ("-贷款 借款", "贷款;借款"),
            ("借款 NEAR/5 利息", "借款~5~利息"),
            ("借款 近/5 利息 NEAR 本金", "借款~5~利息;利息~10~本金"),
            ("\"借款 合同\"", "借款合同"),
            ("“借款合同”「利息」", "借款合同;利息"),
            ("“借款 合", "借款合"),
            ("OR 借款 |", "借款"),
            ("借款 -", "借款"),
        ] {
            assert_eq!(shown(query), expected, "{query}");
        }
    }

    #[test]
    fn spaces_part_chinese_words_only() {
        for (query, expected) in [
            ("Zhang San and", "zhangsanand"),
            ("审　判　长", "审判长"),
            ("张 三", "张3"),
            ("2023 年 5 月 12 日", "2023年5月12日"),
            ("于 2023 年向被告", "于2023年向被告"),
            ("张三 2023", "张3;2023"),
            ("A公司 B公司", "a公司;b公司"),
        ] {
            assert_eq!(shown(query), expected, "{query}");
        }
    }

    #[test]
    fn filters_are_taken_out() {
        let parsed = parse("借款 page:3-9 类别:证据 date:2023 has:mark material:笔录").unwrap();
        assert_eq!(parsed.clauses.len(), 1);
        let Filter { materials, categories, pages, days, marked } = parsed.filter;
        assert_eq!((materials, pages, marked), (vec!["笔录".to_owned()], Some([3, 9]), true));
        assert_eq!((categories.len(), days), (1, parse_days("2023")));
        assert_eq!(parse("page:x").unwrap_err(), QueryError::Pages);
        assert_eq!(parse("date:x").unwrap_err(), QueryError::Date);
        assert_eq!(parse("category:x").unwrap_err(), QueryError::Category);
        assert_eq!(shown("日期:昨天 Subject: x"), "日期昨天;subjectx");
    }
}
