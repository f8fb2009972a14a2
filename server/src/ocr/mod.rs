//! Optical character recognition: the text of pages that have none, made after they can be read already.
//!
//! [`engine`] reads pictures and knows no pages; [`read`] makes a [`evolume_model::text::PageText`] of what it
//! reads; [`work`] goes through the pages of a store that are still to be read.

pub mod background;
pub mod engine;
mod queue;
pub mod read;
pub mod work;

pub use engine::{OcrError, Recognizer};
