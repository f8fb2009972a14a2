//! What the shell hears of, as JSON.

use std::cell::RefCell;

use evolume_model::code::Code;
use evolume_model::page::PageRef;
use evolume_model::viewing::{LinkDestination, PageLines, PointedLink, Selection, Stage, Status};
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Notice {
    Status(Status),
    Problem { code: Code, page: Option<PageRef> },
    Selection { selection: Option<Selection> },
    Mark { id: Option<String> },
    Follow { destination: LinkDestination },
    Link { link: PointedLink },
    Read { pages: Vec<PageLines> },
    Stage { stage: Stage },
}

thread_local! {
    // The panic hook has to reach the shell from wherever the panic happens.
    static LISTENER: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// Tells the shell of every panic from now on.
pub(super) fn tell_panics(listener: &js_sys::Function) {
    LISTENER.with(|slot| *slot.borrow_mut() = Some(listener.clone()));
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        LISTENER.with(|slot| {
            if let Some(listener) = slot.borrow().as_ref() {
                tell(listener, Notice::Problem { code: Code::ViewerPanic, page: None });
            }
        });
    }));
}

pub(super) fn tell(listener: &js_sys::Function, notice: Notice) {
    if let Ok(json) = serde_json::to_string(&notice) {
        // What the shell throws is the shell's; it must not stop the viewer.
        let _ = listener.call1(&JsValue::NULL, &json.into());
    }
}
