//! Leader election and counting of the replicas that share a PostgreSQL.
//!
//! Both use advisory locks, which end with the connection that holds them, and so with the process. On SQLite there is
//! one process, and it is the leader.

use sqlx::{AnyConnection, Connection as _};

use super::Store;
use super::backend::Backend;
use super::error::Error;
use super::retry::bounded;

/// The first halves of the locks' keys; they begin with `ut` in ASCII, which no other program is likely to use.
const LEADER: i32 = 0x7574_0001;
const SEAT: i32 = 0x7574_0002;

/// Most replicas that are counted.
const MAX_REPLICAS: i32 = 64;

/// The server notices a vanished process, and releases its locks, after so many seconds.
const KEEPALIVE: &str =
    "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2";

/// A lock that this process holds while its connection is open.
pub struct HeldLock(Option<AnyConnection>);

impl HeldLock {
    /// Whether it is still held.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.0 {
            None => true,
            Some(connection) => bounded(async { Ok(connection.ping().await?) }).await.is_ok(),
        }
    }

    /// Releases it at once.
    pub async fn release(self) {
        if let Some(connection) = self.0 {
            // A failure means that the connection is lost already, and the lock with it.
            connection.close().await.ok();
        }
    }
}

impl Store {
    /// Becomes the leader of the task that `name` numbers, unless another replica is.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken; then this replica is not the leader.
    pub async fn try_lead(&self, name: i32) -> Result<Option<HeldLock>, Error> {
        if self.inner.pools.backend == Backend::Sqlite {
            return Ok(Some(HeldLock(None)));
        }
        let mut connection = self.lock_connection().await?;
        let taken = try_lock(&mut connection, LEADER, name).await?;
        Ok(taken.then_some(HeldLock(Some(connection))))
    }

    /// Takes a seat among the replicas, to be counted by all of them.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn take_seat(&self) -> Result<HeldLock, Error> {
        if self.inner.pools.backend == Backend::Sqlite {
            return Ok(HeldLock(None));
        }
        let mut connection = self.lock_connection().await?;
        for seat in 0..MAX_REPLICAS {
            if try_lock(&mut connection, SEAT, seat).await? {
                break;
            }
        }
        Ok(HeldLock(Some(connection)))
    }

    /// How many replicas have taken a seat; at least one.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn replicas(&self) -> Result<u32, Error> {
        if self.inner.pools.backend == Backend::Sqlite {
            return Ok(1);
        }
        let (seats,): (i64,) = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND granted \
                     AND classid::BIGINT = $1 \
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                )
                .bind(i64::from(SEAT))
                .fetch_one(&self.inner.pools.read)
                .await?)
            })
            .await?;
        Ok(u32::try_from(seats).unwrap_or(1).max(1))
    }

    /// A connection of its own: one of a pool would be lent to others together with its lock.
    async fn lock_connection(&self) -> Result<AnyConnection, Error> {
        let mut connection = self.inner.address.connect().await?;
        sqlx::raw_sql(KEEPALIVE).execute(&mut connection).await?;
        Ok(connection)
    }
}

async fn try_lock(connection: &mut AnyConnection, class: i32, object: i32) -> Result<bool, Error> {
    let (taken,): (bool,) = sqlx::query_as("SELECT pg_try_advisory_lock($1, $2)")
        .bind(class)
        .bind(object)
        .fetch_one(connection)
        .await?;
    Ok(taken)
}
