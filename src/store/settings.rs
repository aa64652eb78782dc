//! Settings of groups, and who changed them when.

use std::collections::BTreeMap;

use super::error::Error;
use super::{Author, GroupId, Scope, Store};

/// A setting that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Whose.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// Its value; none when it was taken back and the default holds again.
    pub value: Option<String>,
    /// When it was set last, as a mark's revision.
    pub revision: i64,
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingChange {
    /// The setting's name.
    pub name: String,
    /// Its value before.
    pub old: Option<String>,
    /// Its value after.
    pub new: Option<String>,
    /// Who changed it.
    pub author: String,
    /// When.
    pub at: i64,
}

type ChangeRow = (String, Option<String>, Option<String>, String, i64);

impl Store {
    /// Sets `name`, or takes it back with `None`. False when it was so already: then nothing is written.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing was set.
    pub async fn set(
        &self,
        scope: &Scope,
        name: &str,
        value: Option<&str>,
        author: &Author,
        now: i64,
    ) -> Result<bool, Error> {
        let mark = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                // The mark first: it serialises writers of the same setting.
                let mark = self.next_mark(&mut transaction).await?;
                let old: Option<(Option<String>,)> =
                    sqlx::query_as("SELECT value FROM settings WHERE scope = $1 AND name = $2")
                        .bind(scope.as_str())
                        .bind(name)
                        .fetch_optional(&mut *transaction)
                        .await?;
                let old = old.and_then(|(value,)| value);
                if old.as_deref() == value {
                    return Ok(None);
                }
                sqlx::query(
                    "INSERT INTO settings (scope, name, value, revision) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value, \
                     revision = excluded.revision",
                )
                .bind(scope.as_str())
                .bind(name)
                .bind(value)
                .bind(mark.revision)
                .execute(&mut *transaction)
                .await?;
                sqlx::query(
                    "INSERT INTO settings_history (id, scope, name, old_value, new_value, author, at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(mark.revision)
                .bind(scope.as_str())
                .bind(name)
                .bind(old)
                .bind(value)
                .bind(author.as_str())
                .bind(now)
                .execute(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(Some(mark))
            })
            .await?;
        if let Some(mark) = mark {
            self.announce(mark);
        }
        Ok(mark.is_some())
    }

    /// What is set in `scope`.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn settings(&self, scope: &Scope) -> Result<BTreeMap<String, String>, Error> {
        let rows: Vec<(String, String)> = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT name, value FROM settings WHERE scope = $1 AND value IS NOT NULL")
                    .bind(scope.as_str())
                    .fetch_all(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// What was set or taken back in any scope since `revision`, oldest first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn settings_since(&self, revision: i64) -> Result<Vec<Setting>, Error> {
        let rows: Vec<(String, String, Option<String>, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT scope, name, value, revision FROM settings WHERE revision > $1 ORDER BY revision",
                )
                .bind(revision)
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        let setting =
            |(scope, name, value, revision)| Setting { scope: Scope::stored(scope), name, value, revision };
        Ok(rows.into_iter().map(setting).collect())
    }

    /// The last `limit` changes in `scope`, newest first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn settings_history(&self, scope: &Scope, limit: u32) -> Result<Vec<SettingChange>, Error> {
        let rows: Vec<ChangeRow> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT name, old_value, new_value, author, at FROM settings_history \
                     WHERE scope = $1 ORDER BY id DESC LIMIT $2",
                )
                .bind(scope.as_str())
                .bind(i64::from(limit))
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        let change = |(name, old, new, author, at)| SettingChange { name, old, new, author, at };
        Ok(rows.into_iter().map(change).collect())
    }

    /// The group `old` is `new` from now on, as when a Telegram group becomes a supergroup: its settings, teachings
    /// and questions move. Moving again changes nothing.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing was moved.
    pub async fn move_group(&self, old: &GroupId, new: &GroupId) -> Result<(), Error> {
        let mark = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                for sql in [
                    // What is set in the new group wins.
                    "INSERT INTO settings (scope, name, value, revision) \
                     SELECT $2, name, value, $3 FROM settings WHERE scope = $1 \
                     ON CONFLICT (scope, name) DO NOTHING",
                    "UPDATE teachings SET scope = $2, revision = $3 WHERE scope = $1",
                ] {
                    sqlx::query(sql)
                        .bind(old.as_str())
                        .bind(new.as_str())
                        .bind(mark.revision)
                        .execute(&mut *transaction)
                        .await?;
                }
                for sql in [
                    "UPDATE settings_history SET scope = $2 WHERE scope = $1",
                    "UPDATE questions SET scope = $2 WHERE scope = $1",
                ] {
                    sqlx::query(sql).bind(old.as_str()).bind(new.as_str()).execute(&mut *transaction).await?;
                }
                sqlx::query("UPDATE settings SET value = NULL, revision = $2 WHERE scope = $1")
                    .bind(old.as_str())
                    .bind(mark.revision)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
                Ok(mark)
            })
            .await?;
        self.announce(mark);
        Ok(())
    }
}
