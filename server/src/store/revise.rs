//! The one way in which a manifest changes (invariant 4).

use std::collections::HashSet;

use evolume_model::volume::{Blob, Manifest};

use super::superseded::note_superseded;
use super::{Store, StoreError};
use crate::rights::Permit;

impl Store {
    /// Lets `change` work on a volume's newest manifest and publishes what it leaves as the next revision; where
    /// another revision came first, all of it once more upon that one. One that is left as it was is not
    /// published.
    ///
    /// Blobs that the next revision does not name any more stay readable, and so does the manifest of before:
    /// some have the volume open by it.
    pub async fn revise<T, E: From<StoreError>>(
        &self,
        permit: &Permit,
        volume: &str,
        mut change: impl AsyncFnMut(&mut Manifest) -> Result<T, E>,
    ) -> Result<T, E> {
        loop {
            let (revision, before) = self.manifest_of(permit, volume).await?;
            let mut next = before.clone();
            let outcome = change(&mut next).await?;
            if next == before {
                return Ok(outcome);
            }
            next.revision = revision + 1;
            let named: HashSet<&Blob> = next.derived().collect();
            let gone: HashSet<&Blob> = before.derived().filter(|blob| !named.contains(blob)).collect();
            if self.publish(&next, gone).await? {
                return Ok(outcome);
            }
        }
    }

    /// False when another revision came first.
    async fn publish(&self, manifest: &Manifest, gone: HashSet<&Blob>) -> Result<bool, StoreError> {
        let blob = self.put(serde_json::to_vec(manifest)?).await?;
        let mut transaction = self.pool.begin().await?;
        let done = sqlx::query(
            "UPDATE volumes SET revision = $1, manifest = $2, pages = $3, materials = $4, pending = $5 \
             WHERE id = $6 AND revision = $7",
        )
        .bind(i64::from(manifest.revision))
        .bind(&blob.sha256)
        .bind(manifest.page_count() as i64)
        .bind(manifest.materials.len() as i64)
        .bind(manifest.pending() as i64)
        .bind(&manifest.volume)
        .bind(i64::from(manifest.revision) - 1)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for blob in gone.into_iter().chain([&blob]) {
            note_superseded(&mut transaction, &manifest.volume, blob).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use evolume_model::volume::VolumeClass;

    use super::*;
    use crate::rights::Act;
    use crate::store::Target;

    #[tokio::test]
    async fn two_at_once_both_count_and_what_changes_nothing_is_no_revision() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let target = Target {
            case_number: "(2026)1".into(),
            case_title: None,
            court: None,
            volume_title: "正卷".into(),
            class: VolumeClass::Main,
        };
        let volume = store.ensure_volume(&target).await.unwrap();
        let permit = Permit::server(Act::Ingest);
        let old = store.put(b"old".to_vec()).await.unwrap();
        let mut others = 0;
        store
            .revise(&permit, &volume, async |manifest| {
                // Another one publishes between the reading and the publishing of this one, twice.
                if others < 2 {
                    others += 1;
                    let title = format!("{}{others}", manifest.title);
                    let other = async |theirs: &mut Manifest| {
                        theirs.title.clone_from(&title);
                        theirs.bundle = Some(old.clone());
                        Ok::<_, StoreError>(())
                    };
                    Box::pin(store.revise(&permit, &volume, other)).await?;
                }
                manifest.case_title.push('!');
                manifest.bundle = None;
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let (revision, manifest) = store.manifest_of(&permit, &volume).await.unwrap();
        assert_eq!((revision, manifest.revision), (3, 3));
        assert_eq!((manifest.title.as_str(), manifest.case_title.as_str()), ("正卷12", "!"));
        assert_eq!(store.superseded(&permit, &volume, &old.sha256).await.unwrap(), Some(3));
        store.revise(&permit, &volume, async |_| Ok::<_, StoreError>(())).await.unwrap();
        assert_eq!(store.manifest_of(&permit, &volume).await.unwrap().0, 3);
        let nothing = store.revise(&permit, "another", async |_| Ok::<_, StoreError>(())).await;
        assert!(matches!(nothing, Err(StoreError::NoVolume)));
    }
}
