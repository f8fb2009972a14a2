//! Accounts, members of cases, and why somebody may do what.

use std::io::BufRead;
use std::process::ExitCode;

use evolume_model::access::Rule;
use evolume_model::api::CaseSummary;
use evolume_server::config::{CaseCommand, MemberCommand, OneCase, OneUser, UserCommand, What, Why};
use evolume_server::people::{NewUser, People};
use evolume_server::rights::Withheld;
use evolume_server::store::{Appointment, Store, User};
use evolume_server::{clock, ids, why};

use super::{open, permit};
use crate::report::{CommandError, Language};

/// It may not be done.
const REFUSED: u8 = 1;

pub async fn user(command: UserCommand) -> anyhow::Result<ExitCode> {
    match command {
        UserCommand::Add { data, login, name, admin, password_stdin } => {
            let people = People::new(open(&data).await?);
            let password = if password_stdin { Some(first_line()?) } else { None };
            let new = NewUser { login: &login, name: &name, administrator: admin };
            let user = people.add(&new, password.as_deref()).await?;
            if password.is_none() {
                println!("{}", people.code_for(&user).await?);
            }
        }
        UserCommand::Disable(user) => set_disabled(&user, true).await?,
        UserCommand::Enable(user) => set_disabled(&user, false).await?,
        UserCommand::Passwd { user: OneUser { data, login }, password_stdin } => {
            let people = People::new(open(&data).await?);
            let user = people.of_login(&login).await?;
            if password_stdin {
                people.replace_password(&user, &first_line()?).await?;
            } else {
                println!("{}", people.code_for(&user).await?);
            }
        }
        UserCommand::List { data, json } => {
            let users = People::new(open(&data).await?).all().await?;
            if json {
                let users = users.iter().map(|user| {
                    serde_json::json!({
                        "id": user.id, "login": user.login, "name": user.name,
                        "administrator": user.administrator, "disabled": user.disabled,
                    })
                });
                println!("{}", serde_json::Value::from_iter(users));
            } else {
                for user in users {
                    let admin = if user.administrator { " administrator" } else { "" };
                    let disabled = if user.disabled { " disabled" } else { "" };
                    println!("{} {}{admin}{disabled}", user.login, user.name);
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set_disabled(OneUser { data, login }: &OneUser, disabled: bool) -> anyhow::Result<()> {
    let people = People::new(open(data).await?);
    let user = people.of_login(login).await?;
    Ok(people.update(&User { disabled, ..user }).await?)
}

/// Never from the command line itself, which everybody on the machine sees.
fn first_line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The store, and the id of the case that is meant.
async fn case_of(OneCase { data, number }: &OneCase) -> anyhow::Result<(Store, String)> {
    let store = open(data).await?;
    let found = store.case_of_number(number).await?;
    let (case, _) = found.ok_or_else(|| CommandError::NoCase(number.clone()))?;
    Ok((store, case))
}

pub async fn case(command: CaseCommand) -> anyhow::Result<ExitCode> {
    match command {
        CaseCommand::Member(command) => return member(command).await,
        CaseCommand::State { case, state } => {
            let (store, id) = case_of(&case).await?;
            store.set_case_state(&permit(), &id, state.into()).await?;
        }
        CaseCommand::Withhold { what, reason } => {
            let (store, case, withheld) = found(&what).await?;
            store.withhold(&permit(), &case, &withheld, &reason, clock::now()).await?;
        }
        CaseCommand::Release { what } => {
            let (store, case, withheld) = found(&what).await?;
            if !store.release(&permit(), &case, &withheld).await? {
                return Err(CommandError::NotWithheld.into());
            }
        }
        CaseCommand::Withheld { case, json } => {
            let (store, id) = case_of(&case).await?;
            let all = store.withheld(&permit(), &id).await?;
            if json {
                let all = all.iter().map(|(Withheld { volume, material, role }, reason)| {
                    serde_json::json!({ "volume": volume, "material": material, "role": role, "reason": reason })
                });
                println!("{}", serde_json::Value::from_iter(all));
            } else {
                for (Withheld { volume, material, role }, reason) in all {
                    println!("{volume} {material} {role}: {reason}");
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What is meant, by title or id; the volume has to be one of the case.
async fn found(What { case, volume, material, role }: &What) -> anyhow::Result<(Store, String, Withheld)> {
    let (store, id) = case_of(case).await?;
    let cases = store.cases(&permit()).await?;
    let volumes = cases.into_iter().filter(|known| known.id == id).flat_map(|known| known.volumes);
    let mut volumes = volumes.filter(|known| known.id == *volume || known.title == *volume);
    let volume = volumes.next().ok_or_else(|| CommandError::NoVolume(volume.clone()))?.id;
    let material = match material {
        None => String::new(),
        Some(wanted) => {
            let (_, manifest) = store.manifest_of(&permit(), &volume).await?;
            let is_meant =
                |id: &str, title: &str| if ids::is_id(wanted) { id == wanted } else { title == wanted };
            let meant: Vec<_> =
                manifest.materials.into_iter().filter(|known| is_meant(&known.id, &known.title)).collect();
            match &meant[..] {
                [one] => one.id.clone(),
                [] => return Err(CommandError::NoMaterial(wanted.clone()).into()),
                _ => return Err(CommandError::ManyMaterials(wanted.clone()).into()),
            }
        }
    };
    Ok((store, id, Withheld { volume, material, role: *role }))
}

async fn member(command: MemberCommand) -> anyhow::Result<ExitCode> {
    match command {
        MemberCommand::Add { case, login, role, party } => {
            let (store, id) = case_of(&case).await?;
            let user = People::new(store.clone()).of_login(&login).await?.id;
            let new =
                Appointment { user: &user, role, party: party.trim(), since: clock::now(), until: None };
            store.add_member(&permit(), &id, &new).await?;
        }
        MemberCommand::Remove { case, login, role } => {
            let (store, id) = case_of(&case).await?;
            let user = People::new(store.clone()).of_login(&login).await?.id;
            if !store.remove_member(&permit(), &id, &user, role, clock::now()).await? {
                return Err(CommandError::NoMember(login).into());
            }
        }
        MemberCommand::List { case, json } => {
            let (store, id) = case_of(&case).await?;
            let members = store.members(&permit(), &id, clock::now()).await?;
            if json {
                let members = members.iter().map(|member| {
                    serde_json::json!({
                        "login": member.login, "name": member.name, "role": member.role, "party": member.party,
                        "since": member.since, "until": member.until,
                    })
                });
                println!("{}", serde_json::Value::from_iter(members));
            } else {
                for member in members {
                    println!("{} {} {} {}", member.login, member.name, member.role, member.party);
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn why(Why { data, person, act, case, layer, json }: Why) -> anyhow::Result<ExitCode> {
    let store = open(&data).await?;
    let user = match person.as_str() {
        "public" => None,
        login => Some(People::new(store.clone()).of_login(login).await?),
    };
    let cases = store.cases(&permit()).await?;
    let known: Option<CaseSummary> = cases.into_iter().find(|known| known.number == case);
    let case = known.ok_or(CommandError::NoCase(case))?;
    let reasons = why::ask(&store, &permit(), user.as_ref(), &case, act, layer.as_deref()).await?;
    let roles: Vec<_> = reasons.roles.iter().map(|role| role.as_str()).collect();
    if json {
        let answers = reasons.answers.iter().map(|answer| {
            serde_json::json!({
                "volume": answer.volume, "allowed": answer.rule.allows(), "rule": answer.rule,
            })
        });
        let answers = serde_json::Value::from_iter(answers);
        println!("{}", serde_json::json!({ "roles": roles, "answers": answers }));
    } else {
        println!("{person}: {}", roles.join(", "));
        for answer in &reasons.answers {
            let about = answer.volume.as_deref().unwrap_or(&case.number);
            println!("{about}: {}", sentence(answer.rule, Language::of_environment()));
        }
    }
    let all = reasons.answers.iter().all(|answer| answer.rule.allows());
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
}

fn sentence(rule: Rule, language: Language) -> String {
    let (chinese, english) = match rule {
        Rule::Allowed => ("可以", "allowed"),
        Rule::NoRole => ("不可以：此人在本案没有任何身份", "refused: this person is nothing to the case"),
        Rule::House => (
            "不可以：系统管理员仅凭此身份看不到案卷内容",
            "refused: administering the house shows no content",
        ),
        Rule::PublicOnly => (
            "不可以：与本案无关的人只能看公开卷",
            "refused: without a part in the case there are public volumes only",
        ),
        Rule::InternalStays => ("不可以：副卷不出法院", "refused: an internal volume never leaves the court"),
        Rule::NotYet => (
            "不可以：此身份在结案之后才能查看",
            "refused: this role has the case when it is closed, not before",
        ),
        Rule::NotOfRole => ("不可以：此身份没有这项权限", "refused: the role does not do this"),
        Rule::LayerClosed => ("不可以：此批注层不对该身份开放", "refused: the layer is not for this role"),
        Rule::Misplaced => ("不可以：这里没有这种操作", "refused: there is no such act there"),
        Rule::Frozen => ("不可以：归档案卷不再改动", "refused: an archived case is not changed"),
        Rule::Withheld => {
            ("不可以：此卷不在该身份的知情范围内", "refused: the volume is withheld from one of the roles")
        }
        Rule::PartlyWithheld => (
            "不可以：卷内有材料不在该身份的知情范围内，共享批注可能引用它们",
            "refused: materials are withheld from one of the roles, and shared marks may quote them",
        ),
        Rule::AnotherPersons => ("不可以：这是他人的私人批注层", "refused: another person's private layer"),
        Rule::Nameless => ("不可以：需要先登录", "refused: this leaves a name behind, and there is none"),
    };
    let text = match language {
        Language::Chinese => chinese,
        Language::English => english,
    };
    format!("{text} [{}]", serde_json::to_string(&rule).unwrap_or_default().trim_matches('"'))
}
