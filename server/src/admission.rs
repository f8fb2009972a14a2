//! Lets people to volumes, by what the database says at that moment: the one way from a person to a volume.

use std::sync::Arc;

use evolume_model::access::{self, CaseState, LayerId, Rights};
use evolume_model::api::{CaseSummary, VolumeSummary};
use evolume_model::volume::VolumeClass;
use tokio::sync::broadcast;

use crate::clock::now;
use crate::ids;
use crate::library::{Library, LoadedVolume};
use crate::people::People;
use crate::rights::{Act, Entry, Membership, Permit, Person};
use crate::store::{Current, Store, StoreError};

/// Decides who is let in.
#[derive(Clone, Debug)]
pub struct Admission {
    store: Store,
    library: Library,
    people: People,
}

/// A volume that somebody may read, as it is now.
#[derive(Clone, Debug)]
pub struct Readable {
    pub person: Person,
    pub member: Membership,
    pub permit: Permit,
    /// Without what is withheld.
    pub volume: Arc<LoadedVolume>,
}

impl Readable {
    /// Leave for more than reading; what one may not do to a volume is not there.
    pub fn leave(&self, act: access::Act) -> Result<Permit, StoreError> {
        let class = self.volume.current().class;
        self.member.permit(&self.volume.manifest().volume, class, act).ok_or(StoreError::NoVolume)
    }

    /// All that its reader may do to the volume.
    pub fn acts(&self) -> Vec<access::Act> {
        let may = |act: &access::Act| self.leave(*act).is_ok();
        access::Act::ALL.iter().copied().filter(may).collect()
    }

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
    pub fn new(store: Store, library: Library, people: People) -> Self {
        Self { store, library, people }
    }

    /// The volume for this person; one that may not be read looks like one that does not exist.
    pub async fn open(&self, person: &Person, volume: &str) -> Result<Readable, StoreError> {
        if !ids::is_id(volume) {
            return Err(StoreError::NoVolume);
        }
        // The same questions whether there is such a volume or not: the time that it takes tells nothing either.
        let current = self.store.current(volume).await?;
        let member = self.member(person, volume, current.as_ref()).await?;
        let current = current.ok_or(StoreError::NoVolume)?;
        let permit = member.permit(volume, current.class, access::Act::Read).ok_or(StoreError::NoVolume)?;
        let volume = self.library.load(&permit, volume, current, &member.hidden(volume)).await?;
        Ok(Readable { person: person.clone(), member, permit, volume })
    }

    async fn member(
        &self,
        person: &Person,
        volume: &str,
        current: Option<&Current>,
    ) -> Result<Membership, StoreError> {
        let user = person.user().unwrap_or_default();
        let (case, state) =
            current.map_or(("", CaseState::Archived), |current| (&current.case, current.state));
        let standing = self.store.standing(case, state, volume, user, now()).await?;
        Ok(Membership::of(person, case, standing))
    }

    /// What a person may do now in a layer of a volume, for who has it open already: `None` when the session
    /// is over, the volume is gone or closed to them, or the layer is not theirs to read any more.
    pub async fn entry(
        &self,
        person: &Person,
        volume: &str,
        layer: &LayerId,
    ) -> Result<Option<Entry>, StoreError> {
        if !self.is_current(person).await? {
            return Ok(None);
        }
        let Some(current) = self.store.current(volume).await? else { return Ok(None) };
        let member = self.member(person, volume, Some(&current)).await?;
        let permit = member.permit(volume, current.class, access::Act::Read);
        let Some(permit) = permit else { return Ok(None) };
        let rights = member.rights(&permit, layer);
        Ok(rights.read.then_some(Entry { permit, rights }))
    }

    /// Whether a person's session is not over.
    pub async fn is_current(&self, person: &Person) -> Result<bool, StoreError> {
        self.people.is_current(person).await
    }

    /// Leave to say who is a member of a case; where one may not, there is no such case.
    pub async fn to_grant(&self, person: &Person, case: &str) -> Result<Permit, StoreError> {
        let state = self.store.case_state(case).await?.ok_or(StoreError::NoVolume)?;
        let user = person.user().unwrap_or_default();
        let standing = self.store.standing(case, state, "", user, now()).await?;
        Membership::of(person, case, standing).permit_to_grant().ok_or(StoreError::NoVolume)
    }

    /// Hears the hash of every session that ends at this server, as [`Person::Named`] has it. One that ends
    /// elsewhere is noticed by [`Admission::entry`] alone.
    pub fn ended_sessions(&self) -> broadcast::Receiver<String> {
        self.people.ended()
    }

    /// The cases and volumes that a person may know of. A case of which one may read nothing is not one's business.
    pub async fn cases(&self, person: &Person) -> Result<Vec<CaseSummary>, StoreError> {
        let list = Permit::server(Act::List);
        let user = person.user().unwrap_or_default();
        let mut standings = self.store.standings(&list, user, now()).await?;
        let mut cases = Vec::new();
        for mut case in self.store.cases(&list).await? {
            // It has been made since.
            let Some(standing) = standings.remove(&case.id) else { continue };
            let member = Membership::of(person, &case.id, standing);
            let knows = |volume: &str, class| member.decide(volume, class, None, access::Act::Know).allows();
            let empty = case.volumes.is_empty();
            case.volumes.retain(|volume| knows(&volume.id, volume.class));
            for volume in &mut case.volumes {
                if !member.hidden(&volume.id).is_empty() {
                    self.count_what_is_left(person, volume).await?;
                }
            }
            if !case.volumes.is_empty() || (empty && knows("", VolumeClass::Internal)) {
                case.roles = member.principal().roles.clone();
                case.grants = member.permit_to_grant().is_some();
                cases.push(case);
            }
        }
        Ok(cases)
    }

    /// Of what is withheld not even the number of pages is told.
    async fn count_what_is_left(
        &self,
        person: &Person,
        volume: &mut VolumeSummary,
    ) -> Result<(), StoreError> {
        let (mut pages, mut materials) = (0, 0);
        match self.open(person, &volume.id).await {
            Ok(readable) => {
                let manifest = readable.volume.manifest();
                (pages, materials) = (manifest.page_count() as u32, manifest.materials.len() as u32);
            }
            // It has gone since it was listed.
            Err(StoreError::NoVolume) => {}
            Err(error) => return Err(error),
        }
        (volume.pages, volume.materials) = (pages, materials);
        Ok(())
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
        let people = People::new(store.clone());
        let admission = Admission::new(store.clone(), Library::new(store), people.clone());
        for absent in [volume.as_str(), "../etc/passwd", &"0".repeat(32)] {
            let refused = admission.open(&Person::Stranger, absent).await;
            assert!(matches!(refused, Err(StoreError::NoVolume)), "{absent}");
        }
        assert!(admission.cases(&Person::Stranger).await.unwrap().is_empty());

        let (token, person) = people.begin_provisional("王法官").await.unwrap();
        let readable = admission.open(&person, &volume).await.unwrap();
        assert!(readable.rights(&LayerId::Panel).unwrap().write_own);
        assert_eq!(readable.rights(&LayerId::Private("another".into())), None);
        assert_eq!(admission.cases(&person).await.unwrap().len(), 1);
        let now = async || {
            let entry = admission.entry(&person, &volume, &LayerId::Panel).await.unwrap();
            entry.map(|entry| entry.rights)
        };
        assert_eq!(now().await, readable.rights(&LayerId::Panel));
        people.end(&token).await.unwrap();
        assert_eq!(now().await, None);
    }
}
