//! What decides: one rule, named, so that it can be told to whoever asks why.

use serde::{Deserialize, Serialize};

/// The rule that decided a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The role may do this.
    Allowed,
    /// Somebody who has no role in the case.
    NoRole,
    /// Administering the house shows no content by itself.
    House,
    /// Without a part in the case only public volumes are there.
    PublicOnly,
    /// An internal volume (副卷) never leaves the court.
    InternalStays,
    /// This role has the case when it is closed, and not before.
    NotYet,
    /// The role does not do this.
    NotOfRole,
    /// The layer is not for this role.
    LayerClosed,
    /// There is no such act there: marks of one's own are not shared ones.
    Misplaced,
    /// An archived case is not changed.
    Frozen,
    /// The volume is withheld from one of the person's roles.
    Withheld,
    /// Materials of the volume are withheld from one of the person's roles, and marks in shared layers may quote them.
    PartlyWithheld,
    /// Another person's private layer.
    AnotherPersons,
    /// A mark needs an author.
    Nameless,
}

impl Rule {
    pub fn allows(self) -> bool {
        self == Self::Allowed
    }

    /// How near to being allowed: of several refusals the last one that was come to says most.
    pub(super) fn depth(self) -> u8 {
        match self {
            Self::NoRole => 0,
            Self::House | Self::PublicOnly => 1,
            Self::InternalStays | Self::NotYet => 2,
            Self::Misplaced | Self::LayerClosed => 3,
            Self::NotOfRole => 4,
            Self::Frozen | Self::Nameless => 5,
            Self::Withheld | Self::PartlyWithheld | Self::AnotherPersons => 6,
            Self::Allowed => 7,
        }
    }
}
