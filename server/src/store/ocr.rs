//! Pages that OCR has read and that are in no manifest yet.

use super::database::{Database, sql, within};
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
        let row: Option<(String, Vec<u8>)> = sql!(
            fetch_optional,
            self.database,
            "SELECT scan, text FROM ocr_pages WHERE source = $1",
            source
        )?;
        Ok(row.map(|(scan, text)| ReadPage { scan, text }))
    }

    /// Keeps a page that has been read.
    pub async fn keep_ocr_page(&self, source: &str, page: &ReadPage) -> Result<(), StoreError> {
        sql!(
            execute,
            self.database,
            "INSERT INTO ocr_pages (source, scan, text) VALUES ($1, $2, $3) ON CONFLICT (source) DO NOTHING",
            source,
            &page.scan,
            page.text.as_slice(),
        )?;
        Ok(())
    }

    /// Lets pages go that are in a manifest now.
    pub async fn drop_ocr_pages(&self, sources: &[String]) -> Result<(), StoreError> {
        if let Database::Postgres(pool) = &self.database {
            let query = sqlx::query("DELETE FROM ocr_pages WHERE source = ANY($1)").bind(sources);
            within(query.execute(pool)).await?;
            return Ok(());
        }
        // SQLite knows no arrays; many small statements cost it nothing.
        let mut transaction = self.database.begin().await?;
        for source in sources {
            sql!(execute, transaction, "DELETE FROM ocr_pages WHERE source = $1", source)?;
        }
        transaction.commit().await
    }
}
