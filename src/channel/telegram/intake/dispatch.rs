//! Hands updates to the executor: those of one chat in order, those of different chats side by side.
//!
//! A stalled queue is short: the oldest updates of that chat go, never another chat's, and never those that say how the
//! bot stands in the chat.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use super::update::{Event, Update};
use crate::channel::executor::{Executor, Next, Work};
use crate::telemetry::Metrics;

/// Updates of one chat that may wait while it is stalled …
const MAX_STALLED: usize = 16;

/// … and in any case.
const MAX_WAITING: usize = 128;

/// A chat is stalled when one update takes longer: handling takes milliseconds, waiting for the rate limit a second.
const STALLED: Duration = Duration::from_millis(500);

/// The delay before an update that could not be claimed is tried again.
const CLAIM_RETRY_DELAY: Duration = Duration::from_millis(250);

/// How an update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was handled, or there was nothing to handle.
    Handled,
    /// It was dropped: too many of the same chat came after it.
    Shed,
    /// It could not be claimed, and is tried again; what came after it in its chat waits.
    Unclaimed,
}

/// What handles an update.
pub trait Handle: Send + Sync + 'static {
    /// Looks at an update before it is queued.
    fn arrived(&self, update: &Update);

    /// Handles one update. Dropped in the middle when nobody waits for its end any more.
    fn handle(&self, update: Update) -> impl Future<Output = Ending> + Send;

    /// An update is dropped unhandled.
    fn shed(&self, update: Update) -> impl Future<Output = ()> + Send;
}

/// What keeps its order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// A chat's messages.
    Chat(i64),
    /// A person's presses: they must not wait behind a chat's messages.
    Presses(i64),
    /// A person's inline queries.
    Inline(i64),
    /// A person's mentions of the bot as a guest, which have to be answered within a second.
    Guest(i64),
    /// The chats of a connected account.
    Connection(String),
}

/// Tells how an update ended. Dropping it withdraws the update, unless it has ended.
pub type Ticket = oneshot::Receiver<Ending>;

struct Job {
    update: Update,
    /// None once it is told.
    done: Option<oneshot::Sender<Ending>>,
}

impl Job {
    fn end(&mut self, ending: Ending) {
        // Nobody waits any more where the ticket was dropped.
        self.done.take().map(|done| done.send(ending).ok());
    }
}

/// Whether an update may be dropped for newer ones. A press is answered all the same.
fn may_be_shed(event: &Event) -> bool {
    match event {
        Event::Message(message) => message.migrated_to.is_none() && message.migrated_from.is_none(),
        Event::Standing(_) | Event::Member { .. } | Event::Connection(_) => false,
        Event::Edited(_)
        | Event::Press(_)
        | Event::Inline(_)
        | Event::Guest(_)
        | Event::Deleted(_)
        | Event::Other => true,
        // What the account's owner writes keeps the bot silent in that chat.
        Event::Business(business) => {
            business.message.from.as_ref().is_some_and(|from| from.id == business.message.chat.id)
        }
    }
}

/// What the executor does with updates.
struct Updates<H> {
    handler: Arc<H>,
    metrics: Metrics,
}

impl<H: Handle> Work for Updates<H> {
    type Job = Job;
    type Key = Lane;
    type Id = i64;

    fn key(job: &Job) -> Lane {
        match &job.update.event {
            Event::Message(message) | Event::Edited(message) => Lane::Chat(message.chat.id),
            Event::Press(press) => Lane::Presses(press.from.id),
            Event::Inline(inline) => Lane::Inline(inline.from.id),
            Event::Guest(guest) => Lane::Guest(guest.message.speaker().unwrap_or(0)),
            Event::Connection(connection) => Lane::Connection(connection.id.clone()),
            Event::Business(message) => Lane::Connection(message.connection.clone()),
            Event::Deleted(deleted) => Lane::Connection(deleted.connection.clone()),
            Event::Standing(standing) => Lane::Chat(standing.chat.id),
            Event::Member { chat } => Lane::Chat(*chat),
            Event::Other => Lane::Chat(0),
        }
    }

    fn id(job: &Job) -> i64 {
        job.update.id
    }

    fn enqueue(queue: &mut VecDeque<Job>, job: Job, is_retry: bool) {
        if is_retry { queue.push_front(job) } else { queue.push_back(job) }
    }

    fn excess(queue: &mut VecDeque<Job>, stalled: Duration) -> Vec<Job> {
        let max = if stalled > STALLED { MAX_STALLED } else { MAX_WAITING };
        let excess = queue.len().saturating_sub(max);
        let mut shed = Vec::new();
        if excess > 0 {
            for job in std::mem::take(queue) {
                if shed.len() < excess && may_be_shed(&job.update.event) {
                    shed.push(job);
                } else {
                    queue.push_back(job);
                }
            }
        }
        shed
    }

    async fn run(&self, job: &mut Job) -> Next {
        let Job { update, done: Some(done) } = job else { return Next::Done };
        let ending = tokio::select! {
            ending = self.handler.handle(update.clone()) => ending,
            () = done.closed() => {
                self.metrics.telegram_update("taken_back");
                return Next::Done;
            }
        };
        match ending {
            Ending::Unclaimed => return Next::Retry(CLAIM_RETRY_DELAY),
            Ending::Handled => self.metrics.telegram_update("handled"),
            Ending::Shed => {}
        }
        job.end(ending);
        Next::Done
    }

    async fn panicked(&self, job: &mut Job) {
        tracing::error!("handling an update panicked");
        self.metrics.telegram_update("panicked");
        self.metrics.telegram_update("handled");
        job.end(Ending::Handled);
    }

    async fn shed(&self, mut job: Job) {
        self.metrics.telegram_update("shed");
        self.handler.shed(job.update.clone()).await;
        job.end(Ending::Shed);
    }
}

/// Hands updates to workers.
pub struct Dispatcher<H: Handle>(Arc<Executor<Updates<H>>>);

impl<H: Handle> Clone for Dispatcher<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<H: Handle> Dispatcher<H> {
    /// Hands updates to `handler`.
    pub fn new(handler: Arc<H>, metrics: Metrics) -> Self {
        Self(Executor::new(Updates { handler, metrics }, Semaphore::MAX_PERMITS))
    }

    /// How many updates wait or are being handled.
    pub fn under_way(&self) -> usize {
        self.0.under_way()
    }

    /// Queues an update.
    ///
    /// # Errors
    /// The same update is under way already; it is given back.
    pub fn submit(&self, update: Update) -> Result<Ticket, Update> {
        self.0.work.handler.arrived(&update);
        let (done, ticket) = oneshot::channel();
        match self.0.submit(Job { update, done: Some(done) }) {
            None => Ok(ticket),
            Some(job) => Err(job.update),
        }
    }

    /// Queues an update from the store, unless it is under way: nobody waits for its end.
    pub fn take_up(&self, update: Update) {
        if let Ok(ticket) = self.submit(update) {
            self.0.work.metrics.telegram_update("taken_up");
            tokio::spawn(ticket);
        }
    }

    /// Sheds what has become too much in queues that have stalled meanwhile.
    pub fn shed_stalled(&self) {
        self.0.shed_stalled();
    }

    /// Done when nothing is under way any more.
    pub async fn drained(&self) {
        self.0.drained().await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, MutexGuard, PoisonError};

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
        fn arrived(&self, _: &Update) {}

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

    fn dispatcher() -> anyhow::Result<Dispatcher<Moody>> {
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
    async fn an_update_whose_ticket_is_dropped_is_withdrawn() -> anyhow::Result<()> {
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
    async fn an_update_that_could_not_be_claimed_keeps_its_place_in_its_chat() -> anyhow::Result<()> {
        let dispatcher = dispatcher()?;
        let tickets: Vec<_> =
            [5, 6, 7].into_iter().filter_map(|id| dispatcher.submit(update(id, 9)).ok()).collect();
        for ticket in tickets {
            assert_eq!(ticket.await?, Ending::Handled);
        }
        assert_eq!(*noted(&dispatcher.0.work.handler.handled), [5, 5, 6, 7]);
        Ok(())
    }

    #[tokio::test]
    async fn a_full_queue_sheds_only_what_may_be_shed() -> anyhow::Result<()> {
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
        while noted(&dispatcher.0.work.handler.shed).len() < 74 {
            tokio::task::yield_now().await;
        }
        let shed = noted(&dispatcher.0.work.handler.shed).clone();
        assert!(!shed.contains(&10) && !shed.contains(&11), "{shed:?}");
        assert!(shed.contains(&100), "the oldest message went: {shed:?}");
        Ok(())
    }
}
