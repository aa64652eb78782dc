//! The console's list of unanswered questions: filtered, ordered and paged by the database.

use super::clusters::{ClusterId, ClusterState};
use super::error::Error;
use super::tallies::Day;
use super::{Scope, Store, TeachingId};

/// Days, today included, whose questions count as asked lately.
pub const RECENT_DAYS: i64 = 3;

/// In which order clusters are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Those asked most in the last [`RECENT_DAYS`] first.
    #[default]
    Rising,
    /// Those asked most first.
    Often,
    /// Those asked last first.
    Newest,
}

/// Which clusters to list.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// In this state.
    pub state: ClusterState,
    /// Asked in this channel; empty: in any.
    pub channel: &'a str,
    /// Asked there; anywhere when none is given.
    pub scope: Option<&'a Scope>,
    /// With a wording that holds this text; empty: any.
    pub text: &'a str,
    /// Which come first.
    pub order: Order,
}

/// A cluster of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub id: ClusterId,
    /// The teaching that answered or ignored it.
    pub teaching: Option<TeachingId>,
    /// How often its matching wordings were asked.
    pub asked: u64,
    /// How often it was asked lately.
    pub lately: u64,
    /// When last, in Unix seconds.
    pub last_at: i64,
}

impl Store {
    /// Clusters of `filter`: `limit` of them after the first `skip`.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn listed(
        &self,
        filter: &Filter<'_>,
        limit: u32,
        skip: u32,
        now: i64,
    ) -> Result<Vec<Listed>, Error> {
        macro_rules! sql {
            ($order:literal) => {
                concat!(
                    "SELECT q.cluster, c.teaching, q.asked, COALESCE(d.asked, 0) AS lately, q.last_at \
                     FROM (SELECT cluster, CAST(SUM(asked) AS BIGINT) AS asked, MAX(last_at) AS last_at \
                     FROM questions WHERE ($1 = '' OR channel = $1) AND ($2 = '*' OR scope = $2) \
                     AND ($3 = '' OR text LIKE $3 ESCAPE '!') GROUP BY cluster) AS q \
                     JOIN clusters c ON c.id = q.cluster \
                     LEFT JOIN (SELECT cluster, CAST(SUM(asked) AS BIGINT) AS asked FROM cluster_days \
                     WHERE day > $4 GROUP BY cluster) AS d ON d.cluster = q.cluster \
                     WHERE c.state = $5 ORDER BY ",
                    $order,
                    " LIMIT $6 OFFSET $7"
                )
            };
        }
        let sql = match filter.order {
            Order::Rising => sql!("lately DESC, q.asked DESC, q.last_at DESC, q.cluster"),
            Order::Often => sql!("q.asked DESC, q.last_at DESC, q.cluster"),
            Order::Newest => sql!("q.last_at DESC, q.asked DESC, q.cluster"),
        };
        let text = like(filter.text);
        let rows: Vec<(i64, Option<i64>, i64, i64, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(sql)
                    .bind(filter.channel)
                    .bind(filter.scope.map_or("*", Scope::as_str))
                    .bind(text.as_str())
                    .bind(Day::of(now, 0).0 - RECENT_DAYS)
                    .bind(filter.state.as_str())
                    .bind(i64::from(limit))
                    .bind(i64::from(skip))
                    .fetch_all(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        let listed = |(id, teaching, asked, lately, last_at): (i64, Option<i64>, i64, i64, i64)| Listed {
            id: ClusterId(id),
            teaching: teaching.map(TeachingId),
            asked: asked.unsigned_abs(),
            lately: lately.unsigned_abs(),
            last_at,
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// The channels and the groups in which unanswered questions were asked, each once, sorted.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn where_asked(&self) -> Result<Vec<(String, Scope)>, Error> {
        let rows: Vec<(String, String)> = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT DISTINCT channel, scope FROM questions ORDER BY channel, scope")
                    .fetch_all(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(rows.into_iter().map(|(channel, scope)| (channel, Scope::stored(scope))).collect())
    }

    /// The groups for which anything is set, taught or asked, sorted.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn groups(&self) -> Result<Vec<Scope>, Error> {
        let rows: Vec<(String,)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT scope FROM settings WHERE scope <> '' AND value IS NOT NULL \
                     UNION SELECT scope FROM teachings WHERE scope <> '' AND undone_at IS NULL \
                     UNION SELECT scope FROM questions WHERE scope <> '' ORDER BY 1",
                )
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        Ok(rows.into_iter().map(|(scope,)| Scope::stored(scope)).collect())
    }
}

impl Store {
    /// How many messages of each channel wait for their answer.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn waiting(&self) -> Result<Vec<(String, u64)>, Error> {
        self.counted("SELECT channel, COUNT(*) FROM pending GROUP BY channel ORDER BY channel").await
    }

    /// How often something was asked without an answer, in each group and outside of groups; the most first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn unanswered_by_scope(&self) -> Result<Vec<(Scope, u64)>, Error> {
        let rows = self
            .counted(
                "SELECT scope, CAST(SUM(asked) AS BIGINT) FROM questions GROUP BY scope ORDER BY 2 DESC, 1",
            )
            .await?;
        Ok(rows.into_iter().map(|(scope, asked)| (Scope::stored(scope), asked)).collect())
    }

    async fn counted(&self, sql: &'static str) -> Result<Vec<(String, u64)>, Error> {
        let rows: Vec<(String, i64)> = self
            .reading(|| async { Ok(sqlx::query_as(sql).fetch_all(&self.inner.pools.read).await?) })
            .await?;
        Ok(rows.into_iter().map(|(name, count)| (name, count.unsigned_abs())).collect())
    }
}

/// The pattern of texts that hold `text`; empty where that is.
fn like(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}
