//! Ingest: files into a volume, one manifest after each.

mod error;
mod files;
mod fonts;
mod format;
pub(crate) mod index;
mod material;
mod playable;
mod recording;
mod repair;
mod run;
pub(crate) mod sheets;
mod sidecar;
mod subtitles;
mod unfold;

pub use error::IngestError;
pub use files::walk;
pub use run::{Intake, Outcome, Status, Watch, run};
