//! `evolume doctor`: what this machine has and lacks for the work, one line for each, with what to do about it. It makes
//! and changes nothing, and goes on whatever it meets.
#![allow(clippy::print_stdout, reason = "a command line prints its results")]

mod machine;
mod programs;
mod store;

use std::process::ExitCode;
use std::time::Duration;

use evolume_server::config::Doctor;
use serde::Serialize;

use crate::report::{Language, Told};

/// There is a problem.
const ILL: u8 = 1;
/// A program that does not answer by then is one that does not work.
const PATIENCE: Duration = Duration::from_secs(20);

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// As it should be.
    Ok,
    /// Something does not work, the rest does.
    Warning,
    /// The server cannot work, or not safely.
    Problem,
}

/// One line.
#[derive(Clone, Debug)]
struct Finding {
    level: Level,
    /// Stable.
    name: &'static str,
    /// What is found, and what to do.
    chinese: String,
    english: String,
}

impl Finding {
    fn new(level: Level, name: &'static str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { level, name, chinese: chinese.into(), english: english.into() }
    }

    fn ok(name: &'static str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self::new(Level::Ok, name, chinese, english)
    }

    fn warning(name: &'static str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self::new(Level::Warning, name, chinese, english)
    }

    fn problem(name: &'static str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self::new(Level::Problem, name, chinese, english)
    }

    /// What a command would say that met this.
    fn told(level: Level, name: &'static str, told: &Told) -> Self {
        let [chinese, english] =
            [Language::Chinese, Language::English].map(|language| told.in_language(language));
        Self::new(level, name, chinese, english)
    }

    fn message(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }

    fn line(&self, language: Language) -> String {
        let (level, colon) = match (language, self.level) {
            (Language::Chinese, Level::Ok) => ("正常", "："),
            (Language::Chinese, Level::Warning) => ("注意", "："),
            (Language::Chinese, Level::Problem) => ("故障", "："),
            (Language::English, Level::Ok) => ("ok", ": "),
            (Language::English, Level::Warning) => ("warning", ": "),
            (Language::English, Level::Problem) => ("problem", ": "),
        };
        format!("{level} {}{colon}{}", self.name, self.message(language))
    }
}

/// Looks at everything.
pub async fn run(options: &Doctor) -> ExitCode {
    let language = Language::of_environment();
    let mut findings = store::look(&options.data).await;
    findings.extend(programs::look(options).await);
    findings.extend(machine::look(options).await);
    if options.json {
        let json: Vec<_> = findings
            .iter()
            .map(|found| {
                serde_json::json!({
                    "level": found.level, "name": found.name, "message": found.message(language)
                })
            })
            .collect();
        println!("{}", serde_json::Value::from(json));
    } else {
        findings.iter().for_each(|found| println!("{}", found.line(language)));
    }
    let ill = findings.iter().any(|found| found.level == Level::Problem);
    if ill { ExitCode::from(ILL) } else { ExitCode::SUCCESS }
}
