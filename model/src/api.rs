//! The bodies of HTTP requests and responses, apart from the manifest.

mod people;

use serde::{Deserialize, Serialize};

pub use self::people::*;
pub use crate::access::LayerKind;
use crate::access::{CaseState, Role};
use crate::code::Code;
use crate::volume::VolumeClass;

/// An error as the server answers it (RFC 9457 problem document).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code; the interface translates it.
    pub code: Code,
    /// One short English sentence.
    pub title: String,
}

/// A case in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseSummary {
    /// Opaque id.
    pub id: String,
    /// 案号.
    pub number: String,
    /// 案由.
    pub title: String,
    /// 法院.
    pub court: String,
    /// How far it is.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<CaseState>"))]
    #[serde(default = "CaseState::pending", skip_serializing_if = "CaseState::is_pending")]
    pub state: CaseState,
    /// What whoever asks is to it.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<Role>>"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Whether they may say who its members are.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grants: bool,
    /// In order.
    pub volumes: Vec<VolumeSummary>,
}

/// A volume in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VolumeSummary {
    /// Opaque id.
    pub id: String,
    /// E.g. 正卷.
    pub title: String,
    /// Confidentiality class.
    pub class: VolumeClass,
    /// Number of pages at this revision.
    pub pages: u32,
    /// Number of materials at this revision.
    pub materials: u32,
    /// Counts up with every change.
    pub revision: u32,
}

/// A layer that one may open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LayerSummary {
    /// The room's name.
    pub id: String,
    /// Whose it is.
    pub kind: LayerKind,
    /// Whether one may make marks in it.
    pub write: bool,
    /// Whether one may also change and remove the marks of others.
    pub write_others: bool,
}
