//! Who may do what: one table from roles, volume classes and layers to rights.
//!
//! The server asks it for every request and every update; the interface asks it for what to offer.

use serde::{Deserialize, Serialize};

use crate::volume::VolumeClass;

/// Ids of principals, meetings and marks are no longer than this.
pub const MAX_ID: usize = 64;

/// Whether a text can be an id that a client names: short, and safe in a URL, a header and a room name.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A person's name has no more characters.
pub const MAX_NAME: usize = 40;

/// Whether a character reverses or hides the text around it, or ends its line.
pub fn hides(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether a text can be a person's name: visible, short, on one line, and without characters that reverse
/// or hide the text around them.
pub fn is_name(text: &str) -> bool {
    text.trim() == text && !text.is_empty() && text.chars().count() <= MAX_NAME && !text.chars().any(hides)
}

/// What somebody is to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anybody, from anywhere.
    Public,
    /// Whoever sits at the machine that the server runs on and has given no name.
    Local,
    /// A party's lawyer.
    Lawyer,
    /// A member of the panel that hears the case (合议庭).
    Panel,
    /// The panel's clerk (书记员).
    Clerk,
    /// A member of the judicial committee (审委会).
    Committee,
}

impl Role {
    pub const ALL: &'static [Role] =
        &[Role::Public, Role::Local, Role::Lawyer, Role::Panel, Role::Clerk, Role::Committee];
}

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

/// The audience of annotations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LayerId {
    Private(String),
    Panel,
    Meeting(String),
    /// Everybody who may read the volume.
    Everybody,
}

impl LayerId {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "panel" => Some(Self::Panel),
            "everybody" => Some(Self::Everybody),
            _ => {
                let (kind, id) = text.split_once('-')?;
                match kind {
                    "private" if is_id(id) => Some(Self::Private(id.to_owned())),
                    "meeting" if is_id(id) => Some(Self::Meeting(id.to_owned())),
                    _ => None,
                }
            }
        }
    }
}

impl std::fmt::Display for LayerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Private(principal) => write!(f, "private-{principal}"),
            Self::Panel => f.write_str("panel"),
            Self::Meeting(meeting) => write!(f, "meeting-{meeting}"),
            Self::Everybody => f.write_str("everybody"),
        }
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
    const NONE: Self = Self { read: false, write_own: false, write_others: false };
    const READ: Self = Self { read: true, write_own: false, write_others: false };
    const WRITE: Self = Self { read: true, write_own: true, write_others: false };
    const KEEP: Self = Self { read: true, write_own: true, write_others: true };

    fn or(self, other: Self) -> Self {
        Self {
            read: self.read || other.read,
            write_own: self.write_own || other.write_own,
            write_others: self.write_others || other.write_others,
        }
    }
}

fn role_reads(role: Role, class: VolumeClass) -> bool {
    match role {
        Role::Public => class == VolumeClass::Public,
        Role::Lawyer => class != VolumeClass::Internal,
        Role::Local | Role::Panel | Role::Clerk | Role::Committee => true,
    }
}

/// The table. Private layers are not in it: they belong to one user, whatever the role.
fn role_rights(role: Role, layer: &LayerId) -> Rights {
    match (role, layer) {
        (_, LayerId::Private(_)) => Rights::NONE,
        (Role::Public | Role::Local | Role::Lawyer, LayerId::Panel | LayerId::Meeting(_)) => Rights::NONE,
        (Role::Public | Role::Local | Role::Lawyer, LayerId::Everybody) => Rights::READ,
        (Role::Panel | Role::Clerk, LayerId::Panel) => Rights::WRITE,
        (Role::Committee, LayerId::Panel) => Rights::NONE,
        (Role::Panel, LayerId::Meeting(_)) => Rights::READ,
        (Role::Clerk | Role::Committee, LayerId::Meeting(_)) => Rights::WRITE,
        (Role::Panel, LayerId::Everybody) => Rights::WRITE,
        // The clerk tidies what everybody sees.
        (Role::Clerk, LayerId::Everybody) => Rights::KEEP,
        (Role::Committee, LayerId::Everybody) => Rights::READ,
    }
}

/// Whether a principal may read volumes of a class.
pub fn may_read(principal: &Principal, class: VolumeClass) -> bool {
    principal.roles.iter().any(|role| role_reads(*role, class))
}

/// What a principal may do in a layer of a volume. Without a name nobody writes: a mark needs an author.
pub fn rights(principal: &Principal, class: VolumeClass, layer: &LayerId) -> Rights {
    if !may_read(principal, class) {
        return Rights::NONE;
    }
    if let LayerId::Private(owner) = layer {
        let own = principal.is_known() && *owner == principal.id;
        return if own { Rights::WRITE } else { Rights::NONE };
    }
    let roles = principal.roles.iter().filter(|role| role_reads(**role, class));
    let all = roles.fold(Rights::NONE, |all, role| all.or(role_rights(*role, layer)));
    if principal.is_known() { all } else { Rights { read: all.read, ..Rights::NONE } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    const CLASSES: [VolumeClass; 4] =
        [VolumeClass::Main, VolumeClass::Internal, VolumeClass::Evidence, VolumeClass::Public];

    fn known(roles: &[Role]) -> Principal {
        Principal { id: "me".into(), name: "我".into(), roles: roles.to_vec() }
    }

    fn letters(rights: Rights) -> &'static str {
        match rights {
            Rights::NONE => "-",
            Rights::READ => "r",
            Rights::WRITE => "rw",
            Rights::KEEP => "rwo",
            _ => "odd",
        }
    }

    /// The whole table, so that no change to it goes unseen: whether the volume is readable, then the reader's own
    /// private layer, another's private layer, panel, meeting, everybody.
    #[test]
    fn the_table() {
        let layers = [
            LayerId::Private("me".into()),
            LayerId::Private("other".into()),
            LayerId::Panel,
            LayerId::Meeting("m1".into()),
            LayerId::Everybody,
        ];
        let mut table = String::new();
        for &role in Role::ALL {
            for class in CLASSES {
                let principal = known(&[role]);
                let read = if may_read(&principal, class) { "yes" } else { "no" };
                write!(table, "{role:?} {class:?} {read}:").unwrap();
                for layer in &layers {
                    write!(table, " {}", letters(rights(&principal, class, layer))).unwrap();
                }
                table.push('\n');
            }
        }
        let expected = "\
Public Main no: - - - - -
Public Internal no: - - - - -
Public Evidence no: - - - - -
Public Public yes: rw - - - r
Local Main yes: rw - - - r
Local Internal yes: rw - - - r
Local Evidence yes: rw - - - r
Local Public yes: rw - - - r
Lawyer Main yes: rw - - - r
Lawyer Internal no: - - - - -
Lawyer Evidence yes: rw - - - r
Lawyer Public yes: rw - - - r
Panel Main yes: rw - rw r rw
Panel Internal yes: rw - rw r rw
Panel Evidence yes: rw - rw r rw
Panel Public yes: rw - rw r rw
Clerk Main yes: rw - rw rw rwo
Clerk Internal yes: rw - rw rw rwo
Clerk Evidence yes: rw - rw rw rwo
Clerk Public yes: rw - rw rw rwo
Committee Main yes: rw - - rw r
Committee Internal yes: rw - - rw r
Committee Evidence yes: rw - - rw r
Committee Public yes: rw - - rw r
";
        assert_eq!(table, expected);
    }

    #[test]
    fn nobody_without_a_name_writes_and_a_private_layer_is_its_owners() {
        for &role in Role::ALL {
            for class in CLASSES {
                for layer in [LayerId::Panel, LayerId::Everybody, LayerId::Meeting("m".into())] {
                    let rights = rights(&Principal::unknown(role), class, &layer);
                    assert!(!rights.write_own && !rights.write_others);
                }
                let nobody = rights(&Principal::unknown(role), class, &LayerId::Private(String::new()));
                assert_eq!(nobody, Rights::NONE);
            }
        }
    }

    #[test]
    fn roles_add_up_but_not_past_what_may_be_read() {
        let both = known(&[Role::Lawyer, Role::Committee]);
        assert_eq!(rights(&both, VolumeClass::Main, &LayerId::Meeting("m".into())), Rights::WRITE);
        let lawyer = known(&[Role::Public, Role::Lawyer]);
        assert_eq!(rights(&lawyer, VolumeClass::Internal, &LayerId::Everybody), Rights::NONE);
        assert_eq!(rights(&known(&[]), VolumeClass::Public, &LayerId::Everybody), Rights::NONE);
    }

    #[test]
    fn names() {
        for name in ["王法官", "Ó Súilleabháin", "欧阳·娜"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", " ", " 王", "王\n", "\u{200b}", &"王".repeat(41)] {
            assert!(!is_name(name), "{name:?}");
        }
    }

    #[test]
    fn layers_have_names() {
        for name in ["panel", "everybody", "private-0af3", "meeting-2026_1"] {
            assert_eq!(LayerId::parse(name).unwrap().to_string(), name);
        }
        for name in ["", "private-", "private", "meeting-a/b", "Panel", "panel-x", "private-%00"] {
            assert_eq!(LayerId::parse(name), None, "{name}");
        }
        assert!(!is_id(&"a".repeat(65)));
    }
}
