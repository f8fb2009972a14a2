//! What people are to cases, and what is withheld from whom.

use std::collections::HashMap;

use evolume_model::access::{CaseState, Role};

use super::database::{Millis, sql};
use super::users::rights_changed;
use super::{Store, StoreError};
use crate::rights::{Permit, Standing, Withheld};

/// Somebody's role in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Id of the user.
    pub user: String,
    pub login: String,
    pub name: String,
    pub role: Role,
    /// Of which party, for lawyers and parties.
    pub party: String,
    /// Milliseconds since 1970.
    pub since: u64,
    /// The role ends then.
    pub until: Option<u64>,
}

type Row = (String, String, String, String, String, Millis, Option<Millis>);

/// A role that somebody gets.
#[derive(Clone, Copy, Debug)]
pub struct Appointment<'a> {
    /// Id of the user.
    pub user: &'a str,
    pub role: Role,
    /// Of which party; empty when of none.
    pub party: &'a str,
    /// Milliseconds since 1970.
    pub since: u64,
    /// The role ends then.
    pub until: Option<u64>,
}

/// Who may not name members of a case has no such case.
fn granting(permit: &Permit, case: &str) -> Result<(), StoreError> {
    permit.grants(case).then_some(()).ok_or(StoreError::NoVolume)
}

/// What a case's state is called in the database; anything else lets nobody change the case.
pub(super) fn state(word: &str) -> CaseState {
    CaseState::parse(word).unwrap_or(CaseState::Archived)
}

impl Store {
    /// Everything that decides what a person may do in a case, whose `state` is known: their roles at that moment,
    /// and what is withheld in one of its volumes.
    pub async fn standing(
        &self,
        case: &str,
        state: CaseState,
        volume: &str,
        user: &str,
        now: u64,
    ) -> Result<Standing, StoreError> {
        let rows: Vec<(String, String, String)> = sql!(
            fetch_all,
            self.database,
            "SELECT 'role', role, '' FROM members \
             WHERE case_id = $1 AND user_id = $2 AND since <= $3 AND (until IS NULL OR until > $3) \
             UNION ALL SELECT 'withheld', role, material FROM withheld WHERE volume_id = $4",
            case,
            user,
            Millis(now),
            volume,
        )?;
        let mut standing = Standing { state, roles: Vec::new(), withheld: Vec::new() };
        for (kind, role, material) in rows {
            // A role of a newer version gives no right here, and one from which something is withheld is not had.
            let Some(role) = Role::parse(&role) else { continue };
            match kind.as_str() {
                "role" => standing.roles.push(role),
                _ => standing.withheld.push(Withheld { volume: volume.to_owned(), material, role }),
            }
        }
        Ok(standing)
    }

    /// The same for every case that there is and every volume of it.
    pub async fn standings(
        &self,
        _: &Permit,
        user: &str,
        now: u64,
    ) -> Result<HashMap<String, Standing>, StoreError> {
        let rows: Vec<(String, String)> = sql!(fetch_all, self.database, "SELECT id, state FROM cases")?;
        let standing = |word: &str| Standing { state: state(word), roles: Vec::new(), withheld: Vec::new() };
        let mut all: HashMap<_, _> = rows.into_iter().map(|(case, state)| (case, standing(&state))).collect();
        let rows: Vec<(String, String, String, String, String)> = sql!(
            fetch_all,
            self.database,
            "SELECT 'role', case_id, role, '', '' FROM members \
             WHERE user_id = $1 AND since <= $2 AND (until IS NULL OR until > $2) \
             UNION ALL SELECT 'withheld', v.case_id, w.role, w.volume_id, w.material FROM withheld w \
             JOIN volumes v ON v.id = w.volume_id",
            user,
            Millis(now),
        )?;
        for (kind, case, role, volume, material) in rows {
            let (Some(standing), Some(role)) = (all.get_mut(&case), Role::parse(&role)) else { continue };
            match kind.as_str() {
                "role" => standing.roles.push(role),
                _ => standing.withheld.push(Withheld { volume, material, role }),
            }
        }
        Ok(all)
    }

    /// Id and state of the case with a number.
    pub async fn case_of_number(&self, number: &str) -> Result<Option<(String, CaseState)>, StoreError> {
        let row: Option<(String, String)> =
            sql!(fetch_optional, self.database, "SELECT id, state FROM cases WHERE number = $1", number)?;
        Ok(row.map(|(case, word)| (case, state(&word))))
    }

    /// The state of a case.
    pub async fn case_state(&self, case: &str) -> Result<Option<CaseState>, StoreError> {
        let row: Option<(String,)> =
            sql!(fetch_optional, self.database, "SELECT state FROM cases WHERE id = $1", case)?;
        Ok(row.map(|(word,)| state(&word)))
    }

    /// Brings a case into another state.
    pub async fn set_case_state(
        &self,
        permit: &Permit,
        case: &str,
        state: CaseState,
    ) -> Result<(), StoreError> {
        granting(permit, case)?;
        let mut transaction = self.database.begin().await?;
        sql!(execute, transaction, "UPDATE cases SET state = $1 WHERE id = $2", state.as_str(), case)?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await
    }

    /// Gives somebody a role in a case; one that they have already gets the new times.
    pub async fn add_member(
        &self,
        permit: &Permit,
        case: &str,
        new: &Appointment<'_>,
    ) -> Result<(), StoreError> {
        granting(permit, case)?;
        let mut transaction = self.database.begin().await?;
        sql!(
            execute,
            transaction,
            "INSERT INTO members (case_id, user_id, role, party, since, until) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (case_id, user_id, role) \
             DO UPDATE SET party = excluded.party, since = excluded.since, until = excluded.until",
            case,
            new.user,
            new.role.as_str(),
            new.party,
            Millis(new.since),
            new.until.map(Millis),
        )?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await
    }

    /// Takes a role from somebody, or all of them; says whether they had any.
    pub async fn remove_member(
        &self,
        permit: &Permit,
        case: &str,
        user: &str,
        role: Option<Role>,
        now: u64,
    ) -> Result<bool, StoreError> {
        granting(permit, case)?;
        let mut transaction = self.database.begin().await?;
        let rows = sql!(
            execute,
            transaction,
            "UPDATE members SET until = $1 WHERE case_id = $2 AND user_id = $3 \
             AND (role = $4 OR $4 = '') AND (until IS NULL OR until > $1)",
            Millis(now),
            case,
            user,
            role.map_or("", Role::as_str),
        )?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await?;
        Ok(rows > 0)
    }

    /// Who has a role in the case at that moment, or will have one.
    pub async fn members(&self, permit: &Permit, case: &str, now: u64) -> Result<Vec<Member>, StoreError> {
        granting(permit, case)?;
        let rows: Vec<Row> = sql!(
            fetch_all,
            self.database,
            "SELECT u.id, u.login, u.name, m.role, m.party, m.since, m.until FROM members m \
             JOIN users u ON u.id = m.user_id \
             WHERE m.case_id = $1 AND (m.until IS NULL OR m.until > $2) ORDER BY u.login, m.role",
            case,
            Millis(now),
        )?;
        let member = |(user, login, name, role, party, since, until): Row| {
            let until = until.map(|until| until.0);
            Some(Member { user, login, name, role: Role::parse(&role)?, party, since: since.0, until })
        };
        Ok(rows.into_iter().filter_map(member).collect())
    }

    /// Withholds a volume from a role, or one material of it.
    pub async fn withhold(
        &self,
        permit: &Permit,
        case: &str,
        withheld: &Withheld,
        reason: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        granting(permit, case)?;
        let mut transaction = self.database.begin().await?;
        sql!(
            execute,
            transaction,
            "INSERT INTO withheld (volume_id, material, role, reason, since) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (volume_id, material, role) DO UPDATE SET reason = excluded.reason",
            &withheld.volume,
            &withheld.material,
            withheld.role.as_str(),
            reason,
            Millis(now),
        )?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await
    }

    /// Ends that; says whether it was so.
    pub async fn release(
        &self,
        permit: &Permit,
        case: &str,
        withheld: &Withheld,
    ) -> Result<bool, StoreError> {
        granting(permit, case)?;
        let mut transaction = self.database.begin().await?;
        let rows = sql!(
            execute,
            transaction,
            "DELETE FROM withheld WHERE volume_id = $1 AND material = $2 AND role = $3",
            &withheld.volume,
            &withheld.material,
            withheld.role.as_str(),
        )?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await?;
        Ok(rows > 0)
    }

    /// What is withheld in a case, each with the reason.
    pub async fn withheld(&self, permit: &Permit, case: &str) -> Result<Vec<(Withheld, String)>, StoreError> {
        granting(permit, case)?;
        let rows: Vec<(String, String, String, String)> = sql!(
            fetch_all,
            self.database,
            "SELECT w.volume_id, w.material, w.role, w.reason FROM withheld w \
             JOIN volumes v ON v.id = w.volume_id WHERE v.case_id = $1 ORDER BY v.position, w.material, w.role",
            case,
        )?;
        let withheld = |(volume, material, role, reason): (String, String, String, String)| {
            Some((Withheld { volume, material, role: Role::parse(&role)? }, reason))
        };
        Ok(rows.into_iter().filter_map(withheld).collect())
    }
}
