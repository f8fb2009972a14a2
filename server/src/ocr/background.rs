//! Reading scans while the server serves: looks from time to time for volumes with unread pages.

use std::time::Duration;

use evolume_model::code::Code;

use super::engine::tesseract::{self, Tesseract};
use super::work::{self, Reader, WorkError};
use crate::pdfium::Limits;
use crate::store::{Store, Turn};
use crate::views::Views;

/// How soon what was taken in is noticed.
const INTERVAL: Duration = Duration::from_secs(5);

/// Reads for ever, as many pages at once as there are children; first what somebody looks at.
pub async fn run(store: &Store, options: &tesseract::Options, limits: &Limits, views: &Views) {
    // The same trouble is told once; what is set up meanwhile is found all the same.
    let mut told: Option<Code> = None;
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match once(store, options, limits, views).await {
            Ok(()) => told = None,
            Err(WorkError::Engine(error)) => {
                if told.replace(error.code()) != Some(error.code()) {
                    tracing::warn!(code = %error.code(), "scans are not read: {error}");
                }
            }
            Err(error) => tracing::error!(%error, "reading scans broke off; once more soon"),
        }
    }
}

async fn once(
    store: &Store,
    options: &tesseract::Options,
    limits: &Limits,
    views: &Views,
) -> Result<(), WorkError> {
    let volumes = store.pending_volumes().await?;
    if volumes.is_empty() {
        return Ok(());
    }
    // Another process of this store may be at it.
    let Some(_turn) = Turn::try_take(store).await? else { return Ok(()) };
    let result = async {
        let engine = Tesseract::find(options.clone()).await?;
        let reader = Reader::new(store, &engine, limits.clone()).watching(views.clone());
        let read = reader.everything(&|_| {}).await?;
        tracing::info!(pages = read.done, failed = read.failed, "scans are read");
        Ok(())
    }
    .await;
    if let Err(WorkError::Engine(error)) = &result {
        work::tell_unread(store, &volumes, error.code()).await?;
    }
    result
}
