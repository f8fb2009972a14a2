//! A child that somebody has taken over: it tries the network, the database, other processes and all the room there is.
//! Each is refused and named in the log, and costs a page; the rest goes on. It runs inside of the real walls: as a
//! library in PDFium's place, and as a program in Tesseract's.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use evolume_model::code::Code;
use evolume_model::volume::ScanState;

use crate::common::{Bench, assemble, installed, pdfium, stream};

/// As in the source, in its order.
const TRIES: [&str; 15] = [
    "network",
    "database",
    "blobs",
    "environment",
    "file",
    "link",
    "mode",
    "fork",
    "program",
    "signal",
    "trace",
    "session",
    "memory",
    "length",
    "output",
];

/// What it is kept from, and what listens for it.
struct Prey {
    bench: Bench,
    outside: PathBuf,
    listener: TcpListener,
}

impl Prey {
    /// `None` where this system has not all of the walls; then it says which.
    fn new() -> Option<Self> {
        let bench = Bench::new();
        for found in bench.json(&["doctor", "--json"]).as_array().unwrap() {
            let name = found["name"].as_str().unwrap();
            if name.starts_with("confinement") && found["level"] != "ok" {
                eprintln!("skipped: {name}: {}", found["message"]);
                // Where there is Landlock and nobody is in the way, the others are there too.
                let landlock = std::fs::read_to_string("/sys/kernel/security/lsm");
                let landlock = landlock.is_ok_and(|modules| modules.contains("landlock"));
                assert!(
                    !landlock || std::env::var_os("CI").is_none(),
                    "CI has Landlock and lacks other walls"
                );
                return None;
            }
        }
        let compiler =
            Command::new("cc").arg("--version").output().is_ok_and(|output| output.status.success());
        if !installed(compiler, "gcc") {
            return None;
        }
        let outside = bench.folder.path().join("outside");
        std::fs::create_dir(&outside).unwrap();
        std::fs::write(outside.join("file"), "mine").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        // The database and the first blobs.
        let honest = bench.file("first.pdf", &pages(&[595]));
        assert_eq!(bench.ingest(&[honest], &[]).0, 0);
        Some(Self { bench, outside, listener })
    }

    fn compile(&self, out: &Path, options: &[&str]) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/hostile.c");
        let text = |name: &str, path: &Path| format!("-D{name}=\"{}\"", path.display());
        let mut compiler = Command::new("cc");
        compiler.args(["-O1", "-Wall", "-o"]).arg(out).arg(source).args([
            text("DATABASE", &self.bench.data().join("evolume.sqlite")),
            text("BLOBS", &self.bench.data().join("blobs")),
            text("OUTSIDE", &self.outside),
            format!("-DPORT={}", self.listener.local_addr().unwrap().port()),
        ]);
        assert!(compiler.args(options).status().unwrap().success());
    }

    /// Whatever it did say, nothing is touched.
    fn is_whole(&self) {
        let caught = self.listener.accept().map(|_| ()).map_err(|error| error.kind());
        assert_eq!(caught, Err(std::io::ErrorKind::WouldBlock), "it reached the network");
        let outside: Vec<_> =
            self.outside.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(outside, ["file"]);
        assert!(!self.bench.data().join("blobs/hostile").exists());
        let scratch = self.bench.data().join("scratch");
        let left = scratch.read_dir().unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = left.filter(|name| name != "ocr.lock").collect();
        assert!(left.is_empty(), "{left:?} stays in the scratch folder");
        assert_eq!(self.bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
    }
}

/// A PDF with a page of each width.
fn pages(widths: &[usize]) -> Vec<u8> {
    let kids: Vec<String> = (0..widths.len()).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), widths.len()).into_bytes(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    for (at, width) in widths.iter().enumerate() {
        let contents = 5 + 2 * at;
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} 842]/Contents {contents} 0 R\
                 /Resources<</Font<</F1 3 0 R>>>>>>"
            )
            .into_bytes(),
        );
        objects.push(stream("", format!("BT /F1 24 Tf 72 720 Td (page{at} honest) Tj ET").as_bytes()));
    }
    assemble(&objects)
}

#[test]
fn a_child_taken_over_costs_its_page() {
    let Some(prey) = Prey::new() else { return };
    let real = pdfium();
    let (folder, name) = (real.parent().unwrap(), real.file_name().unwrap().to_str().unwrap());
    let library = prey.bench.folder.path().join("libhostile.so");
    let (search, run) = (format!("-L{}", folder.display()), format!("-Wl,-rpath,{}", folder.display()));
    let below = format!("-l:{name}");
    // What it does not have itself is found in PDFium, which it needs.
    prey.compile(
        &library,
        &["-shared", "-fPIC", "-DLIBRARY", &search, &run, "-Wl,--no-as-needed", &below, "-ldl"],
    );

    let widths: Vec<usize> = [595].into_iter().chain((601..).take(TRIES.len())).chain([595, 595]).collect();
    let file = prey.bench.file("hostile.pdf", &pages(&widths));
    let mut ingest = prey.bench.ingest_command(&[file]);
    let output = ingest.env("EVOLUME_PDFIUM", &library).env("EVOLUME_LOG", "info").output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{log}");
    assert!(!log.contains("POSSIBLE"), "{log}");

    let manifest = prey.bench.manifest();
    let problems: Vec<_> = manifest.materials[1].pages.iter().map(|page| page.problem).collect();
    let mut expected = vec![Some(Code::PageBroken); widths.len()];
    for honest in [0, widths.len() - 2, widths.len() - 1] {
        expected[honest] = None;
    }
    assert_eq!(problems, expected);
    assert_eq!(prey.bench.json(&["search", "--json", "honest"])["total"], 4);
    for name in TRIES {
        assert!(log.contains(&format!("hostile: {name} tried")), "{name}: {log}");
    }
    // Files it is refused, and memory; for the rest it ends on the spot.
    for name in ["database", "blobs", "environment", "file", "memory"] {
        assert!(log.contains(&format!("hostile: {name} refused")), "{name}: {log}");
    }
    for name in ["network", "link", "mode", "fork", "program", "signal", "trace", "session"] {
        assert!(!log.contains(&format!("hostile: {name} refused")), "{name}: {log}");
    }
    assert!(log.contains("a forbidden system call (SIGSYS)"), "{log}");
    assert!(log.contains("it answers without end"), "{log}");
    prey.is_whole();
}

#[test]
fn a_program_taken_over_costs_its_page() {
    let Some(prey) = Prey::new() else { return };
    let program = prey.bench.folder.path().join("engine/hostile");
    std::fs::create_dir(program.parent().unwrap()).unwrap();
    prey.compile(&program, &[]);
    // Pages with nothing but grey, one lying and one upright.
    let grey = stream("", b"0.5 g 20 20 150 150 re f");
    let page =
        |size: &str| format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents 3 0 R>>").into_bytes();
    let scan = assemble(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[4 0 R 5 0 R]/Count 2>>".to_vec(),
        grey,
        page("300 200"),
        page("200 300"),
    ]);
    assert_eq!(prey.bench.ingest(&[prey.bench.file("scan.pdf", &scan)], &[]).0, 0);
    let mut ocr = prey.bench.evolume();
    ocr.args(["ocr", "--json", "--ocr-lang", "zh", "--ocr-jobs", "1", "--tesseract"]).arg(&program);
    let output = ocr.env("EVOLUME_LOG", "info").output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{log}");
    let manifest = prey.bench.manifest();
    let states: Vec<_> = manifest.materials[1].pages.iter().map(|page| page.scan.unwrap().state).collect();
    assert_eq!(states, [ScanState::Failed, ScanState::Read], "{log}");
    assert_eq!(prey.bench.json(&["search", "--json", "借款"])["total"], 1);
    for name in TRIES.iter().filter(|name| !["fork", "program", "output"].contains(name)) {
        assert!(log.contains(&format!("hostile: {name} refused")), "{name}: {log}");
    }
    prey.is_whole();
}
