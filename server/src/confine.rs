//! A foreign program that reads hostile files: it may write into one folder, read what is installed, use so much
//! memory and time, and speak to nobody.

use std::convert::Infallible;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use rlimit::Resource;

/// Address space: enough for a document of thousands of pages, too little to take the machine down.
const ADDRESS_SPACE: u64 = 4 << 30;
/// No file that it writes may be longer.
const FILE_SIZE: u64 = 2 << 30;
/// What programs, libraries and fonts are read from.
#[cfg(target_os = "linux")]
const INSTALLED: &[&str] = &[
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc",
    "/opt",
    "/nix",
    "/proc",
    "/sys",
    "/var/cache",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
];
/// LibreOffice insists on a socket of its own here, and takes it away again.
#[cfg(target_os = "linux")]
const SOCKETS: &[&str] = &["/tmp", "/var/tmp"];

/// Becomes the program; gives up its own rights before. Returns only when that cannot be.
pub fn run(folder: &Path, seconds: u64, program: &[OsString]) -> io::Result<Infallible> {
    let (name, arguments) = program.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    for (resource, limit) in [
        (Resource::AS, ADDRESS_SPACE),
        (Resource::FSIZE, FILE_SIZE),
        (Resource::CPU, seconds),
        (Resource::CORE, 0),
    ] {
        resource.set(limit, limit)?;
    }
    isolate(folder, Path::new(name));
    Err(Command::new(name).args(arguments).exec())
}

/// As far as this system lets us: each of these is one more wall, none is the only one.
#[cfg(target_os = "linux")]
fn isolate(folder: &Path, program: &Path) {
    use nix::sched::{CloneFlags, unshare};
    // Root may leave the network; others only in a user namespace, where that is allowed.
    let alone = unshare(CloneFlags::CLONE_NEWNET)
        .or_else(|_| unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET));
    if let Err(error) = alone {
        tracing::warn!(%error, "a foreign program keeps the network");
    }
    match lock(folder, program) {
        Ok(landlock::RulesetStatus::NotEnforced) => tracing::warn!("this kernel has no Landlock"),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "a foreign program may read other files"),
    }
}

#[cfg(target_os = "linux")]
fn lock(folder: &Path, program: &Path) -> Result<landlock::RulesetStatus, landlock::RulesetError> {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, path_beneath_rules,
    };
    let abi = ABI::V5;
    // `program/soffice` in a folder of its own, wherever that was put.
    let own = std::fs::canonicalize(program).ok();
    let own = own.as_deref().and_then(|program| program.ancestors().nth(2));
    let all = AccessFs::from_all(abi);
    let status = Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(INSTALLED.iter().map(Path::new).chain(own), AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(["/dev"], AccessFs::from_read(abi) | AccessFs::WriteFile))?
        .add_rules(path_beneath_rules(SOCKETS, AccessFs::MakeSock | AccessFs::RemoveFile))?
        .add_rules(path_beneath_rules([folder], all))?
        .restrict_self()?;
    Ok(status.ruleset)
}

#[cfg(not(target_os = "linux"))]
fn isolate(_folder: &Path, _program: &Path) {}
