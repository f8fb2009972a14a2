//! `cargo xtask run`: the sample case in a running server.

#[path = "../../tests/postgres/server.rs"]
mod server;

use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use self::server::Server;
use crate::process::{command, run as process, run_accepting};
use crate::stages::Stages;
use crate::stamp::{self, Inputs};
use crate::{build, native, root};

/// `evolume ingest` ends with this when it refused a file; the sample has files that are broken on purpose.
const SOME_REFUSED: i32 = 3;

/// Where to serve what.
#[derive(clap::Args)]
pub struct Options {
    /// Port on loopback; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder of the data; made with the sample case in it when it is not there.
    #[arg(long, default_value = "target/run-data")]
    data: PathBuf,
    /// On a PostgreSQL that is started for it and thrown away with all its data afterwards, instead of SQLite.
    #[arg(long, conflicts_with = "data")]
    postgres: bool,
}

/// A case as a folder of files describes it.
#[derive(Deserialize)]
struct Case {
    number: String,
    title: String,
    court: String,
    volumes: Vec<Volume>,
}

#[derive(Deserialize)]
struct Volume {
    folder: String,
    title: String,
    class: String,
}

/// Builds, ingests, serves until it is stopped.
pub fn run(stages: &mut Stages, options: &Options) -> Result<()> {
    // Said before the build, which takes minutes.
    free(options.port)?;
    build(stages, native::Scope::Program)?;
    let (server, data) = if options.postgres { start_postgres()? } else { (None, options.data.clone()) };
    let database = server.as_ref().map(|server| server.database("sample")).transpose()?;
    let corpus = root().join("tests/corpus/sample");
    stages.run("sample data", || ingest(&corpus, &data, database.as_deref()))?;
    // The server prints the sample users and its address itself: with port 0 nobody else knows that.
    let mut serve = command(native::program(), ["serve", "--data"]);
    serve.envs(database.iter().map(|url| ("EVOLUME_DATABASE", url)));
    serve.arg(&data).arg("--port").arg(options.port.to_string()).arg("--sample-users");
    process(serve)
}

/// With a new folder of data: the files of the last time belong to a database that is gone.
fn start_postgres() -> Result<(Option<Server>, PathBuf)> {
    let data = root().join("target/run-data-postgres");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let server = Server::start()?.context("there is no PostgreSQL; install it (Debian: postgresql)")?;
    Ok((Some(server), data))
}

/// Fails when another program listens on the port.
fn free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is taken by another program; stop it, or take another port: cargo xtask run --port {}",
            port.checked_add(1).unwrap_or_default()
        ),
        // Whatever else is wrong with it the server says better.
        _ => Ok(()),
    }
}

/// Takes a case's files into a data folder; nothing happens when they are there already.
fn ingest(corpus: &Path, data: &Path, database: Option<&str>) -> Result<()> {
    let path = corpus.join("case.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let case: Case =
        serde_json::from_str(&text).with_context(|| format!("{} is malformed", path.display()))?;
    let name = format!("ingest-{}", Inputs::default().word(&data.to_string_lossy()).finish());
    // Ingest is idempotent: a new program may look at the same files again.
    let inputs = Inputs::default().path(corpus)?.path(&native::program())?;
    stamp::once(&name, inputs, &[&root().join(data)], || {
        for volume in &case.volumes {
            let mut ingest = command(native::program(), ["ingest", "--data"]);
            ingest.envs(database.map(|url| ("EVOLUME_DATABASE", url)));
            ingest.arg(data).args([
                "--case",
                &case.number,
                "--case-title",
                &case.title,
                "--court",
                &case.court,
            ]);
            ingest
                .args(["--volume", &volume.title, "--class", &volume.class])
                .arg(corpus.join(&volume.folder));
            run_accepting(ingest, &[SOME_REFUSED])?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named_with_what_to_do() {
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let error = free(port).unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is taken")) && error.contains("--port"), "{error}");
        drop(other);
        free(port).unwrap();
        free(0).unwrap();
    }

    #[test]
    fn the_sample_case_reads() {
        let path = root().join("tests/corpus/sample/case.json");
        let case: Case = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert!(!case.volumes.is_empty() && !case.number.is_empty() && !case.court.is_empty());
        assert!(case.volumes.iter().all(|volume| !volume.folder.is_empty() && !volume.title.is_empty()));
    }
}
