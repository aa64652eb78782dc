//! Notes: short-lived state, each for its TTL and by a key of its own.
//!
//! Where replicas share the work, notes are in the store, encrypted, since what refers to one may come to another replica.
//! This process keeps a note until the store has it, and longer where the store cannot take it; of two versions the later
//! holds. A process that works alone keeps its notes itself, and lasting ones also in the store, for after a restart.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use moka::ops::compute::Op;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::cipher::Cipher;
use super::moment::Moment;
use crate::store::{Store, within};

/// How long anybody waits for a note in the store. A write that takes longer goes on.
pub const NOTE_TIMEOUT: Duration = Duration::from_millis(500);

/// How many notes are written at once; while the store is that far behind, further notes stay in this process.
pub(super) const MAX_WRITES: u32 = 64;

tokio::task_local! {
    static WRITES: RefCell<Vec<JoinHandle<()>>>;
}

/// The notes of one message that are still being written.
pub struct Writes(Vec<JoinHandle<()>>);

impl Writes {
    /// Runs `handling` and collects the notes that it left to be written.
    pub async fn of(handling: impl Future<Output = ()>) -> Self {
        let handled = async {
            handling.await;
            Self(WRITES.with(RefCell::take))
        };
        WRITES.scope(RefCell::default(), handled).await
    }

    /// Waits until other replicas can read them, since the next message of the chat may come to one of them; at most
    /// [`NOTE_TIMEOUT`].
    pub async fn finished(self) {
        if timeout(NOTE_TIMEOUT, futures_util::future::join_all(self.0)).await.is_err() {
            tracing::debug!("notes are still being written");
        }
    }
}

/// The notes of one kind.
pub struct Notes<V> {
    kind: &'static str,
    ttl: Duration,
    is_lasting: bool,
    cache: Cache<String, Note<V>>,
}

/// A note in this process.
#[derive(Clone)]
struct Note<V> {
    /// Its place in the order of all notes, in microseconds.
    version: i64,
    /// Whose message led to it: channel and id.
    person: String,
    value: V,
}

impl<V: Clone + Send + Sync + 'static> Notes<V> {
    /// Each for `ttl`, at most `max` of them in this process.
    pub fn new(kind: &'static str, max: u64, ttl: Duration) -> Self {
        Self::weighed(kind, max, ttl, |_| 1)
    }

    /// As [`Notes::new`], `max` being the sum of what `weigh` says of each; the least recently used go first.
    pub fn weighed(kind: &'static str, max: u64, ttl: Duration, weigh: fn(&V) -> u32) -> Self {
        let cache = Cache::builder()
            .weigher(move |_, note: &Note<V>| weigh(&note.value))
            .max_capacity(max)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_live(ttl)
            .build();
        Self { kind, ttl, is_lasting: false, cache }
    }

    /// The same, in the store in any case.
    pub fn lasting(self) -> Self {
        Self { is_lasting: true, ..self }
    }

    /// When the TTL of a note ends that is written now, in Unix seconds.
    pub fn end(&self) -> i64 {
        Moment::now().unix + i64::try_from(self.ttl.as_secs()).unwrap_or(i64::MAX)
    }

    /// The note `key` where this process has it.
    pub(super) fn get(&self, key: &str) -> Option<V> {
        self.cache.get(key).map(|note| note.value)
    }

    /// Keeps a note in this process; returns its version.
    pub(super) fn keep(&self, key: String, person: String, value: V) -> i64 {
        let version = next_version();
        self.cache.insert(key, Note { version, person, value });
        version
    }

    /// Drops the notes of `person` from this process.
    pub(super) fn forget(&self, person: &str) {
        let theirs = self.cache.iter().filter(|(_, note)| note.person == *person).map(|(key, _)| key);
        theirs.for_each(|key| self.cache.invalidate(&*key));
    }
}

/// Writes and reads the notes of one account of a channel.
pub struct Notebook {
    pub(super) store: Store,
    pub(super) channel: &'static str,
    /// Which account of the channel, where several may share a store.
    pub(super) account: String,
    pub(super) secret: SecretString,
    /// Whether replicas share the work.
    pub(super) is_shared: bool,
    pub(super) writes: Arc<Semaphore>,
}

impl Notebook {
    /// Writes the note `key`, which a person's message led to, over the one before, and waits for the store, at most
    /// [`NOTE_TIMEOUT`].
    pub async fn remember<V>(&self, notes: &Notes<V>, key: String, person: impl Display, value: V)
    where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        if let Some(writing) = self.write(notes, key, person, value, notes.end())
            && timeout(NOTE_TIMEOUT, writing).await.is_err()
        {
            tracing::debug!("a note is still being written");
        }
    }

    /// As [`Notebook::remember`], with a TTL that ends `until`, in Unix seconds, and without waiting: for what was said
    /// already, and must not be said again because its claim had to wait. [`Writes`] collects it.
    pub fn jot<V>(&self, notes: &Notes<V>, key: String, person: impl Display, value: V, until: i64)
    where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        if let Some(writing) = self.write(notes, key, person, value, until)
            && self.is_shared
        {
            // Outside of `Writes::of` nobody waits for it.
            WRITES.try_with(|writes| writes.borrow_mut().push(writing)).ok();
        }
    }

    fn write<V>(
        &self,
        notes: &Notes<V>,
        key: String,
        person: impl Display,
        value: V,
        until: i64,
    ) -> Option<JoinHandle<()>>
    where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        let (is_shared, person) = (self.is_shared, person.to_string());
        let is_written = is_shared || notes.is_lasting;
        let body = if is_written { self.cipher(notes.kind, &key)?.encrypt(&value) } else { None };
        let version = notes.keep(key.clone(), format!("{}:{person}", self.channel), value);
        let (body, permit) = (body?, Arc::clone(&self.writes).try_acquire_owned().ok()?);
        let (store, cache) = (self.store.clone(), notes.cache.clone());
        let name = store.secret().conversation(&self.namespace(notes.kind), &key);
        let person = store.secret().person(self.channel, &person);
        Some(tokio::spawn(async move {
            // The store logs its own failures; the note then stays in this process.
            let written = store.note(&name, &person, &body, version, until).await;
            if written.is_ok() && is_shared {
                cache.entry(key).and_compute_with(|held| match held {
                    Some(held) if held.value().version == version => Op::Remove,
                    _ => Op::Nop,
                });
            }
            drop(permit);
        }))
    }

    /// The note `key`; waits for the store at most [`NOTE_TIMEOUT`].
    pub async fn recall<V>(&self, notes: &Notes<V>, key: &str) -> Option<V>
    where
        V: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        self.recall_within(notes, key, NOTE_TIMEOUT).await
    }

    /// As [`Notebook::recall`], waiting at most `limit`.
    pub async fn recall_within<V>(&self, notes: &Notes<V>, key: &str, limit: Duration) -> Option<V>
    where
        V: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        // Before the store is asked: a note goes from here once it is there.
        let here = notes.cache.get(key);
        let mut there = None;
        if self.is_shared || (notes.is_lasting && here.is_none()) {
            let store = self.store.clone();
            let name = store.secret().conversation(&self.namespace(notes.kind), key);
            let look = async move { store.noted(&name, Moment::now().unix).await };
            there = within(limit, look).await.and_then(Result::ok).flatten();
        }
        match (here, there) {
            (Some(note), Some((_, version))) if note.version >= version => Some(note.value),
            (_, Some((body, _))) => self.cipher(notes.kind, key)?.decrypt(&body),
            (here, None) => here.map(|note| note.value),
        }
    }

    fn namespace(&self, kind: &str) -> String {
        format!("{}:{}:{kind}", self.channel, self.account)
    }

    fn cipher(&self, kind: &str, key: &str) -> Option<Cipher> {
        Cipher::of_note(&self.secret, &format!("{}:{key}", self.namespace(kind))).ok()
    }
}

/// Later than all versions of this process before it, in microseconds since 1970.
fn next_version() -> i64 {
    static LAST: AtomicI64 = AtomicI64::new(0);
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX);
    let next = |last: i64| now.max(last.saturating_add(1));
    next(LAST.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(next(last))).unwrap_or(now))
}
