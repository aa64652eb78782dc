//! What was taken from a channel and is not answered yet, so that a crash loses nothing.
//!
//! A channel that has to acknowledge what it is given before it has answered claims it and puts it here in one
//! commit. It is gone once it is answered. Whoever works on it holds a lease; what a process that died has left is
//! taken over by another, and what may have been answered already is known by its step.

use sqlx::AnyConnection;

use super::Store;
use super::backend::Backend;
use super::claims::KEPT;
use super::error::Error;
use super::secret::{MessageHash, PersonHash, token};

/// A process that works on what is pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// One that nobody else is.
    ///
    /// # Errors
    ///
    /// The system gives no randomness.
    pub fn new() -> Result<Self, Error> {
        Ok(Self(token()?))
    }
}

/// What becomes of something pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It came: it is claimed and kept, unless it came before.
    Take {
        /// Names it.
        message: MessageHash,
        /// The channel.
        channel: &'static str,
        /// Who sent it, or to whom it was sent, where somebody has to know: see [`Store::is_behind`].
        person: Option<PersonHash>,
        /// Its place in the order.
        place: i64,
        /// What it is, in the channel's own form.
        body: String,
    },
    /// Something is about to go out for it: whether it did nobody will know after a crash.
    Sending(MessageHash),
    /// Nothing went out after all.
    Unsent(MessageHash),
    /// What goes out for it in several parts has come so far.
    Progress {
        /// Names it.
        message: MessageHash,
        /// So many parts are over: nothing of them goes out again.
        over: u32,
        /// Whether the next one is about to go out.
        is_sending: bool,
        /// What it is from now on, in the channel's own form; none: as before.
        body: Option<String>,
    },
    /// Nothing more is to be done about it.
    Done(MessageHash),
}

/// The column `step`: twice the parts that are over, and one more while the next is about to go out.
fn number(over: u32, is_sending: bool) -> i64 {
    i64::from(over) * 2 + i64::from(is_sending)
}

/// Something pending whose owner is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Names it.
    pub message: MessageHash,
    /// What it is, in the channel's own form.
    pub body: String,
    /// So many parts of what goes out for it are over.
    pub over: u32,
    /// Whether the next part may have gone out.
    pub is_doubtful: bool,
}

impl Store {
    /// Carries out `steps` in one commit that outlives a power cut; says of each whether it changed anything: of
    /// something that came, whether it came for the first time. No attempt is made again: where the connection is
    /// lost with the answer nobody knows whether the commit happened.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
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
                    Step::Take { message, channel, person, place, body } => {
                        let claimed = sqlx::query(
                            "INSERT INTO processed (message, token, at) VALUES ($1, $2, $3) \
                             ON CONFLICT (message) DO UPDATE SET token = excluded.token, at = excluded.at \
                             WHERE processed.at <= $4",
                        )
                        .bind(message.as_str())
                        .bind(owner.0.as_str())
                        .bind(now)
                        .bind(now - KEPT)
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
                            .bind(*place)
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

    /// Takes over at most `limit` things of `channel` whose lease is over, in their order, and makes the leases of
    /// `owner` longer.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
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

    /// Everything that `owner` holds and that came before `place`, in order.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn held_by(&self, owner: &Owner, place: i64) -> Result<Vec<Waiting>, Error> {
        let rows: Vec<(i64, String, String, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT place, message, body, step FROM pending WHERE owner = $1 AND place < $2 ORDER BY place",
                )
                .bind(owner.0.as_str())
                .bind(place)
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// Everything of `channel` that anybody but `owner` holds, in order.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
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

    /// Whether another process comes first: whether it holds the earliest of what the same person sent up to `message`
    /// and no earlier than `since`. In which order a process takes its own is its own affair, so of all processes
    /// there is always one that waits for none. Never where one process has the store to itself.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
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

    /// Takes something back before anything has gone out for it, whoever holds it; says whether it was there.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn withdraw(&self, message: &MessageHash) -> Result<bool, Error> {
        let gone = self
            .changing(|| {
                sqlx::query("DELETE FROM pending WHERE message = $1 AND step = 0")
                    .bind(message.as_str().to_owned())
            })
            .await?;
        Ok(gone > 0)
    }

    /// Leaves everything that `owner` holds to whoever comes first.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn leave(&self, owner: &Owner) -> Result<u64, Error> {
        self.changing(|| {
            sqlx::query("UPDATE pending SET leased_until = 0, owner = '' WHERE owner = $1")
                .bind(owner.0.clone())
        })
        .await
    }

    /// How many things of `channel` are not answered yet.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn count_pending(&self, channel: &str) -> Result<u64, Error> {
        let (count,): (i64,) = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT COUNT(*) FROM pending WHERE channel = $1")
                    .bind(channel)
                    .fetch_one(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(count.unsigned_abs())
    }
}

/// Notes how far something has come; says whether `owner` has it.
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
