//! What is remembered for a short while of what was said: in memory where a process is alone; where replicas share the
//! work in the store, sealed, since what refers to it may come to another one. Memory has what the store cannot take, or
//! has not taken yet; where both have something the later holds.
//!
//! Three short notes at most belong to a message that the bot sends, and Telegram lets it send thirty a second: that, and
//! that each ends within the hour, or when its entry has rested, bounds them.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use moka::ops::compute::Op;
use moka::sync::Cache;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{CHANNEL, now};
use crate::channel::pending::Pending;
use crate::channel::seal::Seal;
use crate::store::{Store, within};

/// How long anybody waits for what replicas share. What is written later than that is written all the same.
pub const PATIENCE: Duration = Duration::from_millis(500);

tokio::task_local! {
    static JOTTED: RefCell<Vec<JoinHandle<()>>>;
}

/// What the handling of an update had jotted down, while it is being written.
pub struct Jotted(Vec<JoinHandle<()>>);

impl Jotted {
    /// Handles an update.
    pub async fn by(handling: impl Future<Output = ()>) -> Self {
        let handled = async {
            handling.await;
            Self(JOTTED.with(RefCell::take))
        };
        JOTTED.scope(RefCell::default(), handled).await
    }

    /// Waits until others know it too: the next update of the chat may come to them.
    pub async fn written(self) {
        let written = async {
            for writing in self.0 {
                let _said_by_the_store = writing.await;
            }
        };
        let _written_later = timeout(PATIENCE, written).await;
    }
}

/// Things of one kind, by what they belong to.
pub struct Recent<V> {
    kind: &'static str,
    kept: Duration,
    /// Whether they are in the store in any case.
    lasts: bool,
    /// With its place in the order of all that comes.
    here: Cache<String, (i64, V)>,
}

impl<V: Clone + Send + Sync + 'static> Recent<V> {
    /// Keeps each for so long, and so many of them in memory.
    pub fn new(kind: &'static str, most: u64, kept: Duration) -> Self {
        let here = Cache::builder().max_capacity(most).time_to_live(kept).build();
        Self { kind, kept, lasts: false, here }
    }

    /// The same, also over a restart.
    pub fn lasting(self) -> Self {
        Self { lasts: true, ..self }
    }

    /// When what is remembered now is over, in Unix seconds.
    pub fn end(&self) -> i64 {
        now() + i64::try_from(self.kept.as_secs()).unwrap_or(i64::MAX)
    }
}

/// Where it is remembered.
pub struct Notes {
    pub store: Store,
    /// Says the place in the order of all that comes.
    pub pending: Arc<Pending>,
    pub seal: Arc<Seal>,
    /// Whether replicas share the work.
    pub is_shared: bool,
    /// The bot's id: several may share a store.
    pub bot: i64,
}

impl Notes {
    /// Remembers `value`, which a person's message led to, in place of what was remembered of the same.
    pub async fn remember<V>(&self, recent: &Recent<V>, of: String, person: i64, value: V)
    where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        if let Some(writing) = self.write(recent, of, person, value, recent.end()) {
            let _written_later = timeout(PATIENCE, writing).await;
        }
    }

    /// As [`Notes::remember`], until then, in Unix seconds, and waits for nothing: for what is said already, and must not
    /// be said again only because it was not claimed yet. See [`Jotted`].
    pub fn jot<V>(&self, recent: &Recent<V>, of: String, person: i64, value: V, until: i64)
    where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        if let Some(writing) = self.write(recent, of, person, value, until) {
            // What belongs to no update nobody waits for.
            let _no_update = JOTTED.try_with(|jotted| jotted.borrow_mut().push(writing));
        }
    }

    /// Keeps it here until the store has it.
    fn write<V>(
        &self,
        recent: &Recent<V>,
        of: String,
        person: i64,
        value: V,
        until: i64,
    ) -> Option<JoinHandle<()>>
    where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        let at = self.pending.next_position();
        let is_shared = self.is_shared || recent.lasts;
        let body = if is_shared { self.seal(&value) } else { None };
        recent.here.insert(of.clone(), (at, value));
        let (body, store, here) = (body?, self.store.clone(), recent.here.clone());
        let name = store.secret().conversation(&self.channel_of(recent.kind), &of);
        let person = store.secret().person(CHANNEL, &person.to_string());
        Some(tokio::spawn(async move {
            // The store says itself why it cannot; then it is this process's own.
            if store.note(&name, &person, &body, at, until).await.is_ok() {
                here.entry(of).and_compute_with(|held| match held {
                    Some(held) if held.value().0 == at => Op::Remove,
                    _ => Op::Nop,
                });
            }
        }))
    }

    /// What is remembered.
    pub async fn recall<V>(&self, recent: &Recent<V>, of: &str) -> Option<V>
    where
        V: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        // First: it goes from here once it is there.
        let here = recent.here.get(of);
        let mut there = None;
        if self.is_shared || recent.lasts {
            let store = self.store.clone();
            let name = store.secret().conversation(&self.channel_of(recent.kind), of);
            let noted = within(PATIENCE, async move { store.noted(&name, now()).await }).await;
            there = noted.and_then(Result::ok).flatten();
        }
        match (here, there) {
            (Some((at, _)), Some((body, later))) if later > at => self.open(&body),
            (Some((_, value)), _) => Some(value),
            (None, there) => self.open(&there?.0),
        }
    }

    fn seal(&self, what: &impl Serialize) -> Option<String> {
        self.seal.close(&serde_json::to_string(what).ok()?)
    }

    fn open<T: DeserializeOwned>(&self, sealed: &str) -> Option<T> {
        serde_json::from_str(&self.seal.open(sealed)?).ok()
    }

    fn channel_of(&self, kind: &str) -> String {
        format!("{CHANNEL}:{}:{kind}", self.bot)
    }
}
