//! Teachings: what people added to the guide while the bot runs. A teaching is never changed, only undone.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Row, Transaction};

use super::clusters::{ClusterId, ClusterState, settle};
use super::error::Error;
use super::lessons::Lesson;
use super::secret::token;
use super::{Author, Mark, Scope, Store};

/// Names a teaching; later ones have higher ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TeachingId(pub i64);

/// A lesson, and who taught it when.
#[derive(Clone, Debug, PartialEq)]
pub struct Teaching {
    /// Its name.
    pub id: TeachingId,
    /// The revision of the mark at which it was taught or undone last.
    pub revision: i64,
    /// For whom it holds.
    pub scope: Scope,
    /// What was taught.
    pub lesson: Lesson,
    /// Who taught it, as [`Author`] is stored.
    pub author: String,
    /// When.
    pub at: i64,
    /// Set when it no longer holds.
    pub undone: Option<Undone>,
    /// The older wording of the same entry that it stands in for.
    pub replaces: Option<TeachingId>,
}

/// Who undid a teaching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// As [`Author`] is stored.
    pub author: String,
    /// When.
    pub at: i64,
}

/// What became of an undoing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// It no longer holds; the questions it had answered are open again.
    Done,
    /// It had been undone before.
    Already,
    /// There is no such teaching.
    Unknown,
}

/// `SELECT` of whole teachings, for [`stored`].
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, revision, scope, kind, entry, body, author, at, undone_by, undone_at, replaces FROM teachings ",
            $rest
        )
    };
}

impl Store {
    /// Keeps a lesson; the clusters that it answers (or ignores) leave the list of open ones with it. When this
    /// returns, the teaching survives a power cut.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing was taught, unless the connection was lost during the commit.
    pub async fn teach(
        &self,
        scope: &Scope,
        lesson: &Lesson,
        clusters: &[ClusterId],
        author: &Author,
        now: i64,
    ) -> Result<TeachingId, Error> {
        // Names this attempt, so that a retry recognises it.
        let token = token()?;
        let (id, mark) = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                if let Some(id) = taught(&mut transaction, &token).await? {
                    return Ok((id, mark));
                }
                let id = insert(&mut transaction, mark, &token, scope, lesson, author, now).await?;
                settle(&mut transaction, clusters, lesson.settles(), id).await?;
                transaction.commit().await?;
                Ok((id, mark))
            })
            .await?;
        self.announce(mark);
        Ok(id)
    }

    /// Makes a group's teaching one of the base: it is undone in the group and taught again for all, or neither.
    /// None when there is no such teaching, or it was undone, or is the base's already.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then nothing has changed.
    pub async fn promote(
        &self,
        id: TeachingId,
        author: &Author,
        now: i64,
    ) -> Result<Option<TeachingId>, Error> {
        let token = token()?;
        let promoted = self
            .writing(|| async {
                let mut transaction = self.begin_durable().await?;
                let mark = self.next_mark(&mut transaction).await?;
                if let Some(new) = taught(&mut transaction, &token).await? {
                    return Ok(Some((new, mark)));
                }
                let of_group = find(&mut transaction, id)
                    .await?
                    .filter(|teaching| teaching.undone.is_none() && teaching.scope != Scope::Base);
                let Some(of_group) = of_group else { return Ok(None) };
                let base = Scope::Base;
                let new =
                    insert(&mut transaction, mark, &token, &base, &of_group.lesson, author, now).await?;
                // First, so that undoing finds nothing to open.
                sqlx::query("UPDATE clusters SET teaching = $1 WHERE teaching = $2")
                    .bind(new.0)
                    .bind(id.0)
                    .execute(&mut *transaction)
                    .await?;
                undo(&mut transaction, mark, id, author, now).await?;
                transaction.commit().await?;
                Ok(Some((new, mark)))
            })
            .await?;
        if let Some((_, mark)) = promoted {
            self.announce(mark);
        }
        Ok(promoted.map(|(id, _)| id))
    }

    /// One teaching.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn teaching(&self, id: TeachingId) -> Result<Option<Teaching>, Error> {
        self.reading(|| async { find(&mut *self.inner.pools.read.acquire().await?, id).await }).await
    }

    /// What was taught or undone in any scope since `revision`, oldest first: what a replica has to read.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn teachings_since(&self, revision: i64) -> Result<Vec<Teaching>, Error> {
        let sql = select!("WHERE revision > $1 ORDER BY revision, id");
        let rows = self
            .reading(|| async {
                Ok(sqlx::query(sql).bind(revision).fetch_all(&self.inner.pools.read).await?)
            })
            .await?;
        Ok(stored_all(&rows))
    }

    /// What holds in `scope`, oldest first: what an overlay is made of.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn teachings_of(&self, scope: &Scope) -> Result<Vec<Teaching>, Error> {
        let sql = select!("WHERE scope = $1 AND undone_at IS NULL ORDER BY id");
        let rows = self
            .reading(|| async {
                Ok(sqlx::query(sql).bind(scope.as_str()).fetch_all(&self.inner.pools.read).await?)
            })
            .await?;
        Ok(stored_all(&rows))
    }

    /// The last `limit` teachings before `before` (or of all), undone ones too, newest first; those of every scope
    /// where none is given.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn teachings(
        &self,
        scope: Option<&Scope>,
        before: Option<TeachingId>,
        limit: u32,
    ) -> Result<Vec<Teaching>, Error> {
        let sql = select!("WHERE ($1 = '*' OR scope = $1) AND id < $2 ORDER BY id DESC LIMIT $3");
        let rows = self
            .reading(|| async {
                Ok(sqlx::query(sql)
                    .bind(scope.map_or("*", Scope::as_str))
                    .bind(before.map_or(i64::MAX, |id| id.0))
                    .bind(i64::from(limit))
                    .fetch_all(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(stored_all(&rows))
    }

    /// What is wrong with teachings that cannot be read, a sentence each.
    pub(super) async fn unreadable_teachings(&self) -> Result<Vec<String>, Error> {
        let sql = select!("ORDER BY id");
        let rows =
            self.reading(|| async { Ok(sqlx::query(sql).fetch_all(&self.inner.pools.read).await?) }).await?;
        Ok(rows.iter().filter_map(|row| stored(row).err()).map(|error| error.to_string()).collect())
    }
}

/// The teaching of an earlier attempt whose commit succeeded although its result was lost.
pub(super) async fn taught(
    transaction: &mut Transaction<'static, Any>,
    token: &str,
) -> Result<Option<TeachingId>, sqlx::Error> {
    let id: Option<(i64,)> = sqlx::query_as("SELECT id FROM teachings WHERE token = $1")
        .bind(token)
        .fetch_optional(&mut **transaction)
        .await?;
    Ok(id.map(|(id,)| TeachingId(id)))
}

pub(super) async fn insert(
    transaction: &mut Transaction<'static, Any>,
    mark: Mark,
    token: &str,
    scope: &Scope,
    lesson: &Lesson,
    author: &Author,
    now: i64,
) -> Result<TeachingId, Error> {
    sqlx::query(
        "INSERT INTO teachings (id, token, revision, scope, kind, entry, body, author, at) \
         VALUES ($1, $2, $1, $3, $4, $5, $6, $7, $8)",
    )
    .bind(mark.revision)
    .bind(token)
    .bind(scope.as_str())
    .bind(lesson.kind())
    .bind(lesson.entry())
    .bind(lesson.body()?)
    .bind(author.as_str())
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    Ok(TeachingId(mark.revision))
}

pub(super) async fn undo(
    transaction: &mut Transaction<'static, Any>,
    mark: Mark,
    id: TeachingId,
    author: &Author,
    now: i64,
) -> Result<Undo, Error> {
    let held = sqlx::query(
        "UPDATE teachings SET undone_by = $1, undone_at = $2, revision = $3 \
         WHERE id = $4 AND undone_at IS NULL",
    )
    .bind(author.as_str())
    .bind(now)
    .bind(mark.revision)
    .bind(id.0)
    .execute(&mut **transaction)
    .await?
    .rows_affected();
    if held == 0 {
        return Ok(if find(transaction, id).await?.is_some() { Undo::Already } else { Undo::Unknown });
    }
    sqlx::query("UPDATE clusters SET state = $1, teaching = NULL WHERE teaching = $2")
        .bind(ClusterState::Open.as_str())
        .bind(id.0)
        .execute(&mut **transaction)
        .await?;
    Ok(Undo::Done)
}

pub(super) async fn find(connection: &mut AnyConnection, id: TeachingId) -> Result<Option<Teaching>, Error> {
    let sql = select!("WHERE id = $1");
    let row = sqlx::query(sql).bind(id.0).fetch_optional(connection).await?;
    row.as_ref().map(stored).transpose()
}

/// One teaching that cannot be read must not hide the others.
fn stored_all(rows: &[AnyRow]) -> Vec<Teaching> {
    rows.iter()
        .filter_map(|row| stored(row).inspect_err(|error| tracing::warn!("left out: {error}")).ok())
        .collect()
}

fn stored(row: &AnyRow) -> Result<Teaching, Error> {
    let (id, kind): (i64, &str) = (row.try_get("id")?, row.try_get("kind")?);
    let lesson = Lesson::stored(kind, row.try_get("entry")?, row.try_get("body")?)
        .ok_or_else(|| Error::Broken(format!("teaching {id}, of the kind {kind}, cannot be read")))?;
    let undone: Option<i64> = row.try_get("undone_at")?;
    let undone_by: Option<String> = row.try_get("undone_by")?;
    Ok(Teaching {
        id: TeachingId(id),
        revision: row.try_get("revision")?,
        scope: Scope::stored(row.try_get("scope")?),
        lesson,
        author: row.try_get("author")?,
        at: row.try_get("at")?,
        undone: undone.map(|at| Undone { author: undone_by.unwrap_or_default(), at }),
        replaces: row.try_get::<Option<i64>, _>("replaces")?.map(TeachingId),
    })
}
