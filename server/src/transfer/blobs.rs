//! The blobs that a store names, into another blob store.

use bytes::Bytes;
use evolume_model::code::Code;
use evolume_model::volume::Blob;
use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::{Progress, Transfer};
use crate::rights::Permit;
use crate::store::{Blobs, Store, StoreError};

const AT_ONCE: usize = 4;
/// Larger ones go by way of a file.
const IN_MEMORY: u64 = 32 << 20;

/// Copies every blob that is named and not there, each checked against its hash on the way; gives all that are there
/// in the end, in order.
pub async fn copy_named(
    from: &Store,
    to: &Blobs,
    permit: &Permit,
    progress: Progress<'_>,
) -> Result<(Transfer, Vec<Blob>), StoreError> {
    let mut references = from.references(permit, 0).await?;
    let mut transfer = Transfer::default();
    for (volume, manifest, error) in references.unreadable.drain(..) {
        tracing::error!(%volume, %manifest, %error, "what the volume names is not known");
    }
    let mut names: Vec<String> = references.blobs.into_keys().collect();
    names.sort_unstable();
    let all = names.len() as u64;
    let copies = names.into_iter().map(async |sha256| {
        let copied = copy(from, to, permit, &sha256).await;
        (sha256, copied)
    });
    let mut copies = futures::stream::iter(copies).buffered(AT_ONCE);
    let mut there = Vec::new();
    for done in 1.. {
        let Some((sha256, copied)) = copies.next().await else { break };
        match copied {
            Ok((blob, new)) => {
                transfer.blobs += 1;
                transfer.bytes += blob.bytes;
                transfer.copied += u64::from(new);
                there.push(blob);
            }
            Err(error) if matches!(error.code(), Code::BlobMissing | Code::BlobCorrupt) => {
                tracing::error!(%sha256, %error, "not copied");
                transfer.lost.push(sha256);
            }
            Err(error) => return Err(error),
        }
        progress(done, all);
    }
    drop(copies);
    Ok((transfer, there))
}

/// The blob, and whether it was not there.
async fn copy(from: &Store, to: &Blobs, permit: &Permit, sha256: &str) -> Result<(Blob, bool), StoreError> {
    let source = from.blobs(permit);
    let there = to.size(sha256).await?;
    let Some(bytes) = source.size(sha256).await? else {
        return match there {
            // It was copied while the source still had it.
            Some(bytes) => Ok((Blob { sha256: sha256.to_owned(), bytes }, false)),
            None => Err(StoreError::Missing(sha256.to_owned())),
        };
    };
    let blob = Blob { sha256: sha256.to_owned(), bytes };
    if there == Some(bytes) {
        return Ok((blob, false));
    }
    if bytes <= IN_MEMORY {
        let read = source.pieces(&blob).try_collect::<Vec<Bytes>>().await?.concat();
        if crate::store::sha256(&read) != sha256 {
            return Err(StoreError::Corrupt(sha256.to_owned()));
        }
        return Ok((to.put(read).await?, true));
    }
    let file = tempfile::NamedTempFile::new_in(from.scratch())?;
    let mut out = tokio::fs::File::create(file.path()).await?;
    let mut hash = Sha256::new();
    let mut pieces = source.pieces(&blob);
    while let Some(piece) = pieces.try_next().await? {
        hash.update(&piece);
        out.write_all(&piece).await?;
    }
    out.flush().await?;
    if hex::encode(hash.finalize()) != sha256 {
        return Err(StoreError::Corrupt(sha256.to_owned()));
    }
    Ok((to.put_file(file.path()).await?, true))
}
