//! Foreign programs that read strangers' files: where they are, and how they run. Each is started by `evolume
//! confine` in a folder of its own, with limits of memory and time and without the network.

use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};

/// What is kept of a program's words for the log.
const SAID: usize = 1000;

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

impl Confined<'_> {
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
        let mut command = Command::new(self.evolume);
        command.arg("confine").arg("--folder").arg(folder);
        command.arg("--seconds").arg(self.limit.as_secs().max(1).to_string()).arg("--").arg(program);
        command.args(arguments);
        command.env_clear().env("LC_ALL", "C.UTF-8").env("HOME", folder).env("TMPDIR", folder);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        // A group of its own: some start further processes, and all have to end.
        command.process_group(0).current_dir(folder).stdin(Stdio::null());
        command.stdout(log.reopen()?).stderr(log.reopen()?);
        let mut child = command.spawn()?;
        let group = Group::of(&child);
        let Ok(status) = tokio::time::timeout(self.limit, child.wait()).await else { return Ok(None) };
        let status = status?;
        drop(group);
        let left = folder.to_owned();
        tokio::task::spawn_blocking(move || drop_links(&left)).await.map_err(std::io::Error::other)??;
        let said = tokio::fs::read(log.path()).await.unwrap_or_default();
        let said = String::from_utf8_lossy(&said[..said.len().min(SAID)]).into_owned();
        Ok(Some(Ended { status, said }))
    }
}

/// Removes what is neither a file nor a folder.
fn drop_links(folder: &Path) -> std::io::Result<()> {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if !entry.file_type().is_file() && !entry.file_type().is_dir() {
            tracing::warn!(path = %entry.path().display(), "a foreign program left more than files");
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A process group, which ends with this. The number is kept: a child that has been waited for has none any more.
struct Group(Option<rustix::process::Pid>);

impl Group {
    fn of(leader: &Child) -> Self {
        Self(leader.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0
            && let Err(error) = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL)
        {
            tracing::debug!(%error, "the program and all that it started were gone already");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_do_not_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, link) = (folder.path().join("made.pdf"), folder.path().join("link.pdf"));
        std::fs::write(&kept, "made").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("folder")).unwrap();
        drop_links(folder.path()).unwrap();
        assert!(kept.is_file() && !link.exists() && !folder.path().join("folder").exists());
        assert!(Path::new("/etc/passwd").is_file());
    }
}
