//! The kinds of marks: one table for the toolbar, the list, the judge and the export.

use serde::Serialize;

use super::Colour;

/// What a kind of mark can lie on; a [`super::Target`] without its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkShape"))]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Text,
    Area,
    Strokes,
    Point,
    Page,
    Time,
}

/// What is known of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MarkKind"))]
pub struct KindInfo {
    /// The stable name, as it stands in documents.
    pub id: &'static str,
    /// What it can lie on.
    pub shapes: &'static [Shape],
    /// In the interface.
    pub zh: &'static str,
    /// In the interface.
    pub en: &'static str,
    /// What a new one has, until another is chosen.
    pub colour: Colour,
    /// May have another colour.
    pub recolours: bool,
    /// May have a note.
    pub notes: bool,
    /// May be moved by its author.
    pub moves: bool,
    /// May have another size.
    pub resizes: bool,
}

/// Every kind that this version knows, in the order of the toolbar.
pub const KINDS: &[KindInfo] = &[KindInfo {
    id: "highlight",
    shapes: &[Shape::Text],
    zh: "高亮",
    en: "Highlight",
    colour: Colour::Yellow,
    recolours: true,
    notes: true,
    moves: false,
    resizes: false,
}];

/// The kind of this name, unless only a newer version knows it.
pub fn kind(id: &str) -> Option<&'static KindInfo> {
    KINDS.iter().find(|kind| kind.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::is_id;

    #[test]
    fn every_kind_can_be_made_and_named() {
        for (at, info) in KINDS.iter().enumerate() {
            assert!(is_id(info.id) && !info.shapes.is_empty() && !info.zh.is_empty() && !info.en.is_empty());
            assert_eq!(KINDS.iter().position(|other| other.id == info.id), Some(at));
            assert_eq!(kind(info.id), Some(info));
        }
    }
}
