//! Named stages with their times; the first that fails ends the command.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// What ran and how long it took.
#[derive(Default)]
pub struct Stages {
    done: Vec<(String, Duration, bool)>,
}

impl Stages {
    /// Runs one stage; its name leads a failure's message.
    pub fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let result = work().with_context(|| format!("stage `{name}` failed"));
        self.done.push((name.to_owned(), start.elapsed(), result.is_ok()));
        result
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, time, ok) in &self.done {
            let mark = if *ok { "ok" } else { "FAILED" };
            writeln!(f, "{name:<18}{:>8.1} s  {mark}", time.as_secs_f64())?;
        }
        let total: Duration = self.done.iter().map(|(_, time, _)| *time).sum();
        write!(f, "{:<18}{:>8.1} s", "total", total.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_named_and_listed() {
        let mut stages = Stages::default();
        stages.run("one", || Ok(())).unwrap();
        let error = stages.run("two", || -> Result<()> { anyhow::bail!("broken") }).unwrap_err();
        assert_eq!(format!("{error:#}"), "stage `two` failed: broken");
        let table = stages.to_string();
        assert!(table.contains("one") && table.contains("FAILED"), "{table}");
    }
}
