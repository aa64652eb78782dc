//! Which messages were already taken to be answered: a redelivered one is not answered twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::time::timeout;

use super::Store;
use super::error::Error;
use super::secret::MessageHash;

/// How long a claim is remembered: no channel delivers a message again after 36 hours.
pub(super) const KEPT: i64 = 48 * 3_600;

/// The longest that a reply waits for its claim.
pub const CLAIM: Duration = Duration::from_millis(50);

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The message is ours to answer.
    Won,
    /// It was claimed before, here or by another replica.
    Lost,
    /// Nobody knows, and nothing was claimed: it must come again.
    Late,
}

/// Where a claim stands. Whoever moves it away from `ASKED` first decides.
const ASKED: u8 = 0;
const COMMITTING: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Store {
    /// Claims `message` within `limit`. A claim that comes too late is not made at all, or taken back, so that the
    /// message can be claimed when it is delivered again.
    pub async fn claim_within(&self, message: &MessageHash, limit: Duration, now: i64) -> Claim {
        let state = Arc::new(AtomicU8::new(ASKED));
        let claim = {
            let (store, message, state) = (self.clone(), message.clone(), state.clone());
            async move {
                let result = store.claim_while(&message, &state, now).await;
                store.inner.writes.report("claiming messages", &result);
                if state.load(Ordering::Acquire) == GIVEN_UP && matches!(result, Ok(Claim::Won)) {
                    // What cannot be taken back was reported; the message counts as answered then.
                    let _ = store.release(&message).await;
                }
                result
            }
        };
        // A task of its own: what is cut off in the middle of a statement leaves a connection in doubt.
        match timeout(limit, tokio::spawn(claim)).await {
            Ok(Ok(Ok(claim))) => claim,
            Ok(_) => Claim::Late,
            Err(_) => {
                state.swap(GIVEN_UP, Ordering::AcqRel);
                Claim::Late
            }
        }
    }

    /// Claims `message` and waits for it as for any other write.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn claim(&self, message: &MessageHash, now: i64) -> Result<bool, Error> {
        let state = AtomicU8::new(ASKED);
        let claim = self
            .writing(|| async {
                state.store(ASKED, Ordering::Release);
                self.claim_while(message, &state, now).await
            })
            .await?;
        Ok(claim == Claim::Won)
    }

    async fn claim_while(&self, message: &MessageHash, state: &AtomicU8, now: i64) -> Result<Claim, Error> {
        let mut transaction = self.begin().await?;
        if state.load(Ordering::Acquire) == GIVEN_UP {
            return Ok(Claim::Late);
        }
        // Of two who insert the same message one waits for the other's commit, then changes nothing.
        let claimed = sqlx::query(
            "INSERT INTO processed (message, at) VALUES ($1, $2) \
             ON CONFLICT (message) DO UPDATE SET at = excluded.at WHERE processed.at <= $3",
        )
        .bind(message.as_str())
        .bind(now)
        .bind(now - KEPT)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if claimed == 0 {
            return Ok(Claim::Lost);
        }
        if state.compare_exchange(ASKED, COMMITTING, Ordering::AcqRel, Ordering::Acquire).is_err() {
            return Ok(Claim::Late);
        }
        transaction.commit().await?;
        Ok(Claim::Won)
    }

    /// Takes a claim back: the message was not answered and may come again.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn release(&self, message: &MessageHash) -> Result<(), Error> {
        self.changing(|| sqlx::query("DELETE FROM processed WHERE message = $1").bind(message.as_str()))
            .await?;
        Ok(())
    }
}
