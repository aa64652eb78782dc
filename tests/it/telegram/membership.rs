//! The removal of answers, and of a group's data after the bot was removed from it.

use serde_json::json;

use uttor::store::{Author, Deletion, GroupId, Lesson, Scope};

use super::group::{GROUP, KARIM, QUESTION, RAHIMA, answer, settled};
use super::unprompted::{change, start};
use super::{Mode, Rig};
use crate::support::app::eventually;
use crate::support::telegram::{Call, group, now};

fn scope() -> Scope {
    Scope::Group(GroupId::new("telegram", &GROUP.to_string()))
}

#[tokio::test]
async fn answers_are_removed_in_time_also_after_a_restart() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("removal", "60")]).await;
        let telegram = rig.telegram.clone();
        telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        let sent = answer(&telegram, 0).await;
        settled(&telegram).await;
        let rig = rig.restart().await;
        let store = rig.store().await;
        // Looked at from an hour ahead it is due, and put back as due now: the hour has passed.
        let due = store.claim_due("telegram", 9, now() + 3_601).await.unwrap();
        let deletion = Deletion {
            channel: "telegram".to_owned(),
            chat: GROUP.to_string(),
            message: sent.id.to_string(),
        };
        assert!(due.contains(&deletion), "{due:?}");
        assert_eq!(telegram.world(|world| world.sent(GROUP).len()), 1, "not before its time");
        store.deleted(&deletion).await.unwrap();
        store.schedule(&deletion, now()).await.unwrap();
        store.close().await;
        telegram.wait("the removal", |world| world.sent(GROUP).is_empty().then_some(())).await;
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_month_after_the_bot_was_removed_nothing_of_the_group_is_left() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("buttons", "off")]).await;
        let telegram = rig.telegram.clone();
        for said in ["/add", "আমাদের বাগানের মেলা কবে?", "প্রতি শুক্রবার বিকেলে।"]
        {
            let before = telegram.world(|world| world.sent(GROUP).len());
            match telegram.world(|world| world.sent(GROUP).last().map(|sent| sent.id)) {
                Some(last) => telegram.replies(GROUP, 1, last, said),
                None => telegram.says(GROUP, 1, said),
            };
            answer(&telegram, before).await;
        }
        telegram.bot_becomes(GROUP, 1, "kicked");
        settled(&telegram).await;
        let store = rig.store().await;
        let left = || async { store.settings(&scope()).await.unwrap().get("left").cloned() };
        let since: i64 = eventually("the departure", left).await.parse().unwrap();
        assert!((now() - since).abs() < 60);
        let rig = rig.restart().await;
        assert_eq!(store.teachings_of(&scope()).await.unwrap().len(), 1, "not before its time");
        let month = (now() - 31 * 24 * 3_600).to_string();
        store.set(&scope(), "left", Some(&month), &Author::terminal(), now()).await.unwrap();
        let rig = rig.restart().await;
        let gone = || async { store.settings(&scope()).await.unwrap().is_empty().then_some(()) };
        eventually("the end of the settings", gone).await;
        assert!(store.teachings_of(&scope()).await.unwrap().is_empty());
        for teaching in store.teachings_since(0).await.unwrap() {
            assert_eq!(teaching.lesson, Lesson::Ignore { text: String::new() }, "no text is left");
        }
        store.close().await;
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_request_starts_the_month_of_a_removal_and_silence_does_not() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let silenced = GROUP - 1;
        let rig = start(mode, &[("buttons", "off")]).await;
        let telegram = rig.telegram.clone();
        group(&telegram, silenced);
        telegram.world(|world| {
            world.chats.get_mut(&GROUP).unwrap().bot = "kicked";
            world.chats.get_mut(&silenced).unwrap().bot = "restricted";
        });
        for chat in [silenced, GROUP] {
            telegram.says(chat, RAHIMA, &format!("/ask {QUESTION}"));
        }
        let store = rig.store().await;
        let left = || async { store.settings(&scope()).await.unwrap().get("left").cloned() };
        let since: i64 = eventually("the departure", left).await.parse().unwrap();
        assert!((now() - since).abs() < 60);
        settled(&telegram).await;
        let other = Scope::Group(GroupId::new("telegram", &silenced.to_string()));
        assert!(store.settings(&other).await.unwrap().is_empty());
        store.close().await;
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_group_that_takes_the_bot_back_keeps_its_settings() {
    let rig = start(Mode::Polling, &[("buttons", "off")]).await;
    let telegram = rig.telegram.clone();
    telegram.bot_becomes(GROUP, 1, "left");
    telegram.bot_becomes(GROUP, 1, "member");
    answer(&telegram, 0).await;
    settled(&telegram).await;
    let store = rig.store().await;
    assert_eq!(store.settings(&scope()).await.unwrap().keys().collect::<Vec<_>>(), ["buttons", "in_use"]);
    store.close().await;
    telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
    assert!(answer(&telegram, 1).await.labels().is_empty());
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_removal_that_was_not_reported_is_dated_until_the_group_is_heard_again() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("buttons", "off")]).await;
        let telegram = &rig.telegram;
        let store = rig.store().await;
        let left = || async { store.settings(&scope()).await.unwrap().get("left").cloned() };
        telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().bot = "kicked");
        telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        let since: i64 = eventually("the departure", left).await.parse().unwrap();
        assert!((now() - since).abs() < 60);
        // What was said before the removal may have waited until after it.
        telegram.posts(GROUP, KARIM, &json!({ "text": "বিদায়", "date": since - 1 }));
        settled(telegram).await;
        assert!(left().await.is_some());
        telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().bot = "member");
        telegram.posts(GROUP, KARIM, &json!({ "text": format!("/ask {QUESTION}"), "date": since + 1 }));
        assert!(answer(telegram, 0).await.labels().is_empty(), "its settings are there");
        settled(telegram).await;
        assert_eq!(left().await, None);
        store.close().await;
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_new_admin_may_change_settings_at_once() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start(mode).await;
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.says(GROUP, KARIM, "/settings");
        assert!(answer(telegram, 0).await.text.contains("শুধু গ্রুপের অ্যাডমিনরা"));
        telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().members.insert(KARIM, "administrator"));
        telegram.push("chat_member", &serde_json::json!({ "chat": { "id": GROUP, "type": "supergroup" } }));
        telegram.says(GROUP, KARIM, "/settings");
        assert!(answer(telegram, 1).await.text.starts_with("উত্তর বটের সেটিংস"));
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_topic_pressed_twice_is_answered_once_and_the_second_press_gets_a_notice() {
    let rig = start(Mode::Polling, &[("cooldown", "10")]).await;
    let telegram = &rig.telegram;
    telegram.says(GROUP, RAHIMA, "/topics");
    let topics = answer(telegram, 0).await;
    for _ in 0..2 {
        telegram.presses(GROUP, RAHIMA, topics.id, &topics.data("বীজ কোথায় পাব?"));
    }
    settled(telegram).await;
    assert_eq!(telegram.world(|world| world.sent(GROUP).len()), 2, "the topics and one answer");
    let told = telegram.world(|world| {
        let is_told =
            |call: &&Call| call.params["text"].as_str().is_some_and(|text| text.contains("একটু আগেই"));
        world.calls_of("answerCallbackQuery").filter(is_told).count()
    });
    assert_eq!(told, 1);
    change(telegram, &[("cooldown", "0")]).await;
    telegram.presses(GROUP, RAHIMA, topics.id, &topics.data("বীজ কোথায় পাব?"));
    answer(telegram, 2).await;
    rig.app.stop().await.unwrap();
}
