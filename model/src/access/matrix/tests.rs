//! The golden file of the whole matrix, and what must hold in every cell of it.

use std::fmt::Write;

use super::super::Role;
use super::*;

const CLASSES: [VolumeClass; 4] =
    [VolumeClass::Main, VolumeClass::Evidence, VolumeClass::Internal, VolumeClass::Public];
/// Columns of acts on a volume or a case.
const ACTS: [(Act, &str); 11] = [
    (Know, "know"),
    (Read, "read"),
    (Search, "search"),
    (Copy, "copy"),
    (Print, "print"),
    (Download, "download"),
    (Present, "present"),
    (Ingest, "ingest"),
    (Arrange, "arrange"),
    (Grant, "grant"),
    (Audit, "audit"),
];

fn layers() -> impl Iterator<Item = Option<LayerKind>> {
    std::iter::once(None).chain(LayerKind::ALL.map(Some))
}

/// Letters of what is allowed in a layer: read, write (annotate or share), moderate.
fn letters(role: Role, class: VolumeClass, layer: LayerKind, state: CaseState) -> String {
    let may = |act| rule(role, class, Some(layer), state, act).allows();
    let letters = [('r', may(Read)), ('w', may(Annotate) || may(Share)), ('m', may(Moderate))];
    let letters: String = letters.into_iter().filter(|(_, may)| *may).map(|(letter, _)| letter).collect();
    if letters.is_empty() { ".".to_owned() } else { letters }
}

fn block(class: VolumeClass, state: CaseState) -> String {
    let mut out = format!("{:<16}", "");
    for (_, name) in ACTS {
        write!(out, " {name}").unwrap();
    }
    out.push_str(" | private panel meeting everybody\n");
    for &role in Role::ALL {
        write!(out, "{role:<16}").unwrap();
        for (act, name) in ACTS {
            let cell = if rule(role, class, None, state, act).allows() { "yes" } else { "." };
            write!(out, " {cell:^width$}", width = name.len()).unwrap();
        }
        out.push_str(" |");
        for (layer, width) in LayerKind::ALL.into_iter().zip([7, 5, 7, 9]) {
            write!(out, " {:^width$}", letters(role, class, layer, state)).unwrap();
        }
        let trimmed = out.trim_end().len();
        out.truncate(trimmed);
        out.push('\n');
    }
    out
}

fn table() -> String {
    let mut blocks: Vec<(Vec<String>, String)> = Vec::new();
    for class in CLASSES {
        for &state in CaseState::ALL {
            let (name, text) = (format!("{class:?} volume, {state} case"), block(class, state));
            match blocks.iter_mut().find(|(_, known)| *known == text) {
                Some((names, _)) => names.push(name),
                None => blocks.push((vec![name], text)),
            }
        }
    }
    let mut out = String::from(
        "Who may do what. In layers: r read, w write one's own marks, m moderate those of others.\n",
    );
    for (names, text) in blocks {
        write!(out, "\n{}\n{text}", names.join("; ")).unwrap();
    }
    out
}

/// With `EVOLUME_WRITE_MATRIX` set it is written anew instead.
#[test]
fn the_whole_matrix_is_the_one_that_was_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/access/matrix.txt");
    let now = table();
    if std::env::var_os("EVOLUME_WRITE_MATRIX").is_some() {
        std::fs::write(path, now).unwrap();
        return;
    }
    let reviewed = std::fs::read_to_string(path).unwrap();
    assert_eq!(now, reviewed);
    let cells = Role::ALL.len() * CLASSES.len() * layers().count() * CaseState::ALL.len() * Act::ALL.len();
    eprintln!("{cells} cells");
}

/// Calls `check` with every cell.
fn every_cell(check: impl Fn(Role, VolumeClass, Option<LayerKind>, CaseState, Act, Rule)) {
    for &role in Role::ALL {
        for class in CLASSES {
            for layer in layers() {
                for &state in CaseState::ALL {
                    for &act in Act::ALL {
                        check(role, class, layer, state, act, rule(role, class, layer, state, act));
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_of_the_internal_volume_reaches_anybody_outside_of_the_court() {
    every_cell(|role, class, layer, state, act, rule| {
        let outside = matches!(role, OtherCourt | Prosecutor | Lawyer | Party | Public | Administrator);
        let of_case = matches!(act, Grant | Audit);
        if outside && class == VolumeClass::Internal && !of_case {
            assert!(!rule.allows(), "{role} {layer:?} {state} {act}");
        }
    });
}

#[test]
fn whoever_does_anything_to_a_volume_may_read_it_and_know_of_it() {
    every_cell(|role, class, layer, state, act, rule| {
        if rule.allows() && !matches!(act, Grant | Audit) {
            for needed in [Know, Read] {
                assert!(super::rule(role, class, None, state, needed).allows(), "{role} {class:?} {act}");
            }
            assert!(layer.is_none() || super::rule(role, class, layer, state, Read).allows());
        }
    });
}

#[test]
fn an_archived_file_does_not_change_and_an_administrator_only_grants() {
    every_cell(|role, class, layer, state, act, rule| {
        let changes = matches!(act, Share | Moderate | Ingest | Arrange);
        assert!(!(rule.allows() && changes && state == Archived), "{role} {class:?} {layer:?} {act}");
        assert!(!(rule.allows() && role == Administrator && act != Grant), "{class:?} {layer:?} {act}");
    });
}

#[test]
fn acts_are_on_a_volume_or_in_a_layer() {
    every_cell(|role, _, layer, _, act, rule| {
        let in_layer = matches!(act, Annotate | Share | Moderate);
        if (in_layer && layer.is_none()) || (layer.is_some() && !in_layer && act != Read) {
            assert_eq!(rule, Rule::Misplaced, "{role} {act}");
        }
    });
}
