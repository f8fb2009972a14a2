//! What each command does and prints.
#![allow(clippy::print_stdout, reason = "a command line prints its results")]

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use evolume_model::code::Code;
use evolume_model::search::{Filter, Query};
use evolume_server::config::{Class, Command, Ingest};
use evolume_server::ingest::{self, Outcome, Status, Target, Watch};
use evolume_server::store::Store;
use evolume_server::{app, pages, search, verify};
use indicatif::{ProgressBar, ProgressStyle};

/// Some files were refused or failed, some materials not searched.
const SOME_REFUSED: u8 = 3;
/// `verify` found something.
const DAMAGED: u8 = 1;

pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Ingest(options) => ingest(options).await,
        Command::Text { data, volume, page, raw, json } => {
            let store = Store::open(&data.folder).await?;
            let id = find_volume(&store, &volume).await?;
            let text = pages::text(&store, &id, page).await?;
            let text = if raw { text.as_str().to_owned() } else { text.prose(0..text.len()) };
            if json {
                println!("{}", serde_json::json!({ "page": page, "text": text }));
            } else {
                println!("{text}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Search { data, volumes, json, tolerant, materials, categories, pages, days, query } => {
            let filter = Filter { materials, categories, pages, days, marked: false };
            let query = Query::filtered(&query, filter);
            let query = query.map_err(|error| anyhow::Error::new(error).context(error.code()))?;
            search(&Store::open(&data.folder).await?, &volumes, json, &query.tolerant(tolerant)).await
        }
        Command::Verify { data, json } => {
            let report = verify::run(&Store::open(&data.folder).await?).await?;
            if json {
                println!("{}", serde_json::to_string(&report)?);
            } else {
                for problem in &report.problems {
                    println!("{} {} {}", problem.code, problem.sha256, problem.detail);
                }
                let (blobs, bytes, volumes) = (report.blobs, report.bytes, report.volumes);
                println!(
                    "{blobs} files, {bytes} bytes, {volumes} volumes: {} problems",
                    report.problems.len()
                );
            }
            let clean = report.problems.is_empty();
            Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
        }
        Command::List { data, json } => {
            let cases = Store::open(&data.folder).await?.cases().await?;
            if json {
                println!("{}", serde_json::to_string(&cases)?);
                return Ok(ExitCode::SUCCESS);
            }
            for case in cases {
                println!("{} {} {} {}", case.id, case.number, case.title, case.court);
                for volume in case.volumes {
                    let (pages, materials) = (volume.pages, volume.materials);
                    println!("  {} {} ({pages} pages, {materials} materials)", volume.id, volume.title);
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve { data, host, port } => {
            let store = Store::open(&data.folder).await?;
            app::serve(store, &host, port, |address| println!("listening on http://{address}")).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::IngestWorker { .. } => bail!("the worker does not run here"),
    }
}

async fn ingest(options: Ingest) -> anyhow::Result<ExitCode> {
    let limits = options.limits()?;
    let store = Store::open(&options.data.folder).await.context("the data folder cannot be opened")?;
    let class = options.class.unwrap_or_else(|| Class::guess(&options.volume_title));
    let target = Target {
        case_number: options.case_number,
        case_title: options.case_title,
        court: options.court,
        volume_title: options.volume_title,
        class: class.into(),
    };
    let files = ingest::walk(&options.files);
    let watch = Printer::new(options.json, files.len());
    let outcomes = ingest::run(&store, limits, &target, &files, &options.passwords, &watch).await?;
    watch.bar.finish_and_clear();
    let all = outcomes.iter().all(|outcome| outcome.status == Status::Ok);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

async fn search(store: &Store, volumes: &[String], json: bool, query: &Query) -> anyhow::Result<ExitCode> {
    let mut ids = Vec::new();
    for volume in volumes {
        ids.push(find_volume(store, volume).await?);
    }
    let all: Vec<_> = store.cases().await?.into_iter().flat_map(|case| case.volumes).collect();
    if volumes.is_empty() {
        ids.extend(all.iter().map(|volume| volume.id.clone()));
    }
    let found = search::run(store, &ids, query).await?;
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        let titles: HashMap<_, _> = all.iter().map(|volume| (&volume.id, &volume.title)).collect();
        for hit in &found.hits {
            let title = titles.get(&hit.volume).map_or(hit.volume.as_str(), |title| title);
            let mark = if hit.approximate { "≈" } else { "" };
            println!("{title} {} ({mark}{}): {}", hit.page, hit.count, hit.snippet);
        }
        let matches: u32 = found.hits.iter().map(|hit| hit.count).sum();
        println!("{} pages, {matches} matches", found.total);
    }
    for title in &found.unindexed {
        tracing::error!(code = %Code::SearchUnindexed, %title, "not searched: ingest it again");
    }
    Ok(if found.unindexed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

/// Volume id, or a title that only one volume has.
async fn find_volume(store: &Store, wanted: &str) -> anyhow::Result<String> {
    let volumes: Vec<_> = store.cases().await?.into_iter().flat_map(|case| case.volumes).collect();
    if volumes.iter().any(|volume| volume.id == wanted) {
        return Ok(wanted.to_owned());
    }
    let mut titled = volumes.into_iter().filter(|volume| volume.title == wanted);
    match (titled.next(), titled.next()) {
        (Some(volume), None) => Ok(volume.id),
        (None, _) => bail!("no volume is called {wanted}"),
        _ => bail!("several volumes are called {wanted}: give the id"),
    }
}

struct Printer {
    json: bool,
    bar: ProgressBar,
}

impl Printer {
    fn new(json: bool, files: usize) -> Self {
        let bar = if json || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            ProgressBar::new(files as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        };
        Self { json, bar }
    }
}

impl Watch for Printer {
    fn page(&self, file: &Path, done: u32, all: u32) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.bar.set_message(format!("{name} {done}/{all}"));
    }

    fn file(&self, outcome: &Outcome) {
        self.bar.inc(1);
        if self.json {
            println!("{}", serde_json::json!(outcome));
            return;
        }
        let line = match outcome.code {
            None if outcome.broken > 0 => {
                format!("{}: {} pages, {} broken", outcome.file, outcome.pages, outcome.broken)
            }
            None => format!("{}: {} pages", outcome.file, outcome.pages),
            Some(code) => format!("{}: {code}", outcome.file),
        };
        self.bar.suspend(|| println!("{line}"));
    }
}
