//! The circuit breaker and the rate limit in front of the Graph API.
//!
//! The breaker opens for a time after too many requests and while the Page is restricted, and until an operator acts
//! after a fault such as a refused token.

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

/// How long the breaker stays open while the Page is restricted: at first, doubled each time, and at most.
const MIN_RESTRICTION: Duration = Duration::from_mins(30);
const MAX_RESTRICTION: Duration = Duration::from_hours(4);

/// Why the breaker is open, if it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    /// It closes by itself at this time.
    open_until: Option<Instant>,
    /// It stays open until an operator repairs this.
    fault: Option<String>,
}

/// Every request that sends goes through it.
pub struct CircuitBreaker {
    rate_limit: RateLimiter<NotKeyed, InMemoryState, DefaultClock>,
    state: watch::Sender<State>,
    /// How long the next restriction opens the breaker.
    restriction: Mutex<Duration>,
}

/// Why a request may not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The breaker stays open, or the rate limit lasts, past the deadline.
    PastDeadline,
    /// An operator has to act first.
    Fault,
}

impl Default for CircuitBreaker {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            rate_limit: RateLimiter::direct(Quota::per_second(number(PER_SECOND)).allow_burst(number(BURST))),
            state: watch::Sender::default(),
            restriction: Mutex::new(MIN_RESTRICTION),
        }
    }
}

impl CircuitBreaker {
    /// Waits until a request may be made.
    ///
    /// # Errors
    /// [`Rejected::PastDeadline`] when that is after `deadline`; [`Rejected::Fault`] at once while there is a fault.
    pub async fn acquire(&self, deadline: Instant) -> Result<(), Rejected> {
        loop {
            let state = self.state.borrow().clone();
            if state.fault.is_some() {
                return Err(Rejected::Fault);
            }
            match state.open_until {
                Some(until) if until > deadline => return Err(Rejected::PastDeadline),
                Some(until) if until > Instant::now() => sleep_until(until).await,
                _ => break,
            }
        }
        timeout_at(deadline, self.rate_limit.until_ready()).await.map_err(|_| Rejected::PastDeadline)
    }

    /// Whether nothing may be sent now.
    pub fn is_open(&self) -> bool {
        let state = self.state.borrow();
        state.fault.is_some() || state.open_until.is_some_and(|until| until > Instant::now())
    }

    /// What an operator must repair before anything is sent, with the remedy.
    pub fn fault(&self) -> Option<String> {
        self.state.borrow().fault.clone()
    }

    /// A request succeeded: the next restriction is a new one and starts short.
    pub fn succeeded(&self) {
        *self.restriction() = MIN_RESTRICTION;
    }

    /// Opens the breaker if `failure` concerns all requests.
    pub fn failed(&self, failure: &Failure) {
        match failure {
            Failure::Rate(wait) => self.open_for(*wait, failure),
            Failure::Restricted => {
                let wait = {
                    let mut next = self.restriction();
                    let wait = *next;
                    *next = (wait * 2).min(MAX_RESTRICTION);
                    wait
                };
                self.open_for(wait, failure);
            }
            Failure::Token(_) | Failure::Secret | Failure::Blocked | Failure::Version => {
                let line = failure.to_string();
                let is_new = self.state.send_if_modified(|state| {
                    let is_new = state.fault.is_none();
                    state.fault = Some(line.clone());
                    is_new
                });
                if is_new {
                    tracing::error!("Messenger: nothing is sent any more: {line}");
                }
            }
            _ => {}
        }
    }

    fn open_for(&self, wait: Duration, failure: &Failure) {
        let until = Instant::now() + wait;
        let is_new = self.state.send_if_modified(|state| {
            let is_new = state.open_until.is_none_or(|old| old <= Instant::now());
            state.open_until = state.open_until.max(Some(until));
            is_new
        });
        if is_new {
            tracing::warn!("Messenger: nothing is sent for {} s: {failure}", wait.as_secs());
        }
    }

    /// The platform accepts the token again: there is no fault any more.
    pub fn repaired(&self) {
        let had_fault = self.state.send_if_modified(|state| state.fault.take().is_some());
        if had_fault {
            tracing::info!("Messenger: messages are sent again");
        }
    }

    fn restriction(&self) -> MutexGuard<'_, Duration> {
        self.restriction.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn too_many_requests_open_the_breaker_and_time_closes_it() {
        let breaker = CircuitBreaker::default();
        let start = Instant::now();
        breaker.failed(&Failure::Rate(Duration::from_mins(2)));
        assert!(breaker.is_open());
        assert_eq!(breaker.acquire(start + Duration::from_mins(1)).await, Err(Rejected::PastDeadline));
        assert_eq!(breaker.acquire(start + Duration::from_mins(3)).await, Ok(()));
        assert!(start.elapsed() >= Duration::from_mins(2));
        assert!(!breaker.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn a_restriction_lasts_twice_as_long_each_time() {
        let breaker = CircuitBreaker::default();
        for minutes in [30, 60, 120, 240, 240] {
            let start = Instant::now();
            breaker.failed(&Failure::Restricted);
            assert_eq!(breaker.acquire(start + Duration::from_hours(9)).await, Ok(()));
            assert_eq!(start.elapsed().as_secs() / 60, minutes);
        }
        breaker.succeeded();
        let start = Instant::now();
        breaker.failed(&Failure::Restricted);
        assert_eq!(breaker.acquire(start + Duration::from_hours(9)).await, Ok(()));
        assert_eq!(start.elapsed().as_secs() / 60, 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_keeps_it_open_until_that_is_repaired() {
        let breaker = CircuitBreaker::default();
        breaker.failed(&Failure::Token("expired".to_owned()));
        assert_eq!(breaker.acquire(Instant::now() + Duration::from_hours(1)).await, Err(Rejected::Fault));
        assert!(breaker.fault().is_some_and(|line| line.contains("MESSENGER_PAGE_TOKEN")));
        breaker.repaired();
        assert_eq!(breaker.acquire(Instant::now() + Duration::from_hours(1)).await, Ok(()));
    }
}
