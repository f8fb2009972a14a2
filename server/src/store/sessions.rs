//! Sessions of provisional names in SQL.

use super::database::{Millis, sql};
use super::{Store, StoreError};

/// Milliseconds that a session lives: thirty days.
pub const SESSION_LIFETIME: u64 = 30 * 24 * 60 * 60 * 1000;

impl Store {
    /// Keeps a session by its token's hash, and lets go of those that are over.
    pub async fn insert_session(
        &self,
        token: &str,
        principal: &str,
        name: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        sql!(execute, transaction, "DELETE FROM sessions WHERE created < $1", oldest(now))?;
        sql!(
            execute,
            transaction,
            "INSERT INTO sessions (token, principal, name, created) VALUES ($1, $2, $3, $4)",
            token,
            principal,
            name,
            Millis(now),
        )?;
        transaction.commit().await
    }

    /// Principal id and name of a session that is not over.
    pub async fn session(&self, token: &str, now: u64) -> Result<Option<(String, String)>, StoreError> {
        sql!(
            fetch_optional,
            self.database,
            "SELECT principal, name FROM sessions WHERE token = $1 AND created >= $2",
            token,
            oldest(now),
        )
    }

    /// Ends a session.
    pub async fn delete_session(&self, token: &str) -> Result<(), StoreError> {
        sql!(execute, self.database, "DELETE FROM sessions WHERE token = $1", token)?;
        Ok(())
    }
}

fn oldest(now: u64) -> Millis {
    Millis(now.saturating_sub(SESSION_LIFETIME))
}
