//! A principal, with all the roles that a case gives, before one volume or layer.
//!
//! Roles add up, and deny wins: what is withheld from one of somebody's roles no other role brings back.

use serde::{Deserialize, Serialize};

use super::layer::LayerId;
use super::matrix;
use super::rule::Rule;
use super::words::{Act, CaseState, Role};
use crate::volume::VolumeClass;

/// The authenticated user with the roles that the case gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Principal {
    /// Opaque id; empty when nobody is known.
    pub id: String,
    /// As others see it.
    pub name: String,
    /// What they are.
    pub roles: Vec<Role>,
}

impl Principal {
    /// Somebody without a name.
    pub fn unknown(role: Role) -> Self {
        Self { id: String::new(), name: String::new(), roles: vec![role] }
    }

    /// Whether there is a name, so that marks can have an author.
    pub fn is_known(&self) -> bool {
        !self.id.is_empty()
    }
}

/// A volume, as far as rights depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub class: VolumeClass,
    /// Of its case.
    pub state: CaseState,
    /// From whom the volume is withheld (知情范围).
    pub withheld: Vec<Role>,
    /// From whom some of its materials are.
    pub partly: Vec<Role>,
}

impl Resource {
    /// A volume of a case that is being heard, withheld from nobody.
    pub fn of_class(class: VolumeClass) -> Self {
        Self { class, state: CaseState::Pending, withheld: Vec::new(), partly: Vec::new() }
    }
}

/// What one may do in a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// See its marks, and who else is there.
    pub read: bool,
    /// Make marks; change and remove your own.
    pub write_own: bool,
    /// Change and remove the marks of others.
    pub write_others: bool,
}

impl Rights {
    pub const NONE: Self = Self { read: false, write_own: false, write_others: false };
}

/// The rule that decides whether somebody may do this to a volume, or, when a layer is given, in that layer of it.
pub fn decide(who: &Principal, what: &Resource, layer: Option<&LayerId>, act: Act) -> Rule {
    let has = |denied: &[Role]| who.roles.iter().any(|role| denied.contains(role));
    let of_case = matches!(act, Act::Grant | Act::Audit);
    if !of_case && has(&what.withheld) {
        return Rule::Withheld;
    }
    match layer {
        Some(LayerId::Private(owner)) if *owner != who.id || !who.is_known() => return Rule::AnotherPersons,
        Some(LayerId::Panel | LayerId::Meeting(_) | LayerId::Everybody) if has(&what.partly) => {
            return Rule::PartlyWithheld;
        }
        Some(_) | None => {}
    }
    let kind = layer.map(LayerId::kind);
    let rules = who.roles.iter().map(|role| matrix::rule(*role, what.class, kind, what.state, act));
    let rule = rules.max_by_key(|rule| rule.depth()).unwrap_or(Rule::NoRole);
    let leaves_a_name = match act {
        Act::Annotate
        | Act::Share
        | Act::Moderate
        | Act::Ingest
        | Act::Arrange
        | Act::Grant
        | Act::Present => true,
        Act::Know | Act::Read | Act::Copy | Act::Print | Act::Download | Act::Search | Act::Audit => false,
    };
    if rule.allows() && leaves_a_name && !who.is_known() { Rule::Nameless } else { rule }
}

/// What a principal may do in a layer of a volume.
pub fn rights(who: &Principal, what: &Resource, layer: &LayerId) -> Rights {
    let may = |act| decide(who, what, Some(layer), act).allows();
    let read = may(Act::Read);
    Rights {
        read,
        write_own: read && (may(Act::Annotate) || may(Act::Share)),
        write_others: read && may(Act::Moderate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSES: [VolumeClass; 4] =
        [VolumeClass::Main, VolumeClass::Internal, VolumeClass::Evidence, VolumeClass::Public];
    const WRITE: Rights = Rights { read: true, write_own: true, write_others: false };

    fn known(roles: &[Role]) -> Principal {
        Principal { id: "me".into(), name: "我".into(), roles: roles.to_vec() }
    }

    #[test]
    fn nobody_without_a_name_writes_and_a_private_layer_is_its_owners() {
        for &role in Role::ALL {
            for class in CLASSES {
                let what = Resource::of_class(class);
                for layer in [LayerId::Panel, LayerId::Everybody, LayerId::Meeting("m".into())] {
                    let rights = rights(&Principal::unknown(role), &what, &layer);
                    assert!(!rights.write_own && !rights.write_others);
                }
                let nobody = rights(&Principal::unknown(role), &what, &LayerId::Private(String::new()));
                assert_eq!(nobody, Rights::NONE);
                let others = rights(&known(&[role]), &what, &LayerId::Private("other".into()));
                assert_eq!(others, Rights::NONE);
            }
        }
    }

    #[test]
    fn roles_add_up_but_not_past_what_may_be_read() {
        let main = Resource::of_class(VolumeClass::Main);
        let both = known(&[Role::Lawyer, Role::Committee]);
        assert_eq!(rights(&both, &main, &LayerId::Meeting("m".into())), WRITE);
        let lawyer = known(&[Role::Public, Role::Lawyer]);
        let internal = Resource::of_class(VolumeClass::Internal);
        assert_eq!(rights(&lawyer, &internal, &LayerId::Everybody), Rights::NONE);
        assert_eq!(decide(&lawyer, &internal, None, Act::Know), Rule::InternalStays);
        let public = Resource::of_class(VolumeClass::Public);
        assert_eq!(rights(&known(&[]), &public, &LayerId::Everybody), Rights::NONE);
        assert_eq!(decide(&known(&[]), &public, None, Act::Read), Rule::NoRole);
    }

    #[test]
    fn deny_wins_over_every_other_role() {
        let all: Vec<_> = Role::ALL.to_vec();
        for class in CLASSES {
            for &role in Role::ALL {
                let what = Resource { withheld: vec![role], ..Resource::of_class(class) };
                for &act in Act::ALL.iter().filter(|act| !matches!(act, Act::Grant | Act::Audit)) {
                    assert_eq!(decide(&known(&all), &what, None, act), Rule::Withheld, "{role} {act}");
                }
                // Its marks may quote what is withheld; one's own are of what one has seen.
                let what = Resource { partly: vec![role], ..Resource::of_class(class) };
                for layer in [LayerId::Panel, LayerId::Everybody, LayerId::Meeting("m".into())] {
                    assert_eq!(rights(&known(&all), &what, &layer), Rights::NONE);
                }
                assert_eq!(rights(&known(&all), &what, &LayerId::Private("me".into())), WRITE);
            }
        }
    }
}
