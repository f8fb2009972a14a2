//! The engine's memory of surfaces: what is asked for, what is there, what failed (invariant 6).

use std::collections::{BTreeMap, HashMap};

use evolume_model::code::Code;

use crate::engine::tiles::{Key, Kind};

/// The state of one surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Surface {
    /// Being made by this job.
    Pending {
        /// Identifies the answer.
        job: u32,
        /// When it was asked for, in milliseconds of the engine's clock.
        since: f64,
    },
    /// There; the host holds the bitmap under the job's number.
    Ready {
        /// The bitmap.
        job: u32,
        /// Decoded size.
        bytes: u64,
        /// When it was last painted or asked for, in updates.
        used: u64,
    },
    /// Not to be had; may be tried again at `retry`, in milliseconds of the engine's clock.
    Failed {
        /// Why.
        code: Code,
        /// How often it has failed.
        times: u32,
        /// `None` for never.
        retry: Option<f64>,
    },
}

impl Surface {
    /// Whether its bitmap is there.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready { .. })
    }

    /// Whether it has failed and is to be tried again.
    pub fn is_due(&self, now: f64) -> bool {
        matches!(self, Self::Failed { retry: Some(at), .. } if now >= *at)
    }
}

/// All surfaces of the volume that are not simply absent.
#[derive(Debug, Default)]
pub struct Cache {
    pages: HashMap<u32, BTreeMap<Kind, Surface>>,
    jobs: HashMap<u32, Key>,
    bytes: u64,
}

impl Cache {
    /// Bytes of all bitmaps held.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The state of a surface.
    pub fn get(&self, key: &Key) -> Option<&Surface> {
        self.pages.get(&key.page)?.get(&key.kind)
    }

    /// The surfaces of a page.
    pub fn of_page(&self, page: u32) -> impl Iterator<Item = (Kind, Surface)> {
        self.pages.get(&page).into_iter().flatten().map(|(kind, surface)| (*kind, *surface))
    }

    /// The surface that a running job makes.
    pub fn key_of(&self, job: u32) -> Option<Key> {
        let key = self.jobs.get(&job)?;
        matches!(self.get(key), Some(Surface::Pending { job: pending, .. }) if *pending == job)
            .then_some(*key)
    }

    /// Every running job.
    pub fn running(&self) -> impl Iterator<Item = (u32, Key)> {
        self.jobs.iter().filter(|(job, _)| self.key_of(**job).is_some()).map(|(job, key)| (*job, *key))
    }

    /// Sets a surface's state; answers the bitmap that it replaces.
    pub fn set(&mut self, key: Key, surface: Surface) -> Option<u32> {
        let old = self.remove(&key);
        match surface {
            Surface::Ready { job, bytes, .. } => {
                self.bytes += bytes;
                self.jobs.insert(job, key);
            }
            Surface::Pending { job, .. } => {
                self.jobs.insert(job, key);
            }
            Surface::Failed { .. } => {}
        }
        self.pages.entry(key.page).or_default().insert(key.kind, surface);
        old
    }

    /// Forgets a surface; answers the bitmap to release.
    pub fn remove(&mut self, key: &Key) -> Option<u32> {
        let kinds = self.pages.get_mut(&key.page)?;
        let old = kinds.remove(&key.kind);
        if kinds.is_empty() {
            self.pages.remove(&key.page);
        }
        match old? {
            Surface::Ready { job, bytes, .. } => {
                self.bytes -= bytes;
                self.jobs.remove(&job);
                Some(job)
            }
            Surface::Pending { job, .. } => {
                self.jobs.remove(&job);
                None
            }
            Surface::Failed { .. } => None,
        }
    }

    /// Notes that a surface is in use.
    pub fn touch(&mut self, key: &Key, now: u64) {
        let surface = self.pages.get_mut(&key.page).and_then(|kinds| kinds.get_mut(&key.kind));
        if let Some(Surface::Ready { used, .. }) = surface {
            *used = now;
        }
    }

    /// Notes that a bitmap is in use.
    pub fn touch_bitmap(&mut self, job: u32, now: u64) {
        if let Some(key) = self.jobs.get(&job).copied() {
            self.touch(&key, now);
        }
    }

    /// Releases the longest unused bitmaps until the budget holds; those used since `keep` stay.
    pub fn shrink(&mut self, budget: u64, keep: u64) -> Vec<u32> {
        if self.bytes <= budget {
            return Vec::new();
        }
        let mut idle: Vec<(u64, Key)> = self
            .pages
            .iter()
            .flat_map(|(page, kinds)| {
                kinds.iter().map(move |(kind, s)| (Key { page: *page, kind: *kind }, s))
            })
            .filter_map(|(key, surface)| match surface {
                Surface::Ready { used, .. } if *used < keep => Some((*used, key)),
                _ => None,
            })
            .collect();
        idle.sort_unstable();
        let mut released = Vec::new();
        for (_, key) in idle {
            if self.bytes <= budget {
                break;
            }
            released.extend(self.remove(&key));
        }
        released
    }

    /// The earliest time after `now` at which a failed surface may be tried again. Those whose time has come are
    /// either tried or not wanted any more, and must not hide the others.
    pub fn next_retry(&self, now: f64) -> Option<f64> {
        self.pages
            .values()
            .flat_map(BTreeMap::values)
            .filter_map(|surface| match surface {
                Surface::Failed { retry, .. } => *retry,
                _ => None,
            })
            .filter(|retry| *retry > now)
            .min_by(f64::total_cmp)
    }

    /// Surfaces have other keys now. Those that have none are forgotten: answers the bitmaps to release and the
    /// jobs to cancel.
    pub fn rename(&mut self, to: impl Fn(Key) -> Option<Key>) -> (Vec<u32>, Vec<u32>) {
        let old = std::mem::take(self);
        let (mut released, mut cancelled) = (Vec::new(), Vec::new());
        for (page, kind, surface) in old
            .pages
            .into_iter()
            .flat_map(|(page, kinds)| kinds.into_iter().map(move |(kind, x)| (page, kind, x)))
        {
            match (to(Key { page, kind }), surface) {
                (Some(key), surface) => released.extend(self.set(key, surface)),
                (None, Surface::Ready { job, .. }) => released.push(job),
                (None, Surface::Pending { job, .. }) => cancelled.push(job),
                (None, Surface::Failed { .. }) => {}
            }
        }
        (released, cancelled)
    }

    /// Lets everything that failed be tried again.
    pub fn forgive(&mut self) {
        for kinds in self.pages.values_mut() {
            kinds.retain(|_, surface| !matches!(surface, Surface::Failed { .. }));
        }
        self.pages.retain(|_, kinds| !kinds.is_empty());
    }
}
