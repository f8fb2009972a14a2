//! Pages: their numbers, and their texts out of the store.

use evolume_model::page::{Numbering, PageRef};
use evolume_model::text::{PageText, TextError};
use evolume_model::volume::Manifest;

use crate::rights::Permit;
use crate::store::{Store, StoreError};

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no such page.
    #[error("the volume has no such page")]
    NoPage,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored text is none.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// The number of a page in a volume as it is now, from 1; `None` when it is not there.
pub fn number_of(manifest: &Manifest, page: &PageRef) -> Option<u32> {
    let material = manifest.materials.iter().position(|material| material.id == page.material)?;
    let numbering = Numbering::new(manifest.materials.iter().map(|material| material.pages.len()));
    let number = numbering.pages_of(u32::try_from(material).ok()?).nth(page.index as usize)?;
    u32::try_from(number + 1).ok()
}

/// A page's text, by volume page number from 1.
pub async fn page_text(
    store: &Store,
    permit: &Permit,
    manifest: &Manifest,
    number: u32,
) -> Result<PageText, PageError> {
    let (material, index) = manifest.locate(number as usize).ok_or(PageError::NoPage)?;
    let Some((blob, range)) = material.text_of(index as u32) else { return Ok(PageText::default()) };
    let range = u64::from(range.start)..u64::from(range.end);
    let bytes = store.blobs(permit).slice(&blob.sha256, range).await?;
    Ok(PageText::decode(&bytes)?)
}

/// The same by the volume's id.
pub async fn text(store: &Store, permit: &Permit, volume: &str, number: u32) -> Result<PageText, PageError> {
    let (_, manifest) = store.manifest_of(permit, volume).await?;
    page_text(store, permit, &manifest, number).await
}
