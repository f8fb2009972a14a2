//! The search index of a material, made from its stored page texts.

use evolume_model::search::{SCHEMA_VERSION, Writer};
use evolume_model::text::PageText;
use evolume_model::volume::{Material, SearchIndex};

use super::IngestError;
use crate::store::{Store, StoreError};

/// Indexes every page, also those without a text: a document's number is its page's index.
pub async fn make(store: &Store, material: &Material) -> Result<SearchIndex, IngestError> {
    let mut writer = Writer::new()?;
    for sheet in &material.sheets {
        let pack = store.blobs().read(&sheet.texts.sha256).await?;
        let corrupt = || StoreError::Corrupt(sheet.texts.sha256.clone());
        let mut start = 0;
        for end in &sheet.text_ends {
            let bytes = pack.get(start..*end as usize).ok_or_else(corrupt)?;
            let text = if bytes.is_empty() {
                PageText::default()
            } else {
                PageText::decode(bytes).map_err(|_| corrupt())?
            };
            writer.add(text.as_str())?;
            start = *end as usize;
        }
    }
    let blob = store.put(writer.finish()?).await?;
    Ok(SearchIndex { schema: SCHEMA_VERSION, blob, at: None })
}
