//! Everything ages out, in batches that let replies through; and what is tied to one person goes at once.

use sqlx::AssertSqlSafe;

use super::error::Error;
use super::secret::PersonHash;
use super::tallies::Day;
use super::{Store, claims, conversations, deletions};

/// Rows that go at once: a few milliseconds' work, so that a claim is not held up.
const BATCH: i64 = 500;

/// More wordings than anybody reads. Beyond, those asked least and longest ago go first, so that a flood of
/// nonsense does not fill the disk within `RETENTION_DAYS`.
const WORDINGS: i64 = 50_000;

/// How much went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Rows of all tables.
    pub rows: u64,
}

impl Store {
    /// Deletes what is older than `days` (and claims, conversations, cooldowns and missed deletions after their
    /// own, shorter times). What holds stays: settings, teachings.
    ///
    /// # Errors
    ///
    /// As [`Error`] says; the batches before are gone, the rest is left for the next time.
    pub async fn expire(&self, days: u32, now: i64) -> Result<Expired, Error> {
        let before = now - i64::from(days) * 24 * 3_600;
        let mut rows = 0;
        for (table, key, expired, bound) in [
            ("processed", "message", "at < $1", now - claims::KEPT),
            ("conversations", "conversation", "at < $1", now - conversations::KEPT),
            ("cooldowns", "name, slot", "until <= $1", now),
            ("pauses", "conversation", "until <= $1", now),
            ("notes", "name", "until <= $1", now),
            ("deletions", "channel, chat, message", "due_at < $1", now - deletions::POSSIBLE),
            ("feedback", "person, entry", "at < $1", before),
            ("settings_history", "id", "at < $1", before),
            ("tallies", "day, channel, outcome, entry", "day < $1", Day::of(before).0),
            ("questions", "digest", "last_at < $1", before),
        ] {
            let sql = format!(
                "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {expired} LIMIT $2)"
            );
            rows += self.delete_in_batches(&sql, bound).await?;
        }
        rows += self
            .delete_in_batches(
                "DELETE FROM questions WHERE digest IN (SELECT digest FROM questions ORDER BY asked, last_at \
                 LIMIT (SELECT CASE WHEN COUNT(*) - $1 < 0 THEN 0 WHEN COUNT(*) - $1 < $2 THEN COUNT(*) - $1 \
                 ELSE $2 END FROM questions))",
                WORDINGS,
            )
            .await?;
        rows += self
            .delete_in_batches(
                "DELETE FROM clusters WHERE id IN (SELECT id FROM clusters WHERE id > $1 \
                 AND NOT EXISTS (SELECT 1 FROM questions WHERE cluster = clusters.id) LIMIT $2)",
                0,
            )
            .await?;
        Ok(Expired { rows })
    }

    /// `sql` deletes at most `$2` rows by the bound `$1`.
    async fn delete_in_batches(&self, sql: &str, bound: i64) -> Result<u64, Error> {
        let mut rows = 0;
        loop {
            let gone =
                self.changing(|| sqlx::query(AssertSqlSafe(sql.to_owned())).bind(bound).bind(BATCH)).await?;
            rows += gone;
            if gone < BATCH.unsigned_abs() {
                return Ok(rows);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Deletes what is tied to `person`: feedback, conversations, cooldowns, pauses, notes. Says how
    /// many rows went. What a person
    /// taught or set stays, with the hash of who did it.
    ///
    /// # Errors
    ///
    /// As [`Error`] says; then nothing was deleted.
    pub async fn forget(&self, person: &PersonHash) -> Result<u64, Error> {
        self.writing(|| async {
            let mut transaction = self.begin_durable().await?;
            let mut rows = 0;
            for sql in [
                "DELETE FROM feedback WHERE person = $1",
                "DELETE FROM conversations WHERE person = $1",
                "DELETE FROM cooldowns WHERE person = $1",
                "DELETE FROM pauses WHERE person = $1",
                "DELETE FROM notes WHERE person = $1",
            ] {
                rows +=
                    sqlx::query(sql).bind(person.as_str()).execute(&mut *transaction).await?.rows_affected();
            }
            transaction.commit().await?;
            Ok(rows)
        })
        .await
    }
}
