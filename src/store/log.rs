//! The log: every change that somebody made, in the console or elsewhere, with who and when.

use super::error::Error;
use super::secret::token;
use super::{Author, Scope, Store};

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Who, as [`Author`] is stored.
    pub author: String,
    /// What was done: `taught`, `undone`, `setting`, or what [`Store::log`] was given.
    pub what: String,
    /// To what: a teaching's number, a setting's name and value, a session's name, …
    pub subject: String,
    /// For whom it holds.
    pub scope: Scope,
    /// When, in Unix seconds.
    pub at: i64,
}

impl Store {
    /// Writes down what was done in the console beside teachings and settings.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn log(&self, author: &Author, what: &str, subject: &str, now: i64) -> Result<(), Error> {
        let id = token()?;
        self.changing(|| {
            sqlx::query(
                "INSERT INTO console_log (id, author, what, subject, at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (id) DO NOTHING",
            )
            .bind(id.clone())
            .bind(author.as_str().to_owned())
            .bind(what.to_owned())
            .bind(subject.to_owned())
            .bind(now)
        })
        .await?;
        Ok(())
    }

    /// The changes of any kind, the newest first: `limit` of them after the first `skip`.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn logged(&self, limit: u32, skip: u32) -> Result<Vec<Logged>, Error> {
        let rows: Vec<(String, String, String, String, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT author, what, subject, scope, at FROM (\
                     SELECT author, 'taught' AS what, CAST(id AS TEXT) AS subject, scope, at FROM teachings \
                     UNION ALL SELECT undone_by, 'undone', CAST(id AS TEXT), scope, undone_at FROM teachings \
                     WHERE undone_at IS NOT NULL AND undone_by IS NOT NULL \
                     UNION ALL SELECT author, 'setting', name || ' = ' || COALESCE(new_value, '–'), scope, at \
                     FROM settings_history \
                     UNION ALL SELECT author, what, subject, '', at FROM console_log) AS changes \
                     ORDER BY at DESC, what, subject LIMIT $1 OFFSET $2",
                )
                .bind(i64::from(limit))
                .bind(i64::from(skip))
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        let line = |(author, what, subject, scope, at)| Logged {
            author,
            what,
            subject,
            scope: Scope::stored(scope),
            at,
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
