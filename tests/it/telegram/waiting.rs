//! Updates of rate-limited chats: they are kept in the store, do not fill the window, and survive the process.

use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use uttor::store::{Author, GroupId, Scope, Store};

use super::group::{ANSWER, GROUP, KARIM, QUESTION, RAHIMA, settled};
use super::survival::{Victim, answers};
use super::{Mode, Rig};
use crate::support::app::eventually;
use crate::support::database::pending;
use crate::support::telegram::{Fault, Telegram, Wrong, group, now, private};

const SEEDS: &str = "ভালো বীজ কোথায় পাব?";

/// More chats that Telegram makes wait than a window holds.
const STUCK: i64 = 120;

fn stuck(telegram: &Telegram) -> impl Iterator<Item = i64> {
    let chats = 5_001..=5_000 + STUCK;
    for chat in chats.clone() {
        private(telegram, chat);
        telegram.world(|world| world.faults.push(Fault::new("sendMessage", Wrong::Flood(200)).chat(chat)));
    }
    chats
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_loses_no_update_of_a_rate_limited_chat() {
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    for chat in 1..=20 {
        private(&telegram, 1_000 + chat);
        telegram.says(1_000 + chat, 1_000 + chat, "/privacy");
    }
    for chat in stuck(&telegram) {
        telegram.says(chat, chat, "/privacy");
    }
    let victim = Victim::start(&telegram, folder.path(), Mode::Polling, "off");
    telegram
        .wait("all others, and a window of the stuck confirmed", |world| {
            let refused = world.calls_of("sendMessage").filter(|call| call.answer.is_err()).count();
            (answers(world, 20) == 20 && refused == 120 && world.confirmed.len() >= 100).then_some(())
        })
        .await;
    victim.kill();
    let files = std::fs::read_dir(folder.path().join("data")).unwrap();
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let text: Vec<u8> = files.flat_map(|file| std::fs::read(file).unwrap()).collect();
    let holds = |word: &str| text.windows(word.len()).any(|part| part == word.as_bytes());
    assert!(holds("pending") && !holds("/privacy"), "what is kept is sealed");
    for chat in 5_001..=5_000 + STUCK {
        telegram.says(chat, chat, "/help");
    }
    // More than a chat may have waiting that does not move by its own fault.
    for _ in 0..30 {
        telegram.says(5_001, 5_001, "/help");
    }
    let victim = Victim::start(&telegram, folder.path(), Mode::Polling, "off");
    telegram
        .wait("their answers", |world| {
            let all = (5_001..=5_000 + STUCK).all(|chat| world.sent(chat).len() >= 2);
            (all && world.sent(5_001).len() == 32).then_some(())
        })
        .await;
    telegram.world(|world| {
        for chat in 5_001..=5_000 + STUCK {
            let first = &world.sent(chat)[0].text;
            assert!(first.starts_with("গোপনীয়তা"), "what was said before is answered before: {first}");
        }
        assert_eq!(answers(world, 20), 20, "and nobody else's again");
    });
    let store = Store::open(&format!("sqlite://{}", folder.path().join("data/uttor.db").display())).await;
    let store = store.unwrap();
    eventually("nothing left", || async { (pending(&store, "telegram").await == 0).then_some(()) }).await;
    victim.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_does_it_lose_a_press() {
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let chats = 5_001..=5_000 + STUCK;
    for chat in chats.clone() {
        private(&telegram, chat);
        telegram.says(chat, chat, "/start");
    }
    let victim = Victim::start(&telegram, folder.path(), Mode::Polling, "off");
    telegram
        .wait("welcomes", |world| chats.clone().all(|chat| world.sent(chat).len() == 1).then_some(()))
        .await;
    for chat in stuck(&telegram) {
        let welcome = telegram.world(|world| world.sent(chat)[0].clone());
        telegram.presses(chat, chat, welcome.id, "1t0:0");
    }
    let free = private(&telegram, 6);
    telegram.says(free, 6, QUESTION);
    telegram.wait("the other's answer", |world| world.sent(free).first().cloned()).await;
    telegram
        .wait("each press answered, and made to wait with the rest", |world| {
            let refused = world.calls_of("sendMessage").filter(|call| call.answer.is_err()).count();
            (refused == 120 && world.presses.values().all(|answered| *answered)).then_some(())
        })
        .await;
    victim.kill();
    let victim = Victim::start(&telegram, folder.path(), Mode::Polling, "off");
    telegram
        .wait("what they pressed for", |world| {
            chats.clone().all(|chat| world.sent(chat).len() == 2).then_some(())
        })
        .await;
    victim.kill();
}

#[tokio::test]
async fn an_update_that_cannot_be_read_is_confirmed_all_the_same() {
    let rig = Rig::start(Mode::Polling).await;
    let telegram = &rig.telegram;
    let chat = private(telegram, 5);
    let mut deep = json!("too deep");
    for _ in 0..200 {
        deep = json!([deep]);
    }
    telegram.says(chat, 5, QUESTION);
    telegram.wait("an answer", |world| world.sent(chat).first().cloned()).await;
    telegram.push("message", &json!({ "chat": { "id": 5 }, "rich_message": deep }));
    settled(telegram).await;
    assert!(rig.metrics().await.contains("uttor_telegram_updates_total{what=\"unreadable\"} 1"));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn one_member_cannot_use_up_what_the_group_gets() {
    let rig = Rig::start(Mode::Polling).await;
    let telegram = &rig.telegram;
    group(telegram, GROUP);
    let mut flood = Vec::new();
    for _ in 0..30 {
        flood.push(telegram.says(GROUP, RAHIMA, "/help"));
    }
    let asked = telegram.says(GROUP, KARIM, &format!("/ask {QUESTION}"));
    let replies = |to: i64| {
        telegram.world(|world| world.sent(GROUP).iter().filter(|sent| sent.replies_to() == Some(to)).count())
    };
    telegram
        .wait("the other's answer", |world| {
            world.sent(GROUP).iter().any(|sent| sent.replies_to() == Some(asked)).then_some(())
        })
        .await;
    let answered = flood.into_iter().map(replies).sum::<usize>();
    assert!((1..=7).contains(&answered), "{answered}");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_refused_request_alone_moves_a_migrated_groups_settings() {
    let rig = Rig::start(Mode::Polling).await;
    let telegram = &rig.telegram;
    let (old, new) = (-77, -100_077);
    group(telegram, old);
    group(telegram, new);
    let scope = |chat: i64| Scope::Group(GroupId::new("telegram", &chat.to_string()));
    let store = rig.store().await;
    let author = Author::person(&store.secret().person("telegram", "1"));
    store.set(&scope(old), "buttons", Some("off"), &author, now()).await.unwrap();
    telegram.world(|world| world.chats.get_mut(&old).unwrap().migrated_to = Some(new));
    telegram.says(old, RAHIMA, "/help");
    telegram.wait("the answer there", |world| world.sent(new).first().map(|_| ())).await;
    eventually("the setting there", || async {
        let set = store.settings(&scope(new)).await.unwrap();
        (set.get("buttons").map(String::as_str) == Some("off")).then_some(())
    })
    .await;
    assert!(store.settings(&scope(old)).await.unwrap().is_empty());
    rig.app.stop().await.unwrap();
}

/// The shortest wait that can be set is a minute, which is what this takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delayed_answer_survives_a_restart() {
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    group(&telegram, GROUP);
    let url = format!("sqlite://{}", folder.path().join("data/uttor.db").display());
    let store = Store::open(&url).await.unwrap();
    let scope = Scope::Group(GroupId::new("telegram", &GROUP.to_string()));
    let author = Author::person(&store.secret().person("telegram", "1"));
    for (name, value) in [("unasked", "on"), ("wait", "1")] {
        store.set(&scope, name, Some(value), &author, now()).await.unwrap();
    }
    let answered = telegram.says(GROUP, RAHIMA, QUESTION);
    let question = telegram.says(GROUP, KARIM, SEEDS);
    let victim = Victim::start(&telegram, folder.path(), Mode::Polling, "off");
    telegram.wait("a poll", |world| world.calls_of("getUpdates").next().map(|_| ())).await;
    settled(&telegram).await;
    assert_eq!(pending(&store, "telegram").await, 2);
    victim.kill();
    let victim = Victim::start(&telegram, folder.path(), Mode::Polling, "off");
    telegram.replies(GROUP, KARIM, answered, "হ্যাঁ, যায়");
    settled(&telegram).await;
    assert_eq!(pending(&store, "telegram").await, 1, "a person was faster");
    let sent = telegram
        .within(Duration::from_secs(100), |world| world.sent(GROUP).into_iter().next())
        .await
        .expect("an answer after the minute");
    assert_eq!(sent.replies_to(), Some(question), "{}", sent.text);
    assert!(!sent.text.contains(ANSWER));
    eventually("nothing left", || async { (pending(&store, "telegram").await == 0).then_some(()) }).await;
    victim.kill();
}
