//! What is still to be written: counts and judgements, together and after the reply.
//!
//! It is bounded, and it outlasts an outage of the store: what could not be written waits and is written later.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

use crate::faq::EntryId;
use crate::message::PersonId;
use crate::reply::Outcome;
use crate::store::{Day, Error, Feedback, Store, Tally};

/// How often counts are written: not at every message.
const COUNT_INTERVAL: Duration = Duration::from_secs(2);

/// The wait before another attempt where the store did not take something. The store itself says so in the log.
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// How many judgements wait at most; what comes after is let go.
const MAX_PENDING: usize = 20_000;

/// What is still to be written.
#[derive(Default)]
pub struct Journal {
    pending: Mutex<Pending>,
    news: Notify,
    is_stopping: AtomicBool,
    /// Held while something is on its way into the store.
    writing: tokio::sync::Mutex<()>,
}

/// 👍 or 👎, and when.
#[derive(Clone, Copy)]
pub struct Judgement {
    /// 👍
    pub helpful: bool,
    /// Unix seconds.
    pub at: i64,
}

#[derive(Default)]
struct Pending {
    counts: HashMap<Count, u64>,
    judgements: HashMap<(PersonId, EntryId), Judgement>,
}

#[derive(PartialEq, Eq, Hash)]
struct Count {
    day: Day,
    channel: &'static str,
    outcome: &'static str,
    entry: Option<EntryId>,
}

impl Journal {
    /// A message got this reply on that day.
    pub fn count(&self, channel: &'static str, outcome: &Outcome, day: Day) {
        let entry = outcome.answered().first().cloned();
        let count = Count { day, channel, outcome: outcome.name(), entry };
        *self.pending().counts.entry(count).or_default() += 1;
    }

    /// A person judged an entry's answer; the last judgement holds.
    pub fn judge(&self, person: &PersonId, entry: &EntryId, judgement: Judgement) {
        let key = (person.clone(), entry.clone());
        let judgements = &mut self.pending().judgements;
        if judgements.len() < MAX_PENDING || judgements.contains_key(&key) {
            judgements.insert(key, judgement);
        }
        self.news.notify_one();
    }

    /// Writes whatever comes until [`Journal::stop`], and then the rest.
    pub async fn write_on(self: Arc<Self>, store: Store) {
        let mut counted = Instant::now();
        loop {
            let is_stopping = self.is_stopping.load(Ordering::Acquire);
            let counts = is_stopping || counted.elapsed() >= COUNT_INTERVAL;
            let written = self.write(&store, counts).await;
            if is_stopping {
                return;
            }
            if counts {
                counted = Instant::now();
            }
            match written {
                Ok(()) => drop(timeout(COUNT_INTERVAL, self.news.notified()).await),
                Err(_) => self.back_off().await,
            }
        }
    }

    /// Waits a while, or until the program stops.
    async fn back_off(&self) {
        let stopped = async {
            while !self.is_stopping.load(Ordering::Acquire) {
                self.news.notified().await;
            }
        };
        tokio::select! {
            () = sleep(RETRY_DELAY) => {}
            () = stopped => {}
        }
    }

    /// Has [`Journal::write_on`] come to its end.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
        self.news.notify_one();
    }

    /// Lets go of everything that is to be written of `person`, and then has the store forget.
    pub async fn forget<T>(&self, person: &PersonId, forget: impl Future<Output = T>) -> T {
        // Nothing of this person may be on its way, to arrive after the store has forgotten.
        let _guard = self.writing.lock().await;
        {
            let mut pending = self.pending();
            pending.judgements.retain(|(judge, _), _| judge != person);
        }
        forget.await
    }

    /// Writes what waits, counts only where they are wanted. What the store did not take goes on waiting, unless it
    /// never will.
    async fn write(&self, store: &Store, counts: bool) -> Result<(), Error> {
        let _guard = self.writing.lock().await;
        let mut batch = self.pending().take(counts);
        let written = batch.write(store).await;
        if written.as_ref().is_err_and(may_come_back) {
            self.pending().put_back(batch);
        }
        written
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody may make space; a store that is broken stays so.
fn may_come_back(error: &Error) -> bool {
    error.passes() || matches!(error, Error::Full(_))
}

/// On its way into the store.
struct Batch {
    counts: Vec<(Count, u64)>,
    judgements: Vec<((PersonId, EntryId), Judgement)>,
}

impl Pending {
    fn take(&mut self, counts: bool) -> Batch {
        Batch {
            counts: if counts { self.counts.drain().collect() } else { Vec::new() },
            judgements: self.judgements.drain().collect(),
        }
    }

    /// What came since is newer.
    fn put_back(&mut self, older: Batch) {
        for (count, messages) in older.counts {
            *self.counts.entry(count).or_default() += messages;
        }
        for (key, judgement) in older.judgements {
            self.judgements.entry(key).or_insert(judgement);
        }
    }
}

impl Batch {
    /// Writes everything; what is written is no longer in it.
    async fn write(&mut self, store: &Store) -> Result<(), Error> {
        let secret = store.secret();
        while let Some(((person, entry), Judgement { helpful, at })) = self.judgements.last() {
            let hash = secret.person(person.channel(), person.id());
            let feedback = Feedback { person: &hash, channel: person.channel(), entry, helpful: *helpful };
            store.judge(&feedback, *at).await?;
            self.judgements.pop();
        }
        if !self.counts.is_empty() {
            let tallies: Vec<Tally> =
                self.counts.iter().map(|(count, messages)| count.tally(*messages)).collect();
            store.count(&tallies).await?;
            self.counts.clear();
        }
        Ok(())
    }
}

impl Count {
    fn tally(&self, messages: u64) -> Tally {
        Tally {
            day: self.day,
            channel: self.channel.to_owned(),
            outcome: self.outcome.to_owned(),
            entry: self.entry.clone(),
            messages,
        }
    }
}
