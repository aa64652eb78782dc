//! A mention of the bot may come twice: as a message of a group that it is in, and as a query to a guest. One of the two is
//! answered.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::intake::update::Incoming;
use super::resources::Resources;
use crate::memory::{Notebook, Notes};

/// How long the second may be behind the first.
const MENTION_TTL: Duration = Duration::from_mins(10);

/// As what the bot is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Heir {
    /// A member of the group.
    Member,
    /// A guest.
    Guest,
}

/// Mentions that came.
pub struct Mentions {
    notes: Arc<Notebook>,
    /// By chat and message, as what it is answered: known before the store knows it.
    taken: Cache<(i64, i64), Heir>,
    /// The same, for other replicas and after a restart.
    kept: Notes<Heir>,
}

impl Mentions {
    /// None came yet.
    pub fn new(of: &Resources) -> Self {
        Self {
            notes: Arc::clone(&of.notes),
            taken: Cache::builder().max_capacity(10_000).time_to_live(MENTION_TTL).build(),
            kept: Notes::new("mention", 10_000, MENTION_TTL).lasting(),
        }
    }

    /// Whether the bot answers this mention as `heir`. It does not where it came before as the other.
    pub async fn is_for(&self, heir: Heir, message: &Incoming) -> bool {
        let (chat, id) = (message.chat.id, message.id);
        if id == 0 {
            return true;
        }
        let key = format!("{chat}:{id}");
        if let Some(kept) = self.notes.recall(&self.kept, &key).await {
            return kept == heir;
        }
        if self.taken.entry((chat, id)).or_insert(heir).into_value() != heir {
            return false;
        }
        self.notes.remember(&self.kept, key, message.speaker().unwrap_or(0), heir).await;
        true
    }
}
