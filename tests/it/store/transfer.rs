//! A backup of either database is a store in the other.

use std::fs;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use uttor::store::{
    Author, Cooldown, Day, Deletion, Error, Feedback, GroupId, Lesson, Question, Scope, Store, Tally,
};
use uttor::text::mask::Masked;

use super::{NOW, entry, on_both, phrasing};
use crate::support::database::Database;

on_both!(
    a_damaged_backup_is_refused
    rows_of_a_table_that_is_no_more_are_left_out
    newer_data_is_kept_unless_forced
    a_newer_store_is_refused
    the_doctor_speaks
);

/// Something in every table.
async fn fill(store: &Store) {
    let paused = store.secret().conversation("messenger", "7");
    store.pause(&paused, &store.secret().person("messenger", "7"), NOW + 600).await.unwrap();
    let secret = store.secret();
    let person = secret.person("web", "1");
    let mobile = entry("mobile");
    let group = GroupId::new("telegram", "-1001");
    let scope = Scope::Group(group.clone());
    let admin = Author::person(&person);
    let text = Masked::new("পেওনিয়ার \"কী\"?");
    let question = Question { text: &text, channel: "web", scope: &scope, entry: None };
    let cluster = store.keep_question(&question, None, NOW).await.unwrap();
    let id = store.teach(&scope, &phrasing("mobile", "phone diye"), &[cluster], &admin, NOW).await.unwrap();
    store.undo(id, &admin, NOW + 1).await.unwrap();
    let counter = Lesson::CounterExample { text: "payoneer".to_owned() };
    store.teach(&Scope::Base, &counter, &[], &admin, NOW + 2).await.unwrap();
    store.set(&scope, "unasked", Some("on"), &admin, NOW).await.unwrap();
    store.set(&scope, "unasked", None, &admin, NOW).await.unwrap();
    store
        .judge(&Feedback { person: &person, channel: "web", entry: &mobile, helpful: true }, NOW)
        .await
        .unwrap();
    store.claim(&secret.message("web", "1"), NOW).await.unwrap();
    store.try_take(&Cooldown::Person { group: &group, person: &person }, 60, NOW).await.unwrap();
    let deletion =
        Deletion { channel: "telegram".to_owned(), chat: "-1001".to_owned(), message: "5".to_owned() };
    store.schedule(&deletion, NOW).await.unwrap();
    let tally = Tally {
        day: Day::of(NOW, 0),
        channel: "web".to_owned(),
        outcome: "answer".to_owned(),
        entry: Some(mobile),
        messages: 3,
    };
    store.count(&[tally]).await.unwrap();
    store.log(&admin, "session ended", "abc", NOW).await.unwrap();
}

/// The rows of a backup that a restore does not count on.
fn rows(database: &Database, name: &str) -> Vec<String> {
    let text = fs::read_to_string(database.file(name)).unwrap();
    let mut rows: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with("{\"table\"") && !line.contains("\"table\":\"counters\""))
        .map(str::to_owned)
        .collect();
    rows.sort();
    rows
}

async fn travel(from: &Database, to: &Database) {
    let store = from.open().await;
    fill(&store).await;
    let person = store.secret().person("telegram", "42");
    let summary = store.backup(&from.file("backup"), NOW + 10).await.unwrap();
    assert_eq!(summary.made_at, NOW + 10);

    let target = to.open().await;
    let news = target.subscribe();
    let before = *news.borrow();
    assert_ne!(target.secret().person("telegram", "42"), person);
    assert_eq!(target.restore(&from.file("backup"), false).await.unwrap(), summary);
    assert!(news.borrow().generation > before.generation);
    assert_eq!(target.secret().person("telegram", "42"), person);
    assert_eq!(target.examine().await.unwrap().findings, Vec::<String>::new());
    assert!(!target.claim(&target.secret().message("web", "1"), NOW + 10).await.unwrap());

    target.backup(&to.file("again"), NOW + 20).await.unwrap();
    assert_eq!(rows(to, "again"), rows(from, "backup"));
    // Every table has something to lose.
    let tables = store.examine().await.unwrap().counts;
    assert!(tables.iter().all(|(_, rows)| *rows > 0), "{tables:?}");
    // And life goes on: ids do not collide.
    let base = Scope::Base;
    target.teach(&base, &phrasing("mobile", "y"), &[], &Author::terminal(), NOW + 30).await.unwrap();
    let text = Masked::new("new");
    let question = Question { text: &text, channel: "web", scope: &base, entry: None };
    target.keep_question(&question, None, NOW + 30).await.unwrap();
}

#[tokio::test]
async fn from_a_file_to_a_file() {
    travel(&Database::sqlite(), &Database::sqlite()).await;
}

#[tokio::test]
async fn from_a_file_to_a_server() {
    if let Some(server) = Database::postgres().await {
        travel(&Database::sqlite(), &server).await;
    }
}

#[tokio::test]
async fn from_a_server_to_a_file() {
    if let Some(server) = Database::postgres().await {
        travel(&server, &Database::sqlite()).await;
    }
}

async fn a_damaged_backup_is_refused(database: &Database) {
    let store = database.open().await;
    fill(&store).await;
    store.backup(&database.file("backup"), NOW).await.unwrap();
    let before = rows(database, "backup");
    let whole = fs::read_to_string(database.file("backup")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let without_last = lines[..lines.len() - 1].join("\n");
    let without_one = [&lines[..3], &lines[4..]].concat().join("\n");
    for (text, why) in [
        (String::new(), "empty"),
        ("hello".to_owned(), "no backup"),
        (without_last, "cut off"),
        (without_one, "cut off or was changed"),
        (whole.replace("phone diye", "fone diye"), "was changed"),
        (whole.replace("\"kind\":", "\"kind; DROP TABLE teachings\":"), "unknown column"),
        (whole.replace("{\"table\":\"tallies\"", "{\"table\":\"pg_class\""), "unknown table"),
        (whole.replace("\"format\":1", "\"format\":2"), "newer uttor"),
    ] {
        fs::write(database.file("damaged"), text).unwrap();
        let error = store.restore(&database.file("damaged"), true).await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    let error = store.restore(&database.file("not there"), true).await.unwrap_err();
    assert!(error.to_string().contains("not there"), "{error}");
    store.backup(&database.file("after"), NOW).await.unwrap();
    assert_eq!(rows(database, "after"), before);
}

async fn rows_of_a_table_that_is_no_more_are_left_out(database: &Database) {
    let store = database.open().await;
    fill(&store).await;
    let rows = store.backup(&database.file("backup"), NOW).await.unwrap().rows;
    let whole = fs::read_to_string(database.file("backup")).unwrap();
    let mut lines: Vec<&str> = whole.lines().collect();
    lines.pop();
    lines.push(r#"{"table":"conversations","row":{"conversation":"a","entry":"mobile","at":1}}"#);
    let older = lines.join("\n") + "\n";
    let footer = json!({ "rows": rows + 1, "digest": hex::encode(Sha256::digest(&older)) });
    fs::write(database.file("older"), format!("{older}{footer}\n")).unwrap();
    store.restore(&database.file("older"), true).await.unwrap();
    assert_eq!(store.backup(&database.file("after"), NOW).await.unwrap().rows, rows);
}

async fn newer_data_is_kept_unless_forced(database: &Database) {
    let store = database.open().await;
    fill(&store).await;
    store.backup(&database.file("backup"), NOW).await.unwrap();
    // Nothing has changed since, nor by restoring.
    store.restore(&database.file("backup"), false).await.unwrap();
    store.restore(&database.file("backup"), false).await.unwrap();
    let later = store.secret().message("web", "later");
    store.claim(&later, NOW).await.unwrap();
    let base = Scope::Base;
    let id = store.teach(&base, &phrasing("mobile", "new"), &[], &Author::terminal(), NOW + 5).await.unwrap();
    let error = store.restore(&database.file("backup"), false).await.unwrap_err();
    assert!(matches!(&error, Error::Broken(text) if text.contains("--force")), "{error}");
    assert!(store.teaching(id).await.unwrap().is_some());

    let before = *store.subscribe().borrow();
    store.restore(&database.file("backup"), true).await.unwrap();
    assert!(store.teaching(id).await.unwrap().is_none());
    assert!(*store.subscribe().borrow() > before);
    // What was answered since is still known.
    assert!(!store.claim(&later, NOW).await.unwrap());
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
}

async fn a_newer_store_is_refused(database: &Database) {
    database.open().await.close().await;
    let mut connection = database.connect().await;
    sqlx::raw_sql("INSERT INTO migrations (version) VALUES (99)").execute(&mut connection).await.unwrap();
    let error = Store::open(&database.url).await.unwrap_err();
    assert!(error.to_string().contains("version 99"), "{error}");
    assert!(!error.passes());
    // It does not wait for it to pass, either.
    assert_eq!(Store::connect_with_retries(&database.url).await.unwrap_err(), error);
}

async fn the_doctor_speaks(database: &Database) {
    let store = database.open().await;
    fill(&store).await;
    let examination = store.examine().await.unwrap();
    assert_eq!(examination.findings, Vec::<String>::new());
    assert_eq!(examination.schema, uttor::store::VERSION);
    assert!(examination.counts.contains(&("teachings", 2)));
    let mut connection = database.connect().await;
    sqlx::raw_sql(
        "UPDATE secrets SET value = 'zz'; UPDATE teachings SET kind = 'riddle' WHERE undone_at IS NULL; \
         UPDATE counters SET value = 0; UPDATE clusters SET state = 'answered'; \
         INSERT INTO clusters (id, state) VALUES (77, 'odd')",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let findings = store.examine().await.unwrap().findings.join("\n");
    for expected in [
        "the key of the hashes is missing or damaged",
        "of the kind riddle, cannot be read",
        "2 teachings are newer than the revision",
        "1 settings are newer than the revision",
        "clusters are newer than their counter",
        "1 clusters have no question",
        "1 clusters count as answered by a teaching that does not hold",
        "1 clusters are in no known state",
    ] {
        assert!(findings.contains(expected), "{expected} is not in:\n{findings}");
    }
    // One unreadable teaching hides no other.
    assert_eq!(store.teachings_since(0).await.unwrap().len(), 1);
}
