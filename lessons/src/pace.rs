//! How often something on the page may be drawn again: a limit per second, and a share of the time.
//! Knows nothing of what is drawn; it is told the time, so that tests need no clock.

use std::time::Duration;

/// Drawing may take at most one part in this many of the running time.
const SHARE: u32 = 50;

/// Says when the next drawing is due.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    shortest: Duration,
    next: Duration,
}

impl Pace {
    /// At most one drawing per `shortest`; the first is due at once.
    pub(crate) fn new(shortest: Duration) -> Self {
        Self {
            shortest,
            next: Duration::ZERO,
        }
    }

    /// Whether a drawing is due, `now` after the start.
    pub(crate) fn due(&self, now: Duration) -> bool {
        now >= self.next
    }

    /// A drawing that began at `from` ended at `to`: a slow one is followed by a longer rest.
    pub(crate) fn drawn(&mut self, from: Duration, to: Duration) {
        let cost = to.saturating_sub(from);
        self.next = to + self.shortest.max(cost * SHARE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_keep_their_distance_and_slow_ones_more() {
        let ms = Duration::from_millis;
        let mut pace = Pace::new(ms(100));
        assert!(pace.due(ms(0)));
        pace.drawn(ms(0), ms(1));
        assert!(!pace.due(ms(100)) && pace.due(ms(101)));
        pace.drawn(ms(101), ms(111));
        assert!(
            !pace.due(ms(610)) && pace.due(ms(611)),
            "10 ms rest for 500"
        );
    }
}
