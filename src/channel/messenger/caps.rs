//! How much one person may ask, and how often the same notice goes to them.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use moka::sync::Cache;

/// The rate limit of one person: so many answers at once, then one in each period, which is twenty a minute.
const BURST: u32 = 10;
const PERIOD: Duration = Duration::from_secs(3);

/// How long a message that was taken back is known as such: until its own event has come and gone.
const UNSENT_TTL: Duration = Duration::from_hours(1);

/// The same notice goes to a person at most once in this time.
const NOTICE_TTL: Duration = Duration::from_mins(10);

type People = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>;

/// What somebody who sends too much is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// Some of it was not answered.
    TooMany,
    /// It is answered later.
    SlowDown,
}

/// How much one person may ask.
pub struct Caps {
    pub(super) people: Option<People>,
    /// Messages that were taken back, by person and id.
    pub(super) unsent: Cache<(String, String), ()>,
    /// Which notices a person got lately.
    pub(super) notices: Cache<(String, Notice), ()>,
}

impl Default for Caps {
    fn default() -> Self {
        let quota = Quota::with_period(PERIOD)
            .map(|quota| quota.allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN)));
        Self {
            people: quota.map(RateLimiter::keyed),
            unsent: Cache::builder().max_capacity(10_000).time_to_live(UNSENT_TTL).build(),
            notices: Cache::builder().max_capacity(10_000).time_to_live(NOTICE_TTL).build(),
        }
    }
}

impl Caps {
    /// Drops the state of people who have not asked for a while.
    pub fn tidy(&self) {
        if let Some(people) = &self.people {
            people.retain_recent();
        }
    }
}
