//! What updates of a kind of document may contain.
//!
//! The decision, for ever: whatever one client may write, every later client must read, so a value type that
//! is let in once can never be taken out again. Values are null, booleans, 32-bit integers, 32- and 64-bit
//! floats, strings, bytes and arrays of these, three deep. Bytes come in two encodings, because stock Yjs
//! writes a `Uint8Array` set in a map as content of its own and one inside an array as a value. There are no
//! objects (a map that merges is a shared type, one that does not is an array), no bigints (JSON and half the
//! clients lose them) and no undefined (it says nothing that a missing key does not). Nested shared types are
//! maps and texts: arrays that merge invite order by position, which a list of marks or strokes does not need.

/// A shared type of the CRDT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// Keys with values; the last writer of a key wins.
    Map,
    /// Characters; concurrent insertions merge.
    Text,
}

/// A content kind besides deleted content and collected garbage, which every document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Characters of a text.
    Characters,
    /// Plain values.
    Values,
    /// Bytes set as the value of a map's key.
    Bytes,
    /// A nested shared type.
    Shared(Shared),
}

/// A type of plain value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool,
    /// Up to 31 bits and a sign, as lib0 writes them.
    Integer,
    Float32,
    Float64,
    String,
    Bytes,
    Array,
}

/// What updates of a kind of document may contain.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Roots by name.
    pub roots: &'static [(&'static str, Shared)],
    /// Content kinds.
    pub contents: &'static [Content],
    /// Value types.
    pub values: &'static [Value],
    /// How deep arrays may nest.
    pub depth: u32,
}

/// The value types of every document.
pub const VALUES: &[Value] = &[
    Value::Null,
    Value::Bool,
    Value::Integer,
    Value::Float32,
    Value::Float64,
    Value::String,
    Value::Bytes,
    Value::Array,
];

/// How deep arrays nest in every document: a list of lists of numbers is two deep.
pub const DEPTH: u32 = 3;

impl Schema {
    pub(crate) fn root(&self, name: &str) -> Option<Shared> {
        self.roots.iter().find(|(root, _)| *root == name).map(|(_, shared)| *shared)
    }

    pub(crate) fn allows(&self, content: Content) -> bool {
        self.contents.contains(&content)
    }

    pub(crate) fn allows_value(&self, value: Value) -> bool {
        self.values.contains(&value)
    }
}
