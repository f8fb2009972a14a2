//! What is withheld (知情范围) is not there, whole volumes and single materials, in any form.

use evolume_server::rights::Withheld;

use super::*;

async fn withhold(court: &Court, volume: &str, material: &str, role: Role) {
    let withheld = Withheld { volume: volume.to_owned(), material: material.to_owned(), role };
    court.store.withhold(&permit(), &court.case, &withheld, "商业秘密", 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_is_withheld_from_one_of_two_roles_is_not_there() {
    let court = Court::new().await;
    let (evidence, judge) = (court.volume(VolumeClass::Evidence).volume.clone(), court.reader("panel_judge"));
    let manifest = format!("/api/v1/volumes/{evidence}/manifest");
    let committee =
        Appointment { user: &judge.who.id, role: Role::Committee, party: "", since: 0, until: None };
    court.store.add_member(&permit(), &court.case, &committee).await.unwrap();
    assert_eq!(court.get(judge, &manifest).await.status, StatusCode::OK);
    withhold(&court, &evidence, "", Role::Committee).await;
    let refused = court.get(judge, &manifest).await;
    let absent = format!("/api/v1/volumes/{}/manifest", "0".repeat(32));
    assert_eq!(refused, court.get(judge, &absent).await);
    let cases = court.get(judge, "/api/v1/cases").await;
    assert!(!String::from_utf8_lossy(&cases.body).contains(&evidence));
    assert_eq!(court.get(court.reader("rapporteur"), &manifest).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_tells_of_a_material_that_is_withheld() {
    let court = Court::new().await;
    let main = court.volume(VolumeClass::Main).clone();
    let (secret, lawyer, judge) = (&main.materials[1], court.reader("lawyer"), court.reader("panel_judge"));
    let base = format!("/api/v1/volumes/{}", main.volume);
    let full = court.store.current(&main.volume).await.unwrap().unwrap().manifest;
    withhold(&court, &main.volume, &secret.id, Role::Lawyer).await;
    // An earlier revision names it as well.
    crate::common::revise(&court.store, &main.volume, |manifest| manifest.title = "正卷".into()).await;
    let before = court.store.superseded(&permit(), &main.volume, &full).await.unwrap();
    assert!(before.is_some(), "the revision before is kept");

    let answer = court.get(lawyer, &format!("{base}/manifest")).await;
    let text = String::from_utf8(answer.body).unwrap();
    let shown: Manifest = serde_json::from_str(&text).unwrap();
    assert_eq!((shown.materials.len(), shown.page_count()), (1, 2));
    assert!(shown.bundle.is_none());
    let mut telling = vec![&secret.id, &secret.title, &secret.file_name, &secret.original.sha256];
    let blobs: Vec<_> = secret.derived().map(|blob| &blob.sha256).collect();
    telling.extend(&blobs);
    for word in telling {
        assert!(!text.contains(word), "{word}");
    }
    let absent = court.get(lawyer, &format!("{base}/blobs/{}", "0".repeat(64))).await;
    for blob in &blobs {
        assert_eq!(court.get(lawyer, &format!("{base}/blobs/{blob}")).await, absent, "{blob}");
        assert_eq!(court.get(judge, &format!("{base}/blobs/{blob}")).await.status, StatusCode::OK);
    }
    let now = court.store.current(&main.volume).await.unwrap().unwrap().manifest;
    for path in [
        format!("manifests/{full}"),
        format!("manifests/{now}"),
        format!("materials/{}/original", secret.id),
        format!("preview?material={}&index=0", secret.id),
        format!("excerpt?material={}&index=0", secret.id),
        "pages/3/preview".into(),
        "pages/3/text".into(),
        "rooms/everybody".into(),
    ] {
        let refused = court.get(lawyer, &format!("{base}/{path}")).await;
        assert_eq!((refused.status, &refused.body), (absent.status, &absent.body), "{path}");
    }
    // What is left goes by a revision of its own, with which excerpts agree.
    let excerpt = court.get(lawyer, &format!("{base}/pages/3/excerpt")).await;
    let text = String::from_utf8(excerpt.body).unwrap();
    assert!(!text.contains(&secret.title) && !text.contains(&now), "{text}");
    let search = async |reader: &Reader| {
        let body = Some(r#"{"query":"secret of main"}"#.to_owned());
        court.send(Some(&reader.cookie), Method::POST, "/api/v1/search", body).await.json()
    };
    assert_eq!(search(lawyer).await["total"], 0);
    assert_eq!(search(judge).await["total"], 1);
    let pages = async |reader: &Reader| {
        let cases = court.get(reader, "/api/v1/cases").await.json();
        let volumes = cases[0]["volumes"].as_array().unwrap().iter();
        let volume = volumes.into_iter().find(|volume| volume["id"] == main.volume.as_str()).unwrap();
        (volume["pages"].as_u64().unwrap(), volume["materials"].as_u64().unwrap())
    };
    assert_eq!((pages(lawyer).await, pages(judge).await), ((2, 1), (3, 2)));
    let layers = court.get(lawyer, &format!("{base}/layers")).await.json();
    assert_eq!(layers.as_array().unwrap().len(), 1, "{layers}");
    assert_eq!(layers[0]["kind"], "private");

    // By the command line, and back.
    let what = ["--case", CASE, "--volume", &main.volume, "--material", &secret.id, "--role", "lawyer"];
    let listed = court.bench.json(&["case", "withheld", "--case", CASE, "--json"]);
    assert_eq!(
        (&listed[0]["material"], &listed[0]["reason"]),
        (&secret.id.as_str().into(), &"商业秘密".into())
    );
    let run = |command: &str, more: &[&str]| {
        court.bench.run(&[&["case", command], &what[..], more].concat()).status.code()
    };
    assert_eq!((run("release", &[]), run("release", &[])), (Some(0), Some(2)));
    assert_eq!(pages(lawyer).await, (3, 2));
    assert_eq!(run("withhold", &["--reason", "商业秘密"]), Some(0));
    assert_eq!(pages(lawyer).await, (2, 1));
}
