//! The bodies of HTTP requests and responses, apart from the manifest.

use serde::{Deserialize, Serialize};

use crate::access::Principal;
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

/// Who one is to the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The principal; its id is empty when nobody is known.
    pub principal: Principal,
    /// Whether one may choose a name oneself.
    pub provisional: bool,
}

/// Asks for a provisional name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionRequest {
    /// As others are to see it.
    pub name: String,
}

/// Whose annotations a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
