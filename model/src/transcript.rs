//! The transcript of a recording, line by line.

use serde::{Deserialize, Serialize};

/// A transcript or the subtitles that came with a recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Transcript {
    /// In order. The text of the recording's page is these lines, each ended by `\n`.
    pub lines: Vec<Line>,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Line {
    /// Seconds from the beginning, when it is known.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f32>,
    /// When it ends, when that is known.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<f32>,
    /// Who says what.
    pub text: String,
}
