//! Cases, and the list of them with their volumes.

use evolume_model::api::{CaseSummary, VolumeSummary};

use super::database::sql;
use super::{Store, StoreError, class, members};
use crate::ids;
use crate::rights::Permit;

impl Store {
    /// All cases with their volumes, by number.
    pub async fn cases(&self, _: &Permit) -> Result<Vec<CaseSummary>, StoreError> {
        let rows: Vec<(String, String, String, String, String)> = sql!(
            fetch_all,
            self.database,
            "SELECT id, number, title, court, state FROM cases ORDER BY number, id",
        )?;
        let case = |(id, number, title, court, state): (_, _, _, _, String)| {
            let state = members::state(&state);
            // What somebody is to it is not known here.
            let (roles, grants, volumes) = (Vec::new(), false, Vec::new());
            CaseSummary { id, number, title, court, state, roles, grants, volumes }
        };
        let mut cases: Vec<CaseSummary> = rows.into_iter().map(case).collect();
        let rows: Vec<(String, String, String, String, i64, i64, i64)> = sql!(
            fetch_all,
            self.database,
            "SELECT id, case_id, title, class, revision, pages, materials FROM volumes ORDER BY position, id",
        )?;
        let number = |value| u32::try_from(value).unwrap_or(0);
        for (id, case, title, class, revision, pages, materials) in rows {
            let summary = VolumeSummary {
                id,
                title,
                class: class::read(&class),
                pages: number(pages),
                materials: number(materials),
                revision: number(revision),
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
        let mut transaction = self.database.begin().await?;
        sql!(
            execute,
            transaction,
            "INSERT INTO cases (id, number, title, court) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (number) DO NOTHING",
            ids::random(),
            number,
            title.unwrap_or_default(),
            court.unwrap_or_default(),
        )?;
        if let Some(title) = title {
            sql!(execute, transaction, "UPDATE cases SET title = $1 WHERE number = $2", title, number)?;
        }
        if let Some(court) = court {
            sql!(execute, transaction, "UPDATE cases SET court = $1 WHERE number = $2", court, number)?;
        }
        let case = sql!(fetch_one, transaction, "SELECT id, title FROM cases WHERE number = $1", number)?;
        transaction.commit().await?;
        Ok(case)
    }
}
