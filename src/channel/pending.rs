//! What a channel has pending in the store: writes it in batches and holds its leases.
//!
//! Steps that arrive during one commit share the next. docs/delivery.md says what is stored, and what a crash does.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::memory::Moment;
use crate::store::{Error, Owner, Step, Store, Waiting};

/// How long a process holds its items without renewing the lease, in seconds.
const LEASE: i64 = 20;

/// How often a process renews its lease and takes over expired ones; well within the lease.
pub const TAKEOVER_INTERVAL: Duration = Duration::from_secs(5);

/// The most steps in one commit, as long as a single request has no more.
const MAX_BATCH: usize = 500;

/// The most items that one commit takes over.
const MAX_TAKEOVER: u32 = 500;

/// An item that this process holds for so long without handling it was lost on its way to a worker, in microseconds; by
/// then the leases of other processes that are gone have expired as well.
const LOST_AFTER: i64 = 30_000_000;

struct Request {
    steps: Vec<Step>,
    done: oneshot::Sender<Option<Vec<bool>>>,
}

/// The pending items of one channel, as one process works on them.
pub struct Pending {
    store: Store,
    channel: &'static str,
    owner: Owner,
    requests: mpsc::UnboundedSender<Request>,
    last_position: AtomicI64,
}

impl Pending {
    /// Starts to write for `channel`.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn start(store: Store, channel: &'static str) -> Result<Arc<Self>, Error> {
        let owner = Owner::new()?;
        let (requests, waiting) = mpsc::unbounded_channel();
        tokio::spawn(write(store.clone(), owner.clone(), waiting));
        Ok(Arc::new(Self { store, channel, owner, requests, last_position: AtomicI64::new(0) }))
    }

    /// Carries out `steps` durably; returns of each whether it changed anything. None when the store did not accept them
    /// or the outcome is unknown, which the store logs.
    pub async fn carry_out(&self, steps: Vec<Step>) -> Option<Vec<bool>> {
        if steps.is_empty() {
            return Some(Vec::new());
        }
        let (done, outcome) = oneshot::channel();
        self.requests.send(Request { steps, done }).ok()?;
        outcome.await.ok().flatten()
    }

    /// The next position in the order of arrival: the time in microseconds, made unique within this process.
    pub fn next_position(&self) -> i64 {
        let now = micros();
        let next = |last: i64| Some(now.max(last.saturating_add(1)));
        let last =
            self.last_position.fetch_update(Ordering::AcqRel, Ordering::Acquire, next).unwrap_or_default();
        now.max(last.saturating_add(1))
    }

    /// Renews this process's leases and takes over items whose lease has expired.
    pub async fn take_over(&self) -> Vec<Waiting> {
        let mut all = Vec::new();
        loop {
            let now = Moment::now().unix;
            // The store logs its failures; the next takeover comes.
            let some = self.store.take_over(self.channel, &self.owner, now + LEASE, MAX_TAKEOVER, now).await;
            let some = some.unwrap_or_default();
            let is_all = some.len() < MAX_TAKEOVER as usize;
            all.extend(some);
            if is_all {
                return all;
            }
        }
    }

    /// Items from before this position count as lost.
    pub fn lost_before() -> i64 {
        micros() - LOST_AFTER
    }

    /// Items of this process that count as lost. None of them where the store, which logs that, does not reply.
    pub async fn lost(&self) -> Vec<Waiting> {
        self.store.held_by(&self.owner, Self::lost_before()).await.unwrap_or_default()
    }

    /// Items that other processes hold, with or without a valid lease; none when the store does not reply.
    pub async fn held_by_others(&self) -> Option<Vec<Waiting>> {
        self.store.held_by_others(self.channel, &self.owner).await.ok()
    }

    /// Ends this process's leases, so that another one takes its items over at once.
    pub async fn release(&self) {
        if let Err(error) = self.store.leave(&self.owner).await {
            tracing::warn!("pending events are taken over only after their lease of {LEASE} s: {error}");
        }
    }
}

fn micros() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

async fn write(store: Store, owner: Owner, mut waiting: mpsc::UnboundedReceiver<Request>) {
    while let Some(first) = waiting.recv().await {
        let mut requests = vec![first];
        let mut steps = requests.iter().map(|request| request.steps.len()).sum::<usize>();
        while steps < MAX_BATCH
            && let Ok(request) = waiting.try_recv()
        {
            steps += request.steps.len();
            requests.push(request);
        }
        let all: Vec<Step> = requests.iter().flat_map(|request| request.steps.iter().cloned()).collect();
        let now = Moment::now().unix;
        let changed = store.carry_out(&all, &owner, now + LEASE, now).await.ok();
        let mut changed = changed.map(Vec::into_iter);
        for Request { steps, done } in requests {
            let own = changed.as_mut().map(|changed| changed.take(steps.len()).collect());
            // A requester that has given up does not need the result.
            done.send(own).ok();
        }
    }
}
