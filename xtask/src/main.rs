//! `cargo xtask`: every set-up, build and test step of the project.
//!
//! Each command first does what it needs: `cargo xtask run` in a fresh clone ends with a server.

#![allow(clippy::print_stdout, reason = "this is a command line; it talks to its user")]

mod arrows;
mod bench;
mod check;
mod messages;
mod native;
mod parts;
mod process;
mod rules;
mod run;
mod sample;
mod setup;
mod stages;
mod stamp;
mod test;
mod types;
mod unused;
mod wasm;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use native::Scope;
use stages::Stages;

/// Builds, runs, checks and measures Evolume.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch what cargo does not: the wasm target, npm packages, PDFium, Debian packages.
    Setup,
    /// Build everything: viewer (wasm), TypeScript types, web application, server.
    Build,
    /// Write the TypeScript types alone.
    Types,
    /// Build, make the sample case's data once, and serve it on loopback.
    Run(run::Options),
    /// Build, check and test everything, in the browsers too; or the parts that are named.
    Test(test::Options),
    /// Formatting, lints, types, generated files, the project's own rules.
    Check(check::Options),
    /// Make the sample case (or the big corpus of the measurements) anew.
    Sample(sample::Options),
    /// Measure, side by side with other viewers; arguments go to `e2e/bench/bench.mjs`. `storage` measures databases
    /// and blob stores.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let mut stages = Stages::default();
    let result = match Arguments::parse().command {
        Command::Setup => setup::all(&mut stages).and_then(|()| stages.run("browsers", setup::browsers)),
        Command::Build => build(&mut stages, Scope::Program),
        Command::Types => types::write(),
        Command::Run(options) => run::run(&mut stages, &options),
        Command::Test(options) => test::run(&mut stages, &options),
        Command::Check(options) => check::command(&mut stages, &options),
        Command::Sample(options) => sample::run(&mut stages, &options),
        Command::Bench(options) => bench::run(&mut stages, &options),
    };
    println!("{stages}");
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Everything, in the order in which the parts need each other; what needs nothing runs beside.
fn build(stages: &mut Stages, scope: Scope) -> anyhow::Result<()> {
    stages.beside("packages", setup::packages, |stages| {
        stages.run("setup", setup::tools)?;
        stages.beside(
            "libraries",
            || native::libraries(scope),
            |stages| {
                stages.run("wasm", wasm::build)?;
                stages.run("types", types::write)?;
                stages.run("web", web::build)
            },
        )?;
        stages.run("server", || native::build(scope))
    })
}

/// The repository's root.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
