//! Bytes over HTTP and bitmaps out of bytes, on the page and in workers alike.

use std::ops::Range;

use evolume_model::code::Code;
use js_sys::{Array, Promise, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, BlobPropertyBag, Headers, ImageBitmap, ImageBitmapOptions, RequestCache, RequestInit,
    ResizeQuality, Response,
};

use crate::engine::Resize;

#[wasm_bindgen]
extern "C" {
    // Both exist on `Window` and on `WorkerGlobalScope`.
    #[wasm_bindgen(js_name = fetch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Promise;
    #[wasm_bindgen(js_name = createImageBitmap, catch)]
    fn create_image_bitmap(source: &JsValue, options: &ImageBitmapOptions) -> Result<Promise, JsValue>;

    // Only in secure contexts; a court's own network may lack TLS.
    #[wasm_bindgen(thread_local_v2, js_namespace = crypto, js_name = subtle)]
    static SUBTLE: Option<SubtleCrypto>;
    type SubtleCrypto;
    #[wasm_bindgen(method, catch)]
    fn digest(this: &SubtleCrypto, algorithm: &str, data: &Uint8Array) -> Result<Promise, JsValue>;
}

/// What to fetch.
#[derive(Default)]
pub struct Request<'a> {
    /// Absolute or relative to the page.
    pub url: &'a str,
    /// Only these bytes.
    pub range: Option<Range<u32>>,
    /// Past the browser's cache.
    pub fresh: bool,
    /// Stops it.
    pub signal: Option<&'a AbortSignal>,
}

/// Fetches bytes; what goes wrong is a stable code.
pub async fn bytes(request: Request<'_>) -> Result<Uint8Array, Code> {
    let init = RequestInit::new();
    let headers = Headers::new().map_err(|_| Code::BrowserUnsupported)?;
    if let Some(range) = &request.range {
        let value = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        headers.set("Range", &value).map_err(|_| Code::BrowserUnsupported)?;
    }
    init.set_headers(&headers);
    init.set_signal(request.signal);
    if request.fresh {
        init.set_cache(RequestCache::Reload);
    }
    let response = JsFuture::from(global_fetch(request.url, &init)).await.map_err(|_| Code::ServerGone)?;
    let response: Response = response.dyn_into().map_err(|_| Code::BrowserUnsupported)?;
    match response.status() {
        200 | 206 => {}
        401 | 403 | 404 | 410 => return Err(Code::NotFound),
        429 | 500..=599 => return Err(Code::ServerBusy),
        _ => return Err(Code::RequestMalformed),
    }
    let buffer = response.array_buffer().map_err(|_| Code::ServerGone)?;
    let all = Uint8Array::new(&JsFuture::from(buffer).await.map_err(|_| Code::ServerGone)?);
    match request.range {
        Some(range) if response.status() == 200 => Ok(all.subarray(range.start, range.end)),
        Some(range) if all.length() != range.end - range.start => Err(Code::BlobCorrupt),
        _ => Ok(all),
    }
}

/// Refuses bytes whose SHA-256 is not the expected one.
pub async fn verify(bytes: &Uint8Array, sha256: &str) -> Result<(), Code> {
    let native = SUBTLE.with(|subtle| subtle.as_ref()?.digest("SHA-256", bytes).ok());
    let digest = match native {
        Some(promise) => {
            let buffer = JsFuture::from(promise).await.map_err(|_| Code::BrowserUnsupported)?;
            hex::encode(Uint8Array::new(&buffer).to_vec())
        }
        None => hex::encode(Sha256::digest(bytes.to_vec())),
    };
    if digest == sha256 { Ok(()) } else { Err(Code::BlobCorrupt) }
}

/// Decodes an encoded image off the main thread, scaled to a size if one is given.
pub async fn decode(bytes: &Uint8Array, media_type: &str, size: Option<Resize>) -> Result<ImageBitmap, Code> {
    let bag = BlobPropertyBag::new();
    bag.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &bag);
    let blob = blob.map_err(|_| Code::BrowserUnsupported)?;
    bitmap(&blob, size).await
}

/// A bitmap of an encoded image.
async fn bitmap(blob: &Blob, size: Option<Resize>) -> Result<ImageBitmap, Code> {
    let options = ImageBitmapOptions::new();
    // The manifest's geometry already counts an image's orientation in. The bindings lack this value.
    let _ = Reflect::set(&options, &"imageOrientation".into(), &"none".into());
    if let Some(Resize { width, height, fine }) = size {
        options.set_resize_width(width);
        options.set_resize_height(height);
        options.set_resize_quality(if fine { ResizeQuality::Medium } else { ResizeQuality::Low });
    }
    let promise = create_image_bitmap(blob, &options).map_err(|_| Code::BrowserUnsupported)?;
    let bitmap = JsFuture::from(promise).await.map_err(|_| Code::BlobCorrupt)?;
    bitmap.dyn_into().map_err(|_| Code::BrowserUnsupported)
}
