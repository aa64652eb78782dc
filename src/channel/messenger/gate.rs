//! When nothing may be sent: after too many requests, while the Page is restricted, with a dead token.

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::failure::Failure;

/// Below the 300 text messages a second that one Page may send (Messenger Platform, rate limiting).
const PER_SECOND: u32 = 200;
const BURST: u32 = 50;

/// How long a restricted Page sends nothing, at first and at most.
const RESTRICTED: Duration = Duration::from_mins(30);
const RESTRICTED_AT_MOST: Duration = Duration::from_hours(4);

/// Why nothing is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Closed {
    /// Until then.
    until: Option<Instant>,
    /// Until somebody mends this.
    dead: Option<String>,
}

/// What all sends go through.
pub struct Gate {
    pace: RateLimiter<NotKeyed, InMemoryState, DefaultClock>,
    closed: watch::Sender<Closed>,
    restricted: Mutex<Duration>,
}

/// The turn did not come in time, or nothing can be sent until somebody does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// It would be too late.
    TooLate,
    /// The token is dead.
    Dead,
}

impl Default for Gate {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            pace: RateLimiter::direct(Quota::per_second(number(PER_SECOND)).allow_burst(number(BURST))),
            closed: watch::Sender::default(),
            restricted: Mutex::new(RESTRICTED),
        }
    }
}

impl Gate {
    /// Waits until something may be sent.
    ///
    /// # Errors
    /// [`Shut`]
    pub async fn pass(&self, deadline: Instant) -> Result<(), Shut> {
        loop {
            let closed = self.closed.borrow().clone();
            if closed.dead.is_some() {
                return Err(Shut::Dead);
            }
            match closed.until {
                Some(until) if until > deadline => return Err(Shut::TooLate),
                Some(until) if until > Instant::now() => sleep_until(until).await,
                _ => break,
            }
        }
        timeout_at(deadline, self.pace.until_ready()).await.map_err(|_| Shut::TooLate)
    }

    /// Whether nothing may be sent now.
    pub fn is_closed(&self) -> bool {
        let closed = self.closed.borrow();
        closed.dead.is_some() || closed.until.is_some_and(|until| until > Instant::now())
    }

    /// What must be mended before anything is sent.
    pub fn trouble(&self) -> Option<String> {
        self.closed.borrow().dead.clone()
    }

    /// Something was sent: a restriction that comes next is a new one.
    pub fn sent(&self) {
        *self.restricted() = RESTRICTED;
    }

    /// Closes for as long as `failure` wants it.
    pub fn failed(&self, failure: &Failure) {
        match failure {
            Failure::Rate(wait) => self.close_for(*wait, failure),
            Failure::Restricted => {
                let wait = {
                    let mut next = self.restricted();
                    let wait = *next;
                    *next = (wait * 2).min(RESTRICTED_AT_MOST);
                    wait
                };
                self.close_for(wait, failure);
            }
            Failure::Token(_) | Failure::Secret | Failure::Blocked | Failure::Version => {
                let line = failure.to_string();
                let is_news = self.closed.send_if_modified(|closed| {
                    let is_news = closed.dead.is_none();
                    closed.dead = Some(line.clone());
                    is_news
                });
                if is_news {
                    tracing::error!("Messenger: nothing is sent any more: {line}");
                }
            }
            _ => {}
        }
    }

    fn close_for(&self, wait: Duration, failure: &Failure) {
        let until = Instant::now() + wait;
        let is_news = self.closed.send_if_modified(|closed| {
            let is_news = closed.until.is_none_or(|old| old <= Instant::now());
            closed.until = closed.until.max(Some(until));
            is_news
        });
        if is_news {
            tracing::warn!("Messenger: nothing is sent for {} s: {failure}", wait.as_secs());
        }
    }

    /// What was dead lives.
    pub fn mended(&self) {
        let was_dead = self.closed.send_if_modified(|closed| closed.dead.take().is_some());
        if was_dead {
            tracing::info!("Messenger: messages are sent again");
        }
    }

    fn restricted(&self) -> MutexGuard<'_, Duration> {
        self.restricted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn too_many_requests_close_the_gate_and_time_opens_it() {
        let gate = Gate::default();
        let start = Instant::now();
        gate.failed(&Failure::Rate(Duration::from_mins(2)));
        assert!(gate.is_closed());
        assert_eq!(gate.pass(start + Duration::from_mins(1)).await, Err(Shut::TooLate));
        assert_eq!(gate.pass(start + Duration::from_mins(3)).await, Ok(()));
        assert!(start.elapsed() >= Duration::from_mins(2));
        assert!(!gate.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_restriction_lasts_twice_as_long_each_time() {
        let gate = Gate::default();
        for minutes in [30, 60, 120, 240, 240] {
            let start = Instant::now();
            gate.failed(&Failure::Restricted);
            assert_eq!(gate.pass(start + Duration::from_hours(9)).await, Ok(()));
            assert_eq!(start.elapsed().as_secs() / 60, minutes);
        }
        gate.sent();
        let start = Instant::now();
        gate.failed(&Failure::Restricted);
        assert_eq!(gate.pass(start + Duration::from_hours(9)).await, Ok(()));
        assert_eq!(start.elapsed().as_secs() / 60, 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_token_closes_it_until_it_is_mended() {
        let gate = Gate::default();
        gate.failed(&Failure::Token("expired".to_owned()));
        assert_eq!(gate.pass(Instant::now() + Duration::from_hours(1)).await, Err(Shut::Dead));
        assert!(gate.trouble().is_some_and(|line| line.contains("MESSENGER_PAGE_TOKEN")));
        gate.mended();
        assert_eq!(gate.pass(Instant::now() + Duration::from_hours(1)).await, Ok(()));
    }
}
