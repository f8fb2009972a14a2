//! The wasm file of annotations: loaded after the first page is on the screen, never before.

fn main() {}

#[cfg(target_arch = "wasm32")]
pub use face::{Layer, Outcome};

#[cfg(target_arch = "wasm32")]
mod face {
    use evolume_annotations::client::{self, Client};
    use evolume_model::code::Code;
    use js_sys::Uint8Array;
    use wasm_bindgen::prelude::*;

    /// One layer as this page has it. Failures are thrown as stable codes.
    #[wasm_bindgen]
    pub struct Layer {
        client: Client,
    }

    /// What follows from an event.
    #[wasm_bindgen]
    pub struct Outcome {
        outcome: client::Outcome,
    }

    fn code(code: Code) -> JsValue {
        code.as_str().into()
    }

    fn json(value: &impl serde::Serialize) -> Result<String, JsValue> {
        serde_json::to_string(value).map_err(|e| JsValue::from_str(&e.to_string()))
    }

    fn arrays(bytes: &[Vec<u8>]) -> Vec<Uint8Array> {
        bytes.iter().map(|bytes| Uint8Array::from(bytes.as_slice())).collect()
    }

    impl From<client::Outcome> for Outcome {
        fn from(outcome: client::Outcome) -> Self {
            Self { outcome }
        }
    }

    #[wasm_bindgen]
    impl Layer {
        /// `replica`: a random integer below 2^53, another one for every open document.
        #[wasm_bindgen(constructor)]
        pub fn new(replica: f64, author: String, author_name: String, write_others: bool) -> Self {
            console_error_panic_hook::set_once();
            Self { client: Client::new(replica as u64, author, author_name, write_others) }
        }

        /// Takes in what an earlier visit stored.
        pub fn load(&mut self, update: &[u8]) -> Result<(), JsValue> {
            self.client.load(update).map_err(|_| code(Code::LayerMalformed))
        }

        /// Everything, as one update.
        pub fn state(&self) -> Vec<u8> {
            self.client.state()
        }

        /// `Mark[]` as JSON.
        pub fn marks(&self) -> Result<String, JsValue> {
            json(&self.client.marks())
        }

        /// `Person[]` as JSON.
        pub fn people(&self) -> Result<String, JsValue> {
            json(&self.client.people())
        }

        /// Whether the server has all that was made here.
        #[wasm_bindgen(js_name = isSaved)]
        pub fn is_saved(&self) -> bool {
            self.client.is_saved()
        }

        /// Whether there is something to take back.
        #[wasm_bindgen(js_name = canUndo)]
        pub fn can_undo(&self) -> bool {
            self.client.can_undo_redo().0
        }

        /// Whether there is something to do again.
        #[wasm_bindgen(js_name = canRedo)]
        pub fn can_redo(&self) -> bool {
            self.client.can_undo_redo().1
        }

        /// A connection is open.
        pub fn connected(&mut self) -> Outcome {
            self.client.connected().into()
        }

        /// The connection has ended.
        pub fn disconnected(&mut self) -> Outcome {
            self.client.disconnected().into()
        }

        /// Takes a frame. `now`: milliseconds since 1970.
        pub fn receive(&mut self, now: f64, frame: &[u8]) -> Result<Outcome, JsValue> {
            self.client.receive(now as u64, frame).map(Outcome::from).map_err(|_| code(Code::LayerMalformed))
        }

        /// Tells the others a JSON object, or nothing any more.
        #[wasm_bindgen(js_name = setPresence)]
        pub fn set_presence(&mut self, state: Option<String>) -> Outcome {
            self.client.set_presence(state).into()
        }

        /// `command`: a `LayerCommand` as JSON. `now`: milliseconds since 1970.
        pub fn command(&mut self, now: f64, command: &str) -> Result<Outcome, JsValue> {
            let command = serde_json::from_str(command).map_err(|_| code(Code::MarkInvalid))?;
            self.client.command(now as u64, command).map(Outcome::from).map_err(code)
        }
    }

    #[wasm_bindgen]
    impl Outcome {
        /// Frames for the server.
        #[wasm_bindgen(getter)]
        pub fn send(&self) -> Vec<Uint8Array> {
            arrays(&self.outcome.send)
        }

        /// Updates made here, to be stored.
        #[wasm_bindgen(getter)]
        pub fn made(&self) -> Vec<Uint8Array> {
            arrays(&self.outcome.made)
        }

        /// Updates from elsewhere, to be stored.
        #[wasm_bindgen(getter)]
        pub fn received(&self) -> Vec<Uint8Array> {
            arrays(&self.outcome.received)
        }

        /// Marks that have changed: `MarkChanges` as JSON, or nothing.
        #[wasm_bindgen(getter, unchecked_return_type = "string | undefined")]
        pub fn changes(&self) -> Result<Option<String>, JsValue> {
            let changes = &self.outcome.changes;
            if changes.is_empty() { Ok(None) } else { json(changes).map(Some) }
        }

        /// Who is here has changed.
        #[wasm_bindgen(getter)]
        pub fn presence(&self) -> bool {
            self.outcome.presence
        }

        /// The code with which the server refuses what was sent; empty when it does not.
        #[wasm_bindgen(getter)]
        pub fn refusal(&self) -> String {
            self.outcome.refused.clone().unwrap_or_default()
        }
    }
}
