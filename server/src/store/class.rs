//! Volume classes as the database has them.

use evolume_model::volume::VolumeClass;

/// A volume class as stored.
pub fn name(class: VolumeClass) -> &'static str {
    match class {
        VolumeClass::Main => "main",
        VolumeClass::Internal => "internal",
        VolumeClass::Evidence => "evidence",
        VolumeClass::Public => "public",
    }
}

/// Reads what [`name`] wrote; anything else is the most confidential.
pub fn read(name: &str) -> VolumeClass {
    match name {
        "main" => VolumeClass::Main,
        "evidence" => VolumeClass::Evidence,
        "public" => VolumeClass::Public,
        _ => VolumeClass::Internal,
    }
}
