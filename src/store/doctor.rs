//! Examines the store, and says in words what is wrong.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::backend::Backend;
use super::error::Error;
use super::schema::{self, TABLES};
use super::secret::Secret;
use super::{ClusterState, Store};

/// What an examination found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examination {
    /// Which store it is, without password.
    pub store: String,
    /// The schema's version.
    pub schema: i64,
    /// How many rows each table has.
    pub counts: Vec<(&'static str, u64)>,
    /// What is wrong, a sentence each; empty when all is well.
    pub findings: Vec<String>,
}

impl Store {
    /// Examines the whole store.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken, so that it cannot be examined.
    pub async fn examine(&self) -> Result<Examination, Error> {
        let (schema, counts, mut findings) = self.look_through().await?;
        findings.extend(self.unreadable_teachings().await?);
        if let Err(error) = self.begin_durable().await {
            findings.push(format!("it cannot be written: {error}"));
        }
        Ok(Examination { store: self.inner.address.to_string(), schema, counts, findings })
    }

    async fn look_through(&self) -> Result<(i64, Vec<(&'static str, u64)>, Vec<String>), Error> {
        let mut connection = self.inner.pools.read.acquire().await?;
        let connection = &mut *connection;
        let mut findings = Vec::new();
        if self.inner.pools.backend == Backend::Sqlite {
            findings.extend(integrity(connection).await?);
        }
        let schema = schema::version(connection).await?;
        if schema != schema::VERSION {
            findings.push(format!("the schema is version {schema}, this program's is {}", schema::VERSION));
        }
        let mut counts = Vec::new();
        for table in &TABLES {
            let sql = format!("SELECT COUNT(*) FROM {}", table.name);
            let (rows,): (i64,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
            counts.push((table.name, rows.unsigned_abs()));
        }
        findings.extend(contradictions(connection).await?);
        findings.extend(secret(connection).await?);
        Ok((schema, counts, findings))
    }
}

async fn integrity(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check(20)").fetch_all(connection).await?;
    let damage = rows.into_iter().map(|(line,)| line).filter(|line| line != "ok");
    Ok(damage.map(|line| format!("the file is damaged: {line}; restore the last backup")).collect())
}

/// Each query counts rows that must not exist.
async fn contradictions(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let answered = ClusterState::Answered;
    let checks = [
        (
            "SELECT COUNT(*) FROM questions q WHERE NOT EXISTS (SELECT 1 FROM clusters c WHERE c.id = q.cluster)"
                .to_owned(),
            "questions belong to no cluster",
        ),
        (
            "SELECT COUNT(*) FROM clusters c WHERE NOT EXISTS (SELECT 1 FROM questions q WHERE q.cluster = c.id)"
                .to_owned(),
            "clusters have no question",
        ),
        (
            format!(
                "SELECT COUNT(*) FROM clusters c WHERE c.state = '{answered}' AND NOT EXISTS \
                 (SELECT 1 FROM teachings t WHERE t.id = c.teaching AND t.undone_at IS NULL)"
            ),
            "clusters count as answered by a teaching that does not hold",
        ),
        (
            "SELECT COUNT(*) FROM clusters WHERE state NOT IN ('open', 'answered', 'ignored')".to_owned(),
            "clusters are in no known state",
        ),
        (
            "SELECT COUNT(*) FROM teachings WHERE revision > (SELECT value FROM counters WHERE name = 'revision')"
                .to_owned(),
            "teachings are newer than the revision, replicas miss them",
        ),
        (
            "SELECT COUNT(*) FROM settings WHERE revision > (SELECT value FROM counters WHERE name = 'revision')"
                .to_owned(),
            "settings are newer than the revision, replicas miss them",
        ),
        (
            "SELECT COUNT(*) FROM clusters WHERE id > (SELECT value FROM counters WHERE name = 'cluster')"
                .to_owned(),
            "clusters are newer than their counter, new ones will collide",
        ),
        (
            "SELECT 3 - COUNT(*) FROM counters WHERE name IN ('revision', 'cluster', 'generation')".to_owned(),
            "counters are missing",
        ),
    ];
    let mut findings = Vec::new();
    for (sql, what) in checks {
        let (count,): (i64,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
        if count > 0 {
            findings.push(format!("{count} {what}"));
        }
    }
    Ok(findings)
}

async fn secret(connection: &mut AnyConnection) -> Result<Option<String>, Error> {
    let kept: Option<(String,)> =
        sqlx::query_as("SELECT value FROM secrets WHERE name = 'hash'").fetch_optional(connection).await?;
    let is_sound = kept.is_some_and(|(kept,)| Secret::parse(&kept).is_some());
    Ok((!is_sound).then(|| "the key of the hashes is missing or damaged".to_owned()))
}
