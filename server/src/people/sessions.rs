//! Sessions: they begin with a name, are known by the hash of a token, and end with a word to whoever holds
//! something open for them.

use rand::TryRngCore;
use rand::rngs::OsRng;
use tokio::sync::broadcast;

use crate::clock::now;
use crate::ids;
use crate::rights::Person;
use crate::store::{Store, StoreError, sha256};

pub const TOKEN_BYTES: usize = 32;
/// Ends that a listener may be behind with; one who lags looks after all that it holds.
const ENDS: usize = 256;

/// The sessions of a store.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Store,
    ended: broadcast::Sender<String>,
}

impl Sessions {
    pub fn new(store: Store) -> Self {
        Self { store, ended: broadcast::Sender::new(ENDS) }
    }

    /// Begins one under a provisional name; the token is for its owner alone.
    pub async fn begin(&self, name: &str) -> Result<(String, Person), StoreError> {
        let mut bytes = [0; TOKEN_BYTES];
        OsRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
        let token = hex::encode(bytes);
        let (session, id) = (sha256(token.as_bytes()), ids::principal(name));
        self.store.insert_session(&session, &id, name, now()).await?;
        Ok((token, Person::Named { session, id, name: name.to_owned() }))
    }

    /// Whose session this is, unless it is over.
    pub async fn find(&self, token: &str) -> Result<Option<Person>, StoreError> {
        self.by_hash(&sha256(token.as_bytes())).await
    }

    async fn by_hash(&self, session: &str) -> Result<Option<Person>, StoreError> {
        let found = self.store.session(session, now()).await?;
        Ok(found.map(|(id, name)| Person::Named { session: session.to_owned(), id, name }))
    }

    /// Whether the person is still who it was: a session may have ended since.
    pub async fn is_current(&self, person: &Person) -> Result<bool, StoreError> {
        match person {
            Person::Stranger | Person::Local => Ok(true),
            Person::Named { session, .. } => Ok(self.by_hash(session).await?.as_ref() == Some(person)),
        }
    }

    /// Ends one.
    pub async fn end(&self, token: &str) -> Result<(), StoreError> {
        let session = sha256(token.as_bytes());
        self.store.delete_session(&session).await?;
        // Nobody may be listening.
        drop(self.ended.send(session));
        Ok(())
    }

    /// Hears the hash of every session that ends at this server from now on.
    pub fn ended(&self) -> broadcast::Receiver<String> {
        self.ended.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_listens_hears_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = Sessions::new(Store::open(folder.path()).await.unwrap());
        let (token, person) = sessions.begin("王法官").await.unwrap();
        assert_eq!(sessions.find(&token).await.unwrap().as_ref(), Some(&person));
        assert!(sessions.is_current(&person).await.unwrap());
        let mut ended = sessions.ended();
        sessions.end(&token).await.unwrap();
        let Person::Named { session, .. } = &person else { panic!("a session without a name") };
        assert_eq!(&ended.recv().await.unwrap(), session);
        assert!(!sessions.is_current(&person).await.unwrap());
        assert_eq!(sessions.find(&token).await.unwrap(), None);
        assert!(sessions.is_current(&Person::Local).await.unwrap());
    }
}
