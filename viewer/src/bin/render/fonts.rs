//! The render worker's fonts: fetched when a part wants them, handed to PDFium when it asks.
//!
//! PDFium asks in the middle of drawing and cannot wait, so a part's fonts are there before it is opened.

use std::cell::RefCell;

use evolume_model::code::Code;
use evolume_model::fonts::{Face, substitute};
use evolume_viewer::browser::fetch;
use evolume_viewer::browser::render_job::FontRequest;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Fonts kept; PDFium has its own copy of those in use.
const KEPT: usize = 8;

struct Font {
    handle: u32,
    sha256: String,
    bytes: Uint8Array,
}

#[derive(Default)]
struct Fonts {
    handles: u32,
    /// The most recently used comes last.
    kept: Vec<Font>,
    /// Of the part that is being drawn.
    current: Vec<(Face, u32)>,
}

thread_local! {
    static FONTS: RefCell<Fonts> = RefCell::default();
}

/// Fetches what is not there yet.
pub async fn load(wanted: &[FontRequest], fresh: bool) -> Result<(), Code> {
    for font in wanted {
        if FONTS.with_borrow(|fonts| fonts.kept.iter().any(|kept| kept.sha256 == font.sha256)) {
            continue;
        }
        let bytes = fetch::bytes(fetch::Request { url: &font.url, fresh, ..Default::default() }).await?;
        fetch::verify(&bytes, &font.sha256).await?;
        FONTS.with_borrow_mut(|fonts| {
            fonts.handles += 1;
            let (handle, sha256) = (fonts.handles, font.sha256.clone());
            fonts.kept.push(Font { handle, sha256, bytes });
        });
    }
    Ok(())
}

/// From here on PDFium gets these, which have been loaded, and no others.
pub fn choose(wanted: &[FontRequest]) {
    FONTS.with_borrow_mut(|fonts| {
        fonts.current.clear();
        for font in wanted {
            if let Some(at) = fonts.kept.iter().position(|kept| kept.sha256 == font.sha256) {
                let kept = fonts.kept.remove(at);
                fonts.current.push((font.face, kept.handle));
                fonts.kept.push(kept);
            }
        }
        let most = KEPT.max(fonts.current.len());
        let surplus = fonts.kept.len().saturating_sub(most);
        fonts.kept.drain(..surplus);
    });
}

/// PDFium's question for a font: a handle, or 0 for none. `name` is in any encoding.
#[wasm_bindgen(js_name = mapFont)]
pub fn map_font(name: &[u8], charset: i32, pitch: i32, weight: i32) -> u32 {
    let Some(face) = substitute(name, charset, pitch, weight) else { return 0 };
    FONTS.with_borrow(|fonts| {
        fonts.current.iter().find(|(there, _)| *there == face).map_or(0, |(_, handle)| *handle)
    })
}

/// A font's bytes; `undefined` for a handle that is none.
#[wasm_bindgen(js_name = fontData)]
pub fn font_data(handle: u32) -> Option<Uint8Array> {
    FONTS.with_borrow(|fonts| {
        fonts.kept.iter().find(|font| font.handle == handle).map(|font| font.bytes.clone())
    })
}

/// A name that no other font has: PDFium keeps what it has loaded by name.
#[wasm_bindgen(js_name = fontName)]
pub fn font_name(handle: u32) -> String {
    FONTS.with_borrow(|fonts| {
        fonts
            .kept
            .iter()
            .find(|font| font.handle == handle)
            .map(|font| font.sha256.clone())
            .unwrap_or_default()
    })
}
