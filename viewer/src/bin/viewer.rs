//! The main thread's wasm file: a handle with few methods.

fn main() {}

#[cfg(target_arch = "wasm32")]
pub use face::{Reading, Viewer, Volume};

#[cfg(target_arch = "wasm32")]
mod face {
    use evolume_model::code::Code;
    use evolume_model::excerpt::{Excerpt, Known};
    use evolume_model::page::PageRef;
    use evolume_model::volume::{MANIFEST_FORMAT, Manifest, Material};
    use evolume_viewer::browser::host::{self, Shared};
    use evolume_viewer::browser::input::Input;
    use evolume_viewer::engine::{Engine, Event, find};
    use serde::de::DeserializeOwned;
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlCanvasElement;

    /// What is known of a volume at first, read once.
    #[wasm_bindgen]
    pub struct Volume(Known);

    fn thrown(code: Code) -> JsValue {
        JsValue::from_str(code.as_str())
    }

    /// JSON that is of this program's format.
    fn read<T: DeserializeOwned>(json: &[u8], manifest: impl Fn(&T) -> &Manifest) -> Result<T, JsValue> {
        let known =
            serde_json::from_slice(json).ok().filter(|known| manifest(known).format == MANIFEST_FORMAT);
        known.ok_or_else(|| thrown(Code::ManifestFormat))
    }

    /// What the shell asks for, as JSON.
    fn parse<T: DeserializeOwned>(json: &str) -> Result<T, JsValue> {
        serde_json::from_str(json).map_err(|_| thrown(Code::RequestMalformed))
    }

    #[wasm_bindgen]
    impl Volume {
        /// From an excerpt as JSON; throws a stable code when it is none.
        #[wasm_bindgen(constructor)]
        pub fn new(excerpt: &[u8]) -> Result<Volume, JsValue> {
            let known = read(excerpt, |excerpt: &Excerpt| &excerpt.manifest)?.read();
            known.map(Self).ok_or_else(|| thrown(Code::ManifestFormat))
        }

        /// Where the preview of a page, from 1, lies: `[sha256, start, end]`; undefined when it has none.
        pub fn preview(&self, page: u32) -> Option<js_sys::Array> {
            let (blob, range) = self.0.preview_of(page as usize)?;
            Some(js_sys::Array::of3(&blob.sha256.as_str().into(), &range.start.into(), &range.end.into()))
        }
    }

    /// A manifest that is read material by material, because all at once a large one takes longer than a frame.
    #[wasm_bindgen]
    #[derive(Default)]
    pub struct Reading {
        materials: Vec<Material>,
        manifest: Option<Manifest>,
    }

    #[wasm_bindgen]
    impl Reading {
        /// Of nothing yet.
        #[wasm_bindgen(constructor)]
        pub fn new() -> Reading {
            Self::default()
        }

        /// The next material.
        pub fn material(&mut self, json: &[u8]) -> Result<(), JsValue> {
            let material = serde_json::from_slice(json).map_err(|_| thrown(Code::ManifestFormat))?;
            self.materials.push(material);
            Ok(())
        }

        /// And at last everything else.
        pub fn head(&mut self, json: &[u8]) -> Result<(), JsValue> {
            let mut manifest = read(json, |manifest: &Manifest| manifest)?;
            manifest.materials.append(&mut self.materials);
            self.manifest = Some(manifest);
            Ok(())
        }
    }

    /// A viewer on a canvas. What goes wrong is thrown as a stable code.
    #[wasm_bindgen]
    pub struct Viewer {
        host: Shared,
        input: Option<Input>,
    }

    #[wasm_bindgen]
    impl Viewer {
        /// `base`: the volume's absolute URL. `config`: JSON, optionally with `workers`, `budgetMb`, `renderLimit`,
        /// `dark`, `addresses` (of blobs by SHA-256), `password`. `start_worker` gives a render worker that has
        /// just been started. `listener` gets every notice as JSON. `ahead`: `[sha256, start, promise of an
        /// ImageBitmap]`, a preview that is already on its way. Nothing is fetched before the first `resize`, so
        /// that only the place that was chosen by then is.
        #[wasm_bindgen(constructor)]
        pub fn new(
            canvas: HtmlCanvasElement,
            volume: Volume,
            base: String,
            config: &str,
            start_worker: js_sys::Function,
            listener: js_sys::Function,
            ahead: Option<js_sys::Array>,
        ) -> Result<Viewer, JsValue> {
            let host = host::create(canvas.clone(), volume.0, base, config, start_worker, listener, ahead)?;
            let input = Some(Input::new(&canvas, &host)?);
            Ok(Self { host, input })
        }

        /// `command`: a `ViewerCommand` as JSON.
        pub fn dispatch(&self, command: &str) -> Result<(), JsValue> {
            host::send(&self.host, Event::Command(parse(command)?));
            Ok(())
        }

        /// Paints more hits: for each page its number from 1, how many hits it has, how many of them are exact, and
        /// the start and end of each in characters of its text. Packed, as there may be a hundred thousand.
        #[wasm_bindgen(js_name = addHits)]
        pub fn add_hits(&self, flat: &[u32]) {
            host::send(&self.host, Event::AddHits(find::unpack(flat)));
        }

        /// The selected text as it is copied, or as a quotation with where it stands; undefined while some of it
        /// is on its way, and when there is none.
        #[wasm_bindgen(js_name = selectedText)]
        pub fn selected_text(&self, cited: bool) -> Option<String> {
            host::ask(&self.host, |engine| if cited { engine.quotation() } else { engine.selected_text() })
        }

        /// What is selected on each page: `Passage[]` as JSON.
        pub fn passages(&self) -> Result<String, JsValue> {
            let passages = host::ask(&self.host, Engine::passages);
            serde_json::to_string(&passages).map_err(|_| thrown(Code::ViewerPanic))
        }

        /// The canvas has a new size.
        pub fn resize(&self) {
            host::resize(&self.host);
        }

        /// Another manifest of the volume, and where blobs lie by SHA-256, as JSON. What is open stays on its
        /// pages.
        pub fn revise(&self, manifest: Reading, addresses: &str) -> Result<(), JsValue> {
            let manifest = manifest.manifest.ok_or_else(|| thrown(Code::ManifestFormat))?;
            host::revise(&self.host, manifest, parse(addresses)?);
            Ok(())
        }

        /// Draws a whole page, a `PageRef` as JSON: a promise of an `OffscreenCanvas`, which fails with a code.
        pub fn paper(&self, page: &str, dpi: f64, marks: bool) -> Result<js_sys::Promise, JsValue> {
            let page: PageRef = parse(page)?;
            Ok(host::paper(&self.host, &page, dpi, marks))
        }

        /// Dark surroundings.
        #[wasm_bindgen(js_name = setDark)]
        pub fn set_dark(&self, dark: bool) {
            host::set_dark(&self.host, dark);
        }

        /// Lets everything go.
        pub fn destroy(&mut self) {
            self.input = None;
            host::destroy(&self.host);
        }
    }
}
