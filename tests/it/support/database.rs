//! A fresh database for each test.

use std::path::PathBuf;

use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use tempfile::TempDir;
use uttor::store::{Owner, Store};

/// An empty database that nobody else uses.
pub struct Database {
    /// For `DATABASE_URL`.
    pub url: String,
    folder: TempDir,
}

impl Database {
    /// A file in a folder that is not there yet.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("made here/uttor.db").display());
        Self { url, folder }
    }

    /// A new database on the server of `TEST_DATABASE_URL`; none, and a line about it, where that is not set.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            super::skipped("TEST_DATABASE_URL is not set (see scripts/pg.sh)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let unique =
            folder.path().file_name().unwrap().to_string_lossy().replace(|c: char| !c.is_alphanumeric(), "");
        let name = format!("uttor_{}_{}", std::process::id(), unique.to_lowercase());
        let mut connection = connect(&server).await;
        let create = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        let (before, _) = server.rsplit_once('/').unwrap();
        Some(Self { url: format!("{before}/{name}"), folder })
    }

    /// Opens it.
    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// A connection of its own, to look at and to damage what the store has written.
    pub async fn connect(&self) -> AnyConnection {
        let mut connection = connect(&self.url).await;
        if self.is_postgres() {
            sqlx::raw_sql("SET search_path TO uttor").execute(&mut connection).await.unwrap();
        }
        connection
    }

    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }

    /// A path for a file that goes with the database.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(url).await.unwrap()
}

/// How many items of `channel` are not answered yet.
pub async fn pending(store: &Store, channel: &str) -> usize {
    let nobody = Owner::new().unwrap();
    store.held_by_others(channel, &nobody).await.unwrap().len()
}
