//! `evolume`: the command line.

mod commands;
mod doctor;
mod report;
mod shell;

use std::process::ExitCode;

use clap::Parser;
use evolume_server::config::{Cli, Command};
use evolume_server::confine::Foreign;
use evolume_server::pdfium::FontLibrary;
use evolume_server::pdfium::child::worker;

/// The command did not do what it was asked for.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("EVOLUME_LOG").unwrap_or_else(|_| {
        let level = if matches!(cli.command, Command::Serve { .. }) { "info" } else { "warn" };
        tracing_subscriber::EnvFilter::new(level)
    });
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match cli.command {
        Command::Serve { .. } => log.json().init(),
        _ => log.init(),
    }
    match cli.command {
        // The children are `evolume`'s own: what they say goes to its log. They need no runtime, and do one thing
        // after the other.
        Command::IngestWorker { pdfium, fonts } => worker::run(&pdfium, FontLibrary::at(fonts))
            .map_or_else(|error| logged(&error), |()| ExitCode::SUCCESS),
        Command::Confine { folder, seconds, read, sockets, nice, tell, program } => {
            let foreign = Foreign { folder: &folder, read: &read, seconds, sockets, nice };
            let done = if tell { foreign.tell() } else { foreign.run(&program).map(|never| match never {}) };
            done.map_or_else(|error| logged(&error), |()| ExitCode::SUCCESS)
        }
        command => tokio::runtime::Runtime::new()
            .map_err(anyhow::Error::from)
            .and_then(|runtime| runtime.block_on(commands::run(command)))
            .unwrap_or_else(|error| {
                report::tell(&error);
                ExitCode::from(FAILED)
            }),
    }
}

fn logged(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!("{error}");
    ExitCode::from(FAILED)
}
