//! Unanswered questions: masked, those that ask the same in one cluster.
//!
//! Which questions ask the same is decided outside, by the matcher; here a question comes with its cluster or
//! without.

use sha2::{Digest, Sha256};
use sqlx::{Any, Transaction};

use super::clusters::{ClusterId, ClusterState};
use super::error::Error;
use super::tallies::Day;
use super::{Scope, Store};
use crate::faq::EntryId;
use crate::text::mask::Masked;

/// A question that was not answered, or whose answer got 👎.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What was asked.
    pub text: &'a Masked,
    /// Where: the channel.
    pub channel: &'a str,
    /// Where: the group, or the base for a private chat.
    pub scope: &'a Scope,
    /// The entry whose answer got 👎; none when there was no answer.
    pub entry: Option<&'a EntryId>,
}

/// A wording of a cluster, and how often and where it was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredQuestion {
    /// Its cluster.
    pub cluster: ClusterId,
    /// The wording, masked.
    pub text: String,
    /// The channel's name.
    pub channel: String,
    /// The group, or the base.
    pub scope: Scope,
    /// The entry whose answer got 👎.
    pub entry: Option<EntryId>,
    /// How often it was asked.
    pub asked: u64,
    /// When first.
    pub first_at: i64,
    /// When last.
    pub last_at: i64,
}

type QuestionRow = (i64, String, String, String, String, i64, i64, i64);

/// `SELECT` of whole questions, for [`stored`].
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT cluster, text, channel, scope, entry, asked, first_at, last_at FROM questions ",
            $rest
        )
    };
}

impl Store {
    /// Keeps a question. One that is known by its wording stays in its cluster; a new one goes to `cluster`, or to a
    /// new one where that is none or gone.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn keep_question(
        &self,
        question: &Question<'_>,
        cluster: Option<ClusterId>,
        now: i64,
    ) -> Result<ClusterId, Error> {
        let digest = question.digest();
        self.writing(|| async {
            let mut transaction = self.begin().await?;
            let known: Option<(i64,)> = sqlx::query_as("SELECT cluster FROM questions WHERE digest = $1")
                .bind(digest.as_str())
                .fetch_optional(&mut *transaction)
                .await?;
            let intended = match known {
                Some((cluster,)) => cluster,
                None => existing_or_new(&mut transaction, cluster).await?,
            };
            let row: Option<(i64,)> = sqlx::query_as(
                "INSERT INTO questions \
                 (digest, cluster, text, channel, scope, entry, asked, first_at, last_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) ON CONFLICT (digest) DO UPDATE SET \
                 asked = questions.asked + 1, last_at = excluded.last_at RETURNING cluster",
            )
            .bind(digest.as_str())
            .bind(intended)
            .bind(question.text.as_str())
            .bind(question.channel)
            .bind(question.scope.as_str())
            .bind(question.entry.map_or("", EntryId::as_str))
            .bind(now)
            .fetch_all(&mut *transaction)
            .await?
            .into_iter()
            .next();
            let id = row.map_or(intended, |(cluster,)| cluster);
            if id != intended {
                // Another writer was faster with the same wording.
                sqlx::query(
                    "DELETE FROM clusters WHERE id = $1 \
                     AND NOT EXISTS (SELECT 1 FROM questions WHERE cluster = $1)",
                )
                .bind(intended)
                .execute(&mut *transaction)
                .await?;
            }
            sqlx::query(
                "INSERT INTO cluster_days (cluster, day, asked) VALUES ($1, $2, 1) \
                 ON CONFLICT (cluster, day) DO UPDATE SET asked = cluster_days.asked + 1",
            )
            .bind(id)
            .bind(Day::of(now, 0).0)
            .execute(&mut *transaction)
            .await?;
            sqlx::query("UPDATE clusters SET state = $1, teaching = NULL WHERE id = $2 AND state = $3")
                .bind(ClusterState::Open.as_str())
                .bind(id)
                .bind(ClusterState::Answered.as_str())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(ClusterId(id))
        })
        .await
    }

    /// The wordings of a cluster, those used most first; none when there is no such cluster.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn questions(&self, cluster: ClusterId) -> Result<Vec<StoredQuestion>, Error> {
        self.most_asked(cluster, u32::MAX).await
    }

    /// As [`Store::questions`], at most `limit` of them.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn most_asked(&self, cluster: ClusterId, limit: u32) -> Result<Vec<StoredQuestion>, Error> {
        let sql = select!("WHERE cluster = $1 ORDER BY asked DESC, first_at, digest LIMIT $2");
        let rows = self
            .reading(|| async {
                let query = sqlx::query_as(sql).bind(cluster.0).bind(i64::from(limit));
                Ok(query.fetch_all(&self.inner.pools.read).await?)
            })
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// The wordings that were asked last, the latest first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn latest_questions(&self, limit: u32) -> Result<Vec<StoredQuestion>, Error> {
        let sql = select!("ORDER BY last_at DESC, digest LIMIT $1");
        let rows = self
            .reading(|| async {
                Ok(sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(&self.inner.pools.read).await?)
            })
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// The questions whose answer `entry` got 👎, those asked most first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn questions_that_led_to(
        &self,
        entry: &EntryId,
        limit: u32,
    ) -> Result<Vec<StoredQuestion>, Error> {
        let sql = select!("WHERE entry = $1 ORDER BY asked DESC, first_at, digest LIMIT $2");
        let rows = self
            .reading(|| async {
                Ok(sqlx::query_as(sql)
                    .bind(entry.as_str())
                    .bind(i64::from(limit))
                    .fetch_all(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }
}

impl Question<'_> {
    /// Identifies wording, channel, scope and entry in the table's key.
    fn digest(&self) -> String {
        let mut digest = Sha256::new();
        let entry = self.entry.map_or("", EntryId::as_str);
        for part in [self.text.as_str(), self.channel, self.scope.as_str(), entry] {
            digest.update(part.as_bytes());
            digest.update([0xFF]);
        }
        hex::encode(digest.finalize())
    }
}

/// The cluster that was asked for, or a new one.
async fn existing_or_new(
    transaction: &mut Transaction<'static, Any>,
    cluster: Option<ClusterId>,
) -> Result<i64, sqlx::Error> {
    if let Some(cluster) = cluster {
        let there: Option<(i64,)> = sqlx::query_as("SELECT id FROM clusters WHERE id = $1")
            .bind(cluster.0)
            .fetch_optional(&mut **transaction)
            .await?;
        if let Some((id,)) = there {
            return Ok(id);
        }
    }
    sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'cluster'")
        .execute(&mut **transaction)
        .await?;
    let (id,): (i64,) = sqlx::query_as("SELECT value FROM counters WHERE name = 'cluster'")
        .fetch_one(&mut **transaction)
        .await?;
    sqlx::query("INSERT INTO clusters (id, state) VALUES ($1, $2)")
        .bind(id)
        .bind(ClusterState::Open.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(id)
}

fn stored(row: QuestionRow) -> StoredQuestion {
    let (cluster, text, channel, scope, entry, asked, first_at, last_at) = row;
    StoredQuestion {
        cluster: ClusterId(cluster),
        text,
        channel,
        scope: Scope::stored(scope),
        entry: entry.parse().ok(),
        asked: asked.unsigned_abs(),
        first_at,
        last_at,
    }
}
