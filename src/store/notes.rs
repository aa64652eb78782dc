//! Short-lived state that all processes on the store share, encrypted by the channel, with a TTL.

use super::Store;
use super::error::Error;
use super::secret::{ConversationHash, PersonHash};

impl Store {
    /// Stores `body` for a conversation with `person` until `until`, in Unix seconds. Replaces only what was stored before
    /// `at`, in microseconds: a write that took long does not undo a later one.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn note(
        &self,
        name: &ConversationHash,
        person: &PersonHash,
        body: &str,
        at: i64,
        until: i64,
    ) -> Result<(), Error> {
        self.changing(|| {
            sqlx::query(
                "INSERT INTO notes (name, person, body, until, at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (name) DO UPDATE SET person = excluded.person, body = excluded.body, \
                 until = excluded.until, at = excluded.at WHERE notes.at <= excluded.at",
            )
            .bind(name.as_str().to_owned())
            .bind(person.as_str().to_owned())
            .bind(body.to_owned())
            .bind(until)
            .bind(at)
        })
        .await?;
        Ok(())
    }

    /// What is stored for a conversation, and its `at` in microseconds.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn noted(&self, name: &ConversationHash, now: i64) -> Result<Option<(String, i64)>, Error> {
        self.reading(|| async {
            Ok(sqlx::query_as("SELECT body, at FROM notes WHERE name = $1 AND until > $2")
                .bind(name.as_str())
                .bind(now)
                .fetch_optional(&self.inner.pools.read)
                .await?)
        })
        .await
    }
}
