//! An S3-compatible store, PyPI's `moto`, that lives as long as this process: a second opinion for tests, and for
//! `cargo xtask run --postgres`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const SCRIPT: &str = include_str!("server.py");
const STARTED: &str = "Running on http://";

/// It stops when the pipe to its script closes, which is when this process ends, however it ends.
pub struct Server {
    address: String,
    _script: Child,
}

impl Server {
    /// `None` where there is no `moto` for this Python, which `cargo xtask setup` puts into `target/moto`.
    pub fn start(python: &Path) -> io::Result<Option<Self>> {
        if !python.is_file() {
            return Ok(None);
        }
        let mut command = Command::new(python);
        command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut script = command.spawn()?;
        let Some(said) = script.stderr.take() else { return Err(io::Error::other("moto says nothing")) };
        let mut lines = BufReader::new(said).lines();
        for line in &mut lines {
            if let Some((_, address)) = line?.split_once(STARTED) {
                let address = address.trim().to_owned();
                // Nobody reads its log, and it must not stand still for that.
                std::thread::spawn(move || lines.count());
                return Ok(Some(Self { address, _script: script }));
            }
        }
        Err(io::Error::other("moto does not start"))
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn make_bucket(&self, name: &str) -> io::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        let host = &self.address;
        write!(
            stream,
            "PUT /{name} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if answer.starts_with("HTTP/1.1 200") {
            Ok(())
        } else {
            Err(io::Error::other("no bucket can be made"))
        }
    }
}
