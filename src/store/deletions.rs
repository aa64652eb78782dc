//! Own messages that a group wants removed after a while; the schedule outlives a restart.

use super::Store;
use super::error::Error;

/// How long one replica has to carry out what it claimed, in seconds; then it is another's turn.
const LEASE: i64 = 60;

/// Telegram lets a bot delete its own messages in a group this long, in seconds.
pub(super) const POSSIBLE: i64 = 48 * 3_600;

/// A message that is to be removed; chat and message are the channel's own ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Deletion {
    /// The channel's name.
    pub channel: String,
    /// The group.
    pub chat: String,
    /// The message in it.
    pub message: String,
}

impl Store {
    /// Has a message removed at `due`.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn schedule(&self, deletion: &Deletion, due: i64) -> Result<(), Error> {
        self.changing(|| {
            sqlx::query(
                "INSERT INTO deletions (channel, chat, message, due_at, claimed_until) VALUES ($1, $2, $3, $4, 0) \
                 ON CONFLICT (channel, chat, message) DO UPDATE SET due_at = excluded.due_at",
            )
            .bind(deletion.channel.clone())
            .bind(deletion.chat.clone())
            .bind(deletion.message.clone())
            .bind(due)
        })
        .await?;
        Ok(())
    }

    /// At most `limit` messages of `channel` that are due, for one replica alone. What is not reported as
    /// [`Store::deleted`] within a minute is due again.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn claim_due(&self, channel: &str, limit: u32, now: i64) -> Result<Vec<Deletion>, Error> {
        let rows: Vec<(String, String)> = self
            .writing(|| async {
                let mut transaction = self.begin().await?;
                // The outer condition is looked at again by whoever had to wait for another replica's update.
                let rows = sqlx::query_as(
                    "UPDATE deletions SET claimed_until = $1 WHERE channel = $2 AND claimed_until <= $3 \
                     AND (chat, message) IN (SELECT chat, message FROM deletions \
                     WHERE channel = $2 AND due_at <= $3 AND claimed_until <= $3 ORDER BY due_at LIMIT $4) \
                     RETURNING chat, message",
                )
                .bind(now + LEASE)
                .bind(channel)
                .bind(now)
                .bind(i64::from(limit))
                .fetch_all(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(rows)
            })
            .await?;
        let deletion = |(chat, message)| Deletion { channel: channel.to_owned(), chat, message };
        Ok(rows.into_iter().map(deletion).collect())
    }

    /// The message is gone, or cannot be removed.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn deleted(&self, deletion: &Deletion) -> Result<(), Error> {
        self.changing(|| {
            sqlx::query("DELETE FROM deletions WHERE channel = $1 AND chat = $2 AND message = $3")
                .bind(deletion.channel.clone())
                .bind(deletion.chat.clone())
                .bind(deletion.message.clone())
        })
        .await?;
        Ok(())
    }
}
