//! How much one member of a group may ask the bot: a flood by one leaves the group's budget to the others.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// One member gets so many answers at once, then one every so often: half of the twenty a minute of a group.
const BURST: u32 = 5;
const PERIOD: Duration = Duration::from_secs(10);

/// A group and one of its members.
type Member = (i64, i64);

/// What members of groups may ask.
pub struct Members(Option<RateLimiter<Member, DefaultKeyedStateStore<Member>, DefaultClock>>);

impl Members {
    /// Bounds it, or not.
    pub fn new(limited: bool) -> Self {
        let quota = Quota::with_period(PERIOD)
            .map(|quota| quota.allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN)));
        Self(quota.filter(|_| limited).map(RateLimiter::keyed))
    }

    /// Whether this member may ask now.
    pub fn may_ask(&self, chat: i64, member: i64) -> bool {
        self.0.as_ref().is_none_or(|members| members.check_key(&(chat, member)).is_ok())
    }

    /// Forgets those who have long been quiet.
    pub fn tidy(&self) {
        if let Some(members) = &self.0 {
            members.retain_recent();
        }
    }
}
