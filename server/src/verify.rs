//! `evolume verify`: every blob against its hash, every manifest against its blobs, every blob of history
//! against what the database says of it.

use std::collections::BTreeMap;

use evolume_annotations::key::Scope;
use evolume_model::code::Code;
use evolume_model::volume::Blob;
use futures::TryStreamExt;
use serde::Serialize;

use crate::ids;
use crate::rights::Permit;
use crate::store::{Store, StoreError};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: Code,
    /// The blob.
    pub sha256: String,
    /// The volume that names it, when one does.
    pub volume: Option<String>,
    /// One English sentence.
    pub detail: String,
}

/// What was looked at and found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Blobs read.
    pub blobs: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Volumes checked.
    pub volumes: u64,
    /// What is wrong.
    pub problems: Vec<Finding>,
}

/// Reads everything.
pub async fn run(store: &Store, permit: &Permit) -> Result<Report, StoreError> {
    let mut report = Report::default();
    // Which blobs are there with which length; only what cannot be read is missing here.
    let mut there = BTreeMap::new();
    let mut blobs = store.blobs(permit).list();
    while let Some(blob) = blobs.try_next().await? {
        if !ids::is_sha256(&blob.sha256) {
            continue;
        }
        report.blobs += 1;
        report.bytes += blob.bytes;
        if let Err(error) = store.blobs(permit).check(&blob).await {
            report.problems.push(finding(&blob.sha256, None, &error));
        }
        there.insert(blob.sha256, blob.bytes);
    }
    for volume in store.cases(permit).await?.into_iter().flat_map(|case| case.volumes) {
        report.volumes += 1;
        let Some(current) = store.current(&volume.id).await? else { continue };
        let (_, manifest) = match store.manifest(permit, &current.manifest).await {
            Ok(read) => read,
            Err(error) => {
                report.problems.push(finding(&current.manifest, Some(&volume.id), &error));
                continue;
            }
        };
        let named = manifest.derived().chain(manifest.received());
        let named: BTreeMap<&str, &Blob> = named.map(|blob| (blob.sha256.as_str(), blob)).collect();
        for (sha256, blob) in named {
            match there.get(sha256) {
                Some(bytes) if *bytes == blob.bytes => {}
                found => report.problems.push(Finding {
                    code: if found.is_some() { Code::BlobCorrupt } else { Code::BlobMissing },
                    sha256: sha256.to_owned(),
                    volume: Some(volume.id.clone()),
                    detail: format!("{} bytes are named, {found:?} are there", blob.bytes),
                }),
            }
        }
    }
    for chunk in store.chunks(permit).await? {
        if let Err(error) = store.read_chunk(permit, &chunk).await {
            let volume = match &chunk.key.scope {
                Scope::Volume(volume) => Some(volume.as_str()),
                Scope::Case(_) => None,
            };
            report.problems.push(finding(&chunk.blob.sha256, volume, &error));
        }
    }
    Ok(report)
}

fn finding(sha256: &str, volume: Option<&str>, error: &StoreError) -> Finding {
    Finding {
        code: error.code(),
        sha256: sha256.to_owned(),
        volume: volume.map(str::to_owned),
        detail: error.to_string(),
    }
}
