//! How every replica notices new teachings and settings: a mark that only moves forward.
//!
//! A change cannot be missed, only seen late: a subscriber reads everything since the last mark it saw. The mark moves at
//! once for changes of this process, by `LISTEN`/`NOTIFY` for those of other replicas on PostgreSQL, and by polling for
//! those of another process on the same SQLite file and for notifications that were lost with a connection.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use sqlx::postgres::PgListener;
use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::watch;
use tokio::time::sleep;

use super::backend::Backend;
use super::error::Error;
use super::secret::Secret;
use super::{Inner, Store};

/// How often SQLite is polled for changes by another process, such as `uttor teach` beside `uttor serve`.
const SQLITE_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How often PostgreSQL is polled in case a notification was lost.
const POSTGRES_POLL_INTERVAL: Duration = Duration::from_secs(30);

/// Every so many polls SQLite's write-ahead log is checkpointed here, so that no claim waits for that.
const POLLS_PER_CHECKPOINT: u32 = 15;

/// The delay before listening again after the connection was lost.
const LISTEN_RETRY_DELAY: Duration = Duration::from_secs(2);

/// `NOTIFY`'s channel. Its notifications are empty: a listener then reads the mark.
const CHANNEL: &str = "uttor";

/// The version of all teachings and settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Changes when a restore has replaced everything: what was read before is invalid.
    pub generation: i64,
    /// Incremented by every teaching, undo and setting.
    pub revision: i64,
}

impl Store {
    /// The mark; wakes at every change, in whichever replica it was made.
    pub fn subscribe(&self) -> watch::Receiver<Mark> {
        self.inner.marks.subscribe()
    }

    /// Starts the tasks that move the mark.
    pub(super) fn watch(&self) {
        let Inner { pools, address, marks, secret, .. } = &*self.inner;
        let watcher = Watcher { read: pools.read.clone(), marks: marks.clone(), secret: secret.clone() };
        let mut watchers = vec![tokio::spawn(poll(watcher.clone(), pools.backend)).abort_handle()];
        if pools.backend == Backend::Postgres {
            let url = address.secret_url().to_owned();
            watchers.push(tokio::spawn(listen(watcher, url)).abort_handle());
        }
        self.inner.watchers.get_or_init(|| watchers);
    }

    /// Moves the mark in this process after a commit of its own.
    pub(super) fn announce(&self, mark: Mark) {
        forward(&self.inner.marks, mark);
    }

    /// The next revision, in `transaction`. Later writers wait until it is committed, so that no reader sees a later
    /// revision before an earlier one.
    pub(super) async fn next_mark(
        &self,
        transaction: &mut Transaction<'static, Any>,
    ) -> Result<Mark, sqlx::Error> {
        sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'revision'")
            .execute(&mut **transaction)
            .await?;
        if self.inner.pools.backend == Backend::Postgres {
            // Delivered when the transaction is committed.
            sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&mut **transaction).await?;
        }
        read_mark(transaction).await
    }
}

/// The mark as the store has it.
pub(super) async fn read_mark(connection: &mut AnyConnection) -> Result<Mark, sqlx::Error> {
    let counters: Vec<(String, i64)> =
        sqlx::query_as("SELECT name, value FROM counters").fetch_all(connection).await?;
    let value = |name| counters.iter().find(|(found, _)| found == name).map_or(0, |(_, value)| *value);
    Ok(Mark { generation: value("generation"), revision: value("revision") })
}

fn forward(marks: &watch::Sender<Mark>, mark: Mark) {
    marks.send_if_modified(|known| {
        let is_news = mark > *known;
        *known = mark.max(*known);
        is_news
    });
}

/// Moves the mark; does not keep the store open.
#[derive(Clone)]
struct Watcher {
    read: AnyPool,
    marks: Arc<watch::Sender<Mark>>,
    secret: Arc<ArcSwap<Secret>>,
}

impl Watcher {
    async fn read(&self) -> Result<(), Error> {
        let mut connection = self.read.acquire().await?;
        let mark = read_mark(&mut connection).await?;
        if mark.generation != self.marks.borrow().generation {
            let (key,): (String,) = sqlx::query_as("SELECT value FROM secrets WHERE name = 'hash'")
                .fetch_one(&mut *connection)
                .await?;
            if let Some(secret) = Secret::parse(&key) {
                self.secret.store(Arc::new(secret));
            }
        }
        forward(&self.marks, mark);
        Ok(())
    }
}

async fn poll(watcher: Watcher, backend: Backend) {
    let interval = if backend == Backend::Sqlite { SQLITE_POLL_INTERVAL } else { POSTGRES_POLL_INTERVAL };
    let mut polls: u32 = 0;
    loop {
        sleep(interval).await;
        if let Err(error) = watcher.read().await {
            tracing::debug!("changes in the store cannot be polled: {error}");
        }
        polls = polls.wrapping_add(1);
        if backend == Backend::Sqlite && polls.is_multiple_of(POLLS_PER_CHECKPOINT) {
            let done = sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)").execute(&watcher.read).await;
            if let Err(error) = done {
                tracing::debug!("SQLite's log was not checkpointed: {error}");
            }
        }
    }
}

async fn listen(watcher: Watcher, url: String) {
    loop {
        // Ends when the connection is lost; until it is back, `poll` finds the changes.
        if let Err(error) = hear(&watcher, &url).await {
            tracing::debug!("no notifications of changes in the store: {error}");
        }
        sleep(LISTEN_RETRY_DELAY).await;
    }
}

async fn hear(watcher: &Watcher, url: &str) -> Result<(), Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    // Changes from before the subscription.
    watcher.read().await?;
    while listener.try_recv().await?.is_some() {
        watcher.read().await?;
    }
    Ok(())
}
