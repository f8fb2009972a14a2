//! Why somebody may do something in a case, or may not: the rule that decides, for each of its volumes.

use evolume_model::access::{Act, LayerId, Role, Rule};
use evolume_model::api::CaseSummary;

use crate::clock::now;
use crate::rights::{Account, Membership, Permit, Person};
use crate::store::{Store, StoreError, User};

/// A rule, and what it was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Title of the volume; none where it is about the case as a whole.
    pub volume: Option<String>,
    pub rule: Rule,
}

/// What somebody is to a case, and what follows from that.
#[derive(Clone, Debug)]
pub struct Reasons {
    pub roles: Vec<Role>,
    pub answers: Vec<Answer>,
}

/// Asks for a user, or for anybody, in one of the cases that `permit` shows.
pub async fn ask(
    store: &Store,
    permit: &Permit,
    user: Option<&User>,
    case: &CaseSummary,
    act: Act,
    layer: Option<&str>,
) -> Result<Reasons, StoreError> {
    let person = match user {
        None => Person::Stranger,
        Some(user) => Person::Named {
            session: String::new(),
            id: user.id.clone(),
            name: user.name.clone(),
            account: Account::User { administrator: user.administrator },
        },
    };
    let id = person.user().unwrap_or_default();
    let standing = store.standings(permit, id, now()).await?.remove(&case.id);
    let member = Membership::of(&person, &case.id, standing.ok_or(StoreError::NoVolume)?);
    let layer = layer_of(act, layer, member.principal().id.as_str());
    let of_volume = |volume: &evolume_model::api::VolumeSummary| Answer {
        volume: Some(volume.title.clone()),
        rule: member.decide(&volume.id, volume.class, layer.as_ref(), act),
    };
    let answers = match act {
        Act::Grant | Act::Audit => {
            let rule = member.decide("", evolume_model::volume::VolumeClass::Main, None, act);
            vec![Answer { volume: None, rule }]
        }
        Act::Know
        | Act::Read
        | Act::Copy
        | Act::Print
        | Act::Download
        | Act::Search
        | Act::Annotate
        | Act::Share
        | Act::Moderate
        | Act::Ingest
        | Act::Arrange
        | Act::Present => case.volumes.iter().map(of_volume).collect(),
    };
    Ok(Reasons { roles: member.principal().roles.clone(), answers })
}

/// The layer that is meant: marks are asked about where they would be made.
fn layer_of(act: Act, layer: Option<&str>, own: &str) -> Option<LayerId> {
    match (layer, act) {
        (Some("private"), _) | (None, Act::Annotate) => Some(LayerId::Private(own.to_owned())),
        (Some("meeting"), _) => Some(LayerId::Meeting("any".to_owned())),
        (Some(other), _) => LayerId::parse(other),
        (None, Act::Share) => Some(LayerId::Panel),
        (None, Act::Moderate) => Some(LayerId::Everybody),
        (None, _) => None,
    }
}
