//! The bitmaps of the pages: which are there, which are being made, and which cannot be made.

use std::collections::{HashMap, HashSet};

use evolume_model::code::Code;

use super::RETRY_MS;
use super::cache::{Cache, Surface};
use super::motion::GRACE_MS;
use super::tiles::{Key, Kind};

/// Weight of the latest sharp surface in the pace: less when it was slow, as its preview may be to blame.
const PACE_WEIGHTS: (f64, f64) = (0.5, 0.2);

#[derive(Debug)]
pub(super) struct Surfaces {
    cache: Cache,
    failures: HashMap<Key, u32>,
    /// Pages in view whose failure the shell knows of.
    reported: HashSet<u32>,
    /// Pages that PDFium is not done with in time, whatever the size: they stay as their previews.
    timed_out: HashSet<u32>,
    /// Milliseconds that sharp surfaces have taken of late.
    pace: f64,
    jobs: u32,
    updates: u64,
}

impl Default for Surfaces {
    fn default() -> Self {
        Self {
            cache: Cache::default(),
            failures: HashMap::new(),
            reported: HashSet::new(),
            timed_out: HashSet::new(),
            pace: GRACE_MS / 2.,
            jobs: 0,
            updates: 0,
        }
    }
}

/// What is to be done with bitmaps and jobs of pages that are gone.
#[derive(Debug, Default)]
pub(super) struct Dropped {
    pub released: Vec<u32>,
    pub cancelled: Vec<u32>,
}

impl Surfaces {
    /// Another update begins: what it uses is the latest used.
    pub fn begin_update(&mut self) {
        self.updates += 1;
    }

    pub fn get(&self, key: &Key) -> Option<&Surface> {
        self.cache.get(key)
    }

    pub fn is_ready(&self, page: usize, kind: Kind) -> bool {
        self.cache.get(&Key { page: page as u32, kind }).is_some_and(Surface::is_ready)
    }

    /// The surfaces that are of this page alone.
    pub fn of_page(&self, page: usize) -> impl Iterator<Item = (Kind, Surface)> {
        self.cache.of_page(page as u32).filter(|(kind, _)| *kind != Kind::Thumbs)
    }

    /// Whether there is something of a page that can be read.
    pub fn shows(&self, page: usize) -> bool {
        self.of_page(page).any(|(_, surface)| surface.is_ready())
    }

    /// Why a page, or some of its pixels beside the preview, cannot be had.
    pub fn failure(&self, page: usize) -> Option<Code> {
        let failed = || self.of_page(page).find_map(|(kind, x)| lost(&x).filter(|_| kind != Kind::Preview));
        self.is_timed_out(page).then_some(Code::PageTimeout).or_else(failed)
    }

    /// Why there is nothing of a page to be seen.
    pub fn problem(&self, page: usize) -> Option<Code> {
        let lost = self.of_page(page).find_map(|(_, surface)| lost(&surface));
        lost.or_else(|| self.is_timed_out(page).then_some(Code::PageTimeout))
    }

    pub fn is_timed_out(&self, page: usize) -> bool {
        self.timed_out.contains(&(page as u32))
    }

    /// Which of these failures are news; the others have been reported, and those that are not among them are
    /// again when they come back.
    pub fn report(&mut self, failed: &[(usize, Code)]) -> Vec<(usize, Code)> {
        let news = failed.iter().filter(|(page, _)| !self.reported.contains(&(*page as u32)));
        let news = news.copied().collect();
        self.reported = failed.iter().map(|(page, _)| *page as u32).collect();
        news
    }

    /// Sharp pixels have come so quickly of late that a preview would only delay them.
    pub fn is_quick(&self) -> bool {
        self.pace < GRACE_MS
    }

    /// Every running job.
    pub fn running(&self) -> impl Iterator<Item = (u32, Key)> {
        self.cache.running()
    }

    /// Notes that a surface is in use.
    pub fn touch(&mut self, key: &Key) {
        self.cache.touch(key, self.updates);
    }

    /// Notes that a bitmap is in use.
    pub fn touch_bitmap(&mut self, bitmap: u32) {
        self.cache.touch_bitmap(bitmap, self.updates);
    }

    /// A job for a surface: its number, and whether it has to go past every cache.
    pub fn begin(&mut self, now: f64, key: Key) -> (u32, bool) {
        self.jobs += 1;
        self.cache.set(key, Surface::Pending { job: self.jobs, since: now });
        (self.jobs, self.failures.contains_key(&key))
    }

    /// A surface is not wanted any more.
    pub fn forget(&mut self, key: &Key) -> Option<u32> {
        self.cache.remove(key)
    }

    /// A job's bitmap is there; answers the one that is not needed any more, perhaps itself. `learns` while the
    /// time it took says something: the first ones wait for the worker to start.
    pub fn done(&mut self, now: f64, job: u32, bytes: u64, learns: bool) -> Option<u32> {
        let Some(key) = self.cache.key_of(job) else { return Some(job) };
        self.failures.remove(&key);
        if learns {
            self.note_pace(now, &key);
        }
        self.cache.set(key, Surface::Ready { job, bytes, used: self.updates })
    }

    fn note_pace(&mut self, now: f64, key: &Key) {
        if matches!(key.kind, Kind::Preview | Kind::Thumbs) {
            return;
        }
        if let Some(Surface::Pending { since, .. }) = self.cache.get(key) {
            let more = now - since - self.pace;
            self.pace += more * if more < 0. { PACE_WEIGHTS.0 } else { PACE_WEIGHTS.1 };
        }
    }

    /// A job failed: whether it is tried again, and when. Answers its page if it is still wanted.
    pub fn fail(&mut self, now: f64, job: u32, code: Code) -> Option<usize> {
        let key = self.cache.key_of(job)?;
        let times = *self.failures.entry(key).and_modify(|n| *n += 1).or_insert(1);
        let retry = match code {
            Code::ServerGone | Code::ServerBusy => Some(now + RETRY_MS * f64::from(times.min(5))),
            Code::PageTimeout => {
                self.timed_out.insert(key.page);
                None
            }
            _ if times == 1 => Some(now),
            _ => None,
        };
        self.cache.set(key, Surface::Failed { code, times, retry });
        Some(key.page as usize)
    }

    /// Releases the longest unused bitmaps until the budget holds.
    pub fn shrink(&mut self, budget: u64) -> Vec<u32> {
        self.cache.shrink(budget, self.updates)
    }

    /// Lets everything that failed be tried again.
    pub fn forgive(&mut self) {
        self.cache.forgive();
    }

    pub fn next_retry(&self, now: f64) -> Option<f64> {
        self.cache.next_retry(now)
    }

    /// Pages have other numbers now, or are gone.
    pub fn renumber(&mut self, to: impl Fn(usize) -> Option<usize>) -> Dropped {
        let page = |page: u32| to(page as usize).map(|page| page as u32);
        let key = |old: Key| page(old.page).map(|page| Key { page, ..old });
        let failures = std::mem::take(&mut self.failures);
        self.failures = failures.into_iter().filter_map(|(old, times)| Some((key(old)?, times))).collect();
        for pages in [&mut self.reported, &mut self.timed_out] {
            *pages = std::mem::take(pages).into_iter().filter_map(page).collect();
        }
        let (released, cancelled) = self.cache.rename(key);
        Dropped { released, cancelled }
    }

    #[cfg(test)]
    pub fn jobs(&self) -> u32 {
        self.jobs
    }

    #[cfg(test)]
    pub fn bytes(&self) -> u64 {
        self.cache.bytes()
    }
}

/// Why a surface will never be there.
fn lost(surface: &Surface) -> Option<Code> {
    match surface {
        Surface::Failed { code, retry: None, .. } => Some(*code),
        _ => None,
    }
}
