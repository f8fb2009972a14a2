//! Who may reach what. Nobody reads a case's bytes without a [`Permit`]: the store's readers demand one, and
//! only the checks in this file make one (invariant 14). Forbidden looks like absent, and deny wins.
//!
//! There is no I/O here: what the database knows comes in as values.

use evolume_model::access::{self, CaseState, LayerId, Principal, Resource, Rights, Role, Rule};
use evolume_model::volume::VolumeClass;

/// Who asks, in whatever case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    /// Somebody from anywhere.
    Stranger,
    /// Whoever sits at the machine that the server runs on and has given no name.
    Local,
    /// Somebody with a session.
    Named {
        /// Hash of the session's token.
        session: String,
        /// The same in every session of this name.
        id: String,
        /// As others see it.
        name: String,
        /// What stands behind the name.
        account: Account,
    },
}

/// What stands behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Nothing: it was chosen at the door.
    Provisional,
    User {
        /// Of the house.
        administrator: bool,
    },
}

impl Person {
    /// With the roles that hold in every case.
    pub fn principal(&self) -> Principal {
        self.with(self.roles())
    }

    /// Id of the account, when there is one.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Named { id, account: Account::User { .. }, .. } => Some(id),
            Self::Named { account: Account::Provisional, .. } | Self::Stranger | Self::Local => None,
        }
    }

    /// Whether this is an administrator of the house.
    pub fn is_administrator(&self) -> bool {
        self.roles().contains(&Role::Administrator)
    }

    /// Provisional names are judges of every panel.
    fn roles(&self) -> Vec<Role> {
        match self {
            Self::Stranger => vec![Role::Public],
            Self::Local => vec![Role::Local],
            Self::Named { account: Account::Provisional, .. } => vec![Role::PanelJudge],
            Self::Named { account: Account::User { administrator: true }, .. } => vec![Role::Administrator],
            Self::Named { account: Account::User { administrator: false }, .. } => Vec::new(),
        }
    }

    /// What a person is to a case: one who is nothing to it is the public.
    fn roles_in(&self, standing: &Standing) -> Vec<Role> {
        let mut roles = standing.roles.clone();
        roles.extend(self.roles());
        if roles.iter().all(|role| *role == Role::Administrator) {
            roles.push(Role::Public);
        }
        roles
    }

    fn with(&self, roles: Vec<Role>) -> Principal {
        let (id, name) = match self {
            Self::Stranger | Self::Local => (String::new(), String::new()),
            Self::Named { id, name, .. } => (id.clone(), name.clone()),
        };
        Principal { id, name, roles }
    }
}

/// What the database says of a person in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: CaseState,
    /// That the person has at this moment.
    pub roles: Vec<Role>,
    /// Whatever is withheld from anybody.
    pub withheld: Vec<Withheld>,
}

/// What a role does not get to see (知情范围).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Id of the volume.
    pub volume: String,
    /// Id of the material; all of the volume when it is empty.
    pub material: String,
    pub role: Role,
}

/// A person in one case.
#[derive(Clone, Debug)]
pub struct Membership {
    case: String,
    principal: Principal,
    state: CaseState,
    withheld: Vec<Withheld>,
}

impl Membership {
    /// What the person is to this case.
    pub fn of(person: &Person, case: &str, standing: Standing) -> Self {
        let principal = person.with(person.roles_in(&standing));
        Self { case: case.to_owned(), principal, state: standing.state, withheld: standing.withheld }
    }

    /// With the roles that the case gives.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    fn resource(&self, volume: &str, class: VolumeClass) -> Resource {
        let of_volume = self.withheld.iter().filter(|withheld| withheld.volume == volume);
        let (whole, part): (Vec<_>, Vec<_>) = of_volume.partition(|withheld| withheld.material.is_empty());
        let roles = |withheld: Vec<&Withheld>| withheld.iter().map(|withheld| withheld.role).collect();
        Resource { class, state: self.state, withheld: roles(whole), partly: roles(part) }
    }

    /// The rule that decides about an act on a volume of this case, or in a layer of it.
    pub fn decide(
        &self,
        volume: &str,
        class: VolumeClass,
        layer: Option<&LayerId>,
        act: access::Act,
    ) -> Rule {
        access::decide(&self.principal, &self.resource(volume, class), layer, act)
    }

    /// Leave to do something to a volume of this case.
    pub fn permit(&self, volume: &str, class: VolumeClass, act: access::Act) -> Option<Permit> {
        let scope = Scope::Volume { case: self.case.clone(), volume: volume.to_owned(), class };
        self.decide(volume, class, None, act).allows().then_some(Permit { act: Act::Person(act), scope })
    }

    /// Leave to say who is a member of this case.
    pub fn permit_to_grant(&self) -> Option<Permit> {
        // Of a case as a whole the class of a volume says nothing.
        let rule = self.decide("", VolumeClass::Main, None, access::Act::Grant);
        let scope = Scope::Case(self.case.clone());
        rule.allows().then_some(Permit { act: Act::Person(access::Act::Grant), scope })
    }

    /// What is allowed in a layer of a volume that may be read.
    pub fn rights(&self, permit: &Permit, layer: &LayerId) -> Rights {
        match &permit.scope {
            Scope::Volume { case, volume, class } if *case == self.case => {
                access::rights(&self.principal, &self.resource(volume, *class), layer)
            }
            Scope::Volume { .. } | Scope::Case(_) | Scope::Everything => Rights::NONE,
        }
    }

    /// Ids of the materials of a volume that are withheld from one of the person's roles, in order.
    pub fn hidden(&self, volume: &str) -> Vec<String> {
        let mine = self
            .withheld
            .iter()
            .filter(|withheld| withheld.volume == volume && self.principal.roles.contains(&withheld.role));
        let mut hidden: Vec<_> = mine.map(|withheld| withheld.material.clone()).collect();
        hidden.retain(|material| !material.is_empty());
        hidden.sort();
        hidden.dedup();
        hidden
    }
}

/// What a permit was given for. One for reading is none for downloading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// What a person does.
    Person(access::Act),
    /// Files become part of a volume.
    Ingest,
    /// OCR reads pages that have no text.
    Ocr,
    /// Search indexes are put in order.
    Index,
    /// What one may see is picked out of the list of everything.
    List,
    /// Whoever runs `evolume` on the data folder has its files anyway.
    CommandLine,
}

/// Leave to reach bytes.
#[derive(Clone, Debug)]
pub struct Permit {
    act: Act,
    scope: Scope,
}

#[derive(Clone, Debug)]
enum Scope {
    Volume {
        case: String,
        volume: String,
        class: VolumeClass,
    },
    /// Who is a member of it.
    Case(String),
    Everything,
}

impl Permit {
    /// For the server's own work, of which no reader gets to see anything but by a permit of his own. Handlers
    /// and rooms make none: a test of this file looks through them.
    pub fn server(act: Act) -> Self {
        Self { act, scope: Scope::Everything }
    }

    /// What it was given for.
    pub fn act(&self) -> Act {
        self.act
    }

    /// The case and the volume, when it is for one.
    pub fn of(&self) -> Option<(&str, &str)> {
        match &self.scope {
            Scope::Volume { case, volume, .. } => Some((case, volume)),
            Scope::Case(_) | Scope::Everything => None,
        }
    }

    /// Whether it is good for everything.
    pub fn is_unlimited(&self) -> bool {
        matches!(self.scope, Scope::Everything)
    }

    /// Whether it is good for this volume.
    pub fn covers(&self, wanted: &str) -> bool {
        match &self.scope {
            Scope::Volume { volume, .. } => volume == wanted,
            Scope::Case(_) => false,
            Scope::Everything => true,
        }
    }

    /// Whether members of this case may be named with it.
    pub fn grants(&self, wanted: &str) -> bool {
        match &self.scope {
            Scope::Volume { .. } => false,
            Scope::Case(case) => case == wanted && self.act == Act::Person(access::Act::Grant),
            Scope::Everything => true,
        }
    }
}

/// Leave to go into a room: what one may do there, and the permit that opens its document.
#[derive(Clone, Debug)]
pub struct Entry {
    pub permit: Permit,
    pub rights: Rights,
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::Act::{Download, Ingest, Read};

    fn named(account: Account) -> Person {
        Person::Named { session: "s".into(), id: "p".into(), name: "王法官".into(), account }
    }

    fn standing(roles: &[Role], withheld: &[(&str, Role)]) -> Standing {
        let withheld = withheld.iter().map(|(material, role)| Withheld {
            volume: "v".into(),
            material: (*material).into(),
            role: *role,
        });
        Standing { state: CaseState::Pending, roles: roles.to_vec(), withheld: withheld.collect() }
    }

    fn member(roles: &[Role], withheld: &[(&str, Role)]) -> Membership {
        let user = named(Account::User { administrator: false });
        Membership::of(&user, "case", standing(roles, withheld))
    }

    #[test]
    fn a_permit_is_for_one_volume_and_one_act_of_who_may() {
        let stranger = Membership::of(&Person::Stranger, "case", standing(&[], &[]));
        assert!(stranger.permit("v", VolumeClass::Main, Read).is_none());
        assert!(stranger.permit("v", VolumeClass::Public, Read).is_some());
        assert!(stranger.permit("v", VolumeClass::Public, Download).is_none());
        let judge = member(&[Role::PanelJudge], &[]);
        let permit = judge.permit("v", VolumeClass::Internal, Read).unwrap();
        assert!(permit.covers("v") && !permit.covers("w"));
        assert_eq!((permit.act(), permit.of()), (Act::Person(Read), Some(("case", "v"))));
        assert!(judge.permit("v", VolumeClass::Internal, Ingest).is_none());
    }

    #[test]
    fn one_who_is_nothing_to_a_case_is_the_public_and_an_administrator_only_grants() {
        assert!(member(&[], &[]).permit("v", VolumeClass::Public, Read).is_some());
        assert!(member(&[], &[]).permit("v", VolumeClass::Main, Read).is_none());
        let user = named(Account::User { administrator: true });
        let administrator = Membership::of(&user, "case", standing(&[], &[]));
        assert!(administrator.permit("v", VolumeClass::Main, access::Act::Know).is_none());
        let permit = administrator.permit_to_grant().unwrap();
        assert!(permit.grants("case") && !permit.grants("other") && !permit.covers("v"));
        assert!(member(&[Role::PresidingJudge], &[]).permit_to_grant().is_some());
        assert!(member(&[Role::Rapporteur], &[]).permit_to_grant().is_none());
        assert!(!administrator.permit("v", VolumeClass::Public, Read).unwrap().grants("case"));
    }

    #[test]
    fn what_is_withheld_from_one_role_is_withheld() {
        let both = [Role::PanelJudge, Role::Committee];
        let all = member(&both, &[("", Role::Committee)]);
        assert!(all.permit("v", VolumeClass::Main, Read).is_none());
        assert!(all.permit("w", VolumeClass::Main, Read).is_some());
        let part = member(&both, &[("m2", Role::Committee), ("m1", Role::PanelJudge), ("m3", Role::Lawyer)]);
        let permit = part.permit("v", VolumeClass::Main, Read).unwrap();
        assert_eq!(part.hidden("v"), ["m1", "m2"]);
        assert_eq!(part.rights(&permit, &LayerId::Panel), Rights::NONE);
        assert!(part.rights(&permit, &LayerId::Private("p".into())).write_own);
        assert!(member(&[Role::PanelJudge], &[("m3", Role::Lawyer)]).hidden("v").is_empty());
    }

    #[test]
    fn a_permit_of_another_case_gives_no_rights_in_a_layer() {
        let judge = named(Account::Provisional);
        let here = Membership::of(&judge, "here", standing(&[], &[]));
        let there = Membership::of(&judge, "there", standing(&[], &[]));
        let permit = here.permit("v", VolumeClass::Main, Read).unwrap();
        assert!(here.rights(&permit, &LayerId::Panel).write_own);
        assert_eq!(there.rights(&permit, &LayerId::Panel), Rights::default());
        assert_eq!(here.rights(&Permit::server(Act::Index), &LayerId::Panel), Rights::default());
    }

    #[test]
    fn handlers_and_rooms_make_no_permit() {
        for folder in ["http", "rooms"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
            let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
            let files: Vec<_> = files.filter(|entry| entry.file_type().is_file()).collect();
            assert!(!files.is_empty());
            for file in files {
                let text = std::fs::read_to_string(file.path()).unwrap();
                assert!(!text.contains("Permit::server"), "{}", file.path().display());
            }
        }
    }
}
