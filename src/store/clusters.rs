//! Clusters of unanswered questions that ask the same.

use std::fmt;
use std::str::FromStr;

use sqlx::{Any, Transaction};

use super::error::Error;
use super::{Scope, Store, TeachingId};

/// Names a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterId(pub i64);

/// Whether a cluster waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClusterState {
    /// It does.
    Open,
    /// A teaching answers it. When it is asked and not answered again, it is open again.
    Answered,
    /// It is not to be answered, however often it is asked.
    Ignored,
}

impl ClusterState {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Ignored => "ignored",
        }
    }
}

impl fmt::Display for ClusterState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ClusterState {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        [Self::Open, Self::Answered, Self::Ignored]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Error::Broken(format!("a cluster is {text}")))
    }
}

/// Questions that ask the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its name.
    pub id: ClusterId,
    /// Whether it waits for an answer.
    pub state: ClusterState,
    /// The teaching that answered or ignored it.
    pub teaching: Option<TeachingId>,
    /// The wording that was used most.
    pub text: String,
    /// How many wordings there are.
    pub wordings: u64,
    /// How often it was asked.
    pub asked: u64,
    /// When first.
    pub first_at: i64,
    /// When last.
    pub last_at: i64,
}

/// Which clusters to list, those asked most first.
#[derive(Clone, Copy, Debug)]
pub struct Clusters<'a> {
    /// In this state.
    pub state: ClusterState,
    /// Asked there; the counts are of there too. Everywhere when none is given.
    pub scope: Option<&'a Scope>,
    /// At most so many …
    pub limit: u32,
    /// … after the first so many.
    pub skip: u32,
}

type ClusterRow = (i64, Option<i64>, String, i64, i64, i64, i64);

impl Store {
    /// How many clusters wait for an answer.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn open_clusters(&self) -> Result<u64, Error> {
        let (count,): (i64,) = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT COUNT(*) FROM clusters WHERE state = $1")
                    .bind(ClusterState::Open.as_str())
                    .fetch_one(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(count.unsigned_abs())
    }

    /// Clusters, those asked most first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn clusters(&self, which: &Clusters<'_>) -> Result<Vec<Cluster>, Error> {
        let rows: Vec<ClusterRow> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT c.id, c.teaching, \
                     (SELECT t.text FROM questions t WHERE t.cluster = c.id AND ($1 = '*' OR t.scope = $1) \
                      ORDER BY t.asked DESC, t.first_at, t.digest LIMIT 1), \
                     COUNT(DISTINCT q.text), CAST(SUM(q.asked) AS BIGINT), MIN(q.first_at), MAX(q.last_at) \
                     FROM clusters c JOIN questions q ON q.cluster = c.id \
                     WHERE c.state = $2 AND ($1 = '*' OR q.scope = $1) \
                     GROUP BY c.id, c.teaching ORDER BY 5 DESC, 7 DESC, 1 LIMIT $3 OFFSET $4",
                )
                .bind(which.scope.map_or("*", Scope::as_str))
                .bind(which.state.as_str())
                .bind(i64::from(which.limit))
                .bind(i64::from(which.skip))
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        let cluster = |row: ClusterRow| {
            let (id, teaching, text, wordings, asked, first_at, last_at) = row;
            Cluster {
                id: ClusterId(id),
                state: which.state,
                teaching: teaching.map(TeachingId),
                text,
                wordings: wordings.unsigned_abs(),
                asked: asked.unsigned_abs(),
                first_at,
                last_at,
            }
        };
        Ok(rows.into_iter().map(cluster).collect())
    }

    /// The clusters leave the list: `teaching` answers them too, unless it was undone meanwhile.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then none of them has left.
    pub async fn settle(&self, clusters: &[ClusterId], teaching: TeachingId) -> Result<(), Error> {
        self.writing(|| async {
            let mut transaction = self.begin().await?;
            settle(&mut transaction, clusters, ClusterState::Answered, teaching).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }
}

pub(super) async fn settle(
    transaction: &mut Transaction<'static, Any>,
    clusters: &[ClusterId],
    state: ClusterState,
    teaching: TeachingId,
) -> Result<(), sqlx::Error> {
    for cluster in clusters {
        sqlx::query(
            "UPDATE clusters SET state = $1, teaching = $2 WHERE id = $3 \
             AND EXISTS (SELECT 1 FROM teachings WHERE id = $2 AND undone_at IS NULL)",
        )
        .bind(state.as_str())
        .bind(teaching.0)
        .bind(cluster.0)
        .execute(&mut **transaction)
        .await?;
    }
    Ok(())
}
