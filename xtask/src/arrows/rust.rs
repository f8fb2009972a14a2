//! What a Rust file uses, read from its paths: no types are known here, so a method's own file is not seen.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, Source};

/// A path as it is written, with the groups of a `use` written out.
#[derive(Debug, PartialEq, Eq)]
struct Path {
    segments: Vec<String>,
    /// Of a `pub use`, under this name.
    exported: Option<String>,
}

/// What a file says.
struct File {
    paths: Vec<Path>,
    /// The names that it exports from elsewhere, and what they stand for.
    exports: BTreeMap<String, Vec<String>>,
}

pub fn sources(texts: &BTreeMap<Place, &str>) -> Vec<Source> {
    let files: BTreeMap<&str, File> = texts
        .iter()
        .map(|(place, text)| {
            let modules: Vec<String> = texts
                .keys()
                .filter_map(|other| other.strip_prefix(place.as_str())?.strip_prefix('/'))
                .filter(|name| !name.contains('/'))
                .map(str::to_owned)
                .collect();
            let paths = paths(&without_tests(tokens(text)), &modules);
            let exports = paths
                .iter()
                .filter_map(|path| Some((path.exported.clone()?, absolute(place, &path.segments, &modules)?)))
                .collect();
            (place.as_str(), (File { paths, exports }, modules))
        })
        .map(|(place, (file, _))| (place, file))
        .collect();
    texts.keys().map(|place| source(place, &files)).collect()
}

fn source(place: &str, files: &BTreeMap<&str, File>) -> Source {
    let modules: Vec<String> = files
        .keys()
        .filter_map(|other| other.strip_prefix(place)?.strip_prefix('/'))
        .map(str::to_owned)
        .collect();
    let (mut uses, mut words) = (BTreeSet::new(), BTreeSet::new());
    for path in &files[place].paths {
        let Some(absolute) = absolute(place, &path.segments, &modules) else {
            words.insert(path.segments[0].clone());
            words.insert(path.segments.iter().take(2).cloned().collect::<Vec<_>>().join("::"));
            continue;
        };
        let used = resolve(absolute, files);
        // A folder's own file names what is in it, for others.
        let shown = path.exported.is_some() && used.as_deref().is_some_and(|used| super::within(used, place));
        uses.extend(used.filter(|used| used != place && !shown));
    }
    Source { place: place.to_owned(), uses: uses.into_iter().collect(), words: words.into_iter().collect() }
}

/// The path from the crate's folder on; none for another library.
fn absolute(place: &str, segments: &[String], modules: &[String]) -> Option<Vec<String>> {
    let mut base: Vec<String> = place.split('/').map(str::to_owned).collect();
    let mut rest = segments.iter();
    let first = rest.next()?;
    match first.as_str() {
        "crate" => base.truncate(1),
        "self" => {}
        "super" => drop(base.pop()),
        name if name.starts_with("evolume_") => base = vec![name.trim_start_matches("evolume_").to_owned()],
        name if modules.iter().any(|module| module == name) => base.push(name.to_owned()),
        _ => return None,
    }
    for segment in rest {
        if segment == "super" {
            base.pop();
        } else if segment != "self" {
            base.push(segment.clone());
        }
    }
    Some(base)
}

/// The file where a path ends, behind the names that its folder only hands on.
fn resolve(mut path: Vec<String>, files: &BTreeMap<&str, File>) -> Option<Place> {
    for _ in 0..8 {
        let (at, file) =
            (1..=path.len()).rev().find_map(|at| Some((at, files.get(path[..at].join("/").as_str())?)))?;
        match path.get(at).and_then(|name| file.exports.get(name)) {
            Some(target) => path = target.iter().chain(&path[at + 1..]).cloned().collect(),
            None => return Some(path[..at].join("/")),
        }
    }
    None
}

/// Every path that starts at a crate, at a folder or at a module of this file.
fn paths(tokens: &[String], modules: &[String]) -> Vec<Path> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts = tokens.get(at + 1).is_some_and(|next| next == "::")
            && (at == 0 || tokens[at - 1] != "::")
            && is_name(&tokens[at]);
        if !starts {
            at += 1;
            continue;
        }
        let exported = is_export(&tokens[..at]);
        let known =
            ["crate", "self", "super"].contains(&tokens[at].as_str()) || modules.contains(&tokens[at]);
        let in_use = at > 0 && tokens[at - 1] == "use";
        let mut tree = Vec::new();
        let end = read_tree(tokens, at, &mut Vec::new(), &mut tree);
        // Outside of `use` a name before `::` may be a type: only what is certain counts.
        if known || in_use || !tokens[at].starts_with(char::is_uppercase) {
            found.extend(
                tree.into_iter()
                    .map(|(segments, name)| Path { segments, exported: exported.then_some(name) }),
            );
        }
        at = end.max(at + 1);
    }
    found
}

/// Whether the tokens end in `pub use` or `pub(…) use`.
fn is_export(before: &[String]) -> bool {
    let Some((last, before)) = before.split_last() else { return false };
    let mut words = before.iter().rev();
    last == "use"
        && match words.next().map(String::as_str) {
            Some("pub") => true,
            Some(")") => words.take(4).any(|word| word == "pub"),
            _ => false,
        }
}

/// Reads a path with its groups from a token on; gives where it ends.
fn read_tree(
    tokens: &[String],
    mut at: usize,
    before: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, String)>,
) -> usize {
    let depth = before.len();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    let start = at;
                    at = if tokens[at] == "," { at + 1 } else { read_tree(tokens, at, before, found) };
                    if at == start {
                        break; // No path: a block of statements.
                    }
                }
                before.truncate(depth);
                return at + 1;
            }
            Some(name) if is_name(name) || name == "*" => before.push(name.to_owned()),
            _ => break,
        }
        at += 1;
        if tokens.get(at).is_some_and(|token| token == "::") {
            at += 1;
        } else {
            break;
        }
    }
    if before.len() > depth {
        let mut name = before.last().cloned().unwrap_or_default();
        if name == "self" {
            name = before.iter().rev().nth(1).cloned().unwrap_or_default();
        }
        if tokens.get(at).is_some_and(|token| token == "as") {
            name = tokens.get(at + 1).cloned().unwrap_or_default();
            at += 2;
        }
        found.push((before.clone(), name));
    }
    before.truncate(depth);
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|char: char| char.is_alphabetic() || char == '_')
}

/// Without the items under `#[cfg(test)]`.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].iter().zip(MARK).filter(|(token, mark)| token == mark).count() < MARK.len() {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += MARK.len();
        let mut depth = 0;
        while at < tokens.len() {
            match tokens[at].as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            let ends = depth == 0 && (tokens[at] == ";" || tokens[at] == "}");
            at += 1;
            if ends {
                break;
            }
        }
    }
    kept
}

/// Names, `::` and single marks; comments, strings and characters are left out.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        match rest {
            ['/', '/', ..] => at += rest.iter().position(|&char| char == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => {
                at += 2 + rest[2..]
                    .windows(2)
                    .position(|end| end == ['*', '/'])
                    .map_or(rest.len(), |end| end + 2);
            }
            ['r', '"' | '#', ..] if raw_string(rest).is_some() => at += raw_string(rest).unwrap_or(1),
            ['"', ..] => at += string(rest),
            ['\'', '\\', ..] => {
                at += 2 + rest[2..].iter().skip(1).position(|&char| char == '\'').map_or(1, |end| end + 2);
            }
            ['\'', _, '\'', ..] => at += 3,
            [':', ':', ..] => {
                tokens.push("::".to_owned());
                at += 2;
            }
            [char, ..] if char.is_alphanumeric() || *char == '_' => {
                let end = rest
                    .iter()
                    .position(|char| !char.is_alphanumeric() && *char != '_')
                    .unwrap_or(rest.len());
                tokens.push(rest[..end].iter().collect());
                at += end;
            }
            [char, ..] => {
                if !char.is_whitespace() {
                    tokens.push(char.to_string());
                }
                at += 1;
            }
            [] => break,
        }
    }
    tokens
}

/// Length of a string in its quotes.
fn string(chars: &[char]) -> usize {
    let mut at = 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Length of `r"…"` or `r#"…"#`, when there is one.
fn raw_string(chars: &[char]) -> Option<usize> {
    let hashes = chars[1..].iter().take_while(|&&char| char == '#').count();
    if chars.get(1 + hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let start = 2 + hashes;
    chars[start..].windows(end.len()).position(|part| part == end).map(|at| start + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(files: &[(&str, &str)], place: &str, uses: &[&str], words: &[&str]) {
        let texts = files.iter().map(|&(place, text)| (place.to_owned(), text)).collect();
        let source = sources(&texts).into_iter().find(|source| source.place == place).unwrap();
        assert_eq!(source.uses, uses);
        for word in words {
            assert!(source.words.iter().any(|found| found == word), "{word}: {:?}", source.words);
        }
    }

    #[test]
    fn groups_are_written_out() {
        let files = [
            ("a/x", "use crate::{y::{self, Y}, z::Z as Q};\nuse std::{fs, time::Instant};"),
            ("a/y", ""),
            ("a/z", ""),
        ];
        expect(&files, "a/x", &["a/y", "a/z"], &["std::fs", "std::time"]);
    }

    #[test]
    fn paths_in_code_count_as_well() {
        let files = [
            ("a/x", "fn f<'a>(c: char) -> bool { c == '\"' && super::y::g(&'a') && web_sys::window() }"),
            ("a/y", ""),
        ];
        expect(&files, "a/x", &["a/y"], &["web_sys"]);
    }

    #[test]
    fn comments_strings_and_tests_do_not() {
        let text = "//! [`crate::y`]\n/* crate::y */ const S: &str = \"crate::y\"; const R: &str = r#\"crate::y\"#;\n\
                    #[cfg(test)]\nmod tests { use crate::y; fn f() { {} } }\nfn g() {}";
        expect(&[("a/x", text), ("a/y", "")], "a/x", &[], &[]);
    }

    #[test]
    fn a_name_that_a_folder_hands_on_leads_to_its_file() {
        let files = [
            ("a/x", "use crate::f::{Thing, Own};\nuse evolume_b::T;"),
            ("a/f", "mod thing;\npub use thing::Thing;\npub struct Own;"),
            ("a/f/thing", ""),
            ("b", "mod t;\npub use self::t::T;"),
            ("b/t", ""),
        ];
        expect(&files, "a/x", &["a/f", "a/f/thing", "b/t"], &[]);
        expect(&files, "a/f", &[], &[]);
    }

    #[test]
    fn a_module_of_ones_own_is_used_by_its_name() {
        let files = [("a", "mod x;\nfn f() { x::g() }"), ("a/x", "")];
        expect(&files, "a", &["a/x"], &[]);
    }
}
