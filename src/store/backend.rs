//! The database at an address, and its connection pools.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection as _, Transaction};
use url::Url;

use super::error::Error;

/// How long SQLite waits for another process's lock before it reports "busy".
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// The delay before retrying to take a lock that SQLite itself does not wait for.
const LOCK_RETRY_DELAY: Duration = Duration::from_millis(20);

/// For a connection, new or from a pool.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections to PostgreSQL: enough for a burst of messages, few enough for many replicas.
const MAX_CONNECTIONS: u32 = 8;

/// Connections of SQLite that only read; they do not wait for the writer.
const MAX_READERS: u32 = 2;

/// The one option of an SQLite address that is uttor's own: the most pages that the file may have.
const PAGES: &str = "max_page_count=";

/// Percent-encoded in a URL's path.
const IN_A_PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'?').add(b'<').add(b'>');

/// The supported databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

/// A valid `DATABASE_URL`. Shown without user and password.
#[derive(Clone)]
pub(super) struct Address {
    pub backend: Backend,
    url: Url,
    /// SQLite's file; none in memory.
    file: Option<PathBuf>,
    /// How many pages of 4 KiB SQLite's file may have, where that is limited.
    pages: Option<u32>,
}

impl Address {
    /// Reads `DATABASE_URL`.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |why: &str| Error::Broken(format!("DATABASE_URL: {why}"));
        match url.split_once(':') {
            Some(("sqlite", path)) => {
                let (path, query) = path.split_once('?').unwrap_or((path, ""));
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() {
                    return Err(wrong("a file is missing, such as sqlite://data/uttor.db"));
                }
                Self::sqlite(path, query).ok_or_else(|| wrong("not a path"))
            }
            Some(("postgres" | "postgresql", _)) => {
                let url = Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
                Ok(Self { backend: Backend::Postgres, url, file: None, pages: None })
            }
            _ => Err(wrong("begins neither with sqlite:// nor with postgres://")),
        }
    }

    /// The path is made absolute first: as the host of a URL it would lose its dots and spaces.
    fn sqlite(path: &str, query: &str) -> Option<Self> {
        if path == ":memory:" {
            let url = Url::parse("sqlite::memory:").ok()?;
            return Some(Self { backend: Backend::Sqlite, url, file: None, pages: None });
        }
        let file = std::path::absolute(percent_decode_str(path).decode_utf8().ok()?.as_ref()).ok()?;
        let (own, others): (Vec<&str>, Vec<&str>) =
            query.split('&').filter(|part| !part.is_empty()).partition(|part| part.starts_with(PAGES));
        let pages = match own.first() {
            Some(pages) => Some(pages.strip_prefix(PAGES)?.parse().ok()?),
            None => None,
        };
        let query = if others.is_empty() { "mode=rwc".to_owned() } else { others.join("&") };
        let url = format!("sqlite://{}?{query}", utf8_percent_encode(file.to_str()?, IN_A_PATH));
        Some(Self { backend: Backend::Sqlite, url: Url::parse(&url).ok()?, file: Some(file), pages })
    }

    /// The folder of SQLite's file; none of a server and in memory.
    pub fn folder(&self) -> Option<PathBuf> {
        self.file.as_ref()?.parent().map(Path::to_owned)
    }

    /// The URL with its password, for the listener's own connection.
    pub fn secret_url(&self) -> &str {
        self.url.as_str()
    }

    /// Whether the data lives in memory, for as long as its connection.
    pub fn is_memory(&self) -> bool {
        self.backend == Backend::Sqlite && self.file.is_none()
    }

    /// Whether the SQLite file exists; true of a server.
    pub fn is_there(&self) -> bool {
        self.file.as_ref().is_none_or(|file| file.exists())
    }

    fn options(&self) -> Result<AnyConnectOptions, Error> {
        // Slowness is logged once for the store, not for each statement.
        Ok(AnyConnectOptions::from_url(&self.url)?.disable_statement_logging())
    }

    /// One connection outside the pools, with a clear error instead of the pools' timeout.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken; [`Error::Away`] also when the folder cannot be created.
    pub async fn connect(&self) -> Result<AnyConnection, Error> {
        sqlx::any::install_default_drivers();
        if let Some(file) = &self.file {
            make_file(file).map_err(|error| Error::Away(error.to_string()))?;
        }
        let options = self.options()?;
        let connection = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
        let mut connection = connection.map_err(|_| Error::Away("it does not answer".to_owned()))??;
        set_up(&mut connection, self, Durability::Lazy).await?;
        Ok(connection)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.backend) {
            (Some(file), _) => write!(f, "{}", file.display()),
            (None, Backend::Sqlite) => f.write_str("SQLite in memory"),
            (None, Backend::Postgres) => {
                let host = self.url.host_str().unwrap_or("localhost");
                write!(f, "PostgreSQL at {host}:{}{}", self.url.port().unwrap_or(5432), self.url.path())
            }
        }
    }
}

impl Error {
    /// Adds the store's address.
    pub(super) fn at(self, address: &Address) -> Self {
        let detail = |detail: String| format!("{address}: {detail}");
        match self {
            Self::Busy(text) => Self::Busy(detail(text)),
            Self::Away(text) => Self::Away(detail(text)),
            Self::Full(text) => Self::Full(detail(text)),
            Self::Broken(text) => Self::Broken(detail(text)),
        }
    }
}

/// Creates the folder, and the file readable by its owner only: it holds the key of the hashes.
fn make_file(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// When SQLite flushes to the disk.
#[derive(Clone, Copy)]
enum Durability {
    /// Now and then: a power cut may lose the last seconds, never the file.
    Lazy,
    /// At every commit: what was committed survives a power cut.
    Eager,
}

/// Prepares a new connection.
async fn set_up(
    connection: &mut AnyConnection,
    address: &Address,
    durability: Durability,
) -> Result<(), sqlx::Error> {
    let sql = match (address.backend, durability) {
        // A schema of its own, so that a shared database's tables are left alone. The timeouts end statements that
        // hang, and the locks of a process that vanished in the middle of a transaction.
        (Backend::Postgres, _) => {
            "SET search_path TO uttor; SET lock_timeout TO '2s'; SET statement_timeout TO '10s'; \
             SET idle_in_transaction_session_timeout TO '60s'"
        }
        // A checkpoint waits for the disk: `changes` makes one regularly, a writer only when the log gets long.
        (Backend::Sqlite, Durability::Lazy) => {
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -512; \
             PRAGMA synchronous = NORMAL"
        }
        (Backend::Sqlite, Durability::Eager) => {
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -512; \
             PRAGMA synchronous = FULL"
        }
    };
    if address.backend == Backend::Sqlite {
        let wait = format!("PRAGMA busy_timeout = {}", LOCK_TIMEOUT.as_millis());
        sqlx::raw_sql(sqlx::AssertSqlSafe(wait)).execute(&mut *connection).await?;
    }
    // Switching a new file to write-ahead logging takes a lock for which SQLite does not wait: of several programs that
    // start at once, one gets it.
    let mut waited = Duration::ZERO;
    while let Err(error) = sqlx::raw_sql(sql).execute(&mut *connection).await {
        if waited >= LOCK_TIMEOUT || !matches!(Error::from(&error), Error::Busy(_)) {
            return Err(error);
        }
        tokio::time::sleep(LOCK_RETRY_DELAY).await;
        waited += LOCK_RETRY_DELAY;
    }
    if let Some(pages) = address.pages {
        let limit = format!("PRAGMA max_page_count = {pages}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(limit)).execute(connection).await?;
    }
    Ok(())
}

/// The connection pools. SQLite has one writer at a time, so writers queue here, in order, instead of polling its lock.
pub(super) struct Pools {
    pub backend: Backend,
    /// For what only reads.
    pub read: AnyPool,
    write: AnyPool,
    durable: AnyPool,
}

impl Pools {
    /// Connects lazily.
    pub fn new(address: &Address) -> Result<Self, Error> {
        let pool = |connections, durability| -> Result<AnyPool, Error> {
            let address = address.clone();
            let options = address.options()?;
            let in_memory = address.is_memory();
            Ok(AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(CONNECT_TIMEOUT)
                .acquire_slow_threshold(CONNECT_TIMEOUT * 2)
                .idle_timeout((address.backend == Backend::Postgres).then_some(Duration::from_mins(10)))
                .max_lifetime((address.backend == Backend::Postgres).then_some(Duration::from_mins(30)))
                .after_connect(move |connection, _| {
                    let address = address.clone();
                    Box::pin(async move { set_up(connection, &address, durability).await })
                })
                // A full disk ends a transaction of SQLite without the driver noticing; no other can begin on that
                // connection.
                .before_acquire(move |connection, _| {
                    let is_stuck = !in_memory && connection.is_in_transaction();
                    Box::pin(async move { Ok(!is_stuck) })
                })
                .connect_lazy_with(options))
        };
        let (read, write, durable) = match (address.backend, &address.file) {
            (Backend::Postgres, _) => {
                let all = pool(MAX_CONNECTIONS, Durability::Lazy)?;
                (all.clone(), all.clone(), all)
            }
            (Backend::Sqlite, Some(_)) => (
                pool(MAX_READERS, Durability::Lazy)?,
                pool(1, Durability::Lazy)?,
                pool(1, Durability::Eager)?,
            ),
            // Each connection would have a database of its own.
            (Backend::Sqlite, None) => {
                let only = pool(1, Durability::Lazy)?;
                (only.clone(), only.clone(), only)
            }
        };
        Ok(Self { backend: address.backend, read, write, durable })
    }

    /// A transaction that writes; it takes its lock at once, so that it never fails later for want of it.
    pub async fn begin(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        self.write.begin_with(self.statement()).await
    }

    /// The same; once committed it survives a power cut.
    pub async fn begin_durable(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        self.durable.begin_with(self.statement()).await
    }

    fn statement(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN",
        }
    }

    /// Waits until all connections are returned, then closes them.
    pub async fn close(&self) {
        self.durable.close().await;
        self.write.close().await;
        self.read.close().await;
    }
}
