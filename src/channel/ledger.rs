//! What is pending in the store, written in batches: whoever comes while one commit goes to the disk shares the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::memory::Moment;
use crate::store::{Error, Owner, Step, Store, Waiting};

/// How long a process that says nothing any more keeps what it works on, in seconds.
const LEASE: i64 = 20;

/// How often a living one says something; well within the lease.
pub const LOOK: Duration = Duration::from_secs(5);

/// As many steps as one commit takes.
const BATCH: usize = 500;

/// So many things of another process are taken over in one commit.
const AT_ONCE: u32 = 500;

/// What nobody works on after so long was lost on its way, in microseconds; by then others have taken over what a
/// process that is gone has left.
const LOST: i64 = 30_000_000;

struct Order {
    steps: Vec<Step>,
    done: oneshot::Sender<Option<Vec<bool>>>,
}

/// Writes what is pending of one channel, for this process.
pub struct Ledger {
    store: Store,
    channel: &'static str,
    owner: Owner,
    orders: mpsc::UnboundedSender<Order>,
    place: AtomicI64,
}

impl Ledger {
    /// Starts to write for `channel`.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn start(store: Store, channel: &'static str) -> Result<Arc<Self>, Error> {
        let owner = Owner::new()?;
        let (orders, waiting) = mpsc::unbounded_channel();
        tokio::spawn(write(store.clone(), owner.clone(), waiting));
        Ok(Arc::new(Self { store, channel, owner, orders, place: AtomicI64::new(0) }))
    }

    /// Carries out `steps` durably; says of each whether it changed anything. None when the store did not take them,
    /// or nobody knows whether it did.
    pub async fn carry_out(&self, steps: Vec<Step>) -> Option<Vec<bool>> {
        if steps.is_empty() {
            return Some(Vec::new());
        }
        let (done, outcome) = oneshot::channel();
        self.orders.send(Order { steps, done }).ok()?;
        outcome.await.ok().flatten()
    }

    /// The next place in the order of all that comes, in microseconds.
    pub fn place(&self) -> i64 {
        let now = micros();
        let next = |last: i64| Some(now.max(last.saturating_add(1)));
        let last = self.place.fetch_update(Ordering::AcqRel, Ordering::Acquire, next).unwrap_or_default();
        now.max(last.saturating_add(1))
    }

    /// What a process that is gone has left, now this one's.
    pub async fn take_over(&self) -> Vec<Waiting> {
        let mut all = Vec::new();
        loop {
            let now = Moment::now().unix;
            // The store itself speaks of its failures.
            let some = self.store.take_over(self.channel, &self.owner, now + LEASE, AT_ONCE, now).await;
            let some = some.unwrap_or_default();
            let is_all = some.len() < AT_ONCE as usize;
            all.extend(some);
            if is_all {
                return all;
            }
        }
    }

    /// What came before this place is waited for by nobody any more.
    pub fn patience() -> i64 {
        micros() - LOST
    }

    /// What has been this process's for a while.
    pub async fn old(&self) -> Vec<Waiting> {
        self.store.held_by(&self.owner, Self::patience()).await.unwrap_or_default()
    }

    /// Leaves everything to whoever comes next.
    pub async fn leave(&self) {
        let _tried = self.store.leave(&self.owner).await;
    }
}

fn micros() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

async fn write(store: Store, owner: Owner, mut waiting: mpsc::UnboundedReceiver<Order>) {
    while let Some(first) = waiting.recv().await {
        let mut orders = vec![first];
        let mut steps = orders.iter().map(|order| order.steps.len()).sum::<usize>();
        while steps < BATCH
            && let Ok(order) = waiting.try_recv()
        {
            steps += order.steps.len();
            orders.push(order);
        }
        let all: Vec<Step> = orders.iter().flat_map(|order| order.steps.iter().cloned()).collect();
        let now = Moment::now().unix;
        let changed = store.carry_out(&all, &owner, now + LEASE, now).await.ok();
        let mut changed = changed.map(Vec::into_iter);
        for Order { steps, done } in orders {
            let own = changed.as_mut().map(|changed| changed.take(steps.len()).collect());
            let _nobody_waits = done.send(own);
        }
    }
}
