//! The files of the web shell, built into the program.

use evolume_server::http::Shell;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../www/dist"]
#[allow_missing = true]
struct Files;

/// What the server serves to a browser.
pub const SHELL: Shell = Shell(<Files as RustEmbed>::get);

/// Set by `cargo xtask` to the hash of those files: the compiler does not see that one has come or gone.
const _: Option<&str> = option_env!("EVOLUME_SHELL");
