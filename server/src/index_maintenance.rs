//! Keeps what is searched in order: an index of another format is made anew, and those of many small
//! materials are put into one bundle.

use std::collections::HashMap;
use std::time::Duration;

use evolume_model::volume::{Blob, Manifest, SearchIndex};

use crate::ingest::{IngestError, index};
use crate::rights::{Act, Permit};
use crate::store::{Store, StoreError};

/// How soon a change is noticed.
const INTERVAL: Duration = Duration::from_secs(5);
/// So many requests a reader makes before a bundle saves any.
const LOOSE: usize = 32;
/// A larger index, in bytes, is worth a request of its own.
const SMALL: u64 = 256 << 10;
/// No bundle has more bytes.
const BUNDLE: u64 = 64 << 20;

/// What was to be done for a volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Indexes that were made anew.
    pub indexes: usize,
    /// Whether there is another bundle.
    pub bundled: bool,
}

/// Looks at every volume, and again whenever it has changed, but for one whose scans are just being read:
/// its indexes are not the last ones.
pub async fn run(store: &Store) {
    let mut seen: HashMap<String, i64> = HashMap::new();
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let states = match store.volume_states().await {
            Ok(states) => states,
            Err(error) => {
                tracing::error!(%error, "the volumes cannot be listed; once more soon");
                continue;
            }
        };
        for state in states {
            let known = seen.insert(state.volume.clone(), state.revision);
            if known == Some(state.revision) || (known.is_some() && state.pending) {
                continue;
            }
            let volume = &state.volume;
            match self::volume(store, volume).await {
                Ok(Done { indexes: 0, bundled: false }) => {}
                Ok(Done { indexes, bundled }) => {
                    tracing::info!(%volume, indexes, bundled, "the index is in order");
                }
                Err(error) => {
                    tracing::error!(%volume, %error, "the index cannot be put in order");
                    if matches!(&error, IngestError::Store(error) if error.may_pass()) {
                        seen.remove(volume);
                    }
                }
            }
        }
    }
}

/// Puts a volume in order. A material whose texts cannot be read keeps the index that it has.
pub async fn volume(store: &Store, volume: &str) -> Result<Done, IngestError> {
    let permit = &Permit::server(Act::Index);
    // What was indexed for a revision that came too late is not indexed again.
    let mut made: HashMap<Vec<Blob>, SearchIndex> = HashMap::new();
    store
        .revise(permit, volume, async |manifest| {
            let mut done = Done::default();
            for material in &mut manifest.materials {
                if material.searchable().is_some() {
                    continue;
                }
                let texts: Vec<Blob> = material.sheets.iter().map(|sheet| sheet.texts.clone()).collect();
                let new = match made.get(&texts) {
                    Some(known) => known.clone(),
                    None => match index::make(store, permit, material).await {
                        Ok(new) => new,
                        Err(error) => {
                            tracing::error!(%volume, material = material.title, %error, "not indexed");
                            continue;
                        }
                    },
                };
                made.insert(texts, new.clone());
                material.index = Some(new);
                done.indexes += 1;
            }
            done.bundled = bundle(store, permit, manifest).await?;
            Ok(done)
        })
        .await
}

/// Makes a bundle where the one that is there leaves too many small indexes out.
async fn bundle(store: &Store, permit: &Permit, manifest: &mut Manifest) -> Result<bool, StoreError> {
    let mut room = BUNDLE;
    let mut small: Vec<usize> = Vec::new();
    let mut loose = 0;
    for (at, material) in manifest.materials.iter().enumerate() {
        if let (Some(blob), Some(index)) = (material.searchable(), &material.index)
            && blob.bytes <= SMALL.min(room)
        {
            room -= blob.bytes;
            loose += usize::from(index.at.is_none());
            small.push(at);
        }
    }
    if loose < LOOSE {
        return Ok(false);
    }
    manifest.materials.iter_mut().filter_map(|material| material.index.as_mut()).for_each(|index| {
        index.at = None;
    });
    let mut bytes = Vec::new();
    for at in small {
        let Some(index) = &mut manifest.materials[at].index else { continue };
        index.at = u32::try_from(bytes.len()).ok();
        bytes.extend_from_slice(&store.blobs(permit).read(&index.blob.sha256).await?);
    }
    manifest.bundle = Some(store.put(bytes).await?);
    Ok(true)
}
