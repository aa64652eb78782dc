//! Asks Telegram for updates, and confirms each only after it has been handled.
//!
//! Telegram knows one number, the offset: what is below it is confirmed, and at most a hundred updates from it on are
//! handed out. So while an older update is still being handled, newer ones are asked for again and again from the
//! same offset, at short intervals, and those that are known already are passed over. Updates whose chats make them
//! wait, as Telegram's pace does, would hold up all others: they are kept in the store and confirmed then.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::dispatch::Dispatcher;
use super::update::{self, ALLOWED, Update};
use crate::channel::telegram::Bot;
use crate::channel::telegram::client::error::Failure;

/// How long Telegram holds a request while nothing happens.
const HOLD: u64 = 25;

/// How much longer we wait for its answer.
const PATIENCE: Duration = Duration::from_secs(HOLD + 10);

/// How often newer updates are looked for while older ones are being handled.
const LOOK: Duration = Duration::from_millis(50);

/// As many updates as one request can hand out.
const WINDOW: usize = 100;

/// The first and the longest wait after a failure; what is wrong with the token or with another program is not over
/// in a second.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long an update may hold up a full window: handling takes milliseconds.
const WAITING: Duration = Duration::from_millis(300);

/// So many updates may be under way and confirmed, in memory and in the store; Telegram keeps the rest.
const MOST: usize = 10_000;

/// The wait before an update is queued again that was still under way, and before the store is asked again.
const AGAIN: Duration = Duration::from_millis(500);

#[derive(Serialize)]
struct GetUpdates<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    limit: usize,
    timeout: u64,
    allowed_updates: &'a [&'a str],
}

/// What was handed out and is not confirmed yet.
#[derive(Default)]
struct Window {
    updates: BTreeMap<i64, Place>,
    /// One above the highest number that was confirmed by being handled.
    offset: Option<i64>,
}

/// What is known of an update in the window.
struct Place {
    /// As it came.
    json: Box<RawValue>,
    since: Instant,
    is_handled: bool,
}

impl Window {
    fn unhandled(&self) -> usize {
        self.updates.values().filter(|place| !place.is_handled).count()
    }

    fn is_full(&self) -> bool {
        self.updates.len() >= WINDOW
    }

    fn insert(&mut self, id: i64, json: Box<RawValue>) {
        self.updates.insert(id, Place { json, since: Instant::now(), is_handled: false });
    }

    fn handled(&mut self, id: i64) {
        if let Some(place) = self.updates.get_mut(&id) {
            place.is_handled = true;
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
pub struct Poller {
    bot: Arc<Bot>,
    dispatcher: Arc<Dispatcher<Bot>>,
    window: Window,
    under_way: FuturesUnordered<BoxFuture<'static, i64>>,
    /// Not before is the store asked to keep anything.
    keep_from: Instant,
    /// Whether the last answer held something without a number; until something newer is confirmed it comes again.
    had_numberless: bool,
}

impl Poller {
    /// Polls for `bot`.
    pub fn new(bot: Arc<Bot>, dispatcher: Arc<Dispatcher<Bot>>) -> Self {
        let (window, under_way) = (Window::default(), FuturesUnordered::new());
        Self { bot, dispatcher, window, under_way, keep_from: Instant::now(), had_numberless: false }
    }

    /// Runs until `stop` says so.
    pub async fn run(&mut self, stop: CancellationToken) {
        tokio::select! {
            () = self.bot.queue_left(&self.dispatcher) => {}
            () = stop.cancelled() => return,
        }
        let mut failures: u32 = 0;
        while !stop.is_cancelled() {
            let is_busy = self.window.unhandled() > 0;
            // After a failure the first answer is wanted at once: it tells that all is well again.
            let request = self.request(if is_busy || failures > 0 { 0 } else { HOLD });
            let updates = tokio::select! {
                updates = request => updates,
                () = stop.cancelled() => break,
            };
            match updates {
                Ok(updates) => {
                    if failures > 0 {
                        tracing::info!("Telegram hands out updates again");
                    }
                    failures = 0;
                    self.bot.health.set_reachable(true);
                    if updates.is_empty() && !is_busy {
                        // Everything below is forgotten there too; numbers may start anew after a quiet week.
                        self.window.offset = None;
                    }
                    let is_stuck = !self.take(updates) && self.window.unhandled() == 0;
                    if is_stuck {
                        sleep(FIRST_WAIT).await;
                    }
                }
                Err(failure) => {
                    failures = failures.saturating_add(1);
                    self.failed(&failure, failures);
                    tokio::select! {
                        () = sleep(wait_after(&failure, failures)) => {}
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

    fn request(&self, timeout: u64) -> impl Future<Output = Result<Vec<Box<RawValue>>, Failure>> + use<> {
        let offset = self.window.next_offset();
        let api = Arc::clone(&self.bot.api);
        async move {
            let parameters = GetUpdates { offset, limit: WINDOW, timeout, allowed_updates: &ALLOWED };
            api.call_within("GetUpdates", &parameters, PATIENCE).await
        }
    }

    /// Hands on what is new. False when something has no number that can be read, and so cannot be confirmed.
    fn take(&mut self, updates: Vec<Box<RawValue>>) -> bool {
        let mut have_numbers = true;
        for json in updates {
            let Some(update) = Update::read(json.get().as_bytes()) else {
                have_numbers &= self.pass_over(json);
                continue;
            };
            let id = update.id;
            if self.window.updates.contains_key(&id) {
                continue;
            }
            self.bot.metrics.telegram_update("received");
            self.bot.overhear(&update);
            self.window.insert(id, json);
            self.submit(update);
        }
        self.had_numberless = !have_numbers;
        have_numbers
    }

    /// It would be no better the next time.
    fn pass_over(&mut self, json: Box<RawValue>) -> bool {
        let id = update::number(json.get().as_bytes());
        let is_known = id.map_or(self.had_numberless, |id| self.window.updates.contains_key(&id));
        if !is_known {
            self.bot.metrics.telegram_update("unreadable");
            tracing::warn!("an update cannot be read, and is passed over");
        }
        let Some(id) = id else { return false };
        if !self.window.updates.contains_key(&id) {
            self.window.insert(id, json);
        }
        self.window.handled(id);
        true
    }

    /// Queues an update at once, so that the order is kept; how it ended is seen later.
    fn submit(&self, update: Update) {
        let (id, dispatcher) = (update.id, Arc::clone(&self.dispatcher));
        let mut queued = dispatcher.submit(update);
        self.under_way.push(Box::pin(async move {
            loop {
                match queued {
                    Ok(ticket) => {
                        let _ended = ticket.await;
                        return id;
                    }
                    // It came again, and is known by its claim once the first has ended; or that was taken back.
                    Err(update) => {
                        sleep(AGAIN).await;
                        queued = dispatcher.submit(update);
                    }
                }
            }
        }));
    }

    /// Waits until everything is handled, or it is time to look for newer updates. With a full window there are
    /// none to be seen: then until the oldest is handled, or kept.
    async fn settle(&mut self) {
        let look = Instant::now() + LOOK;
        while self.window.unhandled() > 0 {
            if self.window.is_full() {
                self.dispatcher.shed();
                self.keep().await;
            }
            let is_full = self.window.is_full();
            tokio::select! {
                Some(id) = self.under_way.next() => self.window.handled(id),
                () = sleep_until(look), if !is_full => return,
                () = sleep(LOOK), if is_full => {}
            }
        }
    }

    /// Has the store keep what has waited for long, and confirms it then.
    async fn keep(&mut self) {
        let now = Instant::now();
        let waits = |place: &Place| !place.is_handled && now - place.since > WAITING;
        if now < self.keep_from
            || !self.window.updates.first_key_value().is_some_and(|(_, oldest)| waits(oldest))
            || self.dispatcher.under_way() >= MOST
        {
            return;
        }
        let waiting = self.window.updates.iter().filter(|(_, place)| waits(place));
        let waiting: Vec<_> = waiting.map(|(id, place)| (*id, place.json.clone())).collect();
        let wanted = waiting.len();
        let kept = self.bot.keep(waiting).await;
        if kept.len() < wanted {
            self.keep_from = Instant::now() + AGAIN;
        }
        for id in kept {
            self.bot.metrics.telegram_update("stored");
            self.window.handled(id);
        }
    }

    fn failed(&self, failure: &Failure, failures: u32) {
        self.bot.metrics.telegram_poll_failure(failure.name());
        self.bot.health.set_reachable(false);
        // The first, and then ever more rarely.
        if failures.is_power_of_two() {
            match failure {
                Failure::Conflict(what) => tracing::error!(
                    "Telegram hands out no updates, attempt {failures}: {what}. Stop the other program, or remove the \
                     webhook with `uttor telegram webhook delete`"
                ),
                Failure::Unauthorized => tracing::error!("Telegram hands out no updates: {failure}"),
                _ => tracing::warn!("Telegram hands out no updates, attempt {failures}: {failure}"),
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
            self.bot.api.call_within::<Vec<Box<RawValue>>>("GetUpdates", &parameters, LONGEST_WAIT).await;
        if let Err(failure) = confirmed {
            tracing::warn!("what was handled last could not be confirmed, and will come again: {failure}");
        }
    }
}

/// How long to wait after so many failures in a row.
fn wait_after(failure: &Failure, failures: u32) -> Duration {
    if let Failure::Flood(time) = failure {
        return *time;
    }
    FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_WAIT)
}
