//! Circles of files.

use std::collections::{BTreeMap, BTreeSet};

use super::allowed::TOGETHER;
use super::{Source, within};

/// One circle of each knot of files, as a path that ends where it began. What lies in a folder and uses the folder's
/// own file makes none: a Rust module and its parts are one thing.
pub fn circles(sources: &[Source]) -> Vec<Vec<&str>> {
    let arrows: BTreeMap<&str, Vec<&str>> = sources
        .iter()
        .map(|source| {
            let uses = source.uses.iter().map(String::as_str).filter(|used| {
                !within(&source.place, used) && !TOGETHER.contains(&(source.place.as_str(), used))
            });
            (source.place.as_str(), uses.collect())
        })
        .collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for &start in arrows.keys() {
        if seen.contains(start) {
            continue;
        }
        if let Some(circle) = shortest(start, &arrows) {
            seen.extend(circle.iter().copied());
            found.push(circle);
        }
    }
    found
}

/// The shortest way from a file back to itself.
fn shortest<'a>(start: &'a str, arrows: &BTreeMap<&'a str, Vec<&'a str>>) -> Option<Vec<&'a str>> {
    let mut from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        for &next in arrows.get(at).into_iter().flatten() {
            if next == start {
                let mut way = vec![start, at];
                while let Some(&before) = way.last().and_then(|last| from.get(last)) {
                    way.push(before);
                }
                if at == start {
                    way.pop();
                }
                way.reverse();
                way.push(start);
                way.dedup();
                return Some(way);
            }
            if !from.contains_key(next) {
                from.insert(next, at);
                open.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(place: &str, uses: &[&str]) -> Source {
        let uses = uses.iter().map(|&used| used.to_owned()).collect();
        Source { place: place.to_owned(), uses, words: Vec::new() }
    }

    #[test]
    fn a_circle_is_found_once() {
        let sources = [source("a", &["b"]), source("b", &["c", "d"]), source("c", &["a"]), source("d", &[])];
        assert_eq!(circles(&sources), [["a", "b", "c", "a"]]);
    }

    #[test]
    fn what_leads_into_a_circle_is_not_in_it() {
        let sources = [source("a", &["b"]), source("b", &["c"]), source("c", &["b"])];
        assert_eq!(circles(&sources), [["b", "c", "b"]]);
    }

    #[test]
    fn a_module_and_its_parts_are_one() {
        let sources =
            [source("a/f", &["a/f/x"]), source("a/f/x", &["a/f", "a/f/y"]), source("a/f/y", &["a/f"])];
        assert!(circles(&sources).is_empty());
    }
}
