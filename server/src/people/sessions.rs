//! Sessions: they are known by the hash of a token, and end with a word to whoever holds something open for them.

use rand::TryRngCore;
use rand::rngs::OsRng;
use tokio::sync::broadcast;

use super::{Client, People};
use crate::clock::now;
use crate::ids;
use crate::rights::{Account, Person};
use crate::store::{StoreError, User, UserSession, sha256};

pub const TOKEN_BYTES: usize = 32;
/// Characters of a device's name.
const MAX_DEVICE: usize = 80;

/// A secret that nobody guesses, and what is kept of it.
fn new_token() -> Result<(String, String), StoreError> {
    let mut bytes = [0; TOKEN_BYTES];
    OsRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
    let token = hex::encode(bytes);
    let hash = sha256(token.as_bytes());
    Ok((token, hash))
}

fn person(session: String, user: User) -> Person {
    let account = Account::User { administrator: user.administrator };
    Person::Named { session, id: user.id, name: user.name, account }
}

impl People {
    /// Begins a session under a provisional name; the token is for its owner alone.
    pub async fn begin_provisional(&self, name: &str) -> Result<(String, Person), StoreError> {
        let (token, session) = new_token()?;
        let id = ids::principal(name);
        self.store.insert_session(&session, &id, name, now()).await?;
        let account = Account::Provisional;
        Ok((token, Person::Named { session, id, name: name.to_owned(), account }))
    }

    /// Begins one of somebody with an account.
    pub(super) async fn begin(&self, user: User, from: &Client) -> Result<(String, Person), StoreError> {
        let (token, hash) = new_token()?;
        let device = from.device.chars().filter(|ch| !ch.is_control()).take(MAX_DEVICE).collect();
        let session = UserSession { id: ids::random(), device, created: now(), seen: now() };
        self.store.insert_user_session(&hash, &user.id, &session).await?;
        Ok((token, person(hash, user)))
    }

    /// Whose session this is, unless it is over.
    pub async fn find(&self, token: &str) -> Result<Option<Person>, StoreError> {
        self.by_hash(&sha256(token.as_bytes())).await
    }

    async fn by_hash(&self, session: &str) -> Result<Option<Person>, StoreError> {
        if let Some(user) = self.store.user_of_session(session, now()).await? {
            return Ok(Some(person(session.to_owned(), user)));
        }
        let found = self.store.session(session, now()).await?;
        let account = Account::Provisional;
        Ok(found.map(|(id, name)| Person::Named { session: session.to_owned(), id, name, account }))
    }

    /// Whether the person is still who it was: a session may have ended since.
    pub async fn is_current(&self, person: &Person) -> Result<bool, StoreError> {
        match person {
            Person::Stranger | Person::Local => Ok(true),
            Person::Named { session, id, .. } => {
                let found = self.by_hash(session).await?;
                Ok(matches!(found, Some(Person::Named { id: now, .. }) if now == *id))
            }
        }
    }

    /// Ends one.
    pub async fn end(&self, token: &str) -> Result<(), StoreError> {
        let session = sha256(token.as_bytes());
        self.store.delete_session(&session).await?;
        self.store.revoke_token(&session, now()).await?;
        self.tell(session);
        Ok(())
    }

    /// Where somebody is signed in, the latest first, and whether it is here.
    pub async fn devices(&self, person: &Person) -> Result<Vec<(UserSession, bool)>, StoreError> {
        let (Some(user), Person::Named { session: here, .. }) = (person.user(), person) else {
            return Ok(Vec::new());
        };
        let sessions = self.store.sessions_of(user, now()).await?;
        Ok(sessions.into_iter().map(|(token, session)| (session, token == *here)).collect())
    }

    /// Signs somebody out of another of their devices; false when it is none.
    pub async fn end_device(&self, person: &Person, id: &str) -> Result<bool, StoreError> {
        let Some(user) = person.user() else { return Ok(false) };
        let ended = self.store.revoke_session(user, id, now()).await?;
        Ok(ended.map(|session| self.tell(session)).is_some())
    }

    /// Signs somebody out everywhere.
    pub async fn end_everywhere(&self, user: &str) -> Result<(), StoreError> {
        let sessions = self.store.sessions_of(user, now()).await?;
        self.store.revoke_sessions(user, now()).await?;
        sessions.into_iter().for_each(|(session, _)| self.tell(session));
        Ok(())
    }

    fn tell(&self, session: String) {
        // Nobody may be listening.
        drop(self.ended.send(session));
    }

    /// Hears the hash of every session that ends at this server from now on.
    pub fn ended(&self) -> broadcast::Receiver<String> {
        self.ended.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn whoever_listens_hears_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let people = People::new(Store::open(folder.path()).await.unwrap());
        let (token, person) = people.begin_provisional("王法官").await.unwrap();
        assert_eq!(people.find(&token).await.unwrap().as_ref(), Some(&person));
        assert!(people.is_current(&person).await.unwrap());
        let mut ended = people.ended();
        people.end(&token).await.unwrap();
        let Person::Named { session, .. } = &person else { panic!("a session without a name") };
        assert_eq!(&ended.recv().await.unwrap(), session);
        assert!(!people.is_current(&person).await.unwrap());
        assert_eq!(people.find(&token).await.unwrap(), None);
        assert!(people.is_current(&Person::Local).await.unwrap());
    }
}
