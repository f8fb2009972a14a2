//! What a TypeScript file uses, read from the paths that it names.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, Source, place};

/// The npm package by its names, of which there are two.
const PACKAGE: [(&str, &str); 2] = [("evolume", "pkg/index"), ("evolume/types", "pkg/generated/index")];

/// Places, names and texts.
pub fn sources(files: &[(Place, &str, &str)]) -> Vec<Source> {
    let known: BTreeMap<&str, &Place> = files.iter().map(|(place, name, _)| (*name, place)).collect();
    files.iter().map(|(place, name, text)| source(place, name, text, &known)).collect()
}

fn source(own: &Place, name: &str, text: &str, known: &BTreeMap<&str, &Place>) -> Source {
    let (mut uses, mut words) = (BTreeSet::new(), BTreeSet::new());
    for named in named(text) {
        if let Some((_, place)) = PACKAGE.iter().find(|(package, _)| *package == named) {
            uses.insert((*place).to_owned());
        } else if named.starts_with('.') {
            let path = join(name, named.split('?').next().unwrap_or_default());
            // Style sheets and the wasm files' modules have no arrows of their own.
            uses.extend(known.contains_key(path.as_str()).then(|| place(&path)));
        } else {
            words.insert(named.to_owned());
        }
    }
    uses.remove(own);
    Source { place: own.clone(), uses: uses.into_iter().collect(), words: words.into_iter().collect() }
}

/// What stands in quotes behind `from`, `import` and `new URL(`, wherever a line breaks.
fn named(text: &str) -> Vec<&str> {
    let lines = text.split_inclusive('\n').filter(|line| {
        let line = line.trim_start();
        !line.starts_with("//") && !line.starts_with('*') && !line.starts_with("/*")
    });
    let mut found = Vec::new();
    let mut before = String::new();
    for line in lines {
        let mut rest = line;
        while let Some(start) = rest.find(['\'', '"']) {
            let quote = &rest[start..=start];
            let Some(end) = rest[start + 1..].find(quote) else { break };
            before.push_str(&rest[..start]);
            let behind = before.trim_end();
            if ["from", "import", "import(", "new URL("].iter().any(|word| behind.ends_with(word)) {
                found.push(&rest[start + 1..start + 1 + end]);
            }
            before.clear();
            rest = &rest[start + end + 2..];
        }
        before.push_str(rest);
    }
    found
}

/// The path that a file names, from the root on.
fn join(name: &str, path: &str) -> String {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_file_is_read() {
        let text = "// import './no.ts';\nimport { a } from './a.ts';\nimport type {\n  B,\n} from '../b.ts';\nimport './c.ts';\n\
                    const d = import('./d.ts');\nnew Worker(new URL('./e.worker.ts', import.meta.url));\n\
                    const text = 'from here';\nexport * from \"evolume\";\n * from './no.ts'\n";
        assert_eq!(named(text), ["./a.ts", "../b.ts", "./c.ts", "./d.ts", "./e.worker.ts", "evolume"]);
    }

    #[test]
    fn paths_lead_to_places() {
        let files = [
            (
                "www/marks/a".to_owned(),
                "www/src/marks/a.ts",
                "import '../parts/b.ts'; import './x.css?inline'; import 'lit';",
            ),
            ("www/parts/b".to_owned(), "www/src/parts/b.ts", "import { V } from 'evolume';"),
        ];
        let sources = sources(&files);
        assert_eq!(sources[0].uses, ["www/parts/b"]);
        assert_eq!(sources[0].words, ["lit"]);
        assert_eq!(sources[1].uses, ["pkg/index"]);
    }
}
