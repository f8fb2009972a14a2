//! `evolume`: the command line.

mod commands;
mod shell;

use std::process::ExitCode;

use clap::Parser;
use evolume_server::config::{Cli, Command};
use evolume_server::confine;
use evolume_server::pdfium::FontLibrary;
use evolume_server::pdfium::child::worker;

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
    let result = match cli.command {
        // The child needs no runtime: it does one thing after the other.
        Command::IngestWorker { pdfium, fonts } => worker::run(&pdfium, FontLibrary::at(fonts))
            .map(|()| ExitCode::SUCCESS)
            .map_err(anyhow::Error::from),
        Command::Confine { folder, seconds, program } => {
            confine::run(&folder, seconds, &program).map(|never| match never {}).map_err(anyhow::Error::from)
        }
        command => tokio::runtime::Runtime::new()
            .map_err(anyhow::Error::from)
            .and_then(|runtime| runtime.block_on(commands::run(command))),
    };
    result.unwrap_or_else(|error| {
        tracing::error!("{error:#}");
        ExitCode::from(2)
    })
}
