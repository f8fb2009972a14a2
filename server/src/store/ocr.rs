//! Pages that OCR has read and that are in no manifest yet.

use sqlx::Row;

use super::{Store, StoreError};

/// A page that has been read and is in no manifest yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPage {
    /// A `Scan` as JSON.
    pub scan: String,
    /// An encoded `PageText`.
    pub text: Vec<u8>,
}

impl Store {
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
}
