//! Sessions of people with an account. Only the SHA-256 of a token is kept.

use super::database::{Millis, sql};
use super::users::rights_changed;
use super::{Store, StoreError, User};

/// Milliseconds without a sign of life after which a session is over: twelve hours.
pub const SESSION_IDLE: u64 = 12 * 60 * 60 * 1000;
/// Milliseconds after which it is over in any case: seven days.
pub const SESSION_LIFE: u64 = 7 * 24 * 60 * 60 * 1000;
/// How exactly the last sign of life is known: it costs a write.
const SEEN_STEP: u64 = 5 * 60 * 1000;

/// Where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSession {
    /// What its owner names it by.
    pub id: String,
    /// What it was called at sign-in.
    pub device: String,
    /// Milliseconds since 1970.
    pub created: u64,
    /// Milliseconds since 1970, to a few minutes.
    pub seen: u64,
}

impl Store {
    /// Begins a session, and forgets those that have long been over.
    pub async fn insert_user_session(
        &self,
        token: &str,
        user: &str,
        session: &UserSession,
    ) -> Result<(), StoreError> {
        let now = session.created;
        let mut transaction = self.database.begin().await?;
        sql!(
            execute,
            transaction,
            "DELETE FROM user_sessions WHERE expires < $1",
            Millis(now.saturating_sub(SESSION_LIFE)),
        )?;
        sql!(
            execute,
            transaction,
            "INSERT INTO user_sessions (token, id, user_id, device, created, seen, expires) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            token,
            &session.id,
            user,
            &session.device,
            Millis(now),
            Millis(session.seen),
            Millis(now + SESSION_LIFE),
        )?;
        transaction.commit().await
    }

    /// Whose session this is, unless it is over or its owner may not sign in any more.
    pub async fn user_of_session(&self, token: &str, now: u64) -> Result<Option<User>, StoreError> {
        let row: Option<(String, String, String, i64, Millis)> = sql!(
            fetch_optional,
            self.database,
            "SELECT u.id, u.login, u.name, u.administrator, s.seen FROM user_sessions s \
             JOIN users u ON u.id = s.user_id \
             WHERE s.token = $1 AND s.revoked IS NULL AND s.expires > $2 AND s.seen > $3 AND u.disabled = 0",
            token,
            Millis(now),
            Millis(now.saturating_sub(SESSION_IDLE)),
        )?;
        let Some((id, login, name, administrator, Millis(seen))) = row else { return Ok(None) };
        if now > seen + SEEN_STEP {
            sql!(
                execute,
                self.database,
                "UPDATE user_sessions SET seen = $1 WHERE token = $2 AND revoked IS NULL",
                Millis(now),
                token,
            )?;
        }
        Ok(Some(User { id, login, name, administrator: administrator != 0, disabled: false }))
    }

    /// Where a person is signed in, the latest first, each with its token's hash.
    pub async fn sessions_of(&self, user: &str, now: u64) -> Result<Vec<(String, UserSession)>, StoreError> {
        let rows: Vec<(String, String, String, Millis, Millis)> = sql!(
            fetch_all,
            self.database,
            "SELECT token, id, device, created, seen FROM user_sessions \
             WHERE user_id = $1 AND revoked IS NULL AND expires > $2 AND seen > $3 ORDER BY seen DESC, id",
            user,
            Millis(now),
            Millis(now.saturating_sub(SESSION_IDLE)),
        )?;
        let session = |(token, id, device, Millis(created), Millis(seen))| {
            (token, UserSession { id, device, created, seen })
        };
        Ok(rows.into_iter().map(session).collect())
    }

    /// Ends one of somebody's sessions by its id; gives back the hash of its token.
    pub async fn revoke_session(&self, user: &str, id: &str, now: u64) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sql!(
            fetch_optional,
            self.database,
            "SELECT token FROM user_sessions WHERE user_id = $1 AND id = $2 AND revoked IS NULL",
            user,
            id,
        )?;
        let Some((token,)) = row else { return Ok(None) };
        self.revoke_token(&token, now).await?;
        Ok(Some(token))
    }

    /// Ends the session of this token's hash.
    pub async fn revoke_token(&self, token: &str, now: u64) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        sql!(
            execute,
            transaction,
            "UPDATE user_sessions SET revoked = $1 WHERE token = $2 AND revoked IS NULL",
            Millis(now),
            token,
        )?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await
    }

    /// Ends all of somebody's sessions.
    pub async fn revoke_sessions(&self, user: &str, now: u64) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        sql!(
            execute,
            transaction,
            "UPDATE user_sessions SET revoked = $1 WHERE user_id = $2 AND revoked IS NULL",
            Millis(now),
            user,
        )?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await
    }
}
