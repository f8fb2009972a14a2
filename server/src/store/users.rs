//! Accounts: who there is, and with which password. What takes a right away counts up `rights_version` in the same
//! transaction.

use super::database::{Millis, Transaction, sql};
use super::{Store, StoreError};

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: String,
    /// As prepared: no two are the same to a reader.
    pub login: String,
    pub name: String,
    pub administrator: bool,
    /// May not sign in.
    pub disabled: bool,
}

type Row = (String, String, String, i64, i64);

fn user((id, login, name, administrator, disabled): Row) -> User {
    User { id, login, name, administrator: administrator != 0, disabled: disabled != 0 }
}

/// Every server looks after the rights of who is connected once it sees that this has changed.
pub(super) async fn rights_changed(transaction: &mut Transaction) -> Result<(), StoreError> {
    sql!(execute, transaction, "UPDATE rights_version SET version = version + 1 WHERE id = 1")?;
    Ok(())
}

impl Store {
    /// Counts up whenever somebody's rights change, at whichever server.
    pub async fn rights_version(&self) -> Result<i64, StoreError> {
        let row: (i64,) = sql!(fetch_one, self.database, "SELECT version FROM rights_version WHERE id = 1")?;
        Ok(row.0)
    }

    /// Adds somebody; false when the login is taken.
    pub async fn insert_user(
        &self,
        user: &User,
        password: Option<&str>,
        now: u64,
    ) -> Result<bool, StoreError> {
        let rows = sql!(
            execute,
            self.database,
            "INSERT INTO users (id, login, name, password, administrator, disabled, created) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (login) DO NOTHING",
            &user.id,
            &user.login,
            &user.name,
            password,
            i64::from(user.administrator),
            i64::from(user.disabled),
            Millis(now),
        )?;
        Ok(rows == 1)
    }

    /// All there are, by login.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let rows: Vec<Row> = sql!(
            fetch_all,
            self.database,
            "SELECT id, login, name, administrator, disabled FROM users ORDER BY login",
        )?;
        Ok(rows.into_iter().map(user).collect())
    }

    /// Who has this login.
    pub async fn user_of_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        let row: Option<Row> = sql!(
            fetch_optional,
            self.database,
            "SELECT id, login, name, administrator, disabled FROM users WHERE login = $1",
            login,
        )?;
        Ok(row.map(user))
    }

    /// Who has this id.
    pub async fn user(&self, id: &str) -> Result<Option<User>, StoreError> {
        let row: Option<Row> = sql!(
            fetch_optional,
            self.database,
            "SELECT id, login, name, administrator, disabled FROM users WHERE id = $1",
            id,
        )?;
        Ok(row.map(user))
    }

    /// The hash of somebody's password, when there is one.
    pub async fn password(&self, user: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(Option<String>,)> =
            sql!(fetch_optional, self.database, "SELECT password FROM users WHERE id = $1", user)?;
        Ok(row.and_then(|(password,)| password))
    }

    /// Changes a person's name, and what they may do in the house. Whoever may not sign in any more is signed out.
    /// False when there is nobody of this id.
    pub async fn update_user(&self, user: &User, now: u64) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let rows = sql!(
            execute,
            transaction,
            "UPDATE users SET name = $1, administrator = $2, disabled = $3 WHERE id = $4",
            &user.name,
            i64::from(user.administrator),
            i64::from(user.disabled),
            &user.id,
        )?;
        if user.disabled {
            sign_out(&mut transaction, &user.id, now).await?;
        }
        rights_changed(&mut transaction).await?;
        transaction.commit().await?;
        Ok(rows == 1)
    }

    /// Gives somebody another password, which ends their sessions and codes.
    pub async fn set_password(&self, user: &str, password: &str, now: u64) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        replace_password(&mut transaction, user, password, now).await?;
        transaction.commit().await
    }

    /// Takes somebody's password away until they have chosen another by this code. Their sessions end.
    pub async fn insert_code(
        &self,
        user: &str,
        code: &str,
        now: u64,
        expires: u64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        sql!(execute, transaction, "UPDATE users SET password = NULL WHERE id = $1", user)?;
        sql!(execute, transaction, "DELETE FROM one_time_codes WHERE user_id = $1", user)?;
        sql!(
            execute,
            transaction,
            "INSERT INTO one_time_codes (code, user_id, expires) VALUES ($1, $2, $3)",
            code,
            user,
            Millis(expires),
        )?;
        sign_out(&mut transaction, user, now).await?;
        rights_changed(&mut transaction).await?;
        transaction.commit().await
    }

    /// Chooses a password by a code, which is good for once; false when it is not good.
    pub async fn redeem_code(
        &self,
        user: &str,
        code: &str,
        password: &str,
        now: u64,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let rows = sql!(
            execute,
            transaction,
            "DELETE FROM one_time_codes WHERE code = $1 AND user_id = $2 AND expires > $3",
            code,
            user,
            Millis(now),
        )?;
        if rows != 1 {
            return Ok(false);
        }
        replace_password(&mut transaction, user, password, now).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn replace_password(
    transaction: &mut Transaction,
    user: &str,
    password: &str,
    now: u64,
) -> Result<(), StoreError> {
    sql!(execute, transaction, "UPDATE users SET password = $1 WHERE id = $2", password, user)?;
    sql!(execute, transaction, "DELETE FROM one_time_codes WHERE user_id = $1", user)?;
    sign_out(transaction, user, now).await?;
    rights_changed(transaction).await
}

async fn sign_out(transaction: &mut Transaction, user: &str, now: u64) -> Result<(), StoreError> {
    sql!(
        execute,
        transaction,
        "UPDATE user_sessions SET revoked = $1 WHERE user_id = $2 AND revoked IS NULL",
        Millis(now),
        user,
    )?;
    Ok(())
}
