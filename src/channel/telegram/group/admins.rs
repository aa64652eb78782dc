//! Who may change a group's settings: its admins, anonymous ones too, and nobody else.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;
use serde_json::{Value, json};

use crate::channel::telegram::Bot;
use crate::channel::telegram::intake::update::Incoming;
use crate::memory::Notes;

/// How long a list of admins is believed; changes that Telegram tells of end it sooner.
const BELIEVED: Duration = Duration::from_mins(10);

/// Somebody who is not on the list may be new there: it is asked for again, but not more often than this.
const ASKED_AGAIN: Duration = Duration::from_secs(20);

/// The admins of groups, as far as they were asked for.
pub struct Admins {
    known: Cache<i64, Known>,
    /// Names the last change that Telegram told one of the replicas of.
    changes: Notes<u64>,
}

#[derive(Clone)]
struct Known {
    people: Arc<HashSet<i64>>,
    /// Those of them who speak as the group.
    anonymous: Arc<HashSet<i64>>,
    at: Instant,
    /// The last change before they were asked for.
    change: Option<u64>,
}

impl Default for Admins {
    fn default() -> Self {
        let known = Cache::builder().max_capacity(10_000).time_to_live(BELIEVED).build();
        Self { known, changes: Notes::new("admins", 10_000, BELIEVED) }
    }
}

impl Admins {
    /// Something changed there.
    pub fn forget(&self, chat: i64) {
        self.known.invalidate(&chat);
    }
}

impl Bot {
    /// Telegram tells that somebody became an admin, or is none any more.
    pub async fn admins_changed(&self, chat: i64) {
        self.admins.forget(chat);
        if self.is_shared {
            let change = RandomState::new().hash_one(chat);
            self.notes.remember(&self.admins.changes, chat.to_string(), 0, change).await;
        }
    }

    /// Whether the sender of `message` is an admin of its group.
    pub async fn is_from_admin(&self, message: &Incoming) -> bool {
        match (message.sender_chat, message.from) {
            (Some(sender), _) => sender == message.chat.id,
            (None, Some(from)) => self.is_admin(message.chat.id, from.id).await,
            (None, None) => false,
        }
    }

    /// Whether a person is an admin of a group.
    pub async fn is_admin(&self, chat: i64, person: i64) -> bool {
        let change = self.notes.recall(&self.admins.changes, &chat.to_string()).await;
        if let Some(known) = self.admins.known.get(&chat)
            && known.change == change
            && (known.people.contains(&person) || known.at.elapsed() < ASKED_AGAIN)
        {
            return known.people.contains(&person);
        }
        let list: Vec<Value> = match self.call("GetChatAdministrators", json!({ "chat_id": chat })).await {
            Ok(list) => list,
            Err(failure) => {
                tracing::info!("a group's admins could not be asked for: {failure}");
                return false;
            }
        };
        let ids = |only_anonymous: bool| -> HashSet<i64> {
            list.iter()
                .filter(|member| member["user"]["is_bot"] != true)
                .filter(|member| !only_anonymous || member["is_anonymous"] == true)
                .filter_map(|member| member["user"]["id"].as_i64())
                .collect()
        };
        let (people, anonymous) = (ids(false), ids(true));
        let is_admin = people.contains(&person);
        let (people, anonymous) = (Arc::new(people), Arc::new(anonymous));
        let known = Known { people, anonymous, at: Instant::now(), change };
        self.admins.known.insert(chat, known);
        is_admin
    }

    /// Who the next message of this admin in the chat will come from: presses come from the person, also where an
    /// anonymous admin speaks as nobody in particular.
    pub async fn speaks_as(&self, chat: i64, person: i64) -> i64 {
        // Groups have negative ids.
        if chat > 0 || !self.is_admin(chat, person).await {
            return person;
        }
        let known = self.admins.known.get(&chat);
        if known.is_some_and(|known| known.anonymous.contains(&person)) { 0 } else { person }
    }
}
