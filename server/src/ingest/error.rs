//! Why a file gave no material.

use std::io::ErrorKind;

use evolume_model::code::Code;
use evolume_model::search::IndexError;

use crate::office::ConvertError;
use crate::pdfium::CallError;
use crate::pictures::PictureError;
use crate::refusal::Refusal;
use crate::store::StoreError;

/// Why a file gave no material.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file is at fault.
    #[error("{code} ({cause})")]
    Refused {
        /// Stable code.
        code: Code,
        /// For the log.
        cause: String,
    },
    /// The store is at fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The texts cannot be indexed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The disk is at fault.
    #[error("the disk: {0}")]
    Io(#[from] std::io::Error),
}

impl IngestError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Refused { code, .. } => *code,
            Self::Store(error) => error.code(),
            Self::Index(_) => Code::ServerInternal,
            Self::Io(error) if error.kind() == ErrorKind::StorageFull => Code::StoreFull,
            Self::Io(_) => Code::ServerInternal,
        }
    }
}

impl From<CallError> for IngestError {
    fn from(error: CallError) -> Self {
        Self::Refused { code: error.file_code(), cause: error.to_string() }
    }
}

impl From<Refusal> for IngestError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { code: refusal.code, cause: refusal.cause }
    }
}

impl From<ConvertError> for IngestError {
    fn from(error: ConvertError) -> Self {
        match error {
            ConvertError::Refused(refusal) => refusal.into(),
            ConvertError::Io(error) => Self::Io(error),
        }
    }
}

impl From<PictureError> for IngestError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Refused(refusal) => refusal.into(),
            PictureError::Call(error) => error.into(),
            PictureError::Io(error) => Self::Io(error),
        }
    }
}
