//! What of each volume is kept in memory: its manifest, read once for each revision, and the blobs it names.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use bytes::Bytes;
use evolume_model::volume::{Blob, Manifest};

use crate::rights::Permit;
use crate::store::{Current, Store, StoreError};

/// Volumes kept in memory.
const CACHED: usize = 64;

/// The volumes of a store.
#[derive(Clone, Debug)]
pub struct Library {
    store: Store,
    cache: Arc<RwLock<HashMap<String, Arc<LoadedVolume>>>>,
}

/// A manifest, and which blobs it allows to be read.
#[derive(Debug)]
pub struct LoadedVolume {
    current: Current,
    json: Bytes,
    manifest: Manifest,
    blobs: HashMap<String, (u64, &'static str)>,
}

impl LoadedVolume {
    fn new(current: Current, json: Bytes, manifest: Manifest) -> Self {
        let mut blobs = HashMap::new();
        for material in &manifest.materials {
            let mut name = |blob: &Blob, media: &'static str| {
                blobs.insert(blob.sha256.clone(), (blob.bytes, media));
            };
            material.derived().for_each(|blob| name(blob, "application/octet-stream"));
            name(&material.original, media_type(&material.media_type));
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
            }
            if let Some(guide) = &material.guide {
                name(&guide.blob, "application/json");
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
        Self { current, json, manifest, blobs }
    }

    /// Which revision this is.
    pub fn current(&self) -> &Current {
        &self.current
    }

    /// The manifest's bytes as they are kept.
    pub fn json(&self) -> &Bytes {
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

    /// A volume at this revision.
    pub async fn load(
        &self,
        permit: &Permit,
        volume: &str,
        current: Current,
    ) -> Result<Arc<LoadedVolume>, StoreError> {
        if !permit.covers(volume) {
            return Err(StoreError::NoVolume);
        }
        let cached = self.cache.read().ok().and_then(|cache| cache.get(volume).cloned());
        if let Some(loaded) = cached.filter(|loaded| loaded.current == current) {
            return Ok(loaded);
        }
        let (json, manifest) = self.store.manifest(permit, &current.manifest).await?;
        let loaded = Arc::new(LoadedVolume::new(current, json.into(), manifest));
        if let Ok(mut cache) = self.cache.write() {
            if cache.len() >= CACHED {
                cache.clear();
            }
            cache.insert(volume.to_owned(), Arc::clone(&loaded));
        }
        Ok(loaded)
    }
}
