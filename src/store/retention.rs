//! Deletes expired rows, in batches between which other writers get their turn; and on request all rows of one person.

use sqlx::AssertSqlSafe;

use super::console::SESSION_IDLE;
use super::error::Error;
use super::listing::RECENT_DAYS;
use super::secret::PersonHash;
use super::tallies::Day;
use super::{Store, claims, deletions};

/// Rows that one statement deletes: a few milliseconds' work, so that a claim hardly waits.
const BATCH: i64 = 500;

/// How many wordings of unanswered questions are kept, more than anybody reads. Beyond, those asked least and longest ago
/// are deleted first, so that a flood does not fill the disk within `RETENTION_DAYS`.
const MAX_WORDINGS: i64 = 50_000;

/// How much was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Rows of all tables.
    pub rows: u64,
}

impl Store {
    /// Deletes what is older than `days`; claims, cooldowns and missed removals after their own, shorter
    /// times. Settings and teachings stay.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; the batches before are deleted, the rest is left for the next run.
    pub async fn expire(&self, days: u32, now: i64) -> Result<Expired, Error> {
        let before = now - i64::from(days) * 24 * 3_600;
        let mut rows = 0;
        for (table, key, expired, bound) in [
            ("processed", "message", "at < $1", now - claims::CLAIM_TTL),
            ("cooldowns", "name, slot", "until <= $1", now),
            ("pauses", "conversation", "until <= $1", now),
            ("notes", "name", "until <= $1", now),
            ("deletions", "channel, chat, message", "due_at < $1", now - deletions::DELETABLE),
            ("feedback", "person, entry", "at < $1", before),
            ("settings_history", "id", "at < $1", before),
            ("tallies", "day, channel, outcome, entry", "day < $1", Day::of(before, 0).0),
            ("questions", "digest", "last_at < $1", before),
            ("cluster_days", "cluster, day", "day < $1", Day::of(now, 0).0 - RECENT_DAYS),
            ("console_sessions", "hash", "seen_at < $1", now - SESSION_IDLE),
            ("console_links", "hash", "expires_at < $1", now),
            ("console_log", "id", "at < $1", before),
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
                MAX_WORDINGS,
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

    /// Runs `sql`, which deletes at most `$2` rows by the bound `$1`, until no more rows match.
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

    /// Deletes the rows of `person`: feedback, cooldowns, pauses, notes; returns how many there were. What a
    /// person taught or set stays, with the hash of the person.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing was deleted.
    pub async fn forget(&self, person: &PersonHash) -> Result<u64, Error> {
        self.writing(|| async {
            let mut transaction = self.begin_durable().await?;
            let mut rows = 0;
            for sql in [
                "DELETE FROM feedback WHERE person = $1",
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
