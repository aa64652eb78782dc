//! Several processes on one PostgreSQL.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::survival::Victim;
use super::{Mode, SECRET};
use crate::support::database::Database;
use crate::support::telegram::{Fault, Posted, Telegram, Wrong, group, private};

const GROUP: i64 = -100_500;
const ADMIN: i64 = 1;
const FAIR: &str = "আমাদের বাগানের মেলা কবে?";

/// Brings a message to one of the replicas, as an update of its own each time.
async fn bring(telegram: &Telegram, to: &Victim, number: i64, message: &Value) -> u16 {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let post = client
        .post(format!("{}/telegram/webhook", to.url))
        .header("X-Telegram-Bot-Api-Secret-Token", SECRET)
        .json(&json!({ "update_id": number, "message": message }));
    telegram.world(|world| world.webhook = None);
    post.send().await.unwrap().status().as_u16()
}

fn last(telegram: &Telegram) -> Posted {
    telegram.world(|world| world.sent(GROUP).last().cloned()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialogue_goes_on_at_whichever_replica_its_next_turn_comes() {
    let Some(database) = Database::postgres().await else { return };
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let start = || Victim::start_on(&telegram, folder.path(), Mode::Webhook, "off", &database.url);
    let (first, second) = (start(), start());
    group(&telegram, GROUP);
    private(&telegram, ADMIN);
    let says = |text: &str, to: Option<i64>| {
        let more = match to {
            Some(to) => json!({ "text": text, "reply_to_message": telegram.shown(GROUP, to) }),
            None => json!({ "text": text }),
        };
        telegram.message(GROUP, ADMIN, &more)
    };
    let add = says("/add", None);
    telegram
        .wait("both to take updates", |world| (world.calls_of("getWebhookInfo").count() >= 2).then_some(()))
        .await;
    assert_eq!(bring(&telegram, &first, 9_001, &add).await, 200);
    let question = says(FAIR, Some(last(&telegram).id));
    assert_eq!(bring(&telegram, &second, 9_002, &question).await, 200);
    let asks = last(&telegram);
    assert!(asks.text.contains("মেলা"), "{}", asks.text);
    // It comes again, since nobody knew that it was handled: no answer to itself.
    assert_eq!(bring(&telegram, &first, 9_003, &question).await, 200);
    let again = last(&telegram);
    assert_eq!(again.text, asks.text, "asked for the answer again");
    let answer = says("আগামী শুক্রবার বিকেলে।", Some(asks.id));
    assert_eq!(bring(&telegram, &first, 9_004, &answer).await, 200);
    let taught = last(&telegram);
    assert!(taught.text.contains("শুক্রবার") && taught.text.contains("মেলা"), "{}", taught.text);
    let mine = says("/mine", None);
    assert_eq!(bring(&telegram, &second, 9_005, &mine).await, 200);
    assert!(last(&telegram).text.contains("মেলা কবে"), "{}", last(&telegram).text);
    first.kill();
    second.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_told_to_stop_leads_until_what_was_answered_is_confirmed() {
    let Some(database) = Database::postgres().await else { return };
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let start = || Victim::start_on(&telegram, folder.path(), Mode::Polling, "off", &database.url);
    let chat = private(&telegram, 5);
    let first = start();
    telegram.says(chat, 5, "/help");
    telegram.wait("an answer", |world| world.sent(chat).first().map(|_| ())).await;
    let second = start();
    telegram.wait("both there", |world| (world.calls_of("getMe").count() == 2).then_some(())).await;
    // Longer than the other takes to look whether it leads.
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_secs(5))));
    });
    telegram.says(chat, 5, "/privacy");
    telegram
        .wait("it is being sent", |world| world.faults.iter().all(|fault| fault.times == 0).then_some(()))
        .await;
    first.stop();
    telegram.wait("confirmed", |world| world.updates.is_empty().then_some(())).await;
    telegram.says(chat, 5, "/topics");
    telegram.wait("the other's answer", |world| (world.sent(chat).len() >= 3).then_some(())).await;
    telegram.world(|world| {
        let sent: Vec<_> = world.sent(chat).into_iter().map(|sent| sent.text).collect();
        assert_eq!(sent.len(), 3, "each was answered once: {sent:?}");
        assert_eq!(world.calls_of("getUpdates").filter(|call| call.answer.is_err()).count(), 0);
    });
    first.kill();
    second.kill();
}
