//! The main thread's wasm file: a handle with few methods.

fn main() {}

#[cfg(target_arch = "wasm32")]
pub use face::{Viewer, Volume};

#[cfg(target_arch = "wasm32")]
mod face {
    use evolume_model::code::Code;
    use evolume_model::excerpt::{Excerpt, Known};
    use evolume_model::geometry::ViewPoint;
    use evolume_model::viewing::{Fit, Tool};
    use evolume_model::volume::{MANIFEST_FORMAT, Manifest};
    use evolume_viewer::browser::host::{self, Shared};
    use evolume_viewer::browser::input::Input;
    use evolume_viewer::engine::{Event, Selecting, Step, find};
    use serde::de::DeserializeOwned;
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlCanvasElement;

    /// What is known of a volume at first, read once.
    #[wasm_bindgen]
    pub struct Volume(Known);

    /// JSON that is of this program's format.
    fn read<T: DeserializeOwned>(json: &[u8], manifest: impl Fn(&T) -> &Manifest) -> Result<T, JsValue> {
        let known =
            serde_json::from_slice(json).ok().filter(|known| manifest(known).format == MANIFEST_FORMAT);
        known.ok_or_else(|| JsValue::from_str(Code::ManifestFormat.as_str()))
    }

    #[wasm_bindgen]
    impl Volume {
        /// From an excerpt as JSON; throws a stable code when it is none.
        #[wasm_bindgen(constructor)]
        pub fn new(excerpt: &[u8]) -> Result<Volume, JsValue> {
            let known = read(excerpt, |excerpt: &Excerpt| &excerpt.manifest)?.read();
            known.map(Self).ok_or_else(|| JsValue::from_str(Code::ManifestFormat.as_str()))
        }

        /// Where the preview of a page, from 1, lies: `[sha256, start, end]`; undefined when it has none.
        pub fn preview(&self, page: u32) -> Option<js_sys::Array> {
            let (blob, range) = self.0.preview_of(page as usize)?;
            Some(js_sys::Array::of3(&blob.sha256.as_str().into(), &range.start.into(), &range.end.into()))
        }
    }

    /// A viewer on a canvas.
    #[wasm_bindgen]
    pub struct Viewer {
        host: Shared,
        input: Option<Input>,
    }

    #[wasm_bindgen]
    impl Viewer {
        /// `base`: the volume's absolute URL. `config`: JSON, optionally with `workers`, `budgetMb`,
        /// `renderLimit`, `dark`, `addresses` (of blobs by SHA-256), `password`. `start_worker` gives a render worker that has just been started. `listener`
        /// gets every notice as JSON. `ahead`: `[sha256, start, promise of an ImageBitmap]`, a preview that is
        /// already on its way. Nothing is fetched before the first `resize`, so that only the place that was
        /// chosen by then is.
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

        /// Shows a page from its upper edge; counts from 1.
        #[wasm_bindgen(js_name = goTo)]
        pub fn go_to(&self, page: u32) {
            host::send(&self.host, Event::GoTo { page, offset: 0. });
        }

        /// Shows a page from `offset` page heights below its upper edge.
        pub fn restore(&self, page: u32, offset: f64) {
            host::send(&self.host, Event::GoTo { page, offset });
        }

        /// Percent.
        #[wasm_bindgen(js_name = zoomTo)]
        pub fn zoom_to(&self, percent: f64) {
            host::send(&self.host, Event::ZoomTo { percent });
        }

        /// Around the middle of the viewport.
        #[wasm_bindgen(js_name = zoomBy)]
        pub fn zoom_by(&self, factor: f64) {
            host::send(&self.host, Event::Zoom { factor, at: None });
        }

        /// `page` for the whole page, anything else for its width.
        pub fn fit(&self, mode: &str) {
            let fit = if mode == "page" { Fit::Page } else { Fit::Width };
            host::send(&self.host, Event::Fit(fit));
        }

        /// CSS pixels, right and down.
        #[wasm_bindgen(js_name = scrollBy)]
        pub fn scroll_by(&self, dx: f64, dy: f64) {
            host::send(&self.host, Event::Scroll { dx, dy });
        }

        /// 0 to 1 of the whole way.
        #[wasm_bindgen(js_name = scrollTo)]
        pub fn scroll_to(&self, fraction: f64) {
            host::send(&self.host, Event::ScrollTo { fraction });
        }

        /// `marks`: an array of `MarkPaint` as JSON, the last one on top. Throws when it is none.
        #[wasm_bindgen(js_name = setMarks)]
        pub fn set_marks(&self, marks: &str) -> Result<(), JsValue> {
            let marks = serde_json::from_str(marks).map_err(|e| JsValue::from_str(&e.to_string()))?;
            host::send(&self.host, Event::Marks(marks));
            Ok(())
        }

        /// `view`: a `View` as JSON. Throws when it is none.
        #[wasm_bindgen(js_name = setView)]
        pub fn set_view(&self, view: &str) -> Result<(), JsValue> {
            let view = serde_json::from_str(view).map_err(|e| JsValue::from_str(&e.to_string()))?;
            host::send(&self.host, Event::View(view));
            Ok(())
        }

        /// `hand` and `marquee`; anything else selects.
        #[wasm_bindgen(js_name = setTool)]
        pub fn set_tool(&self, tool: &str) {
            let tool = match tool {
                "hand" => Tool::Hand,
                "marquee" => Tool::Marquee,
                _ => Tool::Select,
            };
            host::send(&self.host, Event::Tool(tool));
        }

        /// Nothing is selected any more.
        pub fn deselect(&self) {
            host::send(&self.host, Event::Deselect);
        }

        /// Selects the material one is in.
        #[wasm_bindgen(js_name = selectAll)]
        pub fn select_all(&self) {
            host::send(&self.host, Event::Selecting(Selecting::All));
        }

        /// Shows a caret that goes by steps, or none any more.
        #[wasm_bindgen(js_name = setCaret)]
        pub fn set_caret(&self, on: bool) {
            host::send(&self.host, Event::Selecting(Selecting::Caret(on)));
        }

        /// Moves the caret, or the end of the selection that moves; a step without a name leads nowhere.
        pub fn step(&self, name: &str, extend: bool) {
            if let Some(step) = Step::parse(name) {
                host::send(&self.host, Event::Selecting(Selecting::Step { step, extend }));
            }
        }

        /// Points at the next link or citation in view, or at the one before.
        #[wasm_bindgen(js_name = stepLink)]
        pub fn step_link(&self, forward: bool) {
            host::send(&self.host, Event::StepLink { forward });
        }

        /// Follows the link or citation that is pointed at.
        #[wasm_bindgen(js_name = followLink)]
        pub fn follow_link(&self) {
            host::send(&self.host, Event::FollowLink);
        }

        /// Takes hold of the selection's last end, or of its first; `drag` and `drop` follow.
        pub fn grab(&self, end: bool) {
            host::send(&self.host, Event::Selecting(Selecting::Grab { end }));
        }

        /// What is held goes on to here, in CSS pixels of the canvas.
        pub fn drag(&self, x: f64, y: f64) {
            host::send(&self.host, Event::Move { at: ViewPoint { x, y } });
        }

        /// What is held is let go here.
        pub fn drop(&self, x: f64, y: f64) {
            host::send(&self.host, Event::Lift { at: ViewPoint { x, y } });
        }

        /// The selected text as it is copied, or as a quotation with where it stands; undefined while some of it
        /// is on its way, and when there is none.
        #[wasm_bindgen(js_name = selectedText)]
        pub fn selected_text(&self, cited: bool) -> Option<String> {
            host::ask(&self.host, |engine| if cited { engine.quotation() } else { engine.selected_text() })
        }

        /// What is selected on each page: `Passage[]` as JSON.
        pub fn passages(&self) -> Result<String, JsValue> {
            let passages = host::ask(&self.host, evolume_viewer::engine::Engine::passages);
            serde_json::to_string(&passages).map_err(|e| JsValue::from_str(&e.to_string()))
        }

        /// Paints more hits: for each page its number from 1, how many hits it has, and the start and end
        /// of each in characters of its text.
        #[wasm_bindgen(js_name = addHits)]
        pub fn add_hits(&self, flat: &[u32]) {
            host::send(&self.host, Event::AddHits(find::unpack(flat)));
        }

        /// Paints no hits any more.
        #[wasm_bindgen(js_name = clearHits)]
        pub fn clear_hits(&self) {
            host::send(&self.host, Event::ClearHits);
        }

        /// Goes to a hit: page number from 1, number of the hit on the page from 0.
        #[wasm_bindgen(js_name = showHit)]
        pub fn show_hit(&self, page: u32, nth: u32) {
            host::send(&self.host, Event::ShowHit { page, nth });
        }

        /// The canvas has a new size.
        pub fn resize(&self) {
            host::resize(&self.host);
        }

        /// More is known of the same pages: a manifest, and where blobs lie by SHA-256, as JSON. Throws when they
        /// are none.
        pub fn revise(&self, manifest: &[u8], addresses: &str) -> Result<(), JsValue> {
            let manifest = read(manifest, |manifest: &Manifest| manifest)?;
            let addresses = serde_json::from_str(addresses).map_err(|e| JsValue::from_str(&e.to_string()))?;
            host::revise(&self.host, manifest, addresses);
            Ok(())
        }

        /// Draws a whole page, from 1: a promise of its `ImageData`, which fails with a code.
        pub fn paper(&self, page: u32, dpi: f64) -> js_sys::Promise {
            host::paper(&self.host, page, dpi)
        }

        /// What failed may work now.
        pub fn retry(&self) {
            host::send(&self.host, Event::Online);
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
