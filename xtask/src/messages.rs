//! What is said to people: nothing is left in one language only.
//!
//! That every code has a sentence is the compiler's to see: `www/src/problems.ts` is a record of all codes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process::{node_bin, run};
use crate::root;
use crate::stamp::{self, Inputs};

/// The translations, and what is written from them.
const TRANSLATIONS: &str = "www/xliff/en.xlf";
const WRITTEN: &str = "www/src/locales/en.ts";

pub fn check() -> Result<()> {
    let inputs = Inputs::default()
        .path(&root().join("www/src"))?
        .path(&root().join("www/xliff"))?
        .path(&root().join("package-lock.json"))?;
    stamp::once("translations", inputs, &[], || report(translations()?))
}

fn report(problems: Vec<String>) -> Result<()> {
    if !problems.is_empty() {
        bail!("{} problems\n{}", problems.len(), problems.join("\n"));
    }
    Ok(())
}

/// Extracts and builds the translations once more, elsewhere, and compares.
fn translations() -> Result<Vec<String>> {
    let folder = root().join("target/xtask/messages");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("xliff"))?;
    fs::copy(root().join(TRANSLATIONS), folder.join("xliff/en.xlf"))?;
    let config = folder.join("lit-localize.json");
    fs::write(
        &config,
        elsewhere(&fs::read_to_string(root().join("www/lit-localize.json"))?, &folder)?.to_string(),
    )?;
    for step in ["extract", "build"] {
        run(node_bin("lit-localize", ["--config", &config.to_string_lossy(), step]))?;
    }
    let mut problems = Vec::new();
    let hint = "run `npm run localize -w www` and translate what is new";
    for (there, anew) in [(TRANSLATIONS, "xliff/en.xlf"), (WRITTEN, "locales/en.ts")] {
        if fs::read_to_string(root().join(there))? != fs::read_to_string(folder.join(anew))? {
            problems.push(format!("{there} is not in step with the sources; {hint}"));
        }
    }
    problems.extend(
        untranslated(&fs::read_to_string(folder.join("xliff/en.xlf"))?)
            .into_iter()
            .map(|sentence| format!("{TRANSLATIONS} does not translate {sentence}; {hint}")),
    );
    Ok(problems)
}

/// The same settings, but for where things are written; its paths count from its own folder.
fn elsewhere(config: &str, folder: &Path) -> Result<Value> {
    let mut config: Value = serde_json::from_str(config).context("www/lit-localize.json is malformed")?;
    let path = |path: PathBuf| json!(path.to_string_lossy());
    config["tsConfig"] = path(root().join("www/tsconfig.json"));
    config["output"]["outputDir"] = path(folder.join("locales"));
    config["output"]["localeCodesModule"] = path(folder.join("locales/codes.ts"));
    config["interchange"]["xliffDir"] = path(folder.join("xliff"));
    Ok(config)
}

/// The sources of units without a translation.
fn untranslated(xliff: &str) -> Vec<String> {
    let units = xliff.split("<trans-unit ").skip(1);
    units
        .filter(|unit| {
            let target = unit.split_once("<target>").and_then(|(_, rest)| rest.split_once("</target>"));
            target.is_none_or(|(target, _)| target.trim().is_empty())
        })
        .map(|unit| {
            let source = unit.split_once("<source>").and_then(|(_, rest)| rest.split_once("</source>"));
            source.map_or("?", |(source, _)| source).to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_without_a_translation_is_named() {
        let xliff = "<trans-unit id=\"a\"><source>一</source><target>One</target></trans-unit>\
                     <trans-unit id=\"b\"><source>二</source></trans-unit>\
                     <trans-unit id=\"c\"><source>三</source><target> </target></trans-unit>";
        assert_eq!(untranslated(xliff), ["二", "三"]);
    }

    #[test]
    fn the_settings_write_elsewhere() {
        let text = "{\"targetLocales\": [\"en\"], \"output\": {\"mode\": \"runtime\", \"outputDir\": \"./src/locales\"}}";
        let config = elsewhere(text, Path::new("/tmp/x")).unwrap();
        assert_eq!(config["output"]["outputDir"], "/tmp/x/locales");
        assert_eq!(
            (&config["output"]["mode"], &config["targetLocales"][0]),
            (&json!("runtime"), &json!("en"))
        );
    }
}
