//! The project's own rules about its text files, those that no other tool knows.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::{command, output};
use crate::root;

/// Past this a file is telling its reader that it is two.
const MAX_LINES: usize = 600;

/// Files that a program writes: types from the model, messages by lit-localize, npm's lock file.
const GENERATED: &[&str] = &["/generated/", "/locales/", "package-lock.json"];

/// Marks of work left undone; split here so that this file does not find itself.
const UNDONE: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];

/// Checks every file that git knows or would take.
pub fn check() -> Result<()> {
    let list = output(command("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let mut found = Vec::new();
    for name in String::from_utf8(list).context("a file's name is not UTF-8")?.split('\0') {
        let path = root().join(name);
        if !is_text(name) || !path.is_file() {
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
        found.extend(problems(name, &text).into_iter().map(|problem| format!("{name}: {problem}")));
    }
    if !found.is_empty() {
        bail!("{} problems\n{}", found.len(), found.join("\n"));
    }
    Ok(())
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Files that people write; the corpus is data.
fn is_text(name: &str) -> bool {
    let text = ["rs", "ts", "js", "mjs", "css", "html", "md", "toml", "json", "py", "sql", "yml", "yaml"];
    !name.starts_with("tests/corpus/") && text.contains(&extension(name))
}

/// What is wrong with a file.
fn problems(name: &str, text: &str) -> Vec<String> {
    let kind = extension(name);
    let generated = GENERATED.iter().any(|part| name.contains(part));
    let mut found = Vec::new();
    if text.contains("\"resolved\": \"http") && name.ends_with("package-lock.json") {
        found.push("names a registry's host; set omit-lockfile-registry-resolved in .npmrc".to_owned());
    }
    if generated {
        return found;
    }
    let lines = text.lines().count();
    if matches!(kind, "rs" | "ts" | "css") && lines > MAX_LINES {
        found.push(format!("{lines} lines, {MAX_LINES} are allowed"));
    }
    let first = text.lines().find(|line| !line.starts_with("#!")).unwrap_or_default();
    let purpose = match kind {
        "rs" => first.starts_with("//!"),
        "ts" => first.starts_with("//") || first.starts_with("/*"),
        _ => true,
    };
    if !purpose {
        found.push("does not start with a comment that says what it is for".to_owned());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        found.push("does not end with a line break".to_owned());
    }
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        if line.ends_with([' ', '\t', '\r']) {
            found.push(format!("line {number} ends with a blank"));
        }
        if line.contains('\t') {
            found.push(format!("line {number} has a tab"));
        }
        if UNDONE.iter().any(|mark| line.contains(mark)) {
            found.push(format!("line {number} leaves work undone"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(name: &str, text: &str, expected: &[&str]) {
        let found = problems(name, text);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found:?} {expected:?}");
        }
    }

    #[test]
    fn clean_files_pass() {
        expect("a/lib.rs", "//! Purpose.\nfn main() {}\n", &[]);
        expect("a/x.ts", "// Purpose.\nexport {};\n", &[]);
        expect("a/x.mjs", "#!/usr/bin/env node\nrun();\n", &[]);
        expect("a/empty.md", "", &[]);
    }

    #[test]
    fn faults_are_found() {
        expect("a/lib.rs", "fn main() {}\n", &["does not start"]);
        expect("a/x.ts", "export {};\n", &["does not start"]);
        expect("a/x.md", "line \n\tcode\n", &["line 1 ends with a blank", "line 2 has a tab"]);
        expect("a/x.css", &"a {}\n".repeat(601), &["601 lines"]);
        expect("a/x.toml", "a = 1", &["line break"]);
        expect("a/x.py", concat!("# TO", "DO\n"), &["undone"]);
        expect("package-lock.json", "\"resolved\": \"https://somewhere/x.tgz\"\n", &["registry"]);
    }

    #[test]
    fn generated_files_may_be_long() {
        expect("pkg/src/generated/index.ts", &"x\n".repeat(1000), &[]);
    }
}
