//! 👍 and 👎: one for each person and entry, which can be changed.

use super::Store;
use super::error::Error;
use super::secret::PersonHash;
use crate::faq::EntryId;

/// A person's judgement of an entry's answer.
#[derive(Clone, Copy, Debug)]
pub struct Feedback<'a> {
    /// Who.
    pub person: &'a PersonHash,
    /// Where.
    pub channel: &'a str,
    /// The entry that was answered.
    pub entry: &'a EntryId,
    /// 👍 or 👎.
    pub helpful: bool,
}

/// What a judgement changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// It is this person's first of this entry.
    First,
    /// The person thought otherwise before.
    Changed,
    /// It was so already.
    Same,
}

/// An entry's judgements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdicts {
    /// The entry.
    pub entry: EntryId,
    /// 👍
    pub helpful: u64,
    /// 👎
    pub unhelpful: u64,
}

impl Store {
    /// Keeps a judgement in place of the one before.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn judge(&self, feedback: &Feedback<'_>, now: i64) -> Result<Judged, Error> {
        let helpful = i64::from(feedback.helpful);
        self.writing(|| async {
            let mut transaction = self.begin().await?;
            let before: Option<(i64,)> =
                sqlx::query_as("SELECT helpful FROM feedback WHERE person = $1 AND entry = $2")
                    .bind(feedback.person.as_str())
                    .bind(feedback.entry.as_str())
                    .fetch_optional(&mut *transaction)
                    .await?;
            sqlx::query(
                "INSERT INTO feedback (person, entry, helpful, channel, at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (person, entry) DO UPDATE SET helpful = excluded.helpful, \
                 channel = excluded.channel, at = excluded.at",
            )
            .bind(feedback.person.as_str())
            .bind(feedback.entry.as_str())
            .bind(helpful)
            .bind(feedback.channel.to_owned())
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(match before {
                None => Judged::First,
                Some((before,)) if before == helpful => Judged::Same,
                Some(_) => Judged::Changed,
            })
        })
        .await
    }

    /// The judgements since `since`, by entry, those with the most 👎 first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn verdicts(&self, since: i64) -> Result<Vec<Verdicts>, Error> {
        let rows: Vec<(String, i64, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT entry, CAST(SUM(helpful) AS BIGINT), CAST(SUM(1 - helpful) AS BIGINT) \
                     FROM feedback WHERE at >= $1 GROUP BY entry ORDER BY 3 DESC, 2 DESC",
                )
                .bind(since)
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        let verdicts = |(entry, helpful, unhelpful): (String, i64, i64)| {
            Some(Verdicts {
                entry: entry.parse().ok()?,
                helpful: helpful.unsigned_abs(),
                unhelpful: unhelpful.unsigned_abs(),
            })
        };
        Ok(rows.into_iter().filter_map(verdicts).collect())
    }
}
