//! Conversation state: the last entry that was answered, for follow-ups.

use super::Store;
use super::error::Error;
use super::secret::{ConversationHash, PersonHash};
use crate::faq::EntryId;

/// In seconds.
pub(super) const CONVERSATION_TTL: i64 = 10 * 60;

/// What is remembered of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The entry that was answered last.
    pub entry: EntryId,
    /// The entries that were nearest to the question, best first: what 👎 offers.
    pub near: Vec<EntryId>,
    /// When.
    pub at: i64,
}

impl Store {
    /// What is remembered of `conversation`.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn recall(
        &self,
        conversation: &ConversationHash,
        now: i64,
    ) -> Result<Option<Remembered>, Error> {
        let row: Option<(String, String, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT entry, near, at FROM conversations WHERE conversation = $1 AND at >= $2",
                )
                .bind(conversation.as_str())
                .bind(now - CONVERSATION_TTL)
                .fetch_optional(&self.inner.pools.read)
                .await?)
            })
            .await?;
        Ok(row.and_then(|(entry, near, at)| {
            let near = near.split_whitespace().filter_map(|id| id.parse().ok()).collect();
            Some(Remembered { entry: entry.parse().ok()?, near, at })
        }))
    }

    /// Remembers `what` of a conversation with `person`, instead of what was before.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn remember(
        &self,
        conversation: &ConversationHash,
        person: &PersonHash,
        what: &Remembered,
    ) -> Result<(), Error> {
        let near: Vec<&str> = what.near.iter().map(EntryId::as_str).collect();
        let near = near.join(" ");
        self.changing(|| {
            sqlx::query(
                "INSERT INTO conversations (conversation, person, entry, near, at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (conversation) DO UPDATE SET person = excluded.person, entry = excluded.entry, \
                 near = excluded.near, at = excluded.at WHERE conversations.at <= excluded.at",
            )
            .bind(conversation.as_str().to_owned())
            .bind(person.as_str().to_owned())
            .bind(what.entry.as_str().to_owned())
            .bind(near.clone())
            .bind(what.at)
        })
        .await?;
        Ok(())
    }
}
