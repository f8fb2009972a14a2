//! Blobs in a folder. Those in a bucket need a server: `server/tests/blobs.rs`.

use super::*;

async fn open(folder: &Path) -> Blobs {
    let cache = CacheOptions { folder: folder.join("cache"), bytes: 1 << 30, scratch: folder.to_owned() };
    Blobs::open(&folder.join("blobs").into(), &cache).await.unwrap()
}

#[tokio::test]
async fn what_is_stored_comes_back_and_damage_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = open(folder.path()).await;
    let blob = blobs.put(b"hello".to_vec()).await.unwrap();
    assert_eq!(blobs.put(b"hello".to_vec()).await.unwrap(), blob);
    assert_eq!(blobs.read(&blob.sha256).await.unwrap(), "hello");
    assert_eq!(blobs.slice(&blob.sha256, 1..3).await.unwrap(), "el");
    blobs.check(&blob).await.unwrap();
    let long = blobs.put((0..3 * PIECE).map(|n| n as u8).collect()).await.unwrap();
    let pieces: Vec<Bytes> =
        blobs.stream(&long.sha256, 5..2 * PIECE + 9).await.unwrap().map(Result::unwrap).collect().await;
    assert!(pieces.len() == 3 && pieces[0][0] == 5);
    assert_eq!(pieces.concat().len() as u64, 2 * PIECE + 4);
    assert!(blobs.stream(&"0".repeat(64), 0..1).await.is_err());
    std::fs::write(&*blobs.local(&blob.sha256).await.unwrap(), "jello").unwrap();
    assert!(matches!(blobs.check(&blob).await, Err(StoreError::Corrupt(_))));
    assert!(matches!(blobs.read(&blob.sha256).await, Err(StoreError::Corrupt(_))));
    // Another program has not checked it yet.
    let other = open(folder.path()).await;
    assert!(matches!(other.local(&blob.sha256).await, Err(StoreError::Corrupt(_))));
    assert_eq!(other.local(&long.sha256).await.unwrap().metadata().unwrap().len(), long.bytes);
}

#[tokio::test]
async fn nothing_is_put_in_the_place_of_a_blob() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = open(folder.path()).await;
    let blob = blobs.put(b"hello".to_vec()).await.unwrap();
    let path = blobs.local(&blob.sha256).await.unwrap().to_path_buf();
    std::fs::write(&path, "hell").unwrap();
    assert!(matches!(blobs.put(b"hello".to_vec()).await, Err(StoreError::Corrupt(_))));
    assert_eq!(std::fs::read(&path).unwrap(), b"hell");
    blobs.remove(&blob.sha256).await.unwrap();
    blobs.remove(&blob.sha256).await.unwrap();
    assert_eq!(blobs.size(&blob.sha256).await.unwrap(), None);
    assert_eq!(blobs.put(b"hello".to_vec()).await.unwrap(), blob);
    // All at once, of which one creates it.
    let same = vec![7; 100_000];
    let puts = futures::future::join_all((0..8).map(|_| blobs.put(same.clone()))).await;
    assert!(puts.into_iter().all(|put| put.is_ok()));
}
