//! The arrows between folders: who may use whom is data; another arrow, or a circle of files, is an error.

mod allowed;
mod graph;
mod rust;
mod typescript;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::{command, output};
use crate::root;
use allowed::{ALLOWED, FORBIDDEN, Forbidden};

/// A file's place in the house: `server/http/router` for `server/src/http/router.rs`.
type Place = String;

/// The arrows of one file.
struct Source {
    place: Place,
    /// Places of the files that it uses.
    uses: Vec<Place>,
    /// Names of libraries and of their modules, as they are written.
    words: Vec<String>,
}

/// Checks every source that git knows or would take.
pub fn check() -> Result<()> {
    let list = output(command("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let list = String::from_utf8(list).context("a file's name is not UTF-8")?;
    let mut texts = BTreeMap::new();
    for name in list.split('\0').filter(|name| is_source(name)) {
        if let Ok(text) = fs::read_to_string(root().join(name)) {
            texts.insert(name.to_owned(), text);
        }
    }
    let problems = problems(&sources(&texts), ALLOWED, FORBIDDEN);
    if !problems.is_empty() {
        bail!(
            "{} arrows are wrong (allowed are those in xtask/src/arrows/allowed.rs)\n{}",
            problems.len(),
            problems.join("\n")
        );
    }
    Ok(())
}

/// Tests may use what they test, whatever lies above it.
fn is_source(name: &str) -> bool {
    let test = name.ends_with(".test.ts") || name.ends_with("/tests.rs") || name.contains("/tests/");
    let rust =
        name.ends_with(".rs") && ["model", "annotations", "pdf", "viewer", "server"].contains(&package(name));
    let typescript = name.ends_with(".ts") && ["pkg", "www"].contains(&package(name));
    name.contains("/src/") && (rust || typescript) && !test
}

fn package(name: &str) -> &str {
    name.split('/').next().unwrap_or_default()
}

/// A folder's own file has the folder's place.
fn place(name: &str) -> Place {
    let name = name.trim_end_matches(".rs").trim_end_matches(".ts").replacen("/src/", "/", 1);
    name.trim_end_matches("/mod").trim_end_matches("/lib").to_owned()
}

fn sources(texts: &BTreeMap<String, String>) -> Vec<Source> {
    let (rust, typescript): (Vec<_>, Vec<_>) = texts
        .iter()
        .map(|(name, text)| (place(name), name.as_str(), text.as_str()))
        .partition(|(_, name, _)| name.ends_with(".rs"));
    let mut sources =
        rust::sources(&rust.iter().map(|&(ref place, _, text)| (place.clone(), text)).collect());
    sources.extend(typescript::sources(&typescript));
    sources
}

fn problems(sources: &[Source], allowed: &[(&str, &[&str])], forbidden: &[Forbidden]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let Some((from, targets)) = rule(allowed, &source.place) else {
            found.push(format!("{} lies in no folder that is listed", source.place));
            continue;
        };
        for used in &source.uses {
            match rule(allowed, used) {
                Some((to, _)) if to == from || targets.contains(&to) => {}
                Some((to, _)) => found.push(format!("{} uses {used}: {from} may not use {to}", source.place)),
                None => {} // Said where that file is looked at.
            }
        }
        for rule in forbidden.iter().filter(|rule| rule.applies(&source.place)) {
            found.extend(
                source
                    .words
                    .iter()
                    .filter(|word| rule.words.contains(&word.as_str()))
                    .map(|word| format!("{} uses {word}: {}", source.place, rule.why)),
            );
        }
    }
    found.extend(graph::circles(sources).iter().map(|circle| format!("a circle: {}", circle.join(" -> "))));
    found
}

/// The longest listed folder in which a place lies.
fn rule<'a>(allowed: &[(&'a str, &'a [&'a str])], place: &str) -> Option<(&'a str, &'a [&'a str])> {
    allowed.iter().filter(|(folder, _)| within(place, folder)).max_by_key(|(folder, _)| folder.len()).copied()
}

/// Whether a place is a folder's file or lies in it.
fn within(place: &str, folder: &str) -> bool {
    place.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], allowed: &[(&str, &[&str])]) -> Vec<String> {
        let texts = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let forbidden = [Forbidden { words: &["std::fs"], outside: &["server"], why: "no files" }];
        problems(&sources(&texts), allowed, &forbidden)
    }

    #[test]
    fn a_place_is_a_file_without_src() {
        assert_eq!(place("server/src/http/router.rs"), "server/http/router");
        assert_eq!(place("server/src/http/mod.rs"), "server/http");
        assert_eq!(place("model/src/lib.rs"), "model");
        assert_eq!(place("www/src/app.ts"), "www/app");
        assert!(
            is_source("pkg/src/a.ts") && !is_source("pkg/src/a.test.ts") && !is_source("server/tests/a.rs")
        );
        assert!(!is_source("viewer/src/engine/tests.rs") && !is_source("pkg/vite.config.ts"));
    }

    #[test]
    fn allowed_arrows_pass() {
        let files = [
            ("server/src/http/mod.rs", "use crate::store::Store;"),
            ("server/src/store/mod.rs", "mod blobs;\npub use blobs::Blobs;"),
            ("server/src/store/blobs.rs", "use evolume_model::code::Code;"),
            ("model/src/code.rs", ""),
        ];
        let allowed: &[(&str, &[&str])] =
            &[("server/http", &["server/store"]), ("server/store", &["model"]), ("model", &[])];
        assert_eq!(check(&files, allowed), [""; 0]);
    }

    #[test]
    fn an_arrow_that_runs_up_is_named() {
        let files = [
            ("server/src/http/mod.rs", "pub fn now() {}"),
            ("server/src/store/mod.rs", "fn save() { crate::http::now() }"),
        ];
        let allowed: &[(&str, &[&str])] = &[("server/http", &["server/store"]), ("server/store", &[])];
        assert_eq!(
            check(&files, allowed),
            ["server/store uses server/http: server/store may not use server/http"]
        );
    }

    #[test]
    fn the_longest_folder_counts() {
        let files =
            [("server/src/pdfium/child/mod.rs", "use super::pool::Pool;"), ("server/src/pdfium/pool.rs", "")];
        let allowed: &[(&str, &[&str])] = &[("server/pdfium", &[]), ("server/pdfium/child", &[])];
        assert_eq!(check(&files, allowed).len(), 1);
    }

    #[test]
    fn a_folder_must_be_listed() {
        assert_eq!(check(&[("www/src/new/a.ts", "")], &[]), ["www/new/a lies in no folder that is listed"]);
    }

    #[test]
    fn what_is_not_for_a_crate_is_found_there() {
        let allowed: &[(&str, &[&str])] = &[("model", &[]), ("server", &[])];
        let text = "use std::{fs, mem};";
        assert_eq!(check(&[("model/src/a.rs", text)], allowed), ["model/a uses std::fs: no files"]);
        assert_eq!(check(&[("server/src/a.rs", text)], allowed), [""; 0]);
    }

    #[test]
    fn a_circle_of_files_is_named() {
        let files = [
            ("www/src/a.ts", "import { b } from './b.ts';"),
            ("www/src/b.ts", "import type { C } from './c.ts';"),
            ("www/src/c.ts", "export const a = () => import('./a.ts');"),
        ];
        assert_eq!(check(&files, &[("www", &[])]), ["a circle: www/a -> www/b -> www/c -> www/a"]);
    }
}
