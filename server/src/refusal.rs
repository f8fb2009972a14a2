//! Why a file is not taken: a stable code for whoever gave it, and a cause for the log.

use evolume_model::code::Code;

/// A refusal, the same however often one asks.
#[derive(Debug, thiserror::Error)]
#[error("{code} ({cause})")]
pub struct Refusal {
    /// Stable.
    pub code: Code,
    /// For the log.
    pub cause: String,
}

impl Refusal {
    /// From a cause of any kind.
    pub fn new(code: Code, cause: impl ToString) -> Self {
        Self { code, cause: cause.to_string() }
    }

    /// For `map_err`: the code with the error's own words.
    pub fn with<E: std::fmt::Debug>(code: Code) -> impl FnOnce(E) -> Self {
        move |error| Self { code, cause: format!("{error:?}") }
    }
}
