//! An annotation: what is marked, by whom, and what they say about it.

use serde::{Deserialize, Serialize};

use crate::access::{is_id, is_name};
use crate::geometry::PageRect;

/// Characters of a quote.
pub const MAX_QUOTE: usize = 4_000;
/// Characters of a note.
pub const MAX_NOTE: usize = 10_000;
/// Rectangles of an anchor: lines of one page.
pub const MAX_RECTS: usize = 500;
/// Pages of one material, and points of a page's side, are fewer.
const MAX_PAGE: u32 = 100_000;
const MAX_POINTS: f32 = 100_000.;
/// Times are below what JavaScript counts exactly.
const MAX_TIME: u64 = (1 << 53) - 1;
/// Characters of a page are fewer.
const MAX_CHARS: u32 = 1_000_000;

/// What kind of mark it is; more come with drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkKind"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text made to stand out.
    Highlight,
}

impl Kind {
    /// Every kind with its stable name.
    const NAMES: &'static [(Kind, &'static str)] = &[(Kind::Highlight, "highlight")];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        name_of(Self::NAMES, self)
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        value_of(Self::NAMES, name)
    }
}

/// A mark's colour by name: what it looks like is the interface's, in light and in dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkColour"))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "colours")]
pub enum Colour {
    Yellow,
    Green,
    Blue,
    Red,
    Purple,
}

impl Colour {
    /// Every colour with its stable name.
    const NAMES: &'static [(Colour, &'static str)] = &[
        (Colour::Yellow, "yellow"),
        (Colour::Green, "green"),
        (Colour::Blue, "blue"),
        (Colour::Red, "red"),
        (Colour::Purple, "purple"),
    ];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        name_of(Self::NAMES, self)
    }

    /// The colour of this name.
    pub fn parse(name: &str) -> Option<Self> {
        value_of(Self::NAMES, name)
    }
}

fn name_of<T: Copy + PartialEq>(names: &[(T, &'static str)], value: T) -> &'static str {
    names.iter().find(|(known, _)| *known == value).map_or("", |(_, name)| name)
}

fn value_of<T: Copy>(names: &[(T, &'static str)], name: &str) -> Option<T> {
    names.iter().find(|(_, known)| *known == name).map(|(value, _)| *value)
}

/// What of a page is marked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkAnchor"))]
pub struct Anchor {
    /// The page's material.
    pub material: String,
    /// The page's index in it.
    pub page: u32,
    /// First character in the page's text.
    pub start: u32,
    /// The character after the last.
    pub end: u32,
    /// One rectangle a line, in page space.
    pub rects: Vec<PageRect>,
    /// The marked text, shortened to [`MAX_QUOTE`] characters.
    pub quote: String,
}

/// A mark in a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Annotation {
    /// Made by the client that made the mark; unique in its layer.
    pub id: String,
    /// What kind.
    pub kind: Kind,
    /// On what.
    pub anchor: Anchor,
    /// In which colour.
    pub colour: Colour,
    /// What the author says about it; may be empty.
    pub note: String,
    /// The author's principal id.
    pub author: String,
    /// The author's name when the mark was made.
    pub author_name: String,
    /// Milliseconds since 1970, by the author's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created: u64,
    /// Milliseconds since 1970, by the author's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub updated: u64,
}

/// What is wrong with an annotation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mark's {0} is missing or outside its limits")]
pub struct Invalid(pub &'static str);

impl Annotation {
    /// Whether every field is within its limits.
    pub fn validate(&self) -> Result<(), Invalid> {
        let anchor = &self.anchor;
        let checks = [
            ("id", is_id(&self.id)),
            ("material", is_id(&anchor.material)),
            ("page", anchor.page < MAX_PAGE),
            ("range", anchor.start < anchor.end && anchor.end <= MAX_CHARS),
            ("rects", !anchor.rects.is_empty() && anchor.rects.len() <= MAX_RECTS),
            ("rects", anchor.rects.iter().all(sound)),
            ("quote", anchor.quote.chars().count() <= MAX_QUOTE),
            ("note", self.note.chars().count() <= MAX_NOTE),
            ("author", is_id(&self.author)),
            ("author_name", is_name(&self.author_name)),
            ("created", self.created <= MAX_TIME),
            ("updated", self.updated <= MAX_TIME),
        ];
        match checks.iter().find(|(_, holds)| !holds) {
            Some((field, _)) => Err(Invalid(field)),
            None => Ok(()),
        }
    }
}

fn sound(rect: &PageRect) -> bool {
    let inside = |value: f32| value.abs() <= MAX_POINTS;
    [rect.x0, rect.y0, rect.x1, rect.y1].into_iter().all(inside) && rect.x0 <= rect.x1 && rect.y0 <= rect.y1
}

#[cfg(any(test, feature = "samples"))]
pub mod samples {
    //! Marks for tests.

    use super::*;

    /// A valid mark.
    pub fn sample(id: &str, author: &str) -> Annotation {
        Annotation {
            id: id.into(),
            kind: Kind::Highlight,
            anchor: Anchor {
                material: "0123abcd".into(),
                page: 4,
                start: 10,
                end: 14,
                rects: vec![PageRect::new(72., 100.5, 120., 114.)],
                quote: "借款合同".into(),
            },
            colour: Colour::Yellow,
            note: "与流水不符".into(),
            author: author.into(),
            author_name: "王法官".into(),
            created: 1_764_000_000_000,
            updated: 1_764_000_000_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::sample;
    use super::*;

    #[track_caller]
    fn refuse(field: &str, change: impl FnOnce(&mut Annotation)) {
        let mut annotation = sample("a", "me");
        change(&mut annotation);
        assert_eq!(annotation.validate().unwrap_err().0, field);
    }

    #[test]
    fn limits() {
        assert_eq!(sample("a", "me").validate(), Ok(()));
        refuse("id", |a| a.id = "a/b".into());
        refuse("id", |a| a.id.clear());
        refuse("material", |a| a.anchor.material = "x".repeat(65));
        refuse("page", |a| a.anchor.page = u32::MAX);
        refuse("range", |a| a.anchor.end = a.anchor.start);
        refuse("range", |a| a.anchor.end = u32::MAX);
        refuse("rects", |a| a.anchor.rects.clear());
        refuse("rects", |a| a.anchor.rects = vec![a.anchor.rects[0]; MAX_RECTS + 1]);
        refuse("rects", |a| a.anchor.rects[0].x1 = f32::NAN);
        refuse("rects", |a| a.anchor.rects[0].x1 = f32::INFINITY);
        refuse("rects", |a| a.anchor.rects[0].x0 = 500.);
        refuse("quote", |a| a.anchor.quote = "字".repeat(MAX_QUOTE + 1));
        refuse("note", |a| a.note = "字".repeat(MAX_NOTE + 1));
        refuse("author", |a| a.author.clear());
        refuse("author_name", |a| a.author_name = "王\u{202e}法官".into());
        refuse("created", |a| a.created = u64::MAX);
    }

    #[test]
    fn kinds_and_colours_have_their_serde_names() {
        for (kind, name) in Kind::NAMES {
            assert_eq!(serde_json::to_value(kind).unwrap(), *name);
        }
        for (colour, name) in Colour::NAMES {
            assert_eq!(serde_json::to_value(colour).unwrap(), *name);
            assert_eq!(Colour::parse(name), Some(*colour));
        }
    }
}
