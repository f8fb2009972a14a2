//! Sessions of provisional names in SQL.

use sqlx::Row;

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
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE created < $1")
            .bind(oldest(now))
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO sessions (token, principal, name, created) VALUES ($1, $2, $3, $4)")
            .bind(token)
            .bind(principal)
            .bind(name)
            .bind(now.cast_signed())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Principal id and name of a session that is not over.
    pub async fn session(&self, token: &str, now: u64) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query("SELECT principal, name FROM sessions WHERE token = $1 AND created >= $2")
            .bind(token)
            .bind(oldest(now))
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok((row.try_get("principal")?, row.try_get("name")?))).transpose()
    }

    /// Ends a session.
    pub async fn delete_session(&self, token: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE token = $1").bind(token).execute(&self.pool).await?;
        Ok(())
    }
}

fn oldest(now: u64) -> i64 {
    now.saturating_sub(SESSION_LIFETIME).cast_signed()
}
