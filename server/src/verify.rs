//! `evolume verify`: every blob against its hash, every manifest against its blobs, every blob of history
//! against what the database says of it.

use std::collections::BTreeMap;

use evolume_annotations::key::Scope;
use evolume_model::code::Code;
use futures::TryStreamExt;
use serde::Serialize;

use crate::ids;
use crate::rights::Permit;
use crate::store::{Named, Store, StoreError};

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
    /// Blobs that nothing names: left behind, superseded, or about to be named. The collector removes them in time.
    pub surplus: u64,
    /// Their bytes.
    pub surplus_bytes: u64,
    /// What is lost or damaged.
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
        match store.blobs(permit).check(&blob).await {
            Ok(()) => {}
            // Of the others nothing would be known either.
            Err(error) if error.may_pass() => return Err(error),
            Err(error) => report.problems.push(finding(&blob.sha256, None, &error)),
        }
        there.insert(blob.sha256, blob.bytes);
    }
    report.volumes = store.volume_states().await?.len() as u64;
    let mut references = store.references(permit, 0).await?;
    for (volume, manifest, error) in references.unreadable.drain(..) {
        report.problems.push(finding(&manifest, Some(&volume), &error));
    }
    let named: BTreeMap<String, Named> = references.blobs.into_iter().collect();
    for (sha256, named) in &named {
        let found = match there.get(sha256) {
            Some(bytes) => Some(*bytes),
            // It may have come since.
            None => store.blobs(permit).size(sha256).await?,
        };
        if found.is_some() && named.bytes.is_none_or(|bytes| found == Some(bytes)) {
            continue;
        }
        report.problems.push(Finding {
            code: if found.is_some() { Code::BlobCorrupt } else { Code::BlobMissing },
            sha256: sha256.clone(),
            volume: named.volume.clone(),
            detail: format!("{:?} bytes are named, {found:?} are there", named.bytes),
        });
    }
    for (_, bytes) in there.iter().filter(|(sha256, _)| !named.contains_key(*sha256)) {
        report.surplus += 1;
        report.surplus_bytes += bytes;
    }
    for chunk in store.chunks(permit).await? {
        // What is lost is told already.
        if there.contains_key(&chunk.blob.sha256)
            && let Err(error) = store.read_chunk(permit, &chunk).await
        {
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
