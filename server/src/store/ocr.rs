//! What OCR leaves in SQL: pages that have been read, volumes that have some left, blobs of earlier manifests.

use evolume_model::volume::Blob;
use sqlx::{AnyConnection, Row};

use super::{Database, StoreError};

/// A page that has been read and is in no manifest yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPage {
    /// A `Scan` as JSON.
    pub scan: String,
    /// An encoded `PageText`.
    pub text: Vec<u8>,
}

impl Database {
    /// Volumes with pages that are still to be read.
    pub async fn pending_volumes(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT id FROM volumes WHERE pending > 0 ORDER BY case_id, position, id")
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?)
    }

    /// A page by its source, if it has been read.
    pub async fn ocr_page(&self, source: &str) -> Result<Option<ReadPage>, StoreError> {
        let row = sqlx::query("SELECT scan, text FROM ocr_pages WHERE source = $1")
            .bind(source)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(ReadPage { scan: row.try_get("scan")?, text: row.try_get("text")? })).transpose()
    }

    /// Keeps a page that has been read.
    pub async fn keep_ocr_page(&self, source: &str, page: &ReadPage) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO ocr_pages (source, scan, text) VALUES ($1, $2, $3) ON CONFLICT (source) DO NOTHING",
        )
        .bind(source)
        .bind(&page.scan)
        .bind(page.text.clone())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lets pages go that are in a manifest now.
    pub async fn drop_ocr_pages(&self, sources: &[String]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for source in sources {
            sqlx::query("DELETE FROM ocr_pages WHERE source = $1")
                .bind(source)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Notes blobs that the volume's next manifest does not name any more.
    pub async fn supersede(&self, volume: &str, blobs: &[Blob]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for blob in blobs {
            note_superseded(&mut transaction, volume, blob).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The length of a blob that an earlier manifest of the volume named, or of such a manifest.
    pub async fn superseded(&self, volume: &str, sha256: &str) -> Result<Option<u64>, StoreError> {
        let row = sqlx::query("SELECT bytes FROM superseded WHERE volume = $1 AND sha256 = $2")
            .bind(volume)
            .bind(sha256)
            .fetch_optional(&self.pool)
            .await?;
        let bytes = row.map(|row| row.try_get::<i64, _>("bytes")).transpose()?;
        Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()))
    }
}

/// Notes a blob as one that outlives the manifest.
pub(super) async fn note_superseded(
    transaction: &mut AnyConnection,
    volume: &str,
    blob: &Blob,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO superseded (volume, sha256, bytes) VALUES ($1, $2, $3) \
         ON CONFLICT (volume, sha256) DO NOTHING",
    )
    .bind(volume)
    .bind(&blob.sha256)
    .bind(i64::try_from(blob.bytes).unwrap_or(i64::MAX))
    .execute(transaction)
    .await?;
    Ok(())
}
