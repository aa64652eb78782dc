//! Hands events to workers: those of one person in order, those of different people side by side.
//!
//! A panic ends the handling of one event and of nothing else. What is left when the program stops stays in the store.

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::timeout;

use super::answer::Part;
use super::wire::Event;
use crate::store::MessageHash;
use crate::telemetry::Metrics;

/// How many events of one person may wait; of more the oldest go that may.
const MOST: usize = 64;

/// How many events are handled at once; the rest takes little room.
const AT_ONCE: usize = 1_000;

/// An event that was taken.
#[derive(Clone, Debug)]
pub struct Job {
    /// Names it in the store.
    pub message: MessageHash,
    /// What happened.
    pub event: Event,
    /// Its answer, where one of several parts was begun before.
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
    /// Its turn has not come: it is handled after so long, and takes nobody's turn until then.
    NotBefore(Duration),
}

/// What handles an event.
pub trait Handle: Send + Sync + 'static {
    /// Handles one event.
    fn handle(&self, job: &Job) -> impl Future<Output = Ending> + Send;

    /// Notes that nothing more is to be done about an event.
    fn done(&self, message: MessageHash) -> impl Future<Output = ()> + Send;

    /// Whether an event may be left out where too many wait.
    fn may_be_shed(job: &Job) -> bool;

    /// Whether an event goes before another that waits, though it happened later.
    fn passes(job: &Job, other: &Job) -> bool;

    /// An event was left out.
    fn shed(&self, job: &Job) -> impl Future<Output = ()> + Send;
}

#[derive(Default)]
struct Queues {
    people: HashMap<String, VecDeque<Job>>,
    under_way: HashSet<MessageHash>,
}

/// Puts `job` among those that wait: the one that happened first comes first, and of one moment the one that came
/// first, which `job` did where it `was_first`.
fn put<H: Handle>(queue: &mut VecDeque<Job>, job: Job, was_first: bool) {
    let is_before = |other: &Job| {
        H::passes(other, &job)
            || !H::passes(&job, other)
                && match (other.event.at, job.event.at) {
                    (Some(other), Some(own)) if other != own => other < own,
                    _ => !was_first,
                }
    };
    let place = queue.iter().rposition(is_before).map_or(0, |last| last + 1);
    queue.insert(place, job);
}

/// Hands events to workers.
pub struct Lanes<H> {
    handler: Arc<H>,
    metrics: Metrics,
    queues: Mutex<Queues>,
    idle: Notify,
    at_once: Semaphore,
    stopping: watch::Sender<bool>,
    cut: watch::Sender<bool>,
}

impl<H: Handle> Lanes<H> {
    /// Hands events to `handler`.
    pub fn new(handler: Arc<H>, metrics: Metrics) -> Arc<Self> {
        Arc::new(Self {
            handler,
            metrics,
            queues: Mutex::default(),
            idle: Notify::new(),
            at_once: Semaphore::new(AT_ONCE),
            stopping: watch::Sender::new(false),
            cut: watch::Sender::new(false),
        })
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many events wait or are being handled.
    pub fn under_way(&self) -> usize {
        self.queues().under_way.len()
    }

    /// Queues an event, unless it is under way.
    pub fn submit(self: &Arc<Self>, job: Job) {
        let mut queues = self.queues();
        if !queues.under_way.insert(job.message.clone()) {
            return;
        }
        let person = job.event.person.clone();
        let Some(queue) = queues.people.get_mut(&person) else {
            queues.people.insert(person.clone(), VecDeque::from([job]));
            drop(queues);
            tokio::spawn(Arc::clone(self).work(person));
            return;
        };
        put::<H>(queue, job, false);
        let is_much = queue.len() > MOST;
        let shed = is_much.then(|| queue.iter().position(H::may_be_shed)).flatten();
        let shed = shed.and_then(|place| queue.remove(place));
        drop(queues);
        if let Some(shed) = shed {
            self.metrics.messenger_event("shed");
            let lanes = Arc::clone(self);
            tokio::spawn(async move {
                lanes.finish(shed.message.clone(), Ending::Done).await;
                lanes.handler.shed(&shed).await;
            });
        }
    }

    /// Handles what waits of `person` until nothing does.
    async fn work(self: Arc<Self>, person: String) {
        let mut cut = self.cut.subscribe();
        loop {
            let job = {
                let mut queues = self.queues();
                let next = queues.people.get_mut(&person).and_then(VecDeque::pop_front);
                let Some(job) = next else {
                    queues.people.remove(&person);
                    break;
                };
                job
            };
            let ending = if *self.stopping.borrow() {
                Ending::Kept
            } else {
                tokio::select! {
                    ending = self.handle_in_turn(&job) => ending,
                    _ = cut.wait_for(|cut| *cut) => Ending::Kept,
                }
            };
            if let Ending::NotBefore(wait) = ending {
                self.wait(job, wait).await;
            } else {
                self.finish(job.message, ending).await;
            }
        }
    }

    /// Puts `job` back among those that wait, and waits; no longer than the program runs.
    async fn wait(&self, job: Job, wait: Duration) {
        if let Some(queue) = self.queues().people.get_mut(&job.event.person) {
            put::<H>(queue, job, true);
        }
        let mut stopping = self.stopping.subscribe();
        let _over = timeout(wait, stopping.wait_for(|stopping| *stopping)).await;
    }

    async fn handle_in_turn(&self, job: &Job) -> Ending {
        // It is never closed.
        let _turn = self.at_once.acquire().await;
        // It may have waited until the end.
        if *self.stopping.borrow() { Ending::Kept } else { self.handle(job).await }
    }

    async fn handle(&self, job: &Job) -> Ending {
        // In a box, so that what waits for its turn does not take the room of what is being handled.
        let handled = AssertUnwindSafe(Box::pin(self.handler.handle(job))).catch_unwind().await;
        handled.unwrap_or_else(|_| {
            // What the panic said may hold a person's text. The same event would panic again.
            tracing::error!("handling an event failed by a mistake in the program");
            self.metrics.messenger_event("panicked");
            Ending::Done
        })
    }

    async fn finish(&self, message: MessageHash, ending: Ending) {
        if ending == Ending::Done {
            self.handler.done(message.clone()).await;
        }
        self.queues().under_way.remove(&message);
        self.idle.notify_waiters();
    }

    /// From now on only what has been begun is finished; the rest stays pending.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// What is being handled is dropped where it stands.
    pub fn cut(&self) {
        self.cut.send_replace(true);
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
            put::<Patient>(&mut queue, text(id, at), false);
        }
        put::<Patient>(&mut queue, text("b", Some(3)), true);
        put::<Patient>(&mut queue, job(&store, "7", "first", Some(9), What::Taken), false);
        put::<Patient>(&mut queue, job(&store, "7", "second", Some(9), What::Taken), false);
        put::<Patient>(&mut queue, text("0", Some(0)), true);
        let seen: Vec<&str> = queue.iter().map(|job| job.event.id.as_str()).collect();
        assert_eq!(seen, ["first", "second", "0", "a", "b", "c", "d", "e"]);
        Ok(())
    }

    #[tokio::test]
    async fn those_whose_turn_has_not_come_take_nobodys() -> anyhow::Result<()> {
        let store = Store::open("sqlite::memory:").await?;
        let lanes = Lanes::new(Arc::new(Patient::default()), Metrics::new()?);
        let job = |person: &str, id: &str, at| job(&store, person, id, at, What::Text("কখন?".to_owned()));
        for number in 0..AT_ONCE + 10 {
            lanes.submit(job(&format!("flood{number}"), &format!("m_{number}"), None));
        }
        for (id, at) in [("b", 2), ("a", 1), ("c", 2)] {
            lanes.submit(job("somebody", id, Some(at)));
        }
        let answered = async {
            while lanes.under_way() > AT_ONCE + 10 {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_mins(1), answered).await?;
        assert_eq!(*lanes.handler.0.lock().unwrap_or_else(PoisonError::into_inner), ["a", "b", "c"]);
        // They hold up no stop, and are not lost.
        lanes.stop();
        lanes.drained().await;
        assert_eq!(lanes.under_way(), 0);
        Ok(())
    }
}
