//! Changes of what was taught: a newer wording of an entry takes the place of the older one, and either comes back.

use sqlx::{Any, Transaction};

use super::error::Error;
use super::lessons::Lesson;
use super::secret::token;
use super::teachings::{find, insert, taught, undo};
use super::{Author, Mark, Store, TeachingId, Undo};

/// What holds again: no teaching beside it may teach the same entry.
const REVIVE: &str = "UPDATE teachings SET undone_by = NULL, undone_at = NULL, revision = $1 \
    WHERE id = $2 AND undone_at IS NOT NULL AND (kind <> 'entry' OR NOT EXISTS (SELECT 1 FROM teachings o \
    WHERE o.kind = 'entry' AND o.scope = teachings.scope AND o.entry = teachings.entry AND o.undone_at IS NULL))";

impl Store {
    /// Teaches `lesson` in the place of `old`, in the same scope, or does neither. None when there is no such teaching or
    /// it was undone.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing has changed.
    pub async fn replace(
        &self,
        old: TeachingId,
        lesson: &Lesson,
        author: &Author,
        now: i64,
    ) -> Result<Option<TeachingId>, Error> {
        let token = token()?;
        let replaced = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                if let Some(new) = taught(&mut transaction, &token).await? {
                    return Ok(Some((new, mark)));
                }
                let before = find(&mut transaction, old).await?.filter(|before| before.undone.is_none());
                let Some(before) = before else { return Ok(None) };
                let new = insert(&mut transaction, mark, &token, &before.scope, lesson, author, now).await?;
                sqlx::query("UPDATE teachings SET replaces = $1 WHERE id = $2")
                    .bind(old.0)
                    .bind(new.0)
                    .execute(&mut *transaction)
                    .await?;
                // First, so that undoing finds nothing to open.
                move_clusters(&mut transaction, old, new).await?;
                undo(&mut transaction, mark, old, author, now).await?;
                transaction.commit().await?;
                Ok(Some((new, mark)))
            })
            .await?;
        if let Some((_, mark)) = replaced {
            self.announce(mark);
        }
        Ok(replaced.map(|(id, _)| id))
    }

    /// Undoes a teaching; the clusters that it had answered are open again. What it had replaced holds again.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then it still holds.
    pub async fn undo(&self, id: TeachingId, author: &Author, now: i64) -> Result<Undo, Error> {
        let (undo, mark) = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                let undo = undo(&mut transaction, mark, id, author, now).await?;
                if undo == Undo::Done {
                    bring_back(&mut transaction, mark, id).await?;
                    transaction.commit().await?;
                    return Ok((undo, Some(mark)));
                }
                Ok((undo, None))
            })
            .await?;
        if let Some(mark) = mark {
            self.announce(mark);
        }
        Ok(undo)
    }

    /// Removes a teaching as [`Store::undo`] does, but what it had replaced does not come back.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then it still holds.
    pub async fn remove(&self, id: TeachingId, author: &Author, now: i64) -> Result<Undo, Error> {
        let (removed, mark) = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                let removed = undo(&mut transaction, mark, id, author, now).await?;
                transaction.commit().await?;
                Ok((removed, mark))
            })
            .await?;
        self.announce(mark);
        Ok(removed)
    }

    /// Puts a removed teaching in force again; false where it holds, or where another one teaches its entry by now.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing has changed.
    pub async fn revive(&self, id: TeachingId) -> Result<bool, Error> {
        let (revived, mark) = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                let revived = revive(&mut transaction, mark, id).await?;
                transaction.commit().await?;
                Ok((revived, mark))
            })
            .await?;
        self.announce(mark);
        Ok(revived)
    }
}

/// The teaching `id` was undone: what it had replaced holds again. The questions that are open again for a moment are
/// settled by what learns, where the older wording answers them.
async fn bring_back(
    transaction: &mut Transaction<'static, Any>,
    mark: Mark,
    id: TeachingId,
) -> Result<(), Error> {
    let replaced = find(transaction, id).await?.and_then(|undone| undone.replaces);
    if let Some(replaced) = replaced {
        revive(transaction, mark, replaced).await?;
    }
    Ok(())
}

async fn revive(
    transaction: &mut Transaction<'static, Any>,
    mark: Mark,
    id: TeachingId,
) -> Result<bool, Error> {
    let revived = sqlx::query(REVIVE).bind(mark.revision).bind(id.0).execute(&mut **transaction).await?;
    Ok(revived.rows_affected() > 0)
}

async fn move_clusters(
    transaction: &mut Transaction<'static, Any>,
    from: TeachingId,
    to: TeachingId,
) -> Result<(), Error> {
    sqlx::query("UPDATE clusters SET teaching = $1 WHERE teaching = $2")
        .bind(to.0)
        .bind(from.0)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
