//! Cases, and the list of them with their volumes. The SQL is what SQLite and PostgreSQL both understand.

use evolume_model::api::{CaseSummary, VolumeSummary};
use sqlx::Row;

use super::{Store, StoreError, class};
use crate::ids;
use crate::rights::Permit;

impl Store {
    /// All cases with their volumes, by number.
    pub async fn cases(&self, _: &Permit) -> Result<Vec<CaseSummary>, StoreError> {
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
                class: class::read(&class),
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

    /// Makes the case of this number, or brings its title and court up to date; returns its id and title.
    pub(super) async fn ensure_case(
        &self,
        number: &str,
        title: Option<&str>,
        court: Option<&str>,
    ) -> Result<(String, String), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO cases (id, number, title, court) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (number) DO NOTHING",
        )
        .bind(ids::random())
        .bind(number)
        .bind(title.unwrap_or_default())
        .bind(court.unwrap_or_default())
        .execute(&mut *transaction)
        .await?;
        if let Some(title) = title {
            let query = sqlx::query("UPDATE cases SET title = $1 WHERE number = $2");
            query.bind(title).bind(number).execute(&mut *transaction).await?;
        }
        if let Some(court) = court {
            let query = sqlx::query("UPDATE cases SET court = $1 WHERE number = $2");
            query.bind(court).bind(number).execute(&mut *transaction).await?;
        }
        let query = sqlx::query("SELECT id, title FROM cases WHERE number = $1");
        let row = query.bind(number).fetch_one(&mut *transaction).await?;
        let case = (row.try_get("id")?, row.try_get("title")?);
        transaction.commit().await?;
        Ok(case)
    }
}
