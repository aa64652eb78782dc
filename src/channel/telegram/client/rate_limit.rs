//! The rate limit of what is sent: per chat, per group and minute, and overall, below what Telegram allows.
//!
//! Telegram's FAQ for bots: about one message a second in a chat with short bursts, twenty a minute in a group, about
//! thirty a second in all. A token bucket lets its burst and its rate through in one period, so the two add up to the
//! limit. A 429 pauses the chat it came for and no other. Replicas share a group's minute through the store, and divide the
//! overall limit by their number; a private chat has one replica at a time, since Telegram delivers its updates in order.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout_at};

use crate::channel::telegram::identity;
use crate::memory::NOTE_TIMEOUT;
use crate::store::{HeldLock, Store, within};

/// 25 + 5 in a second.
const OVERALL: (u32, u32) = (25, 5);
/// One a second after a burst of three.
const CHAT_BURST: u32 = 3;
/// Fifteen a minute and a burst of five are twenty in any minute.
const GROUP_PERIOD: u32 = 4;
const GROUP_BURST: u32 = 5;
/// Queries a second for a place in a group's shared minute, of all messages that wait for one.
const MINUTE_QUERIES: u32 = 2;

/// How often replicas count each other.
const COUNT_PERIOD: Duration = Duration::from_secs(5);

/// Above this number of paused chats, expired pauses are dropped.
const MAX_PAUSES: usize = 1_000;

type Keyed = RateLimiter<i64, DefaultKeyedStateStore<i64>, DefaultClock>;

/// The rate limit of one bot.
pub struct RateLimit {
    limits: Option<Limits>,
    pauses: Mutex<HashMap<i64, Instant>>,
    replicas: AtomicU32,
    /// Set where other replicas send to the same groups.
    shared: Option<Store>,
}

struct Limits {
    overall: ArcSwap<Overall>,
    chats: Keyed,
    groups: Keyed,
    /// Queries for a place in the minute that replicas share.
    minute_queries: Keyed,
}

type Overall = RateLimiter<NotKeyed, InMemoryState, DefaultClock>;

/// The overall limit of one of `replicas`.
fn overall_of(replicas: u32) -> Overall {
    let (rate, most) = (OVERALL.0 / replicas.max(1), OVERALL.1 / replicas.max(1));
    RateLimiter::direct(Quota::per_second(burst(rate)).allow_burst(burst(most)))
}

/// The rate limit leaves no room before the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineExceeded;

fn burst(most: u32) -> NonZeroU32 {
    NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN)
}

impl RateLimit {
    /// Without `limited` only pauses count. Replicas that share a store pass it as `shared`.
    pub fn new(limited: bool, shared: Option<Store>) -> Self {
        let limits = limited.then(|| Limits {
            overall: ArcSwap::from_pointee(overall_of(1)),
            chats: RateLimiter::keyed(Quota::per_second(NonZeroU32::MIN).allow_burst(burst(CHAT_BURST))),
            groups: RateLimiter::keyed(
                Quota::with_period(Duration::from_secs(GROUP_PERIOD.into()))
                    .unwrap_or(Quota::per_minute(NonZeroU32::MIN))
                    .allow_burst(burst(GROUP_BURST)),
            ),
            minute_queries: RateLimiter::keyed(Quota::per_second(burst(MINUTE_QUERIES))),
        });
        Self { limits, pauses: Mutex::default(), replicas: AtomicU32::new(1), shared }
    }

    /// Waits until a message may go to `chat`: for its pause, its own rate, and last the overall rate, so that a chat that
    /// waits takes nothing from others.
    ///
    /// # Errors
    /// That would be after `deadline`.
    pub async fn acquire(&self, chat: i64, deadline: Instant) -> Result<(), DeadlineExceeded> {
        self.take(chat, deadline, true).await
    }

    /// The same for an edit, which takes no place in a group's minute: whoever presses a button looks at the message.
    ///
    /// # Errors
    /// That would be after `deadline`.
    pub async fn acquire_edit(&self, chat: i64, deadline: Instant) -> Result<(), DeadlineExceeded> {
        self.take(chat, deadline, false).await
    }

    async fn take(&self, chat: i64, deadline: Instant, is_new: bool) -> Result<(), DeadlineExceeded> {
        while let Some(until) = self.paused(chat) {
            if until > deadline {
                return Err(DeadlineExceeded);
            }
            sleep_until(until).await;
        }
        let Some(limits) = &self.limits else { return Ok(()) };
        let acquired = async {
            limits.chats.until_key_ready(&chat).await;
            // Groups have negative ids.
            if chat < 0 && is_new {
                self.minute(limits, chat).await;
            }
            limits.overall.load_full().until_ready().await;
            Ok(())
        };
        timeout_at(deadline, acquired).await.unwrap_or(Err(DeadlineExceeded))
    }

    /// Waits for a place in a group's minute. No place is reserved ahead: a message that is withdrawn while it waits would
    /// leave it empty.
    async fn minute(&self, limits: &Limits, chat: i64) {
        while let Some(store) = self.shared.clone() {
            let group = identity::group(chat);
            let rate = (GROUP_BURST.into(), GROUP_PERIOD.into());
            let place = async move { store.take_place(&group, rate, identity::now()).await };
            match within(NOTE_TIMEOUT, place).await {
                Some(Ok(true)) => return,
                Some(Ok(false)) => limits.minute_queries.until_key_ready(&chat).await,
                Some(Err(_)) | None => break,
            }
        }
        limits.groups.until_key_ready(&chat).await;
    }

    /// Where there are replicas, counts them and divides the overall limit by their number; else it never ends.
    pub async fn follow_replicas(&self) {
        let Some(store) = &self.shared else { return std::future::pending().await };
        let mut seat = None;
        let mut ticks = interval(COUNT_PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let is_seated = match &mut seat {
                Some(held) => HeldLock::is_held(held).await,
                None => false,
            };
            if !is_seated {
                seat = store.take_seat().await.ok();
            }
            if let Ok(replicas) = store.replicas().await {
                self.divide_by(replicas);
            }
        }
    }

    /// From now on the overall limit is divided by `replicas`.
    fn divide_by(&self, replicas: u32) {
        if self.replicas.swap(replicas, Ordering::Relaxed) != replicas
            && let Some(limits) = &self.limits
        {
            limits.overall.store(Arc::new(overall_of(replicas)));
        }
    }

    /// Sends nothing to `chat` for this time.
    pub fn pause(&self, chat: i64, time: Duration) {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        if pauses.len() >= MAX_PAUSES {
            let now = Instant::now();
            pauses.retain(|_, until| *until > now);
        }
        pauses.insert(chat, Instant::now() + time);
    }

    /// The end of the pause of `chat`.
    pub fn paused(&self, chat: i64) -> Option<Instant> {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        let until = *pauses.get(&chat)?;
        if until > Instant::now() {
            return Some(until);
        }
        pauses.remove(&chat);
        None
    }

    /// Drops the state of idle chats.
    pub fn prune(&self) {
        if let Some(limits) = &self.limits {
            limits.chats.retain_recent();
            limits.groups.retain_recent();
            limits.minute_queries.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: i64 = -100_500;

    fn soon() -> Instant {
        Instant::now() + Duration::from_mins(1)
    }

    /// How long it takes to acquire these one after the other: longer on a busy machine, never shorter.
    async fn acquire_all(
        limit: &RateLimit,
        chats: impl IntoIterator<Item = i64>,
    ) -> Result<Duration, DeadlineExceeded> {
        let start = Instant::now();
        for chat in chats {
            limit.acquire(chat, soon()).await?;
        }
        Ok(start.elapsed())
    }

    #[tokio::test]
    async fn a_chat_gets_three_at_once_and_then_one_a_second() -> Result<(), DeadlineExceeded> {
        let took = acquire_all(&RateLimit::new(true, None), [7; 5]).await?;
        assert!(took > Duration::from_millis(1_900), "{took:?}");
        Ok(())
    }

    #[tokio::test]
    async fn a_group_gets_no_more_than_twenty_a_minute() -> Result<(), DeadlineExceeded> {
        let limit = RateLimit::new(true, None);
        // Five at once and one every four seconds are twenty in a minute.
        let took = acquire_all(&limit, [GROUP; 6]).await?;
        assert!(took > Duration::from_millis(3_900), "{took:?}");
        let late = limit.acquire(GROUP, Instant::now() + Duration::from_millis(200)).await;
        assert_eq!(late, Err(DeadlineExceeded), "what would be after the deadline is given up");
        assert_eq!(limit.acquire(GROUP - 1, Instant::now()).await, Ok(()), "another group's is its own");
        Ok(())
    }

    #[tokio::test]
    async fn a_wait_that_is_given_up_leaves_no_place_empty() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("uttor.db").display());
        let limit = || async { anyhow::Ok(RateLimit::new(true, Some(Store::open(&url).await?))) };
        let replicas = [limit().await?, limit().await?];
        let wait = async |replica: &RateLimit| {
            if let Some(limits) = &replica.limits {
                replica.minute(limits, GROUP).await;
            }
        };
        for place in 0..5 {
            wait(&replicas[place % 2]).await;
        }
        let waits = replicas.iter().cycle().take(6).map(|replica| {
            let deadline = Duration::from_millis(300);
            async move { tokio::time::timeout(deadline, wait(replica)).await.is_err() }
        });
        let given_up = futures_util::future::join_all(waits).await;
        assert_eq!(given_up, [true; 6], "five are there at once");
        // The next one comes back four seconds after the first was taken.
        for replica in &replicas {
            tokio::time::timeout(Duration::from_secs(15), wait(replica)).await?;
        }
        Ok(())
    }

    #[tokio::test]
    async fn overall_there_are_no_more_than_thirty_in_a_second_and_replicas_share_them()
    -> Result<(), DeadlineExceeded> {
        let took = acquire_all(&RateLimit::new(true, None), 1..=30).await?;
        assert!(took > Duration::from_millis(900), "{took:?}");
        let shared = RateLimit::new(true, None);
        shared.divide_by(2);
        let took = acquire_all(&shared, 1..=14).await?;
        assert!(took > Duration::from_millis(900), "half of it: {took:?}");
        shared.divide_by(1);
        let took = acquire_all(&RateLimit::new(false, None), 1..=1_000).await?;
        assert!(took < Duration::from_secs(30), "no limits: {took:?}");
        Ok(())
    }

    #[tokio::test]
    async fn a_chat_that_waits_takes_nothing_from_others() -> Result<(), DeadlineExceeded> {
        let limit = Arc::new(RateLimit::new(true, None));
        acquire_all(&limit, [7; 3]).await?;
        let deadline = soon();
        let waiting: Vec<_> = (0..100)
            .map(|_| {
                let limit = Arc::clone(&limit);
                tokio::spawn(async move { limit.acquire(7, deadline).await })
            })
            .collect();
        tokio::task::yield_now().await;
        // Two of five at once are left, and nothing has to be waited for.
        assert_eq!(limit.acquire(8, Instant::now()).await, Ok(()));
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_wait_pauses_its_chat_alone_and_not_past_the_deadline() {
        let limit = RateLimit::new(false, None);
        limit.pause(7, Duration::from_mins(1));
        let start = Instant::now();
        assert_eq!(limit.acquire(8, Instant::now()).await, Ok(()), "another chat does not wait");
        assert_eq!(limit.acquire(7, start + Duration::from_secs(59)).await, Err(DeadlineExceeded));
        assert_eq!(start.elapsed(), Duration::ZERO, "that is known at once");
        assert_eq!(limit.acquire(7, start + Duration::from_secs(61)).await, Ok(()));
        assert_eq!(start.elapsed(), Duration::from_mins(1));
        assert_eq!(limit.paused(7), None);
    }
}
