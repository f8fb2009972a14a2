//! What the page asks of its render workers, and what they answer.

use evolume_model::code::Code;
use evolume_model::fonts::Face;
use serde::{Deserialize, Serialize};

/// Asks a render worker for a piece of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RenderRequest {
    /// Comes back in the reply.
    pub job: u32,
    /// Absolute URL of the part.
    pub url: String,
    /// Expected SHA-256 of the part.
    pub sha256: String,
    /// Index of the page in the part's PDF.
    pub page: u32,
    /// Width of the whole page at the asked scale, in device pixels, as displayed (rotated).
    pub page_width: u32,
    /// Height of the whole page at the asked scale.
    pub page_height: u32,
    /// The wanted piece in those pixels: left, upper edge, width, height.
    pub piece: [u32; 4],
    /// Render this many times larger in both directions and scale down (1 for none).
    pub oversample: u32,
    /// Fetch the part past the browser's cache: the cached bytes were bad.
    pub fresh: bool,
    /// Opens the part, when it is a reader's own file and locked.
    pub password: Option<String>,
    /// What stands in for fonts that the part does not embed.
    pub fonts: Vec<FontRequest>,
}

/// A font for a render worker to fetch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FontRequest {
    /// What it stands in for.
    pub face: Face,
    /// Absolute URL.
    pub url: String,
    /// Expected SHA-256.
    pub sha256: String,
}

/// A render worker's answer; the pixels travel beside it, RGBA in rows from above.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum RenderReply {
    /// The worker is up.
    Ready,
    /// The part is there: from here on the time counts.
    Drawing {
        /// The request's job.
        job: u32,
    },
    /// The piece is there.
    Done {
        /// The request's job.
        job: u32,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// It could not be made.
    Failed {
        /// The request's job.
        job: u32,
        /// Why.
        code: Code,
    },
}
