//! Layers: the audiences of annotations.

use serde::{Deserialize, Serialize};

use super::name::is_id;

/// Whose annotations a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// One's own.
    Private,
    /// The panel's.
    Panel,
    /// A committee meeting's.
    Meeting,
    /// Everybody's who may read the volume.
    Everybody,
}

impl LayerKind {
    pub const ALL: [Self; 4] = [Self::Private, Self::Panel, Self::Meeting, Self::Everybody];
}

/// The audience of annotations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LayerId {
    Private(String),
    Panel,
    Meeting(String),
    /// Everybody who may read the volume.
    Everybody,
}

impl LayerId {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "panel" => Some(Self::Panel),
            "everybody" => Some(Self::Everybody),
            _ => {
                let (kind, id) = text.split_once('-')?;
                match kind {
                    "private" if is_id(id) => Some(Self::Private(id.to_owned())),
                    "meeting" if is_id(id) => Some(Self::Meeting(id.to_owned())),
                    _ => None,
                }
            }
        }
    }

    pub fn kind(&self) -> LayerKind {
        match self {
            Self::Private(_) => LayerKind::Private,
            Self::Panel => LayerKind::Panel,
            Self::Meeting(_) => LayerKind::Meeting,
            Self::Everybody => LayerKind::Everybody,
        }
    }
}

impl std::fmt::Display for LayerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Private(principal) => write!(f, "private-{principal}"),
            Self::Panel => f.write_str("panel"),
            Self::Meeting(meeting) => write!(f, "meeting-{meeting}"),
            Self::Everybody => f.write_str("everybody"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_names() {
        for name in ["panel", "everybody", "private-0af3", "meeting-2026_1"] {
            assert_eq!(LayerId::parse(name).unwrap().to_string(), name);
        }
        for name in ["", "private-", "private", "meeting-a/b", "Panel", "panel-x", "private-%00"] {
            assert_eq!(LayerId::parse(name), None, "{name}");
        }
    }
}
