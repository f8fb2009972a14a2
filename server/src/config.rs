//! The command line.

mod people;
mod tools;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use evolume_model::category::Category;
use evolume_model::search::{Days, QueryError, parse_category, parse_days, parse_pages};
use evolume_model::volume::VolumeClass;

pub use self::people::{CaseCommand, MemberCommand, OneCase, OneUser, UserCommand, What, Why};
use self::tools::{FILE_TIMEOUT, PAGE_TIMEOUT};
pub use self::tools::{NoPdfium, Tools, find_pdfium, limits};
use crate::ocr::engine::tesseract;
use crate::office::Charset;
use crate::pdfium::Limits;
use crate::store::{BlobsUrl, DatabaseUrl, Location};

/// Reads, keeps and serves electronic court case files.
#[derive(Debug, Parser)]
#[command(name = "evolume", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where everything is kept.
#[derive(Args, Clone, Debug)]
pub struct Data {
    /// Folder with the database and the files.
    #[arg(long = "data", value_name = "DIR", default_value = "./data", env = "EVOLUME_DATA")]
    pub folder: PathBuf,
    /// The database: `sqlite:PATH` or `postgres://USER@HOST:PORT/NAME`; `evolume.sqlite` in the folder when not given.
    /// A password is better given by the environment, PGPASSFILE or ~/.pgpass: everybody sees a command line.
    #[arg(long, value_name = "URL", env = "EVOLUME_DATABASE", hide_env_values = true)]
    pub database: Option<DatabaseUrl>,
    /// The files: a folder, or `s3://BUCKET/PREFIX`; `blobs` in the data folder when not given. The S3 client goes by
    /// `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID` … or `~/.aws/credentials`.
    #[arg(long, value_name = "DIR|URL", env = "EVOLUME_BLOBS", hide_env_values = true)]
    pub blobs: Option<BlobsUrl>,
    /// Folder for copies of what is in S3; `cache` in the data folder when not given.
    #[arg(long, value_name = "DIR", env = "EVOLUME_CACHE")]
    pub cache: Option<PathBuf>,
    /// Gigabytes of such copies.
    #[arg(long, value_name = "GB", env = "EVOLUME_CACHE_SIZE", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub cache_size: Option<u64>,
}

impl Data {
    /// Where that is.
    pub fn location(&self) -> Location {
        let location = Location::folder(&self.folder);
        Location {
            database: self.database.clone(),
            blobs: self.blobs.clone(),
            cache: self.cache.clone(),
            cache_bytes: self.cache_size.map_or(location.cache_bytes, |size| size * GB),
            ..location
        }
    }
}

const GB: u64 = 1_000_000_000;

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring files into a volume.
    Ingest(Box<Ingest>),
    /// Print a page's text as it is copied: paragraphs whole, no spaces between Chinese characters.
    Text {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// Volume id, or its title when only one volume has it.
        #[arg(long)]
        volume: String,
        /// Volume page number, from 1.
        #[arg(long)]
        page: u32,
        /// As it stands on the page: every line end and space.
        #[arg(long)]
        raw: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Find text: every page of the volumes that has it.
    Search {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// Volume id, or its title when only one volume has it; may be given several times. All when absent.
        #[arg(long = "volume", value_name = "VOLUME")]
        volumes: Vec<String>,
        /// As JSON: `{total, hits: [{volume, page, count, snippet}]}`, one hit per page, `approximate`
        /// when it is; `total` counts pages.
        #[arg(long)]
        json: bool,
        /// Also what has one wrong, missing or surplus character in a phrase of three or more; it comes last.
        #[arg(long)]
        tolerant: bool,
        /// Only materials whose title has this in it, or by id; may be given several times.
        #[arg(long = "material", value_name = "TITLE")]
        materials: Vec<String>,
        /// Only materials of this category, e.g. judgment or 庭审笔录; may be given several times.
        #[arg(long = "category", value_name = "CATEGORY", value_parser = category)]
        categories: Vec<Category>,
        /// Only these pages, by volume page number: 3, 3-9, 3- or -9.
        #[arg(long, value_name = "A-B", value_parser = pages, allow_hyphen_values = true)]
        pages: Option<[u32; 2]>,
        /// Only pages that name a day from A to B: a day, month or year like 2023-05-12; either may be missing.
        #[arg(long = "date", value_name = "A..B", value_parser = days)]
        days: Option<Days>,
        /// What to look for; may be empty with --date. Words beside each other all have to be on the page;
        /// OR, -word, "a phrase", NEAR/20 and page:3-9 are understood.
        #[arg(default_value = "")]
        query: String,
    },
    /// Read everything again and compare it with its hashes.
    Verify {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove files that nothing names any more, and what no volume has named for long. Safe beside `serve`, and
    /// beside whatever else works on the same data.
    Gc {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// Only count them.
        #[arg(long)]
        dry_run: bool,
        /// Days that earlier states of volumes stay readable, for those who have them open.
        #[arg(long, value_name = "DAYS", default_value_t = 90, env = "EVOLUME_KEEP_DAYS",
              value_parser = clap::value_parser!(u32).range(1..=36_500))]
        keep_days: u32,
        /// As JSON: `{blobs, bytes, removed, freed, claimed, interrupted}`.
        #[arg(long)]
        json: bool,
    },
    /// Copy everything into another data folder or database, which has to be new, and read it back. What breaks off is
    /// continued by the same command.
    Copy {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// The other data folder; not needed where database and files are elsewhere.
        #[arg(long, value_name = "DIR", required_unless_present_all = ["to_database", "to_blobs"])]
        to_data: Option<PathBuf>,
        /// The other database; `evolume.sqlite` in the other folder when not given.
        #[arg(long, value_name = "URL", env = "EVOLUME_TO_DATABASE", hide_env_values = true)]
        to_database: Option<DatabaseUrl>,
        /// Where the files go: a folder, or `s3://BUCKET/PREFIX`; `blobs` in the other folder when not given. One S3
        /// client serves both sides: they are in the same service.
        #[arg(long, value_name = "DIR|URL", env = "EVOLUME_TO_BLOBS", hide_env_values = true)]
        to_blobs: Option<BlobsUrl>,
        /// As JSON: `{blobs, bytes, copied, rows, lost}`.
        #[arg(long)]
        json: bool,
    },
    /// Make a backup of a running server in a folder, or bring the one that is there up to date.
    Backup {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// Read the backup that is there against its hashes instead.
        #[arg(long)]
        check: bool,
        /// As JSON: `{blobs, bytes, copied, rows, lost}`.
        #[arg(long)]
        json: bool,
        /// The backup's folder.
        to: PathBuf,
    },
    /// Fill a new data folder or database from a backup, and read it back.
    Restore {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// As JSON: `{blobs, bytes, copied, rows, lost}`.
        #[arg(long)]
        json: bool,
        /// The backup's folder.
        from: PathBuf,
    },
    /// List cases and volumes.
    List {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read the text of scans now, or anew; `serve` reads those that wait in the background.
    Ocr {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// Volume id, or its title when only one volume has it; may be given several times. All when absent.
        #[arg(long = "volume", value_name = "VOLUME")]
        volumes: Vec<String>,
        /// Also pages that were read before: their new text takes the old one's place. With --pages those pages,
        /// whatever is known of them.
        #[arg(long)]
        again: bool,
        /// Only these pages of the one volume, by volume page number: 3,7-9,12-.
        #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = pages, allow_hyphen_values = true,
              requires = "volumes")]
        pages: Vec<[u32; 2]>,
        /// How to read.
        #[command(flatten)]
        ocr: Ocr,
        /// PDFium's library.
        #[arg(long, env = "EVOLUME_PDFIUM")]
        pdfium: Option<PathBuf>,
        /// As JSON: `{pages, failed}`.
        #[arg(long)]
        json: bool,
    },
    /// Make what is missing of the indexes, or is of an older format; `serve` does it in the background.
    Index {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// Volume id, or its title when only one volume has it; may be given several times. All when absent.
        #[arg(long = "volume", value_name = "VOLUME")]
        volumes: Vec<String>,
        /// As JSON: `{indexes, bundles}`.
        #[arg(long)]
        json: bool,
    },
    /// Serve volumes to browsers, and read the text of scans and make missing indexes in the background.
    Serve {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// Leave scans unread.
        #[arg(long)]
        no_ocr: bool,
        /// How to read.
        #[command(flatten)]
        ocr: Ocr,
        /// PDFium's library.
        #[arg(long, env = "EVOLUME_PDFIUM")]
        pdfium: Option<PathBuf>,
        /// Address to listen on.
        #[arg(long, default_value = "127.0.0.1")]
        host: String,
        /// Port to listen on; 0 takes any.
        #[arg(long)]
        port: u16,
        /// To be tried out: makes a user of each role in every case, whom anybody on this computer may become without a
        /// password. On loopback only.
        #[arg(long)]
        sample_users: bool,
    },
    /// Look whether everything is there that the server needs, and say what to do where it is not.
    Doctor(Box<Doctor>),
    /// Accounts of people.
    #[command(subcommand)]
    User(UserCommand),
    /// Who is what to a case.
    #[command(subcommand)]
    Case(CaseCommand),
    /// Say why somebody may do something in a case, or may not; ends with 1 when not.
    Why(Why),
    /// Becomes another program, with few rights.
    #[command(hide = true)]
    Confine {
        /// The only folder that it may write into.
        #[arg(long)]
        folder: PathBuf,
        /// Seconds of the processor's time.
        #[arg(long)]
        seconds: u64,
        /// What it may read beside what is installed.
        #[arg(long)]
        read: Vec<PathBuf>,
        /// It may make sockets on this machine.
        #[arg(long)]
        sockets: bool,
        /// It can wait.
        #[arg(long)]
        nice: bool,
        /// Only say which walls stand, as JSON.
        #[arg(long, conflicts_with = "program")]
        tell: bool,
        /// The program and its arguments.
        #[arg(last = true, required_unless_present = "tell")]
        program: Vec<OsString>,
    },
    /// The process that runs PDFium.
    #[command(hide = true)]
    IngestWorker {
        /// PDFium's library.
        #[arg(long)]
        pdfium: PathBuf,
        /// Folder with fonts.
        #[arg(long)]
        fonts: Option<PathBuf>,
    },
}

/// How the text of scans is read.
#[derive(Args, Clone, Debug)]
// The command of the same name has a group of its own.
#[group(skip)]
pub struct Ocr {
    /// The Tesseract program: a path, or a name in PATH.
    #[arg(long, default_value = "tesseract", env = "EVOLUME_TESSERACT")]
    pub tesseract: PathBuf,
    /// Tesseract's names of languages, joined by +; each page is read in the first of them, and in the
    /// others when that does not go well.
    #[arg(long, visible_alias = "language", default_value = "chi_sim+chi_tra+eng", env = "EVOLUME_OCR_LANG")]
    pub ocr_lang: String,
    /// Pages read at once; one for each core when not given.
    #[arg(long)]
    pub ocr_jobs: Option<usize>,
    /// Seconds that one reading of a page may take.
    #[arg(long, default_value_t = 120)]
    pub ocr_timeout: u64,
}

impl Ocr {
    /// For the engine; `scratch` is for its temporary files, `evolume` the program that confines it.
    pub fn options(&self, scratch: &Path, evolume: &Path) -> tesseract::Options {
        tesseract::Options {
            program: self.tesseract.clone(),
            languages: self.ocr_lang.clone(),
            limit: Duration::from_secs(self.ocr_timeout),
            scratch: scratch.to_owned(),
            evolume: evolume.to_owned(),
        }
    }

    /// Pages read at once.
    pub fn jobs(&self) -> usize {
        self.ocr_jobs.unwrap_or_else(all_cores).clamp(1, 64)
    }

    /// How many cores that keeps busy.
    pub fn cores(&self) -> usize {
        self.jobs().min(all_cores())
    }
}

fn all_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn encoding(name: &str) -> Result<Charset, String> {
    Charset::named(name).ok_or_else(|| format!("no encoding is called {name}"))
}

fn category(text: &str) -> Result<Category, QueryError> {
    parse_category(text).ok_or(QueryError::Category)
}

fn pages(text: &str) -> Result<[u32; 2], QueryError> {
    parse_pages(text).ok_or(QueryError::Pages)
}

fn days(text: &str) -> Result<Days, QueryError> {
    parse_days(text).ok_or(QueryError::Date)
}

/// `evolume doctor`.
#[derive(Args, Debug)]
pub struct Doctor {
    /// The data folder.
    #[command(flatten)]
    pub data: Data,
    #[command(flatten)]
    pub tools: Tools,
    /// How scans are read.
    #[command(flatten)]
    pub ocr: Ocr,
    /// As JSON: `[{level, name, message}]`, where a level is `ok`, `warning` or `problem`.
    #[arg(long)]
    pub json: bool,
}

/// `evolume ingest`.
#[derive(Args, Debug)]
pub struct Ingest {
    /// The data folder.
    #[command(flatten)]
    pub data: Data,
    /// The case's number (案号).
    #[arg(long = "case", value_name = "NUMBER")]
    pub case_number: String,
    /// The case's title (案由).
    #[arg(long)]
    pub case_title: Option<String>,
    /// The court.
    #[arg(long)]
    pub court: Option<String>,
    /// The volume's title, e.g. 正卷.
    #[arg(long = "volume", value_name = "TITLE")]
    pub volume_title: String,
    /// Confidentiality class; guessed from the title when not given.
    #[arg(long, value_enum)]
    pub class: Option<Class>,
    /// Tried on whatever is encrypted: PDFs, archives, office documents; may be given several times.
    #[arg(long = "password")]
    pub passwords: Vec<String>,
    /// The encoding of texts, and of names in archives, that do not say it themselves: gb18030, big5, utf-16le …
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<Charset>,
    /// One JSON object per file on stdout.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub tools: Tools,
    /// Seconds that one page may take.
    #[arg(long, default_value_t = PAGE_TIMEOUT)]
    pub page_timeout: u64,
    /// Seconds that opening a file or cutting a part may take.
    #[arg(long, default_value_t = FILE_TIMEOUT)]
    pub file_timeout: u64,
    /// PDFium processes at once.
    #[arg(long, default_value_t = 2)]
    pub jobs: usize,
    /// Read the text of the volume's scans before this ends; otherwise `serve` or `ocr` does.
    #[arg(long)]
    pub wait_ocr: bool,
    /// How scans are read.
    #[command(flatten)]
    pub ocr: Ocr,
    /// Take in also files that the volume has already: each becomes one more material.
    #[arg(long)]
    pub again: bool,
    /// Files, and folders that are walked in order of names.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// [`VolumeClass`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Class {
    /// 正卷.
    Main,
    /// 副卷.
    Internal,
    /// 证据卷.
    Evidence,
    /// For everybody.
    Public,
}

impl Class {
    /// What a title says about its class; the careful one when it says nothing.
    pub fn guess(title: &str) -> Self {
        if title.contains("副卷") {
            Self::Internal
        } else if title.contains("证据") {
            Self::Evidence
        } else if title.contains("正卷") {
            Self::Main
        } else {
            Self::Internal
        }
    }
}

impl From<Class> for VolumeClass {
    fn from(class: Class) -> Self {
        match class {
            Class::Main => Self::Main,
            Class::Internal => Self::Internal,
            Class::Evidence => Self::Evidence,
            Class::Public => Self::Public,
        }
    }
}

impl Ingest {
    /// The children's limits.
    pub fn limits(&self) -> anyhow::Result<Limits> {
        Ok(Limits {
            page: Duration::from_secs(self.page_timeout),
            file: Duration::from_secs(self.file_timeout),
            children: self.jobs,
            ..self.tools.limits()?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_tells_its_class() {
        for (title, class) in [
            ("正卷", Class::Main),
            ("副卷一", Class::Internal),
            ("证据卷二", Class::Evidence),
            ("其他", Class::Internal),
        ] {
            assert_eq!(Class::guess(title), class, "{title}");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
