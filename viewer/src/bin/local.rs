//! The wasm file that takes a reader's own PDF in, as ingest does on the server: its pages, texts, links,
//! thumbnails and index, all in the browser.

fn main() {}

#[cfg(target_arch = "wasm32")]
pub use face::{LocalFile, digest};

#[cfg(target_arch = "wasm32")]
mod face {
    use evolume_model::code::Code;
    use evolume_viewer::browser::local::{File, Thumb};
    use js_sys::{Array, Uint8Array, Uint8ClampedArray};
    use sha2::{Digest, Sha256};
    use wasm_bindgen::prelude::*;

    fn throw(code: Code) -> JsValue {
        JsValue::from_str(code.as_str())
    }

    /// SHA-256 in hex digits, for pages that may not use the browser's own.
    #[wasm_bindgen]
    pub fn digest(bytes: &[u8]) -> String {
        hex::encode(Sha256::digest(bytes))
    }

    /// An open PDF. PDFium must have been initialised before.
    #[wasm_bindgen]
    pub struct LocalFile(File);

    #[wasm_bindgen]
    impl LocalFile {
        /// Opens a file whose SHA-256 is `sha256`; throws a stable code.
        #[wasm_bindgen(constructor)]
        pub fn new(
            bytes: Vec<u8>,
            sha256: String,
            name: String,
            password: Option<String>,
        ) -> Result<LocalFile, JsValue> {
            console_error_panic_hook::set_once();
            File::open(bytes, sha256, name, password.as_deref()).map(Self).map_err(throw)
        }

        /// Number of pages.
        #[wasm_bindgen(getter)]
        pub fn pages(&self) -> u32 {
            self.0.pages()
        }

        /// The manifest as JSON, with what has been read so far.
        pub fn manifest(&self) -> Result<String, JsValue> {
            serde_json::to_string(self.0.manifest()).map_err(|_| throw(Code::ManifestFormat))
        }

        /// Reads a page's text and links. Pages are read once, in order.
        pub fn read(&mut self, index: u32) -> Result<(), JsValue> {
            self.0.read(index).map_err(throw)
        }

        /// All pages are read: the blobs that the manifest then names, as `[sha256, bytes]` each.
        pub fn finish(&mut self) -> Result<Array, JsValue> {
            let blobs = self.0.finish().map_err(throw)?;
            let pair = |(sha256, bytes): (String, Vec<u8>)| {
                Array::of2(&sha256.into(), &Uint8Array::from(bytes.as_slice()))
            };
            Ok(blobs.into_iter().map(pair).collect())
        }

        /// A page's thumbnail: `[width, height, RGBA]`; undefined when it cannot be drawn.
        pub fn thumb(&self, index: u32) -> Option<Array> {
            let Thumb { width, height, rgba } = self.0.thumb(index)?;
            let pixels = Uint8ClampedArray::from(rgba.as_slice());
            Some(Array::of3(&width.into(), &height.into(), &pixels))
        }

        /// Names a sheet's sprite of thumbnails.
        #[wasm_bindgen(js_name = setThumbs)]
        pub fn set_thumbs(&mut self, sheet: u32, sha256: String, bytes: u32) {
            self.0.set_thumbs(sheet, sha256, bytes);
        }
    }
}
