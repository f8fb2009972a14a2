//! Gets what the engine's jobs need: bytes from the server, decoded by the browser or drawn by a worker.

use evolume_model::code::Code;
use evolume_model::navigation::Navigation;
use evolume_model::text::PageText;
use evolume_model::volume::Blob;
use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ImageBitmap};

use super::{Host, Shared, keep, send};
use crate::browser::fetch;
use crate::browser::pixels::Pixels;
use crate::browser::render_job::{FontRequest, RenderRequest};
use crate::engine::{Event, Job, Source};

/// A preview that was asked for before the viewer was there.
pub(super) struct Ahead {
    sha256: String,
    start: u32,
    bitmap: Promise,
}

impl Ahead {
    pub(super) fn read(array: Array) -> Option<Self> {
        let sha256 = array.get(0).as_string()?;
        let start = array.get(1).as_f64()? as u32;
        Some(Self { sha256, start, bitmap: array.get(2).dyn_into().ok()? })
    }

    /// The bitmap, if the job wants this one.
    fn answers(&self, job: &Job) -> bool {
        matches!(&job.source, Source::Preview { blob, range }
            if !job.fresh && blob.sha256 == self.sha256 && range.start == self.start)
    }
}

impl Host {
    /// What a render worker is asked.
    pub(super) fn request(&self, job: Job) -> Option<RenderRequest> {
        let Source::Render { blob, page, page_width, page_height, piece, oversample, fonts } = job.source
        else {
            return None;
        };
        let fonts = fonts.into_iter().map(|font| FontRequest {
            face: font.face,
            url: self.url(&font.blob.sha256),
            sha256: font.blob.sha256,
        });
        Some(RenderRequest {
            job: job.id,
            url: self.url(&blob.sha256),
            sha256: blob.sha256,
            page,
            page_width,
            page_height,
            piece: [piece.x, piece.y, piece.width, piece.height],
            oversample,
            fresh: job.fresh,
            password: self.password.clone(),
            fonts: fonts.collect(),
        })
    }

    fn url(&self, sha256: &str) -> String {
        let elsewhere = self.addresses.get(sha256);
        elsewhere.cloned().unwrap_or_else(|| format!("{}/blobs/{sha256}", self.base))
    }
}

pub(super) fn start(host: &Shared, job: Job) {
    match job.source {
        Source::Render { .. } => {
            let mut host = host.borrow_mut();
            if let Some(request) = host.request(job) {
                host.pool.submit(request);
            }
        }
        Source::Thumbs { .. } | Source::Preview { .. } | Source::Image { .. } => {
            let Ok(controller) = AbortController::new() else { return };
            host.borrow_mut().fetches.insert(job.id, controller.clone());
            let host = host.clone();
            spawn_local(async move {
                let made = load(&host, &job, &controller).await;
                let wanted = host.borrow_mut().fetches.remove(&job.id).is_some();
                let done = match made {
                    Ok(bitmap) if wanted => keep(&host, job.id, Pixels::Bitmap(bitmap)),
                    Ok(bitmap) => return bitmap.close(),
                    Err(_) if !wanted => return,
                    Err(code) => Event::Failed { job: job.id, code },
                };
                send(&host, done);
            });
        }
    }
}

async fn load(host: &Shared, job: &Job, controller: &AbortController) -> Result<ImageBitmap, Code> {
    // Only the job that wants it takes it: the first one may be of a page that was left at once.
    let ahead = {
        let mut host = host.borrow_mut();
        let wanted = host.ahead.as_ref().is_some_and(|ahead| ahead.answers(job));
        if wanted { host.ahead.take() } else { None }
    };
    if let Some(Ahead { bitmap, .. }) = ahead {
        host.borrow_mut().pool.warm_up();
        let bitmap = JsFuture::from(bitmap).await.ok().and_then(|bitmap| bitmap.dyn_into().ok());
        // When it did not come, the ordinary way tells why.
        if let Some(bitmap) = bitmap {
            return Ok(bitmap);
        }
    }
    let signal = controller.signal();
    let (blob, range) = match &job.source {
        Source::Preview { blob, range } => (blob, Some(range.clone())),
        Source::Thumbs { blob } | Source::Image { blob, .. } => (blob, None),
        Source::Render { .. } => return Err(Code::RenderFailed),
    };
    let url = host.borrow().url(&blob.sha256);
    let request = fetch::Request { url: &url, range, fresh: job.fresh, signal: Some(&signal) };
    let bytes = fetch::bytes(request).await?;
    // The workers start when the first page's bytes are there, so that they do not delay them.
    host.borrow_mut().pool.warm_up();
    match &job.source {
        Source::Image { blob, media_type, size } => {
            let decoding = fetch::decode(&bytes, media_type, *size);
            let (bitmap, verified) = futures::join!(decoding, fetch::verify(&bytes, &blob.sha256));
            verified.and(bitmap)
        }
        _ => fetch::decode(&bytes, "image/jpeg", None).await,
    }
}

pub(super) async fn page_text(
    host: &Shared,
    blob: &Blob,
    range: std::ops::Range<u32>,
    fresh: bool,
) -> Result<PageText, Code> {
    let url = host.borrow().url(&blob.sha256);
    let request = fetch::Request { url: &url, range: Some(range), fresh, signal: None };
    let bytes = fetch::bytes(request).await?;
    PageText::decode(&bytes.to_vec()).map_err(|_| Code::BlobCorrupt)
}

pub(super) async fn navigation(host: &Shared, blob: &Blob, fresh: bool) -> Result<Navigation, Code> {
    let url = host.borrow().url(&blob.sha256);
    let bytes = fetch::bytes(fetch::Request { url: &url, fresh, ..Default::default() }).await?;
    serde_json::from_slice(&bytes.to_vec()).map_err(|_| Code::BlobCorrupt)
}
