//! The search index of a material, made from its stored page texts.

use evolume_model::search::{SCHEMA_VERSION, Writer};
use evolume_model::volume::{Material, SearchIndex};

use super::{IngestError, sheets};
use crate::rights::Permit;
use crate::store::Store;

/// Indexes every page, also those without a text: a document's number is its page's index.
pub async fn make(store: &Store, permit: &Permit, material: &Material) -> Result<SearchIndex, IngestError> {
    let mut writer = Writer::new()?;
    for sheet in &material.sheets {
        for text in sheets::texts(store, permit, sheet).await? {
            writer.add(text.as_str())?;
        }
    }
    let blob = store.put(writer.finish()?).await?;
    Ok(SearchIndex { schema: SCHEMA_VERSION, blob, at: None })
}
