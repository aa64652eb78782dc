//! What is remembered for a short while of what was said: in memory where a process is alone; where replicas share the
//! work in the store, sealed, since what refers to it may come to another one. Memory has what the store cannot take.
//!
//! Three short notes at most belong to a message that the bot sends, and Telegram lets it send thirty a second: that, and
//! that each ends within the hour, or when its entry has rested, bounds them.

use std::time::Duration;

use moka::sync::Cache;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Bot, CHANNEL, now};
use crate::store::within;

/// How long anybody waits for what replicas share. What is written later than that is written all the same.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// Things of one kind, by what they belong to.
pub struct Recent<V> {
    kind: &'static str,
    kept: Duration,
    /// Whether they are in the store in any case.
    lasts: bool,
    here: Cache<String, V>,
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
}

impl Bot {
    /// Remembers `value`, which a person's message led to, in place of what was remembered of the same.
    pub(super) async fn remember<V>(&self, recent: &Recent<V>, of: String, person: i64, value: V)
    where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        let until = now() + i64::try_from(recent.kept.as_secs()).unwrap_or(i64::MAX);
        self.remember_until(recent, of, person, value, until).await;
    }

    /// As [`Bot::remember`], in the store until then, in Unix seconds.
    pub(super) async fn remember_until<V>(
        &self,
        recent: &Recent<V>,
        of: String,
        person: i64,
        value: V,
        until: i64,
    ) where
        V: Serialize + Clone + Send + Sync + 'static,
    {
        if (self.is_shared || recent.lasts)
            && let Some(body) = self.inbox.seal(&value)
        {
            let store = self.store.clone();
            let channel = self.channel_of(recent.kind);
            let name = store.secret().conversation(&channel, &of);
            let person = store.secret().person(CHANNEL, &person.to_string());
            // The store says itself why it cannot; then it is this process's own.
            let noted = within(PATIENCE, async move { store.note(&name, &person, &body, until).await });
            if matches!(noted.await, Some(Ok(()))) {
                recent.here.invalidate(&of);
                return;
            }
        }
        recent.here.insert(of, value);
    }

    /// What is remembered.
    pub(super) async fn recall<V>(&self, recent: &Recent<V>, of: &str) -> Option<V>
    where
        V: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let here = recent.here.get(of);
        if here.is_some() || !(self.is_shared || recent.lasts) {
            return here;
        }
        let store = self.store.clone();
        let name = store.secret().conversation(&self.channel_of(recent.kind), of);
        let noted = within(PATIENCE, async move { store.noted(&name, now()).await }).await;
        self.inbox.open(&noted?.ok()??)
    }

    fn channel_of(&self, kind: &str) -> String {
        format!("{CHANNEL}:{}:{kind}", self.me.id)
    }
}
