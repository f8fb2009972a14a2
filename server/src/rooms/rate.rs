//! How often something may happen: a bucket that fills with time.

/// How much a bucket holds, and how fast it fills.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    burst: f64,
    per_second: f64,
}

/// Messages of one connection.
pub const MESSAGES: Limit = Limit { burst: 200., per_second: 50. };
/// Refusals of one person that cost the room its twin: a fresh copy of a large layer takes a third of a second.
pub const REBUILDS: Limit = Limit { burst: 3., per_second: 1. / 60. };

/// Channels that one socket opens: each can mean to read a whole document.
pub const OPENS: Limit = Limit { burst: 20., per_second: 5. };

/// A bucket.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    limit: Limit,
    left: f64,
    at: u64,
}

impl Rate {
    /// Full; `now` is in milliseconds.
    pub fn new(now: u64, limit: Limit) -> Self {
        Self { limit, left: limit.burst, at: now }
    }

    /// Takes one thing of this weight out; false when there are too many.
    pub fn take(&mut self, now: u64, weight: f64) -> bool {
        self.fill(now);
        self.left -= weight;
        self.left >= 0.
    }

    /// Whether one more would be too many.
    pub fn is_empty(&mut self, now: u64) -> bool {
        self.fill(now);
        self.left < 1.
    }

    /// Whether it need not be remembered.
    pub fn is_full(&mut self, now: u64) -> bool {
        self.fill(now);
        self.left >= self.limit.burst
    }

    fn fill(&mut self, now: u64) {
        let passed = now.saturating_sub(self.at) as f64 / 1000.;
        self.at = now.max(self.at);
        self.left = (self.left + passed * self.limit.per_second).min(self.limit.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let mut rate = Rate::new(0, MESSAGES);
        assert!((0..200).all(|_| rate.take(0, 1.)));
        assert!(!rate.take(0, 1.));
        let mut rate = Rate::new(0, MESSAGES);
        assert!((0..10_000).all(|second: u64| (0..50).all(|_| rate.take(second * 1000, 1.))));
        // A clock that goes back gives nothing.
        assert!((0..200).filter(|_| rate.take(0, 1.)).count() < 200);
    }

    #[test]
    fn what_was_taken_comes_back_with_time() {
        let mut rate = Rate::new(0, REBUILDS);
        assert!(rate.is_full(0) && (0..3).all(|_| rate.take(0, 1.)));
        assert!(rate.is_empty(59_000) && !rate.is_empty(61_000));
        assert!(!rate.is_full(179_000) && rate.is_full(181_000));
    }
}
