//! What readers look at, by what their browsers ask for: the part or the image that a page is drawn from. Whoever
//! works through a volume, as OCR does, begins there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many pages are remembered, those of all readers together.
const PAGES: usize = 128;
/// Whoever has turned to a page so long ago has read it, or reads elsewhere.
const LIFETIME: Duration = Duration::from_secs(600);

/// Shared by those who serve and those who work.
#[derive(Clone, Debug, Default)]
pub struct Views(Arc<Mutex<VecDeque<View>>>);

#[derive(Debug)]
struct View {
    sha256: String,
    at: Instant,
}

impl Views {
    fn kept(&self) -> MutexGuard<'_, VecDeque<View>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A browser has asked for this blob. The store's blobs are named by what is in them, so no volume is needed.
    pub fn note(&self, sha256: &str) {
        let mut kept = self.kept();
        kept.retain(|view| view.sha256 != sha256);
        kept.push_front(View { sha256: sha256.to_owned(), at: Instant::now() });
        kept.truncate(PAGES);
    }

    /// What has been asked for lately, the latest first.
    pub fn latest(&self) -> Vec<String> {
        let kept = self.kept();
        kept.iter().filter(|view| view.at.elapsed() < LIFETIME).map(|view| view.sha256.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_comes_first_and_few_are_kept() {
        let views = Views::default();
        for name in ["a", "b", "a"] {
            views.clone().note(name);
        }
        assert_eq!(views.latest(), ["a", "b"]);
        (0..2 * PAGES).for_each(|at| views.note(&at.to_string()));
        assert_eq!((views.latest().len(), views.latest()[0].as_str()), (PAGES, "255"));
    }
}
