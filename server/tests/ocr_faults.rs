//! What can go wrong while scans are read: the program is killed, the engine fails or is not there. With an engine
//! that says the same of every page, so no Tesseract is needed.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::{Bench, VOLUME, assemble, evolume, pdfium, permit, stream};
use evolume_model::code::Code;
use evolume_model::volume::ScanState;
use evolume_server::config::{Ocr, limits};
use evolume_server::ocr::background;
use evolume_server::ocr::engine::tesseract::Tesseract;
use evolume_server::ocr::work::Reader;
use evolume_server::pdfium::Limits;
use evolume_server::store::Store;
use evolume_server::views::Views;

/// An engine: notes every page that it reads, and does something else with one of them.
struct Engine {
    program: PathBuf,
    folder: PathBuf,
    /// Where it notes pages: it is confined and can open nothing to write, so it gets this from us.
    _log: File,
}

impl Engine {
    /// `fault` is what the shell does with the page of this number, from 1.
    fn new(bench: &Bench, number: u32, fault: &str) -> Self {
        let folder = bench.folder.path().join("engine");
        std::fs::create_dir_all(&folder).unwrap();
        let program = folder.join("engine.sh");
        let letter = |(at, ch): (usize, char)| {
            let left = 100 + 20 * at;
            format!(
                "<span class='ocrx_cinfo' title='x_bboxes {left} 50 {} 70; x_conf 99'>{ch}</span>",
                left + 18
            )
        };
        let letters: String = "最后一笔借款".chars().enumerate().map(letter).collect();
        let hocr = format!(
            "<html><span class='ocr_line' title='baseline 0 0'><span class='ocrx_word'>{letters}</span></span></html>"
        );
        std::fs::write(folder.join("page"), hocr).unwrap();
        let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
        rustix::io::fcntl_setfd(&log, rustix::io::FdFlags::empty()).unwrap();
        // Of bash, which knows files of more than one digit.
        let script = format!(
            "#!/bin/bash\n\
             case \"$1\" in\n--version) echo engine 1; exit;;\n--list-langs) echo zh; exit;;\nesac\n\
             out=$PWD/$2.hocr\ncd '{}'\necho >&{}\nif [ $(wc -l < log) -eq {number} ]; then {fault}; fi\ncat page > $out\n",
            folder.display(),
            log.as_raw_fd()
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { program, folder, _log: log }
    }

    /// `evolume ocr` with it, page by page.
    fn command(&self, bench: &Bench) -> Command {
        let mut command = evolume();
        command.args(["ocr", "--json", "--ocr-lang", "zh", "--ocr-jobs", "1", "--tesseract"]);
        command.arg(&self.program).arg("--data").arg(bench.data());
        command
    }

    /// How many pages it has begun.
    fn begun(&self) -> usize {
        std::fs::read_to_string(self.folder.join("log")).map_or(0, |log| log.lines().count())
    }
}

/// A material of scanned pages: grey paper with black bars as lines.
fn scan(bench: &Bench, pages: usize) -> PathBuf {
    let (width, height) = (300usize, 400usize);
    let dark = |at: usize| (at / width) % 20 < 8 && (at / width) > 40 && (30..270).contains(&(at % width));
    let grey: Vec<u8> = (0..width * height).map(|at| if dark(at) { 20 } else { 240 }).collect();
    let kids: Vec<String> = (0..pages).map(|at| format!("{} 0 R", 5 + at)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{}]/Count {pages}>>", kids.join(" ")).into_bytes(),
        stream("", b"q 300 0 0 400 0 0 cm /I Do Q"),
        stream(
            &format!(
                "/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceGray"
            ),
            &grey,
        ),
    ];
    let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 3 0 R\
                 /Resources<</XObject<</I 4 0 R>>>>>>";
    objects.extend(std::iter::repeat_n(page.to_vec(), pages));
    bench.file("scan.pdf", &assemble(&objects))
}

fn states(bench: &Bench) -> Vec<ScanState> {
    bench.manifest().pages().map(|(.., page)| page.scan.unwrap().state).collect()
}

fn found(bench: &Bench) -> usize {
    bench.json(&["search", "--json", "借款"])["total"].as_u64().unwrap() as usize
}

#[test]
fn killed_in_the_middle_of_a_page_it_goes_on_with_that_page() {
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[scan(&bench, 3)], &[]).0, 0);
    let before = bench.manifest();
    assert_eq!(before.pending(), 3);
    // The second page is never done; its engine, which nobody waits for any more, ends when the test does.
    let engine = Engine::new(&bench, 2, "while [ -e page ]; do sleep 0.1; done");
    let mut killed = engine.command(&bench).stdout(Stdio::null()).spawn().unwrap();
    while engine.begun() < 2 {
        assert_eq!(killed.try_wait().unwrap(), None, "it ended before the second page");
        std::thread::yield_now();
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    // Whole as it was: nothing of the half-read material is in it.
    assert_eq!(bench.manifest().revision, before.revision);
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));

    let again = engine.command(&bench).output().unwrap();
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(states(&bench), [ScanState::Read; 3]);
    assert_eq!((engine.begun(), found(&bench)), (4, 3), "the first page was not read twice");
    // Readers of the manifest before still get what it named.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(Store::open(&bench.data())).unwrap();
    let old = &before.materials[0];
    for blob in [&old.sheets[0].texts, &old.index.as_ref().unwrap().blob] {
        let known = runtime.block_on(store.superseded(&permit(), &before.volume, &blob.sha256)).unwrap();
        assert_eq!((known, bench.blob(&blob.sha256).len() as u64), (Some(blob.bytes), blob.bytes));
    }
}

#[test]
fn a_page_on_which_the_engine_fails_does_not_stop_the_others() {
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[scan(&bench, 2)], &[]).0, 0);
    let engine = Engine::new(&bench, 1, "echo no memory >&2; exit 1");
    let output = engine.command(&bench).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told, serde_json::json!({ "pages": 2, "failed": 1 }));
    assert_eq!(states(&bench), [ScanState::Failed, ScanState::Read]);
    assert_eq!(found(&bench), 1);
}

#[test]
fn read_again_the_new_text_takes_the_old_ones_place() {
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[scan(&bench, 3)], &[]).0, 0);
    let engine = Engine::new(&bench, 0, ":");
    assert!(engine.command(&bench).output().unwrap().status.success());
    let before = bench.manifest();
    let again = |options: &[&str]| {
        let output = engine.command(&bench).arg("--again").args(options).output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    // The same once more is the same: no revision.
    assert_eq!(again(&[]), serde_json::json!({ "pages": 3, "failed": 0 }));
    assert_eq!((engine.begun(), bench.manifest().revision), (6, before.revision));
    // It reads otherwise now; one page only is asked for.
    let page = std::fs::read_to_string(engine.folder.join("page")).unwrap();
    std::fs::write(engine.folder.join("page"), page.replace('借', "货")).unwrap();
    let only = ["--volume", VOLUME, "--pages", "2"];
    assert_eq!(again(&only), serde_json::json!({ "pages": 1, "failed": 0 }));
    assert_eq!((engine.begun(), found(&bench), states(&bench)), (7, 2, vec![ScanState::Read; 3]));
    assert_eq!(bench.json(&["search", "--json", "货款"])["hits"][0]["page"], 2);
    // A failure takes nothing away.
    std::fs::write(engine.folder.join("page"), "<html>").unwrap();
    assert_eq!(again(&only), serde_json::json!({ "pages": 1, "failed": 1 }));
    assert_eq!(bench.json(&["search", "--json", "货款"])["total"], 1);
    // Whoever opened the volume before still gets its texts.
    for sheet in &before.materials[0].sheets {
        assert_eq!(bench.blob(&sheet.texts.sha256).len() as u64, sheet.texts.bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_too_long_steps_aside_and_is_tried_last() {
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[scan(&bench, 3)], &[]).0, 0);
    let store = Store::open(&bench.data()).await.unwrap();
    let volume = store.volume_states().await.unwrap()[0].volume.clone();
    let program: PathBuf = env!("CARGO_BIN_EXE_evolume").into();
    let children = Limits { program, children: 1, ..limits(Some(&pdfium())).unwrap() };
    // The first page is never done, but when it is tried once more.
    let engine = Engine::new(&bench, 1, "while [ -e page ]; do sleep 0.1; done");
    let options =
        Ocr { tesseract: engine.program.clone(), ocr_lang: "zh".into(), ocr_jobs: Some(1), ocr_timeout: 60 };
    let tesseract = Tesseract::find(options.options(store.scratch(), &children.program)).await.unwrap();
    let reader = Reader::new(&store, &tesseract, children).patient_for(Duration::from_secs(4));
    let read = reader.volumes(std::slice::from_ref(&volume), &|_| {}).await.unwrap();
    assert_eq!((read.done, read.all, read.failed, engine.begun()), (3, 3, 0, 4));
    assert_eq!((states(&bench), found(&bench)), (vec![ScanState::Read; 3], 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_server_scans_wait_until_there_is_an_engine() {
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[scan(&bench, 1)], &[]).0, 0);
    let store = Store::open(&bench.data()).await.unwrap();
    let volume = store.volume_states().await.unwrap()[0].volume.clone();
    let program: PathBuf = env!("CARGO_BIN_EXE_evolume").into();
    let children = Limits { program, children: 1, ..limits(Some(&pdfium())).unwrap() };
    let engine = Engine::new(&bench, 0, ":");
    let away = Path::new("/nowhere/engine").to_owned();
    for (program, pending, unread) in [(away, 1, Some(Code::OcrMissing)), (engine.program.clone(), 0, None)] {
        let options =
            Ocr { tesseract: program, ocr_lang: "zh".to_owned(), ocr_jobs: Some(1), ocr_timeout: 60 };
        let options = options.options(store.scratch(), &children.program);
        let told = async {
            loop {
                let (_, manifest) = store.manifest_of(&permit(), &volume).await.unwrap();
                if (manifest.pending(), manifest.unread) == (pending, unread) {
                    break;
                }
                tokio::task::yield_now().await;
            }
        };
        let views = Views::default();
        let reading = background::run(&store, &options, &children, &views);
        tokio::select! { () = reading => {}, () = told => {} }
    }
}
