//! Unprompted answers, and how a group's admins limit them.

use std::time::Duration;

use serde_json::json;
use uttor::store::{Author, Cooldown, GroupId, Scope};

use super::group::{ANSWER, GROUP, KARIM, QUESTION, RAHIMA, answer, settled};
use super::{Mode, Rig};
use crate::support::telegram::{ANONYMOUS, Fault, Telegram, Wrong, group, now};

const SEEDS: &str = "ভালো বীজ কোথায় পাব?";
const WATER: &str = "গাছে দিনে কয়বার পানি দেব?";
/// Surer than a group's threshold, and less sure than "very sure".
const NEARLY: &str = "ছাদে সবজি লাগানো যায়?";

/// A group whose admin has set this; nothing of it stands there any more.
pub async fn start(mode: Mode, set: &[(&str, &str)]) -> Rig {
    let rig = Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await;
    group(&rig.telegram, GROUP);
    change(&rig.telegram, set).await;
    rig
}

/// The group's admin sets this by presses in the menu, and closes it.
pub async fn change(telegram: &Telegram, set: &[(&str, &str)]) {
    let asked = telegram.says(GROUP, 1, "/settings");
    let menu = telegram
        .wait("the menu", |world| world.sent(GROUP).into_iter().find(|sent| sent.replies_to() == Some(asked)))
        .await;
    for (name, value) in set {
        telegram.presses(GROUP, 1, menu.id, &format!("1s0:{name}={value}"));
    }
    telegram.presses(GROUP, 1, menu.id, "1s0:close");
    telegram
        .wait("the menu gone", |world| world.chats[&GROUP].messages[&menu.id].deleted.then_some(()))
        .await;
}

fn count(telegram: &Telegram) -> usize {
    telegram.world(|world| world.sent(GROUP).len())
}

#[tokio::test]
async fn unprompted_answers_come_only_where_enabled_sure_and_seldom() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[]).await;
        let telegram = &rig.telegram;
        telegram.says(GROUP, RAHIMA, QUESTION);
        settled(telegram).await;
        assert_eq!(count(telegram), 0, "off until turned on");
        let elsewhere = group(telegram, GROUP - 1);
        change(telegram, &[("unasked", "on"), ("hourly", "2"), ("person", "0")]).await;
        let question = telegram.says(GROUP, RAHIMA, QUESTION);
        let sent = answer(telegram, 0).await;
        assert!(sent.text.contains(ANSWER) && sent.replies_to() == Some(question));
        telegram.says(GROUP, KARIM, QUESTION);
        telegram.says(GROUP, KARIM, "আজ খুব গরম, ছাদে উঠেছিলাম");
        telegram.says(GROUP, KARIM, "কাল কি বৃষ্টি হবে");
        let other = telegram.says(GROUP, KARIM, "কেউ আছেন?");
        telegram.replies(GROUP, RAHIMA, other, SEEDS);
        settled(telegram).await;
        assert_eq!(count(telegram), 1, "one entry rests; the rest is none of its business");
        telegram.says(GROUP, KARIM, SEEDS);
        answer(telegram, 1).await;
        telegram.says(elsewhere, KARIM, SEEDS);
        telegram.says(GROUP, RAHIMA, WATER);
        settled(telegram).await;
        assert_eq!(count(telegram), 2, "two an hour");
        assert_eq!(telegram.world(|world| world.sent(elsewhere).len()), 0, "turned on for one group only");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_group_can_want_it_very_sure() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("unasked", "on"), ("person", "0"), ("sure", "very")]).await;
        let telegram = &rig.telegram;
        telegram.says(GROUP, RAHIMA, NEARLY);
        settled(telegram).await;
        assert_eq!(count(telegram), 0);
        telegram.says(GROUP, RAHIMA, WATER);
        answer(telegram, 0).await;
        change(telegram, &[("sure", "sure")]).await;
        telegram.says(GROUP, RAHIMA, NEARLY);
        assert!(answer(telegram, 1).await.text.contains(ANSWER));
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_person_gets_one_unprompted_answer_per_cooldown() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("unasked", "on"), ("person", "900")]).await;
        let telegram = &rig.telegram;
        telegram.says(GROUP, RAHIMA, QUESTION);
        answer(telegram, 0).await;
        telegram.says(GROUP, RAHIMA, SEEDS);
        settled(telegram).await;
        assert_eq!(count(telegram), 1);
        telegram.says(GROUP, KARIM, SEEDS);
        answer(telegram, 1).await;
        rig.app.stop().await.unwrap();
    }
}

/// Hours that it is now, and hours that it is not.
fn quiet_and_loud() -> (&'static str, &'static str) {
    // Dhaka is six hours ahead; one of the three is quiet at any hour.
    match (now() / 3_600 + 6) % 24 {
        8..22 => ("8-22", "22-6"),
        22.. => ("22-6", "8-22"),
        _ => ("0-8", "8-22"),
    }
}

#[tokio::test]
async fn in_quiet_hours_only_who_asks_the_bot_is_answered() {
    let (quiet, loud) = quiet_and_loud();
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("unasked", "on"), ("quiet", quiet)]).await;
        let telegram = &rig.telegram;
        telegram.says(GROUP, RAHIMA, QUESTION);
        settled(telegram).await;
        assert_eq!(count(telegram), 0);
        telegram.says(GROUP, RAHIMA, &format!("/ask {SEEDS}"));
        answer(telegram, 0).await;
        change(telegram, &[("quiet", loud)]).await;
        telegram.says(GROUP, RAHIMA, QUESTION);
        assert!(answer(telegram, 1).await.text.contains(ANSWER));
        rig.app.stop().await.unwrap();
    }
}

/// Behind a webhook a group's next message comes only once this one is handled: there it is the wait that counts.
#[tokio::test]
async fn what_a_person_has_answered_is_left_to_them() {
    let rig = start(Mode::Polling, &[("unasked", "on")]).await;
    let telegram = &rig.telegram;
    // Another message holds the group's queue while question and reply come in.
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(600))).chat(GROUP));
    });
    telegram.says(GROUP, KARIM, "/help");
    let question = telegram.says(GROUP, RAHIMA, QUESTION);
    telegram.replies(GROUP, KARIM, question, "হ্যাঁ, যায়");
    // An admin who does not show their name is somebody, too.
    let other = telegram.says(GROUP, RAHIMA, WATER);
    telegram.replies(GROUP, ANONYMOUS, other, "সকালে একবার");
    settled(telegram).await;
    assert_eq!(count(telegram), 1, "only the help");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_cooldown_is_no_longer_than_the_answer_stays() {
    let set = [("unasked", "on"), ("person", "0"), ("cooldown", "60"), ("removal", "5")];
    let rig = start(Mode::Polling, &set).await;
    let telegram = &rig.telegram;
    telegram.says(GROUP, RAHIMA, QUESTION);
    answer(telegram, 0).await;
    telegram.says(GROUP, KARIM, QUESTION);
    settled(telegram).await;
    assert_eq!(count(telegram), 1, "it rests");
    // Looked at from five minutes ahead.
    let store = rig.store().await;
    let group = GroupId::new("telegram", &GROUP.to_string());
    let entry = "rooftop".parse().unwrap();
    let cooldown = Cooldown::Entry { group: &group, entry: &entry };
    assert!(store.try_take(&cooldown, 60, now() + 240).await.unwrap().is_none());
    assert!(store.try_take(&cooldown, 60, now() + 301).await.unwrap().is_some());
    store.close().await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_edited_overheard_message_stays_overheard() {
    let rig = start(Mode::Polling, &[("unasked", "on"), ("person", "0")]).await;
    let telegram = &rig.telegram;
    let question = telegram.says(GROUP, RAHIMA, QUESTION);
    let sent = answer(telegram, 0).await;
    // Nobody spoke to the bot: where it is not sure it says nothing, and the answer stands.
    for said in ["কাল কি বৃষ্টি হবে", "ধন্যবাদ", "মোবাইল দিয়ে কী করা যায়?"]
    {
        telegram.edits(GROUP, question, said);
    }
    settled(telegram).await;
    let standing = answer(telegram, 0).await;
    assert_eq!((standing.edits, standing.text), (0, sent.text));
    telegram.edits(GROUP, question, SEEDS);
    let changed =
        telegram.wait("the change", |world| world.sent(GROUP).into_iter().find(|sent| sent.edits == 1));
    assert!(changed.await.text.contains("উপজেলা কৃষি অফিসে"));
    assert_eq!(count(telegram), 1);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn who_adds_to_their_own_question_has_not_answered_it() {
    let rig = start(Mode::Polling, &[("unasked", "on")]).await;
    let telegram = &rig.telegram;
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(600))).chat(GROUP));
    });
    telegram.says(GROUP, KARIM, "/help");
    let question = telegram.says(GROUP, RAHIMA, QUESTION);
    telegram.replies(GROUP, RAHIMA, question, "কেউ জানলে বলবেন");
    assert_eq!(answer(telegram, 1).await.replies_to(), Some(question));
    rig.app.stop().await.unwrap();
}

/// The shortest wait that can be set is a minute, which is what this takes. What a group has set meanwhile holds.
#[tokio::test]
async fn an_unprompted_answer_gives_people_a_minute_to_answer_first() {
    tokio::join!(a_minute_passes(Mode::Polling), a_minute_passes(Mode::Webhook));
}

async fn a_minute_passes(mode: Mode) {
    let rig = start(mode, &[("unasked", "on"), ("wait", "1")]).await;
    let telegram = &rig.telegram;
    let store = rig.store().await;
    let (quiet, _) = quiet_and_loud();
    let others = [(-100_501, "quiet", quiet), (-100_502, "topics", "9"), (-100_503, "unasked", "off")];
    let put = async |chat: i64, name: &str, value: &str| {
        let group = Scope::Group(GroupId::new("telegram", &chat.to_string()));
        store.set(&group, name, Some(value), &Author::terminal(), now()).await.unwrap();
    };
    for (chat, ..) in others {
        group(telegram, chat);
        put(chat, "unasked", "on").await;
        put(chat, "wait", "1").await;
    }
    // The program looks every second for what another has set.
    tokio::time::sleep(Duration::from_secs(3)).await;
    for (chat, ..) in others {
        telegram.says(chat, RAHIMA, QUESTION);
    }
    settled(telegram).await;
    for (chat, name, value) in others {
        put(chat, name, value).await;
    }
    let answered = telegram.says(GROUP, RAHIMA, QUESTION);
    let question = telegram.says(GROUP, KARIM, SEEDS);
    settled(telegram).await;
    telegram.replies(GROUP, KARIM, answered, "হ্যাঁ, যায়");
    settled(telegram).await;
    assert_eq!(count(telegram), 0, "not yet");
    let sent = telegram
        .within(Duration::from_secs(90), |world| world.sent(GROUP).into_iter().next())
        .await
        .expect("an answer after the minute");
    assert_eq!(sent.replies_to(), Some(question), "{}", sent.text);
    for (chat, name, _) in others {
        assert_eq!(telegram.world(|world| world.sent(chat).len()), 0, "{name}");
    }
    store.close().await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn every_topic_opens_with_a_message_that_all_others_seem_to_reply_to() {
    let rig = start(Mode::Polling, &[("unasked", "on")]).await;
    let telegram = &rig.telegram;
    telegram.world(|world| {
        let chat = world.chats.get_mut(&GROUP).unwrap();
        chat.is_forum = true;
        chat.topics.insert(7, true);
    });
    let root =
        json!({ "message_id": 7, "chat": { "id": GROUP, "type": "supergroup" }, "forum_topic_created": {} });
    let asked = telegram.posts(
        GROUP,
        RAHIMA,
        &json!({ "text": QUESTION, "message_thread_id": 7, "is_topic_message": true, "reply_to_message": root }),
    );
    let sent = answer(telegram, 0).await;
    assert_eq!((sent.replies_to(), sent.thread), (Some(asked), Some(7)));
    rig.app.stop().await.unwrap();
}
