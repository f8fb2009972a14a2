//! What is fetched by need: asked for once, kept while it is near, and asked for again some time after a failure.

use std::collections::HashMap;
use std::hash::Hash;

use evolume_model::code::Code;

use super::RETRY_MS;

#[derive(Debug)]
enum State<T> {
    Asked { fresh: bool },
    There(T),
    Failed { retry: f64 },
}

/// By key, what is there or on its way.
#[derive(Debug)]
pub(super) struct Fetched<K, T> {
    entries: HashMap<K, State<T>>,
}

impl<K, T> Default for Fetched<K, T> {
    fn default() -> Self {
        Self { entries: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash, T> Fetched<K, T> {
    pub fn get(&self, key: K) -> Option<&T> {
        match self.entries.get(&key) {
            Some(State::There(value)) => Some(value),
            _ => None,
        }
    }

    /// Whether it has to be asked for.
    pub fn wanted(&self, key: K, now: f64) -> bool {
        match self.entries.get(&key) {
            None => true,
            Some(State::Failed { retry }) => now >= *retry,
            Some(_) => false,
        }
    }

    /// It is asked for; whether past every cache, which may be what failed.
    pub fn ask(&mut self, key: K) -> bool {
        let fresh = matches!(self.entries.get(&key), Some(State::Failed { .. }));
        self.entries.insert(key, State::Asked { fresh });
        fresh
    }

    pub fn put(&mut self, key: K, value: T) {
        self.entries.insert(key, State::There(value));
    }

    /// It did not come. Answers whether that is worth a complaint: broken bytes are first asked for once more.
    pub fn fail(&mut self, now: f64, key: K, code: Code) -> bool {
        let fresh = matches!(self.entries.get(&key), Some(State::Asked { fresh: true }));
        let corrupt = code == Code::BlobCorrupt;
        let after = match (corrupt, fresh) {
            (true, false) => 0.,
            (true, true) => f64::INFINITY,
            (false, _) => RETRY_MS,
        };
        self.entries.insert(key, State::Failed { retry: now + after });
        after > 0.
    }

    /// How many are on their way.
    pub fn asked(&self) -> usize {
        self.entries.values().filter(|state| matches!(state, State::Asked { .. })).count()
    }

    /// Lets go of what is not near any more; what is on its way stays.
    pub fn keep(&mut self, near: impl Fn(K) -> bool) {
        self.entries.retain(|key, state| matches!(state, State::Asked { .. }) || near(*key));
    }

    /// What is there or was asked for.
    pub fn keys(&self) -> impl Iterator<Item = K> {
        self.entries.keys().copied()
    }

    /// It is another thing by now, and has to be asked for.
    pub fn forget(&mut self, key: K) {
        self.entries.remove(&key);
    }

    /// Whatever failed may be asked for again.
    pub fn forgive(&mut self) {
        self.entries.retain(|_, state| !matches!(state, State::Failed { .. }));
    }

    /// When the next failure is to be tried again.
    pub fn next_retry(&self, now: f64) -> Option<f64> {
        let retries = self.entries.values().filter_map(|state| match state {
            State::Failed { retry } => Some(*retry).filter(|retry| retry.is_finite() && *retry > now),
            _ => None,
        });
        retries.min_by(f64::total_cmp)
    }

    /// The keys are others now; what has none is forgotten.
    pub fn rename(&mut self, to: impl Fn(K) -> Option<K>) {
        let old = std::mem::take(&mut self.entries);
        self.entries = old.into_iter().filter_map(|(key, state)| Some((to(key)?, state))).collect();
    }
}
