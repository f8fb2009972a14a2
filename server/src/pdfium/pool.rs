//! The parent's side of the children: a small pool, restarts. A child reads one source and is gone: whoever has taken
//! it over sees nothing of another file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use evolume_model::fonts::Face;
use evolume_model::geometry::Rotation;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use super::process::{CallError, Limits, Process};
use super::protocol::{Heard, Opened, PageData, Reply, Request, ScanData, Wrapped};
use crate::confine::{self, Reach, Walls};
use crate::office::Inside;
use crate::programs::{self, Confined};
use crate::unpack::Unpacked;

/// A PDF to be opened by whichever child is free.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Passwords to try.
    pub passwords: Vec<String>,
}

/// A child that has a PDF open.
struct Reader {
    process: Process,
    source: Source,
}

type Slot = Option<Reader>;

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
        Confined::new(&self.limits.program, self.limits.file)
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

    /// Starts a child, and says which walls stand around it.
    pub async fn walls(&self) -> Result<Walls, CallError> {
        let (mut process, walls) = Process::start(&self.limits, Reach::default()).await?;
        process.end().await;
        Ok(walls)
    }

    /// Says in the log, before there is any work, which walls will not stand.
    pub async fn tell_walls(&self) {
        match self.walls().await {
            Ok(walls) => confine::tell_missing(walls),
            Err(error) => tracing::error!(%error, "no child can be started: nothing can be read"),
        }
        match self.confined().walls().await {
            Ok(walls) => confine::tell_missing(walls),
            Err(error) => tracing::error!(%error, "no program can be confined"),
        }
    }

    /// Waits for a child; prefers one that has `source` open.
    pub async fn lease(&self, source: Option<&Source>) -> Lease<'_> {
        let permit = self.free.acquire().await.expect("the semaphore is never closed");
        let mut chosen = None;
        for slot in &self.slots {
            let Ok(guard) = slot.try_lock() else { continue };
            let open = guard.as_ref().map(|reader| &reader.source);
            let fits = source.is_some() && open == source;
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
    /// Opens a PDF, in a child of its own.
    pub async fn open(&mut self, source: &Source) -> Result<Opened, CallError> {
        if let Some(mut before) = self.slot.take() {
            before.process.end().await;
        }
        let request = Request::Open { path: source.path.clone(), passwords: source.passwords.clone() };
        let (mut process, _) = Process::start(self.limits, request.reach()).await?;
        match process.ask(&request, self.limits.file).await? {
            Reply::Opened(opened) => {
                *self.slot = Some(Reader { process, source: source.clone() });
                Ok(opened)
            }
            _ => Err(CallError::OTHER),
        }
    }

    /// Wraps an image file into a PDF.
    pub async fn wrap(&mut self, request: Request) -> Result<Wrapped, CallError> {
        match self.once(&request).await? {
            Reply::Wrapped(wrapped) => Ok(wrapped),
            _ => Err(CallError::OTHER),
        }
    }

    /// Reads a recording; gives its waveform up in time.
    pub async fn listen(&mut self, path: &Path) -> Result<Heard, CallError> {
        let seconds = self.limits.file.as_secs() / 2;
        match self.once(&Request::Listen { path: path.to_owned(), seconds }).await? {
            Reply::Heard(heard) => Ok(heard),
            _ => Err(CallError::OTHER),
        }
    }

    /// Takes a container apart.
    pub async fn unpack(&mut self, request: Request) -> Result<Unpacked, CallError> {
        match self.once(&request).await? {
            Reply::Unpacked(unpacked) => Ok(unpacked),
            _ => Err(CallError::OTHER),
        }
    }

    /// Looks into an office document.
    pub async fn prepare(&mut self, request: Request) -> Result<Inside, CallError> {
        match self.once(&request).await? {
            Reply::Prepared(inside) => Ok(inside),
            _ => Err(CallError::OTHER),
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
        match self.of(source, &Request::Page { index }, self.limits.page).await? {
            Reply::Page(page) => Ok(*page),
            _ => Err(CallError::OTHER),
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
        let request = Request::Scan { index, turn: turn.degrees(), red };
        match self.of(source, &request, self.limits.page).await? {
            Reply::Scan(scan) => Ok(scan),
            _ => Err(CallError::OTHER),
        }
    }

    /// Cuts a part; also says whether every page of it looks like the original, and the fonts it wants.
    pub async fn part(
        &mut self,
        source: &Source,
        first: u32,
        count: u32,
    ) -> Result<(Vec<u8>, bool, Vec<Face>), CallError> {
        match self.of(source, &Request::Part { first, count }, self.limits.file).await? {
            Reply::Part { bytes, faithful, fonts } => Ok((bytes, faithful, fonts)),
            _ => Err(CallError::OTHER),
        }
    }

    /// Asks about a PDF, which is opened if need be.
    async fn of(&mut self, source: &Source, request: &Request, limit: Duration) -> Result<Reply, CallError> {
        if self.slot.as_ref().is_none_or(|reader| reader.source != *source) {
            self.open(source).await?;
        }
        // Whoever gives up waiting takes the child along: nobody else is to get the answer.
        let Some(mut reader) = self.slot.take() else { return Err(CallError::OTHER) };
        let result = reader.process.ask(request, limit).await;
        if matches!(result, Ok(_) | Err(CallError::Refused { .. })) {
            *self.slot = Some(reader);
        }
        result
    }

    /// Asks a child that reads one file and is gone. One that has a PDF open meanwhile stays.
    async fn once(&mut self, request: &Request) -> Result<Reply, CallError> {
        let failed = |error: std::io::Error| CallError::Crashed(error.to_string());
        let reach = request.reach();
        for path in &reach.write {
            if !tokio::fs::try_exists(path).await.map_err(failed)? {
                tokio::fs::File::create(path).await.map_err(failed)?;
            }
        }
        let (written, longest) = (reach.write.clone(), reach.longest);
        let (mut process, _) = Process::start(self.limits, reach).await?;
        let full = async {
            match written.first() {
                Some(path) => programs::full(path, longest).await,
                None => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            result = process.ask(request, self.limits.file) => result,
            full = full => {
                full.map_err(failed)?;
                Err(CallError::Crashed("it writes without end".to_owned()))
            }
        };
        process.end().await;
        for path in written {
            programs::drop_links(path).await.map_err(failed)?;
        }
        result
    }
}
