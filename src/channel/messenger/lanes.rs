//! Hands events to the executor: those of one person in order, those of different people side by side.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::answer::Part;
use super::wire::Event;
use crate::channel::executor::{Executor, Next, Work};
use crate::store::MessageHash;
use crate::telemetry::Metrics;

/// Events of one person that may wait; of more the oldest that may be shed are.
const MAX_WAITING: usize = 64;

/// Events that are handled at once; those that wait take little memory.
const MAX_AT_ONCE: usize = 1_000;

/// An event that was taken.
#[derive(Clone, Debug)]
pub struct Job {
    /// Names it in the store.
    pub message: MessageHash,
    /// What happened.
    pub event: Event,
    /// Its answer, where it was begun before.
    pub answer: Vec<Part>,
    /// So many of its parts are over.
    pub over: u32,
    /// Whether the next part may have gone out already.
    pub is_doubtful: bool,
}

impl Job {
    /// One that just came.
    pub fn new(message: MessageHash, event: Event) -> Self {
        Self { message, event, answer: Vec::new(), over: 0, is_doubtful: false }
    }
}

/// How an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing more is to be done about it.
    Done,
    /// It stays pending.
    Kept,
    /// It is handled after this time, and takes none of the places of others until then.
    NotBefore(Duration),
}

/// What handles an event.
pub trait Handle: Send + Sync + 'static {
    /// Handles one event.
    fn handle(&self, job: &Job) -> impl Future<Output = Ending> + Send;

    /// Notes that nothing more is to be done about an event.
    fn done(&self, message: MessageHash) -> impl Future<Output = ()> + Send;

    /// Whether an event may be shed where too many wait.
    fn may_be_shed(job: &Job) -> bool;

    /// Whether an event goes before another that waits, though it happened later.
    fn passes(job: &Job, other: &Job) -> bool;

    /// An event was shed.
    fn shed(&self, job: &Job) -> impl Future<Output = ()> + Send;
}

/// Puts `job` into the queue: the event that happened first comes first, and of the same moment the one that was delivered
/// first, which is `job` where it `is_retry`.
fn enqueue<H: Handle>(queue: &mut VecDeque<Job>, job: Job, is_retry: bool) {
    let is_before = |other: &Job| {
        H::passes(other, &job)
            || !H::passes(&job, other)
                && match (other.event.at, job.event.at) {
                    (Some(other), Some(own)) if other != own => other < own,
                    _ => !is_retry,
                }
    };
    let place = queue.iter().rposition(is_before).map_or(0, |last| last + 1);
    queue.insert(place, job);
}

/// What the executor does with events.
pub struct Events<H> {
    handler: Arc<H>,
    metrics: Metrics,
}

/// Hands events to workers. Events that are not handled when it stops stay in the store.
pub type Lanes<H> = Executor<Events<H>>;

/// Hands events to `handler`.
pub fn start<H: Handle>(handler: Arc<H>, metrics: Metrics) -> Arc<Lanes<H>> {
    Executor::new(Events { handler, metrics }, MAX_AT_ONCE)
}

impl<H: Handle> Work for Events<H> {
    type Job = Job;
    type Key = String;
    type Id = MessageHash;

    fn key(job: &Job) -> String {
        job.event.queue()
    }

    fn id(job: &Job) -> MessageHash {
        job.message.clone()
    }

    fn enqueue(queue: &mut VecDeque<Job>, job: Job, is_retry: bool) {
        enqueue::<H>(queue, job, is_retry);
    }

    fn excess(queue: &mut VecDeque<Job>, _: Duration) -> Vec<Job> {
        let is_full = queue.len() > MAX_WAITING;
        let shed = is_full.then(|| queue.iter().position(H::may_be_shed)).flatten();
        shed.and_then(|place| queue.remove(place)).into_iter().collect()
    }

    async fn run(&self, job: &mut Job) -> Next {
        match self.handler.handle(job).await {
            Ending::Done => self.handler.done(job.message.clone()).await,
            Ending::Kept => {}
            Ending::NotBefore(delay) => return Next::Retry(delay),
        }
        Next::Done
    }

    async fn panicked(&self, job: &mut Job) {
        // The same event would panic again.
        tracing::error!("handling an event panicked");
        self.metrics.messenger_event("panicked");
        self.handler.done(job.message.clone()).await;
    }

    async fn shed(&self, job: Job) {
        self.metrics.messenger_event("shed");
        self.handler.done(job.message.clone()).await;
        self.handler.shed(&job).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use tokio::time::timeout;

    use super::super::wire::What;
    use super::*;
    use crate::store::Store;

    /// Whose turn never comes, where the name says so.
    #[derive(Default)]
    struct Patient(Mutex<Vec<String>>);

    impl Handle for Patient {
        async fn handle(&self, job: &Job) -> Ending {
            if job.event.person.starts_with("flood") {
                return Ending::NotBefore(Duration::from_hours(1));
            }
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(job.event.id.clone());
            Ending::Done
        }

        async fn done(&self, _: MessageHash) {}

        fn may_be_shed(_: &Job) -> bool {
            true
        }

        fn passes(job: &Job, other: &Job) -> bool {
            job.event.what == What::Taken && other.event.what != What::Taken
        }

        async fn shed(&self, _: &Job) {}
    }

    fn job(store: &Store, person: &str, id: &str, at: Option<i64>, what: What) -> Job {
        let event = Event { id: id.to_owned(), person: person.to_owned(), at, what };
        Job::new(store.secret().message("messenger", id), event)
    }

    #[tokio::test]
    async fn what_waits_stands_in_its_order() -> anyhow::Result<()> {
        let store = Store::open("sqlite::memory:").await?;
        let text = |id: &str, at| job(&store, "7", id, at, What::Text(String::new()));
        let mut queue = VecDeque::new();
        for (id, at) in [("c", Some(3)), ("a", Some(1)), ("d", Some(3)), ("e", None)] {
            enqueue::<Patient>(&mut queue, text(id, at), false);
        }
        enqueue::<Patient>(&mut queue, text("b", Some(3)), true);
        enqueue::<Patient>(&mut queue, job(&store, "7", "first", Some(9), What::Taken), false);
        enqueue::<Patient>(&mut queue, job(&store, "7", "second", Some(9), What::Taken), false);
        enqueue::<Patient>(&mut queue, text("0", Some(0)), true);
        let seen: Vec<&str> = queue.iter().map(|job| job.event.id.as_str()).collect();
        assert_eq!(seen, ["first", "second", "0", "a", "b", "c", "d", "e"]);
        Ok(())
    }

    #[tokio::test]
    async fn those_whose_turn_has_not_come_take_nobodys() -> anyhow::Result<()> {
        let store = Store::open("sqlite::memory:").await?;
        let lanes = start(Arc::new(Patient::default()), Metrics::new()?);
        let job = |person: &str, id: &str, at| job(&store, person, id, at, What::Text("কখন?".to_owned()));
        for number in 0..MAX_AT_ONCE + 10 {
            lanes.submit(job(&format!("flood{number}"), &format!("m_{number}"), None));
        }
        for (id, at) in [("b", 2), ("a", 1), ("c", 2)] {
            lanes.submit(job("somebody", id, Some(at)));
        }
        let answered = async {
            while lanes.under_way() > MAX_AT_ONCE + 10 {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_mins(1), answered).await?;
        assert_eq!(*lanes.work.handler.0.lock().unwrap_or_else(PoisonError::into_inner), ["a", "b", "c"]);
        // They hold up no stop, and are not lost.
        lanes.stop();
        lanes.drained().await;
        assert_eq!(lanes.under_way(), 0);
        Ok(())
    }
}
