//! Which messages were already answered: a redelivered one is not answered twice.

use std::time::Duration;

use super::Store;
use super::error::Error;
use super::secret::{MessageHash, token};

/// How long a claim is kept, in seconds: no channel redelivers a message after 36 hours.
pub(super) const CLAIM_TTL: i64 = 48 * 3_600;

/// The longest that a reply waits for the store.
pub const REPLY_STORE_TIMEOUT: Duration = Duration::from_millis(50);

impl Store {
    /// Claims `message`; says whether nobody else had claimed it.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; whether the claim was made is then unknown.
    pub async fn claim(&self, message: &MessageHash, now: i64) -> Result<bool, Error> {
        let token = token()?;
        // Of two who insert the same message one waits for the other's commit, then changes nothing. A retry after a
        // lost connection knows its own claim by the token.
        let claimed = self
            .changing(|| {
                sqlx::query(
                    "INSERT INTO processed (message, token, at) VALUES ($1, $2, $3) \
                     ON CONFLICT (message) DO UPDATE SET token = excluded.token, at = excluded.at \
                     WHERE processed.at <= $4 OR processed.token = $2",
                )
                .bind(message.as_str().to_owned())
                .bind(token.clone())
                .bind(now)
                .bind(now - CLAIM_TTL)
            })
            .await?;
        Ok(claimed > 0)
    }

    /// Whether `message` was claimed before. For a channel that claims only what it has answered, so that a message
    /// is answered in spite of a crash in between.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn is_claimed(&self, message: &MessageHash, now: i64) -> Result<bool, Error> {
        let found: Option<(i64,)> = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT at FROM processed WHERE message = $1 AND at > $2")
                    .bind(message.as_str())
                    .bind(now - CLAIM_TTL)
                    .fetch_optional(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(found.is_some())
    }
}
