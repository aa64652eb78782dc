//! The store is locked, full, away: people get their answers, and what can wait is written later.

use std::time::{Duration, Instant};

use serde_json::json;
use uttor::statistics::Statistics;
use uttor::store::{Author, Error, Lesson, Scope, Store, Verdicts};

use super::{Bot, rooftop, text};
use crate::support::app::{TestApp, eventually, garden};
use crate::support::database::Database;
use crate::support::proxy::behind_proxy;

/// What an answer may take on a busy machine, where 50 ms may be spent on the store: far from any wait for a lock, a
/// connection or a disk.
const SOON: Duration = Duration::from_millis(500);

/// Every message is answered soon, whatever state the store is in.
async fn answers_from_memory(bot: &Bot, id: &str) {
    for n in 0..5 {
        let asked = Instant::now();
        bot.hears(&format!("{id}-{n}"), text("chade ki bagan kora jay")).await;
        assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
    }
}

#[tokio::test]
async fn a_locked_file() {
    let database = Database::sqlite();
    let bot = Bot::on(database.open().await).await;
    let mut holder = database.connect().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    answers_from_memory(&bot, "1").await;
    bot.judges("a", false).await;
    sqlx::raw_sql("COMMIT").execute(&mut holder).await.unwrap();
    bot.memory.finish().await;
    let verdicts = database.open().await.verdicts(0).await.unwrap();
    assert_eq!(verdicts, [Verdicts { entry: rooftop(), helpful: 0, unhelpful: 1 }]);
}

#[tokio::test]
async fn a_full_disk() {
    let database = Database::sqlite();
    let store = Store::open(&format!("{}?max_page_count=100", database.url)).await.unwrap();
    let mut taught = Vec::new();
    let full = loop {
        let lesson =
            Lesson::Phrasing { entry: rooftop(), text: format!("{} {}", taught.len(), "x".repeat(2_000)) };
        match store.teach(&Scope::Base, &lesson, &[], &Author::terminal(), 1).await {
            Ok(id) => taught.push(id),
            Err(error) => break error,
        }
        assert!(taught.len() < 1_000);
    };
    assert!(matches!(full, Error::Full(_)), "{full}");
    // There may be room for a few small rows yet.
    let mut n = 0;
    while store.claim(&store.secret().message("test", &format!("crowd-{n}")), 1).await.is_ok() {
        n += 1;
        assert!(n < 10_000);
    }
    let bot = Bot::on(store).await;
    answers_from_memory(&bot, "1").await;
    bot.judges("a", true).await;
    bot.memory.finish().await;

    // Somebody has made room.
    let store = database.open().await;
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
    for id in &taught {
        assert!(store.teaching(*id).await.unwrap().is_some());
    }
    assert!(store.claim(&store.secret().message("test", "1"), 1).await.unwrap());
}

#[tokio::test]
async fn what_did_not_fit_is_written_when_there_is_room() {
    let database = Database::sqlite();
    let bot = Bot::on(Store::open(&format!("{}?max_page_count=120", database.url)).await.unwrap()).await;
    let mut other = database.connect().await;
    // Nearly as large as it may be, with room that can be given back.
    let fill = "INSERT INTO secrets (name, value) VALUES (hex(randomblob(8)), hex(zeroblob(1500)))";
    loop {
        let (pages,): (i64,) = sqlx::query_as("PRAGMA page_count").fetch_one(&mut other).await.unwrap();
        if pages > 110 {
            break;
        }
        sqlx::raw_sql(fill).execute(&mut other).await.unwrap();
    }
    for person in 0..1_000 {
        bot.judges(&format!("{person}"), true).await;
    }
    let well = || bot.memory.store().is_some_and(Store::is_well);
    eventually("the full disk", async || (!well()).then_some(())).await;
    sqlx::raw_sql("DELETE FROM secrets WHERE name <> 'hash'").execute(&mut other).await.unwrap();
    let store = database.open().await;
    eventually("the judgements", async || {
        let verdicts = store.verdicts(0).await.unwrap();
        verdicts.first().filter(|verdict| verdict.helpful == 1_000).map(|_| ())
    })
    .await;
    assert!(well());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_comes_after_the_start() {
    let Some((database, proxy, url)) = behind_proxy(false).await else { return };
    let app = TestApp::start_with(&garden(), &[("DATABASE_URL", &url)]).await;
    assert_eq!(app.get("/readyz").await.status(), 503);
    assert_eq!(app.get("/healthz").await.status(), 200);
    assert_eq!(app.ask("entry:rooftop").await["entry"], "rooftop");
    assert_eq!(app.ask("passport korte koto lage").await["outcome"], "fallback");
    let judgement = json!({ "session": "s", "entry": "rooftop", "helpful": true });
    assert_eq!(app.post("/api/feedback", &judgement).await.0, 200);
    proxy.mend();
    eventually("readiness", async || (app.get("/readyz").await.status() == 200).then_some(())).await;
    app.stop().await.unwrap();
    // What was remembered meanwhile has been written.
    let statistics =
        Statistics::read(&database.open().await, 1, uttor::memory::Moment::now().unix, 0).await.unwrap();
    assert_eq!((statistics.messages.answer, statistics.feedback.helpful), (1, 1));
    assert_eq!((statistics.messages.fallback, statistics.unanswered.groups), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_never_comes_does_not_keep_the_program_from_stopping() {
    let Some((_database, _proxy, url)) = behind_proxy(false).await else { return };
    let app = TestApp::start_with(&garden(), &[("DATABASE_URL", &url)]).await;
    assert_eq!(app.ask("entry:rooftop").await["entry"], "rooftop");
    app.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_for_a_while() {
    let Some((database, proxy, url)) = behind_proxy(true).await else { return };
    let bot = Bot::on(Store::open(&url).await.unwrap()).await;
    bot.hears("a", text("good morning")).await;
    proxy.cut();
    answers_from_memory(&bot, "1").await;
    bot.judges("a", true).await;
    bot.hears("a", text("passport korte koto lage")).await;
    // As long as an attempt takes, and then some.
    tokio::time::timeout(Duration::from_secs(7), async {
        loop {
            answers_from_memory(&bot, "1").await;
        }
    })
    .await
    .unwrap_err();
    proxy.mend();
    let store = database.open().await;
    let written = eventually("what was to be written", async || {
        let statistics = Statistics::read(&store, 1, uttor::memory::Moment::now().unix, 0).await.unwrap();
        (statistics.feedback.helpful == 1
            && statistics.unanswered.groups == 1
            && statistics.messages.answer > 5)
            .then_some(statistics)
    });
    assert_eq!(written.await.messages.fallback, 1);
    bot.memory.finish().await;
}
