//! Gives PDFium the fonts that a PDF names but does not embed, and notes which it asked for. Runs in the child.
//!
//! All other fonts that are not embedded it takes from its own, in the browser and here alike: what is installed
//! on the server makes no difference.
// PDFium asks by C callbacks, and names fonts in encodings that pdfium-render's provider refuses.
#![allow(unsafe_code)]

use std::collections::BTreeSet;
use std::ffi::{CStr, c_char, c_int, c_uint, c_ulong, c_void};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use evolume_model::fonts::{Face, Region, substitute};
use pdfium_render::prelude::*;

use crate::pdfium::font_library::{FontLibrary, member};

/// Asks for the whole collection instead of the one font.
const COLLECTION: c_uint = 0x7474_6366;

/// `FPDF_SYSFONTINFO`.
#[repr(C)]
struct FontInfo {
    version: c_int,
    release: Option<unsafe extern "C" fn(*mut FontInfo)>,
    enum_fonts: Option<unsafe extern "C" fn(*mut FontInfo, *mut c_void)>,
    map_font: unsafe extern "C" fn(
        *mut FontInfo,
        c_int,
        c_int,
        c_int,
        c_int,
        *const c_char,
        *mut c_int,
    ) -> *mut c_void,
    get_font: Option<unsafe extern "C" fn(*mut FontInfo, *const c_char) -> *mut c_void>,
    get_font_data: unsafe extern "C" fn(*mut FontInfo, *mut c_void, c_uint, *mut u8, c_ulong) -> c_ulong,
    get_face_name: unsafe extern "C" fn(*mut FontInfo, *mut c_void, *mut c_char, c_ulong) -> c_ulong,
    get_font_charset: unsafe extern "C" fn(*mut FontInfo, *mut c_void) -> c_int,
    delete_font: unsafe extern "C" fn(*mut FontInfo, *mut c_void),
}

struct Loaded {
    face: Face,
    path: PathBuf,
    /// Read once, kept for the child's life.
    file: &'static [u8],
    /// Where in a collection the font begins.
    start: usize,
}

#[derive(Default)]
struct State {
    library: FontLibrary,
    /// A handle is a position here, from 1.
    loaded: Vec<Loaded>,
    wanted: BTreeSet<Face>,
    /// Whether the standard fonts are to have Greek and Cyrillic letters.
    european: bool,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);

/// PDFium, which asks here for fonts.
pub fn pdfium(path: &Path, library: FontLibrary) -> Result<Pdfium, PdfiumError> {
    let bindings = Pdfium::bind_to_library(path)?;
    with(|state| state.library = library);
    let info = Box::leak(Box::new(FontInfo {
        version: 2,
        release: None,
        enum_fonts: None,
        map_font,
        get_font: None,
        get_font_data,
        get_face_name,
        get_font_charset,
        delete_font,
    }));
    // SAFETY: the table lives for ever and has the layout of PDFium's own; PDFium is initialised once, a
    // second time does nothing.
    unsafe {
        bindings.FPDF_InitLibrary();
        bindings.FPDF_SetSystemFontInfo(std::ptr::from_mut(info).cast());
    }
    Ok(Pdfium::new(bindings))
}

/// The faces that were asked for since the last time.
pub fn take_wanted() -> Vec<Face> {
    with(|state| std::mem::take(&mut state.wanted)).into_iter().collect()
}

/// Does something for which the standard fonts have Greek and Cyrillic letters, in documents opened meanwhile.
pub fn european<T>(act: impl FnOnce() -> T) -> T {
    with(|state| state.european = true);
    let result = act();
    with(|state| state.european = false);
    result
}

/// Whether that is being done.
pub fn is_european() -> bool {
    with(|state| state.european)
}

fn with<T>(act: impl FnOnce(&mut State) -> T) -> T {
    let mut state = STATE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    act(state.get_or_insert_default())
}

impl State {
    fn handle(&mut self, face: Face) -> Option<usize> {
        if let Some(at) = self.loaded.iter().position(|loaded| loaded.face == face) {
            return Some(at + 1);
        }
        let path = self.library.file(face)?;
        let file = match self.loaded.iter().find(|loaded| loaded.path == path) {
            Some(loaded) => loaded.file,
            None => Box::leak(std::fs::read(&path).ok()?.into_boxed_slice()),
        };
        let start = member(file, face.region)?.1 as usize;
        self.loaded.push(Loaded { face, path, file, start });
        Some(self.loaded.len())
    }
}

unsafe extern "C" fn map_font(
    _: *mut FontInfo,
    weight: c_int,
    _italic: c_int,
    charset: c_int,
    pitch: c_int,
    name: *const c_char,
    _exact: *mut c_int,
) -> *mut c_void {
    // SAFETY: PDFium gives a string that ends with 0, or nothing.
    let name = if name.is_null() { &[][..] } else { unsafe { CStr::from_ptr(name) }.to_bytes() };
    let handle = substitute(name, charset, pitch, weight).and_then(|face| {
        with(|state| {
            if face.region == Region::Europe && !state.european {
                return None;
            }
            state.wanted.insert(face);
            state.handle(face)
        })
    });
    std::ptr::without_provenance_mut(handle.unwrap_or(0))
}

unsafe extern "C" fn get_font_data(
    _: *mut FontInfo,
    handle: *mut c_void,
    table: c_uint,
    buffer: *mut u8,
    room: c_ulong,
) -> c_ulong {
    let data: &[u8] = with(|state| {
        let Some(loaded) = handle.addr().checked_sub(1).and_then(|at| state.loaded.get(at)) else {
            return &[][..];
        };
        match table {
            COLLECTION if loaded.file.starts_with(b"ttcf") => loaded.file,
            // Of a collection PDFium takes the length for where the font begins.
            0 => loaded.file.get(loaded.start..).unwrap_or_default(),
            _ => &[],
        }
    });
    // SAFETY: PDFium says how much room there is.
    unsafe { put(data, buffer, room) }
}

unsafe extern "C" fn get_face_name(
    _: *mut FontInfo,
    handle: *mut c_void,
    buffer: *mut c_char,
    room: c_ulong,
) -> c_ulong {
    let name = format!("Evolume{}\0", handle.addr());
    // SAFETY: PDFium says how much room there is.
    unsafe { put(name.as_bytes(), buffer.cast(), room) }
}

/// Copies as much as there is room for; answers how much there would be.
unsafe fn put(data: &[u8], buffer: *mut u8, room: c_ulong) -> c_ulong {
    if !buffer.is_null() {
        let length = data.len().min(room as usize);
        // SAFETY: the caller has at least `room` bytes there.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), buffer, length) };
    }
    data.len() as c_ulong
}

unsafe extern "C" fn get_font_charset(_: *mut FontInfo, _: *mut c_void) -> c_int {
    // The default one: PDFium keeps the one it asked for.
    1
}

unsafe extern "C" fn delete_font(_: *mut FontInfo, _: *mut c_void) {}
