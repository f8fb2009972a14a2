//! The render worker's wasm file: PDFium draws pieces of pages.

fn main() {}

#[cfg(target_arch = "wasm32")]
pub use worker::start;

#[cfg(target_arch = "wasm32")]
#[path = "render/fonts.rs"]
mod fonts;

#[cfg(target_arch = "wasm32")]
mod worker {
    use std::cell::RefCell;

    use evolume_model::code::Code;
    use evolume_viewer::browser::fetch;
    use evolume_viewer::browser::render_job::{RenderReply, RenderRequest};
    use js_sys::{Array, Uint8Array, Uint8ClampedArray};
    use pdfium_render::prelude::*;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::spawn_local;
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    use crate::fonts;

    /// Arrays kept for the next pixels.
    const SPARES: usize = 1;
    /// Bytes of parts kept open.
    const OPEN_BYTES: usize = 4 << 20;

    struct Part {
        sha256: String,
        bytes: usize,
        // The page goes before its document.
        page: Option<(u32, PdfPage<'static>)>,
        document: PdfDocument<'static>,
    }

    thread_local! {
        /// The most recently used part comes last.
        static PARTS: RefCell<Vec<Part>> = const { RefCell::new(Vec::new()) };
        /// Memory that the page has given back.
        static SPARE: RefCell<Vec<Uint8ClampedArray>> = const { RefCell::new(Vec::new()) };
        static PDFIUM: &'static Pdfium = Box::leak(Box::default());
        /// Makes PDFium ask for fonts; called once, before it opens anything.
        static ASK_FOR_FONTS: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
    }

    /// Listens for requests and says that it is ready. PDFium must have been initialised before;
    /// `ask_for_fonts` makes it ask for fonts that a PDF does not embed.
    #[wasm_bindgen]
    pub fn start(ask_for_fonts: js_sys::Function) -> Result<(), JsValue> {
        console_error_panic_hook::set_once();
        ASK_FOR_FONTS.set(Some(ask_for_fonts));
        let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
        let on_message: Closure<dyn FnMut(MessageEvent)> = Closure::new(move |event: MessageEvent| {
            if let Some(memory) = event.data().dyn_ref::<Uint8ClampedArray>() {
                return spare(memory.clone());
            }
            let request = event.data().dyn_into::<Uint8Array>().ok();
            let request =
                request.and_then(|bytes| postcard::from_bytes::<RenderRequest>(&bytes.to_vec()).ok());
            if let Some(request) = request {
                spawn_local(answer(request));
            }
        });
        scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // Lives as long as the worker.
        on_message.forget();
        post(RenderReply::Ready, None)
    }

    fn spare(memory: Uint8ClampedArray) {
        SPARE.with_borrow_mut(|spares| {
            spares.insert(0, memory);
            spares.truncate(SPARES);
        });
    }

    /// An array of this length, in memory that was used before if there is any of about this size.
    fn memory(length: u32) -> Uint8ClampedArray {
        let fits = |array: &Uint8ClampedArray| {
            (length..=length.saturating_add(length / 2)).contains(&array.buffer().byte_length())
        };
        SPARE.with_borrow_mut(|spares| match spares.iter().position(fits) {
            Some(at) => {
                Uint8ClampedArray::new_with_byte_offset_and_length(&spares.remove(at).buffer(), 0, length)
            }
            None => Uint8ClampedArray::new_with_length(length),
        })
    }

    async fn answer(request: RenderRequest) {
        let (job, [.., width, height]) = (request.job, request.piece);
        let sent = match render(&request).await {
            Ok(pixels) => post(RenderReply::Done { job, width, height }, Some(pixels)),
            Err(code) => post(RenderReply::Failed { job, code }, None),
        };
        if let Err(error) = sent {
            wasm_bindgen::throw_val(error);
        }
    }

    fn post(reply: RenderReply, pixels: Option<Uint8ClampedArray>) -> Result<(), JsValue> {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
        let header = postcard::to_stdvec(&reply).map_err(|e| JsValue::from_str(&e.to_string()))?;
        let message = Array::of1(&Uint8Array::from(header.as_slice()));
        let transfer = Array::new();
        if let Some(pixels) = pixels {
            message.push(&pixels);
            transfer.push(&pixels.buffer());
        }
        scope.post_message_with_transfer(&message, &transfer)
    }

    /// Has the fonts of the part ready.
    async fn load_fonts(request: &RenderRequest) -> Result<(), Code> {
        fonts::load(&request.fonts, request.fresh).await?;
        // Even where there is nothing to give: only a PDFium that asks heeds the weight of a font that it has to
        // replace by one of its own, as it does on the server.
        if let Some(ask) = ASK_FOR_FONTS.take() {
            // It has to be up before it can be told.
            PDFIUM.with(|_| ());
            ask.call0(&JsValue::NULL).map_err(|_| Code::RenderFailed)?;
        }
        Ok(())
    }

    async fn render(request: &RenderRequest) -> Result<Uint8ClampedArray, Code> {
        if !PARTS.with_borrow(|parts| parts.iter().any(|part| part.sha256 == request.sha256)) {
            let ask = fetch::Request { url: &request.url, fresh: request.fresh, ..Default::default() };
            let (bytes, fonts) = futures::join!(fetch::bytes(ask), load_fonts(request));
            let bytes = fonts.and(bytes)?;
            // The browser hashes on another thread while PDFium draws; nothing is shown before both are done.
            let verified = fetch::verify(&bytes, &request.sha256);
            let drawn = async {
                drawing(request)?;
                open(request, bytes.to_vec())?;
                PARTS.with_borrow_mut(|parts| draw(parts, request))
            };
            let (verified, drawn) = futures::join!(verified, drawn);
            if verified.is_err() {
                PARTS.with_borrow_mut(|parts| parts.retain(|part| part.sha256 != request.sha256));
            }
            return verified.and(drawn);
        }
        load_fonts(request).await?;
        drawing(request)?;
        PARTS.with_borrow_mut(|parts| draw(parts, request))
    }

    /// Says that PDFium begins: it answers nothing until it is done, and some pages are never done.
    fn drawing(request: &RenderRequest) -> Result<(), Code> {
        post(RenderReply::Drawing { job: request.job }, None).map_err(|_| Code::RenderFailed)
    }

    fn open(request: &RenderRequest, bytes: Vec<u8>) -> Result<(), Code> {
        let size = bytes.len();
        let document =
            PDFIUM.with(|pdfium| pdfium.load_pdf_from_byte_vec(bytes, request.password.as_deref()));
        let document = document.map_err(|_| Code::RenderFailed)?;
        PARTS.with_borrow_mut(|parts| {
            while !parts.is_empty() && parts.iter().map(|p| p.bytes).sum::<usize>() + size > OPEN_BYTES {
                parts.remove(0);
            }
            parts.push(Part { sha256: request.sha256.clone(), bytes: size, page: None, document });
        });
        Ok(())
    }

    /// The asked piece.
    fn draw(parts: &mut Vec<Part>, request: &RenderRequest) -> Result<Uint8ClampedArray, Code> {
        let at = parts.iter().position(|part| part.sha256 == request.sha256).ok_or(Code::RenderFailed)?;
        let part = parts.remove(at);
        parts.push(part);
        fonts::choose(&request.fonts);
        let part = parts.last_mut().ok_or(Code::RenderFailed)?;
        if part.page.as_ref().is_none_or(|(index, _)| *index != request.page) {
            part.page = None;
            let page = evolume_pdf::page(&part.document, request.page as PdfPageIndex)
                .map_err(|_| Code::PageBroken)?;
            part.page = Some((request.page, page));
        }
        let (_, page) = part.page.as_ref().ok_or(Code::RenderFailed)?;
        pixels(page, request).map_err(|_| Code::RenderFailed)
    }

    /// RGBA, in memory of its own that can be handed over.
    fn pixels(page: &PdfPage<'_>, request: &RenderRequest) -> Result<Uint8ClampedArray, JsValue> {
        let error = |e: PdfiumError| JsValue::from_str(&e.to_string());
        let times = request.oversample.clamp(1, 4);
        let [x, y, width, height] = request.piece;
        let length =
            |n: u32| n.checked_mul(times).and_then(|n| Pixels::try_from(n).ok()).ok_or("piece too large");
        let (wide, high) = (length(width)?, length(height)?);
        let config = PdfRenderConfig::new()
            .set_fixed_size(length(request.page_width)?, length(request.page_height)?)
            .set_origin(-length(x)?, -length(y)?)
            .set_format(PdfBitmapFormat::BGRA)
            .set_reverse_byte_order(true)
            .set_clear_color(PdfColor::WHITE)
            // Decoded images of a large page are let go of as it is drawn.
            .limit_render_image_cache_size(true)
            .render_form_data(true)
            .render_annotations(true);
        let mut bitmap = PdfBitmap::empty(wide, high, PdfBitmapFormat::BGRA).map_err(error)?;
        page.render_into_bitmap_with_config(&mut bitmap, &config).map_err(error)?;
        // A view of PDFium's memory, copied while the bitmap is still alive.
        let array = bitmap.as_array();
        if times > 1 {
            let pixels = evolume_viewer::engine::shrink::shrink(&array.to_vec(), width, height, times);
            let memory = memory(pixels.len() as u32);
            memory.copy_from(&pixels);
            return Ok(memory);
        }
        let memory = memory(array.length());
        memory.set(&array, 0);
        Ok(memory)
    }
}
