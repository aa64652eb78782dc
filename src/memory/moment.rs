//! Now, on both clocks, and until when a reply may wait for the store.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One moment: on the clock that never goes back, and on the calendar's.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// For what lasts as long as this process.
    pub instant: Instant,
    /// For what is stored: Unix seconds.
    pub unix: i64,
}

impl Moment {
    /// This one.
    pub fn now() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { instant: Instant::now(), unix: i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX) }
    }
}

/// Until when a reply waits for the store, all its questions to it together.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// So long after `start`.
    pub fn after(start: Moment, wait: Duration) -> Self {
        Self(start.instant + wait)
    }

    /// What is left until then.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
