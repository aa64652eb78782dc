//! How much one member of a group may ask the bot: a flood by one member leaves the group's rate limit to the others.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// A burst, then one answer a period: half of the twenty a minute of a group.
const BURST: u32 = 5;
const PERIOD: Duration = Duration::from_secs(10);

/// A group and one of its members.
type Member = (i64, i64);

/// The rate limit of the members of groups.
pub struct MemberLimit(Option<RateLimiter<Member, DefaultKeyedStateStore<Member>, DefaultClock>>);

impl MemberLimit {
    /// Unlimited unless `limited`.
    pub fn new(limited: bool) -> Self {
        let quota = Quota::with_period(PERIOD)
            .map(|quota| quota.allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN)));
        Self(quota.filter(|_| limited).map(RateLimiter::keyed))
    }

    /// Whether this member may ask now.
    pub fn check(&self, chat: i64, member: i64) -> bool {
        self.0.as_ref().is_none_or(|members| members.check_key(&(chat, member)).is_ok())
    }

    /// Drops the state of idle members.
    pub fn prune(&self) {
        if let Some(members) = &self.0 {
            members.retain_recent();
        }
    }
}
