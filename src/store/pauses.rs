//! Conversations that a person has taken over: the bot is silent in them until a time.

use super::Store;
use super::error::Error;
use super::secret::{ConversationHash, PersonHash};

impl Store {
    /// Keeps the bot silent in `conversation` until `until`; an earlier pause gets longer, never shorter.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn pause(
        &self,
        conversation: &ConversationHash,
        person: &PersonHash,
        until: i64,
    ) -> Result<(), Error> {
        self.changing(|| {
            sqlx::query(
                "INSERT INTO pauses (conversation, person, until) VALUES ($1, $2, $3) \
                 ON CONFLICT (conversation) DO UPDATE SET until = excluded.until \
                 WHERE pauses.until < excluded.until",
            )
            .bind(conversation.as_str().to_owned())
            .bind(person.as_str().to_owned())
            .bind(until)
        })
        .await?;
        Ok(())
    }

    /// Ends the pause of `conversation`; says whether there was one.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn resume(&self, conversation: &ConversationHash) -> Result<bool, Error> {
        let gone = self
            .changing(|| {
                sqlx::query("DELETE FROM pauses WHERE conversation = $1")
                    .bind(conversation.as_str().to_owned())
            })
            .await?;
        Ok(gone > 0)
    }

    /// Whether the bot is silent in `conversation`.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn is_paused(&self, conversation: &ConversationHash, now: i64) -> Result<bool, Error> {
        let found: Option<(i64,)> = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT until FROM pauses WHERE conversation = $1 AND until > $2")
                    .bind(conversation.as_str())
                    .bind(now)
                    .fetch_optional(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(found.is_some())
    }
}
