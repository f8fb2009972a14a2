//! Signing in, out and not at all.

use super::*;
use crate::store::Store;

const PASSWORD: &str = "窗外的雨下了一夜";
const OTHER: &str = "雨停了，天亮了起来";

struct House {
    _folder: tempfile::TempDir,
    store: Store,
    people: People,
    wang: User,
}

fn from(address: &str) -> Client {
    Client { address: Some(address.parse().unwrap()), device: "Firefox · Linux".into() }
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let people = People::new(store.clone());
        let new = NewUser { login: "Wang", name: "王法官", administrator: false };
        let wang = people.add(&new, Some(PASSWORD)).await.unwrap();
        Self { _folder: folder, store, people, wang }
    }

    async fn sign_in(&self, login: &str, password: &str) -> Result<(String, Person), PeopleError> {
        self.people.sign_in(login, password, &from("10.0.0.1")).await
    }
}

#[tokio::test]
async fn a_login_is_one_persons_and_opens_with_their_password() {
    let house = House::new().await;
    let (token, person) = house.sign_in("ＷＡＮＧ", PASSWORD).await.unwrap();
    assert_eq!(person.user(), Some(house.wang.id.as_str()));
    assert_eq!(house.people.find(&token).await.unwrap(), Some(person));
    for (login, password) in [("wang", OTHER), ("wang", ""), ("li", PASSWORD), ("a b", PASSWORD)] {
        let refused = house.sign_in(login, password).await;
        assert!(matches!(refused, Err(PeopleError::Wrong)), "{login} {refused:?}");
    }
    let twice = NewUser { login: "WANG", name: "另一个人", administrator: true };
    assert!(matches!(house.people.add(&twice, None).await, Err(PeopleError::Taken)));
    // Without a password nobody gets in, with none at all least of all.
    house.people.add(&NewUser { login: "li", ..twice }, None).await.unwrap();
    assert!(matches!(house.sign_in("li", "").await, Err(PeopleError::Wrong)));
}

#[tokio::test]
async fn after_a_few_failures_there_is_a_wait_for_the_right_password_too() {
    let house = House::new().await;
    for _ in 0..5 {
        assert!(matches!(house.sign_in("wang", OTHER).await, Err(PeopleError::Wrong)));
    }
    for login in ["wang", "Wang"] {
        let refused = house.people.sign_in(login, PASSWORD, &from("10.0.0.2")).await;
        assert!(matches!(refused, Err(PeopleError::Locked(1..=1_000))), "{refused:?}");
    }
    // Nobody else has to wait, and a login that nobody has is no different.
    for _ in 0..5 {
        assert!(matches!(house.sign_in("nobody", OTHER).await, Err(PeopleError::Wrong)));
    }
    assert!(matches!(house.sign_in("nobody", OTHER).await, Err(PeopleError::Locked(_))));
}

#[tokio::test]
async fn tries_are_counted_before_they_are_known_and_forgotten_after_a_day() {
    let house = House::new().await;
    let tried = Try::of("wang", None, Some("10.0.0.1".parse().unwrap()));
    let at = async |now| house.store.begin_try(&tried.counted(), now).await;
    for _ in 0..5 {
        assert_eq!(at(1_000_000).await.unwrap(), None);
    }
    assert_eq!(at(1_000_000).await.unwrap(), Some(1_000));
    assert_eq!(at(1_000_999).await.unwrap(), Some(1));
    assert_eq!(at(1_001_000).await.unwrap(), None);
    assert_eq!(at(1_001_000).await.unwrap(), Some(2_000));
    // One that succeeds clears the account, and takes one from the address.
    house.store.end_try(&tried.account, tried.address.as_deref()).await.unwrap();
    assert_eq!(at(1_001_001).await.unwrap(), None);
    for _ in 0..5 {
        at(1_010_000).await.unwrap();
    }
    assert!(at(1_010_000).await.unwrap().is_some());
    assert_eq!(at(1_010_000 + 25 * 60 * 60 * 1000).await.unwrap(), None);
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_waits_as_well() {
    let house = House::new().await;
    let from_one = |n: usize| Try::of(&format!("login{n}"), None, Some("2001:db8::1".parse().unwrap()));
    for n in 0..50 {
        assert_eq!(house.store.begin_try(&from_one(n).counted(), 5_000).await.unwrap(), None, "{n}");
    }
    assert_eq!(house.store.begin_try(&from_one(50).counted(), 5_000).await.unwrap(), Some(1_000));
}

#[tokio::test]
async fn a_changed_password_signs_out_everywhere_else() {
    let house = House::new().await;
    let (first, person) = house.sign_in("wang", PASSWORD).await.unwrap();
    let (second, _) = house.sign_in("wang", PASSWORD).await.unwrap();
    let devices = house.people.devices(&person).await.unwrap();
    assert_eq!(devices.iter().filter(|(_, here)| *here).count(), 1);
    assert_eq!((devices.len(), devices[0].0.device.as_str()), (2, "Firefox · Linux"));
    let change = async |old, new| house.people.change_password(&person, old, new, &from("10.0.0.1")).await;
    assert!(matches!(change(OTHER, OTHER).await, Err(PeopleError::Wrong)));
    assert!(matches!(change(PASSWORD, "12345678").await, Err(PeopleError::Common)));
    assert!(house.people.find(&second).await.unwrap().is_some());
    let mut ended = house.people.ended();
    let (third, now) = change(PASSWORD, OTHER).await.unwrap();
    let heard = [ended.recv().await.unwrap(), ended.recv().await.unwrap()];
    assert!(heard.contains(&sha256(first.as_bytes())) && heard.contains(&sha256(second.as_bytes())));
    for token in [first, second] {
        assert_eq!(house.people.find(&token).await.unwrap(), None);
    }
    assert_eq!(house.people.find(&third).await.unwrap(), Some(now));
    assert!(matches!(house.sign_in("wang", PASSWORD).await, Err(PeopleError::Wrong)));
    house.sign_in("wang", OTHER).await.unwrap();
}

#[tokio::test]
async fn a_code_is_good_once_and_for_one_person() {
    let house = House::new().await;
    let (token, _) = house.sign_in("wang", PASSWORD).await.unwrap();
    let first = house.people.code_for(&house.wang).await.unwrap();
    let code = house.people.code_for(&house.wang).await.unwrap();
    assert_eq!(code.len(), CODE_GROUPS * (CODE_GROUP + 1) - 1);
    assert_eq!(house.people.find(&token).await.unwrap(), None);
    assert!(matches!(house.sign_in("wang", PASSWORD).await, Err(PeopleError::Wrong)));
    house.people.add(&NewUser { login: "li", name: "李法官", administrator: false }, None).await.unwrap();
    let redeem =
        async |login, code: &str, new| house.people.redeem(login, code, new, &from("10.0.0.1")).await;
    assert!(matches!(redeem("li", &code, OTHER).await, Err(PeopleError::Code)));
    assert!(matches!(redeem("nobody", &code, OTHER).await, Err(PeopleError::Code)));
    assert!(matches!(redeem("wang", &first, OTHER).await, Err(PeopleError::Code)));
    assert!(matches!(redeem("wang", &code, "12345678").await, Err(PeopleError::Common)));
    let typed = code.to_lowercase().replace('-', " ");
    redeem("wang", &typed, OTHER).await.unwrap();
    assert!(matches!(redeem("wang", &code, PASSWORD).await, Err(PeopleError::Code)));
    house.sign_in("wang", OTHER).await.unwrap();
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_stays_out() {
    let house = House::new().await;
    let (token, person) = house.sign_in("wang", PASSWORD).await.unwrap();
    let before = house.store.rights_version().await.unwrap();
    let disabled = User { disabled: true, ..house.wang.clone() };
    house.people.update(&disabled).await.unwrap();
    assert!(house.store.rights_version().await.unwrap() > before);
    assert_eq!(house.people.find(&token).await.unwrap(), None);
    assert!(!house.people.is_current(&person).await.unwrap());
    assert!(matches!(house.sign_in("wang", PASSWORD).await, Err(PeopleError::Wrong)));
    house.people.update(&house.wang).await.unwrap();
    assert_eq!(house.people.find(&token).await.unwrap(), None);
    house.sign_in("wang", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_session_is_over_after_a_night_without_a_sign_of_life() {
    use crate::store::{SESSION_IDLE, SESSION_LIFE};
    let house = House::new().await;
    let (token, person) = house.sign_in("wang", PASSWORD).await.unwrap();
    let hash = sha256(token.as_bytes());
    let at = |later| house.store.user_of_session(&hash, now() + later);
    // A reader who comes back now and then stays signed in, for a week.
    let mut later = 0;
    while later + SESSION_IDLE / 2 < SESSION_LIFE {
        assert!(at(later).await.unwrap().is_some(), "{later}");
        later += SESSION_IDLE / 2;
    }
    assert!(at(SESSION_LIFE + 60_000).await.unwrap().is_none());
    let (token, _) = house.sign_in("wang", PASSWORD).await.unwrap();
    let hash = sha256(token.as_bytes());
    assert!(house.store.user_of_session(&hash, now() + SESSION_IDLE + 60_000).await.unwrap().is_none());
    house.people.end_everywhere(person.user().unwrap()).await.unwrap();
    assert_eq!(house.people.find(&token).await.unwrap(), None);
}
