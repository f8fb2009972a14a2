//! Cases and volumes in SQL that SQLite and PostgreSQL both understand.

use std::path::Path;

use evolume_model::api::{CaseSummary, VolumeSummary};
use evolume_model::volume::{Blob, Manifest};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, Executor, Row};

use super::ocr::note_superseded;
use super::{StoreError, class_name, class_of};

const CONNECTIONS: u32 = 8;

/// The database.
#[derive(Clone, Debug)]
pub struct Database {
    pub(super) pool: AnyPool,
}

/// A volume's newest manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Revision.
    pub revision: u32,
    /// SHA-256 of the manifest.
    pub manifest: String,
}

/// How a volume stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub volume: String,
    /// Revision of its manifest.
    pub revision: i64,
    /// Whether some of its pages are still to be read by OCR.
    pub pending: bool,
}

impl Database {
    /// Opens a SQLite file and brings it up to date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}?mode=rwc", escape(&path.to_string_lossy()));
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute("PRAGMA busy_timeout = 20000").await?;
                    connection.execute("PRAGMA journal_mode = WAL").await?;
                    connection.execute("PRAGMA foreign_keys = ON").await?;
                    Ok(())
                })
            })
            .connect(&url)
            .await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self { pool })
    }

    /// All cases with their volumes, by number.
    pub async fn cases(&self) -> Result<Vec<CaseSummary>, StoreError> {
        let mut cases = Vec::new();
        for row in sqlx::query("SELECT id, number, title, court FROM cases ORDER BY number, id")
            .fetch_all(&self.pool)
            .await?
        {
            cases.push(CaseSummary {
                id: row.try_get("id")?,
                number: row.try_get("number")?,
                title: row.try_get("title")?,
                court: row.try_get("court")?,
                volumes: Vec::new(),
            });
        }
        let rows = sqlx::query(
            "SELECT id, case_id, title, class, revision, pages, materials FROM volumes ORDER BY position, id",
        )
        .fetch_all(&self.pool)
        .await?;
        for row in rows {
            let case: String = row.try_get("case_id")?;
            let class: String = row.try_get("class")?;
            let number = |name| row.try_get::<i64, _>(name).map(|n| u32::try_from(n).unwrap_or(0));
            let summary = VolumeSummary {
                id: row.try_get("id")?,
                title: row.try_get("title")?,
                class: class_of(&class),
                pages: number("pages")?,
                materials: number("materials")?,
                revision: number("revision")?,
            };
            if let Some(case) = cases.iter_mut().find(|known| known.id == case) {
                case.volumes.push(summary);
            }
        }
        Ok(cases)
    }

    /// How every volume stands.
    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        let rows = sqlx::query("SELECT id, revision, pending FROM volumes ORDER BY case_id, position, id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Standing {
                    volume: row.try_get("id")?,
                    revision: row.try_get("revision")?,
                    pending: row.try_get::<i64, _>("pending")? > 0,
                })
            })
            .collect()
    }

    /// Which manifest a volume has now.
    pub async fn current(&self, volume: &str) -> Result<Option<Current>, StoreError> {
        let row = sqlx::query("SELECT revision, manifest FROM volumes WHERE id = $1")
            .bind(volume)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            let revision: i64 = row.try_get("revision")?;
            Ok(Current { revision: u32::try_from(revision).unwrap_or(0), manifest: row.try_get("manifest")? })
        })
        .transpose()
    }

    /// Makes the case, or brings its title and court up to date; returns its title.
    pub async fn ensure_case(
        &self,
        id: &str,
        number: &str,
        title: Option<&str>,
        court: Option<&str>,
    ) -> Result<String, StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO cases (id, number, title, court) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(number)
        .bind(title.unwrap_or_default())
        .bind(court.unwrap_or_default())
        .execute(&mut *transaction)
        .await?;
        if let Some(title) = title {
            let query = sqlx::query("UPDATE cases SET title = $1 WHERE id = $2");
            query.bind(title).bind(id).execute(&mut *transaction).await?;
        }
        if let Some(court) = court {
            let query = sqlx::query("UPDATE cases SET court = $1 WHERE id = $2");
            query.bind(court).bind(id).execute(&mut *transaction).await?;
        }
        let query = sqlx::query("SELECT title FROM cases WHERE id = $1");
        let title = query.bind(id).fetch_one(&mut *transaction).await?.try_get("title")?;
        transaction.commit().await?;
        Ok(title)
    }

    /// Adds a volume at the end of its case, unless it is there.
    pub async fn insert_volume(
        &self,
        case: &str,
        manifest: &Manifest,
        sha256: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO volumes (id, case_id, title, class, position, revision, manifest, pages, materials) \
             SELECT $1, $2, $3, $4, COALESCE(MAX(position) + 1, 0), 0, $5, 0, 0 FROM volumes WHERE case_id = $6 \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(&manifest.volume)
        .bind(case)
        .bind(&manifest.title)
        .bind(class_name(manifest.class))
        .bind(sha256)
        .bind(case)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Makes this manifest the volume's, when it follows the one that is there.
    pub async fn publish(&self, manifest: &Manifest, blob: &Blob) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let done = sqlx::query(
            "UPDATE volumes SET revision = $1, manifest = $2, pages = $3, materials = $4, pending = $5 \
             WHERE id = $6 AND revision = $7",
        )
        .bind(i64::from(manifest.revision))
        .bind(&blob.sha256)
        .bind(manifest.page_count() as i64)
        .bind(manifest.materials.len() as i64)
        .bind(manifest.pending() as i64)
        .bind(&manifest.volume)
        .bind(i64::from(manifest.revision) - 1)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        note_superseded(&mut transaction, &manifest.volume, blob).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Percent-encodes what has a meaning in a URL.
fn escape(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
