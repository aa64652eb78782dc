//! How fast messages are sent: per chat, per group and minute, and overall, below what Telegram allows.
//!
//! Telegram's FAQ for bots: about one message a second in a chat with short bursts, twenty a minute in a group, about
//! thirty a second in all. A bucket lets its burst and its rate through in one period, so the two add up to the limit.
//! A 429 pauses the chat it came for and no other. Replicas share a group's minute by the store, and the overall limit by
//! dividing it; what goes to one person goes through one of them at a time, as a webhook brings it.

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
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::channel::telegram::group::settings;
use crate::channel::telegram::now;
use crate::memory::NOTE_TIMEOUT;
use crate::store::{Store, within};

/// 25 + 5 in a second.
const OVERALL: (u32, u32) = (25, 5);
/// One a second after a burst of three.
const CHAT_BURST: u32 = 3;
/// Fifteen a minute and a burst of five are twenty in any minute.
const GROUP_PERIOD: u32 = 4;
const GROUP_BURST: u32 = 5;
/// How often in a second all who find no place in a group's shared minute look again.
const LOOKS: u32 = 2;

/// So many paused chats are kept before those that are over are thrown out.
const PAUSES: usize = 1_000;

type Keyed = RateLimiter<i64, DefaultKeyedStateStore<i64>, DefaultClock>;

/// The sending budget of one bot.
pub struct Pace {
    limits: Option<Limits>,
    pauses: Mutex<HashMap<i64, Instant>>,
    replicas: AtomicU32,
    /// Where others send to the same groups.
    shared: Option<Store>,
}

struct Limits {
    overall: ArcSwap<Overall>,
    chats: Keyed,
    groups: Keyed,
    /// Looks for a place in the minute that a group's replicas share.
    looks: Keyed,
}

type Overall = RateLimiter<NotKeyed, InMemoryState, DefaultClock>;

/// The overall limit of one of so many replicas.
fn overall(replicas: u32) -> Overall {
    let (rate, most) = (OVERALL.0 / replicas.max(1), OVERALL.1 / replicas.max(1));
    RateLimiter::direct(Quota::per_second(burst(rate)).allow_burst(burst(most)))
}

/// The turn would come after the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate;

fn burst(most: u32) -> NonZeroU32 {
    NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN)
}

impl Pace {
    /// Keeps Telegram's limits, or only its pauses; a group's together with all who use the store.
    pub fn new(limited: bool, shared: Option<Store>) -> Self {
        let limits = limited.then(|| Limits {
            overall: ArcSwap::from_pointee(overall(1)),
            chats: RateLimiter::keyed(Quota::per_second(NonZeroU32::MIN).allow_burst(burst(CHAT_BURST))),
            groups: RateLimiter::keyed(
                Quota::with_period(Duration::from_secs(GROUP_PERIOD.into()))
                    .unwrap_or(Quota::per_minute(NonZeroU32::MIN))
                    .allow_burst(burst(GROUP_BURST)),
            ),
            looks: RateLimiter::keyed(Quota::per_second(burst(LOOKS))),
        });
        Self { limits, pauses: Mutex::default(), replicas: AtomicU32::new(1), shared }
    }

    /// Waits for the turn of `chat`: its pause, its own rate, and last the overall one, so that a chat that waits
    /// takes nothing from others.
    ///
    /// # Errors
    /// [`TooLate`]
    pub async fn turn(&self, chat: i64, deadline: Instant) -> Result<(), TooLate> {
        while let Some(until) = self.paused(chat) {
            if until > deadline {
                return Err(TooLate);
            }
            sleep_until(until).await;
        }
        let Some(limits) = &self.limits else { return Ok(()) };
        let turn = async {
            limits.chats.until_key_ready(&chat).await;
            // Groups have negative ids.
            if chat < 0 {
                self.minute(limits, chat).await;
            }
            limits.overall.load_full().until_ready().await;
            Ok(())
        };
        timeout_at(deadline, turn).await.unwrap_or(Err(TooLate))
    }

    /// Waits for a place in the minute of a group. None is taken ahead: whoever is taken back while it waits would leave
    /// it empty.
    async fn minute(&self, limits: &Limits, chat: i64) {
        while let Some(store) = self.shared.clone() {
            let group = settings::group(chat);
            let rate = (GROUP_BURST.into(), GROUP_PERIOD.into());
            let place = async move { store.take_place(&group, rate, now()).await };
            match within(NOTE_TIMEOUT, place).await {
                Some(Ok(true)) => return,
                Some(Ok(false)) => limits.looks.until_key_ready(&chat).await,
                Some(Err(_)) | None => break,
            }
        }
        limits.groups.until_key_ready(&chat).await;
    }

    /// The overall limit is shared by so many replicas from now on.
    pub fn share(&self, replicas: u32) {
        if self.replicas.swap(replicas, Ordering::Relaxed) != replicas
            && let Some(limits) = &self.limits
        {
            limits.overall.store(Arc::new(overall(replicas)));
        }
    }

    /// Nothing goes to `chat` for so long.
    pub fn pause(&self, chat: i64, time: Duration) {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        if pauses.len() >= PAUSES {
            let now = Instant::now();
            pauses.retain(|_, until| *until > now);
        }
        pauses.insert(chat, Instant::now() + time);
    }

    /// Until when nothing goes to `chat`.
    pub fn paused(&self, chat: i64) -> Option<Instant> {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        let until = *pauses.get(&chat)?;
        if until > Instant::now() {
            return Some(until);
        }
        pauses.remove(&chat);
        None
    }

    /// Forgets chats that have long been quiet.
    pub fn tidy(&self) {
        if let Some(limits) = &self.limits {
            limits.chats.retain_recent();
            limits.groups.retain_recent();
            limits.looks.retain_recent();
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

    /// How long these turns take, one after the other. They may take longer where the machine is busy, never shorter.
    async fn turns(pace: &Pace, chats: impl IntoIterator<Item = i64>) -> Result<Duration, TooLate> {
        let start = Instant::now();
        for chat in chats {
            pace.turn(chat, soon()).await?;
        }
        Ok(start.elapsed())
    }

    #[tokio::test]
    async fn a_chat_gets_three_at_once_and_then_one_a_second() -> Result<(), TooLate> {
        let took = turns(&Pace::new(true, None), [7; 5]).await?;
        assert!(took > Duration::from_millis(1_900), "{took:?}");
        Ok(())
    }

    #[tokio::test]
    async fn a_group_gets_no_more_than_twenty_a_minute() -> Result<(), TooLate> {
        let pace = Pace::new(true, None);
        // Five at once and one every four seconds are twenty in a minute.
        let took = turns(&pace, [GROUP; 6]).await?;
        assert!(took > Duration::from_millis(3_900), "{took:?}");
        let late = pace.turn(GROUP, Instant::now() + Duration::from_millis(200)).await;
        assert_eq!(late, Err(TooLate), "a turn that is due after the deadline is given up");
        assert_eq!(pace.turn(GROUP - 1, Instant::now()).await, Ok(()), "another group's is its own");
        Ok(())
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_leaves_no_place_empty() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("uttor.db").display());
        let pace = || async { anyhow::Ok(Pace::new(true, Some(Store::open(&url).await?))) };
        let replicas = [pace().await?, pace().await?];
        let wait = async |replica: &Pace| {
            if let Some(limits) = &replica.limits {
                replica.minute(limits, GROUP).await;
            }
        };
        for turn in 0..5 {
            wait(&replicas[turn % 2]).await;
        }
        let impatient = replicas.iter().cycle().take(6).map(|replica| {
            let patience = Duration::from_millis(300);
            async move { tokio::time::timeout(patience, wait(replica)).await.is_err() }
        });
        let given_up = futures_util::future::join_all(impatient).await;
        assert_eq!(given_up, [true; 6], "five are there at once");
        // The next one comes back four seconds after the first was taken.
        for replica in &replicas {
            tokio::time::timeout(Duration::from_secs(15), wait(replica)).await?;
        }
        Ok(())
    }

    #[tokio::test]
    async fn overall_there_are_no_more_than_thirty_in_a_second_and_replicas_share_them() -> Result<(), TooLate>
    {
        let took = turns(&Pace::new(true, None), 1..=30).await?;
        assert!(took > Duration::from_millis(900), "{took:?}");
        let shared = Pace::new(true, None);
        shared.share(2);
        let took = turns(&shared, 1..=14).await?;
        assert!(took > Duration::from_millis(900), "half of it: {took:?}");
        shared.share(1);
        let took = turns(&Pace::new(false, None), 1..=1_000).await?;
        assert!(took < Duration::from_secs(30), "no limits: {took:?}");
        Ok(())
    }

    #[tokio::test]
    async fn a_chat_that_waits_takes_nothing_from_others() -> Result<(), TooLate> {
        let pace = Arc::new(Pace::new(true, None));
        turns(&pace, [7; 3]).await?;
        let deadline = soon();
        let waiting: Vec<_> = (0..100)
            .map(|_| {
                let pace = Arc::clone(&pace);
                tokio::spawn(async move { pace.turn(7, deadline).await })
            })
            .collect();
        tokio::task::yield_now().await;
        // Two of five at once are left, and nothing has to be waited for.
        assert_eq!(pace.turn(8, Instant::now()).await, Ok(()));
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_wait_pauses_its_chat_alone_and_not_past_the_deadline() {
        let pace = Pace::new(false, None);
        pace.pause(7, Duration::from_mins(1));
        let start = Instant::now();
        assert_eq!(pace.turn(8, Instant::now()).await, Ok(()), "another chat's turn is at once");
        assert_eq!(pace.turn(7, start + Duration::from_secs(59)).await, Err(TooLate));
        assert_eq!(start.elapsed(), Duration::ZERO, "that is known at once");
        assert_eq!(pace.turn(7, start + Duration::from_secs(61)).await, Ok(()));
        assert_eq!(start.elapsed(), Duration::from_mins(1));
        assert_eq!(pace.paused(7), None);
    }
}
