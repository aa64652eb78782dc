//! How every replica learns of a teaching or a setting: a mark that only moves forward.
//!
//! A mark cannot be missed, only seen late: whoever wakes asks for everything since the mark that he knew. It moves
//! at once for changes of this process, by `LISTEN`/`NOTIFY` for those of other replicas on PostgreSQL, and by a
//! look every now and then for those of another process on the same SQLite file and for notifications that were
//! lost with a connection.

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

/// How often another process's changes to the SQLite file are looked for: `uttor teach` beside `uttor serve`.
const SQLITE_LOOK: Duration = Duration::from_secs(1);

/// How often a lost notification is looked for.
const POSTGRES_LOOK: Duration = Duration::from_secs(30);

/// After so many looks SQLite's log is moved into its file, beside those who write: a claim shall not wait for it.
const LOOKS: u32 = 15;

/// The wait before listening again after the connection was lost.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

/// `NOTIFY`'s channel. Its notifications say nothing: whoever hears one looks at the mark.
const CHANNEL: &str = "uttor";

/// How far teachings and settings have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Another one than before: a restore replaced everything, nothing that was read before holds.
    pub generation: i64,
    /// Goes up by one with every teaching, undoing and setting.
    pub revision: i64,
}

impl Store {
    /// How far teachings and settings have come; wakes at every change, in whichever replica it was made.
    pub fn subscribe(&self) -> watch::Receiver<Mark> {
        self.inner.marks.subscribe()
    }

    /// Starts what keeps the mark moving.
    pub(super) fn watch(&self) {
        let Inner { pools, address, marks, secret, .. } = &*self.inner;
        let watcher = Watcher { read: pools.read.clone(), marks: marks.clone(), secret: secret.clone() };
        let mut watchers = vec![tokio::spawn(look(watcher.clone(), pools.backend)).abort_handle()];
        if pools.backend == Backend::Postgres {
            let url = address.secret_url().to_owned();
            watchers.push(tokio::spawn(listen(watcher, url)).abort_handle());
        }
        // Set once, by `open`.
        let _ = self.inner.watchers.set(watchers);
    }

    /// Lets this process know of what it has just committed.
    pub(super) fn announce(&self, mark: Mark) {
        forward(&self.inner.marks, mark);
    }

    /// The next revision, in `transaction`. Those who come after wait until it is committed, so that nobody sees a
    /// later revision before an earlier one.
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

/// Moves the mark; holds nothing that would keep the store open.
#[derive(Clone)]
struct Watcher {
    read: AnyPool,
    marks: Arc<watch::Sender<Mark>>,
    secret: Arc<ArcSwap<Secret>>,
}

impl Watcher {
    async fn look(&self) -> Result<(), Error> {
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

/// Failures are not worth a word: those who read and write speak of them, and the next look comes.
async fn look(watcher: Watcher, backend: Backend) {
    let pause = if backend == Backend::Sqlite { SQLITE_LOOK } else { POSTGRES_LOOK };
    let mut looks: u32 = 0;
    loop {
        sleep(pause).await;
        let _ = watcher.look().await;
        looks = looks.wrapping_add(1);
        if backend == Backend::Sqlite && looks.is_multiple_of(LOOKS) {
            let _ = sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)").execute(&watcher.read).await;
        }
    }
}

async fn listen(watcher: Watcher, url: String) {
    loop {
        // Ends when the connection is lost.
        let _ = hear(&watcher, &url).await;
        sleep(LISTEN_AGAIN).await;
    }
}

async fn hear(watcher: &Watcher, url: &str) -> Result<(), Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    // What was said before anybody listened.
    watcher.look().await?;
    while listener.try_recv().await?.is_some() {
        watcher.look().await?;
    }
    Ok(())
}
