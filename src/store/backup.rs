//! The whole store in one file that either database reads: a line of JSON for each row.
//!
//! ```text
//! {"backup":"uttor","format":1,"schema":1,"made_at":1700000000,"latest":1699999000,"revision":17}
//! {"table":"teachings","row":{"id":17,"kind":"phrasing",…}}
//! …
//! {"rows":412,"digest":"…"}
//! ```

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Store;
use super::backend::Backend;
use super::error::Error;
use super::schema::{self, TABLES, Table};

/// The file's own version; the schema's is beside it.
pub(super) const FORMAT: u32 = 1;

/// What a file calls itself.
pub(super) const NAME: &str = "uttor";

/// The first line.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub backup: String,
    pub format: u32,
    pub schema: i64,
    pub made_at: i64,
    /// When the newest of what people did was done.
    pub latest: i64,
    /// The newest of a teaching or setting.
    pub revision: i64,
}

/// A line of the middle.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    pub table: String,
    pub row: Map<String, Value>,
}

/// The last line: shows that the file is complete.
#[derive(Serialize, Deserialize)]
pub(super) struct Footer {
    pub rows: u64,
    /// SHA-256 of all lines before, hexadecimal.
    pub digest: String,
}

/// What a backup or a restore has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Rows of all tables.
    pub rows: u64,
    /// When the backup was made.
    pub made_at: i64,
}

impl Store {
    /// Writes a consistent snapshot of everything to `file`, while others read and write. The file is complete or absent;
    /// it holds the key of the hashes, so only its owner may read it.
    ///
    /// Writes to the disk as it goes: for the command line, not for a server's thread.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken; [`Error::Full`] when the file's disk is full, [`Error::Broken`] also when the file
    /// cannot be written.
    pub async fn backup(&self, file: &Path, now: i64) -> Result<Summary, Error> {
        let begin = match self.inner.pools.backend {
            Backend::Sqlite => "BEGIN",
            Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        let mut transaction = self.inner.pools.read.begin_with(begin).await?;
        if self.inner.pools.backend == Backend::Postgres {
            sqlx::raw_sql("SET LOCAL statement_timeout TO 0").execute(&mut *transaction).await?;
        }
        let (latest, revision) = progress(&mut transaction).await?;
        let header = Header {
            backup: NAME.to_owned(),
            format: FORMAT,
            schema: schema::version(&mut transaction).await?,
            made_at: now,
            latest,
            revision,
        };
        let mut writer = Writer::create(file).map_err(|error| at(file, &error))?;
        writer.line(&header).map_err(|error| at(file, &error))?;
        for table in &TABLES {
            let sql = select(table);
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *transaction);
            while let Some(row) = rows.try_next().await? {
                let line = Line { table: table.name.to_owned(), row: object(table, &row)? };
                writer.row(&line).map_err(|error| at(file, &error))?;
            }
        }
        let rows = writer.finish(file).map_err(|error| at(file, &error))?;
        Ok(Summary { rows, made_at: now })
    }
}

/// How far a store has come: when the newest of what people did was done, and the newest revision of a teaching or
/// setting; 0 in an empty store. The revision is not the counter's, which a restore moves on.
pub(super) async fn progress(connection: &mut AnyConnection) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT COALESCE(MAX(at), 0), COALESCE(MAX(revision), 0) FROM \
         (SELECT MAX(at) AS at, MAX(revision) AS revision FROM teachings \
         UNION ALL SELECT MAX(undone_at), 0 FROM teachings \
         UNION ALL SELECT 0, MAX(revision) FROM settings \
         UNION ALL SELECT MAX(at), 0 FROM settings_history \
         UNION ALL SELECT MAX(at), 0 FROM feedback \
         UNION ALL SELECT MAX(last_at), 0 FROM questions) AS steps",
    )
    .fetch_one(connection)
    .await
}

/// The error of a file operation.
pub(super) fn at(file: &Path, error: &std::io::Error) -> Error {
    let text = format!("{}: {error}", file.display());
    if error.kind() == std::io::ErrorKind::StorageFull { Error::Full(text) } else { Error::Broken(text) }
}

fn select(table: &Table) -> String {
    let columns: Vec<&str> = table.columns().collect();
    format!("SELECT {} FROM {}", columns.join(", "), table.name)
}

fn object(table: &Table, row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
    let mut object = Map::new();
    for column in table.texts {
        let value: Option<String> = row.try_get(*column)?;
        object.insert((*column).to_owned(), value.map_or(Value::Null, Value::String));
    }
    for column in table.numbers {
        let value: Option<i64> = row.try_get(*column)?;
        object.insert((*column).to_owned(), value.map_or(Value::Null, Value::from));
    }
    Ok(object)
}

/// Writes to a file beside the target and renames it at the end.
struct Writer {
    part: PathBuf,
    out: BufWriter<File>,
    digest: Sha256,
    rows: u64,
}

impl Writer {
    fn create(file: &Path) -> std::io::Result<Self> {
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let out = BufWriter::new(options.open(&part)?);
        Ok(Self { part, out, digest: Sha256::new(), rows: 0 })
    }

    fn line(&mut self, line: &impl Serialize) -> std::io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.digest.update(&text);
        self.out.write_all(&text)
    }

    fn row(&mut self, line: &Line) -> std::io::Result<()> {
        self.rows += 1;
        self.line(line)
    }

    fn finish(mut self, file: &Path) -> std::io::Result<u64> {
        let footer = Footer { rows: self.rows, digest: hex::encode(self.digest.clone().finalize()) };
        self.line(&footer)?;
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        fs::rename(&self.part, file)?;
        Ok(self.rows)
    }
}
