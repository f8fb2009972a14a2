//! How manifests are stored. A small one is a blob of its JSON. A large one is divided: a blob for each material,
//! lists of those blobs (chapters), and a head that names the lists. The next revision shares with the one before all
//! that is the same in both, so that a volume to which one file after the other is added does not keep every material
//! as often as files came after it. A manifest's name is the hash of its head, its content the same JSON either way.

use std::collections::{HashMap, HashSet};

use evolume_model::volume::{Blob, MANIFEST_FORMAT, Manifest, Material};
use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::rights::Permit;

/// The format of a head.
const DIVIDED: u32 = 2;
/// A manifest with more bytes of JSON is divided. What smaller ones keep twice is little in all.
const WHOLE: usize = 32 << 10;
/// Materials of one list. With 500 materials list and head have about the same length.
const CHAPTER: usize = 32;
const AT_ONCE: usize = 16;

/// What a head has beside the manifest without its materials.
#[derive(Deserialize)]
struct Chapters {
    chapters: Vec<Blob>,
}

#[derive(Serialize)]
struct Head<'a> {
    #[serde(flatten)]
    manifest: &'a Manifest,
    chapters: &'a [Blob],
}

/// A manifest and the blobs that it is stored in.
#[derive(Clone, Debug)]
pub(super) struct StoredManifest {
    pub(super) manifest: Manifest,
    /// The manifest's own blob.
    pub(super) head: Blob,
    /// Lists of the following; none where the manifest is whole.
    chapters: Vec<Blob>,
    /// For each material.
    materials: Vec<Blob>,
}

impl StoredManifest {
    /// Every blob that somebody needs who has the manifest's name.
    pub(super) fn needed(&self) -> impl Iterator<Item = &Blob> {
        let own = std::iter::once(&self.head).chain(&self.chapters).chain(&self.materials);
        own.chain(self.manifest.derived()).chain(self.manifest.received())
    }

    fn is_whole(&self) -> bool {
        self.chapters.is_empty()
    }
}

impl Store {
    /// A manifest as JSON and read; whichever way it is stored.
    pub async fn manifest(&self, _: &Permit, sha256: &str) -> Result<(Vec<u8>, Manifest), StoreError> {
        let (stored, json) = self.read_manifest(sha256).await?;
        if stored.is_whole() {
            return Ok((json, stored.manifest));
        }
        Ok((serde_json::to_vec(&stored.manifest)?, stored.manifest))
    }

    /// A manifest and the bytes of its own blob.
    pub(super) async fn read_manifest(&self, sha256: &str) -> Result<(StoredManifest, Vec<u8>), StoreError> {
        let bytes = self.blobs.read(sha256).await?.to_vec();
        let head = Blob { sha256: sha256.to_owned(), bytes: bytes.len() as u64 };
        let mut manifest: Manifest = serde_json::from_slice(&bytes)?;
        let (mut chapters, mut materials) = (Vec::new(), Vec::new());
        match manifest.format {
            MANIFEST_FORMAT => {}
            DIVIDED => {
                Chapters { chapters } = serde_json::from_slice(&bytes)?;
                let lists: Vec<Vec<Blob>> = self.read_all(&chapters).await?;
                materials = lists.concat();
                manifest.materials = self.read_all(&materials).await?;
                manifest.format = MANIFEST_FORMAT;
            }
            format => return Err(StoreError::Format(format)),
        }
        Ok((StoredManifest { manifest, head, chapters, materials }, bytes))
    }

    async fn read_all<T: for<'de> Deserialize<'de>>(&self, blobs: &[Blob]) -> Result<Vec<T>, StoreError> {
        let read = |blob: Blob| async move {
            let bytes = self.blobs.read(&blob.sha256).await?;
            Ok(serde_json::from_slice(&bytes)?)
        };
        futures::stream::iter(blobs.to_vec()).map(read).buffered(AT_ONCE).try_collect().await
    }

    /// Stores a manifest; what it has in common with the one before it is there already.
    pub(super) async fn write_manifest(
        &self,
        manifest: Manifest,
        before: Option<&StoredManifest>,
    ) -> Result<StoredManifest, StoreError> {
        let divided = before.filter(|before| !before.is_whole());
        if divided.is_none() {
            let json = serde_json::to_vec(&manifest)?;
            if json.len() <= WHOLE {
                let head = self.put(json).await?;
                return Ok(StoredManifest { manifest, head, chapters: Vec::new(), materials: Vec::new() });
            }
        }
        let known: HashMap<&str, (&Material, &Blob)> = divided
            .into_iter()
            .flat_map(|before| before.manifest.materials.iter().zip(&before.materials))
            .map(|(material, blob)| (material.id.as_str(), (material, blob)))
            .collect();
        let named = |material: &Material| {
            let known = known.get(material.id.as_str()).filter(|(known, _)| *known == material);
            known.map(|(_, blob)| (*blob).clone())
        };
        let put = |material: &Material| {
            let known = named(material).ok_or_else(|| serde_json::to_vec(material));
            async move {
                match known {
                    Ok(blob) => Ok(blob),
                    Err(json) => self.put(json?).await,
                }
            }
        };
        let puts: Vec<_> = manifest.materials.iter().map(put).collect();
        let materials: Vec<Blob> =
            futures::stream::iter(puts).buffered(AT_ONCE).try_collect::<Vec<Blob>>().await?;
        let lists: HashSet<&Blob> = divided.into_iter().flat_map(|before| &before.chapters).collect();
        let mut chapters = Vec::new();
        for list in materials.chunks(CHAPTER) {
            let json = serde_json::to_vec(list)?;
            let blob = Blob { sha256: super::sha256(&json), bytes: json.len() as u64 };
            chapters.push(if lists.contains(&blob) { blob } else { self.put(json).await? });
        }
        let head = self.put(head(&manifest, &chapters)?).await?;
        Ok(StoredManifest { manifest, head, chapters, materials })
    }
}

fn head(manifest: &Manifest, chapters: &[Blob]) -> serde_json::Result<Vec<u8>> {
    let Manifest { volume, revision, case_number, case_title, title, class, unread, bundle, .. } = manifest;
    let manifest = &Manifest {
        format: DIVIDED,
        volume: volume.clone(),
        revision: *revision,
        case_number: case_number.clone(),
        case_title: case_title.clone(),
        title: title.clone(),
        class: *class,
        materials: Vec::new(),
        unread: *unread,
        bundle: bundle.clone(),
    };
    serde_json::to_vec(&Head { manifest, chapters })
}
