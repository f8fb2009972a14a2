//! Who may reach what. Nobody reads a case's bytes without a [`Permit`]: the store's readers demand one, and
//! only the checks in this file make one (invariant 14). Forbidden looks like absent, and deny wins.
//!
//! There is no I/O here: what the database knows comes in as values.

use evolume_model::access::{self, LayerId, Principal, Rights, Role};
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
    },
}

impl Person {
    /// What a person is to a case. The one place for it: provisional names are members of every panel until
    /// cases have members of their own.
    pub fn roles_in(&self, _case: &str) -> Vec<Role> {
        self.roles()
    }

    /// With the roles that hold in every case.
    pub fn principal(&self) -> Principal {
        self.with(self.roles())
    }

    fn roles(&self) -> Vec<Role> {
        match self {
            Self::Stranger => vec![Role::Public],
            Self::Local => vec![Role::Local],
            Self::Named { .. } => vec![Role::Panel],
        }
    }

    fn with(&self, roles: Vec<Role>) -> Principal {
        let (id, name) = match self {
            Self::Stranger | Self::Local => (String::new(), String::new()),
            Self::Named { id, name, .. } => (id.clone(), name.clone()),
        };
        Principal { id, name, roles }
    }
}

/// A person in one case.
#[derive(Clone, Debug)]
pub struct Membership {
    case: String,
    principal: Principal,
}

impl Membership {
    /// What the person is to this case.
    pub fn of(person: &Person, case: &str) -> Self {
        Self { case: case.to_owned(), principal: person.with(person.roles_in(case)) }
    }

    /// With the roles that the case gives.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Volumes of this class in this case.
    pub fn may_read(&self, class: VolumeClass) -> bool {
        access::may_read(&self.principal, class)
    }

    /// Leave to read a volume of this case.
    pub fn permit(&self, volume: &str, class: VolumeClass) -> Option<Permit> {
        let scope = Scope::Volume { case: self.case.clone(), volume: volume.to_owned(), class };
        self.may_read(class).then_some(Permit { act: Act::Read, scope })
    }

    /// What is allowed in a layer of a volume that may be read.
    pub fn rights(&self, permit: &Permit, layer: &LayerId) -> Rights {
        match &permit.scope {
            Scope::Volume { case, class, .. } if *case == self.case => {
                access::rights(&self.principal, *class, layer)
            }
            _ => Rights::default(),
        }
    }
}

/// What a permit was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A person reads.
    Read,
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
    Volume { case: String, volume: String, class: VolumeClass },
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

    /// The case and the volume, unless it is for everything.
    pub fn of(&self) -> Option<(&str, &str)> {
        match &self.scope {
            Scope::Volume { case, volume, .. } => Some((case, volume)),
            Scope::Everything => None,
        }
    }

    /// Whether it is good for this volume.
    pub fn covers(&self, wanted: &str) -> bool {
        self.of().is_none_or(|(_, volume)| volume == wanted)
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

    fn named() -> Person {
        Person::Named { session: "s".into(), id: "p".into(), name: "王法官".into() }
    }

    #[test]
    fn a_permit_is_for_one_volume_and_only_for_who_may_read_it() {
        let stranger = Membership::of(&Person::Stranger, "case");
        assert!(stranger.permit("v", VolumeClass::Main).is_none());
        assert!(stranger.permit("v", VolumeClass::Public).is_some());
        let permit = Membership::of(&named(), "case").permit("v", VolumeClass::Internal).unwrap();
        assert!(permit.covers("v") && !permit.covers("w"));
        assert_eq!((permit.act(), permit.of()), (Act::Read, Some(("case", "v"))));
    }

    #[test]
    fn a_permit_of_another_case_gives_no_rights_in_a_layer() {
        let (here, there) = (Membership::of(&named(), "here"), Membership::of(&named(), "there"));
        let permit = here.permit("v", VolumeClass::Main).unwrap();
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
