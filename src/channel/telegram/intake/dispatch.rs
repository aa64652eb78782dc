//! Hands updates to workers: those of one chat in order, those of different chats side by side.
//!
//! A queue that does not move is short: the oldest of that chat go, never another chat's, and never what says how the
//! bot stands in the chat. A panic ends the handling of one update and of nothing else.

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use tokio::sync::{Notify, oneshot};
use tokio::time::sleep;

use super::update::{Event, Update};
use crate::telemetry::Metrics;

/// How many updates of one chat may wait while it does not move …
const WAITING: usize = 16;

/// … and in any case.
const MOST: usize = 128;

/// What takes longer than this does not move: handling takes milliseconds, waiting for Telegram's pace a second.
const STALLED: Duration = Duration::from_millis(500);

/// The wait before an update that could not be claimed is tried again.
const CLAIM_AGAIN: Duration = Duration::from_millis(250);

/// How an update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was handled, or there was nothing to handle.
    Handled,
    /// It was thrown away: too many of the same chat came after it.
    Shed,
    /// It could not be claimed, and is handled again; what came after it in its chat waits.
    Unclaimed,
}

/// What handles an update.
pub trait Handle: Send + Sync + 'static {
    /// Handles one update. Dropped in the middle when nobody waits for its end any more.
    fn handle(&self, update: Update) -> impl Future<Output = Ending> + Send;

    /// Does what is due to an update that is thrown away.
    fn shed(&self, update: Update) -> impl Future<Output = ()> + Send;
}

/// What keeps its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// A chat's messages.
    Chat(i64),
    /// A person's presses: they shall not wait behind a chat's messages.
    Presses(i64),
    /// A person's inline queries.
    Inline(i64),
}

impl Lane {
    /// The lane of an update.
    pub fn of(event: &Event) -> Self {
        match event {
            Event::Message(message) | Event::Edited(message) => Self::Chat(message.chat.id),
            Event::Press(press) => Self::Presses(press.from.id),
            Event::Inline(inline) => Self::Inline(inline.from.id),
            Event::Standing(standing) => Self::Chat(standing.chat.id),
            Event::Member { chat } => Self::Chat(*chat),
            Event::Other => Self::Chat(0),
        }
    }
}

/// Tells how an update ended. Dropping it takes the update back, unless it has ended.
pub type Ticket = oneshot::Receiver<Ending>;

struct Job {
    update: Update,
    done: oneshot::Sender<Ending>,
}

/// A chat's updates.
struct Queue {
    waiting: VecDeque<Job>,
    /// When the one that is being handled was begun, or last not claimed.
    since: Instant,
}

impl Queue {
    /// Takes out what is too much.
    fn shed(&mut self) -> Vec<Job> {
        let most = if self.since.elapsed() > STALLED { WAITING } else { MOST };
        let much = self.waiting.len().saturating_sub(most);
        let mut shed = Vec::new();
        if much > 0 {
            for job in std::mem::take(&mut self.waiting) {
                if shed.len() < much && may_go(&job.update.event) {
                    shed.push(job);
                } else {
                    self.waiting.push_back(job);
                }
            }
        }
        shed
    }
}

/// Whether an update may be thrown away for newer ones. A press is answered all the same.
fn may_go(event: &Event) -> bool {
    match event {
        Event::Message(message) => message.migrated_to.is_none() && message.migrated_from.is_none(),
        Event::Standing(_) | Event::Member { .. } => false,
        Event::Edited(_) | Event::Press(_) | Event::Inline(_) | Event::Other => true,
    }
}

#[derive(Default)]
struct Lanes {
    queues: HashMap<Lane, Queue>,
    /// The numbers of the updates that wait or are being handled.
    under_way: HashSet<i64>,
}

/// Hands updates to workers.
pub struct Dispatcher<H> {
    handler: Arc<H>,
    metrics: Metrics,
    lanes: Mutex<Lanes>,
    idle: Notify,
}

impl<H: Handle> Dispatcher<H> {
    /// Hands updates to `handler`.
    pub fn new(handler: Arc<H>, metrics: Metrics) -> Arc<Self> {
        Arc::new(Self { handler, metrics, lanes: Mutex::default(), idle: Notify::new() })
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many updates wait or are being handled.
    pub fn under_way(&self) -> usize {
        self.lanes().under_way.len()
    }

    /// Queues an update.
    ///
    /// # Errors
    /// The same one is under way already; it is given back.
    pub fn submit(self: &Arc<Self>, update: Update) -> Result<Ticket, Update> {
        let lane = Lane::of(&update.event);
        let (done, ticket) = oneshot::channel();
        let mut lanes = self.lanes();
        if !lanes.under_way.insert(update.id) {
            return Err(update);
        }
        let job = Job { update, done };
        if let Some(queue) = lanes.queues.get_mut(&lane) {
            queue.waiting.push_back(job);
            let shed = queue.shed();
            self.drop_shed(lanes, shed);
        } else {
            let queue = Queue { waiting: VecDeque::from([job]), since: Instant::now() };
            lanes.queues.insert(lane, queue);
            drop(lanes);
            tokio::spawn(Arc::clone(self).work(lane));
        }
        Ok(ticket)
    }

    /// Sheds what is too much in queues that have stopped moving meanwhile.
    pub fn shed(&self) {
        let mut lanes = self.lanes();
        let shed = lanes.queues.values_mut().flat_map(Queue::shed).collect();
        self.drop_shed(lanes, shed);
    }

    fn drop_shed(&self, mut lanes: MutexGuard<'_, Lanes>, shed: Vec<Job>) {
        for job in &shed {
            lanes.under_way.remove(&job.update.id);
        }
        drop(lanes);
        for job in shed {
            self.metrics.telegram_update("shed");
            let handler = Arc::clone(&self.handler);
            tokio::spawn(async move {
                handler.shed(job.update).await;
                let _nobody_waits = job.done.send(Ending::Shed);
            });
        }
    }

    /// Handles what waits in `lane` until nothing does.
    async fn work(self: Arc<Self>, lane: Lane) {
        loop {
            let job = {
                let mut lanes = self.lanes();
                let next = lanes.queues.get_mut(&lane).and_then(|queue| {
                    queue.since = Instant::now();
                    queue.waiting.pop_front()
                });
                let Some(job) = next else {
                    lanes.queues.remove(&lane);
                    break;
                };
                job
            };
            let id = job.update.id;
            self.handle(lane, job).await;
            self.lanes().under_way.remove(&id);
            self.idle.notify_waiters();
        }
    }

    async fn handle(&self, lane: Lane, job: Job) {
        let Job { update, mut done } = job;
        let ending = loop {
            let again = async {
                let handling = AssertUnwindSafe(self.handler.handle(update.clone())).catch_unwind();
                let ending = handling.await;
                if matches!(ending, Ok(Ending::Unclaimed)) {
                    // Not the chat keeps it from moving.
                    if let Some(queue) = self.lanes().queues.get_mut(&lane) {
                        queue.since = Instant::now();
                    }
                    sleep(CLAIM_AGAIN).await;
                }
                ending
            };
            let ending = tokio::select! {
                ending = again => ending,
                () = done.closed() => return self.metrics.telegram_update("taken_back"),
            };
            if !matches!(ending, Ok(Ending::Unclaimed)) {
                break ending;
            }
        };
        let ending = ending.unwrap_or_else(|_| {
            // What the panic said may hold a person's text. The same update would panic again.
            tracing::error!("handling an update failed by a mistake in the program");
            self.metrics.telegram_update("panicked");
            Ending::Handled
        });
        if ending == Ending::Handled {
            self.metrics.telegram_update("handled");
        }
        let _nobody_waits = done.send(ending);
    }

    /// Done when nothing is under way any more.
    pub async fn drained(&self) {
        loop {
            let idle = self.idle.notified();
            tokio::pin!(idle);
            idle.as_mut().enable();
            if self.under_way() == 0 {
                return;
            }
            idle.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::telegram::intake::update::{Chat, Incoming, Standing};

    /// Panics at update 1, never ends at 2, cannot claim 5 at first, handles the rest.
    #[derive(Default)]
    struct Moody {
        handled: Mutex<Vec<i64>>,
        shed: Mutex<Vec<i64>>,
    }

    fn noted(list: &Mutex<Vec<i64>>) -> MutexGuard<'_, Vec<i64>> {
        list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    impl Handle for Moody {
        async fn handle(&self, update: Update) -> Ending {
            let before = noted(&self.handled).contains(&update.id);
            noted(&self.handled).push(update.id);
            match update.id {
                1 => std::panic::resume_unwind(Box::new("moody")),
                2 => std::future::pending().await,
                5 if !before => Ending::Unclaimed,
                _ => Ending::Handled,
            }
        }

        async fn shed(&self, update: Update) {
            noted(&self.shed).push(update.id);
        }
    }

    fn update(id: i64, chat: i64) -> Update {
        let message = Incoming { chat: Chat { id: chat, ..Chat::default() }, ..Incoming::default() };
        Update { id, event: Event::Message(Box::new(message)) }
    }

    fn dispatcher() -> anyhow::Result<Arc<Dispatcher<Moody>>> {
        Ok(Dispatcher::new(Arc::new(Moody::default()), Metrics::new()?))
    }

    #[tokio::test]
    async fn a_panic_ends_one_update_and_nothing_else() -> anyhow::Result<()> {
        let dispatcher = dispatcher()?;
        let tickets: Vec<_> =
            [1, 3, 4].into_iter().filter_map(|id| dispatcher.submit(update(id, 9)).ok()).collect();
        for ticket in tickets {
            assert_eq!(ticket.await?, Ending::Handled);
        }
        dispatcher.drained().await;
        Ok(())
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_taken_back() -> anyhow::Result<()> {
        let dispatcher = dispatcher()?;
        let stuck = dispatcher.submit(update(2, 9));
        assert!(dispatcher.submit(update(2, 9)).is_err(), "under way already");
        let behind = dispatcher.submit(update(3, 9)).map_err(|_| anyhow::anyhow!("not taken"))?;
        drop(stuck);
        assert_eq!(behind.await?, Ending::Handled);
        dispatcher.drained().await;
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn what_could_not_be_claimed_keeps_its_place_in_its_chat() -> anyhow::Result<()> {
        let dispatcher = dispatcher()?;
        let tickets: Vec<_> =
            [5, 6, 7].into_iter().filter_map(|id| dispatcher.submit(update(id, 9)).ok()).collect();
        for ticket in tickets {
            assert_eq!(ticket.await?, Ending::Handled);
        }
        assert_eq!(*noted(&dispatcher.handler.handled), [5, 5, 6, 7]);
        Ok(())
    }

    #[tokio::test]
    async fn of_what_is_too_much_only_what_may_go_goes() -> anyhow::Result<()> {
        let dispatcher = dispatcher()?;
        let mut tickets = vec![dispatcher.submit(update(2, 9))];
        // It is being handled from now on.
        tokio::task::yield_now().await;
        let moved = Incoming { migrated_to: Some(-10), ..Incoming::default() };
        let moved = Incoming { chat: Chat { id: 9, ..Chat::default() }, ..moved };
        tickets.push(dispatcher.submit(Update { id: 10, event: Event::Message(Box::new(moved)) }));
        let (old, new) = ("member".to_owned(), "left".to_owned());
        let chat = Chat { id: 9, ..Chat::default() };
        let standing = Standing { chat, by: None, old, new, may_write: false };
        tickets.push(dispatcher.submit(Update { id: 11, event: Event::Standing(standing) }));
        for id in 0..200 {
            tickets.push(dispatcher.submit(update(100 + id, 9)));
        }
        while noted(&dispatcher.handler.shed).len() < 74 {
            tokio::task::yield_now().await;
        }
        let shed = noted(&dispatcher.handler.shed).clone();
        assert!(!shed.contains(&10) && !shed.contains(&11), "{shed:?}");
        assert!(shed.contains(&100), "the oldest message went: {shed:?}");
        Ok(())
    }
}
