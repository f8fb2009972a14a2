//! People for trying Evolume out on one's own computer: one of each role in every case, whom one becomes without a
//! password. Only ever on loopback.

use evolume_model::access::Role;
use evolume_model::api::SampleUser;

use super::{Client, NewUser, People, PeopleError};
use crate::rights::{Act, Permit, Person};
use crate::store::Appointment;

/// Logins begin with this, so that nobody's account is taken for one.
const PREFIX: &str = "sample-";

/// What they are called, with their role before it: for whoever tries it out that is what matters.
fn name(role: Role) -> &'static str {
    match role {
        Role::PresidingJudge => "审判长 周明远",
        Role::Rapporteur => "承办法官 沈清",
        Role::PanelJudge => "审判员 陆文博",
        Role::Assessor => "陪审员 何秀兰",
        Role::Assistant => "法官助理 林晓",
        Role::Clerk => "书记员 方蕾",
        Role::Committee => "审委会委员 秦正",
        Role::Supervisor => "评查员 邓立",
        Role::Archivist => "档案员 孟洁",
        Role::OtherCourt => "上级法院 顾言",
        Role::Prosecutor => "检察官 韩策",
        Role::Lawyer => "律师 苏颖",
        Role::Party => "当事人 钱伟",
        Role::Administrator => "系统管理员 罗成",
        Role::Public | Role::Local => "公众 吴双",
    }
}

impl People {
    /// Makes them, members of every case that there is, and gives them back.
    pub async fn make_sample(&self) -> Result<Vec<SampleUser>, PeopleError> {
        let permit = Permit::server(Act::CommandLine);
        let cases = self.store.cases(&permit).await?;
        let mut users = Vec::new();
        for role in Role::of_members().chain([Role::Administrator, Role::Public]) {
            let (login, name) = (format!("{PREFIX}{role}"), name(role));
            let administrator = role == Role::Administrator;
            let user = match self.of_login(&login).await {
                Err(PeopleError::Unknown) => {
                    self.add(&NewUser { login: &login, name, administrator }, None).await?
                }
                found => found?,
            };
            if Role::of_members().any(|known| known == role) {
                for case in &cases {
                    let new = Appointment { user: &user.id, role, party: "", since: 0, until: None };
                    self.store.add_member(&permit, &case.id, &new).await?;
                }
            }
            users.push(SampleUser { login: user.login, name: user.name, role });
        }
        tracing::warn!("sample users sign in without a password");
        Ok(users)
    }

    /// Becomes one of them.
    pub async fn sign_in_as_sample(
        &self,
        login: &str,
        client: &Client,
    ) -> Result<(String, Person), PeopleError> {
        let user = self.of_login(login).await?;
        let is_one = user.login.starts_with(PREFIX) && !user.disabled;
        let user = Some(user).filter(|_| is_one).ok_or(PeopleError::Unknown)?;
        Ok(self.begin(user, client).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn there_is_one_of_each_and_nobody_else_comes_in_so() {
        let folder = tempfile::tempdir().unwrap();
        let people = People::new(Store::open(folder.path()).await.unwrap());
        let sample = people.make_sample().await.unwrap();
        assert_eq!(sample.len(), 15);
        assert_eq!(people.make_sample().await.unwrap(), sample);
        people.add(&NewUser { login: "wang", name: "王", administrator: true }, None).await.unwrap();
        let become_one = async |login| people.sign_in_as_sample(login, &Client::default()).await;
        let (_, lawyer) = become_one("sample-lawyer").await.unwrap();
        assert_eq!(lawyer.principal().name, "律师 苏颖");
        assert!(become_one("sample-administrator").await.unwrap().1.is_administrator());
        for login in ["wang", "sample-nobody", ""] {
            assert!(become_one(login).await.is_err(), "{login}");
        }
    }
}
