//! Replaces the store's content by a backup: all of it or nothing.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{Any, AssertSqlSafe, Transaction};

use super::backend::Backend;
use super::backup::{FORMAT, Footer, Header, Line, NAME, Summary, at, progress};
use super::changes::read_mark;
use super::error::Error;
use super::schema::{self, DROPPED, TABLES, Table};
use super::secret::Secret;
use super::{Mark, Store};

/// Tables whose rows stay beside those of the backup: a message that was answered since must not be answered again, and
/// scheduled removals must not be lost.
const MERGED_TABLES: [&str; 2] = ["processed", "deletions"];

impl Store {
    /// Replaces everything by the backup in `file`. Running replicas notice it and read everything again.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] when the file is no backup, incomplete, or newer than this program, and when the store has newer
    /// data and `force` is not set; or the store is busy, away or full. Then nothing was changed.
    pub async fn restore(&self, file: &Path, force: bool) -> Result<Summary, Error> {
        let (header, rows) = check(file)?;
        let mut transaction = self.begin_durable().await?;
        if self.inner.pools.backend == Backend::Postgres {
            lock(&mut transaction).await?;
        }
        let mark = read_mark(&mut transaction).await?;
        if !force {
            refuse_older(&header, progress(&mut transaction).await?)?;
        }
        for table in TABLES.iter().rev().filter(|table| !MERGED_TABLES.contains(&table.name)) {
            let sql = format!("DELETE FROM {}", table.name);
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await?;
        }
        for line in lines(file)? {
            if let Some(line) = parse_row(&line?).filter(|line| !is_dropped(line)) {
                insert(&mut transaction, &line).await?;
            }
        }
        let mark = Mark { generation: mark.generation + 1, revision: mark.revision.max(header.revision) + 1 };
        for (name, value) in [("generation", mark.generation), ("revision", mark.revision)] {
            sqlx::query(
                "INSERT INTO counters (name, value) VALUES ($1, $2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .bind(name)
            .bind(value)
            .execute(&mut *transaction)
            .await?;
        }
        // A backup without a key gets a new one.
        let secret = Secret::read(&mut transaction).await?;
        // Notifies the other replicas.
        let mark = self.next_mark(&mut transaction).await?;
        transaction.commit().await?;
        self.inner.secret.store(Arc::new(secret));
        self.announce(mark);
        Ok(Summary { rows, made_at: header.made_at })
    }
}

/// Other writers wait until the restore is done.
async fn lock(transaction: &mut Transaction<'static, Any>) -> Result<(), Error> {
    let tables: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    let sql = format!("SET LOCAL statement_timeout TO 0; LOCK TABLE {} IN EXCLUSIVE MODE", tables.join(", "));
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **transaction).await?;
    Ok(())
}

fn refuse_older(header: &Header, (latest, revision): (i64, i64)) -> Result<(), Error> {
    if revision > header.revision || latest > header.latest {
        return Err(Error::Broken(format!(
            "it has newer data than the backup (revision {revision} and {}, last change at {latest} and {}, Unix \
             seconds); back it up first, then restore with --force",
            header.revision, header.latest
        )));
    }
    Ok(())
}

/// Reads the whole file once before anything is changed; returns its header and number of rows.
fn check(file: &Path) -> Result<(Header, u64), Error> {
    let wrong = |why: &str| Error::Broken(format!("{}: {why}", file.display()));
    let mut lines = lines(file)?;
    let first = lines.next().ok_or_else(|| wrong("it is empty"))??;
    let header = serde_json::from_str::<Header>(&first)
        .ok()
        .filter(|header| header.backup == NAME)
        .ok_or_else(|| wrong("it is no backup of uttor"))?;
    if header.format > FORMAT || header.schema > schema::VERSION {
        return Err(wrong(&format!(
            "it was made by a newer uttor (format {}, schema {}; this one reads {FORMAT} and {})",
            header.format,
            header.schema,
            schema::VERSION
        )));
    }
    let mut digest = Sha256::new();
    let mut rows = 0;
    let mut last = first;
    for line in lines {
        digest.update(last.as_bytes());
        digest.update(b"\n");
        let line = line?;
        last = line;
        if let Some(row) = parse_row(&last) {
            rows += 1;
            if is_dropped(&row) {
                continue;
            }
            known(&row).map_err(|column| wrong(&format!("row {rows} has an unknown {column}")))?;
        }
    }
    let is_whole = serde_json::from_str::<Footer>(&last)
        .is_ok_and(|footer| footer.rows == rows && footer.digest == hex::encode(digest.finalize()));
    if !is_whole {
        return Err(wrong("it is cut off or was changed"));
    }
    Ok((header, rows))
}

fn lines(file: &Path) -> Result<impl Iterator<Item = Result<String, Error>>, Error> {
    let path = file.to_owned();
    let reader = BufReader::new(File::open(file).map_err(|error| at(file, &error))?);
    Ok(reader.lines().map(move |line| line.map_err(|error| at(&path, &error))))
}

/// None for the first and the last line.
fn parse_row(line: &str) -> Option<Line> {
    serde_json::from_str(line).ok()
}

fn is_dropped(line: &Line) -> bool {
    DROPPED.contains(&line.table.as_str())
}

/// The table of a row, if it has every column of it; otherwise the unknown name. Only names that pass here reach the SQL.
fn known(line: &Line) -> Result<&'static Table, String> {
    let table = TABLES
        .iter()
        .find(|table| table.name == line.table)
        .ok_or_else(|| format!("table {}", line.table))?;
    match line.row.keys().find(|name| !table.columns().any(|column| column == name.as_str())) {
        Some(name) => Err(format!("column {name}")),
        None => Ok(table),
    }
}

/// Columns that an older backup lacks get the table's default.
async fn insert(transaction: &mut Transaction<'static, Any>, line: &Line) -> Result<(), Error> {
    let table = known(line).map_err(Error::Broken)?;
    let columns: Vec<&str> = table.columns().filter(|column| line.row.contains_key(*column)).collect();
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({}) {}",
        table.name,
        columns.join(", "),
        places.join(", "),
        if MERGED_TABLES.contains(&table.name) { "ON CONFLICT DO NOTHING" } else { "" }
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for column in columns {
        let value = line.row.get(column).unwrap_or(&Value::Null);
        query = if table.texts.contains(&column) {
            query.bind(value.as_str().map(str::to_owned))
        } else {
            query.bind(value.as_i64())
        };
    }
    query.execute(&mut **transaction).await?;
    Ok(())
}
