//! The schedule of the bot's own messages that a group wants removed after a while.

use super::Store;
use super::error::Error;

/// How long one replica may take to remove what it claimed, in seconds; then any replica may claim it.
const LEASE: i64 = 60;

/// How long after sending Telegram lets a bot delete its own message in a group, in seconds.
pub(super) const DELETABLE: i64 = 48 * 3_600;

/// A message to be removed; chat and message are the channel's own ids.
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
    /// Schedules the removal of a message at `due`.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
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

    /// Claims at most `limit` due messages of `channel` for this replica. Those that are not reported as
    /// [`Store::deleted`] within a minute are due again.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn claim_due(&self, channel: &str, limit: u32, now: i64) -> Result<Vec<Deletion>, Error> {
        let rows: Vec<(String, String)> = self
            .writing(|| async {
                let mut transaction = self.begin().await?;
                // A replica that waited for another one's update evaluates the outer condition again.
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

    /// Ends the schedule of a message that was removed, or cannot be.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
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
