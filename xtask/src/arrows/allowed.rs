//! The arrows that are allowed.

/// Who may use whom. A file belongs to the longest folder (or file) in which it lies; within it everything is allowed.
pub const ALLOWED: &[(&str, &[&str])] = &[
    // The vocabulary, and what is made of it without knowing where it runs.
    ("model", &[]),
    ("annotations", &["model"]),
    ("pdf", &["model"]),
    // The viewer: the engine is pure, `browser` is all that touches the DOM.
    ("viewer", &[]),
    ("viewer/engine", &["model"]),
    ("viewer/browser", &["model", "pdf", "viewer/engine"]),
    ("viewer/bin", &["model", "pdf", "viewer", "viewer/browser", "viewer/engine"]),
    // The server, from what knows nothing of the others up to the program.
    ("server", &[]),
    ("server/background", &[]),
    ("server/clock", &[]),
    ("server/confine", &[]),
    ("server/ids", &[]),
    ("server/packed", &[]),
    ("server/programs", &[]),
    ("server/refusal", &["model"]),
    ("server/rights", &["model"]),
    ("server/views", &[]),
    ("server/store", &["annotations", "model", "server/ids", "server/rights"]),
    ("server/library", &["model", "server/packed", "server/rights", "server/store"]),
    ("server/pages", &["model", "server/rights", "server/store"]),
    ("server/verify", &["annotations", "model", "server/ids", "server/rights", "server/store"]),
    ("server/people", &["server/clock", "server/ids", "server/rights", "server/store"]),
    (
        "server/admission",
        &["model", "server/ids", "server/library", "server/people", "server/rights", "server/store"],
    ),
    ("server/rooms", &["annotations", "model", "server/clock", "server/rights", "server/store"]),
    ("server/search", &["model", "server/admission", "server/rights", "server/store"]),
    ("server/office", &["model", "server/programs", "server/refusal"]),
    ("server/pictures", &["model", "server/pdfium", "server/programs", "server/refusal"]),
    ("server/unpack", &["model", "server/office", "server/refusal"]),
    ("server/pdfium", &["model", "server/office", "server/programs", "server/unpack"]),
    (
        "server/pdfium/child",
        &["model", "pdf", "server/office", "server/pdfium", "server/refusal", "server/unpack"],
    ),
    (
        "server/ingest",
        &[
            "model",
            "server/ids",
            "server/office",
            "server/pdfium",
            "server/pictures",
            "server/programs",
            "server/refusal",
            "server/rights",
            "server/store",
            "server/unpack",
        ],
    ),
    ("server/index_maintenance", &["model", "server/ingest", "server/rights", "server/store"]),
    (
        "server/ocr",
        &[
            "model",
            "server/ingest",
            "server/ocr/engine",
            "server/ocr/read",
            "server/pdfium",
            "server/rights",
            "server/store",
            "server/views",
        ],
    ),
    ("server/ocr/engine", &["model", "server/ocr", "server/programs"]),
    ("server/ocr/read", &["model", "server/ocr/engine", "server/pdfium"]),
    (
        "server/http",
        &[
            "annotations",
            "model",
            "server/admission",
            "server/clock",
            "server/ids",
            "server/library",
            "server/packed",
            "server/pages",
            "server/people",
            "server/rights",
            "server/rooms",
            "server/search",
            "server/store",
            "server/views",
        ],
    ),
    ("server/shell", &["server/http"]),
    (
        "server/config",
        &["model", "server/ocr", "server/ocr/engine", "server/office", "server/pdfium", "server/store"],
    ),
    (
        "server/report",
        &["model", "server/config", "server/http", "server/ocr", "server/ocr/engine", "server/store"],
    ),
    (
        "server/commands",
        &[
            "model",
            "server/background",
            "server/config",
            "server/http",
            "server/index_maintenance",
            "server/ingest",
            "server/ocr",
            "server/ocr/engine",
            "server/pages",
            "server/pdfium",
            "server/report",
            "server/rights",
            "server/search",
            "server/shell",
            "server/store",
            "server/verify",
            "server/views",
        ],
    ),
    (
        "server/main",
        &["server/config", "server/confine", "server/pdfium", "server/pdfium/child", "server/report"],
    ),
    // The npm package.
    ("pkg/generated", &[]),
    ("pkg", &["pkg/generated", "pkg/opening", "pkg/sync"]),
    ("pkg/opening", &["pkg", "pkg/generated"]),
    ("pkg/sync", &["pkg", "pkg/generated"]),
    // The web application, from what stands alone up to the page.
    ("www/icons", &[]),
    ("www/locales", &[]),
    ("www/shortcuts", &[]),
    ("www/storage", &[]),
    ("www/settings", &["www/storage"]),
    ("www/locale", &["www/locales", "www/storage"]),
    ("www/route", &["pkg"]),
    ("www/problems", &["pkg"]),
    ("www/words", &["pkg"]),
    (
        "www/parts",
        &["pkg", "www/icons", "www/locale", "www/problems", "www/settings", "www/shortcuts", "www/words"],
    ),
    ("www/local", &["pkg", "www/parts", "www/problems", "www/route"]),
    ("www/cases", &["pkg", "www/icons", "www/local", "www/parts", "www/problems", "www/route", "www/words"]),
    ("www/materials", &["pkg", "www/local", "www/parts", "www/problems", "www/route"]),
    ("www/marks", &["pkg", "www/icons", "www/locale", "www/parts", "www/problems", "www/storage"]),
    ("www/search", &["pkg", "www/icons", "www/materials", "www/parts", "www/problems", "www/words"]),
    (
        "www/recordings",
        &["pkg", "www/icons", "www/materials", "www/parts", "www/problems", "www/route", "www/search"],
    ),
    (
        "www/panels",
        &[
            "pkg",
            "www/cases",
            "www/icons",
            "www/local",
            "www/materials",
            "www/parts",
            "www/problems",
            "www/route",
            "www/words",
        ],
    ),
    (
        "www/opening",
        &[
            "pkg",
            "www/cases",
            "www/local",
            "www/marks",
            "www/materials",
            "www/parts",
            "www/route",
            "www/search",
            "www/settings",
            "www/storage",
            "www/words",
        ],
    ),
    ("www/print", &["pkg", "www/icons", "www/opening", "www/parts", "www/problems"]),
    (
        "www/windows",
        &["pkg", "www/icons", "www/opening", "www/parts", "www/route", "www/search", "www/storage"],
    ),
    (
        "www/bars",
        &[
            "pkg",
            "www/icons",
            "www/local",
            "www/marks",
            "www/materials",
            "www/opening",
            "www/parts",
            "www/problems",
        ],
    ),
    (
        "www/beside",
        &[
            "pkg",
            "www/bars",
            "www/icons",
            "www/marks",
            "www/opening",
            "www/parts",
            "www/problems",
            "www/search",
            "www/settings",
        ],
    ),
    (
        "www/reader",
        &[
            "pkg",
            "www/bars",
            "www/beside",
            "www/icons",
            "www/local",
            "www/marks",
            "www/opening",
            "www/panels",
            "www/parts",
            "www/print",
            "www/recordings",
            "www/route",
            "www/search",
            "www/settings",
            "www/shortcuts",
            "www/storage",
            "www/windows",
            "www/words",
        ],
    ),
    (
        "www/app",
        &[
            "www/cases",
            "www/local",
            "www/locale",
            "www/opening",
            "www/parts",
            "www/reader",
            "www/route",
            "www/shortcuts",
        ],
    ),
    ("www/main", &["pkg", "www/app", "www/opening", "www/route", "www/settings"]),
];

/// Arrows that make no circle, though they close one, each with its reason.
pub const TOGETHER: &[(&str, &str)] = &[
    // The list of rooms starts a room's task, which takes itself off the list at its end.
    ("server/rooms/host", "server/rooms/hub"),
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
