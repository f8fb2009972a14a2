//! Accounts: signing in, passwords, and what an administrator does.

use evolume_model::access::is_name;
use rand::TryRngCore;
use rand::rngs::OsRng;

use super::login::Login;
use super::tries::Try;
use super::{Client, People, PeopleError};
use crate::clock::now;
use crate::ids;
use crate::rights::Person;
use crate::store::{StoreError, User, sha256};

/// Milliseconds that a one-time code is good for: three days, over a weekend.
const CODE_LIFE: u64 = 3 * 24 * 60 * 60 * 1000;
/// No letter or digit that is taken for another.
const CODE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_GROUPS: usize = 4;
const CODE_GROUP: usize = 5;

/// Somebody who gets an account.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub administrator: bool,
}

/// A hundred random bits, to be read out on the telephone.
fn new_code() -> Result<String, StoreError> {
    let mut bytes = [0; CODE_GROUPS * CODE_GROUP];
    OsRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
    let letters = bytes.map(|byte| char::from(CODE_LETTERS[usize::from(byte) % CODE_LETTERS.len()]));
    let groups: Vec<String> = letters.chunks(CODE_GROUP).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// What is kept of a code, however it was typed.
fn code_hash(code: &str) -> String {
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    sha256(bare.to_ascii_uppercase().as_bytes())
}

impl People {
    /// Lets somebody in who knows their password. The token is for them alone.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        from: &Client,
    ) -> Result<(String, Person), PeopleError> {
        let user = self.proven(login, password, from).await?;
        Ok(self.begin(user, from).await?)
    }

    /// Who has this login, if this is their password. Whatever is wrong takes as long and is told alike.
    async fn proven(&self, typed: &str, password: &str, from: &Client) -> Result<User, PeopleError> {
        let login = Login::prepare(typed).ok();
        let tried = self.begin_try(typed, login.as_ref(), from).await?;
        let user = match &login {
            Some(login) => self.store.user_of_login(login.as_str()).await?,
            None => None,
        };
        let known = match &user {
            Some(user) => self.store.password(&user.id).await?,
            None => None,
        };
        let right = self.hashing.verify(password, known).await?;
        let user = user.filter(|user| right && !user.disabled).ok_or(PeopleError::Wrong)?;
        self.store.end_try(&tried.account, tried.address.as_deref()).await?;
        Ok(user)
    }

    async fn begin_try(&self, typed: &str, login: Option<&Login>, from: &Client) -> Result<Try, PeopleError> {
        let tried = Try::of(typed, login, from.address);
        match self.store.begin_try(&tried.counted(), now()).await? {
            Some(wait) => Err(PeopleError::Locked(wait)),
            None => Ok(tried),
        }
    }

    /// Gives somebody who is signed in another password, which signs them out everywhere else.
    pub async fn change_password(
        &self,
        person: &Person,
        old: &str,
        new: &str,
        from: &Client,
    ) -> Result<(String, Person), PeopleError> {
        let user = self.user(person.user().ok_or(PeopleError::Unknown)?).await?;
        let user = self.proven(&user.login, old, from).await?;
        self.replace_password(&user, new).await?;
        Ok(self.begin(user, from).await?)
    }

    /// Chooses a password by a one-time code, and is signed in.
    pub async fn redeem(
        &self,
        login: &str,
        code: &str,
        new: &str,
        from: &Client,
    ) -> Result<(String, Person), PeopleError> {
        let prepared = Login::prepare(login).map_err(|_| PeopleError::Code)?;
        let tried = self.begin_try(login, Some(&prepared), from).await?;
        let user = self.store.user_of_login(prepared.as_str()).await?;
        // Whatever the code is: so much work is not done for those alone who are there.
        let hash = self.hashing.hash(new, &[prepared.as_str()]).await?;
        let user = user.filter(|user| !user.disabled).ok_or(PeopleError::Code)?;
        if !self.store.redeem_code(&user.id, &code_hash(code), &hash, now()).await? {
            return Err(PeopleError::Code);
        }
        self.store.end_try(&tried.account, tried.address.as_deref()).await?;
        Ok(self.begin(user, from).await?)
    }

    /// Adds somebody with a password, or without: then they need a code to choose one.
    pub async fn add(&self, new: &NewUser<'_>, password: Option<&str>) -> Result<User, PeopleError> {
        let login = Login::prepare(new.login)?;
        let name = new.name.trim();
        if !is_name(name) {
            return Err(PeopleError::Name);
        }
        let hash = match password {
            Some(password) => Some(self.hashing.hash(password, &[login.as_str(), name]).await?),
            None => None,
        };
        let user = User {
            id: ids::random(),
            login: login.as_str().to_owned(),
            name: name.to_owned(),
            administrator: new.administrator,
            disabled: false,
        };
        let added = self.store.insert_user(&user, hash.as_deref(), now()).await?;
        added.then_some(user).ok_or(PeopleError::Taken)
    }

    /// Everybody with an account, by login.
    pub async fn all(&self) -> Result<Vec<User>, StoreError> {
        self.store.users().await
    }

    /// Who has this id.
    pub async fn user(&self, id: &str) -> Result<User, PeopleError> {
        self.store.user(id).await?.ok_or(PeopleError::Unknown)
    }

    /// Who has this login.
    pub async fn of_login(&self, login: &str) -> Result<User, PeopleError> {
        let login = Login::prepare(login)?;
        self.store.user_of_login(login.as_str()).await?.ok_or(PeopleError::Unknown)
    }

    /// Changes what a person is called and may do in the house; one who may not sign in any more is signed out.
    pub async fn update(&self, user: &User) -> Result<(), PeopleError> {
        if !is_name(&user.name) {
            return Err(PeopleError::Name);
        }
        if user.disabled {
            self.end_everywhere(&user.id).await?;
        }
        self.store.update_user(user, now()).await?.then_some(()).ok_or(PeopleError::Unknown)
    }

    /// Gives somebody another password. They are signed out everywhere.
    pub async fn replace_password(&self, user: &User, new: &str) -> Result<(), PeopleError> {
        let hash = self.hashing.hash(new, &[&user.login, &user.name]).await?;
        self.end_everywhere(&user.id).await?;
        Ok(self.store.set_password(&user.id, &hash, now()).await?)
    }

    /// A code by which somebody chooses a password, once. The one that they have is no good from now on, and they are
    /// signed out everywhere.
    pub async fn code_for(&self, user: &User) -> Result<String, PeopleError> {
        let code = new_code()?;
        self.end_everywhere(&user.id).await?;
        self.store.insert_code(&user.id, &code_hash(&code), now(), now() + CODE_LIFE).await?;
        Ok(code)
    }
}

#[cfg(test)]
mod tests;
