//! Which messages were already taken to be answered: a redelivered one is not answered twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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

/// Doubtful claims by message: the tokens of each. Until they are taken back, the message may be claimed again in spite
/// of them.
#[derive(Default)]
pub(super) struct Doubts(Mutex<HashMap<MessageHash, Vec<String>>>);

impl Doubts {
    fn insert(&self, message: &MessageHash, token: &str) {
        let mut doubts = self.all();
        let tokens = doubts.entry(message.clone()).or_default();
        if !tokens.iter().any(|doubt| doubt == token) {
            tokens.push(token.to_owned());
        }
    }

    /// The tokens, parted by spaces.
    fn of(&self, message: &MessageHash) -> String {
        self.all().get(message).map_or_else(String::new, |tokens| tokens.join(" "))
    }

    fn remove(&self, message: &MessageHash, token: &str) {
        let mut doubts = self.all();
        let Some(tokens) = doubts.get_mut(message) else { return };
        tokens.retain(|doubt| doubt != token);
        if tokens.is_empty() {
            doubts.remove(message);
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<MessageHash, Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Moves a claim on, unless the other side was faster.
fn go_on(state: &AtomicU8, from: u8, to: u8) -> bool {
    state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

/// Somebody who waits for a claim. Whoever goes away without an answer, as when a connection is closed, gives it up.
struct Wait<'a> {
    store: &'a Store,
    message: &'a MessageHash,
    token: &'a str,
    state: &'a AtomicU8,
}

impl Wait<'_> {
    /// What became of the claim by now; if nothing, it will not be made.
    fn give_up(&self) -> Claim {
        if go_on(self.state, ASKED, GIVEN_UP) {
            return Claim::Late;
        }
        let doubts = &self.store.inner.doubts;
        // Before the state says so: it may be delivered again at once.
        doubts.insert(self.message, self.token);
        if go_on(self.state, COMMITTING, DOUBTFUL) {
            return Claim::Late;
        }
        doubts.remove(self.message, self.token);
        if self.state.load(Ordering::Acquire) == COMMITTED { Claim::Won } else { Claim::Late }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if self.give_up() == Claim::Won {
            // Won for nobody.
            self.store.inner.doubts.insert(self.message, self.token);
            let (store, message, token) = (self.store.clone(), self.message.clone(), self.token.to_owned());
            tokio::spawn(async move { store.take_back(&message, &token).await });
        }
    }
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
        let wait = Wait { store: self, message, token: &token, state: &state };
        // A task of its own: what is cut off in the middle of a statement leaves a connection in doubt.
        let claim = match timeout(limit, tokio::spawn(claim)).await {
            Ok(Ok(Ok(claim))) => claim,
            Ok(_) => Claim::Late,
            Err(_) => wait.give_up(),
        };
        std::mem::forget(wait);
        claim
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
        let doubts = self.inner.doubts.of(message);
        let claimed = sqlx::query(
            "INSERT INTO processed (message, token, at) VALUES ($1, $2, $3) \
             ON CONFLICT (message) DO UPDATE SET token = excluded.token, at = excluded.at \
             WHERE processed.at <= $4 OR processed.token = $2 OR $5 LIKE '%' || processed.token || '%'",
        )
        .bind(message.as_str())
        .bind(token)
        .bind(now)
        .bind(now - KEPT)
        .bind(doubts)
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
