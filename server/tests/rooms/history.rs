//! What was written stays: every change with its author and time, every state as it was.

use evolume_annotations::key::DocKey;
use evolume_server::store::{Change, Moment};

use super::*;

const PANEL: &str = "panel";

impl Served {
    async fn store(&self) -> Store {
        Store::open(&self.bench.data()).await.unwrap()
    }

    async fn at(&self, moment: Moment) -> (Vec<Mark>, Vec<Change>) {
        let key = DocKey::of_volume(&self.volume, PANEL);
        let changes = self.store().await.document_at(&crate::common::permit(), &key, moment).await.unwrap();
        (replay(&changes), changes)
    }

    /// Leaves as the last one and waits until the room is gone.
    async fn empty_room(&self, mut socket: Socket, updates_left: i64) {
        socket.stream.close(None).await.unwrap();
        while self.count("document_updates").await != updates_left
            || self.count("document_snapshots").await == 0
        {
            tokio::task::yield_now().await;
        }
    }
}

fn replay(changes: &[Change]) -> Vec<Mark> {
    let layer = Layer::new(0);
    for change in changes {
        layer.apply(&change.update).unwrap();
    }
    sorted(layer.marks())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_that_a_room_had_can_be_shown_again() {
    let served = Served::new().await;
    let (wang, li) = (served.sign_in("王法官").await.unwrap(), served.sign_in("李法官").await.unwrap());
    let (mut states, mut open) = (vec![Vec::new()], Vec::new());
    // Three meetings of the room, so that some of its history is in blobs and some not.
    for meeting in 0..3_u64 {
        let mut sockets = Vec::new();
        for user in [&wang, &li] {
            sockets.push(served.connect(Some(user), PANEL).await.unwrap());
        }
        for number in 0..4_u64 {
            let (socket, user) = if number % 2 == 0 { (0, &wang) } else { (1, &li) };
            let (id, replica) = (format!("m{meeting}{number}"), 100 * meeting + number);
            let layer = Layer::new(replica);
            layer.apply(&sockets[socket].layer().await.state()).unwrap();
            let before = layer.vector();
            layer.put(&mut layer.parts().0.transact_mut(), &mark(&id, &user.who));
            sockets[socket].send(&Message::Update(layer.missing(&before).unwrap())).await;
            while !matches!(sockets[socket].next().await.unwrap(), Message::Saved(_)) {}
            states.push(sorted(sockets[socket].layer().await.marks()));
        }
        if meeting < 2 {
            let last = sockets.pop().unwrap();
            drop(sockets);
            served.empty_room(last, 0).await;
        } else {
            open = sockets;
        }
    }
    assert_eq!((served.count("document_updates").await, served.count("document_archive").await), (4, 2));
    drop(open);
    for (seq, state) in (0..).zip(&states) {
        let (annotations, changes) = served.at(Moment::Seq(seq)).await;
        assert_eq!(&annotations, state, "{seq}");
        assert_eq!(changes.len() as i64, seq);
    }
    let (_, changes) = served.at(Moment::Seq(i64::MAX)).await;
    for (at, change) in changes.iter().enumerate() {
        assert_eq!(change.author, if at % 2 == 0 { &wang } else { &li }.who.id);
    }
    // By time: what was there when the sixth change was written, and before everything.
    let time = changes[5].at;
    let until = changes.iter().take_while(|change| change.at <= time).count();
    assert_eq!(served.at(Moment::Time(time)).await.0, states[until]);
    assert!(until > 5 && time > 1_600_000_000_000);
    assert_eq!(served.at(Moment::Time(changes[0].at - 1)).await.1, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_between_blob_and_row_loses_and_doubles_nothing() {
    let served = Served::new().await;
    let wang = served.sign_in("王法官").await.unwrap();
    let write = async |number: u64| {
        let mut socket = served.connect(Some(&wang), PANEL).await.unwrap();
        socket.send(&update(number, &mark(&format!("m{number}"), &wang.who))).await;
        while socket.next().await.unwrap() != Message::Saved(1) {}
        socket
    };
    served
        .sql("CREATE TRIGGER broken BEFORE DELETE ON document_updates BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await;
    served.empty_room(write(1).await, 1).await;
    // The blob is there, and nobody names it.
    assert_eq!(served.count("document_archive").await, 0);
    let socket = write(2).await;
    assert_eq!(served.at(Moment::Seq(2)).await.0.len(), 2);
    served.sql("DROP TRIGGER broken").await;
    served.empty_room(socket, 0).await;
    assert_eq!(served.count("document_archive").await, 1);
    let (annotations, changes) = served.at(Moment::Seq(2)).await;
    assert_eq!((annotations.len(), changes.len()), (2, 2));
    let mut socket = served.connect(Some(&wang), PANEL).await.unwrap();
    assert_eq!(socket.layer().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_knows_the_blobs_of_history() {
    let served = Served::new().await;
    let wang = served.sign_in("王法官").await.unwrap();
    let mut socket = served.connect(Some(&wang), PANEL).await.unwrap();
    socket.send(&update(7, &mark("a", &wang.who))).await;
    while socket.next().await.unwrap() != Message::Saved(1) {}
    served.empty_room(socket, 0).await;
    let (store, permit) = (served.store().await, crate::common::permit());
    assert_eq!(evolume_server::verify::run(&store, &permit).await.unwrap().problems, []);
    let [chunk] = &store.chunks(&permit).await.unwrap()[..] else { panic!("one blob") };
    // Whole, and yet not what it should be.
    served.sql("UPDATE document_archive SET last_seq = 2").await;
    let problems = evolume_server::verify::run(&store, &permit).await.unwrap().problems;
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].code, &problems[0].sha256), (Code::BlobCorrupt, &chunk.blob.sha256));
    assert_eq!(problems[0].volume.as_ref(), Some(&served.volume));
    served.sql("UPDATE document_archive SET last_seq = 1").await;
    std::fs::remove_file(served.bench.blob_path(&chunk.blob.sha256)).unwrap();
    let problems = evolume_server::verify::run(&store, &permit).await.unwrap().problems;
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::BlobMissing]);
}
