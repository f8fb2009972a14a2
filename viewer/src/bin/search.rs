//! The search worker's wasm file: the volume's index files, and what is found in them.

fn main() {}

#[cfg(target_arch = "wasm32")]
pub use worker::start;

#[cfg(target_arch = "wasm32")]
mod worker {
    use std::rc::Rc;

    use evolume_model::search::wire::{SearchReply, SearchRequest};
    use evolume_viewer::browser::search::Searcher;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::spawn_local;
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    /// Listens for requests and says that it is ready. Requests and replies are JSON.
    #[wasm_bindgen]
    pub fn start() -> Result<(), JsValue> {
        console_error_panic_hook::set_once();
        let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
        let searcher = Rc::new(Searcher::new(scope.clone()));
        let taker = searcher.clone();
        let on_message: Closure<dyn FnMut(MessageEvent)> = Closure::new(move |event: MessageEvent| {
            let json = event.data().as_string();
            let request = json.and_then(|json| serde_json::from_str::<SearchRequest>(&json).ok());
            if let Some(request) = request {
                spawn_local(taker.clone().take(request));
            }
        });
        scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // Lives as long as the worker.
        on_message.forget();
        searcher.reply(&SearchReply::Ready);
        Ok(())
    }
}
