//! How often signing in has failed, by account and by address: on every server of a database alike.

use super::database::{Millis, sql};
use super::{Store, StoreError};

/// Milliseconds after which a failure is forgotten: a day.
const MEMORY: u64 = 24 * 60 * 60 * 1000;

/// For whom tries are counted, and how long nobody tries again after so many.
#[derive(Clone, Debug)]
pub struct Counted {
    pub subject: String,
    /// Milliseconds to wait after so many failures.
    pub wait: fn(u64) -> u64,
}

impl Store {
    /// Counts a try as failed before it is known: of many at the same time each has its turn. Gives back how many
    /// milliseconds there are to wait instead, when it comes too early.
    pub async fn begin_try(&self, counted: &[Counted], now: u64) -> Result<Option<u64>, StoreError> {
        let mut transaction = self.database.begin().await?;
        sql!(
            execute,
            transaction,
            "DELETE FROM sign_in_failures WHERE last < $1",
            Millis(now.saturating_sub(MEMORY)),
        )?;
        for Counted { subject, wait } in counted {
            // Whoever else tries for the same waits here until this is done.
            sql!(
                execute,
                transaction,
                "INSERT INTO sign_in_failures (subject, failures, last, until) VALUES ($1, 0, $2, $2) \
                 ON CONFLICT (subject) DO UPDATE SET failures = sign_in_failures.failures",
                subject,
                Millis(now),
            )?;
            let (failures, Millis(until)): (i64, Millis) = sql!(
                fetch_one,
                transaction,
                "SELECT failures, until FROM sign_in_failures WHERE subject = $1",
                subject,
            )?;
            if until > now {
                return Ok(Some(until - now));
            }
            let failures = failures.unsigned_abs() + 1;
            sql!(
                execute,
                transaction,
                "UPDATE sign_in_failures SET failures = $1, last = $2, until = $3 WHERE subject = $4",
                i64::try_from(failures).unwrap_or(i64::MAX),
                Millis(now),
                Millis(now + wait(failures)),
                subject,
            )?;
        }
        transaction.commit().await?;
        Ok(None)
    }

    /// The try did not fail: the account's failures are forgotten, and the address has one less.
    pub async fn end_try(&self, account: &str, address: Option<&str>) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        sql!(execute, transaction, "DELETE FROM sign_in_failures WHERE subject = $1", account)?;
        if let Some(address) = address {
            sql!(
                execute,
                transaction,
                "UPDATE sign_in_failures SET failures = failures - 1, until = last \
                 WHERE subject = $1 AND failures > 0",
                address,
            )?;
        }
        transaction.commit().await
    }
}
