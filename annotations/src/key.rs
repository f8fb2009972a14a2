//! What a shared document is called: the case or the volume that it belongs to, and its name there.

use evolume_model::access::{MAX_ID, is_id};

/// Whose a document is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// A case's, by its id.
    Case(String),
    /// A volume's, by its id.
    Volume(String),
}

impl Scope {
    /// `case` or `volume`, as it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Case(_) => "case",
            Self::Volume(_) => "volume",
        }
    }

    /// The id of the case or volume.
    pub fn id(&self) -> &str {
        match self {
            Self::Case(id) | Self::Volume(id) => id,
        }
    }

    /// Reads what [`Self::kind`] and [`Self::id`] gave.
    pub fn from_parts(kind: &str, id: String) -> Option<Self> {
        match kind {
            "case" => Some(Self::Case(id)),
            "volume" => Some(Self::Volume(id)),
            _ => None,
        }
    }
}

/// One document, and so one room.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocKey {
    /// Whose it is.
    pub scope: Scope,
    /// In a volume: the layer's id.
    pub name: String,
}

/// A name is a word before an id, like `private-ID`.
const MAX_NAME: usize = MAX_ID + 16;

impl DocKey {
    /// A volume's document, as every layer is.
    pub fn of_volume(volume: impl Into<String>, name: impl Into<String>) -> Self {
        Self { scope: Scope::Volume(volume.into()), name: name.into() }
    }

    /// Whether id and name can be such; a client may say anything.
    pub fn is_valid(&self) -> bool {
        let name = self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_id(self.scope.id()) && !self.name.is_empty() && self.name.len() <= MAX_NAME && name
    }
}

impl std::fmt::Display for DocKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.scope.kind(), self.scope.id(), self.name)
    }
}
