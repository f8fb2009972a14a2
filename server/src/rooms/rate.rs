//! How fast messages may come: a bucket that fills with time.

/// Messages at once.
const BURST: f64 = 200.;
/// Messages a second in the long run.
const PER_SECOND: f64 = 50.;

/// A connection's bucket.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    left: f64,
    at: u64,
}

impl Rate {
    /// Full; `now` is in milliseconds.
    pub fn new(now: u64) -> Self {
        Self { left: BURST, at: now }
    }

    /// Takes a message of this weight; false when there are too many.
    pub fn take(&mut self, now: u64, weight: f64) -> bool {
        let passed = now.saturating_sub(self.at) as f64 / 1000.;
        self.at = now.max(self.at);
        self.left = (self.left + passed * PER_SECOND).min(BURST) - weight;
        self.left >= 0.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let mut rate = Rate::new(0);
        assert!((0..200).all(|_| rate.take(0, 1.)));
        assert!(!rate.take(0, 1.));
        let mut rate = Rate::new(0);
        assert!((0..10_000).all(|second: u64| (0..50).all(|_| rate.take(second * 1000, 1.))));
        // A clock that goes back gives nothing.
        assert!((0..200).filter(|_| rate.take(0, 1.)).count() < 200);
    }
}
