//! Citations in running text: 正卷第17页, 证据卷二P35, 《起诉状》第3页, 庭审笔录第3页, 证据3.
//!
//! A pure parser, and the resolution of a citation to a page of a volume. White space and line ends inside a
//! citation do not count. What may equally be a page's own number (alone on its line, 第3页 共10页) or a page of
//! another document (本判决书第3页) is not taken for a citation: a wrong link is worse than no link.

mod cite;
mod number;
mod resolve;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use cite::quote;
pub use resolve::{Goal, resolve};

use crate::text::is_chinese;

use number::number;

/// How far back the beginning of a title is looked for, in characters.
const TITLE: usize = 60;
/// The longest title without brackets, in characters.
const BARE_TITLE: usize = 20;
/// The most digits that a page number has.
const DIGITS: usize = 6;
/// Words for volumes that a citation may begin with.
const VOLUMES: [&str; 5] = ["证据卷", "正卷", "副卷", "公开卷", "执行卷"];

/// What a citation cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The volume it stands in.
    Here,
    /// A volume by its name, e.g. 证据卷二.
    Volume(String),
    /// A material by its title.
    Title(String),
    /// A piece of evidence by its number; the page is its first.
    Evidence(u32),
}

/// A citation in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Its characters.
    pub range: Range<usize>,
    pub source: Source,
    /// From 1.
    pub page: u32,
}

/// The text without white space, with each character's position in the original.
struct Dense {
    chars: Vec<char>,
    places: Vec<usize>,
}

impl Dense {
    fn new(text: &str) -> Self {
        let kept = text.chars().enumerate().filter(|(_, ch)| !ch.is_whitespace());
        let (places, chars) = kept.unzip();
        Self { chars, places }
    }

    fn at(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<char> {
        self.at(at.checked_sub(1)?)
    }

    /// Whether the text before a position ends with these characters.
    fn ends(&self, at: usize, word: &str) -> bool {
        let length = word.chars().count();
        at.checked_sub(length).is_some_and(|start| self.chars[start..at].iter().copied().eq(word.chars()))
    }
}

/// All citations in a text, in order and without overlaps.
pub fn find(text: &str) -> Vec<Citation> {
    let lines: Vec<char> = text.chars().collect();
    let dense = Dense::new(text);
    let mut found: Vec<Citation> = Vec::new();
    // End of the last citation among the dense characters.
    let (mut at, mut last) = (0, 0);
    while at < dense.chars.len() {
        let page = page_at(&dense, at);
        let evidence = page.is_none().then(|| evidence_at(&dense, at)).flatten();
        let citation = match (page, evidence) {
            (Some((page, end)), _) => cited(&dense, &lines, at, end, last, found.last())
                .map(|(start, source)| (start, end, source, page)),
            (_, Some((number, end))) => Some((at, end, Source::Evidence(number), 1)),
            _ => None,
        };
        match citation.filter(|(start, ..)| *start >= last) {
            Some((start, end, source, page)) => {
                let range = dense.places[start]..dense.places[end - 1] + 1;
                found.push(Citation { range, source, page });
                (at, last) = (end, end);
            }
            None => at += 1,
        }
    }
    found
}

/// 第17页, 第17-19页, P35: the first page, and where it ends.
fn page_at(dense: &Dense, at: usize) -> Option<(u32, usize)> {
    match dense.at(at)? {
        '第' => {
            let (page, mut end) = number(&dense.chars, at + 1)?;
            while matches!(dense.at(end)?, '-' | '–' | '—' | '~' | '～' | '至' | '到' | '、') {
                (_, end) = number(&dense.chars, end + 1)?;
            }
            (dense.at(end)? == '页').then_some((page, end + 1))
        }
        'P' | 'p' | 'Ｐ' => {
            let start = at + 1 + usize::from(dense.at(at + 1) == Some('.'));
            dense.at(start).filter(|ch| ch.is_numeric())?;
            number(&dense.chars, start)
        }
        _ => None,
    }
}

/// 证据3, but not 证据3份.
fn evidence_at(dense: &Dense, at: usize) -> Option<(u32, usize)> {
    if dense.at(at)? != '证' || dense.at(at + 1)? != '据' {
        return None;
    }
    let (value, end) = number(&dense.chars, at + 2)?;
    let counts = matches!(dense.at(end), Some('份' | '项' | '页' | '组' | '个' | '张' | '卷' | '类' | '种'));
    (!counts).then_some((value, end))
}

/// What a page expression from `at` to `end` belongs to, and where the whole citation begins.
fn cited(
    dense: &Dense,
    lines: &[char],
    at: usize,
    end: usize,
    last: usize,
    previous: Option<&Citation>,
) -> Option<(usize, Source)> {
    if dense.before(at) == Some('》') {
        return titled(dense, at);
    }
    if let Some(named) = volume_before(dense, at) {
        return Some(named);
    }
    // 正卷第17页、第20页: the second one is of the same volume.
    if let Some(previous) = previous.filter(|_| last > 0 && last + 1 == at)
        && matches!(dense.before(at), Some('、' | '，' | ',' | '和' | '及' | '与'))
    {
        return Some((at, previous.source.clone()));
    }
    if dense.at(at) != Some('第') || counts_itself(dense, lines, at, end) {
        return None;
    }
    if may_precede(dense.before(at)) {
        return Some((at, Source::Here));
    }
    entitled(dense, at)
}

/// 起诉状 right before a position, without brackets: the Chinese characters back to one that no title contains.
fn entitled(dense: &Dense, at: usize) -> Option<(usize, Source)> {
    let length = dense.chars[..at].iter().rev().take(BARE_TITLE).take_while(|ch| is_chinese(**ch)).count();
    let run = &dense.chars[at - length..at];
    let lead = run
        .iter()
        .take_while(|ch| matches!(ch, '见' | '详' | '参' | '在' | '于' | '及' | '和' | '与'))
        .count();
    let own = matches!(run.get(lead), None | Some('本' | '该' | '此' | '其' | '同' | '上' | '前'));
    let title: String = run[lead..].iter().collect();
    (!own && length - lead > 1).then(|| (at - length + lead, Source::Title(title)))
}

/// 《title》 right before a position.
fn titled(dense: &Dense, at: usize) -> Option<(usize, Source)> {
    let close = at - 1;
    let open = (close.saturating_sub(TITLE)..close).rev().find(|i| dense.chars[*i] == '《')?;
    let title: String = dense.chars[open + 1..close].iter().collect();
    (!title.is_empty()).then_some((open, Source::Title(title)))
}

/// 正卷, 证据卷二, 证据卷（2）, 第二卷 right before a position.
fn volume_before(dense: &Dense, at: usize) -> Option<(usize, Source)> {
    let name = |start: usize| Source::Volume(dense.chars[start..at].iter().collect());
    // The number after the name, if there is one.
    for numeral in 0..=(DIGITS + 2).min(at) {
        let word = at - numeral;
        let behind = &dense.chars[word..at];
        let bracketed = matches!(behind, ['（' | '(', .., '）' | ')']);
        let digits = if bracketed { &behind[1..behind.len() - 1] } else { behind };
        let counted = numeral == 0 || number(digits, 0).is_some_and(|(_, end)| end == digits.len());
        if counted && let Some(found) = VOLUMES.into_iter().find(|name| dense.ends(word, name)) {
            let start = word - found.chars().count();
            return Some((start, name(start)));
        }
    }
    if dense.before(at) != Some('卷') {
        return None;
    }
    let start = (at.saturating_sub(DIGITS + 2)..at).rev().find(|i| dense.chars[*i] == '第')?;
    let (_, end) = number(&dense.chars, start + 1)?;
    (end + 1 == at).then(|| (start, name(start)))
}

/// Whether a page expression is the page's own number: alone on its line, or counting up to a total.
fn counts_itself(dense: &Dense, lines: &[char], at: usize, end: usize) -> bool {
    let total = |ch: Option<char>| matches!(ch, Some('共' | '/' | '／'));
    let comma = matches!(dense.at(end), Some(',' | '，'));
    if total(dense.at(end + usize::from(comma))) || total(dense.before(at)) || dense.ends(at, "页") {
        return true;
    }
    let (first, behind) = (dense.places[at], dense.places[end - 1] + 1);
    let edge = |ch: &char| *ch != '\n' && !matches!(ch, ' ' | '\u{3000}' | '-' | '—' | '–' | '·' | '\t');
    let before = lines[..first].iter().rev().take_while(|ch| **ch != '\n').any(edge);
    let after = lines[behind..].iter().take_while(|ch| **ch != '\n').any(edge);
    !before && !after
}

/// Whether a bare 第3页 after this character means a page of the volume that contains the text.
fn may_precede(before: Option<char>) -> bool {
    match before {
        None => true,
        Some('见' | '在' | '于' | '卷' | '及' | '和' | '与' | '至') => true,
        Some(ch) => !ch.is_alphanumeric() && !matches!(ch, '》' | '〉' | '”' | '"'),
    }
}
