//! The store is busy, away, full: it says which, tries again, and says so once.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::{AnyConnection, Connection};
use tracing_subscriber::fmt::MakeWriter;
use uttor::store::{Author, Error, REPLY_STORE_TIMEOUT, Scope, Store, within};

use super::{NOW, phrasing};
use crate::support::database::Database;
use crate::support::proxy::behind_proxy;

/// Log lines, kept.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Those of the store itself.
    fn of_store(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().filter(|line| line.contains("uttor::store")).map(str::to_owned).collect()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The log of this thread, and with it of a runtime that has only this one.
fn log() -> (Lines, tracing::subscriber::DefaultGuard) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).finish();
    (lines, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn an_outage_is_one_line_and_passes() {
    let Some((_database, proxy, url)) = behind_proxy(true).await else { return };
    let (lines, _guard) = log();
    let store = Store::open(&url).await.unwrap();
    let teach = |n: i64| {
        let store = store.clone();
        async move {
            let lesson = phrasing("mobile", &format!("mobile {n}"));
            store.teach(&Scope::Base, &lesson, &[], &Author::terminal(), NOW + n).await
        }
    };
    let first = teach(1).await.unwrap();
    proxy.cut();
    for n in 2..6 {
        let error = teach(n).await.unwrap_err();
        assert!(matches!(error, Error::Away(_)), "{error}");
    }
    assert!(!store.is_well());
    assert_eq!(lines.of_store().len(), 1, "{:?}", lines.of_store());
    assert!(lines.of_store()[0].contains("WARN"));

    proxy.mend();
    let last = teach(7).await.unwrap();
    assert!(store.is_well());
    assert_eq!(lines.of_store().len(), 2, "{:?}", lines.of_store());
    let ids: Vec<_> = store.teachings_of(&Scope::Base).await.unwrap().iter().map(|one| one.id).collect();
    assert_eq!(ids, [first, last]);
}

#[tokio::test]
async fn news_come_after_an_outage() {
    let Some((database, proxy, url)) = behind_proxy(true).await else { return };
    let store = Store::open(&url).await.unwrap();
    let mut news = store.subscribe();
    proxy.cut();
    let elsewhere = database.open().await;
    let base = Scope::Base;
    let id = elsewhere.teach(&base, &phrasing("mobile", "x"), &[], &Author::terminal(), NOW).await.unwrap();
    proxy.mend();
    tokio::time::timeout(Duration::from_secs(20), news.changed()).await.unwrap().unwrap();
    assert_eq!(store.teachings_since(0).await.unwrap()[0].id, id);
}

#[tokio::test]
async fn a_server_that_is_away_at_the_start_is_waited_for() {
    let Some((_database, proxy, url)) = behind_proxy(false).await else { return };
    let (lines, _guard) = log();
    let mut opening = tokio::spawn(async move { Store::connect_with_retries(&url).await });
    let early = tokio::time::timeout(Duration::from_millis(1_500), &mut opening).await;
    assert!(early.is_err());
    let waiting = lines.of_store();
    assert!((1..=3).contains(&waiting.len()), "{waiting:?}");
    assert!(waiting[0].contains("waiting for the store") && !waiting[0].contains("uttor@"), "{waiting:?}");
    proxy.mend();
    let store = tokio::time::timeout(Duration::from_secs(20), opening).await.unwrap().unwrap().unwrap();
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn another_process_holds_the_file() {
    let database = Database::sqlite();
    let store = database.open().await;
    let mut holder = database.connect().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let base = Scope::Base;
    let teaching = {
        let (store, base) = (store.clone(), base.clone());
        tokio::spawn(async move {
            store.teach(&base, &phrasing("mobile", "x"), &[], &Author::terminal(), NOW).await
        })
    };
    // Whoever reads does not wait.
    assert!(store.teachings_of(&base).await.unwrap().is_empty());
    // Nor does a reply, and what it left undone is done when the lock is gone.
    let late = {
        let store = store.clone();
        within(REPLY_STORE_TIMEOUT, async move {
            store.set(&Scope::Base, "a", Some("1"), &Author::terminal(), NOW).await
        })
    };
    assert!(late.await.is_none());
    sqlx::raw_sql("COMMIT").execute(&mut holder).await.unwrap();
    teaching.await.unwrap().unwrap();
    assert_eq!(store.teachings_of(&base).await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_process_teaches_into_the_file() {
    let database = Database::sqlite();
    let store = database.open().await;
    let mut news = store.subscribe();
    // As a second process would: nothing is shared but the file.
    let beside = database.open().await;
    beside.teach(&Scope::Base, &phrasing("mobile", "x"), &[], &Author::terminal(), NOW).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), news.changed()).await.unwrap().unwrap();
    assert_eq!(store.teachings_since(0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn memory_is_a_store_too() {
    let database = Database::sqlite();
    let (store, other) =
        (Store::open("sqlite::memory:").await.unwrap(), Store::open("sqlite::memory:").await.unwrap());
    store.teach(&Scope::Base, &phrasing("mobile", "x"), &[], &Author::terminal(), NOW).await.unwrap();
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
    store.backup(&database.file("backup"), NOW).await.unwrap();
    assert!(other.teachings_since(0).await.unwrap().is_empty());
    other.restore(&database.file("backup"), false).await.unwrap();
    assert_eq!(other.teachings_since(0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn faults_are_told_apart() {
    let database = Database::sqlite();
    database.open().await.close().await;
    let mut connection = database.connect().await;
    sqlx::raw_sql("PRAGMA max_page_count = 1").execute(&mut connection).await.unwrap();
    let full = loop {
        let insert = "INSERT INTO secrets (name, value) VALUES (hex(randomblob(8)), hex(zeroblob(4000)))";
        if let Err(error) = sqlx::raw_sql(insert).execute(&mut connection).await {
            break Error::from(error);
        }
    };
    assert!(matches!(full, Error::Full(_)), "{full}");

    let mut other = database.connect().await;
    sqlx::raw_sql("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    let busy = sqlx::raw_sql("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE").execute(&mut other).await;
    let busy = Error::from(busy.unwrap_err());
    assert!(matches!(busy, Error::Busy(_)), "{busy}");

    let missing = sqlx::raw_sql("SELECT * FROM nothing").execute(&mut other).await;
    assert!(matches!(Error::from(missing.unwrap_err()), Error::Broken(_)));

    // A file that is no database, and one whose folder cannot be made.
    let text = database.file("text.db");
    std::fs::write(&text, "not a database, but long enough to be looked at as if it were one".repeat(40))
        .unwrap();
    let broken = Store::open(&format!("sqlite://{}", text.display())).await.unwrap_err();
    assert!(matches!(&broken, Error::Broken(why) if why.contains("text.db")), "{broken}");
    let below = Store::open(&format!("sqlite://{}/below/uttor.db", text.display())).await.unwrap_err();
    assert!(matches!(&below, Error::Away(why) if why.contains("below")), "{below}");
    let waited = Store::connect_with_retries(&format!("sqlite://{}/below/uttor.db", text.display())).await;
    assert_eq!(waited.unwrap_err(), below);

    for (url, why) in [
        ("", "begins neither"),
        ("mysql://localhost/uttor", "begins neither"),
        ("sqlite://", "a file is missing"),
        ("postgres://[", "DATABASE_URL"),
    ] {
        let error = Store::open(url).await.unwrap_err();
        assert!(matches!(&error, Error::Broken(text) if text.contains(why)), "{url}: {error}");
    }

    let Some(server) = Database::postgres().await else { return };
    let nowhere = format!("{}_not_there", server.url);
    let missing = Store::open(&nowhere).await.unwrap_err();
    assert!(matches!(&missing, Error::Broken(why) if why.contains("PostgreSQL at ")), "{missing}");
    // A lock that is held too long is busy, not broken.
    let _store = server.open().await;
    let mut one = server.connect().await;
    let mut two: AnyConnection = server.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE counters").execute(&mut one).await.unwrap();
    let waits =
        sqlx::raw_sql("SET lock_timeout TO '10ms'; BEGIN; LOCK TABLE counters").execute(&mut two).await;
    let waits = Error::from(waits.unwrap_err());
    assert!(matches!(waits, Error::Busy(_)), "{waits}");
    one.close().await.unwrap();
}
