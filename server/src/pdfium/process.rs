//! One child: it is started, closed in, asked and ended. Whatever it does costs only what was asked of it.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use evolume_model::code::Code;
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use super::bounds;
use super::font_library::FontLibrary;
use super::protocol::{Reply, Request};
use crate::confine::{self, Reach, Walls};

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
    /// What the child said cannot be; it was killed.
    #[error("the PDFium process lied: it gave {0}")]
    Lied(&'static str),
}

impl CallError {
    /// [`bounds`](super::bounds) lets no other answer through.
    pub(super) const OTHER: Self = Self::Lied("the answer to another question");

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

/// What a child keeps of the environment.
const ENVIRONMENT: [&str; 5] = ["EVOLUME_LOG", "LD_LIBRARY_PATH", "PATH", "RUST_BACKTRACE", "TMPDIR"];

/// Characters of a cause for the log.
const CAUSE: usize = 500;
/// Bytes that one child may put into the log.
const LOG: u64 = 64 << 10;

/// A child that runs and can be asked.
pub struct Process {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Process {
    /// Starts a child that reaches this and the fonts, and says which walls stand around it.
    pub async fn start(limits: &Limits, mut reach: Reach) -> Result<(Self, Walls), CallError> {
        reach.read.extend(limits.fonts.files());
        let mut process = spawn(limits).map_err(|error| CallError::Crashed(error.to_string()))?;
        match process.ask(&Request::Confine(reach), limits.file).await {
            Ok(Reply::Confined(walls)) => {
                confine::tell_missing(walls);
                Ok((process, walls))
            }
            Ok(_) => Err(CallError::Lied("it does not say whether it is confined")),
            Err(error) => Err(error),
        }
    }

    /// Asks. After anything but an answer or a refusal it is dead.
    pub async fn ask(&mut self, request: &Request, limit: Duration) -> Result<Reply, CallError> {
        match tokio::time::timeout(limit, self.exchange(request)).await {
            Ok(Ok(Reply::Refused { code, cause })) => {
                Err(CallError::Refused { code, cause: cause.chars().take(CAUSE).collect() })
            }
            Ok(Ok(reply)) => match bounds::check(request, &reply) {
                Ok(()) => Ok(reply),
                Err(cause) => Err(self.lied(cause).await),
            },
            Ok(Err(error)) => Err(CallError::Crashed(self.epitaph(&error).await)),
            Err(_) => {
                self.end().await;
                Err(CallError::Timeout)
            }
        }
    }

    /// What it answers cannot be.
    async fn lied(&mut self, cause: &'static str) -> CallError {
        self.end().await;
        CallError::Lied(cause)
    }

    /// Ends it.
    pub async fn end(&mut self) -> Option<ExitStatus> {
        if let Err(error) = self.child.start_kill() {
            tracing::debug!(%error, "the child was gone already");
        }
        self.child.wait().await.ok()
    }

    /// How it came to its end: what it died of says more than that nothing comes any more.
    async fn epitaph(&mut self, error: &std::io::Error) -> String {
        let status = self.end().await;
        match status.and_then(|status| signal(&status)) {
            Some(signal) => signal.to_owned(),
            None => status.map_or_else(|| error.to_string(), |status| format!("{error} ({status})")),
        }
    }

    async fn exchange(&mut self, request: &Request) -> std::io::Result<Reply> {
        let bytes = postcard::to_stdvec(request).map_err(std::io::Error::other)?;
        self.input.write_all(&(bytes.len() as u32).to_le_bytes()).await?;
        self.input.write_all(&bytes).await?;
        self.input.flush().await?;
        let length = self.output.read_u32_le().await? as usize;
        if length > request.longest_reply() {
            return Err(std::io::Error::other("it answers without end"));
        }
        let mut frame = Vec::new();
        // What has not come takes no memory.
        (&mut self.output).take(length as u64).read_to_end(&mut frame).await?;
        if frame.len() < length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let (reply, rest) = postcard::take_from_bytes(&frame).map_err(std::io::Error::other)?;
        if rest.is_empty() { Ok(reply) } else { Err(std::io::Error::other("it says more than an answer")) }
    }
}

fn signal(status: &ExitStatus) -> Option<&'static str> {
    let signal = Signal::from_named_raw(status.signal()?)?;
    Some(match signal {
        Signal::SYS => "it tried what a child may not: a forbidden system call (SIGSYS)",
        Signal::XFSZ => "it wrote a file without end (SIGXFSZ)",
        Signal::ABORT => "it gave up, out of memory or by its own judgement (SIGABRT)",
        Signal::SEGV => "it crashed (SIGSEGV)",
        Signal::BUS => "it crashed (SIGBUS)",
        Signal::ILL => "it crashed (SIGILL)",
        Signal::TRAP => "it crashed (SIGTRAP)",
        _ => return None,
    })
}

fn spawn(limits: &Limits) -> std::io::Result<Process> {
    let mut command = Command::new(&limits.program);
    command.arg("ingest-worker").arg("--pdfium").arg(&limits.library);
    if let Some(folder) = limits.fonts.folder() {
        command.arg("--fonts").arg(folder);
    }
    // What the server knows of databases and stores is none of a child's business.
    command
        .env_clear()
        .env("NO_COLOR", "1")
        .envs(std::env::vars_os().filter(|(name, _)| ENVIRONMENT.iter().any(|kept| name == kept)));
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(errors) = child.stderr.take() {
        tokio::spawn(pass_on(child.id(), errors));
    }
    let missing = || std::io::Error::other("a pipe is missing");
    let input = child.stdin.take().ok_or_else(missing)?;
    let output = child.stdout.take().ok_or_else(missing)?;
    Ok(Process { child, input, output })
}

/// What a child says for the log goes there, up to a point.
async fn pass_on(child: Option<u32>, mut errors: ChildStderr) {
    let mut lines = BufReader::new((&mut errors).take(LOG)).lines();
    loop {
        match lines.next_line().await {
            Ok(Some(line)) => tracing::warn!(child, "{line}"),
            Ok(None) => break,
            Err(error) => {
                tracing::debug!(child, %error, "a child says what is no text");
                break;
            }
        }
    }
    // It is not to wait for somebody who reads.
    if let Err(error) = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await {
        tracing::debug!(child, %error, "a child's words broke off");
    }
}
