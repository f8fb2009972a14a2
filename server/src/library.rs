//! What of each volume is kept in memory: its manifest, read once for each revision, and the blobs it names.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use evolume_model::volume::{Blob, Manifest};

use crate::packed::Packed;
use crate::rights::Permit;
use crate::store::{Current, Store, StoreError, sha256};

/// Bytes of manifests that are kept in memory; what they become there is a few times as much.
const KEPT: usize = 128 << 20;

/// The volumes of a store.
#[derive(Clone, Debug)]
pub struct Library {
    store: Store,
    cache: Arc<Mutex<Cache>>,
}

/// A volume, without materials that are withheld from some of its readers.
type Key = (String, Vec<String>);

#[derive(Debug, Default)]
struct Cache {
    volumes: HashMap<Key, Kept>,
    /// Counts the times that something was taken out.
    clock: u64,
}

#[derive(Debug)]
struct Kept {
    volume: Arc<LoadedVolume>,
    used: u64,
}

impl Cache {
    fn get(&mut self, key: &Key, current: &Current) -> Option<Arc<LoadedVolume>> {
        self.clock += 1;
        let kept = self.volumes.get_mut(key).filter(|kept| kept.volume.of == *current)?;
        kept.used = self.clock;
        Some(Arc::clone(&kept.volume))
    }

    /// Keeps a volume, and lets go of those that nobody has wanted for longest.
    fn put(&mut self, key: Key, loaded: &Arc<LoadedVolume>) {
        self.volumes.insert(key, Kept { volume: Arc::clone(loaded), used: self.clock });
        let mut bytes: usize = self.volumes.values().map(|kept| kept.volume.json().len()).sum();
        while bytes > KEPT && self.volumes.len() > 1 {
            let oldest = self.volumes.iter().min_by_key(|(_, kept)| kept.used).map(|(id, _)| id.clone());
            let Some(gone) = oldest.and_then(|oldest| self.volumes.remove(&oldest)) else { return };
            bytes -= gone.volume.json().len();
        }
    }
}

/// A manifest, and which blobs it allows to be read.
#[derive(Debug)]
pub struct LoadedVolume {
    /// What the store has.
    of: Current,
    /// The same, or, where something is left out, what that makes of it.
    current: Current,
    whole: bool,
    json: Packed,
    manifest: Manifest,
    blobs: HashMap<String, (u64, &'static str)>,
}

impl LoadedVolume {
    fn new(of: Current, json: Bytes, manifest: Manifest) -> Self {
        let mut blobs = HashMap::new();
        for material in &manifest.materials {
            let mut name = |blob: &Blob, media: &'static str| {
                blobs.insert(blob.sha256.clone(), (blob.bytes, media));
            };
            material.derived().for_each(|blob| name(blob, "application/octet-stream"));
            // Not the file as it was received: to have that is another right than to read.
            for pdf in material.parts.iter().map(|part| &part.blob).chain(&material.converted) {
                name(pdf, "application/pdf");
            }
            for sheet in &material.sheets {
                name(&sheet.thumbs, "image/jpeg");
            }
            if let Some(recording) = &material.recording {
                for json in recording.waveform.iter().chain(&recording.transcript) {
                    name(json, "application/json");
                }
                if let Some(playable) = &recording.playable {
                    name(&playable.blob, media_type(&playable.media_type));
                }
            }
            if let Some(navigation) = &material.navigation {
                name(&navigation.blob, "application/json");
            }
            for font in &material.fonts {
                name(&font.blob, "font/otf");
            }
            for image in material.pages.iter().filter_map(|page| page.image.as_ref()) {
                name(&image.blob, media_type(&image.media_type));
            }
        }
        if let Some(bundle) = &manifest.bundle {
            blobs.insert(bundle.sha256.clone(), (bundle.bytes, "application/octet-stream"));
        }
        Self { current: of.clone(), of, whole: true, json: Packed::new(json), manifest, blobs }
    }

    /// The volume as if there were no such materials: nothing that it names or counts tells of them.
    fn without(of: Current, mut manifest: Manifest, hidden: &[String]) -> Result<Self, StoreError> {
        manifest.materials.retain(|material| !hidden.contains(&material.id));
        // It holds the indexes of all of them.
        manifest.bundle = None;
        if manifest.pending() == 0 {
            manifest.unread = None;
        }
        let json = serde_json::to_vec(&manifest)?;
        let current = Current { manifest: sha256(&json), ..of.clone() };
        Ok(Self { current, whole: false, ..Self::new(of, json.into(), manifest) })
    }

    /// Whether nothing is withheld. If something is, earlier revisions and what they name are not for its readers.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Which revision this is.
    pub fn current(&self) -> &Current {
        &self.current
    }

    /// The manifest's bytes as they are stored.
    pub fn json(&self) -> &Bytes {
        self.json.plain()
    }

    /// The same, to be sent in any form.
    pub fn packed(&self) -> &Packed {
        &self.json
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Length and media type of a blob that the manifest names.
    pub fn blob(&self, sha256: &str) -> Option<(u64, &'static str)> {
        self.blobs.get(sha256).copied()
    }
}

/// Only types that are known are named to browsers.
pub fn media_type(received: &str) -> &'static str {
    const KNOWN: [&str; 17] = [
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/tiff",
        "audio/mpeg",
        "audio/aac",
        "audio/wav",
        "audio/ogg",
        "audio/flac",
        "audio/mp4",
        "audio/webm",
        "video/ogg",
        "video/mp4",
        "video/webm",
        "video/mpeg",
        "video/x-msvideo",
    ];
    KNOWN.into_iter().find(|known| *known == received).unwrap_or("application/octet-stream")
}

impl Library {
    /// Over this store.
    pub fn new(store: Store) -> Self {
        Self { store, cache: Arc::default() }
    }

    /// A volume at this revision, without these materials.
    pub async fn load(
        &self,
        permit: &Permit,
        volume: &str,
        current: Current,
        hidden: &[String],
    ) -> Result<Arc<LoadedVolume>, StoreError> {
        if !permit.covers(volume) {
            return Err(StoreError::NoVolume);
        }
        let key = (volume.to_owned(), hidden.to_vec());
        if let Some(loaded) = self.cache().get(&key, &current) {
            return Ok(loaded);
        }
        let (json, manifest) = self.store.manifest(permit, &current.manifest).await?;
        let loaded = if hidden.is_empty() {
            LoadedVolume::new(current, json.into(), manifest)
        } else {
            LoadedVolume::without(current, manifest, hidden)?
        };
        let loaded = Arc::new(loaded);
        self.cache().put(key, &loaded);
        Ok(loaded)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
