//! Passwords: what one has to be like, and its hash. Hashing takes memory and time on purpose, so only a few are
//! hashed at once, and never where requests are answered.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::PeopleError;
use super::common::is_common;
use super::login::prepare_password;

/// Characters; there is no other rule of form.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;
/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// Takes passwords to argon2id, with the library's parameters (19 MiB, two passes).
#[derive(Clone, Debug)]
pub struct Hashing {
    free: Arc<Semaphore>,
}

impl Default for Hashing {
    /// Half of the processors stay free for readers.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { free: Arc::new(Semaphore::new((cores / 2).max(1))) }
    }
}

impl Hashing {
    /// The hash of a new password, if it is one that may be chosen by somebody of this login and name.
    pub async fn hash(&self, password: &str, others: &[&str]) -> Result<String, PeopleError> {
        let password = prepare_password(password);
        if !LENGTH.contains(&password.chars().count()) {
            return Err(PeopleError::Length);
        }
        let lower = password.to_lowercase();
        let same = |other: &&str| other.chars().count() > 2 && lower.contains(&other.to_lowercase());
        if is_common(&password) || others.iter().any(same) {
            return Err(PeopleError::Common);
        }
        self.run(move || hash(&password)).await?
    }

    /// Whether the password is the one with this hash. Without a hash it takes as long and is not.
    pub async fn verify(&self, password: &str, known: Option<String>) -> Result<bool, PeopleError> {
        let mut password = prepare_password(password);
        // What is longer is nobody's, and is not to take longer.
        let fits = password.chars().count() <= *LENGTH.end();
        if !fits {
            password.clear();
        }
        self.run(move || {
            let Some(known) = known else { return hash(&password).map(|_| false) };
            let known = PasswordHash::new(&known).map_err(|error| PeopleError::Hashing(error.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &known).is_ok() && fits)
        })
        .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PeopleError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.free).acquire_owned());
        let turn = turn.await.map_err(|_| PeopleError::Busy)?.map_err(|_| PeopleError::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Also when nobody waits for it any more: it has held the memory until now.
            drop(turn);
            done
        });
        done.await.map_err(|error| PeopleError::Hashing(error.to_string()))
    }
}

fn hash(password: &str) -> Result<String, PeopleError> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    Ok(hashed.map_err(|error| PeopleError::Hashing(error.to_string()))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_by_its_hash_alone() {
        let hashing = Hashing::default();
        let known = hashing.hash("窗外的雨下了一夜", &[]).await.unwrap();
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        assert!(!known.contains("窗外"));
        assert!(hashing.verify("窗外的雨下了一夜", Some(known.clone())).await.unwrap());
        for wrong in ["窗外的雨下了一夜 ", "", &"长".repeat(4_000)] {
            assert!(!hashing.verify(wrong, Some(known.clone())).await.unwrap());
        }
        assert!(!hashing.verify("窗外的雨下了一夜", None).await.unwrap());
        assert!(matches!(hashing.verify("x", Some("rubbish".into())).await, Err(PeopleError::Hashing(_))));
    }

    #[tokio::test]
    async fn weak_passwords_are_refused_and_long_sentences_are_not() {
        let hashing = Hashing::default();
        for short in ["", "1234567", "七个字不够长", &"长".repeat(129)] {
            assert!(matches!(hashing.hash(short, &[]).await, Err(PeopleError::Length)), "{short}");
        }
        for (password, others) in [("12345678", vec![]), ("wangxiaoli-9", vec!["wangxiaoli"])] {
            let refused = hashing.hash(password, &others).await;
            assert!(matches!(refused, Err(PeopleError::Common)), "{password}");
        }
        let long: String = ('一'..).step_by(7).take(128).collect();
        hashing.hash(&long, &["wang", "王"]).await.unwrap();
    }
}
