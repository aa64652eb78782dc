//! What replicas behind a webhook share besides notes: cooldowns and the rate limit.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use uttor::store::{Author, GroupId, Scope};

use super::group::{ANSWER, GROUP, KARIM, QUESTION, RAHIMA};
use super::survival::{Pair, Victim};
use super::{Mode, SECRET};
use crate::support::database::Database;
use crate::support::telegram::{Telegram, group, now, private};

/// Brings an update to one of the replicas.
async fn bring(to: &str, number: i64, message: &Value) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = client
        .post(format!("{to}/telegram/webhook"))
        .header("X-Telegram-Bot-Api-Secret-Token", SECRET)
        .json(&json!({ "update_id": number, "message": message }));
    post.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entrys_cooldown_holds_at_every_replica() {
    let Some(database) = Database::postgres().await else { return };
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    group(&telegram, GROUP);
    let store = database.open().await;
    let scope = Scope::Group(GroupId::new("telegram", &GROUP.to_string()));
    for (name, value) in [("unasked", "on"), ("person", "0")] {
        store.set(&scope, name, Some(value), &Author::terminal(), now()).await.unwrap();
    }
    let start = || Victim::start_on(&telegram, folder.path(), Mode::Webhook, "off", &database.url);
    let (first, second) = (start(), start());
    telegram
        .wait("both to take updates", |world| (world.calls_of("getWebhookInfo").count() >= 2).then_some(()))
        .await;
    let says = |who: i64, text: &str| telegram.message(GROUP, who, &json!({ "text": text }));
    assert_eq!(bring(&first.url, 9_001, &says(RAHIMA, QUESTION)).await, 200);
    assert_eq!(bring(&second.url, 9_002, &says(KARIM, QUESTION)).await, 200);
    telegram.world(|world| {
        let sent = world.sent(GROUP);
        assert_eq!(sent.len(), 1, "{}", world.summary());
        assert!(sent[0].text.contains(ANSWER));
    });
    assert_eq!(bring(&second.url, 9_003, &says(KARIM, "ভালো বীজ কোথায় পাব?")).await, 200);
    assert_eq!(telegram.world(|world| world.sent(GROUP).len()), 2, "the other one hears and answers");
    first.kill();
    second.kill();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_together_send_no_faster_than_one() {
    let Some(pair) = Pair::start("on").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    // They count each other every five seconds.
    tokio::time::sleep(Duration::from_secs(7)).await;
    let brought: Vec<_> = (0..80)
        .map(|number: i64| {
            let chat = private(telegram, 1_000 + number);
            let message = telegram.message(chat, chat, &json!({ "text": "/privacy" }));
            let to = if number % 2 == 0 { first.url.clone() } else { second.url.clone() };
            tokio::spawn(async move { bring(&to, 9_000 + number, &message).await })
        })
        .collect();
    for brought in brought {
        assert_eq!(brought.await.unwrap(), 200);
    }
    telegram.world(|world| {
        assert_eq!(world.answered(), 80);
        // Each for itself they would send all of them in a second and a half. A busy machine may bring a few together.
        assert!(world.over_limit < 10, "{} above thirty a second", world.over_limit);
    });
}

/// Whether somebody has handled an update cannot be told while the store is slow; what comes after it waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_keep_their_order_while_the_store_is_slow() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let Some(database) = Database::postgres().await else { return };
        let telegram = Telegram::start().await;
        let folder = TempDir::new().unwrap();
        let victim = Victim::start_on(&telegram, folder.path(), mode, "off", &database.url);
        let chat = private(&telegram, 5);
        telegram.says(chat, 5, "/start");
        let welcome = telegram.wait("the welcome", |world| world.sent(chat).first().cloned()).await;
        telegram.wait("confirmed", |world| world.updates.is_empty().then_some(())).await;
        let mut store = database.connect().await;
        let run = async |store: &mut sqlx::AnyConnection, statement: &'static str| {
            sqlx::raw_sql(statement).execute(store).await.unwrap();
        };
        run(&mut store, "BEGIN; LOCK TABLE processed IN ACCESS EXCLUSIVE MODE").await;
        let press = || telegram.presses(chat, 5, welcome.id, "1t0:0");
        let first = press();
        // Longer than a claim is waited for.
        tokio::time::sleep(Duration::from_millis(200)).await;
        run(&mut store, "COMMIT").await;
        let presses = [first, press(), press()];
        telegram
            .wait("each answered", |world| presses.iter().all(|press| world.presses[press]).then_some(()))
            .await;
        telegram.world(|world| {
            let answered: Vec<_> = world
                .calls_of("answerCallbackQuery")
                .map(|call| call.params["callback_query_id"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(answered, presses, "{mode:?}");
        });
        victim.kill();
    }
}
