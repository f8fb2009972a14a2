//! Named stages with their times; the first that fails ends the command.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

/// What ran and how long it took.
pub struct Stages {
    start: Instant,
    done: Vec<(String, Duration, bool)>,
}

impl Default for Stages {
    fn default() -> Self {
        Self { start: Instant::now(), done: Vec::new() }
    }
}

impl Stages {
    /// Runs one stage; its name leads a failure's message.
    pub fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let (result, time) = timed(name, work);
        self.done.push((name.to_owned(), time, result.is_ok()));
        result
    }

    /// Runs a stage beside other ones, and waits for it. When both fail, the other ones' failure is told.
    pub fn beside<T>(
        &mut self,
        name: &str,
        aside: impl FnOnce() -> Result<()> + Send,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let (result, aside) = std::thread::scope(|scope| {
            let aside = scope.spawn(|| timed(name, aside));
            (work(self), aside.join())
        });
        let (aside, time) = aside.map_err(|_| anyhow!("stage `{name}` panicked"))?;
        self.done.push((name.to_owned(), time, aside.is_ok()));
        let result = result?;
        aside.map(|()| result)
    }
}

fn timed<T>(name: &str, work: impl FnOnce() -> Result<T>) -> (Result<T>, Duration) {
    let start = Instant::now();
    let result = work().with_context(|| format!("stage `{name}` failed"));
    (result, start.elapsed())
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, time, ok) in &self.done {
            let mark = if *ok { "ok" } else { "FAILED" };
            writeln!(f, "{name:<18}{:>8.1} s  {mark}", time.as_secs_f64())?;
        }
        write!(f, "{:<18}{:>8.1} s", "total", self.start.elapsed().as_secs_f64())
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

    #[test]
    fn a_stage_runs_beside_others() {
        let mut stages = Stages::default();
        // Each waits for the other: one after the other they would never end.
        let (here, there) = (std::sync::Barrier::new(2), ());
        let aside = || {
            here.wait();
            Ok(there)
        };
        let result = stages.beside("aside", aside, |stages| {
            here.wait();
            stages.run("work", || Ok(1))
        });
        assert_eq!(result.unwrap(), 1);
        let broken = || anyhow::bail!("broken");
        let error = stages.beside("aside", broken, |_| Ok(())).unwrap_err();
        assert_eq!(format!("{error:#}"), "stage `aside` failed: broken");
    }
}
