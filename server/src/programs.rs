//! Foreign programs that read strangers' files: where they are, and how they run. Each is started by `evolume
//! confine` in a folder of its own, with limits of memory and time and without the network.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::confine::Walls;

/// What is kept of a program's words for the log.
const SAID: u64 = 1000;
/// All that it writes together.
const DISK: u64 = 6 << 30;
/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// A program by its path, or by its name in `PATH`.
pub fn find(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Starts foreign programs.
#[derive(Clone, Copy, Debug)]
pub struct Confined<'a> {
    /// The `evolume` program, which gives up its rights and becomes the foreign one.
    pub evolume: &'a Path,
    /// For one run.
    pub limit: Duration,
    /// What it gets of the environment beside what all get.
    pub environment: &'a [(&'static str, OsString)],
    /// What it may read beside what is installed.
    pub read: &'a [PathBuf],
    /// Whether it may make sockets on this machine.
    pub sockets: bool,
    /// Whether it can wait.
    pub nice: bool,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    status: ExitStatus,
    /// What it said, cut short; for the log.
    pub said: String,
}

impl Ended {
    /// It says itself that all went well.
    pub fn well(&self) -> bool {
        self.status.success()
    }

    /// It did not end by itself: it ran into its limits.
    pub fn killed(&self) -> bool {
        self.status.signal().is_some()
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.status, self.said)
    }
}

impl<'a> Confined<'a> {
    /// With what all programs get.
    pub fn new(evolume: &'a Path, limit: Duration) -> Self {
        Self { evolume, limit, environment: &[], read: &[], sockets: false, nice: false }
    }

    /// Runs a program in `folder`, the only place where it may write and where it finds what it is to read; `None`
    /// when its time ran out. Everything that it started is killed then, and it leaves nothing but files and folders:
    /// a link would have the server read what the program itself may not.
    pub async fn run<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> std::io::Result<Option<Ended>> {
        let log = tempfile::NamedTempFile::new_in(folder)?;
        let mut command = self.command(folder);
        command.arg("--").arg(program).args(arguments);
        // A group of its own: some start further processes, and all have to end.
        command.process_group(0).current_dir(folder).stdin(Stdio::null());
        command.stdout(log.reopen()?).stderr(log.reopen()?);
        let mut child = command.spawn()?;
        let group = Group::of(&child);
        let ended = tokio::time::timeout(self.limit, child.wait());
        let status = tokio::select! {
            ended = ended => match ended {
                Ok(status) => status?,
                Err(_) => return Ok(None),
            },
            full = full(folder, DISK) => {
                full?;
                tracing::warn!(program = %program.display(), "it writes without end and was killed");
                group.kill();
                child.wait().await?
            }
        };
        drop(group);
        drop_links(folder.to_owned()).await?;
        let mut said = Vec::new();
        // Not by its name: the program may have put another file there.
        tokio::fs::File::from_std(log.as_file().try_clone()?).take(SAID).read_to_end(&mut said).await?;
        Ok(Some(Ended { status, said: String::from_utf8_lossy(&said).into_owned() }))
    }

    /// `evolume confine` with all but the program.
    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(self.evolume);
        command.arg("confine").arg("--folder").arg(folder);
        command.arg("--seconds").arg(self.limit.as_secs().max(1).to_string());
        command.args(self.read.iter().flat_map(|path| [OsStr::new("--read"), path.as_os_str()]));
        command.args(self.sockets.then_some("--sockets")).args(self.nice.then_some("--nice"));
        command.env_clear().env("LC_ALL", "C.UTF-8").env("HOME", folder).env("TMPDIR", folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }

    /// Which walls stand around a program here.
    pub async fn walls(&self) -> std::io::Result<Walls> {
        let folder = tempfile::tempdir()?;
        let output = self.command(folder.path()).arg("--tell").stdin(Stdio::null()).output();
        let output = tokio::time::timeout(self.limit, output).await.map_err(std::io::Error::other)??;
        serde_json::from_slice(&output.stdout).map_err(std::io::Error::other)
    }
}

/// Removes what is neither a file nor a folder: a link would have the server read what the program itself may not.
pub async fn drop_links(folder: PathBuf) -> std::io::Result<()> {
    let drop = move || {
        for entry in walkdir::WalkDir::new(folder).follow_root_links(false) {
            let entry = entry?;
            if !entry.file_type().is_file() && !entry.file_type().is_dir() {
                tracing::warn!(path = %entry.path().display(), "a program left more than files");
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    };
    tokio::task::spawn_blocking(drop).await.map_err(std::io::Error::other)?
}

/// Waits until there are so many bytes in a folder beside what is there now.
pub async fn full(folder: &Path, bytes: u64) -> std::io::Result<()> {
    let mut ticks = tokio::time::interval(LOOK);
    let mut limit = None;
    loop {
        ticks.tick().await;
        let folder = folder.to_owned();
        let size = move || {
            // What comes and goes meanwhile does not count.
            let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
            entries.filter_map(|entry| entry.metadata().ok()).map(|entry| entry.len()).sum::<u64>()
        };
        let size = tokio::task::spawn_blocking(size).await.map_err(std::io::Error::other)?;
        if size > *limit.get_or_insert(size.saturating_add(bytes)) {
            return Ok(());
        }
    }
}

/// A process group, which ends with this. The number is kept: a child that has been waited for has none any more.
struct Group(Option<rustix::process::Pid>);

impl Group {
    fn of(leader: &Child) -> Self {
        Self(leader.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw))
    }
}

impl Group {
    fn kill(&self) {
        if let Some(pid) = self.0
            && let Err(error) = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL)
        {
            tracing::debug!(%error, "the program and all that it started were gone already");
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn links_do_not_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, link) = (folder.path().join("made.pdf"), folder.path().join("link.pdf"));
        std::fs::write(&kept, "made").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("folder")).unwrap();
        drop_links(folder.path().to_owned()).await.unwrap();
        assert!(kept.is_file() && !link.exists() && !folder.path().join("folder").exists());
        assert!(Path::new("/etc/passwd").is_file());
    }
}
