//! What each command does and prints.
#![allow(clippy::print_stdout, reason = "a command line prints its results")]

mod people;

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use evolume_model::search::{Filter, Query};
use evolume_server::background::Background;
use evolume_server::config::{self, Class, Command, Data, Ingest, Ocr};
use evolume_server::ingest::{self, Intake, Outcome, Status, Watch};
use evolume_server::ocr::OcrError;
use evolume_server::ocr::engine::tesseract::Tesseract;
use evolume_server::ocr::work::{self, Choice, Progress, Reader};
use evolume_server::pdfium::{Limits, Pool};
use evolume_server::rights::{Act, Permit};
use evolume_server::store::{Keep, Store, Target, Turn};
use evolume_server::transfer::{self, Transfer};
use evolume_server::views::Views;
use evolume_server::{http, index_maintenance, ocr, pages, search, verify};
use indicatif::{ProgressBar, ProgressStyle};

use crate::report::{self, CommandError};
use crate::{doctor, shell};

/// Some files were refused or failed, some materials not searched.
const SOME_REFUSED: u8 = 3;
/// Something is lost or damaged.
const DAMAGED: u8 = 1;

/// Whoever runs a command on the data folder has its files anyway.
fn permit() -> Permit {
    Permit::server(Act::CommandLine)
}

pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Ingest(options) => ingest(*options).await,
        Command::Text { data, volume, page, raw, json } => {
            let store = open(&data).await?;
            let id = find_volume(&store, &volume).await?;
            let text = pages::text(&store, &permit(), &id, page).await?;
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
            let query = query?;
            search(&open(&data).await?, &volumes, json, &query.tolerant(tolerant)).await
        }
        Command::Verify { data, json } => {
            let report = verify::run(&open(&data).await?, &permit()).await?;
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
                if report.surplus > 0 {
                    println!(
                        "{} files, {} bytes, are named by nothing",
                        report.surplus, report.surplus_bytes
                    );
                }
            }
            let clean = report.problems.is_empty();
            Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
        }
        Command::Gc { data, dry_run, keep_days, json } => {
            let store = open(&data).await?;
            let done = store.collect(&permit(), Keep::days(keep_days), dry_run).await?;
            if json {
                println!("{}", serde_json::to_string(&done)?);
            } else {
                let verb = if dry_run { "would be removed" } else { "removed" };
                println!(
                    "{} files, {} bytes: {} {verb}, {} bytes",
                    done.blobs, done.bytes, done.removed, done.freed
                );
                if done.interrupted {
                    println!("stopped early: a copy or a backup has begun");
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Copy { data, to_data, to_database, to_blobs, json } => {
            let from = open(&data).await?;
            let folder = to_data.unwrap_or_else(|| data.folder.clone());
            let target = Data { folder, database: to_database, blobs: to_blobs, ..data.clone() };
            let to = open_to_fill(&target).await?;
            let bar = progress_bar(json, 0);
            let done = transfer::copy(&from, &to, &permit(), &shown(&bar)).await?;
            bar.finish_and_clear();
            transferred(&done, json)
        }
        Command::Backup { data, check, json, to } => {
            let bar = progress_bar(json, 0);
            let done = if check {
                transfer::check(&to).await?
            } else {
                transfer::backup(&open(&data).await?, &to, &permit(), &shown(&bar)).await?
            };
            bar.finish_and_clear();
            transferred(&done, json)
        }
        Command::Restore { data, json, from } => {
            let to = open_to_fill(&data).await?;
            let bar = progress_bar(json, 0);
            let done = transfer::restore(&from, &to, &permit(), &shown(&bar)).await?;
            bar.finish_and_clear();
            transferred(&done, json)
        }
        Command::List { data, json } => {
            let cases = open(&data).await?.cases(&permit()).await?;
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
        Command::Ocr { data, volumes, again, pages, ocr, pdfium, json } => {
            let store = open(&data).await?;
            let ids = chosen(&store, &volumes).await?;
            let choice = Choice { again, pages };
            let begun = Instant::now();
            let (code, read) =
                read_scans(&store, &ocr, config::limits(pdfium.as_deref())?, &ids, choice, json).await?;
            if json {
                println!("{}", serde_json::json!({ "pages": read.done, "failed": read.failed }));
            } else {
                let minutes = begun.elapsed().as_secs_f64() * ocr.cores() as f64 / 60.;
                let speed = read.done as f64 / minutes.max(f64::MIN_POSITIVE);
                println!(
                    "{} pages read, {} of them in vain; {speed:.1} pages per core-minute",
                    read.done, read.failed
                );
            }
            Ok(code)
        }
        Command::Index { data, volumes, json } => {
            let store = open(&data).await?;
            let (mut made, mut bundles) = (0, 0);
            for volume in chosen(&store, &volumes).await? {
                let done = index_maintenance::volume(&store, &volume).await?;
                (made, bundles) = (made + done.indexes, bundles + usize::from(done.bundled));
            }
            if json {
                println!("{}", serde_json::json!({ "indexes": made, "bundles": bundles }));
            } else {
                println!("{made} indexes and {bundles} bundles made");
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve { data, no_ocr, ocr: options, pdfium, host, port, sample_users } => {
            let store = open(&data).await?;
            let limits = (!no_ocr).then(|| config::limits(pdfium.as_deref())).transpose();
            let limits = limits.unwrap_or_else(|error| {
                tracing::error!("scans are not read: {error}");
                None
            });
            if let Some(limits) = limits.clone() {
                tokio::spawn(async move { Pool::new(limits).tell_walls().await });
            }
            let views = Views::default();
            let _reading = limits.map(|limits| {
                let limits = Limits { children: options.jobs(), ..limits };
                let (store, views) = (store.clone(), views.clone());
                let options = options.options(store.scratch(), &limits.program);
                Background::start(move || async move {
                    ocr::background::run(&store, &options, &limits, &views).await;
                })
            });
            let kept = store.clone();
            let _maintenance = Background::start(move || async move { index_maintenance::run(&kept).await });
            http::serve(store, views, &host, port, shell::SHELL, sample_users, |address, sample| {
                if !sample.is_empty() {
                    println!("sample users, without a password:");
                }
                for user in sample {
                    println!("  {} {}", user.login, user.name);
                }
                println!("listening on http://{address}");
            })
            .await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor(options) => Ok(doctor::run(&options).await),
        Command::User(command) => people::user(command).await,
        Command::Case(command) => people::case(command).await,
        Command::Why(question) => people::why(question).await,
        Command::IngestWorker { .. } | Command::Confine { .. } => bail!("this does not run here"),
    }
}

async fn ingest(options: Ingest) -> anyhow::Result<ExitCode> {
    let limits = options.limits()?;
    let store = open(&options.data).await?;
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
    let volume = store.ensure_volume(&target).await?;
    let intake = Intake {
        volume: &volume,
        files: &files,
        passwords: &options.passwords,
        encoding: options.encoding,
        again: options.again,
    };
    let outcomes = ingest::run(&store, limits.clone(), intake, &watch).await?;
    watch.bar.finish_and_clear();
    let mut all = outcomes.iter().all(|outcome| outcome.status == Status::Ok);
    if options.wait_ocr {
        let (code, _) =
            read_scans(&store, &options.ocr, limits, &[volume], Choice::default(), options.json).await?;
        all &= code == ExitCode::SUCCESS;
    } else if !options.json {
        let (_, manifest) = store.manifest_of(&permit(), &volume).await?;
        if manifest.pending() > 0 {
            println!("{} scanned pages are not read yet: `serve` and `ocr` do it", manifest.pending());
        }
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

/// Reads what is chosen of these volumes; waits while another process of this store does.
async fn read_scans(
    store: &Store,
    options: &Ocr,
    limits: Limits,
    volumes: &[String],
    choice: Choice,
    json: bool,
) -> anyhow::Result<(ExitCode, Progress)> {
    let bar = progress_bar(json, 0);
    let turn = Turn::take(store).await?;
    let mut unread = Vec::new();
    for volume in volumes {
        if choice.wants(&store.manifest_of(&permit(), volume).await?.1) {
            unread.push(volume.clone());
        }
    }
    let mut read = Progress::default();
    if !unread.is_empty() {
        let engine = match Tesseract::find(options.options(store.scratch(), &limits.program)).await {
            Ok(engine) => engine,
            Err(error) => return Ok((unavailable(store, &unread, error).await?, read)),
        };
        let limits = Limits { children: options.jobs(), ..limits };
        let reader = Reader::new(store, &engine, limits).choosing(choice);
        let shown = |progress: Progress| {
            bar.set_length(progress.all as u64);
            bar.set_position(progress.done as u64);
        };
        read = match reader.volumes(&unread, &shown).await {
            Ok(read) => read,
            Err(work::WorkError::Engine(error)) => {
                return Ok((unavailable(store, &unread, error).await?, read));
            }
            Err(error) => return Err(error.into()),
        };
    }
    drop(turn);
    bar.finish_and_clear();
    let code = if read.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) };
    Ok((code, read))
}

/// There is no engine: the volumes say so, and whoever runs this hears it.
async fn unavailable(store: &Store, volumes: &[String], error: OcrError) -> anyhow::Result<ExitCode> {
    work::tell_unread(store, volumes, error.code()).await?;
    report::tell(&error.into());
    Ok(ExitCode::from(SOME_REFUSED))
}

async fn search(store: &Store, volumes: &[String], json: bool, query: &Query) -> anyhow::Result<ExitCode> {
    let mut ids = Vec::new();
    for volume in volumes {
        ids.push(find_volume(store, volume).await?);
    }
    let all: Vec<_> = store.cases(&permit()).await?.into_iter().flat_map(|case| case.volumes).collect();
    if volumes.is_empty() {
        ids.extend(all.iter().map(|volume| volume.id.clone()));
    }
    let found = search::run(store, &permit(), &ids, query).await?;
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
        report::tell(&CommandError::Unindexed(title.clone()).into());
    }
    Ok(if found.unindexed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

async fn open(data: &Data) -> Result<Store, CommandError> {
    let opened = Store::open_at(&data.location()).await;
    opened.map_err(|source| CommandError::Data { data: data.clone(), source })
}

async fn open_to_fill(data: &Data) -> Result<Store, CommandError> {
    let opened = Store::open_to_fill(&data.location()).await;
    opened.map_err(|source| CommandError::Data { data: data.clone(), source })
}

fn shown(bar: &ProgressBar) -> impl Fn(u64, u64) + Sync {
    |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    }
}

fn transferred(done: &Transfer, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string(done)?);
    } else {
        let Transfer { blobs, bytes, copied, rows, lost } = done;
        for sha256 in lost {
            println!("{sha256} is lost or damaged");
        }
        println!("{blobs} files, {bytes} bytes, of these {copied} new; {rows} rows; {} lost", lost.len());
    }
    Ok(if done.lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
}

/// The ids of these volumes, of all when none is given.
async fn chosen(store: &Store, volumes: &[String]) -> anyhow::Result<Vec<String>> {
    if volumes.is_empty() {
        return Ok(store.volume_states().await?.into_iter().map(|state| state.volume).collect());
    }
    let mut ids = Vec::new();
    for volume in volumes {
        ids.push(find_volume(store, volume).await?);
    }
    Ok(ids)
}

/// Volume id, or a title that only one volume has.
async fn find_volume(store: &Store, wanted: &str) -> anyhow::Result<String> {
    let volumes: Vec<_> = store.cases(&permit()).await?.into_iter().flat_map(|case| case.volumes).collect();
    if volumes.iter().any(|volume| volume.id == wanted) {
        return Ok(wanted.to_owned());
    }
    let mut titled = volumes.into_iter().filter(|volume| volume.title == wanted);
    match (titled.next(), titled.next()) {
        (Some(volume), None) => Ok(volume.id),
        (None, _) => Err(CommandError::NoVolume(wanted.to_owned()).into()),
        _ => Err(CommandError::ManyVolumes(wanted.to_owned()).into()),
    }
}

struct Printer {
    json: bool,
    bar: ProgressBar,
}

impl Printer {
    fn new(json: bool, files: usize) -> Self {
        Self { json, bar: progress_bar(json, files) }
    }
}

fn progress_bar(json: bool, length: usize) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    ProgressBar::new(length as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
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
            Some(code) if outcome.status == Status::Ok => {
                format!("{}: {} pages, {code}", outcome.file, outcome.pages)
            }
            Some(code) => format!("{}: {code}", outcome.file),
        };
        self.bar.suspend(|| println!("{line}"));
    }
}
