//! The store: SQLite or PostgreSQL, by the scheme of `DATABASE_URL`.
//!
//! The time is always an argument, in Unix seconds; ids of people come in as keyed hashes ([`Secret`]), questions
//! as [`Masked`](crate::text::mask::Masked) text. Everything may take its time: a reply waits for it through
//! [`within`] only.
//!
//! ```
//! # async fn example() -> Result<(), uttor::store::Error> {
//! use uttor::store::{Cooldown, GroupId, Store};
//! let store = Store::open("sqlite::memory:").await?;
//! let entry = "mobile".parse().map_err(|_| uttor::store::Error::Broken(String::new()))?;
//! let cooldown = Cooldown::Entry { group: &GroupId::new("telegram", "-100"), entry: &entry };
//! assert!(store.try_take(&cooldown, 600, 1_700_000_000).await?.is_some());
//! assert!(store.try_take(&cooldown, 600, 1_700_000_599).await?.is_none());
//! assert!(store.try_take(&cooldown, 600, 1_700_000_600).await?.is_some());
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

mod amendments;
mod backend;
mod backup;
mod changes;
mod claims;
mod clusters;
mod console;
mod cooldowns;
mod deletions;
mod doctor;
mod error;
mod feedback;
mod groups;
mod leader;
mod lessons;
mod listing;
mod log;
mod notes;
mod retry;
mod pauses;
mod pending;
mod questions;
mod restore;
mod retention;
mod schema;
mod secret;
mod settings;
mod tallies;
mod teachings;

use std::fmt;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use sqlx::{Any, Transaction};
use tokio::sync::watch;
use tokio::task::AbortHandle;

pub use crate::message::GroupId;
pub use backup::Summary;
pub use changes::Mark;
pub use claims::REPLY_STORE_TIMEOUT;
pub use clusters::{Cluster, ClusterId, ClusterState, Clusters};
pub use console::{LINK_TTL, Role, SESSION_IDLE, SESSION_TTL, Session};
pub use cooldowns::{Cooldown, Turn};
pub use deletions::Deletion;
pub use doctor::Examination;
pub use error::Error;
pub use feedback::{Feedback, Judged, Verdicts};
pub use leader::HeldLock;
pub use lessons::Lesson;
pub use listing::{Filter, Listed, Order, RECENT_DAYS};
pub use log::Logged;
pub use pending::{Owner, Step, Waiting};
pub use questions::{Question, StoredQuestion};
pub use retention::Expired;
pub use retry::within;
pub use schema::VERSION;
pub use secret::{ConversationHash, MessageHash, PersonHash, Secret};
pub use settings::{Setting, SettingChange};
pub use tallies::{Day, Tally};
pub use teachings::{Teaching, TeachingId, Undo, Undone};

use backend::{Address, Backend, Pools};
use retry::Outage;

/// The store. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    address: Address,
    pools: Pools,
    /// Replaced when a restore has brought another key.
    secret: Arc<ArcSwap<Secret>>,
    marks: Arc<watch::Sender<Mark>>,
    reads: Outage,
    writes: Outage,
    watchers: OnceLock<Vec<AbortHandle>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        for watcher in self.watchers.get().into_iter().flatten() {
            watcher.abort();
        }
    }
}

/// The folder of the SQLite file that `url` names; none of PostgreSQL, in memory, and where it is not valid.
pub fn folder(url: &str) -> Option<std::path::PathBuf> {
    Address::parse(url).ok()?.folder()
}

/// Whether there is a store at `url`: an SQLite file, or a server, which may be away.
pub fn is_there(url: &str) -> bool {
    Address::parse(url).is_ok_and(|address| !address.is_memory() && address.is_there())
}

impl Store {
    /// Opens the store at `url` (`sqlite://PATH`, `postgres://…`); creates and migrates its tables.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] when the address is invalid or the store newer than this program, or the store is busy, away or
    /// full.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let address = Address::parse(url)?;
        Self::open_at(&address).await.map_err(|error| error.at(&address))
    }

    /// Whether the SQLite file at `url` exists. Always true of a server, which is not asked.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] when the address is invalid.
    pub fn is_there(url: &str) -> Result<bool, Error> {
        Ok(Address::parse(url)?.is_there())
    }

    async fn open_at(address: &Address) -> Result<Self, Error> {
        let mut connection = address.connect().await?;
        schema::migrate(&mut connection, address.backend).await?;
        let pools = Pools::new(address)?;
        if address.is_memory() {
            // Each connection has a database of its own: the one above was another.
            schema::migrate(&mut *pools.read.acquire().await?, address.backend).await?;
        }
        let mut transaction = pools.begin_durable().await?;
        let secret = Secret::read(&mut transaction).await?;
        let mark = changes::read_mark(&mut transaction).await?;
        transaction.commit().await?;
        let inner = Arc::new(Inner {
            address: address.clone(),
            pools,
            secret: Arc::new(ArcSwap::from_pointee(secret)),
            marks: Arc::new(watch::Sender::new(mark)),
            reads: Outage::default(),
            writes: Outage::default(),
            watchers: OnceLock::new(),
        });
        let store = Self { inner };
        store.watch();
        Ok(store)
    }

    /// Whether other processes may use it at the same time.
    pub fn is_shared(&self) -> bool {
        self.inner.pools.backend == Backend::Postgres
    }

    /// The key of the hashes that stand for people, conversations and messages.
    pub fn secret(&self) -> Arc<Secret> {
        self.inner.secret.load_full()
    }

    /// Waits for statements under way, then closes the connections.
    pub async fn close(&self) {
        for watcher in self.inner.watchers.get().into_iter().flatten() {
            watcher.abort();
        }
        self.inner.pools.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>, Error> {
        Ok(self.inner.pools.begin().await?)
    }

    async fn begin_durable(&self) -> Result<Transaction<'static, Any>, Error> {
        Ok(self.inner.pools.begin_durable().await?)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.inner.address)
    }
}

/// For whom a teaching or setting holds: for all, or for one group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All.
    Base,
    /// One group's overlay.
    Group(GroupId),
}

impl Scope {
    fn as_str(&self) -> &str {
        match self {
            Self::Base => "",
            Self::Group(group) => group.as_str(),
        }
    }

    fn stored(text: String) -> Self {
        if text.is_empty() { Self::Base } else { Self::Group(GroupId::stored(text)) }
    }
}

/// Who taught or set something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Author(String);

impl Author {
    /// A person in a channel.
    pub fn person(person: &PersonHash) -> Self {
        Self(format!("person:{}", person.as_str()))
    }

    /// Somebody at the command line.
    pub fn terminal() -> Self {
        Self("terminal".to_owned())
    }

    /// A visitor of the console, by the name of the session.
    pub fn console(session: &str) -> Self {
        Self(format!("console:{session}"))
    }

    /// Reads what [`Author::as_str`] wrote.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it is stored: `person:` and the hash, `console:` and a session's name, or `terminal`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
