//! Which messages were already taken to be answered: a redelivered one is not answered twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::timeout;

use super::Store;
use super::error::Error;
use super::patience::bounded;
use super::secret::{MessageHash, token};

/// How long a claim is remembered, in seconds: no channel delivers a message again after 36 hours.
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

/// Where a claim stands: who claims moves it on, who waits gives it up.
const ASKED: u8 = 0;
const COMMITTING: u8 = 1;
const COMMITTED: u8 = 2;
/// Given up in time: it will not be made.
const GIVEN_UP: u8 = 3;
/// Given up in the very moment of its commit: it has to be taken back.
const DOUBTFUL: u8 = 4;

/// Doubtful claims by message: the token of each. Until it is taken back, the message may be claimed again in spite
/// of it.
#[derive(Default)]
pub(super) struct Doubts(Mutex<HashMap<MessageHash, String>>);

impl Doubts {
    fn insert(&self, message: &MessageHash, token: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(message.clone(), token.to_owned());
    }

    fn get(&self, message: &MessageHash) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(message).cloned()
    }

    fn remove(&self, message: &MessageHash, token: &str) {
        let mut doubts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if doubts.get(message).is_some_and(|doubt| doubt == token) {
            doubts.remove(message);
        }
    }
}

/// Moves a claim on, unless the other side was faster.
fn go_on(state: &AtomicU8, from: u8, to: u8) -> bool {
    state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

impl Store {
    /// Claims `message` within `limit`. A claim that comes too late is not made at all, or taken back, so that the
    /// message can be claimed when it is delivered again.
    pub async fn claim_within(&self, message: &MessageHash, limit: Duration, now: i64) -> Claim {
        let Ok(token) = token() else { return Claim::Late };
        let state = Arc::new(AtomicU8::new(ASKED));
        let claim = {
            let (store, message, token, state) =
                (self.clone(), message.clone(), token.clone(), state.clone());
            async move {
                let result = bounded(store.claim_while(&message, &token, &state, now)).await;
                store.inner.writes.report("claiming messages in the store", &result);
                let is_doubtful = match state.load(Ordering::Acquire) {
                    DOUBTFUL => true,
                    // The connection was lost with the answer.
                    COMMITTING => result.is_err(),
                    _ => false,
                };
                if is_doubtful {
                    store.inner.doubts.insert(&message, &token);
                    store.take_back(&message, &token).await;
                }
                result
            }
        };
        // A task of its own: what is cut off in the middle of a statement leaves a connection in doubt.
        match timeout(limit, tokio::spawn(claim)).await {
            Ok(Ok(Ok(claim))) => claim,
            Ok(_) => Claim::Late,
            Err(_) if go_on(&state, ASKED, GIVEN_UP) => Claim::Late,
            Err(_) => {
                // Before the state says so: it may be delivered again at once.
                self.inner.doubts.insert(message, &token);
                if go_on(&state, COMMITTING, DOUBTFUL) {
                    return Claim::Late;
                }
                self.inner.doubts.remove(message, &token);
                if state.load(Ordering::Acquire) == COMMITTED { Claim::Won } else { Claim::Late }
            }
        }
    }

    /// Claims `message` and waits for it as for any other write.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn claim(&self, message: &MessageHash, now: i64) -> Result<bool, Error> {
        let token = token()?;
        let claim = self
            .writing(|| async { self.claim_while(message, &token, &AtomicU8::new(ASKED), now).await })
            .await?;
        Ok(claim == Claim::Won)
    }

    /// Whether `message` was claimed before. For a channel that claims only what it has answered, so that a message
    /// is answered in spite of a crash in between.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn is_claimed(&self, message: &MessageHash, now: i64) -> Result<bool, Error> {
        let found: Option<(i64,)> = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT at FROM processed WHERE message = $1 AND at > $2")
                    .bind(message.as_str())
                    .bind(now - KEPT)
                    .fetch_optional(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(found.is_some())
    }

    async fn claim_while(
        &self,
        message: &MessageHash,
        token: &str,
        state: &AtomicU8,
        now: i64,
    ) -> Result<Claim, Error> {
        let mut transaction = self.begin().await?;
        if state.load(Ordering::Acquire) == GIVEN_UP {
            return Ok(Claim::Late);
        }
        // Of two who insert the same message one waits for the other's commit, then changes nothing. An attempt that
        // is made again knows its token.
        let doubt = self.inner.doubts.get(message).unwrap_or_default();
        let claimed = sqlx::query(
            "INSERT INTO processed (message, token, at) VALUES ($1, $2, $3) \
             ON CONFLICT (message) DO UPDATE SET token = excluded.token, at = excluded.at \
             WHERE processed.at <= $4 OR processed.token IN ($2, $5)",
        )
        .bind(message.as_str())
        .bind(token)
        .bind(now)
        .bind(now - KEPT)
        .bind(doubt)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if claimed == 0 {
            return Ok(Claim::Lost);
        }
        if !go_on(state, ASKED, COMMITTING) {
            return Ok(Claim::Late);
        }
        transaction.commit().await?;
        go_on(state, COMMITTING, COMMITTED);
        Ok(Claim::Won)
    }

    /// Sees to it that a doubtful claim is none. One that cannot be taken back now stays in doubt.
    async fn take_back(&self, message: &MessageHash, token: &str) {
        let gone = self
            .changing(|| {
                sqlx::query("DELETE FROM processed WHERE message = $1 AND token = $2")
                    .bind(message.as_str().to_owned())
                    .bind(token.to_owned())
            })
            .await;
        if gone.is_ok() {
            self.inner.doubts.remove(message, token);
        }
    }

    /// Takes a claim back: the message was not answered and may come again.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn release(&self, message: &MessageHash) -> Result<(), Error> {
        self.changing(|| {
            sqlx::query("DELETE FROM processed WHERE message = $1").bind(message.as_str().to_owned())
        })
        .await?;
        Ok(())
    }
}
