//! `cargo xtask run`: the sample case in a running server.

#[path = "../../tests/postgres/server.rs"]
mod postgres;
#[path = "../../tests/s3/server.rs"]
mod s3;

use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process::{command, run as process, run_accepting};
use crate::stages::Stages;
use crate::stamp::{self, Inputs};
use crate::{build, native, root, setup};

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
    /// On a PostgreSQL and an S3-compatible store that are started for it and thrown away with all their data
    /// afterwards, instead of SQLite and a folder.
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
    let place =
        if options.postgres { stages.run("servers", start_servers)? } else { Place::folder(&options.data) };
    let corpus = root().join("tests/corpus/sample");
    stages.run("sample data", || ingest(&corpus, &place))?;
    // The server prints the sample users and its address itself: with port 0 nobody else knows that.
    process(place.evolume(["serve", "--sample-users", "--port", &options.port.to_string()]))
}

/// Where the sample is kept.
pub struct Place {
    data: PathBuf,
    variables: Vec<(&'static str, String)>,
    /// They end with this.
    _servers: Option<(postgres::Server, s3::Server)>,
}

impl Place {
    pub fn folder(data: &Path) -> Self {
        Self { data: data.to_owned(), variables: Vec::new(), _servers: None }
    }

    /// The built program on what is there.
    pub fn evolume<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut evolume = command(native::program(), arguments);
        evolume.arg("--data").arg(&self.data).envs(self.variables.clone());
        evolume
    }
}

/// With a new folder of data: the copies of the last time belong to a bucket that is gone.
pub fn start_servers() -> Result<Place> {
    let data = root().join("target/run-data-postgres");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    setup::moto()?;
    let database =
        postgres::Server::start()?.context("there is no PostgreSQL; install it (Debian: postgresql)")?;
    let bucket = s3::Server::start(&setup::moto_path())?.context("there is no moto")?;
    bucket.make_bucket("court")?;
    let variables = vec![
        ("EVOLUME_DATABASE", database.database("sample")?),
        ("EVOLUME_BLOBS", "s3://court/sample".to_owned()),
        ("AWS_ENDPOINT_URL", bucket.endpoint()),
        ("AWS_ACCESS_KEY_ID", "sample".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "sample".to_owned()),
    ];
    Ok(Place { data, variables, _servers: Some((database, bucket)) })
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
fn ingest(corpus: &Path, place: &Place) -> Result<()> {
    let path = corpus.join("case.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let case: Case =
        serde_json::from_str(&text).with_context(|| format!("{} is malformed", path.display()))?;
    let data = &place.data;
    let name = format!("ingest-{}", Inputs::default().word(&data.to_string_lossy()).finish());
    // Ingest is idempotent: a new program may look at the same files again.
    let inputs = Inputs::default().path(corpus)?.path(&native::program())?;
    stamp::once(&name, inputs, &[&root().join(data)], || {
        for volume in &case.volumes {
            let mut ingest = place.evolume(["ingest"]);
            ingest.args(["--case", &case.number, "--case-title", &case.title, "--court", &case.court]);
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
