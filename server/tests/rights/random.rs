//! Random people, members, withdrawals and clocks against a small model.

use std::collections::{BTreeMap, BTreeSet};

use evolume_server::rights::{Account, Membership, Person, Withheld};
use evolume_server::store::{Target, User};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

const USERS: usize = 3;
const ROLES: [Role; 4] = [Role::PanelJudge, Role::Lawyer, Role::Supervisor, Role::Committee];

#[derive(Clone, Debug)]
enum Step {
    Add { case: usize, user: usize, role: Role, since: u64, lasts: Option<u64> },
    Remove { case: usize, user: usize, role: Option<Role> },
    Withhold { volume: usize, role: Role },
    Release { volume: usize, role: Role },
    State { case: usize, state: CaseState },
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let role = || proptest::sample::select(&ROLES[..]);
    let state = proptest::sample::select(CaseState::ALL);
    prop_oneof![
        4 => (0..2usize, 0..USERS, role(), 0..200u64, proptest::option::of(1..300u64))
            .prop_map(|(case, user, role, since, lasts)| Step::Add { case, user, role, since, lasts }),
        2 => (0..2usize, 0..USERS, proptest::option::of(role()))
            .prop_map(|(case, user, role)| Step::Remove { case, user, role }),
        2 => (0..4usize, role()).prop_map(|(volume, role)| Step::Withhold { volume, role }),
        1 => (0..4usize, role()).prop_map(|(volume, role)| Step::Release { volume, role }),
        1 => (0..2usize, state).prop_map(|(case, state)| Step::State { case, state }),
        2 => (1..150u64).prop_map(Step::Wait),
    ]
}

/// Everything that decides, as plainly as it can be said.
struct Model {
    now: u64,
    members: BTreeMap<(usize, usize, Role), (u64, Option<u64>)>,
    withheld: BTreeSet<(usize, Role)>,
    states: [CaseState; 2],
}

impl Model {
    fn new() -> Self {
        let states = [CaseState::Pending; 2];
        Self { now: 1_000, members: BTreeMap::new(), withheld: BTreeSet::new(), states }
    }

    fn take(&mut self, step: &Step) {
        let now = self.now;
        match *step {
            Step::Add { case, user, role, since, lasts } => {
                let since = now + since;
                self.members.insert((case, user, role), (since, lasts.map(|lasts| since + lasts)));
            }
            Step::Remove { case, user, role } => {
                for ((at, who, what), (_, until)) in &mut self.members {
                    let meant = (*at, *who) == (case, user) && role.is_none_or(|role| role == *what);
                    if meant && until.is_none_or(|until| until > now) {
                        *until = Some(now);
                    }
                }
            }
            Step::Withhold { volume, role } => drop(self.withheld.insert((volume, role))),
            Step::Release { volume, role } => drop(self.withheld.remove(&(volume, role))),
            Step::State { case, state } => self.states[case] = state,
            Step::Wait(time) => self.now += time,
        }
    }

    /// Volumes 0 and 1 are the first case's main and internal one, 2 and 3 the second's.
    fn may(&self, user: usize, volume: usize, act: Act) -> bool {
        let case = volume / 2;
        let class = [VolumeClass::Main, VolumeClass::Internal][volume % 2];
        let has = |role: Role| {
            let times = self.members.get(&(case, user, role));
            times.is_some_and(|(since, until)| {
                *since <= self.now && until.is_none_or(|until| until > self.now)
            })
        };
        let roles: Vec<Role> = ROLES.into_iter().filter(|role| has(*role)).collect();
        let denied = roles.iter().any(|role| self.withheld.contains(&(volume, *role)));
        let allowed = |role: &Role| access::rule(*role, class, None, self.states[case], act).allows();
        (act == Act::Grant || !denied) && roles.iter().any(allowed)
    }
}

struct World {
    _folder: tempfile::TempDir,
    store: Store,
    cases: Vec<String>,
    volumes: Vec<(String, VolumeClass)>,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let (mut cases, mut volumes) = (Vec::new(), Vec::new());
        for number in ["(2026)1", "(2026)2"] {
            for class in [VolumeClass::Main, VolumeClass::Internal] {
                let target = Target {
                    case_number: number.into(),
                    case_title: None,
                    court: None,
                    volume_title: format!("{class:?}"),
                    class,
                };
                volumes.push((store.ensure_volume(&target).await.unwrap(), class));
            }
            cases.push(store.case_of_number(number).await.unwrap().unwrap().0);
        }
        for user in 0..USERS {
            let id = format!("user{user}");
            let login = id.clone();
            let user = User { name: id.clone(), id, login, administrator: false, disabled: false };
            assert!(store.insert_user(&user, None, 1).await.unwrap());
        }
        Self { _folder: folder, store, cases, volumes }
    }

    async fn take(&self, now: u64, step: &Step) {
        let (store, permit) = (&self.store, &permit());
        let withheld = |volume: usize, role| Withheld {
            volume: self.volumes[volume].0.clone(),
            material: String::new(),
            role,
        };
        match step {
            Step::Add { case, user, role, since, lasts } => {
                let (user, since) = (&format!("user{user}"), now + since);
                let until = lasts.map(|lasts| since + lasts);
                let new = Appointment { user, role: *role, party: "", since, until };
                store.add_member(permit, &self.cases[*case], &new).await.unwrap();
            }
            Step::Remove { case, user, role } => {
                let user = format!("user{user}");
                store.remove_member(permit, &self.cases[*case], &user, *role, now).await.unwrap();
            }
            Step::Withhold { volume, role } => {
                let case = &self.cases[volume / 2];
                store.withhold(permit, case, &withheld(*volume, *role), "x", now).await.unwrap();
            }
            Step::Release { volume, role } => {
                let case = &self.cases[volume / 2];
                store.release(permit, case, &withheld(*volume, *role)).await.unwrap();
            }
            Step::State { case, state } => {
                store.set_case_state(permit, &self.cases[*case], *state).await.unwrap();
            }
            Step::Wait(_) => {}
        }
    }

    async fn may(&self, user: usize, volume: usize, now: u64) -> Vec<Act> {
        let (id, class) = &self.volumes[volume];
        let case = &self.cases[volume / 2];
        let state = self.store.case_state(case).await.unwrap().unwrap();
        let (session, user) = (String::new(), format!("user{user}"));
        let standing = self.store.standing(case, state, id, &user, now).await.unwrap();
        // The list of all cases goes by another query.
        let listed = self.store.standings(&permit(), &user, now).await.unwrap().remove(case).unwrap();
        let account = Account::User { administrator: false };
        let person = Person::Named { session, id: user.clone(), name: user, account };
        let decide = |standing| {
            let member = Membership::of(&person, case, standing);
            let may = |act: &Act| member.decide(id, *class, None, *act).allows();
            Act::ALL.iter().copied().filter(may).collect::<Vec<_>>()
        };
        let acts = decide(standing);
        assert_eq!(acts, decide(listed));
        acts
    }
}

#[test]
fn members_withdrawals_and_clocks_decide_as_a_small_model_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    let steps = proptest::collection::vec(step(), 1..16);
    runner
        .run(&steps, |steps| {
            runtime.block_on(async {
                let world = World::new().await;
                let mut model = Model::new();
                for step in &steps {
                    world.take(model.now, step).await;
                    model.take(step);
                    for user in 0..USERS {
                        for volume in 0..world.volumes.len() {
                            let expected: Vec<_> = Act::ALL
                                .iter()
                                .copied()
                                .filter(|act| model.may(user, volume, *act))
                                .collect();
                            let acts = world.may(user, volume, model.now).await;
                            prop_assert_eq!(acts, expected, "user {} volume {} {:?}", user, volume, step);
                        }
                    }
                }
                Ok(())
            })
        })
        .unwrap();
}
