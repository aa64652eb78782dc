//! Pending: claimed and not answered yet. docs/delivery.md says which channel stores what here, and what a crash does.
//!
//! An item is claimed and stored in one commit, and deleted once it is answered. The process that works on it holds a
//! lease; when the lease has expired another process takes the item over. Its step shows whether an answer may have been
//! sent already.

use sqlx::AnyConnection;

use super::Store;
use super::backend::Backend;
use super::claims::CLAIM_TTL;
use super::error::Error;
use super::secret::{MessageHash, PersonHash, token};

/// Names a process that works on pending items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// A new name.
    ///
    /// # Errors
    ///
    /// The system has no randomness.
    pub fn new() -> Result<Self, Error> {
        Ok(Self(token()?))
    }
}

/// A change of a pending item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It arrived: it is claimed and stored, unless it was claimed before.
    Take {
        /// Names it.
        message: MessageHash,
        /// The channel.
        channel: &'static str,
        /// The person whose items are answered in order; see [`Store::is_behind`].
        person: Option<PersonHash>,
        /// Its position in the order of arrival.
        position: i64,
        /// Its content, in the channel's own format.
        body: String,
    },
    /// Its answer is about to be sent: after a crash from here on the outcome is unknown.
    Sending(MessageHash),
    /// The answer was not sent after all.
    Unsent(MessageHash),
    /// How far an answer of several parts has come.
    Progress {
        /// Names it.
        message: MessageHash,
        /// So many parts are done, and are not sent again.
        over: u32,
        /// Whether the next one is about to be sent.
        is_sending: bool,
        /// Its new content, in the channel's own format; none: unchanged.
        body: Option<String>,
    },
    /// It is handled: delete it.
    Done(MessageHash),
}

/// The column `step`: twice the parts that are done, plus one while the next is being sent.
fn number(over: u32, is_sending: bool) -> i64 {
    i64::from(over) * 2 + i64::from(is_sending)
}

/// A pending item as the store holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Names it.
    pub message: MessageHash,
    /// Its content, in the channel's own format.
    pub body: String,
    /// So many parts of its answer are done.
    pub over: u32,
    /// Whether the next part may have been sent: the outcome is unknown.
    pub is_doubtful: bool,
}

impl Store {
    /// Carries out `steps` in one commit that survives a power cut; returns of each whether it changed anything, which
    /// means of [`Step::Take`] that it was not claimed before. Not retried: when the connection is lost during the commit,
    /// its outcome is unknown.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn carry_out(
        &self,
        steps: &[Step],
        owner: &Owner,
        leased_until: i64,
        now: i64,
    ) -> Result<Vec<bool>, Error> {
        let attempt = async {
            let mut transaction = self.begin_durable().await?;
            let mut changed = Vec::with_capacity(steps.len());
            for step in steps {
                let rows = match step {
                    Step::Take { message, channel, person, position, body } => {
                        let claimed = sqlx::query(
                            "INSERT INTO processed (message, token, at) VALUES ($1, $2, $3) \
                             ON CONFLICT (message) DO UPDATE SET token = excluded.token, at = excluded.at \
                             WHERE processed.at <= $4",
                        )
                        .bind(message.as_str())
                        .bind(owner.0.as_str())
                        .bind(now)
                        .bind(now - CLAIM_TTL)
                        .execute(&mut *transaction)
                        .await?
                        .rows_affected();
                        if claimed > 0 {
                            sqlx::query(
                                "INSERT INTO pending (message, channel, person, place, body, step, owner, leased_until) \
                                 VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT (message) DO NOTHING",
                            )
                            .bind(message.as_str())
                            .bind(*channel)
                            .bind(person.as_ref().map_or("", PersonHash::as_str))
                            .bind(*position)
                            .bind(body.as_str())
                            .bind(owner.0.as_str())
                            .bind(leased_until)
                            .execute(&mut *transaction)
                            .await?;
                        }
                        claimed
                    }
                    Step::Sending(message) | Step::Unsent(message) => {
                        let is_sending = matches!(step, Step::Sending(_));
                        progress(&mut transaction, owner, message, number(0, is_sending), None).await?
                    }
                    Step::Progress { message, over, is_sending, body } => {
                        let step = number(*over, *is_sending);
                        progress(&mut transaction, owner, message, step, body.as_deref()).await?
                    }
                    Step::Done(message) => {
                        sqlx::query("DELETE FROM pending WHERE message = $1 AND owner = $2")
                            .bind(message.as_str())
                            .bind(owner.0.as_str())
                            .execute(&mut *transaction)
                            .await?
                            .rows_affected()
                    }
                };
                changed.push(rows > 0);
            }
            transaction.commit().await?;
            Ok(changed)
        };
        let result = super::retry::bounded(attempt).await;
        self.inner.writes.report("writing to the store", &result);
        result
    }

    /// Renews the leases of `owner`, and takes over at most `limit` items of `channel` whose lease has expired, in order.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn take_over(
        &self,
        channel: &str,
        owner: &Owner,
        leased_until: i64,
        limit: u32,
        now: i64,
    ) -> Result<Vec<Waiting>, Error> {
        let mut rows: Vec<(i64, String, String, i64)> = self
            .writing(|| async {
                let mut transaction = self.begin().await?;
                sqlx::query("UPDATE pending SET leased_until = $1 WHERE owner = $2")
                    .bind(leased_until)
                    .bind(owner.0.as_str())
                    .execute(&mut *transaction)
                    .await?;
                let rows = sqlx::query_as(
                    "UPDATE pending SET owner = $1, leased_until = $2 WHERE channel = $3 AND leased_until <= $4 \
                     AND message IN (SELECT message FROM pending WHERE channel = $3 AND leased_until <= $4 \
                     ORDER BY place LIMIT $5) RETURNING place, message, body, step",
                )
                .bind(owner.0.as_str())
                .bind(leased_until)
                .bind(channel)
                .bind(now)
                .bind(i64::from(limit))
                .fetch_all(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(rows)
            })
            .await?;
        rows.sort_unstable();
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// The items that `owner` holds and that arrived before `position`, in order.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn held_by(&self, owner: &Owner, position: i64) -> Result<Vec<Waiting>, Error> {
        let rows: Vec<(i64, String, String, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT place, message, body, step FROM pending WHERE owner = $1 AND place < $2 ORDER BY place",
                )
                .bind(owner.0.as_str())
                .bind(position)
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// The items of `channel` that other processes hold, in order.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn held_by_others(&self, channel: &str, owner: &Owner) -> Result<Vec<Waiting>, Error> {
        let rows: Vec<(i64, String, String, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT place, message, body, step FROM pending WHERE channel = $1 AND owner <> $2 ORDER BY place",
                )
                .bind(channel)
                .bind(owner.0.as_str())
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// Whether another process has to go first: it holds the earliest item of the same person up to `message`, not counting
    /// those before `since`. Each process orders its own items itself, so one of the processes never waits. Always false on
    /// SQLite, where there is one process.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn is_behind(&self, message: &MessageHash, since: i64) -> Result<bool, Error> {
        if self.inner.address.backend == Backend::Sqlite {
            return Ok(false);
        }
        let first: Option<(bool,)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT other.owner <> mine.owner FROM pending AS mine JOIN pending AS other \
                     ON other.person = mine.person AND other.channel = mine.channel AND other.place <= mine.place \
                     WHERE mine.message = $1 AND mine.person <> '' AND other.place >= $2 \
                     ORDER BY other.place, other.message LIMIT 1",
                )
                .bind(message.as_str())
                .bind(since)
                .fetch_optional(&self.inner.pools.read)
                .await?)
            })
            .await?;
        Ok(first.is_some_and(|(is_others,)| is_others))
    }

    /// Deletes an item whose answer is not begun, whichever process holds it; returns whether there was one.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn withdraw(&self, message: &MessageHash) -> Result<bool, Error> {
        let gone = self
            .changing(|| {
                sqlx::query("DELETE FROM pending WHERE message = $1 AND step = 0")
                    .bind(message.as_str().to_owned())
            })
            .await?;
        Ok(gone > 0)
    }

    /// Ends the leases of `owner`, so that any process can take its items over at once.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn leave(&self, owner: &Owner) -> Result<u64, Error> {
        self.changing(|| {
            sqlx::query("UPDATE pending SET leased_until = 0, owner = '' WHERE owner = $1")
                .bind(owner.0.clone())
        })
        .await
    }
}

/// Stores the progress of an item; the number of rows is 0 when `owner` does not hold it.
async fn progress(
    connection: &mut AnyConnection,
    owner: &Owner,
    message: &MessageHash,
    step: i64,
    body: Option<&str>,
) -> Result<u64, sqlx::Error> {
    let rows = sqlx::query("UPDATE pending SET step = $1 WHERE message = $2 AND owner = $3")
        .bind(step)
        .bind(message.as_str())
        .bind(owner.0.as_str())
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if let Some(body) = body {
        sqlx::query("UPDATE pending SET body = $1 WHERE message = $2 AND owner = $3")
            .bind(body)
            .bind(message.as_str())
            .bind(owner.0.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(rows)
}

fn waiting((_, message, body, step): (i64, String, String, i64)) -> Waiting {
    let over = u32::try_from(step / 2).unwrap_or(0);
    Waiting { message: MessageHash::stored(message), body, over, is_doubtful: step % 2 > 0 }
}
