//! How much one member of a group may ask the bot: a flood by one member leaves the group's rate limit to the others.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// A burst, then one answer a period: half of the twenty a minute of a group.
const BURST: u32 = 5;
const PERIOD: Duration = Duration::from_secs(10);

/// The same for all commands but questions: nobody needs `/help` more often.
const COMMAND_BURST: u32 = 3;
const COMMAND_PERIOD: Duration = Duration::from_mins(1);

/// A group and one of its members.
type Member = (i64, i64);

type Limiter = RateLimiter<Member, DefaultKeyedStateStore<Member>, DefaultClock>;

/// The rate limits of the members of groups.
pub struct MemberLimit(Option<Limits>);

struct Limits {
    /// Of everything.
    all: Limiter,
    /// Of what is no question.
    commands: Limiter,
}

/// A burst, then one a period.
fn limiter(burst: u32, period: Duration) -> Option<Limiter> {
    let quota = Quota::with_period(period)?.allow_burst(NonZeroU32::new(burst)?);
    Some(RateLimiter::keyed(quota))
}

impl MemberLimit {
    /// Unlimited unless `limited`.
    pub fn new(limited: bool) -> Self {
        let limits = || {
            let all = limiter(BURST, PERIOD)?;
            Some(Limits { all, commands: limiter(COMMAND_BURST, COMMAND_PERIOD)? })
        };
        Self(limited.then(limits).flatten())
    }

    /// Whether this member may ask a question, or give another command, now.
    pub fn check(&self, chat: i64, member: i64, question: bool) -> bool {
        let member = (chat, member);
        self.0.as_ref().is_none_or(|limits| {
            (question || limits.commands.check_key(&member).is_ok()) && limits.all.check_key(&member).is_ok()
        })
    }

    /// Drops the state of idle members.
    pub fn prune(&self) {
        if let Some(Limits { all, commands }) = &self.0 {
            all.retain_recent();
            commands.retain_recent();
        }
    }
}
