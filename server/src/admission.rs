//! Lets people to volumes, by what the database says at that moment: the one way from a person to a volume.

use std::sync::Arc;

use evolume_model::access::{LayerId, Rights};
use evolume_model::api::CaseSummary;
use evolume_model::volume::VolumeClass;
use tokio::sync::broadcast;

use crate::ids;
use crate::library::{Library, LoadedVolume};
use crate::people::Sessions;
use crate::rights::{Act, Entry, Membership, Permit, Person};
use crate::store::{Store, StoreError};

/// Decides who is let in.
#[derive(Clone, Debug)]
pub struct Admission {
    store: Store,
    library: Library,
    sessions: Sessions,
}

/// A volume that somebody may read, as it is now.
#[derive(Clone, Debug)]
pub struct Readable {
    pub person: Person,
    pub member: Membership,
    pub permit: Permit,
    pub volume: Arc<LoadedVolume>,
}

impl Readable {
    /// What its reader may do in a layer; who may not even read it has no such layer.
    pub fn rights(&self, layer: &LayerId) -> Option<Rights> {
        Some(self.member.rights(&self.permit, layer)).filter(|rights| rights.read)
    }

    /// Leave to go into a layer's room.
    pub fn entry(&self, layer: &LayerId) -> Option<Entry> {
        Some(Entry { rights: self.rights(layer)?, permit: self.permit.clone() })
    }
}

impl Admission {
    pub fn new(store: Store, library: Library, sessions: Sessions) -> Self {
        Self { store, library, sessions }
    }

    /// The volume for this person; one that may not be read looks like one that does not exist.
    pub async fn open(&self, person: &Person, volume: &str) -> Result<Readable, StoreError> {
        if !ids::is_id(volume) {
            return Err(StoreError::NoVolume);
        }
        let current = self.store.current(volume).await?.ok_or(StoreError::NoVolume)?;
        let member = Membership::of(person, &current.case);
        let permit = member.permit(volume, current.class).ok_or(StoreError::NoVolume)?;
        let volume = self.library.load(&permit, volume, current).await?;
        Ok(Readable { person: person.clone(), member, permit, volume })
    }

    /// What a person may do now in a layer of a volume, for who has it open already: `None` when the session
    /// is over, the volume is gone or closed to them, or the layer is not theirs to read any more.
    pub async fn entry(
        &self,
        person: &Person,
        volume: &str,
        layer: &LayerId,
    ) -> Result<Option<Entry>, StoreError> {
        if !self.sessions.is_current(person).await? {
            return Ok(None);
        }
        let Some(current) = self.store.current(volume).await? else { return Ok(None) };
        let member = Membership::of(person, &current.case);
        let Some(permit) = member.permit(volume, current.class) else { return Ok(None) };
        let rights = member.rights(&permit, layer);
        Ok(rights.read.then_some(Entry { permit, rights }))
    }

    /// Hears the hash of every session that ends at this server, as [`Person::Named`] has it. One that ends
    /// elsewhere is noticed by [`Admission::entry`] alone.
    pub fn ended_sessions(&self) -> broadcast::Receiver<String> {
        self.sessions.ended()
    }

    /// The cases and volumes that a person may know of. A case of which one may read nothing is not one's business.
    pub async fn cases(&self, person: &Person) -> Result<Vec<CaseSummary>, StoreError> {
        let mut cases = self.store.cases(&Permit::server(Act::List)).await?;
        cases.retain_mut(|case| {
            let member = Membership::of(person, &case.id);
            let empty = case.volumes.is_empty();
            case.volumes.retain(|volume| member.may_read(volume.class));
            !case.volumes.is_empty() || (empty && member.may_read(VolumeClass::Internal))
        });
        Ok(cases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Target;

    async fn store(folder: &std::path::Path) -> (Store, String) {
        let store = Store::open(folder).await.unwrap();
        let target = Target {
            case_number: "(2026)1".into(),
            case_title: None,
            court: None,
            volume_title: "正卷".into(),
            class: VolumeClass::Main,
        };
        let volume = store.ensure_volume(&target).await.unwrap();
        (store, volume)
    }

    #[tokio::test]
    async fn rights_follow_the_session_and_a_closed_volume_looks_like_none() {
        let folder = tempfile::tempdir().unwrap();
        let (store, volume) = store(folder.path()).await;
        let sessions = Sessions::new(store.clone());
        let admission = Admission::new(store.clone(), Library::new(store), sessions.clone());
        for absent in [volume.as_str(), "../etc/passwd", &"0".repeat(32)] {
            let refused = admission.open(&Person::Stranger, absent).await;
            assert!(matches!(refused, Err(StoreError::NoVolume)), "{absent}");
        }
        assert!(admission.cases(&Person::Stranger).await.unwrap().is_empty());

        let (token, person) = sessions.begin("王法官").await.unwrap();
        let readable = admission.open(&person, &volume).await.unwrap();
        assert!(readable.rights(&LayerId::Panel).unwrap().write_own);
        assert_eq!(readable.rights(&LayerId::Private("another".into())), None);
        assert_eq!(admission.cases(&person).await.unwrap().len(), 1);
        let now = async || {
            let entry = admission.entry(&person, &volume, &LayerId::Panel).await.unwrap();
            entry.map(|entry| entry.rights)
        };
        assert_eq!(now().await, readable.rights(&LayerId::Panel));
        sessions.end(&token).await.unwrap();
        assert_eq!(now().await, None);
    }
}
