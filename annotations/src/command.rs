//! What a reader does to a layer, and who else is in its room.

use evolume_model::mark::{Colour, Target};
use evolume_model::page::PageRef;
use serde::{Deserialize, Serialize};

/// A mark to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewMark {
    /// Its id.
    pub id: String,
    /// What kind, by name.
    pub kind: String,
    /// On what.
    pub target: Target,
}

/// What the reader does to a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LayerCommand {
    /// Makes marks, in one step: what is selected over several pages has one on each.
    Add {
        /// In the order of their making.
        marks: Vec<NewMark>,
        /// In which colour.
        colour: Colour,
    },
    /// Says something about a mark.
    Note {
        /// Which.
        id: String,
        /// The whole note.
        note: String,
    },
    /// Gives a mark another colour.
    Colour {
        /// Which.
        id: String,
        /// In which colour.
        colour: Colour,
    },
    /// Removes a mark.
    Remove {
        /// Which.
        id: String,
    },
    /// Takes the last command back.
    Undo,
    /// Does again what was taken back.
    Redo,
}

/// Somebody who is here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Person {
    /// Principal id.
    pub id: String,
    /// Name, by the server.
    pub name: String,
    /// The page they are on, if they say.
    pub page: Option<PageRef>,
}
