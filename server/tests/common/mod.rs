//! Helpers of the tests that run the real program: small PDFs made by hand, a data folder, `evolume`.
#![allow(clippy::unwrap_used, dead_code, reason = "helpers of tests; not every file uses each")]

pub mod moto;
pub mod pictures;
pub mod postgres;
pub mod proxy;
pub mod s3;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use evolume_model::volume::Manifest;
use evolume_server::rights::{Act, Permit};
use evolume_server::store::{DatabaseUrl, Location, Store, StoreError};
use serde_json::Value;

pub const CASE: &str = "（2023）京0105民初12345号";
pub const VOLUME: &str = "正卷";

/// The tests have the data folder, as whoever runs a command has.
pub fn permit() -> Permit {
    Permit::server(Act::CommandLine)
}

/// Ids are random: another volume of the same files has others.
pub fn without_ids(mut manifest: Manifest) -> Manifest {
    manifest.volume.clear();
    manifest.materials.iter_mut().for_each(|material| material.id.clear());
    manifest
}

/// Changes a volume as no command does.
pub async fn revise(store: &Store, volume: &str, mut change: impl FnMut(&mut Manifest)) {
    let change = async |manifest: &mut Manifest| {
        change(manifest);
        Ok::<_, StoreError>(())
    };
    store.revise(&permit(), volume, change).await.unwrap();
}

/// The program; PDFium is found by `EVOLUME_PDFIUM` or in the target folder.
pub fn evolume() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evolume"));
    command.env("EVOLUME_PDFIUM", pdfium());
    for variable in ["EVOLUME_DATABASE", "EVOLUME_BLOBS", "EVOLUME_CACHE"] {
        command.env_remove(variable);
    }
    command
}

pub fn pdfium() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pdfium/libpdfium.so");
    let library = std::env::var_os("EVOLUME_PDFIUM").map_or(built, PathBuf::from);
    assert!(
        library.is_file(),
        "{} is missing: set EVOLUME_PDFIUM or run `cargo xtask setup`",
        library.display()
    );
    library
}

/// Whether a test can go on that needs a program or fonts. CI has all of them: there a missing one is a failure,
/// not one test less.
pub fn installed(there: bool, packages: &str) -> bool {
    if !there {
        assert!(std::env::var_os("CI").is_none(), "CI lacks what this test needs; install {packages}");
        eprintln!("skipped: install {packages}");
    }
    there
}

pub fn tesseract() -> bool {
    let packages = "tesseract-ocr, tesseract-ocr-chi-sim and tesseract-ocr-chi-tra";
    installed(evolume_server::ocr::engine::tesseract::is_there(Path::new("tesseract")), packages)
}

pub fn noto() -> bool {
    installed(evolume_server::pdfium::FontLibrary::find(None).folder().is_some(), "fonts-noto-cjk")
}

/// A data folder and a folder for files.
pub struct Bench {
    pub folder: tempfile::TempDir,
    database: Option<DatabaseUrl>,
    bucket: Option<s3::Bucket>,
}

impl Bench {
    /// With SQLite in the data folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None, bucket: None }
    }

    /// With SQLite in the data folder, and a bucket of its own.
    pub fn on_s3() -> Self {
        Self { bucket: Some(s3::Bucket::new()), ..Self::new() }
    }

    /// The same at another make of store; `None` where there is none.
    pub fn on_moto() -> Option<Self> {
        Some(Self { bucket: Some(moto::bucket()?), ..Self::new() })
    }

    /// With a PostgreSQL database and a bucket of its own; `None` where there is no PostgreSQL.
    pub fn on_postgres() -> Option<Self> {
        let database = Some(postgres::database()?);
        Some(Self { database, ..Self::on_s3() })
    }

    /// On each pair of a database and a blob store that is here.
    pub fn on_each() -> impl Iterator<Item = Self> {
        [Some(Self::new()), Self::on_postgres()].into_iter().flatten()
    }

    /// Another machine, with the same database and bucket.
    pub fn beside(&self) -> Self {
        assert!(self.database.is_some() && self.bucket.is_some(), "what is in a folder is one machine's");
        Self {
            folder: tempfile::tempdir().unwrap(),
            database: self.database.clone(),
            bucket: self.bucket.clone(),
        }
    }

    /// Another one, with another database of the same kind.
    pub fn another(&self) -> Self {
        if self.database.is_some() { Self::on_postgres().unwrap() } else { Self::new() }
    }

    pub async fn store(&self) -> Store {
        self.try_store().await.unwrap()
    }

    pub async fn try_store(&self) -> Result<Store, StoreError> {
        Store::open_at(&self.location()).await
    }

    pub fn location(&self) -> Location {
        let blobs = self.bucket.as_ref().map(s3::Bucket::url);
        Location { database: self.database.clone(), blobs, ..Location::folder(&self.data()) }
    }

    /// One statement on the database, behind the store's back.
    pub async fn behind(&self, statement: &'static str) {
        match self.database() {
            Some(url) => {
                // Also where the database has been made read-only.
                let url = format!("{}&options[default_transaction_read_only]=off", url.secret());
                let pool = sqlx::PgPool::connect(&url).await.unwrap();
                sqlx::query(statement).execute(&pool).await.unwrap();
                pool.close().await;
            }
            None => {
                let url = format!("sqlite://{}", self.data().join("evolume.sqlite").display());
                let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
                sqlx::query(statement).execute(&pool).await.unwrap();
                pool.close().await;
            }
        }
    }

    pub fn database(&self) -> Option<&DatabaseUrl> {
        self.database.as_ref()
    }

    /// From now on everybody reaches the database by way of what is given.
    pub async fn database_behind_a_proxy(&mut self) -> proxy::Proxy {
        let url = self.database.take().unwrap();
        let (url, folder) = url.secret().split_once("?host=").unwrap();
        let socket = Path::new(folder).join(".s.PGSQL.5432");
        let proxy = proxy::Proxy::before(proxy::Upstream::Unix(socket)).await;
        let url = url.replace("localhost", &proxy.address.to_string());
        self.database = Some(format!("{url}?sslmode=disable").into());
        proxy
    }

    /// The same for the blob store; with more options of its client.
    pub async fn bucket_behind_a_proxy(&mut self, options: &str) -> proxy::Proxy {
        let bucket = self.bucket.as_mut().unwrap();
        let address = bucket.endpoint.strip_prefix("http://").unwrap().parse().unwrap();
        let proxy = proxy::Proxy::before(proxy::Upstream::Tcp(address)).await;
        bucket.endpoint = format!("http://{}", proxy.address);
        bucket.options = options.to_owned();
        proxy
    }

    pub fn bucket(&self) -> Option<&s3::Bucket> {
        self.bucket.as_ref()
    }

    /// The program with this data folder, database and bucket.
    pub fn evolume(&self) -> Command {
        let mut command = evolume();
        command.env("EVOLUME_DATA", self.data());
        command.envs(self.database.iter().map(|url| ("EVOLUME_DATABASE", url.secret())));
        command.envs(self.bucket.iter().map(|bucket| ("EVOLUME_BLOBS", bucket.url().as_given().to_owned())));
        command
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let files = self.folder.path().join("files");
        std::fs::create_dir_all(&files).unwrap();
        std::fs::write(files.join(name), bytes).unwrap();
        files.join(name)
    }

    pub fn ingest_command(&self, files: &[PathBuf]) -> Command {
        let mut command = self.evolume();
        command.args(["ingest", "--json", "--case", CASE, "--volume", VOLUME]).args(files);
        command
    }

    /// Ingests and returns exit code and outcomes.
    pub fn ingest(&self, files: &[PathBuf], options: &[&str]) -> (i32, Vec<Value>) {
        let output = self.ingest_command(files).args(options).output().unwrap();
        let lines = String::from_utf8(output.stdout.clone()).unwrap();
        let outcomes = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap(), outcomes)
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.evolume().args(arguments).output().unwrap()
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    pub fn volume(&self) -> String {
        self.json(&["list", "--json"])[0]["volumes"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The newest manifest's bytes.
    pub fn manifest_json(&self) -> String {
        let volume = self.volume();
        let read = async {
            let store = self.store().await;
            let current = store.current(&volume).await.unwrap().unwrap();
            String::from_utf8(store.manifest(&permit(), &current.manifest).await.unwrap().0).unwrap()
        };
        // On a thread of its own: the test may be asynchronous itself.
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| tokio::runtime::Runtime::new().unwrap().block_on(read));
            thread.join().unwrap()
        })
    }

    pub fn manifest(&self) -> Manifest {
        serde_json::from_str(&self.manifest_json()).unwrap()
    }

    pub fn blob(&self, sha256: &str) -> Vec<u8> {
        std::fs::read(self.blob_path(sha256)).unwrap()
    }

    pub fn blob_path(&self, sha256: &str) -> PathBuf {
        match &self.bucket {
            Some(bucket) => bucket.blob_path(sha256),
            None => self.blobs_folder().join(&sha256[..2]).join(&sha256[2..]),
        }
    }

    /// Where the blobs are, or where the server of the bucket keeps it.
    pub fn blobs_folder(&self) -> PathBuf {
        self.bucket.as_ref().map_or_else(|| self.data().join("blobs"), |bucket| bucket.folder.clone())
    }
}

/// Puts objects (numbered from 1, the first is the catalogue) into a PDF.
pub fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

pub fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dictionary}/Length {}>>stream\n", bytes.len()).into_bytes();
    out.extend(bytes);
    out.extend(b"\nendstream");
    out
}

/// A PDF with a line of text on each page; a page whose text is empty is broken.
pub fn text_pdf(pages: &[String], page_extra: &str) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), pages.len()).into_bytes(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    for (at, text) in pages.iter().enumerate() {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</Font<</F1 3 0 R>>>>{page_extra}>>",
            5 + 2 * at
        );
        objects.push(if text.is_empty() { b"42".to_vec() } else { page.into_bytes() });
        objects.push(stream("", format!("BT /F1 24 Tf 72 720 Td ({text}) Tj ET").as_bytes()));
    }
    assemble(&objects)
}

/// A page that says this in a Chinese font that is not in the file.
pub fn fontless_pdf(name: &str, text: &str) -> Vec<u8> {
    let descendant = format!(
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/DW 1000\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>"
    );
    let font = format!(
        "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/UniGB-UCS2-H/DescendantFonts[{descendant}]>>"
    );
    font_pdf(&font, text, &[])
}

/// The same in a font without an encoding of its own, for Cyrillic letters.
pub fn cyrillic_pdf(name: &str, text: &str) -> Vec<u8> {
    let descendant = format!(
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/DW 600\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    );
    let font = format!(
        "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/ToUnicode 6 0 R\
         /DescendantFonts[{descendant}]>>"
    );
    let codes = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def \
        1 begincodespacerange <0000> <ffff> endcodespacerange \
        1 beginbfrange <0400> <04ff> <0400> endbfrange endcmap end end";
    font_pdf(&font, text, &[stream("", codes.as_bytes())])
}

/// The text in UTF-16 in a font; more objects are numbered from 6.
fn font_pdf(font: &str, text: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let hex: String = text.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
    let object = |text: &str| text.as_bytes().to_vec();
    let page =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>";
    let objects = [
        object("<</Type/Catalog/Pages 2 0 R>>"),
        object("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        object(page),
        stream("", format!("BT /F 40 Tf 20 30 Td <{hex}> Tj ET").as_bytes()),
        object(font),
    ];
    assemble(&[&objects, more].concat())
}

pub fn numbered(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("page number {number}")).collect()
}

/// A page that shows one image, with this stream dictionary.
pub fn image_pdf(dictionary: &str, bytes: &[u8], content: &str) -> Vec<u8> {
    assemble(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
            .to_vec(),
        stream("", content.as_bytes()),
        stream(&format!("/Type/XObject/Subtype/Image{dictionary}"), bytes),
    ])
}

/// A picture with a gradient and a dark corner, so that turning it shows.
pub fn picture(width: u32, height: u32) -> image::RgbImage {
    image::RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            image::Rgb([10, 10, 60])
        } else {
            image::Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 200])
        }
    })
}

pub fn encode(image: &image::RgbImage, format: image::ImageFormat) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}
