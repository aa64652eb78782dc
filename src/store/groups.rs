//! Deletes what is stored of a group that the bot has left.

use super::error::Error;
use super::{GroupId, Store};

impl Store {
    /// Deletes everything of `group`: settings and their history, questions, teachings, cooldowns.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing was deleted.
    pub async fn forget_group(&self, group: &GroupId) -> Result<(), Error> {
        let mark = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                // Settings and teachings stay as empty rows, so that every replica notices that they are gone.
                for sql in [
                    "UPDATE settings SET value = NULL, revision = $2 WHERE scope = $1",
                    "UPDATE teachings SET kind = 'ignore', entry = '', body = '{\"text\":\"\"}', author = '', \
                     undone_by = '', undone_at = COALESCE(undone_at, at), revision = $2 WHERE scope = $1",
                ] {
                    sqlx::query(sql)
                        .bind(group.as_str())
                        .bind(mark.revision)
                        .execute(&mut *transaction)
                        .await?;
                }
                for sql in
                    ["DELETE FROM settings_history WHERE scope = $1", "DELETE FROM questions WHERE scope = $1"]
                {
                    sqlx::query(sql).bind(group.as_str()).execute(&mut *transaction).await?;
                }
                sqlx::query("DELETE FROM cooldowns WHERE name LIKE $1")
                    .bind(format!("%@{group}"))
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
