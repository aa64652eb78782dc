//! Replicas that share a PostgreSQL: one of them leads, and each knows how many there are.
//!
//! Both stand on advisory locks, which end with the connection that holds them, and so with the process. On SQLite
//! there is one process, and it leads.

use sqlx::{AnyConnection, Connection as _};

use super::Store;
use super::backend::Backend;
use super::error::Error;
use super::retry::bounded;

/// The first numbers of the locks' keys; `ut` in ASCII before them, so that nobody else's are met.
const LEADER: i32 = 0x7574_0001;
const SEAT: i32 = 0x7574_0002;

/// Most replicas that are counted.
const SEATS: i32 = 64;

/// A server that vanished without a word is noticed after so many seconds, and its locks with it.
const KEEPALIVE: &str =
    "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2";

/// A lock that this process holds, as long as its connection lives.
pub struct Held(Option<AnyConnection>);

impl Held {
    /// Whether it is still held.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.0 {
            None => true,
            Some(connection) => bounded(async { Ok(connection.ping().await?) }).await.is_ok(),
        }
    }

    /// Lets go of it at once.
    pub async fn release(self) {
        if let Some(connection) = self.0 {
            // Where the server does not hear it, it has let go already.
            drop(connection.close().await);
        }
    }
}

impl Store {
    /// Leads in what `name` numbers, unless another replica does.
    ///
    /// # Errors
    ///
    /// As [`Error`] says; then nobody knows who leads, and this replica does not.
    pub async fn lead(&self, name: i32) -> Result<Option<Held>, Error> {
        if self.inner.pools.backend == Backend::Sqlite {
            return Ok(Some(Held(None)));
        }
        let mut connection = self.lock_connection().await?;
        let taken = try_lock(&mut connection, LEADER, name).await?;
        Ok(taken.then_some(Held(Some(connection))))
    }

    /// Takes a seat among the replicas, to be counted by all of them.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn take_seat(&self) -> Result<Held, Error> {
        if self.inner.pools.backend == Backend::Sqlite {
            return Ok(Held(None));
        }
        let mut connection = self.lock_connection().await?;
        for seat in 0..SEATS {
            if try_lock(&mut connection, SEAT, seat).await? {
                break;
            }
        }
        Ok(Held(Some(connection)))
    }

    /// How many replicas have taken a seat; at least one.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
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

    /// A connection of its own: a pool's would give the lock away with it.
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
