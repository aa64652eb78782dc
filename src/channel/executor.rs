//! Runs jobs on workers: those of one key (a chat, a person) in order, those of different keys side by side.
//!
//! A panic ends one job and nothing else. Both Telegram's updates and Messenger's events are handled by it; what is
//! particular to each, such as the order in a queue and what goes when a queue is full, is its [`Work`].

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::Future;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What is to become of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing more.
    Done,
    /// It runs again after this time, in which it takes none of the places of those that run at once.
    Retry(Duration),
}

/// What an [`Executor`] does with its jobs.
pub trait Work: Send + Sync + 'static {
    /// A job.
    type Job: Send + 'static;
    /// Jobs of the same key run one after the other.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    /// Names a job: the same one is not taken twice at a time.
    type Id: Clone + Eq + Hash + Send + Sync + 'static;

    /// The key of a job.
    fn key(job: &Self::Job) -> Self::Key;

    /// The name of a job.
    fn id(job: &Self::Job) -> Self::Id;

    /// Puts a job into its key's queue; a job `is_retry` that ran before.
    fn enqueue(queue: &mut VecDeque<Self::Job>, job: Self::Job, is_retry: bool);

    /// Takes out of a queue what is too much. `stalled` is the time since the last of its jobs was begun.
    fn excess(queue: &mut VecDeque<Self::Job>, stalled: Duration) -> Vec<Self::Job>;

    /// Runs a job.
    fn run(&self, job: &mut Self::Job) -> impl Future<Output = Next> + Send;

    /// A job panicked; it does not run again. The panic's message may contain a person's text, so it is not logged.
    fn panicked(&self, job: &mut Self::Job) -> impl Future<Output = ()> + Send;

    /// A job was taken out of its queue as too much.
    fn shed(&self, job: Self::Job) -> impl Future<Output = ()> + Send;
}

/// The jobs of one key.
struct Queue<J> {
    waiting: VecDeque<J>,
    /// When the job that runs was begun, or last had to be retried.
    since: Instant,
}

struct Queues<W: Work> {
    by_key: HashMap<W::Key, Queue<W::Job>>,
    under_way: HashSet<W::Id>,
}

/// Runs jobs.
pub struct Executor<W: Work> {
    /// What it does with them.
    pub work: W,
    queues: Mutex<Queues<W>>,
    at_once: Semaphore,
    tasks: TaskTracker,
    stopping: CancellationToken,
    aborting: CancellationToken,
}

impl<W: Work> Executor<W> {
    /// Runs at most `at_once` jobs at a time.
    pub fn new(work: W, at_once: usize) -> Arc<Self> {
        Arc::new(Self {
            work,
            queues: Mutex::new(Queues { by_key: HashMap::new(), under_way: HashSet::new() }),
            at_once: Semaphore::new(at_once),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            aborting: CancellationToken::new(),
        })
    }

    fn queues(&self) -> MutexGuard<'_, Queues<W>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many jobs wait or run.
    pub fn under_way(&self) -> usize {
        self.queues().under_way.len()
    }

    /// Queues a job; returns it where the same one is already under way.
    pub fn submit(self: &Arc<Self>, job: W::Job) -> Option<W::Job> {
        let key = W::key(&job);
        let mut queues = self.queues();
        if !queues.under_way.insert(W::id(&job)) {
            return Some(job);
        }
        if let Some(queue) = queues.by_key.get_mut(&key) {
            W::enqueue(&mut queue.waiting, job, false);
            let excess = W::excess(&mut queue.waiting, queue.since.elapsed());
            drop(queues);
            self.shed(excess);
        } else {
            let queue = Queue { waiting: VecDeque::from([job]), since: Instant::now() };
            queues.by_key.insert(key.clone(), queue);
            drop(queues);
            self.tasks.spawn(Arc::clone(self).run_all(key));
        }
        None
    }

    /// Sheds what has become too much in queues that have stalled meanwhile.
    pub fn shed_stalled(self: &Arc<Self>) {
        let mut queues = self.queues();
        let queues = queues.by_key.values_mut();
        let excess = queues.flat_map(|queue| W::excess(&mut queue.waiting, queue.since.elapsed())).collect();
        self.shed(excess);
    }

    fn shed(self: &Arc<Self>, excess: Vec<W::Job>) {
        for job in excess {
            let executor = Arc::clone(self);
            self.tasks.spawn(async move {
                let id = W::id(&job);
                tokio::select! {
                    () = executor.work.shed(job) => {}
                    () = executor.aborting.cancelled() => {}
                }
                executor.queues().under_way.remove(&id);
            });
        }
    }

    /// Runs the jobs of `key` until none waits.
    async fn run_all(self: Arc<Self>, key: W::Key) {
        while let Some(mut job) = self.next(&key) {
            let next = tokio::select! {
                next = self.run(&mut job) => next,
                () = self.aborting.cancelled() => Next::Done,
            };
            let Next::Retry(delay) = next else {
                self.queues().under_way.remove(&W::id(&job));
                continue;
            };
            if let Some(queue) = self.queues().by_key.get_mut(&key) {
                queue.since = Instant::now();
                W::enqueue(&mut queue.waiting, job, true);
            }
            tokio::select! {
                () = sleep(delay) => {}
                () = self.stopping.cancelled() => {}
            }
        }
    }

    fn next(&self, key: &W::Key) -> Option<W::Job> {
        let mut queues = self.queues();
        let queue = queues.by_key.get_mut(key)?;
        queue.since = Instant::now();
        let job = queue.waiting.pop_front();
        if job.is_none() {
            queues.by_key.remove(key);
        }
        job
    }

    async fn run(&self, job: &mut W::Job) -> Next {
        // The semaphore is never closed.
        let _permit = self.at_once.acquire().await;
        if self.stopping.is_cancelled() {
            return Next::Done;
        }
        // Boxed, so that a job that waits does not take the room of one that runs.
        if let Ok(next) = AssertUnwindSafe(Box::pin(self.work.run(job))).catch_unwind().await {
            return next;
        }
        self.work.panicked(job).await;
        Next::Done
    }

    /// From now on no job is begun; those that wait are dropped.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Drops the jobs that run, too.
    pub fn abort(&self) {
        self.stop();
        self.aborting.cancel();
    }

    /// Done when nothing is under way any more.
    pub async fn drained(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
