//! From a citation to a page.

use crate::volume::{Manifest, VolumeClass};

use super::number::number;
use super::{Citation, Source};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A page of the same volume, from 1.
    Page(u32),
    /// A page of another volume of the case.
    Elsewhere {
        /// Its name, as cited.
        volume: String,
        page: u32,
    },
}

/// The page that a citation means; `None` when the volume has no such page, or several.
pub fn resolve(citation: &Citation, manifest: &Manifest) -> Option<Goal> {
    let within = |page: u32, count: usize| (page as usize <= count).then_some(page);
    match &citation.source {
        Source::Here => within(citation.page, manifest.page_count()).map(Goal::Page),
        Source::Volume(name) if is_called(manifest, name) => {
            within(citation.page, manifest.page_count()).map(Goal::Page)
        }
        Source::Volume(name) => Some(Goal::Elsewhere { volume: name.clone(), page: citation.page }),
        Source::Title(title) => {
            let title = plain(title);
            let exact = the_one(manifest, citation.page, |own| own == title);
            exact.or_else(|| {
                let alike =
                    |own: &str| own.chars().count() > 1 && (own.contains(&title) || title.contains(own));
                the_one(manifest, citation.page, alike)
            })
        }
        Source::Evidence(wanted) => the_one(manifest, 1, |own| {
            let rest: Option<Vec<char>> = own.strip_prefix("证据").map(|rest| rest.chars().collect());
            rest.and_then(|rest| number(&rest, 0)).is_some_and(|(number, _)| number == *wanted)
        }),
    }
}

/// A page of the material whose title fits, if there is exactly one.
fn the_one(manifest: &Manifest, page: u32, fits: impl Fn(&str) -> bool) -> Option<Goal> {
    let mut before = 0;
    let mut found = None;
    for material in &manifest.materials {
        if fits(&plain(&material.title)) {
            if found.is_some() {
                return None;
            }
            found = Some((before, material.pages.len()));
        }
        before += material.pages.len();
    }
    let (before, count) = found?;
    (page as usize <= count).then(|| Goal::Page(before as u32 + page))
}

fn is_called(manifest: &Manifest, name: &str) -> bool {
    let class = match manifest.class {
        VolumeClass::Main => "正卷",
        VolumeClass::Internal => "副卷",
        VolumeClass::Evidence => "证据卷",
        VolumeClass::Public => "公开卷",
    };
    is_name(&manifest.title, name) || (plain(name) == class && !manifest.title.contains(class))
}

/// Whether two names of a volume differ only in brackets, spaces and the spelling of the number.
pub fn is_name(title: &str, name: &str) -> bool {
    canonical(title) == canonical(name)
}

/// Without brackets and white space, numbers as digits.
fn canonical(name: &str) -> String {
    let chars: Vec<char> = plain(name).chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while let Some(ch) = chars.get(at) {
        match number(&chars, at) {
            Some((value, end)) => {
                out.push_str(&value.to_string());
                at = end;
            }
            None => {
                out.push(*ch);
                at += 1;
            }
        }
    }
    out
}

fn plain(title: &str) -> String {
    title
        .chars()
        .filter(|ch| !ch.is_whitespace() && !matches!(ch, '（' | '）' | '(' | ')' | '《' | '》'))
        .collect()
}
