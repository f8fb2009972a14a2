//! A PostgreSQL of Debian's that lives as long as this process: for tests, and for `cargo xtask run --postgres`.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const SCRIPT: &str = include_str!("server.sh");

/// It stops when the pipe to its script closes, which is when this process ends, however it ends.
pub struct Server {
    programs: PathBuf,
    folder: String,
    _script: Child,
}

impl Server {
    /// `None` where there is no PostgreSQL.
    pub fn start() -> io::Result<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        // PostgreSQL refuses to run as root.
        let mut command = if Command::new("id").arg("-u").output()?.stdout.trim_ascii() == b"0" {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", SCRIPT, "sh"]).arg(&programs).current_dir("/");
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut folder = String::new();
        if let Some(output) = &mut script.stdout {
            BufReader::new(output).read_line(&mut folder)?;
        }
        if folder.is_empty() {
            return Err(io::Error::other("PostgreSQL does not start"));
        }
        Ok(Some(Self { programs, folder: folder.trim().to_owned(), _script: script }))
    }

    /// Makes an empty database; gives its address.
    pub fn database(&self, name: &str) -> io::Result<String> {
        let mut command = Command::new(self.programs.join("createdb"));
        command.args(["-U", "evolume", "-T", "template0", "-h", &self.folder, name]);
        if !command.status()?.success() {
            return Err(io::Error::other("no database can be made"));
        }
        Ok(format!("postgres://evolume@localhost/{name}?host={}", self.folder))
    }
}

/// Debian has the programs of every version in a folder of its own, and not in `PATH`.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.filter_map(|entry| Some(entry.ok()?.path())).max_by_key(|path| number(path))?;
    Some(newest.join("bin")).filter(|folder| folder.join("initdb").is_file())
}
