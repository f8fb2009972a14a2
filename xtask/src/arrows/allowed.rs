//! The arrows that are allowed.

/// Who may use whom. A file belongs to the longest folder in which it lies; within a folder everything is allowed.
pub const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("annotations", &["model"]),
    ("annotations/bin", &["annotations", "model"]),
    ("pdf", &["model"]),
    ("viewer", &[]),
    ("viewer/engine", &["model"]),
    ("viewer/browser", &["model", "pdf", "viewer/engine"]),
    ("viewer/bin", &["model", "pdf", "viewer", "viewer/browser", "viewer/engine"]),
    ("server", &[]),
    ("pkg", &[]),
    ("www", &["pkg"]),
];

/// Libraries that only some folders may use.
pub struct Forbidden {
    pub words: &'static [&'static str],
    pub outside: &'static [&'static str],
    pub why: &'static str,
}

impl Forbidden {
    pub fn applies(&self, place: &str) -> bool {
        !self.outside.iter().any(|folder| super::within(place, folder))
    }
}

pub const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        words: &["web_sys", "js_sys", "wasm_bindgen"],
        outside: &["viewer/browser", "viewer/bin", "annotations/bin"],
        why: "only what runs in the browser may know it",
    },
    Forbidden { words: &["yrs"], outside: &["annotations"], why: "the CRDT stays behind annotations" },
    Forbidden {
        words: &["std::fs", "std::net", "std::env", "std::process", "std::thread", "tokio"],
        outside: &["server"],
        why: "no I/O outside of the server",
    },
    Forbidden { words: &["std::time"], outside: &["server"], why: "time comes in as a value" },
];
