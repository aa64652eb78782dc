//! Who is an admin of a group: only admins, anonymous ones too, may change its settings.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;
use serde_json::{Value, json};

use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::intake::update::Incoming;
use crate::channel::telegram::resources::Resources;
use crate::memory::{Notebook, Notes};

/// How long a list of admins is cached; changes that Telegram reports end it sooner.
const ADMINS_TTL: Duration = Duration::from_mins(10);

/// Somebody who is not on the list may be a new admin: then the list is fetched again, but not more often than this.
const REFETCH_DELAY: Duration = Duration::from_secs(20);

/// The admins of groups.
pub struct Admins {
    api: Arc<Api>,
    notes: Arc<Notebook>,
    is_shared: bool,
    cache: Cache<i64, List>,
    /// A random name of the last change that Telegram reported to one of the replicas.
    changes: Notes<u64>,
}

/// The admins of one group.
#[derive(Clone)]
struct List {
    people: Arc<HashSet<i64>>,
    /// Those of them who speak as the group.
    anonymous: Arc<HashSet<i64>>,
    at: Instant,
    /// The last change before the list was fetched.
    change: Option<u64>,
}

impl Admins {
    /// None are known yet.
    pub fn new(of: &Resources) -> Self {
        let Resources { api, is_shared, notes, .. } = of.clone();
        Self {
            api,
            notes,
            is_shared,
            cache: Cache::builder().max_capacity(10_000).time_to_live(ADMINS_TTL).build(),
            changes: Notes::new("admins", 10_000, ADMINS_TTL),
        }
    }

    /// Drops what is cached of a group.
    pub fn invalidate(&self, chat: i64) {
        self.cache.invalidate(&chat);
    }

    /// Telegram reports that somebody became an admin, or is none any more.
    pub async fn changed(&self, chat: i64) {
        self.invalidate(chat);
        if self.is_shared {
            let change = RandomState::new().hash_one(chat);
            self.notes.remember(&self.changes, chat.to_string(), 0, change).await;
        }
    }

    /// Whether the sender of `message` is an admin of its group.
    pub async fn sent(&self, message: &Incoming) -> bool {
        match (message.sender_chat, message.from) {
            (Some(sender), _) => sender == message.chat.id,
            (None, Some(from)) => self.include(message.chat.id, from.id).await,
            (None, None) => false,
        }
    }

    /// Whether a person is an admin of a group.
    pub async fn include(&self, chat: i64, person: i64) -> bool {
        let change = self.notes.recall(&self.changes, &chat.to_string()).await;
        if let Some(list) = self.cache.get(&chat)
            && list.change == change
            && (list.people.contains(&person) || list.at.elapsed() < REFETCH_DELAY)
        {
            return list.people.contains(&person);
        }
        let about = json!({ "chat_id": chat });
        let members: Vec<Value> = match self.api.call_named("GetChatAdministrators", &about).await {
            Ok(members) => members,
            Err(failure) => {
                tracing::info!("a group's admins could not be fetched: {failure}");
                return false;
            }
        };
        let ids = |only_anonymous: bool| -> Arc<HashSet<i64>> {
            let people = members.iter().filter(|member| member["user"]["is_bot"] != true);
            let people = people.filter(|member| !only_anonymous || member["is_anonymous"] == true);
            Arc::new(people.filter_map(|member| member["user"]["id"].as_i64()).collect())
        };
        let list = List { people: ids(false), anonymous: ids(true), at: Instant::now(), change };
        let is_admin = list.people.contains(&person);
        self.cache.insert(chat, list);
        is_admin
    }

    /// The sender of this admin's next message in the chat: a press names the person even where an anonymous admin's
    /// messages name nobody (0).
    pub async fn speaks_as(&self, chat: i64, person: i64) -> i64 {
        // Groups have negative ids.
        if chat > 0 || !self.include(chat, person).await {
            return person;
        }
        let list = self.cache.get(&chat);
        if list.is_some_and(|list| list.anonymous.contains(&person)) { 0 } else { person }
    }
}
