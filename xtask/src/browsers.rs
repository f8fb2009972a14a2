//! The journey in the engines that Playwright cannot drive here: Debian's Firefox and WebKit.

use anyhow::{Result, bail};

use crate::native;
use crate::process::{command, run as process, which};

/// What each browser needs, and where its package puts it.
const NEEDED: &[(&str, &[&str])] = &[("firefox", &["firefox-esr"]), ("webkit", &["WebKitWebDriver", "Xvfb"])];

/// The same steps in each browser.
pub fn run() -> Result<()> {
    for (browser, programs) in NEEDED {
        let missing: Vec<_> = programs.iter().filter(|program| which(program).is_none()).copied().collect();
        if missing.is_empty() {
            let mut journey =
                command("node", ["--experimental-strip-types", "--no-warnings", "e2e/browsers/run.ts"]);
            journey.arg(browser).env("EVOLUME", native::program());
            process(journey)?;
        } else if std::env::var_os("CI").is_some() {
            bail!(
                "{browser} cannot be tested, {} is missing; run `cargo xtask setup` as root",
                missing.join(", ")
            );
        } else {
            println!(
                "skipped: {browser}, {} is missing; run `cargo xtask setup` as root",
                missing.join(", ")
            );
        }
    }
    Ok(())
}
