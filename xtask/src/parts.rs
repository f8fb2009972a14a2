//! The parts of `cargo xtask test`: what each runs, as a table.

use anyhow::{Result, bail};

/// Something that tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `cargo test` with these arguments, as a developer would type them: not optimised, and nothing else compiled.
    Cargo(&'static str),
    /// Unit tests of TypeScript.
    TypeScript,
    /// Journeys in Chromium; words behind the part's name choose files.
    Chromium,
    /// The journey in Firefox and WebKit.
    OtherBrowsers,
}

/// A part that can be tested by itself.
pub struct Part {
    pub name: &'static str,
    about: &'static str,
    pub steps: &'static [Step],
}

use Step::{Cargo, Chromium, OtherBrowsers, TypeScript};

/// Every part there is.
pub const PARTS: &[Part] = &[
    Part { name: "model", about: "the vocabulary", steps: &[Cargo("-p evolume-model --features index")] },
    Part { name: "annotations", about: "marks as a CRDT", steps: &[Cargo("-p evolume-annotations")] },
    Part { name: "engine", about: "the viewer's engine", steps: &[Cargo("-p evolume-viewer")] },
    Part {
        name: "store",
        about: "database and blobs, and what older versions wrote",
        steps: &[
            Cargo("-p evolume-server --lib store::"),
            Cargo(
                "-p evolume-server --test all bench:: blobs:: doctor:: golden:: life:: outages:: store:: transfer::",
            ),
        ],
    },
    Part {
        name: "rooms",
        about: "shared marks: rooms, sockets, and worlds of readers at random",
        steps: &[
            Cargo("-p evolume-server --lib rooms::"),
            Cargo("-p evolume-server --test all rooms::"),
            Cargo("-p evolume-tests --test sync"),
        ],
    },
    Part {
        name: "http",
        about: "the HTTP interface",
        steps: &[
            Cargo("-p evolume-server --lib http::"),
            Cargo("-p evolume-server --test all http:: health:: case_search::"),
        ],
    },
    Part {
        name: "people",
        about: "accounts, sessions, and who gets to see what",
        steps: &[
            Cargo("-p evolume-server --lib people:: rights:: admission::"),
            Cargo("-p evolume-server --test all people:: rights::"),
        ],
    },
    Part {
        name: "ingest",
        about: "from files to volumes, office documents and recordings among them",
        steps: &[
            Cargo("-p evolume-server --lib ingest:: pdfium:: office::"),
            Cargo(
                "-p evolume-server --test all ingest:: hostile:: containers:: corpus:: navigation:: office:: pages:: pictures:: recordings:: reports:: reports_containers:: reports_pages::",
            ),
        ],
    },
    Part {
        name: "ocr",
        about: "reading scans",
        steps: &[
            Cargo("-p evolume-server --lib ocr::"),
            Cargo("-p evolume-server --test all ocr:: ocr_faults:: boxes:: scanned::"),
        ],
    },
    Part {
        name: "search",
        about: "finding what is there, on the server and in the browser",
        steps: &[
            Cargo("-p evolume-model --features index search::"),
            Cargo("-p evolume-server --test all search:: prose::"),
            Cargo("-p evolume-tests --test search"),
        ],
    },
    Part {
        name: "commands",
        about: "what a failing command says",
        steps: &[Cargo("-p evolume-server --test all command_errors::")],
    },
    Part { name: "server", about: "the whole server", steps: &[Cargo("-p evolume-server")] },
    Part { name: "xtask", about: "these tools", steps: &[Cargo("-p xtask")] },
    Part { name: "ts", about: "unit tests of TypeScript", steps: &[TypeScript] },
    Part {
        name: "e2e",
        about: "journeys in Chromium; `e2e marking search.spec` runs those files alone",
        steps: &[Chromium],
    },
    Part { name: "browsers", about: "the journey in Firefox and WebKit", steps: &[OtherBrowsers] },
];

/// A part that was asked for, and what of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Chosen {
    pub name: &'static str,
    pub steps: &'static [Step],
    /// Files of the browser tests.
    pub files: Vec<String>,
}

/// Reads `rooms`, `engine ts` or `e2e marking`.
pub fn choose(words: &[String]) -> Result<Vec<Chosen>> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for word in words {
        if let Some(part) = PARTS.iter().find(|part| part.name == word) {
            chosen.push(Chosen { name: part.name, steps: part.steps, files: Vec::new() });
        } else if let Some(e2e) = chosen.last_mut().filter(|last| last.steps == [Chromium]) {
            e2e.files.push(word.clone());
        } else {
            let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
            bail!("there is no part `{word}`; the parts are {}", names.join(", "));
        }
    }
    Ok(chosen)
}

/// The table for `--help`.
pub fn help() -> String {
    let lines = PARTS.iter().map(|part| format!("  {:<12} {}\n", part.name, part.about));
    format!("Parts:\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::root;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// Every word behind an option, over all parts.
    fn behind(option: &str) -> BTreeSet<&'static str> {
        let steps = PARTS.iter().flat_map(|part| part.steps);
        let lines = steps.filter_map(|step| if let Cargo(line) = step { Some(*line) } else { None });
        lines
            .flat_map(|line| {
                let words: Vec<_> = line.split(' ').collect();
                let pairs: Vec<_> = words.windows(2).map(|pair| (pair[0], pair[1])).collect();
                pairs
            })
            .filter(|(word, _)| *word == option)
            .map(|(_, next)| next)
            .collect()
    }

    #[test]
    fn names_are_chosen_and_files_belong_to_the_browser_tests() {
        let chosen = choose(&words("engine e2e marking search.spec ts")).unwrap();
        let names: Vec<_> = chosen.iter().map(|part| (part.name, part.files.len())).collect();
        assert_eq!(names, [("engine", 0), ("e2e", 2), ("ts", 0)]);
        assert!(choose(&[]).unwrap().is_empty());
    }

    #[test]
    fn an_unknown_part_names_the_known_ones() {
        for line in ["marking", "engine marking", "rooms nothing ts"] {
            let error = choose(&words(line)).unwrap_err().to_string();
            assert!(
                error.contains("no part") && error.contains("rooms") && error.contains("browsers"),
                "{error}"
            );
        }
        assert!(PARTS.iter().all(|part| help().contains(part.name) && help().contains(part.about)));
    }

    #[test]
    fn every_name_is_there_once() {
        let names: BTreeSet<_> = PARTS.iter().map(|part| part.name).collect();
        assert_eq!(names.len(), PARTS.len());
    }

    #[test]
    fn every_test_file_is_in_a_part() {
        // The server's are modules of one program.
        let program = std::fs::read_to_string(root().join("server/tests/main.rs")).unwrap();
        let modules = program.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
        let mut files: BTreeSet<_> = modules.filter(|name| *name != "common").map(str::to_owned).collect();
        // A file that is no module of it would never run.
        for entry in std::fs::read_dir(root().join("server/tests")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let test =
                path.extension().is_some_and(|extension| extension == "rs") || path.join("mod.rs").exists();
            assert!(!test || ["main", "common"].contains(&name.as_str()) || files.contains(&name), "{name}");
        }
        for entry in std::fs::read_dir(root().join("tests/tests")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").exists() {
                files.insert(path.file_stem().unwrap().to_string_lossy().into_owned());
            }
        }
        let steps = PARTS.iter().flat_map(|part| part.steps);
        let lines = steps.filter_map(|step| if let Cargo(line) = step { Some(*line) } else { None });
        let of_server = lines.filter(|line| line.contains("--test all"));
        let of_server = of_server.flat_map(|line| line.split(' ').filter_map(|word| word.strip_suffix("::")));
        let others = behind("--test").into_iter().filter(|name| *name != "all");
        let named: BTreeSet<_> = of_server.chain(others).map(str::to_owned).collect();
        assert_eq!(named, files);
    }

    #[test]
    fn every_folder_and_package_that_is_named_is_there() {
        for filter in behind("--lib") {
            let folder = filter.trim_end_matches("::");
            assert!(root().join("server/src").join(folder).is_dir(), "{folder}");
        }
        for package in behind("-p") {
            let folder = package.trim_start_matches("evolume-");
            assert!(root().join(folder).join("Cargo.toml").is_file(), "{package}");
        }
    }
}
