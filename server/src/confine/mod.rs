//! Walls around a process that reads hostile files: no network, no files but its own, no other processes, so much
//! memory and time. Our own child closes itself in once it knows what it is to read ([`close_in`]); a foreign program is
//! started by a process that has given up its rights before ([`run`]).

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;

use std::convert::Infallible;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use rlimit::Resource;
use serde::{Deserialize, Serialize};

/// Address space: enough for a document of thousands of pages, too little to take the machine down.
const ADDRESS_SPACE: u64 = 4 << 30;
/// No file that a foreign program writes may be longer.
const FILE_SIZE: u64 = 2 << 30;
/// Readers come first: a program that can wait runs when nobody else wants to.
const NICENESS: i32 = 10;

/// What a child of ours may still reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Files that it may read.
    pub read: Vec<PathBuf>,
    /// Files that it may write, and folders in which it may make some. They exist.
    pub write: Vec<PathBuf>,
    /// Bytes of the longest file that it may write.
    pub longest: u64,
}

/// Which walls stand around a process. Where the system lacks one the others stand all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walls {
    /// The version of Landlock that keeps it from files.
    pub landlock: Option<u32>,
    /// It cannot reach the network.
    pub network: bool,
    /// A filter of system calls keeps it from other processes and from most of the kernel.
    pub calls: bool,
    /// Its memory and the length of its files are limited.
    pub limits: bool,
}

impl Walls {
    /// Those that do not stand.
    pub fn missing(self) -> Vec<&'static str> {
        let walls = [
            (self.landlock.is_some(), "files"),
            (self.network, "network"),
            (self.calls, "system calls"),
            (self.limits, "memory"),
        ];
        walls.into_iter().filter(|(stands, _)| !stands).map(|(_, name)| name).collect()
    }
}

/// Says in the log which walls do not stand; once in the life of this program.
pub fn tell_missing(walls: Walls) {
    static TOLD: Once = Once::new();
    let missing = walls.missing();
    if !missing.is_empty() {
        TOLD.call_once(|| {
            tracing::warn!(
                missing = missing.join(", "),
                "what reads strangers' files is not confined as it should be: `evolume doctor` says what to do"
            );
        });
    }
}

/// Closes this process in, for good.
pub fn close_in(reach: &Reach) -> Walls {
    let limits =
        limit(&[(Resource::AS, ADDRESS_SPACE), (Resource::FSIZE, reach.longest), (Resource::CORE, 0)]);
    if let Err(error) = &limits {
        tracing::debug!(%error, "no limits of memory");
    }
    let walls = Walls { limits: limits.is_ok(), ..Walls::default() };
    #[cfg(target_os = "linux")]
    let walls = {
        let landlock = files::own(&reach.read, &reach.write);
        let calls = told(calls::own(), "no filter of system calls");
        // Who cannot make a socket needs no empty network, which takes the kernel some milliseconds.
        Walls { landlock, network: calls || leave_network(), calls, ..walls }
    };
    walls
}

/// What a foreign program may do.
#[derive(Clone, Debug)]
pub struct Foreign<'a> {
    /// The only folder that it may write into.
    pub folder: &'a Path,
    /// What it may read beside what is installed.
    pub read: &'a [PathBuf],
    /// Seconds of the processor's time.
    pub seconds: u64,
    /// Whether it may make sockets on this machine: LibreOffice insists on one in `/tmp`, and takes it away again.
    pub sockets: bool,
    /// Whether it can wait.
    pub nice: bool,
}

impl Foreign<'_> {
    /// Becomes the program; gives up its own rights before. Returns only when that cannot be.
    pub fn run(&self, program: &[OsString]) -> io::Result<Infallible> {
        let (name, arguments) = program.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        self.close_in(Path::new(name))?;
        Err(Command::new(name).args(arguments).exec())
    }

    /// Says which walls stand, to whoever asks for that instead of a program.
    pub fn tell(&self) -> io::Result<()> {
        let walls = self.close_in(Path::new(""))?;
        serde_json::to_writer(io::stdout(), &walls).map_err(io::Error::other)
    }

    /// Without the limits no program is started; of the other walls each is one more, none is the only one.
    fn close_in(&self, program: &Path) -> io::Result<Walls> {
        limit(&[
            (Resource::AS, ADDRESS_SPACE),
            (Resource::FSIZE, FILE_SIZE),
            (Resource::CPU, self.seconds),
            (Resource::CORE, 0),
        ])?;
        if self.nice
            && let Err(error) = rustix::process::setpriority_process(None, NICENESS)
        {
            tracing::debug!(%error, "a program keeps its priority");
        }
        let walls = Walls { limits: true, ..Walls::default() };
        #[cfg(target_os = "linux")]
        let walls = {
            let network = leave_network();
            let landlock = files::foreign(self, program);
            let calls = told(calls::foreign(self.sockets), "no filter of system calls");
            Walls { landlock, network: network || calls, calls, ..walls }
        };
        Ok(walls)
    }
}

/// A limit that is lower already stays.
fn limit(limits: &[(Resource, u64)]) -> io::Result<()> {
    limits.iter().try_for_each(|(resource, limit)| {
        let limit = resource.get()?.1.min(*limit);
        resource.set(limit, limit)
    })
}

/// Whether it went well; what went wrong is for who asks `evolume doctor`, and for a log that is to say everything.
#[cfg(target_os = "linux")]
fn told<E: std::fmt::Display>(result: Result<(), E>, lacks: &str) -> bool {
    if let Err(error) = &result {
        tracing::debug!(%error, "{lacks}");
    }
    result.is_ok()
}

/// Root may leave the network; others only in a user namespace, where that is allowed.
#[cfg(target_os = "linux")]
fn leave_network() -> bool {
    use nix::sched::{CloneFlags, unshare};
    let alone = unshare(CloneFlags::CLONE_NEWNET)
        .or_else(|_| unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET));
    told(alone, "no network of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_stand_is_named() {
        assert_eq!(Walls::default().missing(), ["files", "network", "system calls", "memory"]);
        let walls = Walls { landlock: Some(1), network: true, calls: false, limits: true };
        assert_eq!(walls.missing(), ["system calls"]);
    }
}
