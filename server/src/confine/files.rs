//! The wall around files: Landlock. What is not named here cannot be opened, whoever the process runs as.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, Scope, path_beneath_rules,
};

use super::Foreign;

/// As far as this code knows what it asks for; an older kernel gives as much of it as it can.
const VERSION: ABI = ABI::V6;
/// What programs, libraries and fonts are read from.
const INSTALLED: &[&str] = &[
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc",
    "/opt",
    "/nix",
    // Of `/proc` only what is nobody's: the environment of this program's parent may hold passwords.
    "/proc/cpuinfo",
    "/proc/filesystems",
    "/proc/meminfo",
    "/proc/self",
    "/proc/stat",
    "/proc/sys",
    "/sys/devices/system",
    "/var/cache",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
];
/// The devices that programs take for granted: not the disks, not the terminals.
const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];
/// Where LibreOffice wants its socket.
const SOCKETS: &[&str] = &["/tmp", "/var/tmp"];

/// A few paths, and what may be done with them.
type Rights = (Vec<PathBuf>, BitFlags<AccessFs>);

/// For our own child. It makes files and takes them away, but neither folders nor links.
pub fn own(read: &[PathBuf], write: &[PathBuf]) -> Option<u32> {
    let look = AccessFs::ReadFile | AccessFs::ReadDir;
    let make = AccessFs::WriteFile | AccessFs::Truncate | AccessFs::MakeReg | AccessFs::RemoveFile;
    enforce(&[(read.to_vec(), look), (write.to_vec(), look | make)])
}

/// For a foreign program, which becomes what it is after this.
pub fn foreign(program: &Foreign<'_>, path: &Path) -> Option<u32> {
    let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
    // What lies around its folder is the data: that must not be readable because it is kept below one of these.
    let around = |place: &Path| program.folder.starts_with(place);
    let mut installed = paths(INSTALLED);
    installed.extend(program.read.iter().cloned());
    installed.retain(|place| !around(place));
    if let Ok(path) = std::fs::canonicalize(path) {
        // One in a folder of its own brings its libraries along: `program/soffice`, wherever that was put.
        let own = path.ancestors().take(3).filter(|place| place.parent().is_some() && !around(place)).last();
        installed.extend(own.map(Path::to_owned));
    }
    // Links and devices are none of a document's business.
    let links = AccessFs::MakeSym | AccessFs::MakeBlock | AccessFs::MakeChar;
    let mut rights = vec![
        (installed, AccessFs::from_read(VERSION)),
        (paths(DEVICES), AccessFs::ReadFile | AccessFs::WriteFile),
        (vec![program.folder.to_owned()], AccessFs::from_all(VERSION) & !links),
    ];
    if program.sockets {
        rights.push((paths(SOCKETS), AccessFs::MakeSock | AccessFs::RemoveFile));
    }
    enforce(&rights)
}

/// The version of Landlock by which it holds from now on.
fn enforce(rights: &[Rights]) -> Option<u32> {
    let enforced = || -> Result<LandlockStatus, RulesetError> {
        let mut rules = Ruleset::default()
            .handle_access(AccessFs::from_all(VERSION))?
            .handle_access(AccessNet::from_all(VERSION))?
            .scope(Scope::from_all(VERSION))?
            .create()?;
        for (paths, access) in rights {
            // What does not exist cannot be opened either.
            rules = rules.add_rules(path_beneath_rules(paths, *access))?;
        }
        Ok(rules.restrict_self()?.landlock)
    };
    match enforced() {
        Ok(LandlockStatus::Available { effective_abi, .. }) => Some(effective_abi as u32),
        Ok(status) => {
            tracing::debug!(?status, "no Landlock");
            None
        }
        Err(error) => {
            tracing::debug!(%error, "no Landlock");
            None
        }
    }
}
