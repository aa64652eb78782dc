//! Polls Telegram for updates, and confirms each only after it has been handled.
//!
//! Telegram knows one number, the offset: updates below it are confirmed, and at most a hundred from it on are delivered.
//! So while an older update is still being handled, newer ones are polled from the same offset, at short intervals, and
//! those that are known already are skipped. Updates that wait for long, as for the rate limit, would hold up all others:
//! they are kept in the store and confirmed then.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::dispatch::{Dispatcher, Handle};
use super::health::Health;
use super::inbox::Inbox;
use super::update::{self, ALLOWED, Update};
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::client::error::Failure;
use crate::telemetry::Metrics;

/// How long Telegram holds a request open while there are no updates, in seconds.
const POLL_TIMEOUT: u64 = 25;

/// Of a request, which may be held open.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(POLL_TIMEOUT + 10);

/// Of the last request.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(30);

/// How often newer updates are polled while older ones are being handled.
const BUSY_PERIOD: Duration = Duration::from_millis(50);

/// Updates that one request can deliver.
const WINDOW: usize = 100;

/// The first and the longest delay after a failure; a wrong token or a second program will not be gone in a second.
const MIN_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// How long an update may hold up a full window: handling takes milliseconds.
const MAX_HOLD_UP: Duration = Duration::from_millis(300);

/// Above this number of updates under way no more are kept in the store: Telegram keeps the rest.
const MAX_UNDER_WAY: usize = 10_000;

/// The delay before an update that was still under way is queued again, and before the store is asked again.
const RETRY_DELAY: Duration = Duration::from_millis(500);

#[derive(Serialize)]
struct GetUpdates<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    limit: usize,
    timeout: u64,
    allowed_updates: &'a [&'a str],
}

/// Updates that were delivered and are not confirmed yet.
#[derive(Default)]
struct Window {
    updates: BTreeMap<i64, Delivered>,
    /// One above the highest id that may be confirmed.
    offset: Option<i64>,
}

/// An update in the window.
struct Delivered {
    /// As it came.
    json: Box<RawValue>,
    since: Instant,
    is_handled: bool,
}

impl Window {
    fn unhandled(&self) -> usize {
        self.updates.values().filter(|update| !update.is_handled).count()
    }

    fn is_full(&self) -> bool {
        self.updates.len() >= WINDOW
    }

    fn insert(&mut self, id: i64, json: Box<RawValue>) {
        self.updates.insert(id, Delivered { json, since: Instant::now(), is_handled: false });
    }

    fn handled(&mut self, id: i64) {
        if let Some(update) = self.updates.get_mut(&id) {
            update.is_handled = true;
        }
        while let Some(oldest) = self.updates.first_entry()
            && oldest.get().is_handled
        {
            let (id, _) = oldest.remove_entry();
            self.offset = Some(id + 1);
        }
    }

    /// What the next request confirms.
    fn next_offset(&self) -> Option<i64> {
        self.updates.first_key_value().map(|(id, _)| *id).or(self.offset)
    }
}

/// Polls until told to stop, then confirms what was handled by then.
pub struct Poller<H: Handle> {
    api: Arc<Api>,
    health: Arc<Health>,
    metrics: Metrics,
    inbox: Arc<Inbox>,
    dispatcher: Dispatcher<H>,
    window: Window,
    under_way: FuturesUnordered<BoxFuture<'static, i64>>,
    /// The store is not asked to keep anything before.
    keep_from: Instant,
    /// Whether the last response contained an update without an id; it is delivered again until a newer one is confirmed.
    had_update_without_id: bool,
}

impl<H: Handle> Poller<H> {
    /// Hands what it polls to `dispatcher`.
    pub fn new(
        api: Arc<Api>,
        health: Arc<Health>,
        metrics: Metrics,
        inbox: Arc<Inbox>,
        dispatcher: Dispatcher<H>,
    ) -> Self {
        Self {
            api,
            health,
            metrics,
            inbox,
            dispatcher,
            window: Window::default(),
            under_way: FuturesUnordered::new(),
            keep_from: Instant::now(),
            had_update_without_id: false,
        }
    }

    /// Polls until `stop` is cancelled.
    pub async fn run(&mut self, stop: CancellationToken) {
        let Some(left) = stop.run_until_cancelled(self.inbox.left()).await else { return };
        left.into_iter().for_each(|update| self.dispatcher.take_up(update));
        let backoff = ExponentialBuilder::new()
            .with_min_delay(MIN_BACKOFF)
            .with_max_delay(MAX_BACKOFF)
            .without_max_times();
        let mut delays = backoff.build();
        let mut failures: u32 = 0;
        while !stop.is_cancelled() {
            let is_busy = self.window.unhandled() > 0;
            // After a failure the first response is wanted at once: it tells that all is well again.
            let request = self.request(if is_busy || failures > 0 { 0 } else { POLL_TIMEOUT });
            let updates = tokio::select! {
                updates = request => updates,
                () = stop.cancelled() => break,
            };
            match updates {
                Ok(updates) => {
                    if failures > 0 {
                        tracing::info!("Telegram delivers updates again");
                    }
                    failures = 0;
                    delays = backoff.build();
                    self.health.set_reachable(true);
                    if updates.is_empty() && !is_busy {
                        // Telegram forgets the offset too: after a quiet week ids may start at another number.
                        self.window.offset = None;
                    }
                    let is_stuck = !self.take(updates) && self.window.unhandled() == 0;
                    if is_stuck {
                        sleep(MIN_BACKOFF).await;
                    }
                }
                Err(failure) => {
                    failures = failures.saturating_add(1);
                    self.failed(&failure, failures);
                    let delay = match failure {
                        Failure::Flood(time) => time,
                        _ => delays.next().unwrap_or(MAX_BACKOFF),
                    };
                    tokio::select! {
                        () = sleep(delay) => {}
                        () = stop.cancelled() => break,
                    }
                }
            }
            tokio::select! {
                () = self.settle() => {}
                () = stop.cancelled() => break,
            }
        }
    }

    fn request(&self, timeout: u64) -> impl Future<Output = Result<Vec<Box<RawValue>>, Failure>> + use<H> {
        let offset = self.window.next_offset();
        let api = Arc::clone(&self.api);
        async move {
            let parameters = GetUpdates { offset, limit: WINDOW, timeout, allowed_updates: &ALLOWED };
            api.call_within("GetUpdates", &parameters, REQUEST_TIMEOUT).await
        }
    }

    /// Hands on what is new. False when an update has no id that can be parsed, and so cannot be confirmed.
    fn take(&mut self, updates: Vec<Box<RawValue>>) -> bool {
        let mut have_ids = true;
        for json in updates {
            let Some(update) = Update::read(json.get().as_bytes()) else {
                have_ids &= self.skip(json);
                continue;
            };
            let id = update.id;
            if self.window.updates.contains_key(&id) {
                continue;
            }
            self.metrics.telegram_update("received");
            self.window.insert(id, json);
            self.submit(update);
        }
        self.had_update_without_id = !have_ids;
        have_ids
    }

    /// An update that cannot be parsed now will not be the next time.
    fn skip(&mut self, json: Box<RawValue>) -> bool {
        let id = update::number(json.get().as_bytes());
        let is_known = id.map_or(self.had_update_without_id, |id| self.window.updates.contains_key(&id));
        if !is_known {
            self.metrics.telegram_update("unreadable");
            tracing::warn!("an update cannot be read, and is skipped");
        }
        let Some(id) = id else { return false };
        if !self.window.updates.contains_key(&id) {
            self.window.insert(id, json);
        }
        self.window.handled(id);
        true
    }

    /// Queues an update at once, so that the order is kept; how it ends is awaited later.
    fn submit(&self, update: Update) {
        let (id, dispatcher) = (update.id, self.dispatcher.clone());
        let mut queued = dispatcher.submit(update);
        self.under_way.push(Box::pin(async move {
            loop {
                match queued {
                    Ok(ticket) => {
                        // However it ended, it is over.
                        ticket.await.ok();
                        return id;
                    }
                    // A redelivery: it is recognized by its claim once the first has ended.
                    Err(update) => {
                        sleep(RETRY_DELAY).await;
                        queued = dispatcher.submit(update);
                    }
                }
            }
        }));
    }

    /// Waits until everything is handled, or it is time to poll newer updates. With a full window no newer ones would be
    /// delivered: then until the oldest is handled, or kept.
    async fn settle(&mut self) {
        let next_poll = Instant::now() + BUSY_PERIOD;
        while self.window.unhandled() > 0 {
            if self.window.is_full() {
                self.dispatcher.shed_stalled();
                self.keep().await;
            }
            let is_full = self.window.is_full();
            tokio::select! {
                Some(id) = self.under_way.next() => self.window.handled(id),
                () = sleep_until(next_poll), if !is_full => return,
                () = sleep(BUSY_PERIOD), if is_full => {}
            }
        }
    }

    /// Has the store keep updates that have waited for long, and confirms those.
    async fn keep(&mut self) {
        let now = Instant::now();
        let waits = |update: &Delivered| !update.is_handled && now - update.since > MAX_HOLD_UP;
        if now < self.keep_from
            || !self.window.updates.first_key_value().is_some_and(|(_, oldest)| waits(oldest))
            || self.dispatcher.under_way() >= MAX_UNDER_WAY
        {
            return;
        }
        let waiting = self.window.updates.iter().filter(|(_, update)| waits(update));
        let waiting: Vec<_> = waiting.map(|(id, update)| (*id, update.json.clone())).collect();
        let wanted = waiting.len();
        let kept = self.inbox.keep(waiting).await;
        if kept.len() < wanted {
            self.keep_from = Instant::now() + RETRY_DELAY;
        }
        for id in kept {
            self.metrics.telegram_update("stored");
            self.window.handled(id);
        }
    }

    fn failed(&self, failure: &Failure, failures: u32) {
        self.metrics.telegram_poll_failure(failure.name());
        self.health.set_reachable(false);
        // The first, and then ever less often.
        if failures.is_power_of_two() {
            match failure {
                Failure::Conflict(what) => tracing::error!(
                    "Telegram delivers no updates, attempt {failures}: {what}. Stop the other program, or remove the \
                     webhook with `uttor telegram webhook delete`"
                ),
                Failure::Unauthorized => tracing::error!("Telegram delivers no updates: {failure}"),
                _ => tracing::warn!("Telegram delivers no updates, attempt {failures}: {failure}"),
            }
        }
    }

    /// Confirms what is handled.
    pub async fn confirm(&mut self) {
        while let Some(Some(id)) = self.under_way.next().now_or_never() {
            self.window.handled(id);
        }
        let Some(offset) = self.window.next_offset() else { return };
        let parameters = GetUpdates { offset: Some(offset), limit: 1, timeout: 0, allowed_updates: &ALLOWED };
        let confirmed =
            self.api.call_within::<Vec<Box<RawValue>>>("GetUpdates", &parameters, CONFIRM_TIMEOUT).await;
        if let Err(failure) = confirmed {
            tracing::warn!("the last updates could not be confirmed, and will be redelivered: {failure}");
        }
    }
}
