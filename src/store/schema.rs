//! The tables, and the migrations of older stores.

use sqlx::{AnyConnection, Connection};

use super::backend::Backend;
use super::error::Error;

/// Each migrates the store from the version before it: to 1, 2, …
const MIGRATIONS: [&str; 7] = [
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
];

/// The version that this program reads and writes.
pub const VERSION: i64 = 7;

const _: () = assert!(MIGRATIONS.len() == VERSION as usize, "a migration for each version");

/// The oldest supported PostgreSQL, as `server_version_num`.
const MIN_POSTGRES: i64 = 130_000;

/// Any number that other programs on the same server are unlikely to lock.
const LOCK: i64 = 0x7574_746f_7200;

/// A table, for code that handles all tables alike. Referenced tables come before those that refer to them.
pub(super) struct Table {
    pub name: &'static str,
    /// Columns of text, then columns of numbers.
    pub texts: &'static [&'static str],
    pub numbers: &'static [&'static str],
}

impl Table {
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.texts.iter().chain(self.numbers).copied()
    }
}

/// Every table of `schema/` but those of short-lived rows: `pending` and `notes`, which hold messages, and the console's
/// sessions and links, which open doors.
pub(super) const TABLES: [Table; 15] = [
    Table { name: "counters", texts: &["name"], numbers: &["value"] },
    Table { name: "secrets", texts: &["name", "value"], numbers: &[] },
    Table { name: "processed", texts: &["message", "token"], numbers: &["at"] },
    Table { name: "settings", texts: &["scope", "name", "value"], numbers: &["revision"] },
    Table {
        name: "settings_history",
        texts: &["scope", "name", "old_value", "new_value", "author"],
        numbers: &["id", "at"],
    },
    Table { name: "feedback", texts: &["person", "entry", "channel"], numbers: &["helpful", "at"] },
    Table { name: "clusters", texts: &["state"], numbers: &["id", "teaching"] },
    Table {
        name: "questions",
        texts: &["digest", "text", "channel", "scope", "entry"],
        numbers: &["cluster", "asked", "first_at", "last_at"],
    },
    Table {
        name: "teachings",
        texts: &["token", "scope", "kind", "entry", "body", "author", "undone_by"],
        numbers: &["id", "revision", "at", "undone_at", "replaces"],
    },
    Table {
        name: "deletions",
        texts: &["channel", "chat", "message"],
        numbers: &["due_at", "claimed_until"],
    },
    Table { name: "cooldowns", texts: &["name", "person"], numbers: &["slot", "until"] },
    Table { name: "pauses", texts: &["conversation", "person"], numbers: &["until"] },
    Table { name: "tallies", texts: &["channel", "outcome", "entry"], numbers: &["day", "messages"] },
    Table { name: "console_log", texts: &["id", "author", "what", "subject"], numbers: &["at"] },
    Table { name: "cluster_days", texts: &[], numbers: &["cluster", "day", "asked"] },
];

/// Tables of older versions, which their backups have rows of.
pub(super) const DROPPED: [&str; 1] = ["conversations"];

/// Brings the tables to [`VERSION`]; of several programs that start at once, one does it and the others wait.
///
/// # Errors
///
/// [`Error::Broken`] when the store is newer than this program, the server too old, or its encoding not UTF-8.
pub(super) async fn migrate(connection: &mut AnyConnection, backend: Backend) -> Result<(), Error> {
    if backend == Backend::Postgres {
        check_server(connection).await?;
    }
    // Without the lock first: an up-to-date store blocks no other program.
    if version(connection).await.is_ok_and(|version| version == VERSION) {
        return Ok(());
    }
    let begin = match backend {
        Backend::Sqlite => "BEGIN IMMEDIATE",
        Backend::Postgres => "BEGIN",
    };
    let mut transaction = connection.begin_with(begin).await?;
    if backend == Backend::Postgres {
        // Another migration may take long.
        sqlx::raw_sql("SET LOCAL lock_timeout TO 0; SET LOCAL statement_timeout TO 0")
            .execute(&mut *transaction)
            .await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *transaction).await?;
        let (there,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM pg_namespace WHERE nspname = 'uttor'")
            .fetch_one(&mut *transaction)
            .await?;
        if there == 0 {
            sqlx::raw_sql("CREATE SCHEMA uttor").execute(&mut *transaction).await?;
        }
    }
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY)")
        .execute(&mut *transaction)
        .await?;
    let found = version(&mut transaction).await?;
    if found > VERSION {
        return Err(newer(found));
    }
    for (version, sql) in (1..).zip(MIGRATIONS).filter(|(version, _)| *version > found) {
        sqlx::raw_sql(sql).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO migrations (version) VALUES ($1)")
            .bind(version)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// The store's version; 0 when it was never migrated.
pub(super) async fn version(connection: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    let (version,) =
        sqlx::query_as("SELECT COALESCE(MAX(version), 0) FROM migrations").fetch_one(connection).await?;
    Ok(version)
}

/// The error for a store that a newer program has written.
pub(super) fn newer(found: i64) -> Error {
    Error::Broken(format!(
        "its schema is version {found}, this program knows up to {VERSION}; start the newer uttor, or restore a \
         backup into an empty store"
    ))
}

async fn check_server(connection: &mut AnyConnection) -> Result<(), Error> {
    let (version, encoding): (i64, String) = sqlx::query_as(
        "SELECT CAST(current_setting('server_version_num') AS BIGINT), current_setting('server_encoding')",
    )
    .fetch_one(connection)
    .await?;
    if version < MIN_POSTGRES {
        return Err(Error::Broken(format!(
            "PostgreSQL {} is too old, 13 or later is needed",
            version / 10_000
        )));
    }
    if encoding != "UTF8" {
        return Err(Error::Broken(format!(
            "the database's encoding is {encoding}, Bengali needs one created with ENCODING 'UTF8'"
        )));
    }
    Ok(())
}
