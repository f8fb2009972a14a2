//! The parent's side of the children: a small pool, time limits, restarts.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use evolume_model::code::Code;
use evolume_model::fonts::Face;
use evolume_model::geometry::Rotation;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use super::font_library::FontLibrary;
use super::protocol::{FRAME_LIMIT, Heard, Opened, PageData, Reply, Request, ScanData, Wrapped};
use crate::office::Inside;
use crate::programs::Confined;
use crate::unpack::Unpacked;

/// Time limits and the program to start.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The `evolume` program.
    pub program: PathBuf,
    /// PDFium's library.
    pub library: PathBuf,
    /// Fonts for PDFs that do not embed theirs.
    pub fonts: FontLibrary,
    /// LibreOffice's `soffice`: a path, or a name to look for in `PATH`.
    pub soffice: PathBuf,
    /// The `ffmpeg` that makes recordings playable: a path, or a name to look for in `PATH`.
    pub ffmpeg: PathBuf,
    /// For one page.
    pub page: Duration,
    /// For opening a file or cutting a part.
    pub file: Duration,
    /// Number of children.
    pub children: usize,
}

/// Why a request gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The child said no.
    #[error("{cause}")]
    Refused {
        /// Stable code.
        code: Code,
        /// For the log.
        cause: String,
    },
    /// The child took too long and was killed.
    #[error("the time limit has passed")]
    Timeout,
    /// The child is gone.
    #[error("the PDFium process ended: {0}")]
    Crashed(String),
}

impl CallError {
    /// The code of a page that failed so.
    pub fn page_code(&self) -> Code {
        match self {
            Self::Timeout => Code::PageTimeout,
            _ => Code::PageBroken,
        }
    }

    /// The code of a file that failed so.
    pub fn file_code(&self) -> Code {
        match self {
            Self::Refused { code, .. } => *code,
            _ => Code::IngestAborted,
        }
    }
}

/// A PDF to be opened by whichever child is free.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Passwords to try.
    pub passwords: Vec<String>,
}

#[derive(Default)]
struct Slot {
    running: Option<Running>,
    open: Option<Source>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

/// The children.
pub struct Pool {
    limits: Limits,
    free: Semaphore,
    slots: Vec<Mutex<Slot>>,
}

/// A child lent to one task.
pub struct Lease<'a> {
    limits: &'a Limits,
    slot: MutexGuard<'a, Slot>,
    _permit: SemaphorePermit<'a>,
}

impl Pool {
    /// What starts foreign programs, with the time of a file.
    pub fn confined(&self) -> Confined<'_> {
        Confined { evolume: &self.limits.program, limit: self.limits.file }
    }

    /// No child is started before it is needed.
    pub fn new(limits: Limits) -> Self {
        let slots = (0..limits.children.max(1)).map(|_| Mutex::default()).collect::<Vec<_>>();
        Self { free: Semaphore::new(slots.len()), limits, slots }
    }

    /// As given.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Waits for a child; prefers one that has `source` open.
    pub async fn lease(&self, source: Option<&Source>) -> Lease<'_> {
        let permit = self.free.acquire().await.expect("the semaphore is never closed");
        let mut chosen = None;
        for slot in &self.slots {
            let Ok(guard) = slot.try_lock() else { continue };
            let fits = source.is_some() && guard.open.as_ref() == source;
            if fits || chosen.is_none() {
                chosen = Some(guard);
            }
            if fits {
                break;
            }
        }
        let slot = match chosen {
            Some(slot) => slot,
            // Another task is still letting go of the slot whose permit it has returned.
            None => self.slots[0].lock().await,
        };
        Lease { limits: &self.limits, slot, _permit: permit }
    }
}

impl Lease<'_> {
    /// Opens a PDF.
    pub async fn open(&mut self, source: &Source) -> Result<Opened, CallError> {
        self.slot.open = None;
        let request = Request::Open { path: source.path.clone(), passwords: source.passwords.clone() };
        match self.call(&request, self.limits.file).await? {
            Reply::Opened(opened) => {
                self.slot.open = Some(source.clone());
                Ok(opened)
            }
            _ => Err(self.confused().await),
        }
    }

    /// Wraps an image file into a PDF.
    pub async fn wrap(&mut self, request: Request) -> Result<Wrapped, CallError> {
        match self.call(&request, self.limits.file).await? {
            Reply::Wrapped(wrapped) => Ok(wrapped),
            _ => Err(self.confused().await),
        }
    }

    /// Reads a recording; gives its waveform up in time.
    pub async fn listen(&mut self, path: &Path) -> Result<Heard, CallError> {
        let seconds = self.limits.file.as_secs() / 2;
        let request = Request::Listen { path: path.to_owned(), seconds };
        match self.call(&request, self.limits.file).await? {
            Reply::Heard(heard) => Ok(heard),
            _ => Err(self.confused().await),
        }
    }

    /// Takes a container apart.
    pub async fn unpack(&mut self, request: Request) -> Result<Unpacked, CallError> {
        match self.call(&request, self.limits.file).await? {
            Reply::Unpacked(unpacked) => Ok(unpacked),
            _ => Err(self.confused().await),
        }
    }

    /// Looks into an office document.
    pub async fn prepare(&mut self, request: Request) -> Result<Inside, CallError> {
        match self.call(&request, self.limits.file).await? {
            Reply::Prepared(inside) => Ok(inside),
            _ => Err(self.confused().await),
        }
    }

    /// Derives a page. A crash is tried once more in a new child: it may have been another page's fault.
    pub async fn page(&mut self, source: &Source, index: u32) -> Result<PageData, CallError> {
        match self.try_page(source, index).await {
            Err(CallError::Crashed(cause)) => {
                tracing::warn!(page = index + 1, %cause, "the PDFium process crashed; once more");
                self.try_page(source, index).await
            }
            result => result,
        }
    }

    async fn try_page(&mut self, source: &Source, index: u32) -> Result<PageData, CallError> {
        self.ensure(source).await?;
        match self.call(&Request::Page { index }, self.limits.page).await? {
            Reply::Page(page) => Ok(*page),
            _ => Err(self.confused().await),
        }
    }

    /// A page as a picture for OCR, turned clockwise from how it is displayed.
    pub async fn scan(
        &mut self,
        source: &Source,
        index: u32,
        turn: Rotation,
        red: bool,
    ) -> Result<ScanData, CallError> {
        self.ensure(source).await?;
        let request = Request::Scan { index, turn: turn.degrees(), red };
        match self.call(&request, self.limits.page).await? {
            Reply::Scan(scan) => Ok(scan),
            _ => Err(self.confused().await),
        }
    }

    /// Cuts a part; also says whether every page of it looks like the original, and the fonts it wants.
    pub async fn part(
        &mut self,
        source: &Source,
        first: u32,
        count: u32,
    ) -> Result<(Vec<u8>, bool, Vec<Face>), CallError> {
        self.ensure(source).await?;
        match self.call(&Request::Part { first, count }, self.limits.file).await? {
            Reply::Part { bytes, faithful, fonts } => Ok((bytes, faithful, fonts)),
            _ => Err(self.confused().await),
        }
    }

    async fn ensure(&mut self, source: &Source) -> Result<(), CallError> {
        if self.slot.running.is_none() || self.slot.open.as_ref() != Some(source) {
            self.open(source).await?;
        }
        Ok(())
    }

    async fn call(&mut self, request: &Request, limit: Duration) -> Result<Reply, CallError> {
        let limits = self.limits;
        let running = match &mut self.slot.running {
            Some(running) => running,
            none => none.insert(start(limits).map_err(|e| CallError::Crashed(e.to_string()))?),
        };
        let result = match tokio::time::timeout(limit, exchange(running, request)).await {
            Ok(Ok(Reply::Refused { code, cause })) => return Err(CallError::Refused { code, cause }),
            Ok(Ok(reply)) => return Ok(reply),
            Ok(Err(error)) => Err(CallError::Crashed(error.to_string())),
            Err(_) => Err(CallError::Timeout),
        };
        self.stop().await;
        result
    }

    async fn confused(&mut self) -> CallError {
        self.stop().await;
        CallError::Crashed("it gave the answer to another question".to_owned())
    }

    async fn stop(&mut self) {
        self.slot.open = None;
        if let Some(mut running) = self.slot.running.take()
            && let Err(error) = running.child.kill().await
        {
            tracing::debug!(%error, "the child was gone already");
        }
    }
}

/// What a child keeps of the environment.
const ENVIRONMENT: [&str; 5] = ["EVOLUME_LOG", "LD_LIBRARY_PATH", "PATH", "RUST_BACKTRACE", "TMPDIR"];

fn start(limits: &Limits) -> std::io::Result<Running> {
    let mut command = Command::new(&limits.program);
    command.arg("ingest-worker").arg("--pdfium").arg(&limits.library);
    if let Some(folder) = limits.fonts.folder() {
        command.arg("--fonts").arg(folder);
    }
    // What the server knows of databases and stores is none of a child's business.
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| ENVIRONMENT.iter().any(|kept| name == kept)));
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()?;
    let missing = || std::io::Error::other("a pipe is missing");
    let input = child.stdin.take().ok_or_else(missing)?;
    let output = child.stdout.take().ok_or_else(missing)?;
    Ok(Running { child, input, output })
}

async fn exchange(running: &mut Running, request: &Request) -> std::io::Result<Reply> {
    let bytes = postcard::to_stdvec(request).map_err(std::io::Error::other)?;
    running.input.write_all(&(bytes.len() as u32).to_le_bytes()).await?;
    running.input.write_all(&bytes).await?;
    running.input.flush().await?;
    let length = running.output.read_u32_le().await? as usize;
    if length > FRAME_LIMIT {
        return Err(std::io::Error::other("frame too long"));
    }
    let mut frame = vec![0; length];
    running.output.read_exact(&mut frame).await?;
    postcard::from_bytes(&frame).map_err(std::io::Error::other)
}
