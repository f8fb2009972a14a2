//! A mark: what of a page is marked, by whom, how it looks, and what is said about it.
//!
//! The format is kept for ever. Version 1, which the stored marks have that name none, is a highlight on text with a
//! colour and a note; version 2 adds the other targets, styles, tags, status and replies. A reader keeps what it
//! does not know: unknown fields stay in the document, and a mark of a newer version or of an unknown kind, target,
//! colour or status is read as one that is `newer`: shown by name and place, never edited here.

mod kinds;
mod target;

use serde::{Deserialize, Serialize};

use crate::access::{hides, is_id, is_name};

pub use kinds::{KINDS, KindInfo, Shape, kind};
pub use target::{MAX_INK, MAX_QUOTE, MAX_RECTS, MAX_STROKES, Stroke, Target};

/// The newest version of the format that this program reads and writes.
pub const VERSION: u32 = 2;

/// Characters of a note.
pub const MAX_NOTE: usize = 10_000;
/// Tags of one mark, and characters of a tag.
pub const MAX_TAGS: usize = 20;
/// Characters of a tag.
pub const MAX_TAG: usize = 40;
/// Characters of the name of a kind, which may be one that only newer versions know.
const MAX_KIND: usize = 40;
/// Points; a line is at least a hairline and at most a broad marker.
const WIDTHS: std::ops::RangeInclusive<f32> = 0.1..=100.;
/// Times are below what JavaScript counts exactly.
const MAX_TIME: u64 = (1 << 53) - 1;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident as $ts:literal { $($value:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = $ts))]
        pub enum $name {
            $(#[serde(rename = $text)] $value,)+
        }

        impl $name {
            /// All of them, in their order in the interface.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text),+ }
            }

            /// The value of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$value),)+ _ => None }
            }
        }
    };
}

names! {
    /// A mark's colour by name; `kinds` says how it looks on paper.
    Colour as "MarkColour" {
        Yellow = "yellow",
        Green = "green",
        Blue = "blue",
        Red = "red",
        Purple = "purple",
    }
}

impl Colour {
    /// Red, green and blue of the ink on paper.
    pub fn ink(self) -> [u8; 3] {
        match self {
            Self::Yellow => [255, 225, 100],
            Self::Green => [166, 226, 150],
            Self::Blue => [140, 216, 236],
            Self::Red => [255, 170, 165],
            Self::Purple => [216, 184, 248],
        }
    }
}

names! {
    /// What has become of the matter that a mark raises.
    Status as "MarkStatus" {
        Open = "open",
        Resolved = "resolved",
    }
}

/// How a mark looks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkStyle"))]
pub struct Style {
    /// Absent when only a newer version knows the colour.
    pub colour: Option<Colour>,
    /// Width of lines in points; the kind's own when absent.
    #[serde(default)]
    pub width: Option<f32>,
}

/// Who makes a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Principal id.
    pub id: String,
    /// As the server knows them.
    pub name: String,
}

/// A mark in a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Mark {
    /// Made by the client that made the mark; unique in its layer.
    pub id: String,
    /// Version of the format that it was written in.
    pub v: u32,
    /// What kind, by name: [`KINDS`] lists those that this version knows.
    pub kind: String,
    /// On what.
    pub target: Target,
    /// How it looks.
    pub style: Style,
    /// What the author says about it; may be empty.
    pub note: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What has become of it, when anything is to.
    pub status: Option<Status>,
    /// The mark that it answers.
    pub parent: Option<String>,
    /// The author's principal id.
    pub author: String,
    /// The author's name, as the server knew it when it got the mark.
    pub author_name: String,
    /// Milliseconds since 1970, by the server's clock as far as the author's program knew it.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created: u64,
    /// Milliseconds since 1970, likewise.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub updated: u64,
    /// Something in it only a newer version knows: it is shown and not edited here.
    pub newer: bool,
}

/// What is wrong with a mark.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mark's {0} is missing or outside its limits")]
pub struct Invalid(pub &'static str);

impl Mark {
    /// A new mark without a note, in the oldest version of the format that can say it.
    pub fn new(
        id: String,
        kind_id: String,
        target: Target,
        colour: Colour,
        author: Author,
        now: u64,
    ) -> Self {
        let mut mark = Self {
            id,
            v: 1,
            newer: kind(&kind_id).is_none(),
            kind: kind_id,
            target,
            style: Style { colour: Some(colour), width: None },
            note: String::new(),
            tags: Vec::new(),
            status: None,
            parent: None,
            author: author.id,
            author_name: author.name,
            created: now,
            updated: now,
        };
        mark.v = mark.version();
        mark
    }

    /// Whether every field is within its limits, and the kind takes the target, unless that is for a newer version
    /// to say.
    pub fn validate(&self) -> Result<(), Invalid> {
        check("id", is_id(&self.id))?;
        check("kind", !self.kind.is_empty() && self.kind.len() <= MAX_KIND && is_id(&self.kind))?;
        self.target.validate()?;
        check("width", self.style.width.is_none_or(|width| WIDTHS.contains(&width)))?;
        check("note", self.note.chars().count() <= MAX_NOTE)?;
        check("tags", self.tags.len() <= MAX_TAGS && self.tags.iter().all(|tag| is_tag(tag)))?;
        check("parent", self.parent.as_ref().is_none_or(|parent| is_id(parent) && *parent != self.id))?;
        check("author", is_id(&self.author))?;
        check("author_name", is_name(&self.author_name))?;
        check("created", self.created <= MAX_TIME)?;
        check("updated", self.updated <= MAX_TIME)?;
        if self.newer {
            return Ok(());
        }
        let kind = kind(&self.kind).ok_or(Invalid("kind"))?;
        check("target", self.target.shape().is_some_and(|shape| kind.shapes.contains(&shape)))
    }

    /// The oldest version of the format that can say it, so that older programs read what they can.
    pub fn version(&self) -> u32 {
        let plain = matches!(self.target, Target::Text { .. })
            && self.style.width.is_none()
            && self.tags.is_empty()
            && self.status.is_none()
            && self.parent.is_none();
        if plain { 1 } else { VERSION }
    }
}

fn check(field: &'static str, holds: bool) -> Result<(), Invalid> {
    if holds { Ok(()) } else { Err(Invalid(field)) }
}

fn is_tag(tag: &str) -> bool {
    tag.trim() == tag && !tag.is_empty() && tag.chars().count() <= MAX_TAG && !tag.chars().any(hides)
}

#[cfg(any(test, feature = "samples"))]
pub mod samples {
    //! Marks for tests.

    use super::*;
    use crate::geometry::PageRect;
    use crate::page::PageRef;

    /// A valid mark.
    pub fn sample(id: &str, author: &str) -> Mark {
        let target = Target::Text {
            page: PageRef { material: "0123abcd".into(), index: 4 },
            start: 10,
            end: 14,
            rects: vec![PageRect::new(72., 100.5, 120., 114.)],
            quote: "借款合同".into(),
        };
        let author = Author { id: author.into(), name: "王法官".into() };
        let mark =
            Mark::new(id.into(), "highlight".into(), target, Colour::Yellow, author, 1_764_000_000_000);
        Mark { note: "与流水不符".into(), ..mark }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::sample;
    use super::*;
    use crate::geometry::PageRect;
    use crate::page::PageRef;

    #[track_caller]
    fn refuse(field: &str, change: impl FnOnce(&mut Mark)) {
        let mut mark = sample("a", "me");
        change(&mut mark);
        assert_eq!(mark.validate().unwrap_err().0, field);
    }

    fn text(mark: &mut Mark) -> (&mut PageRef, &mut u32, &mut u32, &mut Vec<PageRect>, &mut String) {
        let Target::Text { page, start, end, rects, quote } = &mut mark.target else { panic!("a text") };
        (page, start, end, rects, quote)
    }

    #[test]
    fn limits() {
        assert_eq!(sample("a", "me").validate(), Ok(()));
        refuse("id", |m| m.id = "a/b".into());
        refuse("id", |m| m.id.clear());
        refuse("kind", |m| m.kind = "bookmark".into());
        refuse("material", |m| text(m).0.material = "x".repeat(65));
        refuse("page", |m| text(m).0.index = u32::MAX);
        refuse("range", |m| *text(m).1 = 14);
        refuse("range", |m| *text(m).2 = u32::MAX);
        refuse("rects", |m| text(m).3.clear());
        refuse("rects", |m| *text(m).3 = vec![text(m).3[0]; MAX_RECTS + 1]);
        refuse("rects", |m| text(m).3[0].x1 = f32::NAN);
        refuse("rects", |m| text(m).3[0].x1 = f32::INFINITY);
        refuse("rects", |m| text(m).3[0].x0 = 500.);
        refuse("quote", |m| *text(m).4 = "字".repeat(MAX_QUOTE + 1));
        refuse("width", |m| m.style.width = Some(f32::NAN));
        refuse("note", |m| m.note = "字".repeat(MAX_NOTE + 1));
        refuse("tags", |m| m.tags = vec!["证据".into(); MAX_TAGS + 1]);
        refuse("tags", |m| m.tags = vec!["证\u{202e}据".into()]);
        refuse("parent", |m| m.parent = Some("a".into()));
        refuse("author", |m| m.author.clear());
        refuse("author_name", |m| m.author_name = "王\u{202e}法官".into());
        refuse("created", |m| m.created = u64::MAX);
        refuse("target", |m| m.target = Target::Page { page: text(m).0.clone() });
    }

    #[test]
    fn what_only_a_newer_version_knows_has_an_author_all_the_same() {
        let page = PageRef { material: "m".into(), index: 0 };
        let target = Target::Unknown { page: Some(page), rects: Vec::new() };
        let newer =
            Mark { v: VERSION + 1, kind: "hologram".into(), target, newer: true, ..sample("a", "me") };
        assert_eq!(newer.validate(), Ok(()));
        assert_eq!(Mark { newer: false, ..newer.clone() }.validate(), Err(Invalid("kind")));
        assert_eq!(Mark { author: String::new(), ..newer }.validate(), Err(Invalid("author")));
    }

    #[test]
    fn names_are_what_serde_writes() {
        for colour in Colour::ALL {
            assert_eq!(serde_json::to_value(colour).unwrap(), colour.as_str());
            assert_eq!(Colour::parse(colour.as_str()), Some(*colour));
        }
        for status in Status::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
