//! What is learnt from jobs that are done, and what becomes of those that failed.

use evolume_model::code::Code;

use super::{Effect, Engine, PACE_WEIGHTS, RETRY_MS};
use crate::engine::cache::Surface;
use crate::engine::tiles::{Key, Kind};

impl Engine {
    /// Learns how quickly sharp pixels come. The first ones wait for the worker, and teach nothing.
    pub(super) fn note_pace(&mut self, now: f64, key: &Key) {
        if matches!(key.kind, Kind::Preview | Kind::Thumbs) || !self.was_sharp {
            return;
        }
        if let Some(Surface::Pending { since, .. }) = self.cache.get(key) {
            let more = now - since - self.pace;
            self.pace += more * if more < 0. { PACE_WEIGHTS.0 } else { PACE_WEIGHTS.1 };
        }
    }

    /// A job failed: whether it is tried again, and when.
    pub(super) fn fail(&mut self, now: f64, job: u32, code: Code, effects: &mut Vec<Effect>) {
        let Some(key) = self.cache.key_of(job) else { return };
        let times = *self.failures.entry(key).and_modify(|n| *n += 1).or_insert(1);
        let retry = match code {
            Code::ServerGone | Code::ServerBusy => Some(now + RETRY_MS * f64::from(times.min(5))),
            Code::PageTimeout => {
                self.endless.insert(key.page);
                None
            }
            _ if times == 1 => Some(now),
            _ => None,
        };
        // What failed for good is told where it is missing.
        if code == Code::ServerGone {
            effects.push(Effect::Problem { code, page: key.page + 1 });
        }
        self.cache.set(key, Surface::Failed { code, times, retry });
    }
}
